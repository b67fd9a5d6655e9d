import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { demoAccounts } from '../harness/demo-accounts.ts'
import { accountsOf, connectAccount, logIn, nameBrand, signIn, signInPage, startConnecting } from '../harness/person.ts'
import { expect, test } from './fixtures.ts'

const { haruto, tom } = demoAccounts
const callback = 'app.manydesk://oauth/callback'

test('only the real answer of the system browser lands; forged, garbled, doubled and repeated links change nothing', async ({
  launch,
  sandbox,
  profile,
}) => {
  const app = await launch()
  const { window } = app
  const waiting = window.getByRole('heading', { name: /^Sign in at / })
  const nothingRedeemed = async () => {
    await expect(waiting).toBeVisible()
    expect(await accountsOf(window)).toEqual([])
    expect(await sandbox.control.requests({ method: 'POST', host: 'api.hubapi.com' })).toEqual([])
  }
  await startConnecting(app, sandbox, haruto.wish)
  const page = await signInPage(app, sandbox, haruto.wish)
  const asked = new URL((await app.openedLinks()).at(-1) ?? '')
  expect(asked.protocol).toBe('https:')
  expect(asked.searchParams.get('redirect_uri')).toBe('https://connect.manydesk.app/oauth/callback')
  expect(asked.searchParams.get('code_challenge_method')).toBe('S256')
  const state = asked.searchParams.get('state') ?? ''
  expect(state).toMatch(/^[0-9a-f]{64}$/)

  const forged = [
    `${callback}?code=forged-code-1&state=${'0'.repeat(64)}`,
    `${callback}?code=forged-code-2&state=${state}&state=${state}`,
    `app.manydesk://oauth/other?code=forged-code-3&state=${state}`,
    `${callback}?code=forged-code-4`,
    'app.manydesk://%00/\\..\\<script>?%ff',
  ]
  for (const link of forged) await app.deepLink(link)
  await nothingRedeemed()

  await signIn(page, sandbox, haruto.wish)
  await expect(page.getByRole('heading', { name: 'Sign-in received' })).toBeVisible()
  expect(page.url(), 'nothing of the answer stays in the address').toBe('https://connect.manydesk.app/oauth/callback')
  const real = (await page.getByRole('link', { name: 'Return to Manydesk' }).getAttribute('href')) ?? ''
  await nameBrand(window, haruto.brand, 'Connect another')
  const [account] = await accountsOf(window)
  expect(account).toMatchObject({ way: 'system-browser', user: { email: haruto.wish.email }, state: 'connected' })

  // The same link once more, and once more while another sign-in waits.
  const redeemed = { method: 'POST', host: 'api.hubapi.com', path: '/oauth' }
  const before = (await sandbox.control.requests(redeemed)).length
  await app.deepLink(real)
  await startConnecting(app, sandbox, haruto.wish)
  await app.deepLink(real)
  await expect(waiting).toBeVisible()
  expect((await sandbox.control.requests(redeemed)).length).toBe(before)
  expect((await accountsOf(window)).map(({ id }) => id)).toEqual([account?.id])

  const log = readFileSync(join(profile, 'logs', 'manydesk.log'), 'utf8')
  expect(log).toContain('A link to Manydesk was dropped')
  for (const secret of ['forged-code', state, new URL(real).searchParams.get('code') ?? 'none'])
    expect(log).not.toContain(secret)
})

test('a vendor that redirects to the app itself needs no page in between, by browser and by window', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const viaBrowser = { ...tom.wish, way: 'system-browser', redirect: 'app' } as const
  await connectAccount(app, sandbox, viaBrowser, tom.brand, 'Connect another')
  await connectAccount(app, sandbox, { ...tom.wish, email: 'nils.holm@acme.example', redirect: 'app' }, tom.brand)
  const accounts = await accountsOf(app.window)
  expect(accounts.map(({ user, way, redirect, state }) => [user.email, way, redirect, state])).toEqual([
    ['tom.reuter@acme.example', 'system-browser', 'app', 'connected'],
    ['nils.holm@acme.example', 'auth-window', 'app', 'connected'],
  ])
  expect(await sandbox.control.requests({ host: 'connect.manydesk.app' })).toEqual([])
})

test('started by a stale link, Manydesk opens as always and drops the link without a trace of its code', async ({
  launch,
  profile,
}) => {
  const app = await launch({ args: [`${callback}?code=stale-code&state=${'a'.repeat(64)}`] })
  await expect(app.window.getByRole('button', { name: 'Connect your first account' })).toBeVisible()
  expect(await app.window.evaluate(() => window.manydesk.accounts.handshakes())).toEqual({ ok: true, value: [] })
  await app.deepLink(`${callback}?code=stale-code&state=${'b'.repeat(64)}`)
  await expect(app.window.getByRole('button', { name: 'Connect your first account' })).toBeVisible()
  await app.quit()
  const log = readFileSync(join(profile, 'logs', 'manydesk.log'), 'utf8')
  expect(log.match(/A link to Manydesk was dropped/g)).toHaveLength(2)
  expect(log + app.output()).not.toContain('stale-code')
})

test('a sign-in in the browser that the vendor asks to deny is told in the app', async ({ launch, sandbox }) => {
  const app = await launch()
  await startConnecting(app, sandbox, haruto.wish)
  const page = await signInPage(app, sandbox, haruto.wish)
  await logIn(page, sandbox, haruto.wish)
  await page.getByRole('button', { name: 'Deny' }).click({ noWaitAfter: true })
  await expect(page.getByRole('heading', { name: 'Sign-in was not completed' })).toBeVisible()
  await expect(app.window.getByRole('heading', { name: 'Access was not granted' })).toBeVisible()
  await app.window.getByRole('button', { name: 'Try again' }).click()
  const again = await signInPage(app, sandbox, haruto.wish)
  await again.getByRole('button', { name: 'Allow' }).click({ noWaitAfter: true })
  await nameBrand(app.window, haruto.brand, 'Go to inbox')
})
