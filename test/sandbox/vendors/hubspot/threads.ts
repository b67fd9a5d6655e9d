import type { StoredFile } from '../../content/conversations.ts'
import { empty, isRecord, json, type Reply, textField } from '../../exchange.ts'
import { escapeHtml } from '../../html.ts'
import { body, type Call, keyPage, limitOf, listPage, threadIndex } from './call.ts'
import { type Detail, refuse } from './errors.ts'

/** GET threads: by id, or ascending by latest message; newest first only for one contact. */
export function listThreads(call: Call): Reply {
  const { query, store, wire } = call
  const limit = limitOf(call, 500, 100)
  const sort = query.get('sort') ?? 'id'
  const since = query.get('latestMessageTimestampAfter')
  const contact = query.get('associatedContactId')
  const status = query.get('threadStatus')
  if (!['id', 'latestMessageTimestamp', '-id', '-latestMessageTimestamp'].includes(sort))
    throw refuse.invalid(`Unknown sort ${sort}`)
  if (sort === 'latestMessageTimestamp' && since === null)
    throw refuse.invalid('latestMessageTimestampAfter is required when sorting by latestMessageTimestamp')
  if (sort.startsWith('-') && contact === null)
    throw refuse.invalid('Descending sort is only supported together with associatedContactId')
  if (contact !== null && status === null)
    throw refuse.invalid('threadStatus is required together with associatedContactId')
  if (contact !== null && query.has('inboxId'))
    throw refuse.invalid('inboxId cannot be used together with associatedContactId')
  const time = since === null ? undefined : Date.parse(since)
  if (Number.isNaN(time)) throw refuse.invalid('latestMessageTimestampAfter is not a valid ISO 8601 time')
  const inboxes = query.getAll('inboxId')
  if (inboxes.length > 0 && !inboxes.includes(wire.inboxId())) return json(200, { results: [] })
  const archived = query.get('archived') === 'true'
  const ticket = query.get('associatedTicketId')
  const keep = (index: number) =>
    wire.hasThread(index) &&
    (store.hidden.get(index) === 'deleted') === archived &&
    (status === null || wire.isClosed(store.row(index)) === (status === 'CLOSED'))
  const withTicket = query.getAll('association').includes('TICKET')
  if (contact !== null || ticket !== null) {
    const own = contact === null ? [wire.ticketIndex(ticket ?? '')] : store.byCustomer(wire.contactNumber(contact))
    const found = own.filter((index) => store.has(index) && keep(index))
    if (sort.startsWith('-')) found.reverse()
    const { items, next } = listPage(call, found, limit)
    return json(200, { results: items.map((index) => wire.thread(index, withTicket)), ...next })
  }
  const order = sort === 'latestMessageTimestamp' ? store.messages : store.creations
  const later = (index: number) =>
    time === undefined || order === store.messages || store.messages.changedAt(index) > time
  const { indexes, next } = keyPage(call, order, {
    limit,
    from: order === store.messages ? time : undefined,
    keep: (index) => keep(index) && later(index),
  })
  return json(200, { results: indexes.map((index) => wire.thread(index, withTicket)), ...next })
}

export function showThread(call: Call): Reply {
  return json(200, call.wire.thread(threadIndex(call), call.query.getAll('association').includes('TICKET')))
}

/** PATCH: open, close, or restore an archived thread. */
export function patchThread(call: Call): Reply {
  const index = threadIndex(call)
  const wish = body(call)
  const status = textField(wish, 'status')
  if (wish.archived === false && call.query.get('archived') === 'true') call.store.hide(index, null)
  if (status !== undefined) {
    if (status !== 'OPEN' && status !== 'CLOSED')
      throw refuse.invalid('Invalid input', [
        {
          message: `${status} was not one of the allowed options`,
          code: 'INVALID_OPTION',
          context: { propertyName: ['status'] },
        },
      ])
    const row = call.store.row(index)
    const kinds = status === 'OPEN' ? (['open', 'new'] as const) : (['closed', 'solved'] as const)
    const stage = kinds.map((kind) => call.store.firstStatus(kind)).find((found) => found !== undefined)
    if (stage && call.wire.isClosed(row) !== (status === 'CLOSED')) setStage(call, index, stage.id)
  }
  return json(200, call.wire.thread(index, false))
}

export function setStage(call: Call, index: number, stage: string): void {
  const before = call.store.row(index)
  const closedBefore = call.wire.isClosed(before)
  call.store.change(index, { status: stage })
  if (call.wire.isClosed(call.store.row(index)) === closedBefore) return
  const change = { field: 'status' as const, from: before.status, to: stage }
  call.store.add(index, { kind: 'event', author: { kind: 'staff', staff: call.staff }, html: '', text: '', change })
}

export function deleteThread(call: Call): Reply {
  call.store.hide(threadIndex(call), 'deleted')
  return empty(204)
}

/** PUT and DELETE assignee. Takes an agent's actor id, `A-` and the user id. */
export function assignThread(call: Call): Reply {
  const index = threadIndex(call)
  const remove = call.exchange.method === 'DELETE'
  const actor = remove ? null : (textField(body(call), 'actorId') ?? '')
  const place = actor === null ? null : call.wire.actorPlace(actor)
  if (place !== null && !call.store.spec.staff[place])
    throw refuse.invalid(`${actor} is not an agent actor of this account`)
  setAssignee(call, index, place)
  return remove ? empty(204) : json(200, call.wire.thread(index, false))
}

export function setAssignee(call: Call, index: number, place: number | null): void {
  const before = call.store.row(index)
  if (before.assignee === place) return
  const actor = (at: number | null) => (at === null ? null : `A-${call.wire.userId(at)}`)
  call.store.change(index, { assignee: place })
  const change = { field: 'assignee' as const, from: actor(before.assignee), to: actor(place) }
  call.store.add(index, { kind: 'event', author: { kind: 'staff', staff: call.staff }, html: '', text: '', change })
}

/** GET messages: newest first unless `sort=createdAt`. */
export function listMessages(call: Call): Reply {
  const index = threadIndex(call)
  const entries = call.store.entries(index)
  if (call.query.get('sort') !== 'createdAt') entries.reverse()
  const { items, next } = listPage(call, entries, limitOf(call, 500, 100))
  return json(200, { results: items.map((entry) => call.wire.message(index, entry)), ...next })
}

function entryOf(call: Call) {
  const index = threadIndex(call)
  const entry = call.store.entries(index).find((known) => call.wire.messageId(index, known.seq) === call.params.message)
  if (!entry) throw refuse.notFound('Message')
  return { index, entry }
}

export function showMessage(call: Call): Reply {
  const { index, entry } = entryOf(call)
  return json(200, call.wire.message(index, entry))
}

export function originalContent(call: Call): Reply {
  const { entry } = entryOf(call)
  return json(200, { text: entry.text, richText: entry.html })
}

/** POST messages: MESSAGE reaches the customer, COMMENT stays inside. */
export function postMessage(call: Call): Reply {
  const index = threadIndex(call)
  const wish = body(call)
  const type = textField(wish, 'type')
  if (type !== 'MESSAGE' && type !== 'COMMENT')
    throw refuse.invalid('Invalid input', [{ message: 'type must be MESSAGE or COMMENT', in: 'type' }])
  const needed =
    type === 'MESSAGE'
      ? ['text', 'attachments', 'recipients', 'senderActorId', 'channelId', 'channelAccountId']
      : ['text', 'attachments']
  const missing: Detail[] = needed
    .filter((name) => wish[name] === undefined)
    .map((name) => ({ message: `Some required fields were not set: [${name}]`, in: name }))
  if (missing.length > 0)
    throw refuse.invalid(
      `Invalid input JSON: some required fields were not set: [${missing.map((m) => m.in).join(', ')}]`,
      missing,
    )
  const text = textField(wish, 'text') ?? ''
  const html = textField(wish, 'richText') ?? `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>`
  if (!text.trim() && !html.replace(/<[^>]*>/g, '').trim()) throw refuse.invalid('The message must not be empty')
  const sender = type === 'MESSAGE' ? checkReply(call, index, wish) : call.staff
  const entry = call.store.receive(index, type === 'MESSAGE' ? 'reply' : 'note', sender, {
    html,
    text,
    files: filesOf(call, wish.attachments),
  })
  return json(201, call.wire.message(index, entry))
}

/** Sender, channel and recipients must be of this thread. Returns the sender's place in the staff. */
function checkReply(call: Call, index: number, wish: Record<string, unknown>): number {
  const row = call.store.row(index)
  const thread = call.wire.thread(index, false)
  const place = call.wire.actorPlace(String(wish.senderActorId))
  if (!call.store.spec.staff[place])
    throw refuse.invalid(`Invalid senderActorId ${String(wish.senderActorId)}: it must be an agent actor`)
  if (wish.channelId !== thread.originalChannelId || wish.channelAccountId !== call.wire.channelAccountId(row)) {
    throw refuse.invalid('channelId and channelAccountId do not match a channel of this thread')
  }
  const recipients = Array.isArray(wish.recipients) ? wish.recipients : []
  const addressed = recipients.every(
    (recipient) =>
      isRecord(recipient) && (Array.isArray(recipient.deliveryIdentifiers) || isRecord(recipient.deliveryIdentifier)),
  )
  if (recipients.length === 0 || !addressed) throw refuse.invalid('Every recipient needs deliveryIdentifiers')
  return place
}

function filesOf(call: Call, value: unknown): StoredFile[] {
  if (!Array.isArray(value)) throw refuse.invalid('attachments must be a list')
  return value.flatMap((attachment) => {
    const id = isRecord(attachment) ? String(attachment.fileId) : ''
    const held = call.store.uploads.get(id)
    if (!held) throw refuse.invalid(`File ${id} does not exist`)
    return held
  })
}

export function showActor(call: Call): Reply {
  const found = call.wire.actorRecord(call.params.id ?? '')
  if (!found) throw refuse.notFound('Actor')
  return json(200, found)
}

/** POST actors/batch/read: 207 when some are unknown. */
export function readActors(call: Call): Reply {
  const { inputs } = body(call)
  if (!Array.isArray(inputs)) throw refuse.invalid('inputs must be a list')
  const results = inputs.flatMap((id) => call.wire.actorRecord(String(id)) ?? [])
  const failed = inputs.length - results.length
  const now = new Date().toISOString()
  const errors =
    failed > 0
      ? { numErrors: failed, errors: [{ message: 'Some actors were not found', category: 'OBJECT_NOT_FOUND' }] }
      : {}
  return json(failed > 0 ? 207 : 200, { status: 'COMPLETE', results, startedAt: now, completedAt: now, ...errors })
}
