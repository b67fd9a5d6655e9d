import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Conversation, ConversationStatus } from '../../../main/connectors/model.ts'
import { createCounters } from '../../../main/inbox/database/counters.ts'
import { Driver } from '../../../main/inbox/database/driver.ts'
import { createLists } from '../../../main/inbox/database/list.ts'
import { createWorkerStore } from '../../../main/inbox/database/worker-store.ts'
import type { ListQuery } from '../../../main/inbox/model.ts'
import { migrate } from '../../../main/inbox/schema/migrate.ts'
import type { WorkerStore } from '../../../main/inbox/store-protocol.ts'
import { generatePages } from '../../bench/generate.ts'
import { acme, conversation, noon, page } from './open-store.ts'

const statuses: ConversationStatus[] = ['new', 'open', 'pending', 'on_hold', 'solved', 'closed']

function memoryStore() {
  const statements: string[] = []
  const db = new Driver(':memory:', { verbose: (sql) => statements.push(String(sql)) })
  migrate(db)
  return { db, statements, store: createWorkerStore(db, Date.now) }
}

function filled(conversations = 1500): ReturnType<typeof memoryStore> {
  const made = memoryStore()
  for (const [index, accountId] of ['acme', 'globex', 'initech'].entries()) {
    made.store.putAccountStep({
      accountId,
      brandId: index === 2 ? null : `brand-${index}`,
      routing: { outlet: 'brand-9' },
      vendorUserId: 'a1',
    })
    const options = { seed: index + 1, conversations: conversations / 3, messages: 1, brandKeys: ['main', 'outlet'] }
    for (const one of generatePages(options)) made.store.applyPage(accountId, one)
  }
  return made
}

function everyPage(store: WorkerStore, query: ListQuery): string[] {
  const ids: string[] = []
  let after: string | undefined
  do {
    const { rows, next } = store.list(after === undefined ? query : { ...query, after })
    ids.push(...rows.map((row) => row.id))
    after = next ?? undefined
  } while (after !== undefined)
  return ids
}

const anyQuery = fc.record(
  {
    brandId: fc.constantFrom('brand-0', 'brand-9', 'unknown'),
    accountId: fc.constantFrom('acme', 'initech', 'unknown'),
    statuses: fc.subarray(statuses),
    assignee: fc.constantFrom('me' as const, 'none' as const),
    unreadOnly: fc.boolean(),
    text: fc.constantFrom('', 'refund', 'order par', '東京'),
  },
  { requiredKeys: [] },
)

test('every combination of filters lists exactly what matches, newest first, over any page size', () => {
  const { store } = filled()
  const everything = everyPage(store, { limit: 200 })
  const rows = new Map(everything.map((id) => [id, store.thread(id)?.conversation]))
  fc.assert(
    fc.property(anyQuery, fc.integer({ min: 1, max: 200 }), (filter, limit) => {
      const { text, ...rest } = filter
      const expected = everything.filter((id) => {
        const row = rows.get(id)
        if (!row) return false
        return (
          (rest.brandId === undefined || row.brandId === rest.brandId) &&
          (rest.accountId === undefined || row.accountId === rest.accountId) &&
          (rest.statuses === undefined || rest.statuses.includes(row.status)) &&
          (rest.assignee !== 'me' || row.assigneeVendorId === 'a1') &&
          (rest.assignee !== 'none' || row.assigneeVendorId === null) &&
          (!rest.unreadOnly || row.unread)
        )
      })
      const found = everyPage(store, { ...filter, limit })
      if (!text) expect(found).toEqual(expected)
      else {
        expect(new Set(found).size).toBe(found.length)
        expect(expected).toEqual(expect.arrayContaining(found))
        const plain = everyPage(store, { text, limit: 200 }).filter((id) => expected.includes(id))
        expect(found).toEqual(plain)
      }
    }),
    { numRuns: 150 },
  )
})

test('the newest activity comes first, over all accounts', () => {
  const { store } = filled()
  const { rows } = store.list({ limit: 200 })
  const times = rows.map((row) => row.updatedAt)
  expect(times).toEqual(times.toSorted((a, b) => b - a))
  expect(new Set(rows.map((row) => row.accountId)).size).toBe(3)
})

test('paging skips and repeats nothing while other conversations move to the top', () => {
  const { store } = filled(300)
  const before = everyPage(store, { limit: 200 })
  const seen: string[] = []
  const moved = new Set<string>()
  let after: string | undefined
  let clock = Date.UTC(2026, 10, 21)
  do {
    const { rows, next } = store.list(after === undefined ? { limit: 7 } : { limit: 7, after })
    seen.push(...rows.map((row) => row.id))
    after = next ?? undefined
    const last = before.at(-1 - moved.size)
    if (last?.startsWith('acme:') && !seen.includes(last)) {
      clock += 1000
      store.applyPage('acme', page([conversation(last.slice(5), { updatedAt: clock })]))
      moved.add(last)
    }
  } while (after !== undefined)
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen).toEqual(before.filter((id) => !moved.has(id)))
})

test('thousands of conversations with the same time are paged completely', () => {
  const { store } = memoryStore()
  store.putAccountStep(acme)
  const same = Array.from({ length: 2500 }, (_, n) => conversation(String(n), { updatedAt: noon }))
  store.applyPage('acme', page(same))
  expect(new Set(everyPage(store, { limit: 100 })).size).toBe(2500)
  expect(new Set(everyPage(store, { limit: 100, text: 'subject' })).size).toBe(2500)
})

test('no list view scans a table or sorts', () => {
  const { db, statements, store } = filled()
  const filters: Partial<ListQuery>[] = [{}, { unreadOnly: true }, { assignee: 'me' }, { statuses: ['new', 'open'] }]
  const scopes: Partial<ListQuery>[] = [
    {},
    { brandId: 'brand-0' },
    { accountId: 'acme' },
    { accountId: 'acme', brandId: 'brand-9' },
  ]
  for (const scope of scopes) {
    for (const filter of [...filters, { ...filters[1], ...filters[2], ...filters[3] }, { text: 'refund' }]) {
      statements.length = 0
      const first = store.list({ ...scope, ...filter, limit: 5 })
      if (first.next) store.list({ ...scope, ...filter, limit: 5, after: first.next })
      expect(statements.length).toBeGreaterThan(0)
      for (const sql of [...statements]) {
        for (const { detail } of db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all()) {
          expect(detail, sql).not.toMatch(
            /TEMP B-TREE|AUTOMATIC|^SCAN (?!search VIRTUAL|conversations USING COVERING INDEX conversations_all)/,
          )
        }
      }
    }
  }
})

test('a page of an unfiltered list walks its index only as far as the page', () => {
  const { db } = filled()
  const plan = db
    .prepare<[], { detail: string }>(
      'EXPLAIN QUERY PLAN SELECT id FROM conversations INDEXED BY conversations_all ORDER BY updated_at DESC, id DESC LIMIT 5',
    )
    .all()
  expect(plan.map((step) => step.detail)).toEqual(['SCAN conversations USING COVERING INDEX conversations_all'])
})

test('a position from elsewhere is refused in words', () => {
  const { store } = filled(30)
  for (const after of ['x', '1', '1.2.3', "1.1' OR 1=1", '-1.5', '9'.repeat(40)]) {
    expect(() => store.list({ limit: 5, after })).toThrow(expect.objectContaining({ code: 'bad_request' }))
  }
  expect(createLists(filled(30).db).row(10 ** 9)).toBeNull()
})

test('the counters equal a recount after any sequence of changes', () => {
  const change = fc.oneof(
    fc.record({
      do: fc.constant('page' as const),
      account: fc.constantFrom('a', 'b'),
      id: fc.integer({ min: 0, max: 8 }),
      at: fc.integer({ min: 0, max: 20 }),
      status: fc.constantFrom(...statuses),
      assignee: fc.constantFrom('me', 'you', null),
      brandKey: fc.constantFrom('k', null),
      by: fc.constantFrom('customer' as const, 'agent' as const, null),
    }),
    fc.record({
      do: fc.constant('remove' as const),
      account: fc.constantFrom('a', 'b'),
      id: fc.integer({ min: 0, max: 8 }),
    }),
    fc.record({ do: fc.constant('read' as const), id: fc.integer({ min: 0, max: 8 }), read: fc.boolean() }),
    fc.record({
      do: fc.constant('send' as const),
      id: fc.integer({ min: 0, max: 8 }),
      status: fc.constantFrom(...statuses),
    }),
    fc.record({ do: fc.constant('discard' as const) }),
    fc.record({ do: fc.constant('brand' as const), brand: fc.constantFrom('x', 'y', null) }),
  )
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const { db, store } = memoryStore()
      for (const accountId of ['a', 'b']) store.putAccountStep({ ...acme, accountId })
      for (const one of changes) {
        if (one.do === 'page') store.applyPage(one.account, page([changed(one)]))
        if (one.do === 'remove') store.applyPage(one.account, page([], { removedVendorIds: [String(one.id)] }))
        if (one.do === 'read') store.setRead([`a:${one.id}`], one.read)
        if (one.do === 'send' && store.thread(`a:${one.id}`)) {
          store.enqueue(`a:${one.id}`, [{ kind: 'status', status: one.status, vendorStatusId: null }])
        }
        const waiting = one.do === 'discard' ? store.outbox()[0] : undefined
        if (waiting) store.discardCommand(waiting.id)
        if (one.do === 'brand') {
          while (store.putAccountStep({ ...acme, accountId: 'a', brandId: one.brand, routing: { k: 'z' } }));
        }
      }
      expect(store.counts()).toEqual({ ...recount(store), revision: expect.any(Number) })
      const kept = createCounters(db).counts(0).total.all
      expect(kept).toBe(db.prepare('SELECT count(*) FROM conversations').pluck().get())
    }),
    { numRuns: 150 },
  )
})

function changed(one: {
  id: number
  at: number
  status: ConversationStatus
  assignee: string | null
  brandKey: string | null
  by: Conversation['lastMessageBy']
}): Conversation {
  return conversation(String(one.id), {
    updatedAt: noon + one.at * 1000,
    status: one.status,
    assigneeVendorId: one.assignee,
    brandKey: one.brandKey,
    lastMessageBy: one.by,
  })
}

/** The same figures by looking at every row. */
function recount(store: WorkerStore) {
  const counts = {
    total: { all: 0, unread: 0, mine: 0, unassigned: 0 },
    byBrand: {} as Record<string, { open: number; unread: number }>,
    byAccount: {} as Record<string, { all: number; open: number; unread: number }>,
  }
  for (const row of store.list({ limit: 200 }).rows) {
    const open = row.status === 'solved' || row.status === 'closed' ? 0 : 1
    const unread = row.unread ? 1 : 0
    counts.total.all += 1
    counts.total.unread += unread
    if (row.assigneeVendorId === acme.vendorUserId) counts.total.mine += open
    if (row.assigneeVendorId === null) counts.total.unassigned += open
    counts.byAccount[row.accountId] ??= { all: 0, open: 0, unread: 0 }
    const account = counts.byAccount[row.accountId]
    if (account)
      Object.assign(account, { all: account.all + 1, open: account.open + open, unread: account.unread + unread })
    if (row.brandId === null) continue
    counts.byBrand[row.brandId] ??= { open: 0, unread: 0 }
    const brand = counts.byBrand[row.brandId]
    if (brand) Object.assign(brand, { open: brand.open + open, unread: brand.unread + unread })
  }
  return counts
}
