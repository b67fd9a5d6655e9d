import { expect, test } from 'vitest'
import type { Command, Receipt } from '../../../main/connectors/model.ts'
import { Driver } from '../../../main/inbox/database/driver.ts'
import { createWorkerStore } from '../../../main/inbox/database/worker-store.ts'
import { migrate } from '../../../main/inbox/schema/migrate.ts'
import { acme, conversation, message, noon, page, thread } from './open-store.ts'

const solve: Command = { kind: 'status', status: 'solved', vendorStatusId: '4' }
const reply: Command = { kind: 'reply', bodyText: 'Hello Ada', bodyHtml: '<p>Hello Ada</p>' }
const confirmed: Receipt = { messageVendorId: null, conversation: null, message: null }
const trouble = { code: 'vendor_rejected' as const, message: 'No.', action: null, detail: null }

function memoryStore() {
  let clock = noon
  const db = new Driver(':memory:')
  migrate(db)
  const store = createWorkerStore(db, () => clock)
  store.putAccountStep(acme)
  store.putDirectory('acme', {
    agents: [{ vendorId: 'me', name: 'Me Myself', email: null, active: true }],
    groups: [],
    statuses: [{ id: '4', label: 'Resolved', status: 'solved' }],
    brands: [],
  })
  store.applyPage('acme', page([conversation('1')]))
  const send = (command: Command) => {
    const id = store.enqueue('acme:1', [command])[0]?.id ?? ''
    store.beginCommand(id, clock)
    return id
  }
  return {
    store,
    send,
    row: () => store.list({ limit: 1 }).rows[0],
    later: (ms: number) => {
      clock += ms
      return clock
    },
  }
}

test('a command is shown at once, in the words of the vendor', () => {
  const { store, row } = memoryStore()
  const commands: Command[] = [
    solve,
    { kind: 'priority', priority: 'urgent' },
    { kind: 'assign', assigneeVendorId: 'me' },
    { kind: 'tags', add: ['vip'], remove: ['new'] },
  ]
  const items = store.enqueue('acme:1', commands)
  expect(items.map((item) => item.state)).toEqual(['queued', 'queued', 'queued', 'queued'])
  expect(row()).toMatchObject({
    status: 'solved',
    vendorStatusLabel: 'Resolved',
    priority: 'urgent',
    assigneeName: 'Me Myself',
    tags: ['vip'],
    sending: true,
  })
  expect(store.counts().total).toMatchObject({ all: 1, mine: 0, unassigned: 0 })
})

test('connectors are given the state of the vendor, not the one shown', () => {
  const { store } = memoryStore()
  store.enqueue('acme:1', [solve])
  expect(store.dueCommands('acme', noon).due[0]?.conversation).toEqual(conversation('1'))
})

test('a synced page does not undo a command that waits', () => {
  const { store, row } = memoryStore()
  store.enqueue('acme:1', [solve])
  store.applyPage('acme', page([conversation('1', { updatedAt: noon + 1000, tags: ['by-vendor'] })]))
  expect(row()).toMatchObject({ status: 'solved', tags: ['by-vendor'] })
})

test('a page read before the confirmation does not undo the command, one read after it decides', () => {
  const { store, send, row, later } = memoryStore()
  const id = send(solve)
  const readAt = later(100)
  store.confirmCommand(id, confirmed, later(100))
  expect(store.outbox()).toEqual([])
  store.applyPage('acme', page([conversation('1', { updatedAt: noon + 50 })]), readAt)
  expect(row()?.status).toBe('solved')
  store.applyPage('acme', page([conversation('1', { updatedAt: noon + 50 })]), later(100))
  expect(row()?.status).toBe('solved')
  const reopened = conversation('1', { updatedAt: noon + 9000, status: 'pending' })
  store.applyPage('acme', page([reopened]), later(100))
  expect(row()?.status).toBe('pending')
})

test('the fresh state of a receipt is taken over', () => {
  const { store, send, row, later } = memoryStore()
  const id = send(solve)
  const fresh = conversation('1', { updatedAt: noon + 10, status: 'closed' })
  store.confirmCommand(id, { ...confirmed, conversation: fresh }, later(10))
  expect(row()).toMatchObject({ status: 'closed', sending: false })
})

test('discarding takes the optimistic change back, and keeps those of other commands', () => {
  const { store, row } = memoryStore()
  const [first] = store.enqueue('acme:1', [solve, { kind: 'tags', add: ['vip'], remove: [] }])
  store.discardCommand(first?.id ?? '')
  expect(row()).toMatchObject({ status: 'open', vendorStatusLabel: 'Open', tags: ['vip'] })
})

test('a failed command stays with its reason, blocks only its conversation, and can be tried again', () => {
  const { store, send, row } = memoryStore()
  store.applyPage('acme', page([conversation('2', { updatedAt: noon - 1 })]))
  const id = send(solve)
  store.failCommand(id, trouble)
  store.enqueue('acme:1', [reply])
  store.enqueue('acme:2', [reply])
  expect(row()).toMatchObject({ failed: true, sending: true })
  const due = () => store.dueCommands('acme', noon).due.map(({ item }) => item.conversationId)
  expect(due()).toEqual(['acme:2'])
  expect(store.outbox()[0]).toMatchObject({ state: 'failed', error: trouble })
  store.retryCommand(id)
  expect(due()).toEqual(['acme:1', 'acme:2'])
})

test('commands of one conversation come one after the other, in order', () => {
  const { store } = memoryStore()
  const [first, second] = store.enqueue('acme:1', [reply, solve])
  expect(store.dueCommands('acme', noon).due.map(({ item }) => item.id)).toEqual([first?.id])
  store.beginCommand(first?.id ?? '', noon)
  expect(store.dueCommands('acme', noon).due).toEqual([])
  store.confirmCommand(first?.id ?? '', { ...confirmed, messageVendorId: 'v1' }, noon)
  expect(store.dueCommands('acme', noon).due.map(({ item }) => item.id)).toEqual([second?.id])
})

test('what waits for its moment is not due, and the moment is told', () => {
  const { store, send } = memoryStore()
  store.postponeCommand(send(reply), trouble, noon + 5000)
  expect(store.dueCommands('acme', noon)).toEqual({ due: [], nextAt: noon + 5000 })
  expect(store.dueCommands('acme', noon + 5000).due).toHaveLength(1)
})

test('only a queued command can be begun', () => {
  const { store, send } = memoryStore()
  const id = send(reply)
  expect(() => store.beginCommand(id, noon)).toThrow(expect.objectContaining({ code: 'bad_request' }))
  expect(() => store.discardCommand(id)).toThrow(expect.objectContaining({ code: 'bad_request' }))
  expect(() => store.retryCommand('unknown')).toThrow(expect.objectContaining({ code: 'not_found' }))
})

test('what was being sent when the app ended is unknown afterwards, never queued', () => {
  const { store, send } = memoryStore()
  send(reply)
  expect(store.recoverOutbox()).toBe(1)
  expect(store.outbox().map((item) => item.state)).toEqual(['unknown'])
  expect(store.recoverOutbox()).toBe(0)
})

test('our own reply is in the thread while it waits and exactly once after it was confirmed', () => {
  const { store, send, later } = memoryStore()
  const id = send(reply)
  const bodies = () => store.thread('acme:1')?.messages.map((one) => [one.bodyText, one.delivery?.state ?? null])
  expect(bodies()).toEqual([['Hello Ada', 'sending']])
  const began = later(10)
  store.confirmCommand(id, { ...confirmed, messageVendorId: 'v1' }, later(10))
  expect(bodies()).toEqual([['Hello Ada', null]])
  // A thread that was read before the reply arrived does not take it away.
  store.applyThread('acme', '1', thread([]), began)
  expect(bodies()).toEqual([['Hello Ada', null]])
  store.applyThread('acme', '1', thread([message('1', 'v1', { bodyText: 'Hello Ada' })]), later(10))
  expect(bodies()).toEqual([['Hello Ada', null]])
})

test('a confirmed reply without an id is shown until the thread was read after it', () => {
  const { store, send, later } = memoryStore()
  const id = send(reply)
  const began = later(10)
  store.confirmCommand(id, confirmed, later(10))
  const messages = () => store.thread('acme:1')?.messages.map((one) => one.delivery?.state ?? one.vendorId)
  store.applyThread('acme', '1', thread([]), began)
  expect(messages()).toEqual(['sent'])
  store.applyThread('acme', '1', thread([message('1', 'v1', { bodyText: 'Hello Ada' })]), later(10))
  expect(messages()).toEqual(['v1'])
})

test('a sent reply takes its draft with it, and leaves one of another kind', () => {
  const { store } = memoryStore()
  store.saveDraft({ conversationId: 'acme:1', kind: 'note', bodyText: 'a note' })
  store.enqueue('acme:1', [reply])
  expect(store.draft('acme:1')?.bodyText).toBe('a note')
  store.saveDraft({ conversationId: 'acme:1', kind: 'reply', bodyText: 'a reply' })
  store.enqueue('acme:1', [reply])
  expect(store.draft('acme:1')).toBeNull()
})

test('a command for an unknown conversation is refused, and none of its group is kept', () => {
  const { store } = memoryStore()
  expect(() => store.enqueue('acme:nope', [reply])).toThrow(expect.objectContaining({ code: 'not_found' }))
  expect(store.outbox()).toEqual([])
})

test('a conversation that the vendor removed leaves its commands behind', () => {
  const { store } = memoryStore()
  store.enqueue('acme:1', [reply])
  store.applyPage('acme', page([], { removedVendorIds: ['1'] }))
  expect(store.thread('acme:1')).toBeNull()
  expect(store.dueCommands('acme', noon).due).toMatchObject([{ conversation: null }])
})

test('an attachment is found by message and id only', () => {
  const { store } = memoryStore()
  const attachment = {
    vendorId: 'f1',
    name: 'a.pdf',
    contentType: 'application/pdf',
    size: 3,
    url: 'https://x.example/a',
    inline: false,
    contentId: null,
  }
  store.applyThread('acme', '1', thread([message('1', 'm1', { attachments: [attachment] })]))
  const [shown] = store.thread('acme:1')?.messages ?? []
  expect(store.attachment(shown?.id ?? '', 'f1')).toEqual({ accountId: 'acme', attachment })
  expect(store.attachment(shown?.id ?? '', 'f2')).toBeNull()
  expect(store.attachment("1' OR 1=1", 'f1')).toBeNull()
})

test('a message of ten megabytes is kept as text that can be shown', () => {
  const { store } = memoryStore()
  const huge = message('1', 'm1', { bodyHtml: `<p>${'x '.repeat(5_000_000)}</p>`, bodyText: '' })
  store.applyThread('acme', '1', thread([huge]))
  const [shown] = store.thread('acme:1')?.messages ?? []
  expect(shown?.bodyHtml).toBeNull()
  expect(shown?.bodyText.length).toBeLessThan(500_000)
  expect(shown?.bodyText).toContain('too long')
})

test('open conversations whose thread is missing or older are read ahead, newest first', () => {
  const { store } = memoryStore()
  const more = [2, 3].map((n) => conversation(String(n), { updatedAt: noon + n }))
  store.applyPage('acme', page([...more, conversation('done', { status: 'solved' })]))
  expect(store.threadsToLoad('acme', 2)).toEqual(['3', '2'])
  store.applyThread('acme', '3', thread([]))
  expect(store.threadsToLoad('acme', 9)).toEqual(['2', '1'])
  store.applyPage('acme', page([conversation('3', { updatedAt: noon + 9 })]))
  expect(store.threadsToLoad('acme', 1)).toEqual(['3'])
})
