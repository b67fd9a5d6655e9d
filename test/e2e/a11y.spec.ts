import { AxeBuilder } from '@axe-core/playwright'
import { demoAccounts } from '../harness/demo-accounts.ts'
import * as inbox from '../harness/inbox-person.ts'
import {
  accountRow,
  chooseAction,
  chooseSite,
  goToAccounts,
  nameBrand,
  pressConnect,
  signIn,
  signInPage,
  typeClient,
} from '../harness/person.ts'
import { isAccessible } from './accessible.ts'
import { expect, test } from './fixtures.ts'
import { tabThrough } from './keyboard.ts'

const { mia } = demoAccounts

// Each screen is looked through by axe twice, which takes seconds on a busy machine.
test.describe.configure({ timeout: 180_000 })
test.use({ perShare: 5 })

test('welcome and the steps of connecting break no accessibility rule, and the focus is always seen', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await window.emulateMedia({ reducedMotion: 'reduce' })
  await isAccessible(window, 'welcome')
  expect(await tabThrough(window, 5)).toContain('Connect your first account')
  await window.getByRole('button', { name: 'Connect your first account' }).click()
  await window.getByRole('option', { name: 'Zendesk' }).waitFor()
  await isAccessible(window, 'helpdesks')
  await chooseSite(window, mia.wish)
  await isAccessible(window, 'site and client')
  const stops = await tabThrough(window, 14)
  expect(new Set(stops).size).toBeGreaterThan(6)
  await typeClient(window, sandbox, mia.wish)
  await pressConnect(window, mia.wish)
  const page = await signInPage(app, sandbox, mia.wish)
  await isAccessible(window, 'waiting for the sign-in')
  const [toolbar] = await app.signInToolbars()
  if (toolbar) {
    // A strip over the page of the vendor, and no document of its own.
    const strip = new AxeBuilder({ page: toolbar })
      .setLegacyMode()
      .disableRules(['landmark-one-main', 'page-has-heading-one', 'region'])
    expect.soft((await strip.analyze()).violations).toEqual([])
  }
  await signIn(page, sandbox, mia.wish)
  await window.getByRole('heading', { name: 'Which brand does this account answer for?' }).waitFor()
  await isAccessible(window, 'brand')
  await nameBrand(window, mia.brand, 'Go to inbox')
})

test('inbox, thread and their dialogs break no accessibility rule, and the focus is always seen', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await window.emulateMedia({ reducedMotion: 'reduce' })
  const [acme] = await inbox.startWork(app, sandbox, [mia])
  if (!acme) throw new Error('no account')
  await isAccessible(window, 'inbox')
  const question = await inbox.customerAsks(window, sandbox, acme, 'A torn sleeve')
  await sandbox.control.customerWrites(question.site, question.siteId, 'With a picture.', { picture: true })
  await sandbox.control.agentWrites(
    question.site,
    question.siteId,
    'jonas.keller@acme.example',
    'note',
    'See the batch.',
  )
  const link = '<a href="https://shop.example/">our shop</a><blockquote>older</blockquote>'
  await sandbox.control.agentWrites(question.site, question.siteId, 'jonas.keller@acme.example', 'reply', link)
  await inbox.find(window, question.id, question.subject)
  await expect(window.getByRole('article')).toHaveCount(4)
  const put = { host: question.site, method: 'PUT' }
  await sandbox.control.fail({ kind: 'status', status: 422, body: '{"error":"RecordInvalid"}', times: 9, target: put })
  await window.getByRole('region', { name: 'Messages' }).focus()
  await inbox.reply(window, 'This one is refused.')
  await window.getByRole('alert').waitFor()
  await isAccessible(window, 'thread with note, file and a refused reply')
  await inbox.conversations(window).focus()
  const stops = await tabThrough(window, 25)
  expect(stops).toContain('Reply')

  await window.getByRole('button', { name: /^Outbox/ }).click()
  await isAccessible(window, 'outbox')
  await window.keyboard.press('Escape')
  await window
    .getByRole('article', { name: 'Reply from Jonas Keller' })
    .locator('iframe')
    .contentFrame()
    .getByText('our shop')
    .click()
  await isAccessible(window, 'link dialog')
  await window.keyboard.press('Escape')
  await inbox.conversations(window).focus()
  await window.keyboard.press('?')
  await isAccessible(window, 'shortcuts')
  await window.keyboard.press('Escape')
  await inbox.chooseFilter(window, 'Status', 'Closed')
  await window.getByRole('searchbox', { name: 'Search conversations' }).fill('nothing like this')
  await window.getByText('Nothing found').waitFor()
  await isAccessible(window, 'nothing found')
})

test('accounts, brands and what they ask break no accessibility rule, and the focus is always seen', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await window.emulateMedia({ reducedMotion: 'reduce' })
  const [acme] = await inbox.startWork(app, sandbox, [mia])
  if (!acme) throw new Error('no account')
  await goToAccounts(window)
  const row = accountRow(window, 'Mia Berg', acme.siteLabel)
  await row.getByRole('button', { name: /^acme/ }).click()
  await isAccessible(window, 'accounts')
  await tabThrough(window, 12)
  await chooseAction(row, 'Remove')
  await window.getByRole('alertdialog').or(window.getByRole('dialog')).waitFor()
  await isAccessible(window, 'remove dialog')
  await window.keyboard.press('Escape')
  await window.getByRole('tab', { name: /^Brands/ }).click()
  await isAccessible(window, 'brands')
  await sandbox.control.revoke({ site: 'acme.zendesk.com' })
  await inbox.syncNow(window, acme.id)
  await window.getByRole('tab', { name: /^Accounts/ }).click()
  await expect(row).toContainText('Sign in again')
  await isAccessible(window, 'accounts that need a sign-in')
})

for (const keyring of ['locked', 'unavailable'] as const) {
  test(`the screen for a key store that is ${keyring} breaks no accessibility rule`, async ({ host, launch }) => {
    test.skip(host.kind === 'electron', 'Only the stand-in can play the key store')
    const app = await launch({ keyring })
    await app.window.getByRole('alert').waitFor()
    await isAccessible(app.window, `key store ${keyring}`)
    await tabThrough(app.window, 4)
  })
}
