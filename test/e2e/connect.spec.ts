import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demoAccounts } from '../harness/demo-accounts.ts'
import { conversations } from '../harness/inbox-person.ts'
import {
  accountRow,
  accountsOf,
  addressShown,
  chooseAction,
  chooseSite,
  connectAccount,
  countsOf,
  everythingSynced,
  goToAccounts,
  nameBrand,
  pressConnect,
  signIn,
  signInPage,
  startConnecting,
} from '../harness/person.ts'
import { expect, test } from './fixtures.ts'

const { mia, jonas, pia, tom, ines } = demoAccounts

test('the welcome leads to an account signed in at its vendor, a brand and an inbox with its conversations', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await expect(window.getByRole('heading', { name: 'Every brand you answer for, in one inbox.' })).toBeVisible()

  await chooseSite(window, mia.wish)
  await window.getByLabel('Zendesk address').blur()
  await expect(window.getByText('You will sign in at acme.zendesk.com')).toBeVisible()
  await expect(window.getByText('https://connect.manydesk.app/oauth/callback')).toBeVisible()
  await window.getByRole('button', { name: 'Close' }).click()
  await startConnecting(app, sandbox, mia.wish)
  await expect(window.getByRole('heading', { name: 'Sign in at acme.zendesk.com' })).toBeVisible()

  const page = await signInPage(app, sandbox, mia.wish)
  await expect(await addressShown(app)).toHaveText('acme.zendesk.com')
  expect(
    await page.evaluate(() => [typeof Reflect.get(globalThis, 'manydesk'), typeof Reflect.get(globalThis, 'process')]),
  ).toEqual(['undefined', 'undefined'])
  await signIn(page, sandbox, mia.wish)

  await expect(window.getByText('mia.berg@acme.example · acme.zendesk.com')).toBeVisible()
  expect(await app.signInToolbars()).toEqual([])
  await nameBrand(window, mia.brand, 'Go to inbox')
  await expect(window.getByRole('option', { name: /^Acme Outdoor/ })).toBeVisible()
  const [account] = await everythingSynced(window)
  await expect(conversations(window).getByRole('option').first()).toBeVisible()
  expect(account).toMatchObject({ state: 'connected', siteLabel: 'acme.zendesk.com', user: { name: 'Mia Berg' } })
  const vendorHas = (await sandbox.control.conversationIds('acme.zendesk.com', { limit: 10_000 })).length
  expect((await countsOf(window)).total.all).toBe(vendorHas)
  expect(
    await sandbox.control.requests({ host: 'connect.manydesk.app' }),
    'the redirect never left the computer',
  ).toEqual([])
})

test('Freshservice asks which account, HubSpot tells its portal, and both fill the inbox', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  await startConnecting(app, sandbox, tom.wish)
  const page = await signInPage(app, sandbox, tom.wish)
  await expect(await addressShown(app)).toHaveText('acme.myfreshworks.com')
  await signIn(page, sandbox, tom.wish)
  await nameBrand(app.window, tom.brand, 'Connect another')
  await connectAccount(app, sandbox, ines.wish, ines.brand)
  const accounts = await everythingSynced(app.window)
  expect(accounts.map(({ vendorName, siteLabel, user, state }) => [vendorName, siteLabel, user.email, state])).toEqual([
    ['Freshservice', 'acme-it.freshservice.com', 'tom.reuter@acme.example', 'connected'],
    ['HubSpot', expect.any(String), 'ines.fournier@lumen.example', 'connected'],
  ])
  const { byAccount } = await countsOf(app.window)
  for (const { id } of accounts) expect(byAccount[id]?.all).toBeGreaterThan(0)
})

test('two users of one site sign in at once, answered in reverse order, and each keeps a session of their own', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await startConnecting(app, sandbox, mia.wish)
  const miasPage = await signInPage(app, sandbox, mia.wish)
  await miasPage.getByLabel('Email').waitFor()
  await window.getByRole('button', { name: 'connect another' }).click()
  await startConnecting(app, sandbox, jonas.wish)
  const jonasPage = await signInPage(app, sandbox, jonas.wish)
  await jonasPage.getByLabel('Email').waitFor()

  await signIn(jonasPage, sandbox, jonas.wish)
  await nameBrand(window, jonas.brand, 'Go to inbox')
  await signIn(miasPage, sandbox, mia.wish)
  await window.getByRole('button', { name: 'Name the brand' }).click()
  await nameBrand(window, mia.brand, 'Go to inbox')
  const accounts = await accountsOf(window)
  expect(accounts.map((account) => account.user.email).sort()).toEqual([jonas.wish.email, mia.wish.email])
  expect(new Set(accounts.map((account) => account.brandId)).size, 'both answer as the one brand').toBe(1)

  // The vendor remembers each of them in their own window: no password is asked, and the right name is shown.
  for (const [user, wish] of [
    ['Mia Berg', mia.wish],
    ['Jonas Keller', jonas.wish],
  ] as const) {
    await goToAccounts(window)
    await chooseAction(accountRow(window, user, 'acme.zendesk.com'), 'Reconnect')
    const page = await signInPage(app, sandbox, wish)
    await expect(page.getByText('Signed in as')).toContainText(wish.email)
    await page.getByRole('button', { name: 'Allow' }).click({ noWaitAfter: true })
    await expect(window.getByRole('heading', { name: 'Signed in again' })).toBeVisible()
    await window.getByRole('button', { name: 'Back to accounts' }).click()
  }
  expect((await accountsOf(window)).map(({ id }) => id)).toEqual(accounts.map(({ id }) => id))
})

test('an OAuth client of the organisation needs no typing and never reaches the window', async ({
  launch,
  sandbox,
  profile,
}) => {
  const client = sandbox.directory.clients.find((one) => one.clientId === pia.wish.clientId)
  mkdirSync(profile, { recursive: true })
  const provided = {
    vendor: 'zendesk',
    site: pia.wish.site,
    clientId: client?.clientId,
    clientSecret: client?.clientSecret,
  }
  writeFileSync(join(profile, 'oauth-clients.json'), JSON.stringify({ clients: [provided] }))
  const app = await launch()
  const { window } = app
  await chooseSite(window, pia.wish)
  await window.getByLabel('Zendesk address').blur()
  await expect(window.getByText('OAuth client provided by your organisation')).toBeVisible()
  await expect(window.getByLabel('Client ID')).toHaveCount(0)
  await pressConnect(window, pia.wish)
  await signIn(await signInPage(app, sandbox, pia.wish), sandbox, pia.wish)
  await nameBrand(window, pia.brand, 'Go to inbox')
  await everythingSynced(window)
  const redeemed = await sandbox.control.requests({ host: pia.wish.site, method: 'POST', path: '/oauth/tokens' })
  expect(redeemed.map(({ status, body }) => [status, JSON.parse(body).client_id])).toEqual([[201, pia.wish.clientId]])
})

test('signing in once more as someone who is connected changes nothing and says so', async ({ launch, sandbox }) => {
  const app = await launch()
  const { window } = app
  await connectAccount(app, sandbox, mia.wish, mia.brand)
  const before = await everythingSynced(window)
  await startConnecting(app, sandbox, mia.wish)
  await signIn(await signInPage(app, sandbox, mia.wish), sandbox, mia.wish)
  await expect(window.getByRole('heading', { name: 'This account is already connected' })).toBeVisible()
  await expect(window.getByText('The connected account is unchanged and goes on working.')).toBeVisible()
  await window.getByRole('button', { name: 'Go to accounts' }).click()
  await expect(accountRow(window, 'Mia Berg', 'acme.zendesk.com')).toContainText('Up to date')
  await chooseAction(accountRow(window, 'Mia Berg', 'acme.zendesk.com'), 'Sync now')
  const [after] = await everythingSynced(window)
  expect(after).toMatchObject({ id: before[0]?.id, state: 'connected', trouble: null })
  const live = await sandbox.control.tokens({ site: 'acme.zendesk.com', user: mia.wish.email })
  expect(live.some((token) => token.kind === 'refresh' && token.state === 'live')).toBe(true)
})
