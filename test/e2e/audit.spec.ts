import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from 'playwright'
import { demoAccounts } from '../harness/demo-accounts.ts'
import { found, handshakeNeedles, needles } from '../harness/leaks.ts'
import {
  accountRow,
  chooseAction,
  connectAccount,
  everythingSynced,
  goToAccounts,
  signIn,
  signInPage,
} from '../harness/person.ts'
import { expect, test } from './fixtures.ts'

const { mia, jonas } = demoAccounts
const site = mia.wish.site

/** The entries as they are told, newest first. */
async function openLog(window: Page): Promise<Locator> {
  await goToAccounts(window)
  await window.getByRole('tab', { name: 'Audit log' }).click()
  const entries = window.getByRole('region', { name: 'Entries of the audit log' })
  await expect(entries).toBeVisible()
  return entries
}

/** No rule of axe is broken on the log as it is shown, in light and in dark. */
async function isAccessible(window: Page): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await window.evaluate((wanted) => globalThis.window.manydesk.app.setTheme({ theme: wanted }), theme)
    await expect(window.locator('html')).toHaveAttribute('data-theme', theme)
    const { violations } = await new AxeBuilder({ page: window })
      .setLegacyMode()
      .exclude('[data-live-announcer]')
      .disableRules('region')
      .analyze()
    const rules = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)}`))
    expect.soft(rules, theme).toEqual([])
  }
}

/** A text with one letter of a name in it changed, as somebody might who wants another to have done it. */
function tamper(path: string): void {
  const before = readFileSync(path, 'utf8')
  const after = before.replace('"answered":"Jonas Keller"', '"answered":"Jonas Kellar"')
  expect(after, 'there is something to change').not.toBe(before)
  writeFileSync(path, after)
}

test('what was done is written down without secrets, exported, and a change of the file while the app was closed is found', async ({
  launch,
  sandbox,
  profile,
}) => {
  const app = await launch()
  const { window } = app
  await connectAccount(app, sandbox, mia.wish, mia.brand)
  await everythingSynced(window)

  await goToAccounts(window)
  await chooseAction(accountRow(window, 'Mia Berg', site), 'Reconnect')
  await signIn(await signInPage(app, sandbox, mia.wish), sandbox, jonas.wish)
  await expect(window.getByRole('heading', { name: 'Another user signed in' })).toBeVisible()
  await window.getByRole('button', { name: 'Close', exact: true }).last().click()

  await goToAccounts(window)
  await chooseAction(accountRow(window, 'Mia Berg', site), 'Remove')
  await window.getByRole('alertdialog').getByRole('button', { name: 'Remove account' }).click()
  await expect(window.getByText(/the access of Mia Berg has ended/)).toBeVisible()

  const log = await openLog(window)
  for (const sentence of [
    'The audit log begins here.',
    'A new key for everything saved here was made.',
    `A sign-in to ${site} began by sign-in window.`,
    `The account of Mia Berg at ${site} was connected.`,
    `The OAuth client for Mia Berg at ${site} was saved in the vault.`,
    `Mia Berg signed in to ${site} by sign-in window.`,
    `Mia Berg began to sign in to ${site} again by sign-in window.`,
    `Sign-in to ${site} ended: another user answered (Jonas Keller instead of Mia Berg). Nothing was changed.`,
    `The account of Mia Berg at ${site} was removed.`,
    `${site} was asked to end the access of Mia Berg.`,
    `${site} confirmed that the access of Jonas Keller has ended.`,
    `${site} confirmed that the access of Mia Berg has ended.`,
  ]) {
    await expect(log.getByText(sentence, { exact: true }).first()).toBeVisible()
  }
  await expect(log.getByText(/was reconnected/)).toHaveCount(0)
  await expect(window.getByText('The audit log is intact.')).toBeVisible()

  await window.getByRole('button', { name: 'Export', exact: true }).click()
  await expect(log.getByText('The audit log was exported.')).toBeVisible()
  const exported = await window.evaluate(() => globalThis.window.manydesk.audit.export())
  if (!exported.ok) throw new Error(exported.error.message)
  const text = readFileSync(join(exported.value.folder, exported.value.fileName), 'utf8')
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines[0]).toMatchObject({ export: 'Manydesk audit log', verification: { state: 'intact' } })
  expect(lines[1]).toMatchObject({ seq: 1, kind: 'log_started', summary: 'The audit log begins here' })
  // Somebody must be there at the next start for it to open its inbox.
  await window.getByRole('button', { name: 'Connect account' }).click()
  await connectAccount(app, sandbox, jonas.wish, jonas.brand)
  await app.quit()

  const folder = join(profile, 'audit')
  expect(readdirSync(folder)).toEqual(['audit-000001.jsonl'])
  const file = join(folder, 'audit-000001.jsonl')
  const secrets = [...(await needles(sandbox)), ...(await handshakeNeedles(sandbox))]
  expect(secrets.length).toBeGreaterThan(5)
  expect(found(secrets, readFileSync(file)), 'the log').toEqual([])
  expect(found(secrets, text), 'its export').toEqual([])

  // A start of its own changes nothing.
  const untouched = await launch()
  await openLog(untouched.window)
  await expect(untouched.window.getByText('The audit log is intact.')).toBeVisible()
  await untouched.quit()

  tamper(file)
  const again = await launch()
  const changed = await openLog(again.window)
  await expect(again.window.getByRole('alert')).toContainText('The audit log was tampered with or damaged at entry')
  const row = changed.getByRole('listitem').filter({ hasText: 'Jonas Kellar' })
  await expect(row).toContainText('Not as written')
  await isAccessible(again.window)
  await changed.focus()
  await again.window.keyboard.press('End')
  await expect(changed.getByText('The audit log begins here.')).toBeInViewport()
})
