import type { Priority } from '../../content/conversations.ts'
import { type Ordered, pageAt, without } from '../../content/paging.ts'
import type { RowPatch } from '../../content/site-store.ts'
import { isRecord, json, type Reply } from '../../exchange.ts'
import { escapeHtml, htmlToText } from '../../html.ts'
import { linkHeader, readBody } from '../freshservice/call.ts'
import { refuse } from '../freshservice/errors.ts'
import { type Call, readChoice, readIncludes, readPage, ticketIndex } from './call.ts'

const month = 30 * 86_400_000
const lastPage = 300

function included(call: Call, index: number, wanted: string[]): Record<string, unknown> {
  return {
    ...call.wire.ticket(index),
    ...(wanted.includes('description') ? call.wire.text(index) : {}),
    ...(wanted.includes('requester') ? { requester: call.wire.requester(index) } : {}),
    ...(wanted.includes('stats') ? { stats: call.wire.stats(index) } : {}),
  }
}

const listed = (indexes: number[]): Ordered => ({
  size: indexes.length,
  at: (position) => indexes[position],
  key: (index) => index,
  since: () => 0,
})

/** GET /tickets: by creation, newest first, unless told otherwise; only what was made in the last 30 days without `updated_since`; 300 pages at most. */
export function listTickets(call: Call): Reply {
  const known = ['filter', 'requester_id', 'email', 'updated_since', 'order_by', 'order_type', 'include']
  const page = readPage(call, known, lastPage)
  const wanted = readIncludes(call, ['stats', 'requester', 'description'])
  const by = readChoice(call, 'order_by', ['created_at', 'updated_at'])
  const descending = readChoice(call, 'order_type', ['desc', 'asc']) === 'desc'
  const since = call.query.get('updated_since')
  const time = since === null ? undefined : Date.parse(since)
  if (Number.isNaN(time)) throw wrong('updated_since', 'It should be in the ISO 8601 format')
  const offset = (page.page - 1) * page.perPage
  const slice = pageAt(orderOf(call, by, time), { offset, limit: page.perPage, descending })
  const found = slice.indexes.map((index) => included(call, index, wanted))
  return json(200, found, linkHeader(call, page, slice.more))
}

function orderOf(call: Call, by: string, time: number | undefined): Ordered {
  const { store } = call
  const narrowed = narrow(call)
  if (narrowed) {
    const changed = narrowed.filter((index) => !(store.changes.changedAt(index) < (time ?? 0)))
    const key = (index: number) => (by === 'updated_at' ? store.changes.changedAt(index) : index)
    return listed(changed.sort((a, b) => key(a) - key(b)))
  }
  const hidden = [...store.hidden.keys()]
  if (time === undefined) return without(tail(store.creations, store.createdSince(Date.now() - month)), hidden)
  if (by === 'created_at') return without(store.changedSince(time), hidden)
  return without(tail(store.changes, store.changes.since(time)), hidden)
}

/** An order without what comes before a place. */
function tail(order: Ordered, first: number): Ordered {
  return {
    size: Math.max(0, order.size - first),
    at: (position) => order.at(position + first),
    key: (index) => order.key(index),
    since: (key) => Math.max(0, order.since(key) - first),
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
  if (id !== null) return store.byCustomer(call.wire.contactNumber(Number(id)))
  if (call.query.get('filter') === null) return undefined
  const filter = readChoice(call, 'filter', ['new_and_my_open', 'watching', 'spam', 'deleted'])
  return [...store.hidden].filter(([, how]) => how === filter).map(([index]) => index)
}

/** GET /tickets/{id}; `include=conversations` brings the ten oldest entries. */
export function showTicket(call: Call): Reply {
  const index = ticketIndex(call)
  const wanted = readIncludes(call, ['conversations', 'requester', 'company', 'stats'])
  const first = call.store.entries(index)[0]
  const attachments = first ? call.wire.attachments(index, first) : []
  const ten = entriesOf(call, index).slice(0, 10)
  return json(200, {
    ...included(call, index, [...wanted, 'description']),
    attachments,
    ...(wanted.includes('conversations')
      ? { conversations: ten.map((entry) => call.wire.conversation(index, entry)) }
      : {}),
  })
}

/** The first message of a ticket is its description, and events are not told at all. */
const entriesOf = (call: Call, index: number) =>
  call.store
    .entries(index)
    .slice(1)
    .filter((entry) => entry.kind !== 'event')

/** GET /tickets/{id}/conversations: oldest first. */
export function listConversations(call: Call): Reply {
  const index = ticketIndex(call)
  const page = readPage(call, [])
  const all = entriesOf(call, index)
  const start = (page.page - 1) * page.perPage
  const found = all.slice(start, start + page.perPage).map((entry) => call.wire.conversation(index, entry))
  return json(200, found, linkHeader(call, page, start + page.perPage < all.length))
}

/** Spam and deleted tickets can be looked at, not written to. @throws Refusal 405 */
function writableIndex(call: Call): number {
  const index = ticketIndex(call)
  if (call.store.hidden.has(index)) throw refuse.method('GET')
  return index
}

export async function reply(call: Call): Promise<Reply> {
  const index = writableIndex(call)
  if (call.person.role === 'light') throw refuse.denied()
  const { fields, files } = await readBody(call)
  const known = ['body', 'structured_body', 'from_email', 'user_id', 'cc_emails', 'bcc_emails', 'attachments']
  const html = bodyHtml(fields, known)
  if (fields.from_email !== undefined && fields.from_email !== call.store.spec.supportEmail)
    throw wrong('from_email', 'It should be a configured support email')
  const entry = call.store.receive(index, 'reply', call.staff, { html, text: htmlToText(html), files })
  return json(201, call.wire.sent(index, entry))
}

/** POST /tickets/{id}/notes: private unless it says otherwise. */
export async function note(call: Call): Promise<Reply> {
  const index = writableIndex(call)
  const { fields, files } = await readBody(call)
  const html = bodyHtml(fields, ['body', 'private', 'notify_emails', 'incoming', 'attachments', 'user_id'])
  const hidden = fields.private !== false
  const body = { html, text: htmlToText(html), files }
  const entry = call.store.receive(index, hidden ? 'note' : 'reply', call.staff, body)
  return json(201, { ...call.wire.conversation(index, entry), source: 2, private: hidden, notified_to: [] })
}

/** `body` in HTML, or `structured_body` with pieces of plain text. */
function bodyHtml(fields: Record<string, unknown>, known: string[]): string {
  refuseUnknown(fields, known)
  const { body, structured_body: structured } = fields
  if (typeof body === 'string' && body.trim() !== '') return body
  const pieces = isRecord(structured) && Array.isArray(structured.body_contents) ? structured.body_contents : []
  const texts = pieces.map((piece: unknown) => (isRecord(piece) && isRecord(piece.data) ? piece.data.content : null))
  if (texts.length > 0) return texts.map((text) => `<p>${escapeHtml(String(text))}</p>`).join('')
  const code = body === undefined ? 'missing_field' : 'datatype_mismatch'
  throw refuse.invalid({ field: 'body', message: 'It should be a/an String', code })
}

function refuseUnknown(fields: Record<string, unknown>, known: string[]): void {
  const strange = Object.keys(fields).filter((name) => !known.includes(name))
  const message = 'Unexpected/invalid field in request'
  if (strange.length > 0)
    throw refuse.invalid(...strange.map((field) => ({ field, message, code: 'invalid_field' as const })))
}

const wrong = (field: string, message: string) => refuse.invalid({ field, message, code: 'invalid_value' })

/** PUT /tickets/{id}. `tags` replaces the whole set. */
export async function updateTicket(call: Call): Promise<Reply> {
  const index = writableIndex(call)
  if (call.person.role === 'light') throw refuse.denied()
  const { fields } = await readBody(call)
  refuseUnknown(fields, ['status', 'priority', 'responder_id', 'group_id', 'type', 'tags', 'subject', 'custom_fields'])
  const before = call.store.row(index)
  const patch = readPatch(call, fields)
  if (patch.status !== undefined && patch.status !== before.status) {
    const change = { field: 'status' as const, from: before.status, to: patch.status }
    call.store.add(index, { kind: 'event', author: { kind: 'staff', staff: call.staff }, html: '', text: '', change })
  }
  call.store.change(index, patch)
  const first = call.store.entries(index)[0]
  const attachments = first ? call.wire.attachments(index, first) : []
  return json(200, { ...included(call, index, ['description']), attachments })
}

const priorities: Priority[] = ['low', 'normal', 'high', 'urgent']

function readPatch(call: Call, fields: Record<string, unknown>): RowPatch {
  const patch: RowPatch = {}
  if (fields.status !== undefined) {
    const ids = call.store.spec.statuses.map((status) => status.id)
    if (typeof fields.status !== 'number' || !ids.includes(String(fields.status)))
      throw wrong('status', `It should be one of these values: '${ids.join(',')}'`)
    patch.status = String(fields.status)
  }
  if (fields.priority !== undefined) {
    const priority = typeof fields.priority === 'number' ? priorities[fields.priority - 1] : undefined
    if (!priority) throw wrong('priority', "It should be one of these values: '1,2,3,4'")
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
    if (!Array.isArray(fields.tags) || fields.tags.some((tag) => typeof tag !== 'string'))
      throw refuse.invalid({ field: 'tags', message: 'It should be a/an Array', code: 'datatype_mismatch' })
    patch.tags = [...new Set(fields.tags.map(String))]
  }
  if (typeof fields.subject === 'string') patch.subject = fields.subject
  return patch
}
