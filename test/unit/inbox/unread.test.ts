import { expect, test } from 'vitest'
import type { Conversation } from '../../../main/connectors/model.ts'
import { Driver } from '../../../main/inbox/database/driver.ts'
import { createWorkerStore } from '../../../main/inbox/database/worker-store.ts'
import { migrate } from '../../../main/inbox/schema/migrate.ts'
import { acme, conversation, message, noon, page, thread } from './open-store.ts'

const day = 86_400_000
const agent = { vendorId: 'a', name: 'Agent', email: null, phone: null, role: 'agent' as const }

function memoryStore({ current }: { current: boolean }) {
  const db = new Driver(':memory:')
  migrate(db)
  const store = createWorkerStore(db, Date.now)
  store.putAccountStep(acme)
  if (current) store.applyPage('acme', page([]))
  const put = (changes: Partial<Conversation>) => store.applyPage('acme', page([conversation('1', changes)]))
  const unread = () => store.list({ unreadOnly: true, limit: 200 }).rows.map((row) => row.vendorId)
  return { store, put, unread }
}

test('a first fill marks only what waits for an answer and is recent', () => {
  const { store, unread } = memoryStore({ current: false })
  store.applyPage(
    'acme',
    page(
      [
        conversation('waiting'),
        conversation('answered', { lastMessageBy: 'agent' }),
        conversation('solved', { status: 'solved' }),
        conversation('old', { updatedAt: noon - 4 * day }),
        conversation('untold', { lastMessageBy: null }),
        conversation('untold-new', { lastMessageBy: null, status: 'new' }),
      ],
      { more: true },
    ),
  )
  store.applyPage('acme', page([conversation('older', { updatedAt: noon - 30 * day })]))
  expect(unread().toSorted()).toEqual(['untold-new', 'waiting'])
})

test('threads read ahead after a first fill mark nothing', () => {
  const { store, unread } = memoryStore({ current: false })
  store.applyPage('acme', page([conversation('1', { status: 'pending' })]))
  store.applyThread('acme', '1', thread([message('1', 'm1', { createdAt: noon - 10 })]))
  expect(unread()).toEqual([])
})

test('a new conversation of a customer is unread once the account is current', () => {
  const { put, unread } = memoryStore({ current: true })
  put({ lastMessageBy: null })
  expect(unread()).toEqual(['1'])
})

test('a customer who writes again makes a read conversation unread, told by the list', () => {
  const { store, put, unread } = memoryStore({ current: true })
  put({ lastMessageBy: 'agent' })
  store.setRead(['acme:1'], true)
  put({ lastMessageBy: 'customer', updatedAt: noon + 1000 })
  expect(unread()).toEqual(['1'])
})

test('a customer who writes again makes a read conversation unread, told by the thread', () => {
  const { store, put, unread } = memoryStore({ current: true })
  put({})
  store.setRead(['acme:1'], true)
  put({ updatedAt: noon + 5000 })
  expect(unread()).toEqual([])
  store.applyThread('acme', '1', thread([message('1', 'm1', { createdAt: noon + 4000 })]))
  expect(unread()).toEqual(['1'])
})

test('a change that is no message leaves a read conversation read', () => {
  const { store, put, unread } = memoryStore({ current: true })
  put({})
  store.setRead(['acme:1'], true)
  put({ updatedAt: noon + 5000, tags: ['changed'] })
  store.applyThread('acme', '1', thread([message('1', 'm1', { createdAt: noon - 10 })]))
  expect(unread()).toEqual([])
})

test('an answer of a colleague makes it read', () => {
  const { put, unread } = memoryStore({ current: true })
  put({})
  put({ lastMessageBy: 'agent', updatedAt: noon + 1000 })
  expect(unread()).toEqual([])
})

test('an answer of a colleague that only the thread tells of makes it read', () => {
  const { store, put, unread } = memoryStore({ current: true })
  put({ lastMessageBy: null })
  const answer = message('1', 'm2', { direction: 'out', author: agent, createdAt: noon + 2000 })
  store.applyThread('acme', '1', thread([message('1', 'm1'), answer]))
  expect(unread()).toEqual([])
})

test('what the agent put back to unread stays so when the same thread is read again', () => {
  const { store, put, unread } = memoryStore({ current: true })
  put({ lastMessageBy: 'agent' })
  const answered = thread([message('1', 'm2', { direction: 'out', author: agent, createdAt: noon - 1 })])
  store.applyThread('acme', '1', answered)
  store.setRead(['acme:1'], false)
  store.applyThread('acme', '1', answered)
  expect(unread()).toEqual(['1'])
})

test('a solved conversation that the customer opened again is unread', () => {
  const { store, put, unread } = memoryStore({ current: true })
  put({ status: 'solved', lastMessageBy: null })
  store.setRead(['acme:1'], true)
  put({ status: 'open', lastMessageBy: null, updatedAt: noon + 1000 })
  expect(unread()).toEqual(['1'])
})

test('our own queued reply makes it read at once', () => {
  const { store, put, unread } = memoryStore({ current: true })
  put({})
  store.enqueue('acme:1', [{ kind: 'reply', bodyText: 'x', bodyHtml: '' }])
  expect(unread()).toEqual([])
})
