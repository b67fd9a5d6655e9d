import type { Page } from 'playwright'
import type { PreviewScene } from './scene.ts'
import { dialog, heading, press, waiting, words } from './scene.ts'

const accounts = heading('Accounts')
const table = (page: Page) => page.getByRole('grid', { name: 'Health of accounts' })
const log = (page: Page) => page.getByRole('region', { name: 'Entries of the audit log' })

/** Accounts, brands, health, the doctor, the audit log, and what concerns the computer as a whole. */
export const accountScenes: PreviewScene[] = [
  { name: 'accounts-normal', scenario: 'accounts', sees: accounts },
  { name: 'accounts-mixed', scenario: 'accounts-mixed', sees: accounts },
  { name: 'accounts-many', scenario: 'accounts-many', sees: accounts },
  { name: 'accounts-empty', scenario: 'accounts-empty', sees: heading('No accounts yet') },
  { name: 'accounts-loading', scenario: 'accounts-loading', sees: waiting('Loading accounts') },
  { name: 'accounts-error', scenario: 'accounts-failed', sees: words('The list of accounts could not be read.') },
  { name: 'accounts-removed', scenario: 'accounts-removed', sees: accounts },
  { name: 'accounts-managed', scenario: 'policy-accounts', sees: accounts },
  { name: 'accounts-menu', scenario: 'accounts', sees: accounts, act: openMenu },
  { name: 'accounts-menu-managed', scenario: 'policy-accounts', sees: accounts, act: openMenu },
  { name: 'account-page', scenario: 'accounts-mixed', sees: accounts, act: openFirst },
  { name: 'account-remove', scenario: 'accounts', sees: accounts, act: choose('Remove') },
  { name: 'account-switch-user', scenario: 'accounts', sees: accounts, act: choose('Switch user') },
  { name: 'accounts-sign-out-everywhere', scenario: 'accounts', sees: accounts, act: press(/^Sign out everywhere/) },
  { name: 'accounts-signed-out-everywhere', scenario: 'accounts', sees: accounts, act: signOutEverywhere },
  {
    name: 'accounts-export-toast',
    scenario: 'accounts',
    sees: accounts,
    act: press(/^Export, import/, /^Export accounts/),
  },
  { name: 'accounts-computer-menu', scenario: 'accounts', sees: accounts, act: press(/^Export, import/) },
  { name: 'accounts-import', scenario: 'accounts', sees: accounts, act: importing() },
  { name: 'accounts-import-preview', scenario: 'accounts', sees: accounts, act: importing('{}', 'Will be added') },
  {
    name: 'accounts-import-faults',
    scenario: 'accounts',
    sees: accounts,
    act: importing('nothing', 'This is not JSON.'),
  },
  { name: 'accounts-extreme', scenario: 'extreme-accounts', sees: accounts, act: openFirst },
  { name: 'health-extreme', scenario: 'extreme-health', sees: table },
  { name: 'brands-normal', scenario: 'accounts', sees: accounts, act: press(/^Brands/) },
  { name: 'brands-edit', scenario: 'accounts', sees: accounts, act: editBrand },
  { name: 'health-normal', scenario: 'health', sees: table },
  { name: 'health-details', scenario: 'health', sees: table, act: openHealth },
  { name: 'health-well', scenario: 'health-well', sees: table },
  { name: 'health-empty', scenario: 'health-empty', sees: heading('No accounts yet') },
  { name: 'health-loading', scenario: 'health-loading', sees: waiting('Loading health') },
  { name: 'health-error', scenario: 'health-failed', sees: words('Manydesk is still starting.') },
  { name: 'health-offline', scenario: 'health-offline', sees: table },
  { name: 'health-sign-in-queue', scenario: 'health-queue', sees: words(/^Signing in/) },
  { name: 'doctor-running', scenario: 'doctor-running', sees: dialog() },
  { name: 'doctor-found', scenario: 'doctor-found', sees: dialog() },
  { name: 'doctor-timeline', scenario: 'doctor-found', sees: dialog(), act: press('Show every request') },
  { name: 'doctor-well', scenario: 'doctor-well', sees: dialog() },
  { name: 'audit-normal', scenario: 'audit', sees: log },
  { name: 'audit-broken', scenario: 'audit-broken', sees: log },
  { name: 'audit-session', scenario: 'audit-session', sees: log },
  { name: 'audit-empty', scenario: 'audit-empty', sees: heading(/^Nothing|^No /) },
  { name: 'audit-error', scenario: 'audit-failed', sees: words('The audit log cannot be read right now.') },
  { name: 'audit-loading', scenario: 'audit-loading', sees: waiting('Loading the audit log') },
]

async function openMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'More actions' }).first().click()
  await page.getByRole('menu').waitFor()
}

function choose(action: string) {
  return async (page: Page) => {
    await openMenu(page)
    await page.getByRole('menuitem', { name: action }).click()
    await dialog()(page).waitFor()
  }
}

async function openFirst(page: Page): Promise<void> {
  await page.locator('li [aria-expanded=false]').first().click()
}

async function openHealth(page: Page): Promise<void> {
  await table(page).getByRole('row').nth(2).getByRole('rowheader').click()
  await page.getByRole('complementary', { name: /^Health of/ }).waitFor()
}

async function signOutEverywhere(page: Page): Promise<void> {
  await press(/^Sign out everywhere/)(page)
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Sign out/ })
    .click()
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^(Done|Close)$/ })
    .last()
    .waitFor()
}

function importing(text?: string, sees = 'Choose file') {
  return async (page: Page) => {
    await press(/^Export, import/, /^Import accounts/)(page)
    const file = { name: 'manydesk-accounts.json', mimeType: 'application/json', buffer: Buffer.from(text ?? '') }
    if (text !== undefined) await page.locator('input[type=file]').setInputFiles(file)
    await dialog('Import accounts')(page).getByText(sees).first().waitFor()
  }
}

async function editBrand(page: Page): Promise<void> {
  await press(/^Brands/, /^Actions for/, 'Edit')(page)
  await dialog()(page).waitFor()
}
