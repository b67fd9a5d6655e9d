import { z } from 'zod'
import type { Attachment, Channel, Conversation, ConversationStatus, Message, Person, Priority } from '../model.ts'
import { optionalId, optionalText, optionalTime, time, unknownFields, vendorId } from '../read-records.ts'
import { htmlToText, preview } from '../text.ts'

/** Everything here is pure: a payload of Freshservice's API v2 in, the unified model out. */

const personSchema = z.looseObject({
  id: optionalId,
  name: optionalText,
  first_name: optionalText,
  last_name: optionalText,
  email: optionalText,
  primary_email: optionalText,
  phone: z.union([z.string(), z.number()]).nullish().catch(null),
  mobile: z.union([z.string(), z.number()]).nullish().catch(null),
})

export const ticketSchema = z.looseObject({
  id: vendorId,
  subject: optionalText,
  description: optionalText,
  description_text: optionalText,
  status: z.union([z.number(), z.string().min(1)]).transform(String),
  priority: z.union([z.number(), z.string()]).nullish().catch(null),
  source: z.union([z.number(), z.string()]).nullish().catch(null),
  requester_id: optionalId,
  requester: personSchema.nullish().catch(null),
  responder_id: optionalId,
  group_id: optionalId,
  workspace_id: optionalId,
  tags: z.array(z.string()).nullish().catch(null),
  attachments: z.array(z.unknown()).nullish().catch(null),
  due_by: optionalTime,
  deleted: z.boolean().nullish().catch(null),
  spam: z.boolean().nullish().catch(null),
  created_at: time,
  updated_at: time,
})
export type Ticket = z.infer<typeof ticketSchema>

export const entrySchema = z.looseObject({
  id: vendorId,
  user_id: optionalId,
  source: z.number().nullish().catch(null),
  incoming: z.boolean().nullish().catch(null),
  private: z.boolean().nullish().catch(null),
  body: optionalText,
  body_text: optionalText,
  from_email: optionalText,
  attachments: z.array(z.unknown()).nullish().catch(null),
  created_at: time,
})
export type Entry = z.infer<typeof entrySchema>

const attachmentSchema = z.looseObject({
  id: vendorId,
  name: optionalText,
  content_type: optionalText,
  size: z.number().nullish().catch(null),
  file_size: z.number().nullish().catch(null),
  attachment_url: z.string(),
})

/** The four statuses every site has; the others are the site's own, named by its form fields. */
export const basicStatuses: Readonly<Record<string, { label: string; status: ConversationStatus }>> = {
  '2': { label: 'Open', status: 'open' },
  '3': { label: 'Pending', status: 'pending' },
  '4': { label: 'Resolved', status: 'solved' },
  '5': { label: 'Closed', status: 'closed' },
}
export const statusNumbers: Record<ConversationStatus, number> = {
  new: 2,
  open: 2,
  pending: 3,
  on_hold: 3,
  solved: 4,
  closed: 5,
}

const priorities: Record<string, Priority> = { '1': 'low', '2': 'normal', '3': 'high', '4': 'urgent' }
export const priorityNumbers: Record<Priority, number> = { low: 1, normal: 2, high: 3, urgent: 4 }

/** https://api.freshservice.com/#ticket_attributes: 1 Email, 2 Portal, 3 Phone, 4 Chat, 5 Feedback widget, 6 Yammer … */
const channels: Record<string, Channel> = {
  '1': 'email',
  '2': 'web',
  '3': 'phone',
  '4': 'chat',
  '5': 'web',
  '6': 'social',
  '7': 'api',
  '8': 'api',
  '10': 'chat',
  '11': 'chat',
  '12': 'social',
  '14': 'api',
  '15': 'chat',
}

const lookUp = <T>(table: Readonly<Record<string, T>>, key: string): T | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null

/**
 * Ours for a status number. Of the site's own statuses (6 and up) only the name is known: one that says it waits is taken at its word,
 * any other counts as open, so that nothing is overlooked.
 */
export function readStatus(id: string, label: string | null): ConversationStatus {
  const basic = lookUp(basicStatuses, id)
  if (basic !== null) return basic.status
  if (/hold|third party|vendor|supplier/i.test(label ?? '')) return 'on_hold'
  return /waiting|pending|await/i.test(label ?? '') ? 'pending' : 'open'
}

export function personName(person: {
  name?: string | null | undefined
  first_name?: string | null | undefined
  last_name?: string | null | undefined
}): string | null {
  const parts = [person.first_name, person.last_name].filter(Boolean).join(' ')
  return person.name || parts || null
}

const phoneText = (value: string | number | null | undefined) =>
  value === null || value === undefined || value === '' ? null : String(value)

export function toCustomer(ticket: Ticket): Person {
  const { requester } = ticket
  return {
    vendorId: ticket.requester_id ?? requester?.id ?? null,
    name: requester ? personName(requester) : null,
    email: requester?.email ?? requester?.primary_email ?? null,
    phone: phoneText(requester?.phone) ?? phoneText(requester?.mobile),
  }
}

const ticketFields = [
  ...[
    'id',
    'subject',
    'description',
    'description_text',
    'status',
    'priority',
    'source',
    'requester_id',
    'requester',
    'responder_id',
  ],
  ...[
    'group_id',
    'workspace_id',
    'tags',
    'attachments',
    'due_by',
    'created_at',
    'updated_at',
    'conversations',
    'structured_description',
  ],
]

export interface TicketContext {
  host: string
  /** Names of statuses by number, as the site's form fields tell them. */
  labels: ReadonlyMap<string, string>
}

/** A ticket as lists, `GET /tickets/{id}` and `PUT /tickets/{id}` answer it. */
export function toConversation(ticket: Ticket, context: TicketContext): Conversation {
  const label = context.labels.get(ticket.status) ?? lookUp(basicStatuses, ticket.status)?.label ?? null
  const priority = lookUp(priorities, String(ticket.priority ?? ''))
  const channel = lookUp(channels, String(ticket.source ?? ''))
  return {
    vendorId: ticket.id,
    version: ticket.updated_at,
    subject: ticket.subject ?? '',
    preview: preview(ticket.description_text ?? htmlToText(ticket.description ?? '')),
    status: readStatus(ticket.status, label),
    vendorStatus: { id: ticket.status, label: label ?? `Status ${ticket.status}` },
    priority,
    channel: channel ?? 'other',
    customer: toCustomer(ticket),
    assigneeVendorId: ticket.responder_id ?? null,
    groupVendorId: ticket.group_id ?? null,
    tags: ticket.tags ?? [],
    brandKey: ticket.workspace_id ?? null,
    createdAt: ticket.created_at,
    updatedAt: ticket.updated_at,
    lastMessageBy: null,
    dueAt: ticket.due_by ?? null,
    url: `https://${context.host}/a/tickets/${encodeURIComponent(ticket.id)}`,
    vendor: {
      ...unknownFields(ticket, ticketFields),
      ...(ticket.priority && priority === null ? { priority: ticket.priority } : {}),
      ...(ticket.source && channel === null ? { source: ticket.source } : {}),
    },
  }
}

function toAttachment(record: unknown): Attachment[] {
  const read = attachmentSchema.safeParse(record)
  if (!read.success || !URL.canParse(read.data.attachment_url)) return []
  const { id, name, content_type, size, file_size, attachment_url } = read.data
  return [
    {
      vendorId: id,
      name: name ?? 'file',
      contentType: content_type ?? 'application/octet-stream',
      size: size ?? file_size ?? null,
      url: attachment_url,
      inline: false,
      contentId: null,
    },
  ]
}

/** The ticket's own text: the customer's first message, which the list of conversations does not repeat. */
export function toFirstMessage(ticket: Ticket): Message {
  return {
    vendorId: `description-${ticket.id}`,
    conversationVendorId: ticket.id,
    kind: 'reply',
    direction: 'in',
    author: { ...toCustomer(ticket), role: 'customer' },
    createdAt: ticket.created_at,
    bodyHtml: ticket.description ?? null,
    bodyText: ticket.description_text ?? htmlToText(ticket.description ?? ''),
    attachments: (ticket.attachments ?? []).flatMap(toAttachment),
    vendor: {},
  }
}

const entryFields = [
  ...[
    'id',
    'user_id',
    'ticket_id',
    'incoming',
    'private',
    'body',
    'body_text',
    'from_email',
    'attachments',
    'created_at',
  ],
  ...['structured_body'],
]

/** `"Rita" <rita@example.com>` or a bare address. */
function readAddress(text: string | null | undefined): { name: string | null; email: string | null } {
  if (!text?.includes('@')) return { name: null, email: null }
  const open = text.lastIndexOf('<')
  const close = text.lastIndexOf('>')
  if (open === -1 || close < open) return { name: null, email: text.trim() }
  const name = text.slice(0, open).replaceAll('"', '').trim()
  return { name: name || null, email: text.slice(open + 1, close).trim() || null }
}

/** Conversation `source` (https://api.freshservice.com/#conversation_attributes): 0 reply, 1 form, 2 note, 3 status, 4 meta, 5 feedback, 6 forwarded. */
function kindOf(entry: Entry): Message['kind'] {
  if (entry.source === 3 || entry.source === 4) return 'event'
  return entry.private === true ? 'note' : 'reply'
}

/** One entry of a ticket. `people` holds agents and the requester by id. */
export function toMessage(entry: Entry, ticketId: string, people: ReadonlyMap<string, Person>): Message {
  const incoming = entry.incoming === true
  const known = entry.user_id ? people.get(entry.user_id) : undefined
  const from = readAddress(entry.from_email)
  const event = kindOf(entry) === 'event'
  // An agent's mail leaves from the support address, which is not the agent's own.
  const written = incoming ? from : { name: null, email: null }
  return {
    vendorId: entry.id,
    conversationVendorId: ticketId,
    kind: kindOf(entry),
    direction: incoming ? 'in' : 'out',
    author: {
      vendorId: entry.user_id ?? null,
      name: known?.name ?? written.name,
      email: known?.email ?? written.email,
      phone: known?.phone ?? null,
      role: incoming ? 'customer' : event ? 'system' : 'agent',
    },
    createdAt: entry.created_at,
    bodyHtml: entry.body ?? null,
    bodyText: entry.body_text ?? htmlToText(entry.body ?? ''),
    attachments: (entry.attachments ?? []).flatMap(toAttachment),
    vendor: unknownFields(entry, entryFields),
  }
}
