import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { allAccounts, type DemoAccount, demoAccounts } from '../harness/demo-accounts.ts'
import * as inbox from '../harness/inbox-person.ts'
import {
  accountRow,
  accountsOf,
  chooseSite,
  connectAccount,
  everythingSynced,
  goToAccounts,
  pasteSecret,
  pressConnect,
} from '../harness/person.ts'
import { until } from '../harness/until.ts'
import { expect, test } from './fixtures.ts'

test.use({ perShare: 40 })

function demoOf(vendor: string, email: string): DemoAccount {
  const demo = allAccounts.find(({ wish }) => wish.vendor === vendor && wish.email === email)
  if (!demo) throw new Error(`no ${email} at ${vendor}`)
  return demo
}

const rita = demoOf('Freshdesk', 'rita.vale@pinewood.example')
const juniper = demoOf('Gmail', 'care@juniper-home.example')
const tern = demoOf('Gmail', 'support@tern-cycles.example')
const shop = demoOf('Shopify', 'tim.okoye@acme-gear.example')
const rosa = demoOf('AutoTimer', 'rosa.lind@acme.example')

test('a vendor without OAuth is connected by its key, which is called a key, and a wrong one has its sentence', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await chooseSite(window, rita.wish)
  await pasteSecret(window, 'n0tTheKeyOfAnybody00', 'API key')
  await pressConnect(window, rita.wish)
  await expect(window.getByText(/Freshdesk .*(did not accept|asks you)/).first()).toBeVisible()
  await window.getByRole('button', { name: 'Close', exact: true }).last().click()

  await connectAccount(app, sandbox, rita.wish, rita.brand)
  const [account] = await everythingSynced(window)
  expect(account).toMatchObject({ way: 'key', user: { email: rita.wish.email } })
  await goToAccounts(window)
  await accountRow(window, 'Rita Vale', rita.wish.site).getByRole('button', { expanded: false }).first().click()
  await expect(accountRow(window, 'Rita Vale', rita.wish.site)).toContainText('API key')
})

test('where the organisation forbids API keys, such vendors cannot be chosen and say why', async ({
  launch,
  profile,
}) => {
  writeFileSync(join(profile, 'policy.json'), '{ "apiKeys": false }')
  const { window } = await launch()
  await window.getByRole('button', { name: 'Connect your first account' }).click()
  const freshdesk = window.getByRole('option', { name: 'Freshdesk' })
  await expect(freshdesk).toHaveAttribute('aria-disabled', 'true')
  await expect(freshdesk).toContainText('Your organisation does not allow API keys.')
  await expect(window.getByRole('option', { name: 'Zendesk' })).not.toHaveAttribute('aria-disabled', 'true')
})

test('an order is answered by mail from the address of its brand, out of two mailboxes of one browser', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  for (const { wish, brand } of [tern, juniper, shop]) await connectAccount(app, sandbox, wish, brand)
  const accounts = await everythingSynced(window)
  const orders = accounts.find(({ vendorName }) => vendorName === 'Shopify')
  await inbox.goToInbox(window)
  const rows = await inbox.listOf(window, { accountId: orders?.id ?? '', statuses: ['new', 'open'], limit: 20 })
  const row = rows.find(({ customerEmail }) => customerEmail !== null)
  if (!row) throw new Error('no order of a customer with an address')
  await inbox.openById(window, row.id, row.subject)
  await expect(window.getByText('Replying by e-mail as Juniper Home from care@juniper-home.example')).toBeVisible()
  await inbox.reply(window, 'Your basket left our house today.')
  await inbox.allSent(window)
  await inbox.replyConfirmed(window, 'Your basket left our house today.')
  const mails = await sandbox.control.received(juniper.wish.site)
  expect(mails.map(({ text }) => text.trim())).toEqual(['Your basket left our house today.'])
  expect(await sandbox.control.received(tern.wish.site)).toEqual([])
  expect(await sandbox.control.received(shop.wish.site)).toEqual([])
  const sent = await sandbox.control.requests({ method: 'POST', host: 'gmail.googleapis.com' })
  const raw = sent.map(({ body }) => /"raw":"([^"]+)"/.exec(body)?.[1]).find((text) => text !== undefined)
  expect(Buffer.from(raw ?? '', 'base64url').toString()).toContain(row.customerEmail ?? 'nobody')
})

test('beside a conversation stand the orders of its customer in the shop of the same brand', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  // A shop whose points are used up is asked again later; that is not the matter here.
  await sandbox.control.setRateLimit(shop.wish.site, 'shopify.points', { max: 1_000_000, windowMs: 60_000 })
  for (const { wish, brand } of [juniper, shop]) await connectAccount(app, sandbox, wish, brand)
  const accounts = await everythingSynced(window)
  await inbox.goToInbox(window)
  const rowsAt = (vendor: string) =>
    inbox.listOf(window, { accountId: accounts.find(({ vendorName }) => vendorName === vendor)?.id ?? '', limit: 40 })
  const orders = await rowsAt('Shopify')
  const mail = (await rowsAt('Gmail')).find(({ customerEmail }) =>
    orders.some((one) => one.customerEmail === customerEmail),
  )
  const order = orders.find(({ customerEmail }) => customerEmail === mail?.customerEmail)
  if (!mail || !order) throw new Error('nobody both writes and orders')
  await inbox.openById(window, mail.id, mail.subject)
  const beside = window.getByRole('region', { name: `Shopify ${shop.wish.site}` })
  await expect(beside.getByRole('button', { name: order.subject })).toBeVisible()
})

test('a macro fills the composer and shows what it changes, and nothing leaves before it is sent', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  const [acme] = await inbox.startWork(app, sandbox, [demoAccounts.mia])
  if (!acme) throw new Error('not connected')
  const question = await inbox.customerAsks(window, sandbox, acme, 'Where is the tent?')
  await inbox.openById(window, question.id, question.subject)
  await inbox.threadLoaded(window)
  await window.getByRole('button', { name: 'Macros' }).click()
  await window.getByRole('menuitem', { name: 'Parcel::On its way' }).click()
  await expect(window.getByRole('textbox', { name: 'Reply' })).toHaveValue(/your parcel left us today/)
  const alongside = window.getByRole('group', { name: 'Together with it' })
  await expect(alongside).toContainText('Waiting for customer')
  await expect(alongside).toContainText('shipped')
  expect(await inbox.receivedOf(sandbox, question)).toEqual([])

  await window.getByRole('button', { name: 'Send', exact: true }).click()
  const parcel = [expect.stringContaining('your parcel left us today')]
  await expect.poll(() => inbox.receivedOf(sandbox, question)).toEqual(parcel)
  await inbox.allSent(window)
  expect(await inbox.receivedOf(sandbox, question)).toEqual(parcel)
  const state = await sandbox.control.conversation(question.site, question.siteId)
  expect(state.statusKind).toBe('pending')
  expect(state.tags).toEqual(expect.arrayContaining(['shipped', 'informed']))
})

test('an API becomes a connector by its description alone: faults have lines, it is tried, and it answers', async ({
  launch,
  sandbox,
}) => {
  const app = await launch()
  const { window } = app
  await window.getByRole('button', { name: 'Connect your first account' }).click()
  await window.getByRole('button', { name: 'Describe it as a custom connector' }).click()
  await window.getByRole('button', { name: 'Copy and change AutoTimer' }).click()
  const text = window.getByRole('textbox', { name: 'Description of the connector, as JSON' })
  const manifest = readFileSync(join(import.meta.dirname, '../../resources/connectors/autotimer.json'), 'utf8')
    .replace('"id": "autotimer"', '"id": "our-hours"')
    .replace('"name": "AutoTimer"', '"name": "Our hours"')
  const broken = manifest.replace('"method": "GET", "path": "/me"', '"method": "FETCH", "path": "/me"')
  const line = broken.slice(0, broken.indexOf('FETCH')).split('\n').length
  await text.fill(broken)
  await expect(window.getByRole('button', { name: `Line ${line}`, exact: true })).toBeVisible()
  await expect(window.getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
  await text.fill(manifest)
  await window.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(window.getByRole('button', { name: 'Saved', exact: true })).toBeVisible()
  await window.getByRole('button', { name: 'Back to connectors' }).click()

  await connectAccount(app, sandbox, { ...rosa.wish, vendor: 'Our hours' }, rosa.brand)
  const [account] = await everythingSynced(window)
  await goToAccounts(window)
  await window.getByRole('tab', { name: 'Custom connectors' }).click()
  await window.getByRole('button', { name: 'Edit Our hours' }).click()
  await window.getByRole('button', { name: /Request$/ }).click()
  await window.getByRole('option', { name: /^list_time_queries/ }).click()
  await window.getByRole('button', { name: 'Run', exact: true }).click()
  const [newest] = await inbox.listOf(window, { accountId: account?.id ?? '', limit: 1 })
  await expect(window.getByRole('region', { name: 'Mapped' })).toContainText(newest?.subject ?? 'nothing')
  await expect(window.getByRole('region', { name: 'Raw answer' })).toContainText('"state"')

  await inbox.goToInbox(window)
  const [open] = await inbox.listOf(window, { accountId: account?.id ?? '', statuses: ['open', 'new'], limit: 1 })
  await inbox.openById(window, open?.id ?? '', open?.subject ?? '')
  await inbox.threadLoaded(window)
  await inbox.reply(window, 'Your hours are entered now.')
  await until('the reply at the vendor', async () => (await sandbox.control.received(rosa.wish.site)).length > 0)
  await inbox.replyConfirmed(window, 'Your hours are entered now.')
  expect((await sandbox.control.received(rosa.wish.site)).map((one) => one.text)).toEqual([
    'Your hours are entered now.',
  ])
  expect((await accountsOf(window)).map(({ vendorName }) => vendorName)).toEqual(['Our hours'])
})
