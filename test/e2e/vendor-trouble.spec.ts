import type { Page } from 'playwright'
import { demoAccounts } from '../harness/demo-accounts.ts'
import * as inbox from '../harness/inbox-person.ts'
import { accountRow, accountsOf, chooseAction, goToAccounts, signIn, signInPage } from '../harness/person.ts'
import type { Fault } from '../sandbox/faults.ts'
import { expect, test } from './fixtures.ts'

const { mia, pia } = demoAccounts
const sick = { host: 'acme.zendesk.com', path: '/api/v2/tickets' }

test.use({ perShare: 5 })

/** `sync.phase` and the trouble's code of one account. */
async function stateOf(window: Page, id: string): Promise<string> {
  const account = (await accountsOf(window)).find((one) => one.id === id)
  return `${account?.state} ${account?.sync.phase} ${account?.trouble?.code ?? 'fine'}`
}

const troubles: { name: string; fault: Fault; words: string; code: string }[] = [
  { name: 'JSON that breaks off', fault: { kind: 'malformed' }, words: 'cannot read', code: 'vendor_bad_answer' },
  { name: 'a page of HTML', fault: { kind: 'html', status: 200 }, words: 'cannot read', code: 'vendor_bad_answer' },
  { name: 'an empty answer', fault: { kind: 'empty' }, words: 'cannot read', code: 'vendor_bad_answer' },
  { name: 'a body of 10 MB', fault: { kind: 'huge' }, words: 'cannot read', code: 'vendor_bad_answer' },
  {
    name: 'a storm of 500',
    fault: { kind: 'status', status: 500 },
    words: 'has trouble at the moment',
    code: 'vendor_failed',
  },
  { name: 'a line that is cut', fault: { kind: 'reset' }, words: 'cannot be reached', code: 'vendor_unreachable' },
]

test('trouble of one account is told in its row, leaves the other account alone, and heals', async ({
  launch,
  sandbox,
}) => {
  test.setTimeout(180_000)
  const app = await launch()
  const { window } = app
  const [acme, nova] = await inbox.startWork(app, sandbox, [mia, pia])
  if (!acme || !nova) throw new Error('no accounts')
  await goToAccounts(window)
  const row = accountRow(window, 'Mia Berg', acme.siteLabel)
  const healthy = accountRow(window, 'Pia Lund', nova.siteLabel)
  for (const { name, fault, words, code } of troubles) {
    await test.step(name, async () => {
      await sandbox.control.fail({ ...fault, times: 1000, target: sick })
      await inbox.syncNow(window, acme.id)
      await expect(row, name).toContainText(words, { timeout: 30_000 })
      await expect(row).toContainText('Not updating')
      // It tries again by itself now and then, and is updating for that moment.
      await expect.poll(() => stateOf(window, acme.id)).toBe(`connected failing ${code}`)
      await inbox.customerAsks(window, sandbox, nova, `While the other has ${name}`)
      await expect(healthy).toContainText('Up to date')
      await sandbox.control.clearFaults()
      await chooseAction(row, 'Sync now')
      await expect(row).toContainText('Up to date', { timeout: 30_000 })
      await expect(row).not.toContainText(words)
    })
  }

  await test.step('a vendor that does not answer', async () => {
    await sandbox.control.fail({ kind: 'delay', ms: 25_000, times: 1000, target: sick })
    await inbox.syncNow(window, acme.id)
    await expect(row).toContainText('Updating')
    await inbox.customerAsks(window, sandbox, nova, 'While the other hangs')
    await expect(row).toContainText('Updating')
    await sandbox.control.clearFaults()
    await expect(row).toContainText('Up to date', { timeout: 40_000 })
  })
  expect(await stateOf(window, acme.id)).toBe('connected idle fine')
})

test('conversations with unknown values and missing fields are shown as far as they can be read', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  const [acme] = await inbox.startWork(app, sandbox, [mia])
  if (!acme) throw new Error('no account')
  // The fault below takes the first call under its path, and a thread that is still read ahead would be one.
  await inbox.readAhead(window)
  const now = new Date().toISOString()
  const tickets = [
    {
      id: 9001,
      subject: 'From the future',
      status: 'hibernating',
      priority: 'galactic',
      created_at: now,
      updated_at: now,
    },
    { id: 9002, status: 'open', created_at: now, updated_at: now, via: 7, tags: null, requester_id: null },
    { id: 9003, subject: 'No status and no time' },
    'not even an object',
  ]
  const body = JSON.stringify({ tickets, users: 'none', meta: { has_more: false } })
  await sandbox.control.fail({ kind: 'status', status: 200, body, target: sick })
  await inbox.syncNow(window, acme.id)
  const strange = window.getByRole('option', { name: /From the future/ })
  await expect(strange).toBeVisible()
  await expect(window.getByRole('option', { name: /Unknown customer.*No subject/ })).toBeVisible()
  await sandbox.control.fail({ kind: 'malformed', target: { host: sick.host, path: '/api/v2/tickets/9001' } })
  await strange.click()
  const details = window.getByRole('complementary', { name: 'Details' })
  await expect(details).toContainText('hibernating')
  await expect(details).toContainText('galactic')
  await expect(window.getByRole('region', { name: 'Messages' })).toContainText(
    /cannot read|does not have this any more/,
  )

  await goToAccounts(window)
  const row = accountRow(window, 'Mia Berg', acme.siteLabel)
  await row.getByRole('button', { name: /^acme\.zendesk\.com/ }).click()
  await expect(row).toContainText('2 could not be read and are kept for a look.')
  await expect(row).toContainText('Up to date')
})

test('a revoked sign-in is told, what it brought stays readable, and signing in again heals it', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  const [acme, nova] = await inbox.startWork(app, sandbox, [mia, pia])
  if (!acme || !nova) throw new Error('no accounts')
  const question = await inbox.customerAsks(window, sandbox, acme, 'Two left boots')
  await inbox.find(window, question.id, question.subject)
  await sandbox.control.revoke({ site: 'acme.zendesk.com' })
  await inbox.syncNow(window, acme.id)
  const bar = window.getByRole('status').filter({ hasText: 'Zendesk asks you to sign in to acme.zendesk.com again.' })
  await expect(bar).toContainText('Not current since')
  await expect(window.getByRole('button', { name: '1 account needs attention' })).toBeVisible()
  await expect(window.getByRole('heading', { name: 'Two left boots' })).toBeVisible()
  await inbox.customerAsks(window, sandbox, nova, 'The other goes on')
  await window.getByRole('region', { name: 'Messages' }).focus()
  await inbox.reply(window, 'The right one is on its way.')
  await expect(window.getByText('Goes out after you sign in to Zendesk again')).toBeVisible()
  await expect(window.getByRole('button', { name: 'Outbox: 1 unsent' })).toBeVisible()
  expect(await inbox.receivedOf(sandbox, question)).toEqual([])

  await goToAccounts(window)
  await expect(accountRow(window, 'Mia Berg', acme.siteLabel)).toContainText('Sign in again')
  await accountRow(window, 'Mia Berg', acme.siteLabel).getByRole('button', { name: 'Reconnect' }).click()
  const page = await signInPage(app, sandbox, mia.wish)
  const known = page.getByText('Signed in as')
  await known.or(page.getByLabel('Email')).first().waitFor()
  if (await known.isVisible()) await page.getByRole('button', { name: 'Allow' }).click({ noWaitAfter: true })
  else await signIn(page, sandbox, mia.wish)
  await expect(window.getByRole('heading', { name: 'Signed in again' })).toBeVisible()
  await expect.poll(() => inbox.receivedOf(sandbox, question)).toEqual(['reply: The right one is on its way.'])
  await inbox.goToInbox(window)
  await expect(bar).toHaveCount(0)
})
