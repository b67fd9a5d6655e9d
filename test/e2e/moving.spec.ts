import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { demoAccounts } from '../harness/demo-accounts.ts'
import { found, needles } from '../harness/leaks.ts'
import { accountsOf, connectAccount, goToAccounts, pasteSecret, signIn, signInPage } from '../harness/person.ts'
import { until } from '../harness/until.ts'
import { expect, test } from './fixtures.ts'

const { mia } = demoAccounts

test.use({ perShare: 5 })

const queue = (page: Page) => page.getByRole('region', { name: 'Signing in to several accounts' })

/** Where the exported file is: the downloads folder lies in the profile. */
async function exported(page: Page): Promise<string> {
  const answer = await page.evaluate(() => window.manydesk.moving.export())
  if (!answer.ok) throw new Error(answer.error.message)
  return join(answer.value.folder, answer.value.fileName)
}

test('accounts and brands are taken to another computer, where the sign-ins are asked one after another', async ({
  launch,
  sandbox,
}) => {
  const first = await launch()
  await connectAccount(first, sandbox, mia.wish, mia.brand)
  const file = await exported(first.window)
  await first.quit()
  expect(found(await needles(sandbox), readFileSync(file))).toEqual([])

  const elsewhere = mkdtempSync(join(tmpdir(), 'manydesk-e2e-other-'))
  try {
    const second = await launch({ profile: elsewhere })
    const page = second.window
    await page.getByRole('button', { name: /Import accounts of another computer/ }).click()
    const dialog = page.getByRole('dialog', { name: 'Import accounts' })
    await page.locator('input[type=file]').setInputFiles(file)
    await expect(dialog.getByText('Will be added').first()).toBeVisible()
    expect(await accountsOf(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Import 1 account' }).click()

    // The client secret was not in the file, so it is asked for once.
    await expect(queue(page)).toContainText('Signing in 1 of 1: Mia Berg')
    await queue(page).getByRole('button', { name: 'Enter the client' }).click()
    const client = sandbox.directory.clients.find((one) => one.clientId === mia.wish.clientId)
    await page.getByLabel('Client ID', { exact: true }).fill(client?.clientId ?? '')
    await pasteSecret(page, client?.clientSecret ?? '')
    await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click()
    await signIn(await signInPage(second, sandbox, mia.wish), sandbox, mia.wish)
    await expect(queue(page)).toContainText('1 of 1 signed in')
    const [account] = await until('the account', async () => {
      const all = await accountsOf(page)
      return all[0]?.state === 'connected' ? all : null
    })
    expect(account).toMatchObject({ siteLabel: mia.wish.site, trouble: null })
    expect(account?.brandId).not.toBeNull()
    await goToAccounts(page)
    await expect(page.getByRole('heading', { name: mia.brand.name })).toBeVisible()
    await second.quit()
  } finally {
    rmSync(elsewhere, { recursive: true, force: true, maxRetries: 5 })
  }
})
