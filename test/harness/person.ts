import type { Locator, Page } from 'playwright'
import type { AccountView, Bridge, Counts } from '../../preload/contract.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { AppDriver } from './driver.ts'
import { until } from './until.ts'

declare global {
  interface Window {
    readonly manydesk: Bridge
  }
}

/** An account to connect, in the words of the connect form and of the sandbox's directory. */
export interface Wish {
  /** Name on the vendor's card. */
  vendor: string
  /** What to type into each site field, by label. */
  fields: Record<string, string>
  /** Absent where there is no OAuth client (`way` `key`). */
  clientId?: string
  /** Site of the sandbox, and who signs in there. */
  site: string
  email: string
  way: 'auth-window' | 'system-browser' | 'device' | 'key'
  /** Left out: the vendor's first. */
  redirect?: 'app' | 'loopback'
  /** Label of the field for the vendor's secret (`way` `key`). */
  keyLabel?: string
}

export interface BrandWish {
  name: string
  replyAddress: string
}

/** From anywhere to the list of helpdesks. */
async function openConnect(window: Page): Promise<void> {
  const first = window.getByRole('button', { name: 'Connect your first account' })
  const connect = window.getByRole('button', { name: 'Connect account' })
  const helpdesks = window.getByRole('listbox', { name: 'Helpdesks' })
  await first.or(connect).or(helpdesks).first().waitFor()
  if (await first.isVisible()) await first.click()
  else if (!(await helpdesks.isVisible())) await connect.first().click()
}

/** Chooses the helpdesk and says where its site is. */
export async function chooseSite(window: Page, wish: Wish): Promise<void> {
  await openConnect(window)
  await window.getByRole('option', { name: wish.vendor }).click()
  for (const [label, value] of Object.entries(wish.fields)) {
    await fillField(window, label, value)
  }
}

/** Types into a field, or chooses where there is only a choice. */
async function fillField(window: Page, label: string, value: string): Promise<void> {
  const named = window.getByLabel(label, { exact: true })
  const field = named.or(window.getByLabel(`${label} optional`, { exact: true })).first()
  await field.waitFor()
  if ((await field.evaluate((element) => element.tagName)) !== 'BUTTON') return field.fill(value)
  await field.click()
  await window.getByRole('option', { name: value }).click()
}

/** Types the OAuth client that belongs to the wish, or pastes the vendor's secret. */
export async function typeClient(window: Page, sandbox: Sandbox, wish: Wish): Promise<void> {
  if (wish.way === 'key') {
    const entry = sandbox.directory.keys.find((one) => one.site === wish.site && one.email === wish.email)
    if (!entry) throw new Error(`The sandbox has no key of ${wish.email} at ${wish.site}`)
    return pasteSecret(window, entry.key, wish.keyLabel)
  }
  const client = sandbox.directory.clients.find((one) => one.clientId === wish.clientId)
  if (!client) throw new Error(`The sandbox has no client ${wish.clientId}`)
  await window.getByLabel('Client ID', { exact: true }).fill(client.clientId)
  if (client.clientSecret) await pasteSecret(window, client.clientSecret)
}

/** Pastes the client secret. As a paste it reaches the page the way a person's does, and leaves no copy in the driver's own script. */
export async function pasteSecret(window: Page, secret: string, label = 'Client secret'): Promise<void> {
  const field = window.getByRole('textbox', { name: label })
  await field.focus()
  await field.press('ControlOrMeta+a')
  await window.keyboard.insertText(secret)
}

/** Chooses way and redirect where they are not the usual ones, and presses Connect. */
export async function pressConnect(window: Page, wish: Wish): Promise<void> {
  const choices = window.getByRole('button', { name: /How to sign in/ })
  if (wish.way === 'device') {
    await choices.click()
    await window.getByRole('radio', { name: /A code in any browser/ }).click({ force: true })
  } else if ((wish.way === 'system-browser' || wish.redirect !== undefined) && (await choices.isVisible())) {
    await choices.click()
    const browser = window.getByRole('radio', { name: /System browser/ })
    if (wish.way === 'system-browser' && (await browser.isVisible())) await browser.click({ force: true })
    const redirect = wish.redirect === 'app' ? /Directly to the app/ : /Directly to this computer/
    if (wish.redirect !== undefined) await window.getByRole('radio', { name: redirect }).click({ force: true })
  }
  await window.getByRole('button', { name: 'Connect', exact: true }).click()
}

/** Fills the form and presses Connect: the handshake runs and waits for the person. */
export async function startConnecting(driver: AppDriver, sandbox: Sandbox, wish: Wish): Promise<void> {
  await chooseSite(driver.window, wish)
  await typeClient(driver.window, sandbox, wish)
  await pressConnect(driver.window, wish)
}

/** Where the wish's sign-in page is served. */
function authorityOf(sandbox: Sandbox, wish: Wish): string {
  const site = sandbox.directory.sites.find((one) => one.id === wish.site)
  if (!site) throw new Error(`The sandbox has no site ${wish.site}`)
  return site.authorityHost
}

/** The page on which this wish signs in: in a window of the app, or in the system browser. */
export function signInPage(driver: AppDriver, sandbox: Sandbox, wish: Wish): Promise<Page> {
  const host = authorityOf(sandbox, wish)
  return wish.way === 'auth-window' ? driver.signInPage(host) : driver.browserPage(host)
}

/** The address that the toolbar of the newest sign-in window shows. */
export async function addressShown(driver: AppDriver): Promise<Locator> {
  // The vendor's page may be there a moment before the bar over it.
  const toolbar = await until('a sign-in window', async () => (await driver.signInToolbars()).at(-1) ?? null)
  return toolbar.getByLabel('Address of this page')
}

/** Types e-mail address and password on the vendor's page. */
export async function logIn(page: Page, sandbox: Sandbox, wish: Wish): Promise<void> {
  const user = sandbox.directory.users.find((one) => one.email === wish.email && one.sites.includes(wish.site))
  if (!user) throw new Error(`The sandbox has no user ${wish.email} at ${wish.site}`)
  const email = page.getByLabel('Email', { exact: true })
  // The system browser still knows who signed in there last.
  const another = page.getByRole('button', { name: 'Use another account' })
  await email.or(another).first().waitFor()
  if (await another.isVisible()) await another.click()
  await email.fill(user.email)
  await page.getByLabel('Password').fill(user.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Logs in, chooses the account where the vendor asks, and answers the consent page. */
export async function signIn(
  page: Page,
  sandbox: Sandbox,
  wish: Wish,
  answer: 'Allow' | 'Deny' = 'Allow',
): Promise<void> {
  await logIn(page, sandbox, wish)
  const consent = page.getByRole('button', { name: answer, exact: true })
  const choice = page.getByRole('button', { name: wish.site })
  await consent.or(choice).first().waitFor()
  if (await choice.isVisible()) await choice.click()
  // The page goes away with the answer, and so does the promise of the click.
  await consent.click({ noWaitAfter: true })
}

/** Chooses the brand among those there are: tiles, or a list where they are many. False: it is a new one. */
async function chooseBrand(window: Page, name: string): Promise<boolean> {
  const list = window.getByRole('button', { name: /\bBrand$/ })
  const isList = await list.isVisible()
  if (isList) await list.click()
  const option = (label: string) => window.getByRole(isList ? 'option' : 'radio', { name: label, exact: true })
  const known = (await option(name).count()) > 0
  const wanted = option(known ? name : 'New brand')
  if ((await wanted.count()) > 0) await wanted.click({ force: true })
  return known
}

/** On the last page of the wizard: takes the brand there is, or makes a new one. */
export async function nameBrand(
  window: Page,
  brand: BrandWish,
  next: 'Go to inbox' | 'Connect another' | 'Save',
): Promise<void> {
  const title = window.getByRole('heading', { name: 'Which brand does this account answer for?' })
  await title.waitFor()
  if (!(await chooseBrand(window, brand.name))) {
    await window.getByLabel('Brand name').fill(brand.name)
    await window.getByLabel(/^Reply address/).fill(brand.replyAddress)
  }
  await window.getByRole('button', { name: next }).click()
  // The page stays until the brand is kept.
  await title.waitFor({ state: 'hidden' })
}

/** From the inbox or the wizard to the accounts page. */
export async function goToAccounts(window: Page): Promise<void> {
  const title = window.getByRole('heading', { name: 'Accounts', level: 1 })
  const rail = window.getByRole('button', { name: 'Accounts', exact: true })
  const close = window.getByRole('button', { name: 'Close', exact: true }).first()
  await title.or(rail).or(close).first().waitFor()
  if (await title.isVisible()) return
  if (await rail.isVisible()) await rail.click()
  else await close.click()
  await title.waitFor()
}

/** The line of one account on the accounts page. */
export function accountRow(window: Page, user: string, site: string): Locator {
  return window.getByRole('listitem', { name: `${user} at ${site}` })
}

/** Chooses from the menu of one account. */
export async function chooseAction(row: Locator, action: string): Promise<void> {
  await row.getByRole('button', { name: 'More actions' }).click()
  await row.page().getByRole('menuitem', { name: action, exact: true }).click()
}

/** The whole way for one account. */
export async function connectAccount(
  driver: AppDriver,
  sandbox: Sandbox,
  wish: Wish,
  brand: BrandWish,
  next: 'Go to inbox' | 'Connect another' = 'Go to inbox',
): Promise<void> {
  await startConnecting(driver, sandbox, wish)
  if (wish.way !== 'key') await signIn(await signInPage(driver, sandbox, wish), sandbox, wish)
  await nameBrand(driver.window, brand, next)
}

/** Every account as the workstation knows it. */
export function accountsOf(page: Page): Promise<AccountView[]> {
  return page.evaluate(async () => {
    const answer = await window.manydesk.accounts.list()
    if (!answer.ok) throw new Error(answer.error.message)
    return answer.value
  })
}

export function countsOf(page: Page): Promise<Counts> {
  return page.evaluate(async () => {
    const answer = await window.manydesk.inbox.counts()
    if (!answer.ok) throw new Error(answer.error.message)
    return answer.value
  })
}

/** Waits until every account has read all there is. */
export async function everythingSynced(window: Page, limitMs = 120_000): Promise<AccountView[]> {
  return until(
    'every account to be read completely',
    async () => {
      const accounts = await accountsOf(window)
      const done = accounts.every((account) => account.lastSyncAt !== null)
      return accounts.length > 0 && done ? accounts : null
    },
    limitMs,
  )
}
