import type { Entry } from '../../content/conversations.ts'
import { pageAt, without } from '../../content/paging.ts'
import type { RowPatch } from '../../content/site-store.ts'
import { empty, json, type Reply } from '../../exchange.ts'
import { escapeHtml, htmlToText } from '../../html.ts'
import { type Call, list, pageOf, readBody, readPage, requireText, ticketIndex } from './call.ts'
import { refuse } from './errors.ts'
import { priorities } from './wire.ts'

/** GET /tickets: no `modifiedTime` anywhere, and not sortable by it. */
export function listTickets(call: Call): Reply {
  const { from, limit } = readPage(call, { most: 100, usual: 25 })
  const sortBy = call.query.get('sortBy') ?? '-createdTime'
  const all = sortBy.endsWith('recentThread') ? call.store.messages : call.store.creations
  const order = without(all, [...call.store.hidden.keys()])
  const { indexes } = pageAt(order, { offset: from, limit, descending: sortBy.startsWith('-') })
  const wanted = (call.query.get('include') ?? '').split(',')
  return list(
    indexes.map((index) => {
      const { contact, assignee } = call.wire.included(index)
      return {
        ...call.wire.listItem(index),
        ...(wanted.includes('contacts') ? { contact } : {}),
        ...(wanted.includes('assignee') ? { assignee } : {}),
      }
    }),
  )
}

export function showTicket(call: Call): Reply {
  const index = ticketIndex(call)
  const included = call.query.has('include') ? call.wire.included(index) : {}
  return json(200, { ...call.wire.ticket(index), ...included })
}

const changeable = [
  'subject',
  'status',
  'priority',
  'assigneeId',
  'teamId',
  'departmentId',
  'cf',
  'dueDate',
  'category',
]

/** PATCH /tickets/{id}. Its answer has neither contact nor assignee. */
export function updateTicket(call: Call): Reply {
  const index = writable(call)
  const body = readBody(call, changeable)
  const patch: RowPatch = {}
  if (body.status !== undefined) patch.status = statusOf(call, body.status)
  if (body.priority !== undefined) patch.priority = priorityOf(body.priority)
  if (body.assigneeId !== undefined) patch.assignee = assigneeOf(call, body.assigneeId)
  if (typeof body.subject === 'string') patch.subject = body.subject
  const before = call.store.row(index)
  if (patch.status !== undefined && patch.status !== before.status) {
    const change = { field: 'status' as const, from: before.status, to: patch.status }
    call.store.add(index, { kind: 'event', author: { kind: 'staff', staff: call.staff }, html: '', text: '', change })
  }
  call.store.change(index, patch)
  return json(200, call.wire.ticket(index))
}

const wrong = (fieldName: string) =>
  refuse.invalid({ fieldName: `/${fieldName}`, errorType: 'invalid', errorMessage: 'The value passed is not allowed' })

function statusOf(call: Call, value: unknown): string {
  const found = call.store.spec.statuses.find((status) => status.label === value)
  if (!found) throw wrong('status')
  return found.id
}

function priorityOf(value: unknown): (RowPatch['priority'] & {}) | null {
  if (value === null) return null
  const found = Object.entries(priorities).find(([, name]) => name === value)
  if (!found) throw wrong('priority')
  return found[0] as keyof typeof priorities
}

function assigneeOf(call: Call, value: unknown): number | null {
  if (value === null) return null
  const place = call.wire.agentPlace(String(value))
  if (place === undefined || !call.store.spec.staff[place]) throw wrong('assigneeId')
  return place
}

/** Light agents and the recycle bin: nothing but comments, and nothing at all. @throws Refusal */
function writable(call: Call): number {
  const index = ticketIndex(call)
  if (call.bearer.user.role === 'light' || call.store.hidden.get(index) === 'deleted') throw refuse.forbidden()
  return index
}

/** Threads and comments mixed, newest first. */
export function listConversations(call: Call): Reply {
  const index = ticketIndex(call)
  const entries = call.store.entries(index).filter((entry) => entry.kind !== 'event')
  const records = entries.map((entry) =>
    entry.kind === 'note'
      ? { type: 'comment', ...call.wire.comment(index, entry) }
      : { type: 'thread', ...withoutMime(call.wire.threadItem(index, entry)) },
  )
  return pageOf(call, records.reverse(), { most: 200, usual: 100 })
}

/** Lists of both kinds name the content type of comments only. */
const withoutMime = ({ contentType: _, ...item }: Record<string, unknown>) => item

export function listThreads(call: Call): Reply {
  const index = ticketIndex(call)
  const records = call.wire.threadsOf(index).map((entry) => call.wire.threadItem(index, entry))
  if (call.query.get('sortBy') !== 'sendDateTime') records.reverse()
  return pageOf(call, records, { most: 200, usual: 100 })
}

export function showThread(call: Call): Reply {
  const index = ticketIndex(call)
  const entry = call.wire.threadsOf(index).find((each) => call.wire.entryId(index, each) === call.params.threadId)
  if (!entry) throw refuse.notFound()
  return json(200, call.wire.thread(index, entry))
}

export function latestThread(call: Call): Reply {
  const index = ticketIndex(call)
  const incoming = call.query.get('needIncomingThread') === 'true'
  const entry = call.wire.threadsOf(index).findLast((each) => !incoming || each.author.kind === 'customer')
  return entry ? json(200, call.wire.thread(index, entry)) : empty(204)
}

export function attachment(call: Call): Reply {
  const file = call.wire.file(call.params.attachmentId ?? '')
  if (!file) throw refuse.notFound()
  return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: file.bytes }
}

const replyFields = [
  'channel',
  'content',
  'contentType',
  'fromEmailAddress',
  'to',
  'cc',
  'bcc',
  'inReplyToThreadId',
  'attachmentIds',
  'ticketStatus',
  'isForward',
  'isPrivate',
]

/** POST /tickets/{id}/sendReply: HTML that is not said to be HTML arrives as text with its marks. */
export function sendReply(call: Call): Reply {
  const index = writable(call)
  const body = readBody(call, replyFields)
  if (requireText(body, 'channel') !== 'EMAIL') throw wrong('channel')
  const content = requireText(body, 'content')
  const from = requireText(body, 'fromEmailAddress')
  if (!from.toLowerCase().includes(call.store.spec.supportEmail)) throw wrong('fromEmailAddress')
  requireText(body, 'to')
  const html = body.contentType === 'html' ? content : `<div>${escapeHtml(content)}</div>`
  const entry = call.store.receive(index, 'reply', call.staff, { html, text: htmlToText(html) })
  return json(200, { ...call.wire.thread(index, entry), status: 'PENDING', to: body.to })
}

export function listComments(call: Call): Reply {
  const index = ticketIndex(call)
  const records = call.wire.notesOf(index).map((entry: Entry) => call.wire.comment(index, entry))
  if (call.query.get('sortBy') === '-commentedTime') records.reverse()
  return pageOf(call, records, { most: 100, usual: 50 })
}

export function addComment(call: Call): Reply {
  const index = ticketIndex(call)
  const body = readBody(call, ['content', 'contentType', 'isPublic', 'attachmentIds'])
  const content = requireText(body, 'content')
  const html = body.contentType === 'html' ? content : `<div>${escapeHtml(content)}</div>`
  const entry = call.store.receive(index, 'note', call.staff, { html, text: htmlToText(html) })
  return json(200, { ...call.wire.comment(index, entry), isPublic: body.isPublic === true })
}

export function listTags(call: Call): Reply {
  return list(call.store.row(ticketIndex(call)).tags.map((name) => call.wire.tag(name)))
}

function tagsOf(call: Call): string[] {
  const { tags } = readBody(call, ['tags'])
  const fine = (tag: unknown) => typeof tag === 'string' && tag.length >= 3 && tag.length <= 100
  if (!Array.isArray(tags) || tags.length === 0 || !tags.every(fine)) throw wrong('tags')
  return tags.map(String)
}

export function associateTag(call: Call): Reply {
  const index = writable(call)
  const tags = tagsOf(call)
  call.store.change(index, { tags: [...new Set([...call.store.row(index).tags, ...tags])] })
  return empty(204)
}

/** A tag the ticket does not have refuses the call. */
export function dissociateTag(call: Call): Reply {
  const index = writable(call)
  const tags = tagsOf(call)
  const { tags: present } = call.store.row(index)
  if (!tags.every((tag) => present.includes(tag))) throw wrong('tags')
  call.store.change(index, { tags: present.filter((tag) => !tags.includes(tag)) })
  return empty(204)
}
