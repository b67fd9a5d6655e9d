import type { Page } from 'playwright'
import { demoAccounts } from '../harness/demo-accounts.ts'
import { conversations, goToInbox, listOf, openById } from '../harness/inbox-person.ts'
import { connectAccount, everythingSynced, goToAccounts, signInPage } from '../harness/person.ts'
import { expect, test } from './fixtures.ts'

const { mia } = demoAccounts
const site = mia.wish.site

/** What is told of each account whose conversations are not current; null of one that is. */
async function notCurrentOf(window: Page) {
  const answer = await window.evaluate(() => globalThis.window.manydesk.health.list())
  return answer.ok ? answer.value.map(({ notCurrent }) => notCurrent) : answer.error
}

test('an account that lost its sign-in stands first on the health page, its conversations are marked, and reconnecting in place heals it', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await connectAccount(app, sandbox, mia.wish, mia.brand)
  await everythingSynced(window)
  await goToAccounts(window)
  await window.getByRole('tab', { name: /^Health/ }).click()
  const row = window.getByRole('row', { name: new RegExp(`Mia Berg at ${site}|${site}`) })
  await expect(row).toContainText('Up to date')
  await expect(row.getByRole('img', { name: /calls? in 24 hours/ })).toBeVisible()
  await expect(row).toContainText(/Lasts \d+ days unused|Breaks in \d+ days/)

  await sandbox.control.revoke({ site })
  await window.evaluate(() => globalThis.window.manydesk.accounts.syncNow({}))
  await expect(row).toContainText('Signed out')
  await window.getByRole('radio', { name: /^Need attention/ }).click({ force: true })
  await expect(row).toBeVisible()

  await goToInbox(window)
  const notice = window.getByRole('status', { name: 'Not current' })
  await expect(notice).toContainText(`${site} is not current since`)
  await expect(notice).toContainText('signed out')
  const [first] = await listOf(window, { limit: 1 })
  if (!first) throw new Error('The inbox is empty')
  await openById(window, first.id, first.subject)
  await expect(window.getByRole('main', { name: 'Conversation' })).toContainText('Not current since')
  await expect(window.getByRole('option', { name: /signed out|asks you to sign in again/ }).first()).toBeVisible()

  await notice.getByRole('button').click()
  await row.getByRole('button', { name: /^Reconnect/ }).click()
  const page = await signInPage(app, sandbox, mia.wish)
  await page.getByRole('button', { name: 'Allow' }).click({ noWaitAfter: true })
  await sandbox.control.customerOpens(site, 'Written after the reconnect', 'Are you there again?')
  await expect.poll(() => notCurrentOf(window)).toEqual([null])
  await goToInbox(window)
  await expect(notice).toBeEmpty()
  await window.evaluate(() => globalThis.window.manydesk.accounts.syncNow({}))
  await expect(conversations(window).getByRole('option', { name: /Written after the reconnect/ })).toBeVisible()
})
