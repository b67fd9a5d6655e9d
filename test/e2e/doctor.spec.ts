import type { Page } from 'playwright'
import { doctorSteps } from '../../preload/doctor-steps.ts'
import { type DoctorCase, doctorCases } from '../harness/doctor-cases.ts'
import type { AppDriver } from '../harness/driver.ts'
import {
  accountRow,
  chooseAction,
  chooseSite,
  connectAccount,
  goToAccounts,
  logIn,
  pasteSecret,
  pressConnect,
  signIn,
  signInPage,
  typeClient,
} from '../harness/person.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { expect, test } from './fixtures.ts'

/** What a person reads first. */
const says: Record<string, RegExp> = {
  wrong_redirect_url: /^The redirect URL of Manydesk is not registered for this OAuth client at Zendesk\./,
  wrong_client_secret: /^Zendesk does not accept the client secret\./,
  http_for_https: /^The redirect URL is registered at Zendesk with http:\/\/ in place of https:\/\/\./,
  scope_not_granted: /^Manydesk was not given every right it needs at Freshservice/,
  wrong_data_centre: /^The OAuth client belongs to another data centre of Zoho Desk: .*zoho\.com/,
  clock_skew: /^The clock of this computer is an hour ahead\./,
  third_party_cookies_blocked: /^The sign-in page of Zendesk could not keep its cookies\./,
  consent_denied_by_admin: /^An administrator of acme\.zendesk\.com does not let this app in\./,
  token_revoked: /^Zendesk has ended this sign-in/,
  wrong_site: /^Zendesk has no site acme-outdoors\.zendesk\.com\./,
  captive_portal: /^The network you are in wants a login of its own/,
  proxy_certificate: /opens the encrypted connection .* issued by “Northgate Inspection CA”\./,
}

async function tryToSignIn(app: AppDriver, sandbox: Sandbox, { wish, clientSecret, until }: DoctorCase): Promise<void> {
  const { window } = app
  await chooseSite(window, wish)
  await typeClient(window, sandbox, wish)
  if (clientSecret !== undefined) await pasteSecret(window, clientSecret)
  await pressConnect(window, wish)
  if (until === 'itself') return
  if (until === 'consent') return signIn(await signInPage(app, sandbox, wish), sandbox, wish)
  const page = await app.signInPage(/./)
  if (until === 'login') await logIn(page, sandbox, wish)
  await page.getByRole('heading', { level: 1, name: /Cookies|cannot be connected|no longer exists/ }).waitFor()
  await app.closeSignInWindow(page)
}

const dialog = (window: Page) => window.getByRole('dialog')

async function diagnosed(window: Page, { cause }: DoctorCase): Promise<void> {
  const diagnosis = dialog(window).getByRole('region', { name: 'Diagnosis' })
  await expect(diagnosis, cause).toContainText(says[cause] ?? cause, { timeout: 20_000 })
  await expect(dialog(window).getByRole('list', { name: 'Steps' }).getByRole('listitem')).toHaveCount(
    doctorSteps.length,
  )
}

test('each of twelve typical misconfigurations is named in the window', async ({ launch, sandbox }) => {
  test.setTimeout(180_000)
  const app = await launch()
  const { window } = app
  for (const each of doctorCases.filter(({ about }) => about === 'sign-in')) {
    await test.step(each.title, async () => {
      await each.trouble(sandbox.control)
      await tryToSignIn(app, sandbox, each)
      await window.getByRole('button', { name: 'Find out why' }).click()
      await diagnosed(window, each)
      await dialog(window).getByRole('button', { name: 'Done' }).click()
      await sandbox.control.clearFaults()
      await window.getByRole('button', { name: 'Close', exact: true }).last().click()
    })
  }

  const accounts = doctorCases.filter(({ about }) => about === 'account')
  const [first] = accounts
  if (!first) throw new Error('no case is about an account')
  await connectAccount(app, sandbox, first.wish, { name: 'Acme Outdoor', replyAddress: 'help@acme.example' })
  await goToAccounts(window)
  const row = accountRow(window, 'Mia Berg', first.wish.site)
  await test.step('nothing is wrong', async () => {
    await chooseAction(row, 'Test this connection')
    await expect(dialog(window)).toContainText('The connection to acme.zendesk.com works.', { timeout: 20_000 })
    await dialog(window).getByRole('button', { name: 'Show every request' }).click()
    await expect(dialog(window).getByRole('region', { name: 'What happened' })).toContainText('Refresh the access')
    await window.keyboard.press('Escape')
  })
  for (const each of accounts) {
    await test.step(each.title, async () => {
      await each.trouble(sandbox.control)
      await chooseAction(row, 'Test this connection')
      await diagnosed(window, each)
      await window.keyboard.press('Escape')
      await sandbox.control.clearFaults()
    })
  }
})
