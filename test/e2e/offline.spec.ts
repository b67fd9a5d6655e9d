import type { Page } from 'playwright'
import { demoAccounts } from '../harness/demo-accounts.ts'
import * as inbox from '../harness/inbox-person.ts'
import { accountRow, countsOf, goToAccounts } from '../harness/person.ts'
import { expect, test } from './fixtures.ts'

const { mia, pia } = demoAccounts

test.use({ perShare: 5 })

/** What the person can see and find, as the local store tells it; `revision` counts changes and is left out. */
async function everything(window: Page, openId: string) {
  const { revision: _, ...counts } = await countsOf(window)
  const { messages, conversation } = await inbox.threadOf(window, openId)
  return {
    counts,
    rows: await inbox.listOf(window, { limit: 200 }),
    found: await inbox.listOf(window, { text: 'stove', limit: 50 }),
    conversation,
    messages: messages.map(({ id, kind, bodyText, authorName }) => ({ id, kind, bodyText, authorName })),
  }
}

test('started without a network, the workstation shows the same inbox, threads, counts and search, and says so', async ({
  launch,
  sandbox,
}) => {
  const first = await launch()
  const [acme] = await inbox.startWork(first, sandbox, [mia, pia])
  if (!acme) throw new Error('no account')
  const question = await inbox.customerAsks(first.window, sandbox, acme, 'Stove leaks', 'The stove I bought leaks gas.')
  await inbox.find(first.window, question.id, question.subject)
  await inbox.reply(first.window, 'Please stop using the stove.')
  await expect.poll(() => inbox.receivedOf(sandbox, question)).toEqual(['reply: Please stop using the stove.'])
  await inbox.replyConfirmed(first.window, 'Please stop using the stove.')
  await inbox.allSent(first.window)
  await expect.poll(async () => (await inbox.threadOf(first.window, question.id)).messages.length).toBe(2)
  // What is read ahead in the background is part of what must be there again.
  await inbox.readAhead(first.window)
  const before = await everything(first.window, question.id)
  await first.quit()

  await sandbox.control.offline('all')
  const app = await launch({ offline: true })
  const { window } = app
  expect(await everything(window, question.id)).toEqual(before)
  await expect(window.getByText('You are offline.')).toBeVisible()
  await expect(window.getByRole('contentinfo').getByText('Offline', { exact: true })).toBeVisible()
  await expect(
    window.getByRole('button', { name: /^acme\b.*Zendesk acme\.zendesk\.com.* waits for the network$/ }),
  ).toBeVisible()

  await inbox.find(window, question.id, 'stove leaks gas')
  await expect.poll(() => inbox.messagesWith(window, 'The stove I bought leaks gas.')).toBe(1)
  await expect.poll(() => inbox.messagesWith(window, 'Please stop using the stove.')).toBe(1)
  const unread = window.getByRole('listbox', { name: 'All brands' }).getByRole('option')
  await expect(unread).toHaveAccessibleName(
    before.counts.total.unread === 0 ? 'All brands' : `All brands, ${before.counts.total.unread} unread`,
  )
  // Reading, marking and taking notes of what to do work as ever.
  await window.keyboard.press('i')
  const details = window.getByRole('complementary', { name: 'Details' })
  await expect(details.getByRole('button', { name: 'Assignee' })).toContainText('Mia Berg')
  await expect(window.getByRole('button', { name: 'Outbox: 1 unsent' })).toBeVisible()

  await goToAccounts(window)
  const row = accountRow(window, 'Mia Berg', acme.siteLabel)
  await expect(row).toContainText('Offline')
  await expect(row).toContainText(/ago|Today|just now/)
  await window.getByRole('button', { name: 'Back to inbox' }).click()

  // The network returns while the app runs: it catches up by itself.
  await sandbox.control.online('all')
  await sandbox.control.customerWrites(question.site, question.siteId, 'It stopped leaking.')
  await app.setOffline(false)
  await expect(window.getByText('You are offline.')).toHaveCount(0)
  await inbox.allSent(window)
  await expect
    .poll(async () => (await sandbox.control.conversation(question.site, question.siteId)).assignee)
    .toBe('mia.berg@acme.example')
  await expect
    .poll(async () =>
      (await inbox.threadOf(window, question.id)).messages.some(({ bodyText }) => bodyText.includes('stopped leaking')),
    )
    .toBe(true)
})
