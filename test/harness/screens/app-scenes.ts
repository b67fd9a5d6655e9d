import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { demoAccounts } from '../demo-accounts.ts'
import type { AppDriver } from '../driver.ts'
import * as inbox from '../inbox-person.ts'
import {
  accountRow,
  chooseAction,
  chooseSite,
  connectAccount,
  everythingSynced,
  goToAccounts,
  nameBrand,
  pressConnect,
  signIn,
  signInPage,
  typeClient,
} from '../person.ts'
import { until } from '../until.ts'
import { dialog, press, type Scene } from './scene.ts'

/** A running app with the sandbox behind it. */
export interface AppStage {
  app: AppDriver
  sandbox: Sandbox
  profile: string
  page: Page
}

type AppScene = Scene<AppStage>

const { mia, jonas, pia, tom, ines } = demoAccounts
const passphrase = 'four words that nobody guesses'
const questions = 'Where is my parcel?'

/** One day at the desk, in one start of the app: each scene goes on from the one before it. */
export const workday: AppScene[] = [
  {
    name: 'app-welcome',
    show: async ({ page }) =>
      button(page, 'Connect your first account')
        .waitFor()
        .then(() => page),
  },
  { name: 'app-connect-grid', show: connectGrid },
  { name: 'app-connect-site', show: async ({ page }) => chooseSite(page, mia.wish).then(() => page) },
  { name: 'app-sign-in-page', show: startSignIn },
  { name: 'app-sign-in-address-bar', show: addressBar, sizes: [{ width: 960, height: 56 }] },
  {
    name: 'app-sign-in-waiting',
    show: async ({ page }) =>
      page
        .getByRole('timer')
        .waitFor()
        .then(() => page),
  },
  { name: 'app-brand', show: finishSignIn },
  { name: 'app-inbox-normal', show: connectOthers },
  { name: 'app-thread-normal', show: openQuestion },
  { name: 'app-composer-macros', show: async ({ page }) => press('Macros')(page).then(() => page) },
  { name: 'app-composer-reply', show: write },
  { name: 'app-outbox-offline', show: sendOffline },
  { name: 'app-thread-offline', show: closeOverlay },
  { name: 'app-accounts', show: backOnline },
  { name: 'app-account-page', show: unfold },
  { name: 'app-doctor', show: testConnection },
  { name: 'app-health', show: tab(/^Health/) },
  { name: 'app-brands', show: tab(/^Brands/) },
  { name: 'app-connectors', show: tab('Custom connectors') },
  {
    name: 'app-connectors-editor',
    show: async ({ page }) => press(/^Copy and change AutoTimer/)(page).then(() => page),
  },
  { name: 'app-audit', show: audit },
  { name: 'app-policy-managed', show: managed },
  { name: 'app-policy-broken', show: broken },
  { name: 'app-lock-set', show: setLock },
  { name: 'app-lock-locked', show: lock },
  { name: 'app-lock-wrong-passphrase', show: wrongPassphrase },
  { name: 'app-signed-out', show: revoked },
]

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' })

async function connectGrid({ page }: AppStage): Promise<Page> {
  await button(page, 'Connect your first account').click()
  await page.getByRole('option', { name: 'Zendesk' }).waitFor()
  return page
}

async function startSignIn({ app, page, sandbox }: AppStage): Promise<Page> {
  await typeClient(page, sandbox, mia.wish)
  await pressConnect(page, mia.wish)
  const vendorPage = await signInPage(app, sandbox, mia.wish)
  await vendorPage.getByLabel('Email', { exact: true }).waitFor()
  signingIn = vendorPage
  return vendorPage
}

let signingIn: Page | undefined

function addressBar({ app }: AppStage): Promise<Page> {
  return until('the bar over the sign-in page', async () => (await app.signInToolbars()).at(-1) ?? null)
}

async function finishSignIn({ page, sandbox }: AppStage): Promise<Page> {
  if (signingIn === undefined) throw new Error('No sign-in page is open')
  await signIn(signingIn, sandbox, mia.wish)
  await page.getByRole('heading', { name: 'Which brand does this account answer for?' }).waitFor()
  return page
}

async function connectOthers({ app, page, sandbox }: AppStage): Promise<Page> {
  await nameBrand(page, mia.brand, 'Connect another')
  for (const { wish, brand } of [jonas, pia, tom, ines])
    await connectAccount(app, sandbox, wish, brand, 'Connect another')
  await everythingSynced(page)
  await inbox.goToInbox(page)
  await inbox.readAhead(page)
  return page
}

async function openQuestion({ page, sandbox }: AppStage): Promise<Page> {
  const accounts = await everythingSynced(page)
  const acme = accounts.find(({ user }) => user.email === mia.wish.email)
  if (acme === undefined) throw new Error('Mia is not connected')
  const text =
    'Hello,\n\nI ordered a rain jacket two weeks ago and it has not arrived. Can you tell me where it is?\n\nThank you'
  const question = await inbox.customerAsks(page, sandbox, acme, questions, text)
  await sandbox.control.agentWrites(
    question.site,
    question.siteId,
    jonas.wish.email,
    'note',
    'The carrier lost two parcels of this tour.',
  )
  await inbox.syncNow(page, acme.id)
  await inbox.find(page, question.id, question.subject)
  await page.getByRole('article').nth(1).waitFor()
  return page
}

async function write({ page }: AppStage): Promise<Page> {
  await page.keyboard.press('Escape')
  await page.getByRole('region', { name: 'Messages' }).focus()
  await page.keyboard.press('r')
  await page
    .getByRole('textbox', { name: 'Reply' })
    .fill('Hello,\n\nI am sorry for the wait. A new jacket leaves our house today, and it is yours on Friday.')
  return page
}

async function sendOffline({ app, page, sandbox }: AppStage): Promise<Page> {
  await sandbox.control.offline('all')
  await app.setOffline(true)
  await page.getByText('You are offline.').waitFor()
  await button(page, 'Send').click()
  await button(page, /^Outbox/).click()
  await page.getByRole('dialog', { name: 'Outbox' }).waitFor()
  return page
}

async function closeOverlay({ page }: AppStage): Promise<Page> {
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  return page
}

async function backOnline({ app, page, sandbox }: AppStage): Promise<Page> {
  await sandbox.control.online('all')
  await app.setOffline(false)
  await inbox.allSent(page)
  await goToAccounts(page)
  await page.getByText('Up to date').nth(4).waitFor()
  return page
}

async function unfold({ page }: AppStage): Promise<Page> {
  await accountRow(page, 'Mia Berg', mia.wish.site).getByRole('button').first().click()
  await button(page, 'Test this connection').waitFor()
  return page
}

async function testConnection({ page }: AppStage): Promise<Page> {
  await chooseAction(accountRow(page, 'Mia Berg', mia.wish.site), 'Test this connection')
  await dialog()(page)
    .getByText(/works\.$/)
    .waitFor()
  return page
}

function tab(name: string | RegExp) {
  return async ({ page }: AppStage) => {
    // Without a dialog Escape would leave the page.
    if (await dialog()(page).isVisible()) await page.keyboard.press('Escape')
    await page.getByRole('tab', { name }).click()
    await page.getByRole('tabpanel').waitFor()
    return page
  }
}

async function audit(stage: AppStage): Promise<Page> {
  const { page } = stage
  await page.getByRole('button', { name: 'Back to connectors' }).click()
  await tab('Audit log')(stage)
  await page.getByRole('region', { name: 'Entries of the audit log' }).waitFor()
  return page
}

const policyOf = ({ profile }: AppStage) => join(profile, 'policy.json')

async function managed(stage: AppStage): Promise<Page> {
  const reason = 'The whole team works with it.'
  const lockedAccounts = [{ vendor: 'zendesk', site: mia.wish.site, reason }]
  writeFileSync(policyOf(stage), JSON.stringify({ contact: 'it@acme.example', lockedAccounts }))
  await stage.page.getByText('This workstation is managed by your organisation.').waitFor()
  await stage.page.getByRole('tab', { name: /^Accounts/ }).click()
  return stage.page
}

async function broken(stage: AppStage): Promise<Page> {
  writeFileSync(policyOf(stage), '{\n  "vendorz": 1\n}')
  await stage.page.getByRole('heading', { name: /its policy cannot be read/ }).waitFor()
  return stage.page
}

async function setLock(stage: AppStage): Promise<Page> {
  const { page } = stage
  writeFileSync(policyOf(stage), '{}')
  await button(page, 'Try again').click()
  await inbox.goToInbox(page)
  await goToAccounts(page)
  await press(/^Export, import/, /^App lock/)(page)
  const settings = dialog('App lock')(page)
  await settings.getByRole('textbox', { name: 'New passphrase', exact: true }).fill(passphrase)
  await settings.getByRole('textbox', { name: 'New passphrase again' }).fill(passphrase)
  return page
}

async function lock({ app, page }: AppStage): Promise<Page> {
  await button(page, 'Switch on the lock').click()
  await dialog('App lock')(page).waitFor({ state: 'hidden' })
  await app.power('lock-screen')
  await page.getByRole('heading', { name: 'Manydesk is locked' }).waitFor()
  return page
}

async function wrongPassphrase({ page }: AppStage): Promise<Page> {
  await page.getByRole('textbox', { name: 'Passphrase' }).fill('not this one')
  await button(page, 'Unlock').click()
  await page.getByText(/This is not the passphrase\./).waitFor()
  return page
}

async function revoked({ page, sandbox }: AppStage): Promise<Page> {
  await page.getByRole('textbox', { name: 'Passphrase' }).fill(passphrase)
  await button(page, 'Unlock').click()
  await inbox.conversations(page).getByRole('option').first().waitFor()
  await sandbox.control.revoke({ site: mia.wish.site })
  await page.evaluate(() => window.manydesk.accounts.syncNow({}))
  await page
    .getByText(/ask(s)? you to sign in/)
    .first()
    .waitFor()
  return page
}
