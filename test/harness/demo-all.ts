import assert from 'node:assert/strict'
import type { AccountView, ConversationRow } from '../../preload/contract.ts'
import type { ReceivedMessage } from '../sandbox/control-model.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { allAccounts, type DemoAccount } from './demo-accounts.ts'
import { connect, keyOf, picture, pictures, profile, say, seconds } from './demo-stage.ts'
import { type AppDriver, launchApp } from './driver.ts'
import type { Host } from './host.ts'
import * as inbox from './inbox-person.ts'
import { accountsOf, countsOf, everythingSynced } from './person.ts'
import { until } from './until.ts'

interface Line {
  demo: DemoAccount
  accountId: string
  /** What arrived at the vendor. */
  arrived: string[]
}

/** Every vendor at once: connects all accounts, and from each a reply or a note reaches its vendor. @throws where one does not */
export async function demoOfAll(host: Host, sandbox: Sandbox): Promise<void> {
  let driver = await launchApp(host, { profile, network: sandbox })
  try {
    const lines: Line[] = []
    for (const demo of allAccounts) lines.push(await connectOne(driver, sandbox, demo))
    say('reading all conversations')
    const accounts = await everythingSynced(driver.window, 300_000)
    await inbox.goToInbox(driver.window)
    await picture(driver, 'inbox')
    for (const line of lines) await work(driver, sandbox, line, accountOf(accounts, line))
    for (const line of lines) await answerByMail(driver, sandbox, line, lines, accounts)
    await inbox.showAccounts(driver.window)
    await picture(driver, 'accounts')
    const read = await accountsOf(driver.window)
    await table(driver, lines, read)
    const conversations = (await countsOf(driver.window)).total.all
    say('quitting')
    await driver.quit()

    say('starting again with the network cut')
    await sandbox.control.offline('all')
    driver = await launchApp(host, { profile, network: sandbox, offline: true })
    await inbox.goToInbox(driver.window)
    assert.equal((await countsOf(driver.window)).total.all, conversations, 'the same conversations are there')
    await picture(driver, 'offline')
    say('offline: the same inbox')
    await driver.quit()
    finish(lines, read, conversations)
  } catch (error) {
    await picture(driver, 'failure').catch(() => undefined)
    console.error(driver.output())
    await driver.kill()
    throw error
  }
}

/** The account that was not there before is this one, whatever its vendor calls its person and site. */
async function connectOne(driver: AppDriver, sandbox: Sandbox, demo: DemoAccount): Promise<Line> {
  const before = new Set((await accountsOf(driver.window)).map(({ id }) => id))
  await connect(driver, sandbox, demo)
  const fresh = (await accountsOf(driver.window)).filter(({ id }) => !before.has(id))
  assert.equal(fresh.length, 1, `${keyOf(demo)} is one account more`)
  return { demo, accountId: fresh[0]?.id ?? '', arrived: [] }
}

function accountOf(accounts: AccountView[], line: Line): AccountView {
  const account = accounts.find(({ id }) => id === line.accountId)
  if (!account) throw new Error(`${keyOf(line.demo)} is gone`)
  return account
}

/** Answers one conversation of the account; where the vendor sends no replies, adds a note. */
async function work(driver: AppDriver, sandbox: Sandbox, line: Line, account: AccountView): Promise<void> {
  const { window } = driver
  for (const a of await accountsOf(window))
    if (a.trouble) console.log('TROUBLE', a.vendorName, JSON.stringify(a.trouble), JSON.stringify(a.sync))
  const kind = account.commands.includes('reply') ? 'reply' : 'note'
  const row = await workable(driver, account, ({ commands }) => commands.includes(kind))
  await openIn(driver, account, row)
  const text = `Thank you for waiting, we look after it. Our reference is ${kind}-${account.id.slice(0, 8)}.`
  if (kind === 'reply') await inbox.reply(window, text)
  else await inbox.note(window, text)
  await arrival(sandbox, line.demo.wish.site, text)
  await inbox.replyConfirmed(window, text)
  line.arrived.push(kind)
  say(`${line.demo.wish.vendor} at ${account.siteLabel} received our ${kind}, once`)
}

/** Where the vendor sends no replies: answers the customer through the mail account of the same brand. */
async function answerByMail(
  driver: AppDriver,
  sandbox: Sandbox,
  line: Line,
  lines: Line[],
  accounts: AccountView[],
): Promise<void> {
  const account = accountOf(accounts, line)
  if (!account.repliesByMail) return
  const mails = lines.filter((one) => one.demo.brand === line.demo.brand && accountOf(accounts, one).composes)
  if (mails.length === 0) throw new Error(`${line.demo.brand.name} has no mail account`)
  const row = await workable(driver, account, ({ customerEmail }) => customerEmail !== null)
  await openIn(driver, account, row)
  const text = `We answer you by mail. Our reference is mail-${account.id.slice(0, 8)}.`
  await inbox.reply(driver.window, text)
  await picture(driver, 'answered-by-mail')
  const mailbox = await until('the mail at its vendor', async () => {
    for (const { demo } of mails) if ((await withText(sandbox, demo.wish.site, text)).length > 0) return demo.wish.site
    return null
  })
  line.arrived.push(`mail from ${mailbox}`)
  say(`${line.demo.wish.vendor} at ${account.siteLabel}: answered by mail from ${mailbox}`)
}

type Conversation = Awaited<ReturnType<typeof inbox.threadOf>>['conversation']

/** The newest unfinished conversation of the account with which this can be done. */
async function workable(
  driver: AppDriver,
  account: AccountView,
  fits: (conversation: Conversation) => boolean,
): Promise<ConversationRow> {
  const rows = await inbox.listOf(driver.window, { accountId: account.id, statuses: ['new', 'open'], limit: 40 })
  for (const row of rows) if (fits((await inbox.threadOf(driver.window, row.id)).conversation)) return row
  throw new Error(`Nothing to work on at ${account.vendorName} ${account.siteLabel}`)
}

/** Narrows the list to the account and opens the conversation. */
async function openIn(driver: AppDriver, account: AccountView, row: ConversationRow): Promise<void> {
  await inbox.goToInbox(driver.window)
  await inbox.chooseAccount(driver.window, account)
  await inbox.openById(driver.window, row.id, row.subject)
  // A deal may have no messages at all.
  const loaded = driver.window.getByRole('region', { name: 'Messages' }).getByRole('article').first()
  await loaded.or(driver.window.getByText('This conversation has no messages.')).first().waitFor()
}

async function withText(sandbox: Sandbox, site: string, text: string): Promise<ReceivedMessage[]> {
  return (await sandbox.control.received(site)).filter((one) => one.text.replace(/\s+/g, ' ').includes(text))
}

async function arrival(sandbox: Sandbox, site: string, text: string): Promise<void> {
  const found = await until(`"${text}" at ${site}`, async () => {
    const all = await withText(sandbox, site, text)
    return all.length > 0 ? all : null
  })
  assert.equal(found.length, 1, `${site} has it once`)
}

async function table(driver: AppDriver, lines: Line[], accounts: AccountView[]): Promise<void> {
  const counts = await countsOf(driver.window)
  console.table(
    lines.map((line) => {
      const account = accountOf(accounts, line)
      return {
        account: `${account.user.email ?? account.user.name} @ ${account.siteLabel}`,
        brand: line.demo.brand.name,
        vendor: account.vendorName,
        'sign-in': account.way,
        conversations: account.sync.conversations,
        unread: counts.byAccount[account.id]?.unread ?? 0,
        seconds: Number((seconds.get(keyOf(line.demo)) ?? 0).toFixed(1)),
        'at the vendor': line.arrived.join(', '),
      }
    }),
  )
}

function finish(lines: Line[], accounts: AccountView[], conversations: number): void {
  assert.equal(accounts.length, 24)
  for (const line of lines) {
    const { state, trouble, sync } = accountOf(accounts, line)
    assert.equal(state, 'connected', keyOf(line.demo))
    assert.equal(trouble, null, keyOf(line.demo))
    assert.ok(sync.conversations > 0, `${keyOf(line.demo)} has conversations`)
    assert.ok(line.arrived.length > 0, `something reached the vendor of ${keyOf(line.demo)}`)
  }
  console.log(
    JSON.stringify({
      accounts: accounts.length,
      brands: new Set(accounts.map((account) => account.brandId)).size,
      vendors: new Set(accounts.map((account) => account.vendor)).size,
      conversations,
      replied: true,
      offline: true,
      screenshots: pictures,
    }),
  )
}
