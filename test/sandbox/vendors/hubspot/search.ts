import type { Ordered } from '../../content/paging.ts'
import { isRecord, json, type Reply } from '../../exchange.ts'
import { body, type Call, paging } from './call.ts'
import { contacts, type Kind, record } from './crm.ts'
import { refuse } from './errors.ts'

interface Search {
  order: Ordered
  from: number
  to: number
  descending: boolean
  keep: (index: number) => boolean
  filtered: boolean
}

/** POST search: at most 200 a page and 10,000 in all; `after` is an offset, as with the vendor. */
export function searchObjects(call: Call, kind: Kind): Reply {
  const wish = body(call)
  const limit = Number(wish.limit ?? 10)
  const offset = Number(wish.after ?? 0)
  if (!(limit >= 1 && limit <= 200)) throw refuse.invalid('limit must be between 1 and 200')
  if (!Number.isInteger(offset) || offset < 0) throw refuse.invalid('after is not valid')
  if (offset + limit > 10_000) throw refuse.invalid('The maximum of 10000 results per query was exceeded')
  const wanted = Array.isArray(wish.properties) ? wish.properties.map(String) : []
  const search = kind === 'ticket' ? ticketSearch(call, wish) : contactSearch(call, wish)
  const { found, total } = run(search, offset + limit)
  const results = found.slice(offset, offset + limit).map((index) => record(call, kind, index, wanted))
  const more = total > offset + limit
  return json(200, { total, results, ...paging(call, more ? String(offset + limit) : undefined) })
}

/** Looks at no more rows than needed for the page; the total of a wide search is reckoned, not counted, as the vendor does. */
function run(search: Search, needed: number): { found: number[]; total: number } {
  const { order, from, to, descending } = search
  const found: number[] = []
  const span = to - from
  const countAll = span <= 20_000
  for (let step = 0; step < span && (countAll || found.length < needed); step++) {
    const index = order.at(descending ? to - 1 - step : from + step)
    if (index !== undefined && search.keep(index)) found.push(index)
    if (!countAll && search.filtered && step > 20_000) break
  }
  return { found, total: countAll || search.filtered ? found.length : span - Math.round((span * 2) / 64) }
}

interface Filter {
  name: string
  operator: string
  value: string
  high: string
  values: string[]
}

function filtersOf(wish: Record<string, unknown>): Filter[][] {
  const groups = Array.isArray(wish.filterGroups) ? wish.filterGroups : []
  if (groups.length > 5) throw refuse.invalid('too many filterGroups')
  return groups.map((group) => {
    const filters = isRecord(group) && Array.isArray(group.filters) ? group.filters : []
    if (filters.length > 6) throw refuse.invalid('too many filters in a group')
    return filters.filter(isRecord).map((filter) => ({
      name: String(filter.propertyName),
      operator: String(filter.operator),
      value: String(filter.value ?? ''),
      high: String(filter.highValue ?? ''),
      values: Array.isArray(filter.values) ? filter.values.map(String) : [],
    }))
  })
}

function sortOf(wish: Record<string, unknown>, fallback: string): { name: string; descending: boolean } {
  const sorts = Array.isArray(wish.sorts) ? wish.sorts : []
  if (sorts.length > 1) throw refuse.invalid('only one sort is supported')
  const [sort] = sorts
  if (typeof sort === 'string') return { name: sort.replace(/^-/, ''), descending: sort.startsWith('-') }
  return isRecord(sort)
    ? { name: String(sort.propertyName), descending: sort.direction === 'DESCENDING' }
    : { name: fallback, descending: false }
}

/** Dates come as ISO text or as epoch milliseconds in text. */
function moment(text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isNaN(time)) throw refuse.invalid(`${text} is not a valid time`)
  return time
}

function fits(filter: Filter, raw: string | null): boolean {
  const timed = ['createdate', 'hs_lastmodifieddate', 'lastmodifieddate'].includes(filter.name)
  const number = (text: string) => (timed ? moment(text) : Number(text))
  const own = raw === null ? Number.NaN : number(raw)
  switch (filter.operator) {
    case 'EQ':
      return timed ? own === number(filter.value) : raw === filter.value
    case 'NEQ':
      return raw !== filter.value
    case 'IN':
      return raw !== null && filter.values.includes(raw)
    case 'NOT_IN':
      return raw !== null && !filter.values.includes(raw)
    case 'HAS_PROPERTY':
      return raw !== null
    case 'NOT_HAS_PROPERTY':
      return raw === null
    case 'GT':
      return own > number(filter.value)
    case 'GTE':
      return own >= number(filter.value)
    case 'LT':
      return own < number(filter.value)
    case 'LTE':
      return own <= number(filter.value)
    case 'BETWEEN':
      return own >= number(filter.value) && own <= number(filter.high)
    case 'CONTAINS_TOKEN':
      return raw?.toLowerCase().includes(filter.value.replaceAll('*', '').toLowerCase()) ?? false
    case 'NOT_CONTAINS_TOKEN':
      return !raw?.toLowerCase().includes(filter.value.replaceAll('*', '').toLowerCase())
    default:
      throw refuse.invalid(`${filter.operator} is not a known operator`)
  }
}

/** A lower bound on the sorted property narrows the search before any row is looked at. */
function ticketSearch(call: Call, wish: Record<string, unknown>): Search {
  const groups = filtersOf(wish)
  const sort = sortOf(wish, 'hs_object_id')
  const order = sort.name === 'hs_lastmodifieddate' ? call.store.changes : call.store.creations
  if (!['hs_lastmodifieddate', 'createdate', 'hs_object_id'].includes(sort.name))
    throw refuse.invalid(`Cannot sort by ${sort.name}`)
  const only = groups.length === 1 ? (groups[0] ?? []) : []
  const lower = only.find((filter) => filter.name === sort.name && ['GT', 'GTE', 'BETWEEN'].includes(filter.operator))
  const from = lower ? lowerPosition(call, sort.name, lower.value) : 0
  const rest = lower?.operator === 'GTE' ? [only.filter((filter) => filter !== lower)] : groups
  const filtered = rest.some((filters) => filters.length > 0)
  const words = typeof wish.query === 'string' ? wish.query.toLowerCase() : ''
  const keep = (index: number) => {
    if (!call.wire.hasTicket(index)) return false
    if (words && !call.store.row(index).subject.toLowerCase().includes(words)) return false
    if (!filtered) return true
    const properties = call.wire.ticketProperties(index)
    return rest.some((filters) => filters.every((filter) => fits(filter, properties[filter.name] ?? null)))
  }
  return { order, from, to: order.size, descending: sort.descending, keep, filtered: filtered || words !== '' }
}

function lowerPosition(call: Call, name: string, value: string): number {
  if (name === 'hs_lastmodifieddate') return call.store.changes.since(moment(value))
  if (name === 'createdate') return call.store.createdSince(moment(value))
  return Math.max(0, Math.min(call.wire.ticketIndex(value), call.store.size))
}

function contactSearch(call: Call, wish: Record<string, unknown>): Search {
  const groups = filtersOf(wish)
  const sort = sortOf(wish, 'hs_object_id')
  const email = groups[0]?.find((filter) => filter.name === 'email' && filter.operator === 'EQ')
  const known = email ? call.store.customerByEmail(email.value)?.number : undefined
  const [from, to] = email ? [known ?? 0, known === undefined ? 0 : known + 1] : [0, call.store.customers]
  const filtered = groups.some((filters) => filters.length > 0)
  const keep = (number: number) => {
    if (!filtered) return true
    const properties = call.wire.contactProperties(number)
    return groups.some((filters) => filters.every((filter) => fits(filter, properties[filter.name] ?? null)))
  }
  return { order: contacts(call), from, to, descending: sort.descending, keep, filtered }
}
