import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import type { AppDriver } from '../harness/driver.ts'
import { accountsOf, nameBrand, signIn, startConnecting, type Wish } from '../harness/person.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { sealdeskManifest } from '../sandbox/vendors/sealdesk/sealdesk.ts'
import { expect, test } from './fixtures.ts'

const host = 'id-open.sealdesk.example'
const wish: Wish = {
  vendor: 'Sealdesk',
  fields: { Shop: 'open' },
  clientId: 'seal-public-manydesk',
  site: 'sealdesk-open',
  email: 'vera.lund@open.example',
  way: 'device',
}
const brand = { name: 'Seal open', replyAddress: 'desk@open.example' }
const tokens = { host, method: 'POST', path: '/oauth2/token' }

test.beforeEach(({ profile }) => {
  mkdirSync(join(profile, 'connectors'), { recursive: true })
  writeFileSync(join(profile, 'connectors', 'sealdesk.json'), sealdeskManifest())
})

/** The code as it stands on the page. */
async function codeShown(window: Page): Promise<string> {
  const code = window
    .getByRole('definition')
    .filter({ hasText: /^[A-Z]{4}-[A-Z]{4}/ })
    .locator('code')
  await code.waitFor()
  return code.innerText()
}

/** The browser page that the app's button opens, after the question whether it is the right code. */
async function confirmed(app: AppDriver, code: string): Promise<Page> {
  await app.window.getByRole('button', { name: 'Open the page in your browser' }).click()
  const page = await app.browserPage(host)
  await expect(page.getByRole('heading', { name: 'Is this your code?' })).toBeVisible()
  await expect(page.getByText(code)).toBeVisible()
  await page.getByRole('button', { name: 'Continue' }).click()
  return page
}

const polls = async (sandbox: Sandbox) =>
  (await sandbox.control.requests(tokens)).filter(({ body }) => body.includes('device_code='))

test('RFC 8628: a code with picture, address and countdown signs in on any device; the vendor may ask for patience', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await startConnecting(app, sandbox, wish)
  const code = await codeShown(window)
  await expect(
    window.getByRole('img', { name: 'QR picture that opens the page with the code filled in' }),
  ).toBeVisible()
  await expect(window.getByText(`https://${host}/device`)).toBeVisible()
  await expect(window.getByRole('timer', { name: 'Time left' })).toHaveText(/^(5:00|4:\d\d) left$/)

  await expect.poll(async () => (await polls(sandbox)).length, { message: 'authorization_pending' }).toBeGreaterThan(1)
  await sandbox.control.fail({ kind: 'status', status: 400, body: '{"error":"slow_down"}', target: tokens })
  const page = await confirmed(app, code)
  await signIn(page, sandbox, wish)
  await expect(page.getByRole('heading', { name: 'You are signed in' })).toBeVisible()
  await nameBrand(window, brand, 'Go to inbox')
  expect(await accountsOf(window)).toMatchObject([{ way: 'device', user: { email: wish.email }, state: 'connected' }])

  const asked = await polls(sandbox)
  const gaps = asked.slice(1).map(({ at }, place) => at - (asked[place]?.at ?? at))
  expect(Math.max(...gaps), 'after slow_down the next question waits five seconds longer').toBeGreaterThan(5_500)
  expect(asked.at(-1)?.status).toBe(200)
  expect(await sandbox.control.requests({ host, path: '/oauth2/authorize' }), 'no page was needed here').toEqual([])
})

test('a code that runs out is told in a sentence with a new one to get, and a person who says no is believed', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await startConnecting(app, sandbox, wish)
  const first = await codeShown(window)
  await sandbox.control.expireCodes()
  await expect(window.getByRole('heading', { name: 'The code ran out' })).toBeVisible()
  await expect(
    window.getByText('The code for Sealdesk was not used in time, so it does not work any more.'),
  ).toBeVisible()
  const again = window.getByRole('button', { name: 'Get a new code' })
  await expect(again).toBeFocused()
  await expect(window.getByRole('button', { name: 'Use a sign-in window instead' })).toBeVisible()
  await window.keyboard.press('Enter')

  const second = await codeShown(window)
  expect(second).not.toBe(first)
  const page = await confirmed(app, second)
  await signIn(page, sandbox, wish, 'Deny')
  await expect(page.getByRole('heading', { name: 'The app was not let in' })).toBeVisible()
  await expect(window.getByRole('heading', { name: 'Access was not granted' })).toBeVisible()
  await expect(window.getByText('The request was not allowed at Sealdesk, so nothing was connected.')).toBeVisible()
  await expect(window.getByRole('button', { name: 'Try again' })).toBeFocused()
  expect(await accountsOf(window)).toEqual([])
})
