import type { Priority } from '../../content/conversations.ts'
import { type Ordered, pageAfter, pageAt, without } from '../../content/paging.ts'
import type { RowPatch } from '../../content/site-store.ts'
import { json, type Reply } from '../../exchange.ts'
import { htmlToText } from '../../html.ts'
import { type Call, linkHeader, readBody, readPage, ticketIndex } from './call.ts'
import { refuse } from './errors.ts'

const month = 30 * 86_400_000
const includes = ['stats', 'requester', 'requested_for', 'tags', 'department', 'created_by']

function included(call: Call, index: number, wanted: string[]): Record<string, unknown> {
  const row = call.store.row(index)
  const person = () => {
    const who = call.store.customer(row.customer)
    return { id: call.wire.requesterId(row.customer), name: who.name, email: who.email, mobile: null, phone: who.phone }
  }
  return {
    ...call.wire.ticket(index),
    ...(wanted.includes('stats') ? { stats: call.wire.stats(index) } : {}),
    ...(wanted.includes('requester') ? { requester: person() } : {}),
    ...(wanted.includes('requested_for') ? { requested_for: person() } : {}),
    ...(wanted.includes('tags') ? { tags: row.tags } : {}),
  }
}

function readIncludes(call: Call, allowed: string[]): string[] {
  const wanted = (call.query.get('include') ?? '').split(',').filter(Boolean)
  const unknown = wanted.find((name) => !allowed.includes(name))
  if (unknown)
    throw refuse.invalid({
      field: 'include',
      message: `It should be one of these values: '${allowed.join(',')}'`,
      code: 'invalid_value',
    })
  return wanted
}

/** GET /tickets: by creation, newest first unless `order_type=asc`; only the last 30 days unless `updated_since` is given. */
export function listTickets(call: Call): Reply {
  const page = readPage(call, ['filter', 'email', 'requester_id', 'updated_since', 'type', 'include', 'order_type'])
  const wanted = readIncludes(call, includes)
  const since = call.query.get('updated_since')
  const time = since === null ? undefined : Date.parse(since)
  if (Number.isNaN(time))
    throw refuse.invalid({
      field: 'updated_since',
      message: 'It should be in the ISO 8601 format',
      code: 'invalid_value',
    })
  const descending = call.query.get('order_type') !== 'asc'
  const narrowed = narrow(call)
  const offset = (page.page - 1) * page.perPage
  const all = time === undefined ? recent(call) : call.store.changedSince(time)
  const order = ofWorkspace(call, narrowed ? listOf(narrowed) : without(all, [...call.store.hidden.keys()]))
  const slice = pageAt(order, { offset, limit: page.perPage, descending })
  const tickets = slice.indexes.map((index) => included(call, index, wanted))
  return json(200, { tickets }, linkHeader(call, page, slice.more))
}

function recent(call: Call) {
  const first = call.store.createdSince(Date.now() - month)
  const { creations } = call.store
  return { ...creations, size: creations.size - first, at: (position: number) => position + first }
}

/** The workspace that was asked for; all of them with 0, and the primary one where none is named. */
function ofWorkspace(call: Call, order: Ordered): Ordered {
  const wanted = call.query.get('workspace_id')
  if (wanted === '0' || call.store.spec.brands.length < 2) return order
  const brand = wanted === null ? 0 : Number(wanted) - call.wire.workspaceId(0)
  const all = Array.from({ length: order.size }, (_, place) => order.at(place))
  return listOf(all.filter((index): index is number => index !== undefined && call.store.row(index).brand === brand))
}

function listOf(indexes: number[]) {
  return {
    size: indexes.length,
    at: (position: number) => indexes[position],
    key: (index: number) => index,
    since: () => 0,
  }
}

/** Conversations of one requester, or of a named filter; undefined for the whole list. */
function narrow(call: Call): number[] | undefined {
  const { store } = call
  const email = call.query.get('email')
  const id = call.query.get('requester_id')
  if (email !== null) {
    const found = store.customerByEmail(email)
    return found ? store.byCustomer(found.number) : []
  }
  if (id !== null) return store.byCustomer(call.wire.requesterNumber(Number(id)))
  const filter = call.query.get('filter')
  if (filter === null) return undefined
  if (filter === 'watching') return []
  if (filter === 'spam' || filter === 'deleted') {
    const since = Date.parse(call.query.get('updated_since') ?? '')
    const found = [...store.hidden].filter(([, how]) => how === filter).map(([index]) => index)
    return found.filter((index) => !(store.changes.changedAt(index) < since)).sort((a, b) => a - b)
  }
  if (filter !== 'new_and_my_open') {
    throw refuse.invalid({
      field: 'filter',
      message: "It should be one of these values: 'new_and_my_open,watching,spam,deleted'",
      code: 'invalid_value',
    })
  }
  const keep = (index: number) => {
    const row = store.row(index)
    return store.status(row.status).kind === 'open' && (row.assignee === null || row.assignee === call.staff)
  }
  return pageAfter(store.creations, { limit: 500, descending: true, keep }).indexes.reverse()
}

/** GET /tickets/filter?query="status:2 AND priority:3": 30 per page, newest first. Knows status, priority, agent_id, group_id, tag, AND. */
export function filterTickets(call: Call): Reply {
  const page = { ...readPage(call, ['query']), perPage: 30 }
  const query = /^"(.*)"$/.exec(call.query.get('query') ?? '')?.[1]
  if (query === undefined)
    throw refuse.invalid({ field: 'query', message: 'Given query is invalid', code: 'invalid_value' })
  const tests = query.split(/\s+AND\s+/).map((part) => filterTest(call, part))
  const found = pageAfter(call.store.creations, {
    limit: 1000,
    descending: true,
    keep: (index) => tests.every((test) => test(index)),
  }).indexes
  const slice = pageAt(listOf(found), { offset: (page.page - 1) * 30, limit: 30, descending: false })
  return json(
    200,
    { tickets: slice.indexes.map((index) => call.wire.ticket(index)), total: found.length },
    linkHeader(call, page, slice.more),
  )
}

function filterTest(call: Call, part: string): (index: number) => boolean {
  const [, field = '', value = ''] = /^(\w+):'?([^']*)'?$/.exec(part.trim()) ?? []
  const ticket = (index: number) => call.wire.ticket(index)
  if (field === 'status' || field === 'priority' || field === 'group_id')
    return (index) => String(ticket(index)[field]) === value
  if (field === 'agent_id') return (index) => String(ticket(index).responder_id) === value
  if (field === 'tag') return (index) => call.store.row(index).tags.includes(value)
  throw refuse.invalid({ field: 'query', message: `Given field '${field}' cannot be filtered`, code: 'invalid_value' })
}

/** GET /tickets/{id}; `include=conversations` brings the first ten entries only. */
export function showTicket(call: Call): Reply {
  const index = ticketIndex(call)
  const wanted = readIncludes(call, [...includes, 'conversations', 'problem', 'assets', 'change', 'related_tickets'])
  const entries = call.store.entries(index)
  const first = entries[0]
  const ticket = {
    ...included(call, index, [...wanted, 'tags']),
    attachments: first ? call.wire.attachments(index, first) : [],
    ...(wanted.includes('conversations')
      ? {
          conversations: entries
            .slice(1)
            .filter((entry) => entry.kind !== 'event')
            .slice(0, 10)
            .map((entry) => call.wire.conversation(index, entry)),
        }
      : {}),
  }
  return json(200, { ticket })
}

/** GET /tickets/{id}/conversations: newest first; the first message of the ticket is its description, not in here. */
export function listConversations(call: Call): Reply {
  const index = ticketIndex(call)
  const page = readPage(call, [])
  const all = call.store
    .entries(index)
    .slice(1)
    .filter((entry) => entry.kind !== 'event')
    .reverse()
  const start = (page.page - 1) * page.perPage
  const conversations = all.slice(start, start + page.perPage).map((entry) => call.wire.conversation(index, entry))
  return json(
    200,
    { conversations, meta: { count: all.length } },
    linkHeader(call, page, start + page.perPage < all.length),
  )
}

/** Spam and deleted tickets can be looked at, not written to. @throws Refusal 405 */
function writableIndex(call: Call): number {
  const index = ticketIndex(call)
  if (call.store.hidden.has(index)) throw refuse.method('GET')
  return index
}

export async function reply(call: Call): Promise<Reply> {
  const index = writableIndex(call)
  if (call.bearer.user.role === 'light') throw refuse.denied()
  const { fields, files } = await readBody(call)
  const html = bodyText(fields, ['body', 'from_email', 'cc_emails', 'bcc_emails', 'attachments', 'user_id'])
  if (fields.from_email !== undefined && fields.from_email !== call.store.spec.supportEmail) {
    throw refuse.invalid({
      field: 'from_email',
      message: 'It should be a configured support email',
      code: 'invalid_value',
    })
  }
  const entry = call.store.receive(index, 'reply', call.staff, { html, text: htmlToText(html), files })
  return json(201, { conversation: call.wire.conversation(index, entry) })
}

export async function note(call: Call): Promise<Reply> {
  const index = writableIndex(call)
  const { fields, files } = await readBody(call)
  const html = bodyText(fields, ['body', 'private', 'notify_emails', 'incoming', 'attachments', 'user_id'])
  const hidden = fields.private !== false
  const entry = call.store.receive(index, hidden ? 'note' : 'reply', call.staff, {
    html,
    text: htmlToText(html),
    files,
  })
  return json(201, { conversation: { ...call.wire.conversation(index, entry), source: 2, private: hidden } })
}

function bodyText(fields: Record<string, unknown>, known: string[]): string {
  refuseUnknown(fields, known)
  if (typeof fields.body !== 'string' || fields.body.trim() === '') {
    throw refuse.invalid({
      field: 'body',
      message: 'It should be a/an String',
      code: fields.body === undefined ? 'missing_field' : 'datatype_mismatch',
    })
  }
  return fields.body
}

function refuseUnknown(fields: Record<string, unknown>, known: string[]): void {
  const strange = Object.keys(fields).filter((name) => !known.includes(name))
  if (strange.length > 0) {
    throw refuse.invalid(
      ...strange.map((field) => ({
        field,
        message: 'Unexpected/invalid field in request',
        code: 'invalid_field' as const,
      })),
    )
  }
}

const priorities: Priority[] = ['low', 'normal', 'high', 'urgent']

/** PUT /tickets/{id}. `tags` replaces the whole set. */
export async function updateTicket(call: Call): Promise<Reply> {
  const index = writableIndex(call)
  if (call.bearer.user.role === 'light') throw refuse.denied()
  const { fields } = await readBody(call)
  refuseUnknown(fields, [
    'status',
    'priority',
    'responder_id',
    'group_id',
    'tags',
    'subject',
    'category',
    'sub_category',
    'item_category',
    'impact',
    'urgency',
    'type',
    'custom_fields',
  ])
  const before = call.store.row(index)
  const patch = readPatch(call, fields)
  if (patch.status !== undefined && patch.status !== before.status) {
    const change = { field: 'status' as const, from: before.status, to: patch.status }
    call.store.add(index, { kind: 'event', author: { kind: 'staff', staff: call.staff }, html: '', text: '', change })
  }
  call.store.change(index, patch)
  return json(200, { ticket: included(call, index, ['tags']) })
}

function readPatch(call: Call, fields: Record<string, unknown>): RowPatch {
  const patch: RowPatch = {}
  const wrong = (field: string, message: string) => refuse.invalid({ field, message, code: 'invalid_value' })
  if (fields.status !== undefined) {
    const ids = call.store.spec.statuses.map((status) => status.id)
    if (typeof fields.status !== 'number' || !ids.includes(String(fields.status)))
      throw wrong('status', `It should be one of these values: '${ids.join(',')}'`)
    patch.status = String(fields.status)
  }
  if (fields.priority !== undefined) {
    const priority = priorities[Number(fields.priority) - 1]
    if (!priority || typeof fields.priority !== 'number')
      throw wrong('priority', "It should be one of these values: '1,2,3,4'")
    patch.priority = priority
  }
  if (fields.responder_id !== undefined) {
    const place = fields.responder_id === null ? null : call.wire.agentPlace(Number(fields.responder_id))
    if (place !== null && !call.store.spec.staff[place])
      throw wrong('responder_id', 'There is no agent matching the given responder_id')
    patch.assignee = place
  }
  if (fields.group_id !== undefined) {
    const place = fields.group_id === null ? null : call.wire.groupPlace(Number(fields.group_id))
    if (place !== null && !call.store.spec.groups[place])
      throw wrong('group_id', 'There is no group matching the given group_id')
    patch.group = place
  }
  if (fields.tags !== undefined) {
    if (!Array.isArray(fields.tags) || fields.tags.some((tag) => typeof tag !== 'string')) {
      throw refuse.invalid({ field: 'tags', message: 'It should be a/an Array of String', code: 'datatype_mismatch' })
    }
    patch.tags = [...new Set(fields.tags.map(String))]
  }
  if (typeof fields.subject === 'string') patch.subject = fields.subject
  return patch
}
