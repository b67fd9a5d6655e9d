import assert from 'node:assert/strict'
import type { Page } from 'playwright'
import type { AccountView, ConversationRow } from '../../preload/contract.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { type DemoAccount, demoAccounts } from './demo-accounts.ts'
import { connect, keyOf, picture, pictures, profile, say, seconds } from './demo-stage.ts'
import { type AppDriver, launchApp } from './driver.ts'
import type { Host } from './host.ts'
import * as inbox from './inbox-person.ts'
import { countsOf, everythingSynced, nameBrand, signIn, signInPage, startConnecting } from './person.ts'
import { until } from './until.ts'

/** Two handshakes side by side: both sign-in pages are open before either is answered. */
async function connectTogether(
  driver: AppDriver,
  sandbox: Sandbox,
  first: DemoAccount,
  second: DemoAccount,
): Promise<void> {
  const begin = performance.now()
  await startConnecting(driver, sandbox, first.wish)
  const firstPage = await signInPage(driver, sandbox, first.wish)
  await firstPage.getByLabel('Email').waitFor()
  await picture(driver, 'waiting-for-sign-in')
  await picture(driver, 'sign-in-window', firstPage)
  await driver.window.getByRole('button', { name: 'connect another' }).click()
  await startConnecting(driver, sandbox, second.wish)
  const secondPage = await signInPage(driver, sandbox, second.wish)
  await secondPage.getByLabel('Email').waitFor()
  say(`two sign-in windows are open: ${first.wish.email} and ${second.wish.email}`)
  // The later one is answered first.
  await signIn(secondPage, sandbox, second.wish)
  await nameBrand(driver.window, second.brand, 'Connect another')
  await signIn(firstPage, sandbox, first.wish)
  await finishFromAccounts(driver, first)
  for (const account of [first, second]) seconds.set(keyOf(account), (performance.now() - begin) / 1000)
  say('both came back to their own account')
}

/** The sign-in whose page was left: it waits among the accounts for its brand. */
async function finishFromAccounts(driver: AppDriver, account: DemoAccount): Promise<void> {
  const { window } = driver
  await window.keyboard.press('Escape')
  await window.getByRole('button', { name: 'Name the brand' }).first().click()
  await nameBrand(window, account.brand, 'Save')
}

/** The main job: connect, read, answer, quit, and see the same without a network. @throws where any of it does not work */
export async function demoOfSix(host: Host, sandbox: Sandbox): Promise<void> {
  let driver = await launchApp(host, { profile, network: sandbox })
  try {
    await picture(driver, 'welcome')
    const { mia, jonas, pia, tom, ines, haruto } = demoAccounts
    await connectTogether(driver, sandbox, mia, jonas)
    for (const account of [pia, tom, ines, haruto]) await connect(driver, sandbox, account)
    say('reading all conversations')
    const accounts = await everythingSynced(driver.window)
    const conversations = accounts.reduce((sum, account) => sum + account.sync.conversations, 0)
    say(`${conversations} conversations in one list`)
    const subject = await work(driver, sandbox, accounts)
    await table(driver, accounts)
    say('quitting')
    await driver.quit()

    say('starting again with the network cut')
    await sandbox.control.offline('all')
    driver = await launchApp(host, { profile, network: sandbox, offline: true })
    await offline(driver, conversations, subject)
    await driver.quit()
    finish(accounts, conversations)
  } catch (error) {
    await picture(driver, 'failure').catch(() => undefined)
    console.error(driver.output())
    await driver.kill()
    throw error
  }
}

/** Opens a conversation of the unified list, answers it, and checks that the vendor got exactly that, once. */
async function work(driver: AppDriver, sandbox: Sandbox, accounts: AccountView[]): Promise<Opened> {
  const { window } = driver
  await inbox.goToInbox(window)
  await picture(driver, 'inbox')
  const row = await chooseRow(window, accounts)
  await inbox.openById(window, row.id, row.subject)
  await inbox.threadLoaded(window)
  await picture(driver, 'thread')
  const text = `Thank you for your patience. Your replacement left our house today, reference D-${Date.now() % 100_000}.`
  await inbox.reply(window, text)
  say(`replied to "${row.subject}"`)
  const site = accounts.find((one) => one.id === row.accountId)?.siteLabel ?? ''
  const received = await until('the reply at the vendor', async () => {
    const all = await sandbox.control.received(site, row.vendorId)
    return all.some((one) => one.text.includes(text)) ? all : null
  })
  await inbox.replyConfirmed(window, text)
  assert.equal(received.filter((one) => one.text.includes(text)).length, 1, 'the vendor has the reply once')
  assert.equal((await sandbox.control.received(site)).length, 1, 'the vendor has nothing else of ours')
  say('the vendor received exactly that reply, once')
  await picture(driver, 'replied')
  await window.getByRole('button', { name: 'Dark theme' }).click()
  await window.getByRole('button', { name: 'Light theme' }).waitFor()
  await picture(driver, 'dark')
  await window.getByRole('button', { name: 'Light theme' }).click()
  await inbox.showAccounts(window)
  await picture(driver, 'accounts')
  return { ...row, text }
}

interface Opened extends ConversationRow {
  text: string
}

/** The newest conversation of the unified list that waits for an answer at a Zendesk account. */
async function chooseRow(window: Page, accounts: AccountView[]): Promise<ConversationRow> {
  const rows = await inbox.listOf(window, { statuses: ['new', 'open'], limit: 50 })
  const zendesk = accounts.filter((one) => one.vendorName === 'Zendesk').map((one) => one.id)
  const row = rows.find((one) => zendesk.includes(one.accountId))
  if (!row) throw new Error('No open Zendesk conversation among the newest fifty')
  return row
}

async function offline(driver: AppDriver, conversations: number, opened: Opened): Promise<void> {
  const { window } = driver
  await inbox.goToInbox(window)
  const counts = await countsOf(window)
  assert.equal(counts.total.all, conversations, 'the same conversations are there')
  await inbox.openById(window, opened.id, opened.subject)
  await inbox.replyConfirmed(window, opened.text)
  await picture(driver, 'offline')
  say('offline: the same inbox and the same thread, reply included')
}

async function table(driver: AppDriver, accounts: AccountView[]): Promise<void> {
  const counts = await countsOf(driver.window)
  const demos = Object.values(demoAccounts) as DemoAccount[]
  console.table(
    accounts.map((account) => {
      const demo = demos.find((one) => one.wish.email === account.user.email)
      return {
        account: `${account.user.email} @ ${account.siteLabel}`,
        brand: demo?.brand.name,
        vendor: account.vendorName,
        'sign-in': account.way,
        conversations: account.sync.conversations,
        unread: counts.byAccount[account.id]?.unread ?? 0,
        seconds: demo ? Number((seconds.get(keyOf(demo)) ?? 0).toFixed(1)) : null,
      }
    }),
  )
}

function finish(accounts: AccountView[], conversations: number): void {
  const brands = new Set(accounts.map((account) => account.brandId)).size
  const vendors = new Set(accounts.map((account) => account.vendor)).size
  assert.equal(accounts.length, 6)
  assert.equal(brands, 4)
  assert.equal(vendors, 3)
  assert.ok(conversations >= 2000, `${conversations} conversations are too few`)
  assert.equal(accounts.filter((account) => account.way === 'auth-window').length, 5)
  console.log(
    JSON.stringify({
      accounts: accounts.length,
      brands,
      vendors,
      conversations,
      replied: true,
      offline: true,
      screenshots: pictures,
    }),
  )
}
