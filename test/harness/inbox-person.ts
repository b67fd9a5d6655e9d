import { expect, type Locator, type Page } from '@playwright/test'
import type { AccountView, ConversationRow, ListQuery, ThreadView } from '../../preload/contract.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { type DemoAccount, demoAccounts } from './demo-accounts.ts'
import type { AppDriver } from './driver.ts'
import { connectAccount, everythingSynced } from './person.ts'
import { until } from './until.ts'

/** Shows the inbox, from whichever screen. */
export async function goToInbox(window: Page): Promise<void> {
  const list = conversations(window)
  const back = window.getByRole('button', { name: /^(Go to inbox|Inbox|Back to inbox|Close)$/ })
  await list.or(back).first().waitFor()
  while (!(await list.isVisible())) {
    await back.first().click()
    await list.or(back).first().waitFor()
  }
}

export function conversations(window: Page): Locator {
  return window.getByRole('listbox', { name: 'Conversations' })
}

/** The list as it is stored, without drawing it. */
export function listOf(page: Page, query: ListQuery): Promise<ConversationRow[]> {
  return page.evaluate(async (wanted) => {
    const answer = await window.manydesk.inbox.list(wanted)
    if (!answer.ok) throw new Error(answer.error.message)
    return answer.value.rows
  }, query)
}

/** The row of one conversation, if it is drawn. */
export function rowOf(window: Page, id: string): Locator {
  return window.locator(`[id="conversation-${id}"]`)
}

/** Clicks a row, rolling the list down to it first. */
export async function openById(window: Page, id: string, subject: string): Promise<void> {
  const row = rowOf(window, id)
  await conversations(window).getByRole('option').first().waitFor()
  await conversations(window).hover()
  for (let turn = 0; turn < 40 && !(await row.isVisible()); turn += 1) {
    await window.mouse.wheel(0, 400)
    await window.waitForFunction(() => new Promise((resolve) => requestAnimationFrame(() => resolve(true))))
  }
  await row.click()
  await expect(window.getByRole('heading', { name: subject })).toBeVisible()
}

/** Waits until the messages of the open conversation have been read from the vendor or the store. */
export async function threadLoaded(window: Page): Promise<void> {
  await window.getByRole('region', { name: 'Messages' }).getByRole('article').first().waitFor()
}

/** R, text, and the Send button. */
export async function reply(window: Page, text: string): Promise<void> {
  await window.keyboard.press('r')
  await window.getByRole('textbox', { name: 'Reply' }).fill(text)
  await window.getByRole('button', { name: 'Send', exact: true }).click()
}

/** N, text, and the button. */
export async function note(window: Page, text: string): Promise<void> {
  await window.keyboard.press('n')
  await window.getByRole('textbox', { name: 'Note' }).fill(text)
  await window.getByRole('button', { name: 'Add note' }).click()
}

/** Our text stands in the thread once (as the vendor tells it, in a frame, when it is HTML) and waits for nothing any more. */
export async function replyConfirmed(window: Page, text: string): Promise<void> {
  const waiting = window.getByText(/^(Waiting to be sent|Sending|Checking whether it arrived)$/)
  await expect(waiting).toHaveCount(0)
  await expect.poll(() => messagesWith(window, text)).toBe(1)
}

/** How many messages of the open thread say `text`. */
export async function messagesWith(window: Page, text: string): Promise<number> {
  const messages = await window.getByRole('article').all()
  const said = await Promise.all(
    messages.map(async (message) => {
      const frame = message.locator('iframe')
      const framed = (await frame.count()) > 0 ? await frame.contentFrame().locator('body').textContent() : ''
      return `${await message.textContent()} ${framed}`.replace(/\s+/g, ' ')
    }),
  )
  return said.filter((words) => words.includes(text)).length
}

export async function showAccounts(window: Page): Promise<void> {
  await window.getByRole('button', { name: 'Accounts', exact: true }).click()
  await window.getByRole('heading', { name: 'Accounts' }).first().waitFor()
}

/** Connects these accounts, waits until they are current, and shows the inbox. Answers them in the same order. */
export async function startWork(app: AppDriver, sandbox: Sandbox, demos: DemoAccount[]): Promise<AccountView[]> {
  for (const { wish, brand } of demos) await connectAccount(app, sandbox, wish, brand)
  const accounts = await everythingSynced(app.window)
  await goToInbox(app.window)
  return demos.map(({ wish }) => {
    const account = accounts.find((one) => one.user.email === wish.email && siteOf(one) === wish.site)
    if (!account) throw new Error(`${wish.email} is not connected`)
    return account
  })
}

/** The sandbox's name for an account's site. HubSpot's label is the portal's domain, which all demo portals share. */
function siteOf(account: AccountView): string {
  const demo = Object.values(demoAccounts).find(({ wish }) => wish.email === account.user.email)
  return account.vendorName === 'HubSpot' ? (demo?.wish.site ?? '') : account.siteLabel
}

/** Asks for what is new now, instead of at the next poll. */
export async function syncNow(page: Page, accountId: string): Promise<void> {
  await page.evaluate((id) => window.manydesk.accounts.syncNow({ accountId: id }), accountId)
}

export function threadOf(page: Page, conversationId: string): Promise<ThreadView> {
  return page.evaluate(async (id) => {
    const answer = await window.manydesk.inbox.thread({ conversationId: id })
    if (!answer.ok) throw new Error(answer.error.message)
    if (answer.value === null) throw new Error(`There is no conversation ${id}`)
    return answer.value
  }, conversationId)
}

/** Clears what narrows the list, looks for a subject, and opens the conversation. */
export async function find(window: Page, id: string, words: string): Promise<void> {
  await window.getByRole('searchbox', { name: 'Search conversations' }).fill(words)
  await rowOf(window, id).click()
  await threadLoaded(window)
  await window.getByRole('button', { name: 'Clear search' }).click()
}

/** Chooses an entry of one of the menus over the list. */
export async function chooseFilter(window: Page, filter: string, entry: string): Promise<void> {
  const bar = window.getByRole('search')
  await bar.getByRole('button', { name: new RegExp(`^(Filter by ${filter}$|${filter}: )`, 'i') }).click()
  await window.getByRole('menuitem', { name: entry }).click()
}

/** Narrows the list to one account. Several people of one site are told apart by the name below it. */
export async function chooseAccount(window: Page, { vendorName, siteLabel, user }: AccountView): Promise<void> {
  await window
    .getByRole('search')
    .getByRole('button', { name: /^(Filter by account$|account: )/i })
    .click()
  const entries = window.getByRole('menuitem', { name: `${vendorName} ${siteLabel}` })
  await entries.filter({ hasText: user.name }).click()
}

/** Chooses a value of one of the selects in the details. */
export async function chooseProperty(window: Page, property: string, value: string): Promise<void> {
  await window.getByRole('complementary', { name: 'Details' }).getByRole('button', { name: property }).click()
  await window.getByRole('option', { name: value, exact: true }).click()
}

/** Everything decided so far is confirmed by its vendor. */
export async function allSent(window: Page): Promise<void> {
  await expect(window.getByRole('button', { name: 'Outbox: All sent' })).toBeVisible({ timeout: 30_000 })
}

/** A conversation as both sides know it: the row here, and its id in the sandbox. */
export interface Question extends ConversationRow {
  site: string
  siteId: string
}

/** A customer begins a conversation at the account's vendor, and it has arrived here. */
export async function customerAsks(
  window: Page,
  sandbox: Sandbox,
  account: AccountView,
  subject: string,
  text = 'Hello, can you help me? Best regards',
): Promise<Question> {
  const site = siteOf(account)
  const siteId = await sandbox.control.customerOpens(site, subject, text)
  await syncNow(window, account.id)
  const row = await until(`"${subject}" to arrive`, async () => {
    const rows = await listOf(window, { accountId: account.id, limit: 20 })
    return rows.find((one) => one.subject === subject)
  })
  return { ...row, site, siteId }
}

/** What our person wrote at the vendor, oldest first. */
export async function receivedOf(sandbox: Sandbox, question: Question): Promise<string[]> {
  const received = await sandbox.control.received(question.site, question.siteId)
  return received.map(({ kind, text }) => `${kind}: ${text.replace(/\s+/g, ' ').trim()}`)
}

/** Waits until the newest sixty unfinished conversations have been read to their last message, so that nothing changes any more by itself. */
export async function readAhead(window: Page): Promise<void> {
  await until(
    'the newest threads to be read ahead',
    async () => {
      const rows = await listOf(window, { statuses: ['new', 'open', 'pending', 'on_hold'], limit: 60 })
      const threads = await Promise.all(rows.map(({ id }) => threadOf(window, id)))
      return threads.every(({ loadedAt }) => loadedAt !== null)
    },
    60_000,
  )
}
