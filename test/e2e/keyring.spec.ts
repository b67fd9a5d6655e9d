import { createHash } from 'node:crypto'
import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demoAccounts } from '../harness/demo-accounts.ts'
import { conversations } from '../harness/inbox-person.ts'
import { foundInFiles, needles } from '../harness/leaks.ts'
import {
  accountRow,
  accountsOf,
  connectAccount,
  countsOf,
  everythingSynced,
  goToAccounts,
  signInPage,
} from '../harness/person.ts'
import { until } from '../harness/until.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { expect, test } from './fixtures.ts'

const { mia } = demoAccounts
const site = mia.wish.site
const passphrase = 'four words that nobody guesses'

test.beforeEach(({ host }) => {
  test.skip(host.kind === 'electron', 'the keyring of the operating system cannot be played on real Electron')
})

/** Names and contents of all files of the vault. */
function vaultFiles(profile: string, folder = 'vault'): Record<string, string> {
  const names = readdirSync(join(profile, folder)).sort()
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(profile, folder, name)))
        .digest('hex'),
    ]),
  )
}

/** The organisation's client, which lost keys do not take away. */
function provideClient({ directory }: Sandbox, profile: string): void {
  const client = directory.clients.find((one) => one.clientId === mia.wish.clientId)
  const provided = { vendor: 'zendesk', site, clientId: client?.clientId, clientSecret: client?.clientSecret }
  writeFileSync(join(profile, 'oauth-clients.json'), JSON.stringify({ clients: [provided] }))
}

test('without a protected key store the person is told, works for this session, and no secret is on disk afterwards', async ({
  launch,
  sandbox,
  profile,
}) => {
  const app = await launch({ keyring: 'basic_text' })
  const { window } = app
  await expect(window.getByRole('heading', { name: 'This desktop has no protected key store.' })).toBeVisible()
  await expect(window.getByRole('button', { name: 'Check again' })).toBeVisible()
  expect(existsSync(join(profile, 'vault', 'key.json')), 'no key was wrapped with the published one').toBe(false)
  await window.getByRole('button', { name: 'Use for this session only' }).click()
  await connectAccount(app, sandbox, mia.wish, mia.brand)
  await everythingSynced(window)
  await expect(window.getByRole('status').filter({ hasText: 'For this session only.' })).toBeVisible()
  await expect(conversations(window).getByRole('option').first()).toBeVisible()
  await app.quit()

  const secrets = await needles(sandbox)
  expect(secrets.length).toBeGreaterThan(5)
  // The vendor's own cookies in the account's session are the vendor's; everything else is ours.
  expect(foundInFiles(secrets, profile, ['Partitions'])).toEqual([])
  expect(existsSync(join(profile, 'vault'))).toBe(false)

  const again = await launch({ keyring: 'basic_text' })
  await again.window.getByRole('button', { name: 'Use for this session only' }).click()
  await goToAccounts(again.window)
  await expect(accountRow(again.window, 'Mia Berg', site)).toContainText('Sign in again')
})

test('a keyring that is locked is waited for, one that rotates is followed, and after a lost one the accounts ask for a sign-in', async ({
  launch,
  sandbox,
  profile,
}) => {
  const first = await launch()
  await connectAccount(first, sandbox, mia.wish, mia.brand)
  await everythingSynced(first.window)
  const total = (await countsOf(first.window)).total.all
  await first.quit()
  const sealed = vaultFiles(profile)

  // Locked: nothing is touched; unlocked: everything is there.
  const locked = await launch({ keyring: 'locked' })
  await expect(locked.window.getByRole('heading', { name: 'Your system keyring is locked.' })).toBeVisible()
  await expect(locked.window.getByText('Your sign-ins and conversations on this computer are untouched.')).toBeVisible()
  await locked.window.getByRole('button', { name: 'Try again' }).click()
  await expect(locked.window.getByRole('heading', { name: 'Your system keyring is locked.' })).toBeVisible()
  expect(vaultFiles(profile)).toEqual(sealed)
  await locked.setKeyring('ok')
  await locked.window.getByRole('button', { name: 'Try again' }).click()
  await expect(conversations(locked.window).getByRole('option').first()).toBeVisible()
  expect((await countsOf(locked.window)).total.all).toBe(total)
  expect(await accountsOf(locked.window)).toMatchObject([{ state: 'connected', trouble: null }])
  await locked.quit()

  // Rotated: opens, and is wrapped anew at once.
  const before = vaultFiles(profile)
  const rotated = await launch({ keyring: 'rotated' })
  await expect(conversations(rotated.window).getByRole('option').first()).toBeVisible()
  expect((await countsOf(rotated.window)).total.all).toBe(total)
  await sandbox.control.expireAccessTokens({ site })
  await sandbox.control.clearRequests()
  await rotated.window.evaluate(() => window.manydesk.accounts.syncNow({}))
  await until('a call of the account', async () =>
    (await sandbox.control.requests({ host: site, path: '/api/' })).find(({ status }) => status === 200),
  )
  await rotated.quit()
  const after = vaultFiles(profile)
  expect(after['key.json']).not.toBe(before['key.json'])

  // Lost: the same start again shows no inbox and changes nothing until the person decides.
  provideClient(sandbox, profile)
  const lost = await launch({ keyring: 'lost' })
  await expect(
    lost.window.getByRole('heading', { name: 'Saved sign-ins cannot be read on this computer.' }),
  ).toBeVisible()
  await expect(lost.window.getByText('Nothing was deleted.')).toBeVisible()
  expect(vaultFiles(profile)).toEqual(after)
  await lost.window.getByRole('button', { name: 'Start over' }).click()
  await lost.window.getByRole('alertdialog').getByRole('button', { name: 'Start over' }).click()
  await lost.window.getByText(`Zendesk asks you to sign in to ${site} again.`).waitFor()
  await goToAccounts(lost.window)
  const row = accountRow(lost.window, 'Mia Berg', site)
  await expect(row).toContainText('Sign in again')
  const [aside = ''] = globSync('vault.damaged-*', { cwd: profile })
  expect(vaultFiles(profile, aside), 'the old ciphertext is kept as it was').toEqual(after)
  await row.getByRole('button', { name: 'Reconnect' }).click()
  const page = await signInPage(lost, sandbox, mia.wish)
  await page.getByRole('button', { name: 'Allow' }).click({ noWaitAfter: true })
  await expect(lost.window.getByRole('heading', { name: 'Signed in again' })).toBeVisible()
  await expect.poll(async () => (await countsOf(lost.window)).total.all).toBe(total)
})

test('with a passphrase a lost keyring costs nothing: sign-ins, conversations, the draft and the waiting reply are all there', async ({
  launch,
  sandbox,
}) => {
  const first = await launch()
  await connectAccount(first, sandbox, mia.wish, mia.brand)
  await everythingSynced(first.window)
  const total = (await countsOf(first.window)).total.all
  await first.window.evaluate(async (passphrase) => {
    const answer = await window.manydesk.lock.enable({
      ...{ passphrase, recovery: true, idleMinutes: 10, withSystem: true },
    })
    if (!answer.ok) throw new Error(answer.error.message)
  }, passphrase)
  const [draftOf, answered] = await first.window.evaluate(async () => {
    const page = await window.manydesk.inbox.list({ limit: 2 })
    if (!page.ok) throw new Error(page.error.message)
    return page.value.rows.map(({ id }) => id)
  })
  await first.setOffline(true)
  await first.window.evaluate(
    async ([draft = '', reply = '']) => {
      await window.manydesk.drafts.save({ conversationId: draft, kind: 'reply', bodyText: 'half a thought' })
      const command = {
        kind: 'note',
        bodyText: 'waits for the network',
        bodyHtml: '<p>waits for the network</p>',
      } as const
      await window.manydesk.outbox.send({ conversationId: reply, commands: [command] })
    },
    [draftOf ?? '', answered ?? ''],
  )
  await first.quit()

  const lost = await launch({ keyring: 'lost', offline: true })
  await expect(lost.window.getByRole('heading', { name: 'Manydesk is locked' })).toBeVisible()
  await expect(lost.window.getByText('Your passphrase brings everything back.')).toBeVisible()
  await lost.window.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase)
  await lost.window.getByRole('button', { name: 'Unlock' }).click()
  await expect(conversations(lost.window).getByRole('option').first()).toBeVisible()
  expect((await countsOf(lost.window)).total.all).toBe(total)
  expect(await accountsOf(lost.window)).toMatchObject([{ state: 'connected', trouble: null }])
  const [draft, outbox] = await lost.window.evaluate(
    async (conversationId) => [
      await window.manydesk.drafts.get({ conversationId }),
      await window.manydesk.outbox.list(),
    ],
    draftOf ?? '',
  )
  expect(draft).toMatchObject({ ok: true, value: { bodyText: 'half a thought' } })
  expect(outbox).toMatchObject({ ok: true, value: [{ command: { bodyText: 'waits for the network' } }] })
})
