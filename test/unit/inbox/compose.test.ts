import { expect, onTestFinished, test } from 'vitest'
import type { Compose, Receipt } from '../../../main/connectors/model.ts'
import { createOutbox } from '../../../main/inbox/outbox.ts'
import { acme, conversation, message, openTestStore, page } from './open-store.ts'
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
  return { store, outbox, delivered, shop, sent }
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
    messages: [message('order-1', 'e1')],
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
