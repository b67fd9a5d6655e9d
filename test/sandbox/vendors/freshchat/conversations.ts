import type { RowPatch } from '../../content/site-store.ts'
import { isRecord, json, type Reply, textField } from '../../exchange.ts'
import { escapeHtml, htmlToText } from '../../html.ts'
import { body, type Call, conversationIndex, readPage } from './call.ts'
import { refuse } from './errors.ts'

export const showConversation = (call: Call): Reply => json(200, call.wire.conversation(conversationIndex(call)))

/** Newest first; `link` leads to the next page and is absent on the last. */
export function listMessages(call: Call): Reply {
  const index = conversationIndex(call)
  const { page, size } = readPage(call, 50, 10)
  const from = Date.parse(call.query.get('from_time') ?? '1970-01-01T00:00:00Z')
  if (Number.isNaN(from)) throw refuse.invalid('from_time is not a date-time')
  const all = call.store.entries(index).filter((entry) => entry.at >= from)
  const messages = all
    .reverse()
    .slice((page - 1) * size, page * size)
    .map((entry) => call.wire.message(index, entry))
  const query = new URLSearchParams(call.query)
  query.set('page', String(page + 1))
  const link = { href: `${call.exchange.url.pathname}?${query}`, rel: 'next', method: 'GET' }
  return json(200, { messages, ...(all.length > page * size ? { link } : {}) })
}

/** What a part says, in both forms. */
function wordsOf(parts: unknown): { html: string; text: string } {
  const [part] = Array.isArray(parts) ? parts : []
  if (!isRecord(part)) throw refuse.invalid('message_parts must not be empty')
  if (isRecord(part.email)) {
    const html = textField(part.email, 'content') ?? ''
    return { html, text: htmlToText(html) }
  }
  const text = isRecord(part.text) ? textField(part.text, 'content') : undefined
  if (!text) throw refuse.invalid('a message part needs a content')
  return { html: `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>`, text }
}

/** POST messages: as an agent only, and as the one the token speaks for. */
export function sendMessage(call: Call): Reply {
  const index = conversationIndex(call)
  const sent = body(call)
  if (sent.actor_type !== 'agent') throw refuse.invalid('This is not the latest conversation of the user')
  if (sent.actor_id !== call.wire.agentId(call.staff)) throw refuse.denied()
  const type = sent.message_type ?? 'normal'
  if (type !== 'normal' && type !== 'private') throw refuse.invalid('message_type is not valid')
  const entry = call.store.receive(
    index,
    type === 'private' ? 'note' : 'reply',
    call.staff,
    wordsOf(sent.message_parts),
  )
  return json(200, call.wire.message(index, entry))
}

/** PUT: status, agent, group and declared properties. A resolved conversation says so in a message of the system. */
export function updateConversation(call: Call): Reply {
  const index = conversationIndex(call)
  const { status, assigned_agent_id: agent, assigned_group_id: group, properties, ...rest } = body(call)
  if (Object.keys(rest).length > 0) throw refuse.invalid(`Conversation payload not valid: ${Object.keys(rest)[0]}`)
  const patch: RowPatch = {}
  if (status !== undefined) {
    if (!call.store.spec.statuses.some((known) => known.id === status)) throw refuse.invalid('status is not valid')
    patch.status = String(status)
  }
  if (agent !== undefined) {
    const place = call.wire.numberOf(String(agent), 'e')
    if (place === undefined || !call.store.spec.staff[place]) throw refuse.notFound('agent')
    patch.assignee = place
  }
  if (group !== undefined) {
    const place = call.wire.numberOf(String(group), 'd')
    if (place === undefined || !call.store.spec.groups[place]) throw refuse.notFound('group')
    patch.group = place
  }
  if (status === 'assigned' && agent === undefined && group === undefined && call.store.row(index).assignee === null)
    throw refuse.invalid('assigned_agent_id or assigned_group_id is needed')
  if (status === 'new') patch.assignee = null
  if (isRecord(properties)) {
    const unknown = Object.keys(properties).find((name) => name !== 'priority')
    if (unknown) throw refuse.invalid(`Conversation payload not valid: ${unknown}`)
    call.wire.setProperties(index, properties)
  }
  const before = call.store.row(index).status
  call.store.change(index, patch)
  if (status === 'resolved' && before !== 'resolved') {
    const text = `Conversation was marked resolved by ${call.store.spec.staff[call.staff]?.name}`
    const change = { field: 'status', from: before, to: 'resolved' } as const
    call.store.add(index, { kind: 'event', author: { kind: 'staff', staff: call.staff }, html: text, text, change })
  }
  return json(200, call.wire.conversation(index))
}

/** GET /conversations/fields: what properties there are. */
export const listFields = (): Reply =>
  json(200, [
    { name: 'priority', label: 'Priority', column_type: 'drop_down', choices: ['Low', 'Medium', 'High', 'Urgent'] },
  ])
