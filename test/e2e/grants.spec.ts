import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { demoAccounts } from '../harness/demo-accounts.ts'
import { conversations, goToInbox, listOf, openById, threadLoaded } from '../harness/inbox-person.ts'
import {
  accountRow,
  accountsOf,
  chooseAction,
  connectAccount,
  countsOf,
  everythingSynced,
  goToAccounts,
  signInPage,
} from '../harness/person.ts'
import { until } from '../harness/until.ts'
import type { LoggedRequest } from '../sandbox/requests-log.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { expect, test } from './fixtures.ts'

const { mia, pia, ines } = demoAccounts
const site = mia.wish.site

/** Token requests that a refresh makes, as the vendor saw them. */
async function refreshes(sandbox: Sandbox, host = site): Promise<LoggedRequest[]> {
  const requests = await sandbox.control.requests({ host, method: 'POST', path: '/oauth/tokens' })
  return requests.filter(({ body }) => JSON.parse(body).grant_type === 'refresh_token')
}

/** Presses "Sync now" on the accounts page. */
async function syncNow(window: Page, user: string): Promise<void> {
  await goToAccounts(window)
  await chooseAction(accountRow(window, user, site), 'Sync now')
}

const answered = (sandbox: Sandbox) =>
  until('an answered call', async () =>
    (await sandbox.control.requests({ host: site, path: '/api/' })).find(({ status }) => status === 200),
  )

test('an access token that ran out is renewed once, and a revoked sign-in keeps the inbox readable until it is renewed', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await connectAccount(app, sandbox, mia.wish, mia.brand)
  await everythingSynced(window)
  const before = await countsOf(window)

  await sandbox.control.clearRequests()
  await sandbox.control.expireAccessTokens({ site })
  await syncNow(window, 'Mia Berg')
  await answered(sandbox)
  expect(await refreshes(sandbox)).toHaveLength(1)
  await expect(accountRow(window, 'Mia Berg', site)).toContainText('Up to date')

  // Read while it can be read, so that the thread is kept on this computer.
  await goToInbox(window)
  const [row] = await listOf(window, { limit: 1 })
  if (!row) throw new Error('The inbox is empty')
  await openById(window, row.id, row.subject)
  await threadLoaded(window)

  await sandbox.control.clearRequests()
  await sandbox.control.revoke({ site })
  await window.evaluate(() => globalThis.window.manydesk.accounts.syncNow({}))
  const notice = window.getByRole('status').filter({ hasText: `Zendesk asks you to sign in to ${site} again.` })
  await expect(notice).toContainText('What it brought stays readable.')
  await goToAccounts(window)
  await expect(accountRow(window, 'Mia Berg', site)).toContainText('Conversations and unsent replies are kept.')
  expect(await refreshes(sandbox), 'it was tried once and then left').toHaveLength(1)
  await goToInbox(window)
  expect((await countsOf(window)).total.all).toBe(before.total.all)
  await openById(window, row.id, row.subject)
  await threadLoaded(window)

  await notice.getByRole('button', { name: 'Sign in' }).click()
  const page = await signInPage(app, sandbox, mia.wish)
  await page.getByRole('button', { name: 'Allow' }).click({ noWaitAfter: true })
  await expect(notice).toHaveCount(0)
  await sandbox.control.customerOpens(site, 'Written after the reconnect', 'Are you there again?')
  await syncNow(window, 'Mia Berg')
  await expect(accountRow(window, 'Mia Berg', site)).toContainText('Up to date')
  await goToInbox(window)
  await expect(conversations(window).getByRole('option', { name: /Written after the reconnect/ })).toBeVisible()
})

test('killed at the very moment a rotated token is first used, Manydesk is still signed in at the next start', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  await connectAccount(app, sandbox, mia.wish, mia.brand)
  await everythingSynced(app.window)
  const oldTokens = (await sandbox.control.tokens({ site })).map(({ value }) => value)
  await sandbox.control.clearRequests()
  await sandbox.control.expireAccessTokens({ site })
  await syncNow(app.window, 'Mia Berg')
  await until('the first use of the rotated token', async () => {
    const calls = await sandbox.control.requests({ host: site, path: '/api/' })
    return calls.some(({ headers }) => !oldTokens.some((old) => headers.authorization?.endsWith(old)))
  })
  await app.kill()

  await sandbox.control.clearRequests()
  await sandbox.control.expireAccessTokens({ site })
  const again = await launch()
  await answered(sandbox)
  expect((await refreshes(sandbox)).map(({ status }) => status)).toEqual([200])
  expect(await accountsOf(again.window)).toMatchObject([{ state: 'connected', trouble: null }])
  await again.quit()
})

test('removing an account ends its access at the vendor and leaves nothing of it here; the other one goes on', async ({
  launch,
  sandbox,
  profile,
  host,
}) => {
  const app = await launch()
  const { window } = app
  await connectAccount(app, sandbox, ines.wish, ines.brand, 'Connect another')
  await connectAccount(app, sandbox, pia.wish, pia.brand)
  const accounts = await everythingSynced(window)
  const removed = accounts.find(({ user }) => user.email === ines.wish.email)
  const kept = accounts.find(({ user }) => user.email === pia.wish.email)
  if (!removed || !kept) throw new Error('Both accounts should be connected')
  const vaultEntry = (id: string) => existsSync(join(profile, 'vault', `account-${id}.json`))
  expect([vaultEntry(removed.id), vaultEntry(kept.id)]).toEqual([true, true])
  const before = await countsOf(window)

  await goToAccounts(window)
  const row = accountRow(window, removed.user.name, removed.siteLabel)
  await chooseAction(row, 'Remove')
  const dialog = window.getByRole('alertdialog', { name: `Remove ${removed.siteLabel}?` })
  await expect(dialog).toContainText(`${before.byAccount[removed.id]?.all} cached conversations are deleted`)
  await dialog.getByRole('button', { name: 'Remove account' }).click()
  await expect(window.getByText(`HubSpot confirmed that the access of ${removed.user.name} has ended.`)).toBeVisible()
  await expect(row).toHaveCount(0)

  const revocation = await sandbox.control.requests({
    host: 'api.hubapi.com',
    method: 'POST',
    path: '/oauth/2026-03/token/revoke',
  })
  expect(revocation.map(({ status }) => status)).toContain(204)
  const states = async (user: string) => (await sandbox.control.tokens({ user })).map(({ state }) => state)
  expect(new Set(await states(ines.wish.email))).toEqual(new Set(['revoked']))
  expect(await states(pia.wish.email)).toContain('live')
  expect([vaultEntry(removed.id), vaultEntry(kept.id)]).toEqual([false, true])
  const after = await countsOf(window)
  expect(after.byAccount[removed.id]).toBeUndefined()
  expect(after.total.all).toBe(before.byAccount[kept.id]?.all)
  expect(await listOf(window, { limit: 200, accountId: removed.id })).toEqual([])

  // Her browser session went as well: connecting again asks for the password.
  await connectAccount(app, sandbox, ines.wish, ines.brand)
  await app.quit()
  const jar = (id: string) =>
    readdirSync(join(profile, 'Partitions', `account-${id}`), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('')
  // Chromium's own jars keep freed pages for a while, so only the stand-in's can be read for what is gone.
  if (host.kind === 'standin')
    expect([jar(removed.id).includes('hubspot'), jar(kept.id).includes('zendesk')]).toEqual([false, true])

  const again = await launch()
  expect((await accountsOf(again.window)).map(({ user }) => user.email).sort()).toEqual([
    ines.wish.email,
    pia.wish.email,
  ])
})

test('a paused account rests: nothing is asked of its vendor until it is resumed, and then what came meanwhile arrives', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await connectAccount(app, sandbox, mia.wish, mia.brand)
  await everythingSynced(window)
  await goToAccounts(window)
  const row = accountRow(window, 'Mia Berg', site)
  await chooseAction(row, 'Pause')
  await expect(row).toContainText('Paused')
  await sandbox.control.clearRequests()
  await sandbox.control.customerOpens(site, 'Written during the pause', 'Hello?')
  await row.getByRole('button', { name: 'More actions' }).click()
  await expect(window.getByRole('menuitem', { name: 'Sync now' })).toBeDisabled()
  await window.keyboard.press('Escape')
  await app.quit()

  const again = await launch()
  await goToInbox(again.window)
  await expect(conversations(again.window).getByRole('option').first()).toBeVisible()
  expect(await sandbox.control.requests({ host: site }), 'it rests over a restart too').toEqual([])
  await goToAccounts(again.window)
  await chooseAction(accountRow(again.window, 'Mia Berg', site), 'Resume')
  await expect(accountRow(again.window, 'Mia Berg', site)).toContainText('Up to date')
  await goToInbox(again.window)
  await expect(conversations(again.window).getByRole('option', { name: /Written during the pause/ })).toBeVisible()
})
