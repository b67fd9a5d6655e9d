import type { Priority } from '../../content/conversations.ts'
import type { Ordered } from '../../content/paging.ts'
import { isRecord, json, type Reply } from '../../exchange.ts'
import { body, type Call, keyPage, limitOf, listPage, paging } from './call.ts'
import { refuse } from './errors.ts'
import { setAssignee, setStage } from './threads.ts'
import { priorities } from './wire.ts'

type Kind = 'ticket' | 'contact'

const defaults: Record<Kind, string[]> = {
  ticket: [
    'content',
    'createdate',
    'hs_lastmodifieddate',
    'hs_object_id',
    'hs_pipeline',
    'hs_pipeline_stage',
    'hs_ticket_category',
    'hs_ticket_priority',
    'subject',
  ],
  contact: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
}

/** One CRM object with the properties asked for; those the portal does not know are left out. */
function record(
  call: Call,
  kind: Kind,
  place: number,
  wanted: string[],
  associations: string[] = [],
): Record<string, unknown> {
  const all = kind === 'ticket' ? call.wire.ticketProperties(place) : call.wire.contactProperties(place)
  const names = [
    ...new Set([
      ...(wanted.length > 0 ? wanted : defaults[kind]),
      'hs_object_id',
      'createdate',
      kind === 'ticket' ? 'hs_lastmodifieddate' : 'lastmodifieddate',
    ]),
  ]
  const id = all.hs_object_id ?? ''
  const contacts = kind === 'ticket' && associations.includes('contacts')
  return {
    id,
    properties: Object.fromEntries(names.flatMap((name) => (name in all ? [[name, all[name] ?? null]] : []))),
    createdAt: all.createdate,
    updatedAt: all.hs_lastmodifieddate ?? all.lastmodifieddate,
    archived: false,
    url: call.wire.url(kind, id),
    ...(contacts
      ? {
          associations: {
            contacts: {
              results: [{ id: call.wire.contactId(call.store.row(place).customer), type: 'ticket_to_contact' }],
            },
          },
        }
      : {}),
  }
}

function names(call: Call, key: string): string[] {
  return call.query
    .getAll(key)
    .flatMap((part) => part.split(','))
    .filter(Boolean)
}

function place(call: Call, kind: Kind, id: string): number | undefined {
  const found = kind === 'ticket' ? call.wire.ticketIndex(id) : call.wire.contactNumber(id)
  const known =
    kind === 'ticket'
      ? call.store.has(found) && call.wire.hasTicket(found)
      : Number.isInteger(found) && found >= 0 && found < call.store.customers
  return known ? found : undefined
}

function contacts(call: Call): Ordered {
  return {
    size: call.store.customers,
    at: (i) => i,
    key: (i) => i,
    since: (key) => Math.max(0, Math.min(key, call.store.customers)),
  }
}

export function listObjects(call: Call, kind: Kind): Reply {
  if (call.query.get('archived') === 'true') return json(200, { results: [] })
  const order = kind === 'ticket' ? call.store.creations : contacts(call)
  const keep = kind === 'ticket' ? { keep: call.wire.hasTicket } : {}
  const { indexes, next } = keyPage(call, order, { limit: limitOf(call, 100, 10), ...keep })
  const results = indexes.map((index) =>
    record(call, kind, index, names(call, 'properties'), names(call, 'associations')),
  )
  return json(200, { results, ...next })
}

export function showObject(call: Call, kind: Kind): Reply {
  const id = call.params.id ?? ''
  const byEmail = kind === 'contact' && call.query.get('idProperty') === 'email'
  const found = byEmail ? call.store.customerByEmail(id)?.number : place(call, kind, id)
  if (found === undefined) throw refuse.notFound(kind)
  return json(200, record(call, kind, found, names(call, 'properties'), names(call, 'associations')))
}

export function readObjects(call: Call, kind: Kind): Reply {
  const wish = body(call)
  const inputs = Array.isArray(wish.inputs) ? wish.inputs : undefined
  if (!inputs || inputs.length > 100) throw refuse.invalid('inputs must be a list of at most 100')
  const wanted = Array.isArray(wish.properties) ? wish.properties.map(String) : []
  const results = inputs.flatMap((input) => {
    const found = place(call, kind, isRecord(input) ? String(input.id) : '')
    return found === undefined ? [] : [record(call, kind, found, wanted)]
  })
  const failed = inputs.length - results.length
  const now = new Date().toISOString()
  const errors =
    failed > 0
      ? { numErrors: failed, errors: [{ message: 'Could not get some objects', category: 'OBJECT_NOT_FOUND' }] }
      : {}
  return json(failed > 0 ? 207 : 200, { status: 'COMPLETE', results, startedAt: now, completedAt: now, ...errors })
}

export function patchTicket(call: Call): Reply {
  const index = place(call, 'ticket', call.params.id ?? '')
  if (index === undefined) throw refuse.notFound('ticket')
  const { properties } = body(call)
  if (!isRecord(properties)) throw refuse.invalid('Invalid input JSON: some required fields were not set: [properties]')
  checkProperties(call, properties)
  for (const [name, value] of Object.entries(properties)) applyProperty(call, index, name, value)
  return json(200, record(call, 'ticket', index, Object.keys(properties)))
}

/** @throws Refusal 400 naming the property, before anything is changed */
function checkProperties(call: Call, properties: Record<string, unknown>): void {
  const allowed: Record<string, (value: string) => boolean> = {
    subject: () => true,
    content: () => true,
    hs_pipeline: () => true,
    hs_pipeline_stage: (value) => call.store.spec.statuses.some((status) => status.id === value),
    hs_ticket_priority: (value) => value === '' || Object.values<string>(priorities).includes(value),
    hubspot_owner_id: (value) => value === '' || call.store.spec.staff[call.wire.ownerPlace(value)] !== undefined,
  }
  for (const [name, value] of Object.entries(properties)) {
    const text = value === null ? '' : String(value)
    const check = allowed[name]
    if (check?.(text)) continue
    const message = check ? `${text} was not one of the allowed options` : `Property "${name}" does not exist`
    const code = check ? 'INVALID_OPTION' : 'PROPERTY_DOESNT_EXIST'
    throw refuse.invalid(`Property values were not valid: ${message}`, [
      { message, code, context: { propertyName: [name] } },
    ])
  }
}

function applyProperty(call: Call, index: number, name: string, value: unknown): void {
  const text = value === null ? '' : String(value)
  if (name === 'hs_pipeline_stage') setStage(call, index, text)
  if (name === 'hubspot_owner_id') setAssignee(call, index, text === '' ? null : call.wire.ownerPlace(text))
  if (name === 'subject') call.store.change(index, { subject: text })
  if (name === 'hs_ticket_priority') {
    const entry = Object.entries(priorities).find(([, wire]) => wire === text)
    call.store.change(index, { priority: entry ? (entry[0] as Priority) : null })
  }
}

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

export function listOwners(call: Call): Reply {
  const email = call.query.get('email')
  const all = call.store.spec.staff.map((_, at) => call.wire.owner(at))
  const found = all.filter((owner) => email === null || owner.email === email)
  const { items, next } = listPage(call, call.query.get('archived') === 'true' ? [] : found, limitOf(call, 500, 100))
  return json(200, { results: items, ...next })
}
