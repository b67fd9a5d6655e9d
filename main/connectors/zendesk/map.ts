import { z } from 'zod'
import type { Attachment, Channel, Conversation, ConversationStatus, Message, Person, Priority } from '../model.ts'
import { optionalId, optionalText, optionalTime, time, unknownFields, vendorId } from '../read-records.ts'
import { htmlToText, preview } from '../text.ts'

/** Everything here is pure: a payload of Zendesk's API in, the unified model out. */

const sender = z.looseObject({ name: optionalText, address: optionalText, phone: optionalText })
const via = z.looseObject({
  channel: z.union([z.string(), z.number()]).nullish().catch(null),
  source: z
    .looseObject({ from: sender.nullish().catch(null) })
    .nullish()
    .catch(null),
})
type Via = z.infer<typeof via>
/** A list of words: what is none of them is left out, the rest stays. */
const words = z
  .array(z.unknown())
  .transform((list) => list.filter((each) => typeof each === 'string'))
  .nullish()
  .catch(null)

export const ticketSchema = z.looseObject({
  id: vendorId,
  subject: optionalText,
  raw_subject: optionalText,
  description: optionalText,
  status: z.string().min(1),
  custom_status_id: optionalId,
  priority: optionalText,
  via: via.nullish().catch(null),
  requester_id: optionalId,
  assignee_id: optionalId,
  group_id: optionalId,
  brand_id: optionalId,
  tags: words,
  due_at: optionalTime,
  created_at: time,
  updated_at: time,
  generated_timestamp: z.number().min(0).max(8.64e12).nullish().catch(null),
})
export type Ticket = z.infer<typeof ticketSchema>

export const userSchema = z.looseObject({
  id: vendorId,
  name: optionalText,
  email: optionalText,
  phone: optionalText,
  role: optionalText,
  active: z.boolean().nullish().catch(null),
  suspended: z.boolean().nullish().catch(null),
})
export type User = z.infer<typeof userSchema>

const attachmentSchema = z.looseObject({
  id: vendorId,
  file_name: optionalText,
  content_url: z.string(),
  content_type: optionalText,
  size: z.number().nullish().catch(null),
  inline: z.boolean().nullish().catch(null),
  deleted: z.boolean().nullish().catch(null),
})

export const commentSchema = z.looseObject({
  id: vendorId,
  author_id: optionalId,
  public: z.boolean().nullish().catch(null),
  body: optionalText,
  html_body: optionalText,
  plain_body: optionalText,
  attachments: z.array(z.unknown()).nullish().catch(null),
  via: via.nullish().catch(null),
  created_at: time,
})
export type Comment = z.infer<typeof commentSchema>

const statuses: Record<string, ConversationStatus> = {
  new: 'new',
  open: 'open',
  pending: 'pending',
  hold: 'on_hold',
  solved: 'solved',
  closed: 'closed',
}
const priorities: Record<string, Priority> = { low: 'low', normal: 'normal', high: 'high', urgent: 'urgent' }
const channels: Record<string, Channel> = {
  email: 'email',
  web: 'web',
  web_form: 'web',
  web_widget: 'web',
  web_service: 'api',
  mobile_sdk: 'web',
  help_center: 'web',
  api: 'api',
  chat: 'chat',
  chat_transcript: 'chat',
  native_messaging: 'chat',
  messaging: 'chat',
  voice: 'phone',
  phone: 'phone',
  sms: 'phone',
  twitter: 'social',
  twitter_dm: 'social',
  twitter_favorite: 'social',
  twitter_like: 'social',
  facebook: 'social',
  facebook_post: 'social',
  facebook_message: 'social',
  instagram_dm: 'social',
  any_channel: 'social',
  voicemail: 'phone',
  phone_call_inbound: 'phone',
  phone_call_outbound: 'phone',
  ...Object.fromEntries(
    'whatsapp line wechat telegram viber kakaotalk apple_business_chat google_business_messages google_rcs'
      .split(' ')
      .map((name): [string, Channel] => [name, 'chat']),
  ),
}
/** Channels in which only the customer begins: who speaks first there is the customer. */
const customersBegin = new Set(
  'email sample_ticket chat chat_transcript native_messaging messaging web_widget web_form help_center mobile_sdk twitter twitter_dm facebook whatsapp'.split(
    ' ',
  ),
)

const ticketFields = [
  ...['url', 'id', 'subject', 'raw_subject', 'description', 'status', 'custom_status_id', 'priority', 'requester_id'],
  ...['assignee_id', 'group_id', 'brand_id', 'tags', 'due_at', 'created_at', 'updated_at', 'generated_timestamp'],
  // `fields` repeats `custom_fields`.
  'fields',
]

const hasOwn = <T>(table: Record<string, T>, key: string | null | undefined): T | null =>
  key !== null && key !== undefined && Object.hasOwn(table, key) ? (table[key] ?? null) : null

export const readStatus = (status: string): ConversationStatus | null => hasOwn(statuses, status)
export const readPriority = (priority: string | null | undefined): Priority | null => hasOwn(priorities, priority)
/** The category Zendesk uses for one of ours. */
export const statusWord = (status: ConversationStatus): string => (status === 'on_hold' ? 'hold' : status)

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
const statusName = (status: string) => (status === 'hold' ? 'On-hold' : capital(status))

/** What a ticket is read with: the site's host, sideloaded people, and the labels of custom statuses where known. */
export interface TicketContext {
  host: string
  people: ReadonlyMap<string, User>
  labels: ReadonlyMap<string, string>
}

/** Who somebody is: from the people that came along, else what the channel tells of the sender. */
export function toPerson(
  id: string | null | undefined,
  people: ReadonlyMap<string, User>,
  channel?: Via | null | undefined,
): Person {
  const user = id ? people.get(id) : undefined
  const from = user === undefined ? channel?.source?.from : undefined
  return {
    vendorId: id ?? null,
    name: user?.name ?? from?.name ?? null,
    email: user?.email ?? from?.address ?? null,
    phone: user?.phone ?? from?.phone ?? null,
  }
}

export const isAgent = (user: User): boolean => user.role === 'agent' || user.role === 'admin'

/** A ticket as `GET /tickets`, `/tickets/{id}`, the exports and every write answer it. */
export function toConversation(ticket: Ticket, context: TicketContext): Conversation {
  const customId = ticket.custom_status_id ?? null
  const channel = typeof ticket.via?.channel === 'string' ? hasOwn(channels, ticket.via.channel) : null
  const priority = readPriority(ticket.priority)
  const strange = unknownFields(ticket, ticketFields)
  return {
    vendorId: ticket.id,
    version: Math.max(ticket.updated_at, (ticket.generated_timestamp ?? 0) * 1000),
    subject: ticket.subject ?? ticket.raw_subject ?? '',
    preview: preview(ticket.description),
    status: readStatus(ticket.status) ?? 'open',
    vendorStatus: {
      id: customId ?? ticket.status,
      label: (customId === null ? null : context.labels.get(customId)) ?? statusName(ticket.status),
    },
    priority,
    channel: channel ?? 'other',
    customer: toPerson(ticket.requester_id, context.people, ticket.via),
    assigneeVendorId: ticket.assignee_id ?? null,
    groupVendorId: ticket.group_id ?? null,
    tags: ticket.tags ?? [],
    brandKey: ticket.brand_id ?? null,
    createdAt: ticket.created_at,
    updatedAt: ticket.updated_at,
    lastMessageBy: null,
    dueAt: ticket.due_at ?? null,
    url: `https://${context.host}/agent/tickets/${encodeURIComponent(ticket.id)}`,
    vendor: {
      ...strange,
      ...(ticket.priority && priority === null ? { priority: ticket.priority } : {}),
      ...(readStatus(ticket.status) === null ? { status: ticket.status } : {}),
    },
  }
}

/** A file; null for one that cannot be fetched, which then stays under `vendor` as it came. */
function toAttachment(record: unknown): Attachment | null {
  const read = attachmentSchema.safeParse(record)
  if (!read.success || read.data.deleted === true || !URL.canParse(read.data.content_url)) return null
  const { id, file_name, content_type, size, content_url, inline } = read.data
  return {
    vendorId: id,
    name: file_name ?? 'file',
    contentType: content_type ?? 'application/octet-stream',
    size: size ?? null,
    url: content_url,
    inline: inline ?? false,
    contentId: null,
  }
}

const commentFields = [
  ...['id', 'author_id', 'public', 'body', 'html_body', 'plain_body', 'attachments', 'created_at', 'type', 'audit_id'],
]

/** What a comment is read with. `ticketId` is empty where an answer does not tell it. */
export interface Talk {
  ticketId: string
  requesterId: string | null
  people: ReadonlyMap<string, User>
}

/** A comment; who is not an end user writes for us. A comment without `public` is kept private. */
export function toMessage(comment: Comment, talk: Talk): Message {
  const author = comment.author_id ? talk.people.get(comment.author_id) : undefined
  const customer = author?.role
    ? author.role === 'end-user'
    : Boolean(comment.author_id) && comment.author_id === talk.requesterId
  const system = !comment.author_id || comment.author_id === '-1'
  const files = (comment.attachments ?? []).map((record) => ({ record, file: toAttachment(record) }))
  const unread = files.filter(({ file }) => file === null).map(({ record }) => record)
  return {
    vendorId: comment.id,
    conversationVendorId: talk.ticketId,
    kind: comment.public === true ? 'reply' : 'note',
    direction: customer ? 'in' : 'out',
    author: {
      ...toPerson(comment.author_id, talk.people, comment.via),
      role: customer ? 'customer' : system ? 'system' : 'agent',
    },
    createdAt: comment.created_at,
    bodyHtml: comment.html_body ?? null,
    bodyText: comment.plain_body ?? comment.body ?? htmlToText(comment.html_body ?? ''),
    attachments: files.flatMap(({ file }) => file ?? []),
    vendor: { ...unknownFields(comment, commentFields), ...(unread.length > 0 ? { attachments: unread } : {}) },
  }
}

/** Whom the comments of one ticket begin with, where neither the ticket nor people came along: the customer, in channels that customers begin. */
export function firstSpeaker(comments: readonly Comment[]): string | null {
  const [first] = [...comments].sort((a, b) => a.created_at - b.created_at)
  return first && customersBegin.has(String(first.via?.channel)) ? (first.author_id ?? null) : null
}

export const peopleOf = (users: readonly User[]): Map<string, User> => new Map(users.map((user) => [user.id, user]))
