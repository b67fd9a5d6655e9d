import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright'
import { signatureOf } from '../../main/policy/verify.ts'
import { demoAccounts } from '../harness/demo-accounts.ts'
import * as inbox from '../harness/inbox-person.ts'
import {
  accountRow,
  accountsOf,
  chooseSite,
  connectAccount,
  everythingSynced,
  goToAccounts,
  nameBrand,
  pressConnect,
  signIn,
  signInPage,
} from '../harness/person.ts'
import { until } from '../harness/until.ts'
import { expect, test } from './fixtures.ts'

const { mia } = demoAccounts
const reason = 'Only the helpdesks of our contract.'

const putPolicy = (folder: string, policy: unknown) =>
  writeFileSync(join(folder, 'policy.json'), typeof policy === 'string' ? policy : JSON.stringify(policy, null, 2))

const brokenScreen = (window: Page) =>
  window.getByRole('heading', { name: 'This workstation is managed, and its policy cannot be read' })

/** Code of the answer to a call that the window makes by itself. */
const codeOf = (page: Page, noun: 'accounts' | 'vendors' | 'brands') =>
  page.evaluate(async (name) => {
    const answer = await window.manydesk[name].list()
    return answer.ok ? 'ok' : answer.error.code
  }, noun)

/** All that main tells the window about vendors, policy and accounts, as text. */
const toldTo = (page: Page) =>
  page.evaluate(async () =>
    JSON.stringify([
      await window.manydesk.vendors.list(),
      await window.manydesk.policy.state(),
      await window.manydesk.accounts.list(),
    ]),
  )

/** Codes of removing and of reconnecting an account, asked past the menus. */
const refusalsOf = (page: Page, id: string) =>
  page.evaluate(async (accountId) => {
    const answers = [
      await window.manydesk.accounts.remove({ accountId }),
      await window.manydesk.accounts.reconnect({ accountId }),
    ]
    return answers.map((answer) => (answer.ok ? 'ok' : answer.error.code))
  }, id)

test('a helpdesk that is not allowed cannot be chosen, says why, and the rules can be read', async ({
  launch,
  profile,
}) => {
  putPolicy(profile, { contact: 'it@acme.example', vendors: { allowed: ['zendesk'], reason } })
  const { window } = await launch()
  await window.getByRole('button', { name: 'Connect your first account' }).click()
  const gmail = window.getByRole('option', { name: 'Gmail' })
  await expect(gmail).toHaveAttribute('aria-disabled', 'true')
  await expect(gmail).toContainText('Managed by your organisation.')
  await expect(gmail).toContainText(reason)
  await expect(window.getByRole('option', { name: 'Zendesk' })).not.toHaveAttribute('aria-disabled', 'true')

  await window.getByRole('button', { name: 'Show the rules' }).click()
  const rules = window.getByRole('dialog', { name: 'Managed by your organisation' })
  await expect(rules).toContainText('Helpdesks that can be connected: Zendesk.')
  await expect(rules).toContainText('it@acme.example')
})

test('with the client of the organisation there is nothing to type, and its secret is nowhere in the window', async ({
  launch,
  sandbox,
  profile,
}) => {
  const client = sandbox.directory.clients.find((one) => one.clientId === mia.wish.clientId)
  if (!client?.clientSecret) throw new Error('the sandbox has a client with a secret')
  const { clientId, clientSecret } = client
  putPolicy(profile, {
    clients: [{ vendor: 'zendesk', site: mia.wish.site, clientId, clientSecret }],
    sites: [{ vendor: 'zendesk', allowed: [mia.wish.site], reason }],
  })
  const app = await launch()
  const { window } = app
  await chooseSite(window, { ...mia.wish, fields: { 'Zendesk address': 'evil.zendesk.com' } })
  await window.keyboard.press('Tab')
  await expect(window.getByText(reason)).toBeVisible()
  await window.getByLabel('Zendesk address', { exact: true }).fill(mia.wish.site)
  await window.keyboard.press('Tab')
  await expect(window.getByText('OAuth client provided by your organisation')).toBeVisible()
  await expect(window.getByLabel('Client ID', { exact: true })).toBeHidden()
  await expect(window.getByRole('button', { name: 'Use another client' })).toBeHidden()
  await pressConnect(window, mia.wish)
  await signIn(await signInPage(app, sandbox, mia.wish), sandbox, mia.wish)
  await nameBrand(window, mia.brand, 'Go to inbox')
  const [account] = await everythingSynced(window)
  expect(account).toMatchObject({ state: 'connected', siteLabel: mia.wish.site })
  expect(await toldTo(window)).not.toContain(clientSecret)
  expect(await window.content()).not.toContain(clientSecret)
})

test('a policy that comes while the app runs locks an account: its menu says why, and main refuses', async ({
  launch,
  sandbox,
  profile,
}) => {
  const app = await launch()
  const { window } = app
  await connectAccount(app, sandbox, mia.wish, mia.brand)
  const [account] = await everythingSynced(window)
  await goToAccounts(window)
  await expect(window.getByText('This workstation is managed by your organisation.')).toBeHidden()
  putPolicy(profile, {
    lockedAccounts: [{ vendor: 'zendesk', site: mia.wish.site, reason: 'The whole team works with it.' }],
    export: { allowed: false },
  })
  await expect(window.getByText('This workstation is managed by your organisation.')).toBeVisible()
  const row = accountRow(window, account?.user.name ?? '', mia.wish.site)
  await row.getByRole('button', { name: 'More actions' }).click()
  const remove = window.getByRole('menuitem', { name: /^Remove/ })
  await expect(remove).toContainText('Managed by your organisation.')
  await expect(remove).toContainText('The whole team works with it.')
  await remove.press('Enter')
  await expect(window.getByRole('dialog', { name: 'Managed by your organisation' })).toBeVisible()
  expect(await refusalsOf(window, account?.id ?? '')).toEqual(['policy_forbids', 'policy_forbids'])
  expect(await accountsOf(window)).toHaveLength(1)
})

test('a policy that goes bad stops everything with file, line and field; corrected, the work goes on', async ({
  launch,
  sandbox,
  profile,
}) => {
  const app = await launch()
  const { window } = app
  await inbox.startWork(app, sandbox, [mia])
  putPolicy(profile, '{\n  "vendors": { "allowed": ["zendesk"] },\n  "vendorz": 1\n}')
  await expect(brokenScreen(window)).toBeVisible()
  await expect(window.getByRole('alert')).toContainText('policy.json, line 3, column 3: vendorz')
  await expect(window.getByRole('alert')).toContainText('"vendorz" is not known here.')
  await expect(window.getByRole('listbox')).toBeHidden()
  const found = await new AxeBuilder({ page: window }).setLegacyMode().exclude('[data-live-announcer]').analyze()
  expect(found.violations.map(({ id }) => id)).toEqual([])
  expect([await codeOf(window, 'accounts'), await codeOf(window, 'vendors'), await codeOf(window, 'brands')]).toEqual([
    'policy_broken',
    'policy_broken',
    'policy_broken',
  ])
  await sandbox.control.clearRequests()
  await window.getByRole('button', { name: 'Try again' }).click()
  await expect(brokenScreen(window)).toBeVisible()
  // The browser has requests of its own.
  expect(await sandbox.control.requests({ host: 'acme.zendesk.com' })).toEqual([])

  putPolicy(profile, { vendors: { allowed: ['zendesk'] } })
  await window.getByRole('button', { name: 'Try again' }).click()
  await expect(brokenScreen(window)).toBeHidden()
  const [account] = await until('the account to be read again', async () => {
    const accounts = await accountsOf(window)
    return accounts[0]?.sync.phase === 'idle' ? accounts : null
  })
  expect(account).toMatchObject({ state: 'connected', trouble: null })
})

test('a policy that is bad at the start opens nothing until it is corrected', async ({ launch, profile }) => {
  putPolicy(profile, '{ "apiKeys": ')
  const { window } = await launch()
  await expect(brokenScreen(window)).toBeVisible()
  expect(await codeOf(window, 'vendors')).toBe('policy_broken')
  putPolicy(profile, '{ "apiKeys": false }')
  await window.getByRole('button', { name: 'Try again' }).click()
  await expect(window.getByRole('button', { name: 'Connect your first account' })).toBeVisible()
})

test('a policy that wants a lock lets nobody in before there is a passphrase', async ({ launch, profile }) => {
  putPolicy(profile, { appLock: { afterMinutes: 10, withSystemLock: true, reason: 'Our desks are open to visitors.' } })
  const { window } = await launch()
  await expect(window.getByRole('heading', { name: 'Set a passphrase' })).toBeVisible()
  await expect(window.getByText('Manydesk is used with a lock here')).toContainText('Our desks are open to visitors.')
  expect(await codeOf(window, 'accounts')).toBe('locked')
  await window.getByRole('textbox', { name: 'New passphrase', exact: true }).fill('four words that nobody guesses')
  await window.getByRole('textbox', { name: 'New passphrase again' }).fill('four words that nobody guesses')
  await window.getByRole('button', { name: 'Switch on the lock' }).click()
  await expect(window.getByRole('button', { name: 'Connect your first account' })).toBeVisible()
  expect(await codeOf(window, 'accounts')).toBe('ok')
})

test('a signed policy holds; changed by one byte it stops the app', async ({ launch, profile, host }) => {
  test.skip(
    host.kind !== 'standin' || process.platform !== 'linux' || process.getuid?.() !== 0,
    'only root on Linux can give one app a machine-wide folder of its own',
  )
  const machine = join(profile, 'machine')
  mkdirSync(machine)
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  writeFileSync(join(machine, 'policy-key.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
  const text = JSON.stringify({ vendors: { allowed: ['zendesk'], reason } })
  putPolicy(machine, text)
  writeFileSync(join(machine, 'policy.json.sig'), signatureOf(Buffer.from(text), privateKey))
  const { window } = await launch({ machineFolder: machine })
  await window.getByRole('button', { name: 'Connect your first account' }).click()
  await expect(window.getByRole('option', { name: 'Gmail' })).toContainText(reason)

  putPolicy(machine, text.replace('zendesk', 'gmail'))
  await expect(brokenScreen(window)).toBeVisible()
  await expect(window.getByRole('alert')).toContainText('Its signature does not fit')
  await expect(window.getByRole('alert')).toContainText('/etc/manydesk/policy.json')
  expect(await codeOf(window, 'vendors')).toBe('policy_broken')
})
