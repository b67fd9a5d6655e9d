import { pageAt } from '../../content/paging.ts'
import type { Reply } from '../../exchange.ts'
import { type Call, list, readPage } from './call.ts'
import { refuse } from './errors.ts'
import { seconds, statusType } from './wire.ts'

interface Range {
  from: number
  to: number
}

function readRange(call: Call, name: string): Range | null {
  const text = call.query.get(name)
  if (text === null) return null
  const [from, to] = text
    .split(',')
    .map((each) => (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(each) ? Date.parse(each) : Number.NaN))
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) throw refuse.parameter(name)
  return { from, to }
}

const within = (ms: number, range: Range | null) =>
  range === null || (seconds(ms) >= range.from && seconds(ms) <= range.to)

/**
 * GET /tickets/search. By `modifiedTime` a page costs its own size, whatever the portal's. Deleted tickets are not in it, spam is. What
 * changed within the lag of the index is not in it at all until then.
 */
export function searchTickets(call: Call): Reply {
  const { from, limit } = readPage(call, { most: 100, usual: 10, mostFrom: 4999 })
  const modified = readRange(call, 'modifiedTimeRange')
  const sortBy = call.query.get('sortBy') ?? 'relevance'
  const { size, at } = changed(call, modified)
  const plain = ![
    'tag',
    'status',
    'createdTimeRange',
    'customerResponseTimeRange',
    'departmentId',
    'ticketNumber',
    'id',
  ].some((name) => call.query.has(name))
  const hidden = [...call.store.hidden.values()].includes('deleted')
  if (plain && !hidden && /^-?modifiedTime$|^relevance$/.test(sortBy)) {
    const order = { size, at, key: (index: number) => index, since: () => 0 }
    const { indexes } = pageAt(order, {
      offset: from,
      limit,
      descending: sortBy.startsWith('-') || sortBy === 'relevance',
    })
    return answer(call, indexes, size)
  }
  const all = Array.from({ length: size }, (_, place) => at(place)).filter((index) => index !== undefined)
  const found = sorted(
    call,
    all.filter((index) => fits(call, index)),
    sortBy,
  )
  return answer(call, found.slice(from, from + limit), found.length)
}

const answer = (call: Call, indexes: number[], count: number) =>
  list(
    indexes.map((index) => ({
      ...call.wire.ticket(index),
      ...call.wire.included(index),
      lastThread: call.wire.listItem(index).lastThread,
    })),
    { count },
  )

/** Tickets of a range by their last change, oldest first. */
function changed(call: Call, range: Range | null) {
  const { changes } = call.store
  const low = range === null ? 0 : changes.since(Math.ceil(range.from / 1000) * 1000)
  const to = Math.min(range === null ? Number.POSITIVE_INFINITY : seconds(range.to) + 999, call.indexedUntil)
  const high = to === Number.POSITIVE_INFINITY ? changes.size : changes.since(to + 1)
  return { size: Math.max(0, high - low), at: (place: number) => changes.at(low + place) }
}

function fits(call: Call, index: number): boolean {
  const { store, query, wire } = call
  if (store.hidden.get(index) === 'deleted') return false
  const row = store.row(index)
  const tag = query.get('tag')
  if (
    tag !== null &&
    !(tag === `\${NotEmpty}`
      ? row.tags.length > 0
      : tag === `\${Empty}`
        ? row.tags.length === 0
        : row.tags.includes(tag))
  )
    return false
  const status = query.get('status')
  const type = statusType(store.status(row.status).kind).toLowerCase().replace(' ', '')
  if (status !== null && status !== row.status && status.toLowerCase() !== `\${${type}}`) return false
  if (query.has('id') && query.get('id') !== wire.ticketId(index)) return false
  if (query.has('departmentId') && query.get('departmentId') !== wire.departmentId(row.brand)) return false
  if (query.has('ticketNumber') && query.get('ticketNumber') !== String(101 + index)) return false
  return within(row.createdAt, readRange(call, 'createdTimeRange'))
}

function sorted(call: Call, indexes: number[], sortBy: string): number[] {
  const name = sortBy.replace('-', '')
  const key = (index: number) =>
    name === 'createdTime' ? call.store.row(index).createdAt : call.store.changes.changedAt(index)
  const step = sortBy.startsWith('-') || name === 'relevance' ? -1 : 1
  return indexes
    .map((index) => ({ index, at: key(index) }))
    .sort((a, b) => step * (a.at - b.at))
    .map(({ index }) => index)
}
