import { encodeCursor, type Ordered, pageAfter, pageAt, without } from '../../content/paging.ts'
import { json, type Reply } from '../../exchange.ts'
import { type Call, isAdmin, sideloads } from './call.ts'
import { refuse } from './errors.ts'
import { cursorPage, keyOf, offsetPage } from './pages.ts'

/** GET /api/v2/tickets: cursor paging when `page[size]` or `page[after]` is there, offset paging otherwise. */
export function listTickets(call: Call): Reply {
  const sort = call.query.get('sort') ?? call.query.get('sort_by') ?? 'id'
  const field = sort.replace(/^-/, '')
  if (!['id', 'updated_at', 'created_at'].includes(field))
    throw refuse.badRequest('Invalid sort', `sort is not valid: ${sort}`)
  const descending = sort.startsWith('-') || call.query.get('sort_order') === 'desc'
  const since = call.query.get('start_time')
  const from = since === null ? undefined : Number(since) * 1000
  if (from !== undefined && !(from >= 0))
    throw refuse.badRequest('Invalid attribute', 'start_time must be unix seconds')
  const cursored = call.query.has('page[size]') || call.query.has('page[after]')
  const order = without(orderOf(call, field, from), [...call.store.hidden.keys()])
  if (cursored) {
    const { indexes, meta, links } = cursorPage(call, order, descending)
    const tickets = indexes.map((index) => call.wire.listed(index))
    return json(200, { tickets, ...sideloads(call, tickets), meta, links })
  }
  const { indexes, envelope } = offsetPage(call, order, descending)
  const tickets = indexes.map((index) => call.wire.listed(index))
  return json(200, { tickets, ...sideloads(call, tickets), ...envelope })
}

function orderOf(call: Call, field: string, from: number | undefined): Ordered {
  const { store } = call
  if (field !== 'updated_at') return from === undefined ? store.creations : store.changedSince(from)
  if (from === undefined) return store.changes
  const first = store.changes.since(from)
  return {
    size: store.changes.size - first,
    at: (position) => store.changes.at(position + first),
    key: (index) => store.changes.key(index),
    since: (key) => Math.max(0, store.changes.since(key) - first),
  }
}

/** GET /api/v2/incremental/tickets/cursor: admins only, and never the newest moments. */
export function incrementalTickets(call: Call): Reply {
  if (!isAdmin(call))
    throw refuse.forbidden(
      'You do not have access to this page. Please contact the account owner of this help desk for further help.',
    )
  const cursor = call.query.get('cursor')
  const start = call.query.get('start_time')
  if (cursor === null && start === null) throw refuse.badRequest('Invalid attribute', 'start_time or cursor is needed')
  const withoutDeleted = call.query.get('exclude_deleted') === 'true'
  const visibleUntil = Date.now() - call.exportLagMs
  if (cursor === null && !(Number(start) * 1000 <= visibleUntil))
    throw refuse.invalid('start_time', 'Too recent start_time. Use a start_time older than 1 minute')
  const limit = Math.min(1000, Math.max(1, Number(call.query.get('per_page') ?? 1000)))
  const after = cursor === null ? Number(start) * 1000 - 1 : keyOf(cursor)
  const slice = pageAfter(call.store.changes, {
    limit,
    descending: false,
    after,
    keep: (index) =>
      call.store.changes.changedAt(index) <= visibleUntil && !(withoutDeleted && call.store.hidden.has(index)),
  })
  const tickets = slice.indexes.map((index) => call.wire.ticket(index))
  const last = slice.indexes.at(-1)
  const next = encodeCursor({ k: last === undefined ? after : call.store.changes.key(last) })
  const url = new URL(call.exchange.url)
  url.searchParams.delete('start_time')
  url.searchParams.set('cursor', next)
  return json(200, {
    tickets,
    ...sideloads(call, tickets),
    after_cursor: next,
    after_url: url.href,
    before_cursor: null,
    before_url: null,
    end_of_stream: !slice.more,
  })
}

/** GET /api/v2/search and /search/export. Understands type, status, priority, tags, updated, created, assignee:me and words. */
export function searchTickets(call: Call, exporting: boolean): Reply {
  const query = call.query.get('query') ?? ''
  const { from, keep } = parseQuery(call, query)
  const first = call.store.changes.since(from)
  const descending = call.query.get('sort_order') !== 'asc'
  if (exporting) {
    const { indexes, meta, links } = cursorPage(
      call,
      call.store.creations,
      true,
      (i) => call.store.changes.changedAt(i) >= from && keep(i),
    )
    return json(200, {
      results: indexes.map((i) => ({ ...call.wire.ticket(i), result_type: 'ticket' })),
      facets: null,
      meta,
      links,
    })
  }
  const page = Number(call.query.get('page') ?? 1)
  const perPage = Math.min(100, Number(call.query.get('per_page') ?? 100))
  if (page * perPage > 1000)
    throw refuse.invalid('page', 'Requested page is past the 1000 results that can be returned')
  const found = pageAfter(call.store.changes, {
    limit: 1000,
    descending,
    after: descending ? undefined : from - 1,
    keep: (index) => call.store.changes.changedAt(index) >= from && keep(index),
  }).indexes
  const listed: Ordered = { size: found.length, at: (i) => found[i], key: (i) => i, since: (key) => key }
  const slice = pageAt(listed, { offset: (page - 1) * perPage, limit: perPage, descending: false })
  const link = (to: number) => {
    const url = new URL(call.exchange.url)
    url.searchParams.set('page', String(to))
    return url.href
  }
  const plain = query.replace(/\b(type|updated|created)\S+/g, '').trim() === ''
  return json(200, {
    results: slice.indexes.map((index) => ({ ...call.wire.ticket(index), result_type: 'ticket' })),
    facets: null,
    count: plain ? call.store.changes.size - first : found.length,
    next_page: slice.more ? link(page + 1) : null,
    previous_page: page > 1 ? link(page - 1) : null,
  })
}

function parseQuery(call: Call, query: string): { from: number; keep: (index: number) => boolean } {
  let from = 0
  const tests: ((index: number) => boolean)[] = []
  for (const part of query.split(/\s+/).filter(Boolean)) {
    const [, field, operator, value] = /^(\w+)(:|>=|>|<=|<)(.+)$/.exec(part) ?? []
    const time = Date.parse(value ?? '')
    if (field === 'updated' && operator?.startsWith('>')) from = time
    else if (field === 'updated') tests.push((i) => call.store.changes.changedAt(i) < time)
    else if (field === 'created')
      tests.push((i) =>
        operator?.startsWith('>') ? call.store.row(i).createdAt >= time : call.store.row(i).createdAt < time,
      )
    else if (field === 'status') tests.push((i) => call.store.status(call.store.row(i).status).kind === value)
    else if (field === 'priority') tests.push((i) => call.store.row(i).priority === value)
    else if (field === 'tags') tests.push((i) => call.store.row(i).tags.includes(value ?? ''))
    else if (field === 'assignee' && value === 'me') tests.push((i) => call.store.row(i).assignee === call.staff)
    else if (!field) tests.push((i) => call.store.row(i).subject.toLowerCase().includes(part.toLowerCase()))
    else if (field !== 'type') throw refuse.invalid('query', `Invalid search: ${field}`)
  }
  return { from, keep: (index) => !call.store.hidden.has(index) && tests.every((test) => test(index)) }
}

export function showMany(call: Call): Reply {
  const ids = (call.query.get('ids') ?? '').split(',').map(Number)
  if (ids.length > 100) throw refuse.badRequest('Invalid attribute', 'at most 100 ids')
  const tickets = ids
    .map((id) => call.wire.ids.index(id))
    .filter((index) => call.store.has(index) && !call.store.hidden.has(index))
    .map((index) => call.wire.ticket(index))
  return json(200, {
    tickets,
    ...sideloads(call, tickets),
    count: tickets.length,
    next_page: null,
    previous_page: null,
  })
}
