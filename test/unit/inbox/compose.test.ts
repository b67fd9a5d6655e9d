import { expect, onTestFinished, test } from 'vitest'
import type { Compose, Receipt } from '../../../main/connectors/model.ts'
import { AppError } from '../../../main/errors.ts'
import type { LocalStore } from '../../../main/inbox/model.ts'
import { createOutbox } from '../../../main/inbox/outbox.ts'
import { acme, conversation, message, openTestStore, page, thread } from './open-store.ts'
import { contextFor, eventually, lost, quietLog, scriptedVendor, systemClock } from './scripted-vendor.ts'

const mail: Compose = {
  kind: 'compose',
  to: { name: 'Ada Example', email: 'ada@mail.example' },
  subject: 'Re: Order 1001',
  bodyText: 'It left today.',
  bodyHtml: '<p>It left today.</p>',
}

/** A shop whose orders are answered by mail, and the mail account of its brand. */
async function setUp(fates: ('ok' | 'lose-answer' | 'lose-request')[] = []) {
  const { store } = await openTestStore()
  await store.putAccount({ ...acme, accountId: 'shop' })
  await store.putAccount({ ...acme, accountId: 'mail' })
  await store.applyPage('shop', page([conversation('order-1', { subject: 'Order 1001' })]))
  await store.applyPage('mail', page([]))
  const delivered: Compose[] = []
  const receipt: Receipt = {
    messageVendorId: 'm1',
    conversation: conversation('t1', { subject: mail.subject, lastMessageBy: 'agent' }),
    message: message('t1', 'm1', { direction: 'out', bodyText: mail.bodyText }),
  }
  const poster = Object.assign(scriptedVendor().connector, {
    compose: {
      execute: async (_: unknown, command: Compose) => {
        const fate = fates.shift() ?? 'ok'
        if (fate === 'lose-request') throw lost()
        delivered.push(command)
        if (fate === 'lose-answer') throw lost()
        return receipt
      },
      probe: async () => (delivered.length > 0 ? receipt : ('absent' as const)),
    },
  })
  const shop = scriptedVendor()
  const outbox = createOutbox({
    store,
    clock: systemClock,
    log: quietLog,
    random: () => 0,
    probeAfterMs: 0,
    isOnline: () => true,
    onChange: () => undefined,
    onSent: () => undefined,
    onTrouble: () => undefined,
    connectorFor: (accountId) => (accountId === 'mail' ? poster : shop.connector),
    contextFor,
  })
  onTestFinished(() => outbox.close())
  outbox.start('shop')
  const sent = () => eventually(async () => expect(await store.outbox()).toEqual([]))
  return { store, outbox, delivered, shop, poster, sent }
}

test('a reply by mail goes out through the mail account, once, and begins a conversation there', async () => {
  const { store, outbox, delivered, shop, sent } = await setUp()
  const item = await store.enqueueCompose('shop:order-1', 'mail', mail)
  expect(item).toMatchObject({ accountId: 'mail', conversationId: 'shop:order-1', state: 'queued' })
  outbox.start('mail')
  await sent()
  expect(delivered).toEqual([mail])
  expect(shop.calls).toEqual([])
  const begun = await store.thread('mail:t1')
  expect(begun?.messages.map(({ bodyText }) => bodyText)).toEqual(['It left today.'])
})

test('the conversation it answers shows it from then on, also after the next reading and a restart', async () => {
  const { store, outbox, sent } = await setUp()
  await store.enqueueCompose('shop:order-1', 'mail', mail)
  const waiting = await store.thread('shop:order-1')
  expect(waiting?.messages.at(-1)).toMatchObject({ kind: 'reply', delivery: { state: 'queued' } })
  outbox.start('mail')
  await sent()
  await store.applyThread('shop', 'order-1', {
    conversation: null,
    messages: [message('order-1', 'e1', { createdAt: Date.now() - 60_000 })],
    people: [],
    quarantined: [],
  })
  await store.recoverOutbox()
  const shown = await store.thread('shop:order-1')
  expect(shown?.messages.map(({ bodyText }) => bodyText)).toEqual(['Words of e1', 'It left today.'])
  expect(shown?.messages.at(-1)?.delivery?.state).toBe('sent')
})

test('it names the person who wrote it from the first moment', async () => {
  const { store } = await setUp()
  const me = { vendorId: acme.vendorUserId, name: 'Mia Berg', email: 'mia@acme.example', active: true }
  await store.putDirectory('mail', { agents: [me], groups: [], statuses: [], brands: [] })
  await store.enqueueCompose('shop:order-1', 'mail', mail)
  const waiting = await store.thread('shop:order-1')
  expect(waiting?.messages.at(-1)).toMatchObject({ authorName: 'Mia Berg', authorEmail: 'mia@acme.example' })
})

test.each([
  ['the answer got lost: it is looked up, not sent again', 'lose-answer'],
  ['it never arrived: it is looked up, then sent', 'lose-request'],
] as const)('%s', async (_name, fate) => {
  const { store, outbox, delivered, sent } = await setUp([fate])
  await store.enqueueCompose('shop:order-1', 'mail', mail)
  outbox.start('mail')
  await sent()
  expect(delivered).toEqual([mail])
})

test('a draft of a reply is gone with it, and an unknown account is an error that loses nothing', async () => {
  const { store } = await setUp()
  await store.saveDraft({ conversationId: 'shop:order-1', kind: 'reply', bodyText: 'It left' })
  await expect(store.enqueueCompose('shop:order-1', 'nobody', mail)).rejects.toMatchObject({ code: 'not_found' })
  expect(await store.draft('shop:order-1')).toMatchObject({ bodyText: 'It left' })
  await store.enqueueCompose('shop:order-1', 'mail', mail)
  expect(await store.draft('shop:order-1')).toBeNull()
})

test('an account that cannot begin mails fails the command instead of sending something else', async () => {
  const { store, shop } = await setUp()
  await store.enqueueCompose('shop:order-1', 'shop', mail)
  await eventually(async () => expect((await store.outbox())[0]?.state).toMatch(/queued|failed/))
  expect(shop.delivered).toEqual([])
})

test('a mail that failed holds back no change of the order it answers, and a failed change holds back no mail', async () => {
  const { store, outbox, delivered, shop, poster } = await setUp()
  const refused = new AppError('vendor_rejected', 'No.', { outcome: 'refused' })
  poster.compose.execute = async () => Promise.reject(refused)
  await store.enqueueCompose('shop:order-1', 'mail', mail)
  await store.enqueue('shop:order-1', [{ kind: 'status', status: 'solved', vendorStatusId: null }])
  outbox.start('mail')
  outbox.wake('shop')
  await eventually(() => expect(shop.calls).toEqual(['execute order-1 status']))
  shop.writes.push(refused)
  await store.applyPage('shop', page([conversation('order-2')]))
  await store.enqueue('shop:order-2', [{ kind: 'status', status: 'solved', vendorStatusId: null }])
  outbox.wake('shop')
  await eventually(async () => expect((await store.outbox()).map(({ state }) => state)).toEqual(['failed', 'failed']))
  poster.compose.execute = async (_, command) => {
    delivered.push(command)
    return { messageVendorId: 'm2', conversation: null, message: null }
  }
  await store.enqueueCompose('shop:order-2', 'mail', mail)
  outbox.wake('mail')
  await eventually(() => expect(delivered).toEqual([mail]))
})

test('two mails about one conversation leave in the order they were written', async () => {
  const { store, outbox, delivered, sent } = await setUp()
  await store.enqueueCompose('shop:order-1', 'mail', mail)
  await store.enqueueCompose('shop:order-1', 'mail', { ...mail, bodyText: 'And arrives today.' })
  outbox.start('mail')
  await sent()
  expect(delivered.map(({ bodyText }) => bodyText)).toEqual(['It left today.', 'And arrives today.'])
})

const bodies = async (store: LocalStore, id: string) =>
  (await store.thread(id))?.messages.map(({ bodyText }) => bodyText)

test('what was answered to a sent mail stands below it, what is still to be sent at the end', async () => {
  const { store, outbox, sent } = await setUp()
  await store.enqueueCompose('shop:order-1', 'mail', mail)
  outbox.start('mail')
  await sent()
  await outbox.stop('mail')
  await store.enqueueCompose('shop:order-1', 'mail', { ...mail, bodyText: 'Once more.' })
  const asked = message('order-1', 'e1', { createdAt: Date.now() - 60_000, bodyText: 'Where is it?' })
  const thanked = message('order-1', 'e2', { createdAt: Date.now() + 60_000, bodyText: 'Thank you.' })
  await store.applyThread('shop', 'order-1', thread([asked, thanked]))
  expect(await bodies(store, 'shop:order-1')).toEqual(['Where is it?', 'It left today.', 'Thank you.', 'Once more.'])
})

test('a sent mail stays in the conversation it answers when the mail account is removed, an unsent one goes', async () => {
  const { store, outbox, sent } = await setUp()
  await store.enqueueCompose('shop:order-1', 'mail', mail)
  outbox.start('mail')
  await sent()
  await outbox.stop('mail')
  await store.enqueueCompose('shop:order-1', 'mail', { ...mail, bodyText: 'Once more.' })
  await store.removeAccount('mail')
  expect(await bodies(store, 'shop:order-1')).toEqual(['It left today.'])
  expect(await store.outbox()).toEqual([])
})

test('with the account of the conversation its sent mails go too', async () => {
  const { store, outbox, sent } = await setUp()
  await store.enqueueCompose('shop:order-1', 'mail', mail)
  outbox.start('mail')
  await sent()
  await store.removeAccount('shop')
  await store.putAccount({ ...acme, accountId: 'shop' })
  await store.applyPage('shop', page([conversation('order-1')]))
  expect(await bodies(store, 'shop:order-1')).toEqual([])
})

test('a mail that waits when the account of its conversation is removed is still sent, and leaves nothing behind', async () => {
  const { store, outbox, delivered, sent } = await setUp()
  await store.enqueueCompose('shop:order-1', 'mail', mail)
  await store.removeAccount('shop')
  outbox.start('mail')
  await sent()
  expect(delivered).toEqual([mail])
  await store.putAccount({ ...acme, accountId: 'shop' })
  await store.applyPage('shop', page([conversation('order-1')]))
  expect(await bodies(store, 'shop:order-1')).toEqual([])
})
