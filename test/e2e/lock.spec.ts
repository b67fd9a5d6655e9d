import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { demoAccounts } from '../harness/demo-accounts.ts'
import { conversations } from '../harness/inbox-person.ts'
import { connectAccount, countsOf, everythingSynced, goToAccounts } from '../harness/person.ts'
import { until } from '../harness/until.ts'
import { expect, test } from './fixtures.ts'

const { mia } = demoAccounts
const passphrase = 'four words that nobody guesses'

test.use({ perShare: 5 })
test.beforeEach(({ host }) => {
  test.skip(
    host.kind === 'electron',
    'keyring and power events of the operating system cannot be played on real Electron',
  )
})

const lockTitle = (page: Page) => page.getByRole('heading', { name: 'Manydesk is locked' })

async function enter(window: Page, words: string): Promise<void> {
  await window.getByRole('textbox', { name: 'Passphrase' }).fill(words)
  await window.getByRole('button', { name: 'Unlock' }).click()
}

/** Sets the passphrase as a person does. */
async function switchOn(window: Page): Promise<void> {
  await goToAccounts(window)
  await window.getByRole('button', { name: 'Export, import and lock' }).click()
  await window.getByRole('menuitem', { name: /App lock/ }).click()
  const dialog = window.getByRole('dialog', { name: 'App lock' })
  await dialog.getByRole('textbox', { name: 'New passphrase', exact: true }).fill(passphrase)
  await dialog.getByRole('textbox', { name: 'New passphrase again' }).fill(passphrase)
  await dialog.getByRole('button', { name: 'Switch on the lock' }).click()
  await expect(dialog).toBeHidden()
}

/** Codes of what the page gets for calls that would show or change something. */
const refusals = (page: Page) =>
  page.evaluate(async () => {
    const { accounts, brands, inbox, outbox, app, moving, vendors } = window.manydesk
    const answers = await Promise.all([
      ...[accounts.list(), brands.list(), inbox.counts(), inbox.list({ limit: 5 }), outbox.list()],
      ...[app.continueForThisSession(), app.rebuildStore(), moving.export(), vendors.list()],
    ])
    return answers.map((answer) => (answer.ok ? 'answered' : answer.error.code))
  })

test('a passphrase is set, the app locks with the system, refuses everything, opens again, and asks at the next start', async ({
  launch,
  sandbox,
  profile,
}) => {
  const app = await launch()
  const page = app.window
  await connectAccount(app, sandbox, mia.wish, mia.brand)
  await everythingSynced(page)
  const total = (await countsOf(page)).total.all
  await switchOn(page)

  await app.power('lock-screen')
  await expect(lockTitle(page)).toBeVisible()
  await expect(page.locator('body')).not.toContainText(/Mia Berg|zendesk|northwind/i)
  expect(new Set(await refusals(page))).toEqual(new Set(['locked']))

  await enter(page, 'not the passphrase')
  await expect(page.getByText('This is not the passphrase.')).toBeVisible()
  await expect(lockTitle(page)).toBeVisible()
  await enter(page, passphrase)
  await expect(conversations(page).getByRole('option').first()).toBeVisible()
  expect((await countsOf(page)).total.all).toBe(total)
  await app.quit()
  expect(readFileSync(join(profile, 'logs', 'manydesk.log'), 'utf8')).not.toContain(passphrase)

  const next = await launch()
  await expect(lockTitle(next.window)).toBeVisible()
  expect(new Set(await refusals(next.window))).toEqual(new Set(['locked']))
  await enter(next.window, 'not the passphrase')
  await expect(next.window.getByText('This is not the passphrase.')).toBeVisible()
  await enter(next.window, passphrase)
  await expect(conversations(next.window).getByRole('option').first()).toBeVisible()
  expect((await countsOf(next.window)).total.all).toBe(total)
  // What was counted before the restart is still there, and so is the try that no log could take.
  const health = await next.window.evaluate(() => globalThis.window.manydesk.health.list())
  expect(health.ok && health.value[0]?.calls.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3)
  await goToAccounts(next.window)
  await next.window.getByRole('tab', { name: 'Audit log' }).click()
  const log = next.window.getByRole('region', { name: 'Entries of the audit log' })
  await expect(log.getByText(/^Manydesk stayed locked at a start: 1 wrong try/)).toBeVisible()
  await expect(log.getByText('Manydesk stayed locked: 1 wrong try.', { exact: true })).toBeVisible()
  await expect(next.window.getByText('The audit log is intact.')).toBeVisible()
})

test('a forgotten passphrase costs the sign-ins and the local copy, never the accounts and brands', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  await connectAccount(app, sandbox, mia.wish, mia.brand)
  await everythingSynced(app.window)
  await switchOn(app.window)
  await app.quit()

  const { window: page } = await launch()
  await page.getByRole('button', { name: 'Forgot the passphrase?' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Start over' }).click()
  await page.getByText(`asks you to sign in to ${mia.wish.site} again.`).waitFor()
  const [accounts, brands] = await until('the accounts', () =>
    page.evaluate(async () => {
      const [all, named] = [await window.manydesk.accounts.list(), await window.manydesk.brands.list()]
      return all.ok && named.ok ? [all.value, named.value] : null
    }),
  )
  expect(accounts).toMatchObject([{ state: 'needs_sign_in', user: { name: 'Mia Berg' } }])
  expect(brands).toMatchObject([{ name: mia.brand.name }])
})
