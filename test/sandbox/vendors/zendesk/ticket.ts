import type { Priority, StoredFile } from '../../content/conversations.ts'
import type { RowPatch } from '../../content/site-store.ts'
import { isRecord, json, jsonBody, type Reply } from '../../exchange.ts'
import { escapeHtml, htmlToText } from '../../html.ts'
import { bodyObject, type Call, sideloads, ticketIndex } from './call.ts'
import { refuse } from './errors.ts'
import { cursorList } from './pages.ts'
import { iso } from './wire.ts'

export function showTicket(call: Call): Reply {
  const ticket = call.wire.ticket(ticketIndex(call))
  return json(200, { ticket, ...sideloads(call, [ticket]) })
}

export function listComments(call: Call): Reply {
  const index = ticketIndex(call)
  const newestFirst = call.query.get('sort')?.startsWith('-') || call.query.get('sort_order') === 'desc'
  const entries = call.store.entries(index).filter((entry) => entry.kind !== 'event')
  if (newestFirst) entries.reverse()
  const inline = call.query.get('include_inline_images') === 'true'
  const all = entries.map((entry) => call.wire.comment(index, entry, inline))
  const users = call.query.get('include')?.includes('users')
    ? {
        users: [...new Set(all.map((comment) => comment.author_id))].flatMap((id) =>
          typeof id === 'number' ? (call.wire.user(id) ?? []) : [],
        ),
      }
    : {}
  if (!call.query.has('page[size]') && !call.query.has('page[after]')) {
    return json(200, { comments: all, ...users, count: all.length, next_page: null, previous_page: null })
  }
  const { items, meta, links } = cursorList(call, all)
  return json(200, { comments: items, ...users, meta, links })
}

export function listAudits(call: Call): Reply {
  const index = ticketIndex(call)
  const all = call.store.entries(index).map((entry) => call.wire.audit(index, entry))
  const { items, meta, links } = cursorList(call, all)
  return json(200, { audits: items, meta, links })
}

/** PUT /api/v2/tickets/{id}: comment and fields in one go. Nothing is applied unless all of it is valid. */
export function updateTicket(call: Call): Reply {
  const index = ticketIndex(call)
  const wish = bodyObject(call, 'ticket')
  const row = call.store.row(index)
  if (call.store.status(row.status).kind === 'closed')
    throw refuse.invalid('status', 'Status: closed prevents ticket update')
  if (wish.safe_update === true && wish.updated_stamp !== iso(row.updatedAt)) throw refuse.conflict()
  const patch = readPatch(call, wish)
  const comment = wish.comment === undefined ? undefined : readComment(call, wish.comment)
  const light = call.bearer.user.role === 'light'
  if (light && Object.keys(patch).length > 0) throw refuse.forbidden('Light agents can only add internal notes')
  if (comment) {
    // The vendor turns a light agent's public reply into an internal note without a word.
    const kind = comment.public && !light ? 'reply' : 'note'
    call.store.receive(index, kind, call.staff, comment)
  }
  applyPatch(call, index, patch)
  const last = call.store.entries(index).at(-1)
  return json(200, {
    ticket: call.wire.ticket(index),
    ...(last ? { audit: auditOf(call, index, comment !== undefined) } : {}),
  })
}

function auditOf(call: Call, index: number, commented: boolean): Record<string, unknown> {
  const entries = call.store.entries(index)
  const mine = entries.findLast((entry) => (commented ? entry.kind !== 'event' : true))
  const audit = mine ? call.wire.audit(index, mine) : {}
  const events = entries.filter((entry) => entry.kind === 'event' && mine && entry.seq > mine.seq)
  return {
    ...audit,
    events: [
      ...(Array.isArray(audit.events) ? audit.events : []),
      ...events.flatMap((e) => call.wire.audit(index, e).events ?? []),
    ],
  }
}

function applyPatch(call: Call, index: number, patch: RowPatch): void {
  if (Object.keys(patch).length === 0) return
  const before = call.store.row(index)
  const author = { kind: 'staff', staff: call.staff } as const
  const event = { kind: 'event', author, html: '', text: '' } as const
  if (patch.status !== undefined && patch.status !== before.status) {
    call.store.add(index, { ...event, change: { field: 'status', from: before.status, to: patch.status } })
  }
  if (patch.assignee !== undefined && patch.assignee !== before.assignee) {
    const name = (place: number | null) => (place === null ? null : String(call.wire.ids.staff(place)))
    call.store.add(index, {
      ...event,
      change: { field: 'assignee', from: name(before.assignee), to: name(patch.assignee) },
    })
  }
  call.store.change(index, patch)
}

function readPatch(call: Call, wish: Record<string, unknown>): RowPatch {
  const patch: RowPatch = {}
  if (wish.status !== undefined) patch.status = statusFor(call, wish.status)
  if (wish.custom_status_id !== undefined) {
    const found = call.store.spec.statuses.find(
      (status) => Number(status.id) === wish.custom_status_id && status.kind !== 'closed',
    )
    if (!found) throw refuse.invalid('custom_status_id', 'Custom status is invalid')
    patch.status = found.id
  }
  if (wish.priority !== undefined) {
    if (wish.priority !== null && !['urgent', 'high', 'normal', 'low'].includes(String(wish.priority))) {
      throw refuse.invalid('priority', `Priority: ${wish.priority} is not allowed`)
    }
    patch.priority = wish.priority as Priority | null
  }
  if (wish.assignee_id !== undefined) {
    const place = wish.assignee_id === null ? null : call.wire.ids.staffPlace(Number(wish.assignee_id))
    if (place !== null && (!call.store.spec.staff[place] || call.store.spec.staff[place]?.role === 'light')) {
      throw refuse.invalid('assignee_id', 'Assignee: is not an agent')
    }
    patch.assignee = place
  }
  if (wish.group_id !== undefined) {
    const place = wish.group_id === null ? null : call.wire.ids.groupPlace(Number(wish.group_id))
    if (place !== null && !call.store.spec.groups[place]) throw refuse.invalid('group_id', 'Group: is invalid')
    patch.group = place
  }
  if (wish.tags !== undefined) patch.tags = readTags(wish.tags)
  if (typeof wish.subject === 'string') patch.subject = wish.subject
  return patch
}

function statusFor(call: Call, wanted: unknown): string {
  const found = call.store.spec.statuses.find((status) => status.kind === wanted)
  if (!found) throw refuse.invalid('status', `Status: ${String(wanted)} is not allowed`)
  return found.id
}

function readTags(value: unknown): string[] {
  if (!Array.isArray(value) || value.some((tag) => typeof tag !== 'string' || /\s/.test(tag))) {
    throw refuse.invalid('tags', 'Tags: must be words without spaces')
  }
  return [...new Set(value.map((tag: string) => tag.toLowerCase()))]
}

function readComment(call: Call, value: unknown): { public: boolean; html: string; text: string; files: StoredFile[] } {
  if (!isRecord(value)) throw refuse.badRequest('Invalid attribute', 'comment must be an object')
  const body = typeof value.html_body === 'string' ? value.html_body : undefined
  const text = typeof value.body === 'string' ? value.body : undefined
  if (!body?.trim() && !text?.trim()) throw refuse.invalid('base', 'Description: cannot be blank')
  const uploads = Array.isArray(value.uploads) ? value.uploads : []
  const files = uploads.flatMap((token) => {
    const held = call.store.uploads.get(String(token))
    if (!held) throw refuse.invalid('uploads', 'Upload token is invalid or has expired')
    call.store.uploads.delete(String(token))
    return held
  })
  return {
    public: value.public !== false,
    html: body ?? `<p>${escapeHtml(text ?? '').replaceAll('\n', '<br>')}</p>`,
    text: text ?? htmlToText(body ?? ''),
    files,
  }
}

/** GET, POST (set), PUT (add), DELETE (remove) on /api/v2/tickets/{id}/tags. */
export function ticketTags(call: Call): Reply {
  const index = ticketIndex(call)
  const row = call.store.row(index)
  const { method } = call.exchange
  if (method === 'GET') return json(200, { tags: row.tags })
  const listed = method === 'DELETE' ? call.query.get('tags')?.split(',') : undefined
  const given = readTags(listed ?? jsonBody(call.exchange)?.tags)
  const tags =
    method === 'POST'
      ? given
      : method === 'PUT'
        ? [...new Set([...row.tags, ...given])]
        : row.tags.filter((tag) => !given.includes(tag))
  call.store.change(index, { tags })
  return json(method === 'POST' ? 201 : 200, { tags })
}
