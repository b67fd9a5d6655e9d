import { z } from 'zod'
import type { Channel, CommandKind, Conversation, ConversationStatus, Person, Priority } from '../model.ts'
import { optionalId, optionalText, optionalTime, time, unknownFields, vendorId } from '../read-records.ts'
import { htmlToText, preview } from '../text.ts'
import { threadKey, ticketKey, userOfActor } from './ids.ts'

/** Everything here is pure: a payload of HubSpot's API in, the unified model out. */

const associated = z.looseObject({
  results: z
    .array(z.looseObject({ id: vendorId }))
    .nullish()
    .catch(null),
})

/** All property values are text or null. */
export const ticketSchema = z.looseObject({
  id: vendorId,
  properties: z.looseObject({
    subject: optionalText,
    content: optionalText,
    hs_pipeline: optionalText,
    hs_pipeline_stage: optionalText,
    hs_ticket_priority: optionalText,
    hubspot_owner_id: optionalText,
    hs_conversations_originating_thread_id: optionalText,
    hs_is_closed: optionalText,
    source_type: optionalText,
    createdate: optionalTime,
    hs_lastmodifieddate: optionalTime,
  }),
  createdAt: time,
  updatedAt: time,
  archived: z.boolean().nullish().catch(null),
  url: optionalText,
  associations: z
    .looseObject({ contacts: associated.nullish().catch(null) })
    .nullish()
    .catch(null),
})
export type Ticket = z.infer<typeof ticketSchema>

export const threadSchema = z.looseObject({
  id: vendorId,
  status: z.string().min(1),
  inboxId: optionalId,
  originalChannelId: optionalId,
  associatedContactId: optionalId,
  assignedTo: optionalText,
  spam: z.boolean().nullish().catch(null),
  archived: z.boolean().nullish().catch(null),
  createdAt: time,
  closedAt: optionalTime,
  latestMessageTimestamp: optionalTime,
  latestMessageReceivedTimestamp: optionalTime,
  latestMessageSentTimestamp: optionalTime,
  threadAssociations: z.looseObject({ associatedTicketId: optionalId }).nullish().catch(null),
})
export type InboxThread = z.infer<typeof threadSchema>

export const contactSchema = z.looseObject({
  id: vendorId,
  properties: z.looseObject({
    email: optionalText,
    firstname: optionalText,
    lastname: optionalText,
    phone: optionalText,
    mobilephone: optionalText,
  }),
})
export type Contact = z.infer<typeof contactSchema>

/** What a portal calls things: read once an hour, and all mapping needs of the world. */
export interface Portal {
  id: string
  stages: ReadonlyMap<string, { label: string; status: ConversationStatus }>
  /** Owner id to user id: tickets know owners, threads and sign-ins know users. */
  userOfOwner: ReadonlyMap<string, string>
}

/** `statusScope` of a thread without a ticket; pipelines have ids of their own. */
export const threadScope = 'thread'

/** Stages of the pipeline every portal begins with, for users who may not see the pipelines. To confirm on a live account. */
const firstPipeline: Portal['stages'] = new Map([
  ['1', { label: 'New', status: 'new' }],
  ['2', { label: 'Waiting on contact', status: 'pending' }],
  ['3', { label: 'Waiting on us', status: 'open' }],
  ['4', { label: 'Closed', status: 'closed' }],
])

function stageOf({ properties }: Ticket, portal: Portal) {
  const id = properties.hs_pipeline_stage ?? ''
  const known = portal.stages.get(id)
  if (known !== undefined) return { id, ...known }
  const first = portal.stages.size === 0 && (properties.hs_pipeline ?? '0') === '0' ? firstPipeline.get(id) : undefined
  const status: ConversationStatus = properties.hs_is_closed === 'true' ? 'closed' : (first?.status ?? 'open')
  return { id, status, label: first?.label ?? (id === '' ? 'Open' : `Stage ${id}`) }
}

const withoutTalk: CommandKind[] = ['note', 'status', 'priority', 'assign']

/**
 * A ticket that was made by hand or by a program has no thread, so that there is nowhere to reply: a note, kept in the CRM, is all
 * the talk it takes. `has` is null where nobody has looked: then the thread it was made from decides, where the answer tells that.
 */
function commandsOfTicket({ properties }: Ticket, has: boolean | null): { commands?: CommandKind[] } {
  const talk = has ?? properties.hs_conversations_originating_thread_id !== null
  return talk ? {} : { commands: withoutTalk }
}

const priorities: Record<string, Priority> = { LOW: 'low', MEDIUM: 'normal', HIGH: 'high', URGENT: 'urgent' }
export const priorityWords: Record<Priority, string> = { low: 'LOW', normal: 'MEDIUM', high: 'HIGH', urgent: 'URGENT' }

/** Ids of the vendor's own channels. https://developers.hubspot.com/docs/api-reference/conversations-conversations-v3/guide */
const channels: Record<string, Channel> = {
  '1000': 'chat',
  '1001': 'social',
  '1002': 'email',
  '1003': 'web',
  '1007': 'chat',
}
const sources: Record<string, Channel> = { CHAT: 'chat', EMAIL: 'email', FORM: 'web', PHONE: 'phone' }

const lookUp = <T>(table: Readonly<Record<string, T>>, key: string | null | undefined): T | null =>
  key !== null && key !== undefined && Object.hasOwn(table, key) ? (table[key] ?? null) : null

/** Ours for a stage: closed where the portal says so, else by the words of the default pipeline, else open so that nothing is overlooked. */
export function stageStatus(stage: { label: string; closed: boolean; first: boolean }): ConversationStatus {
  if (stage.closed) return 'closed'
  if (/hold|third party/i.test(stage.label)) return 'on_hold'
  if (/waiting (on|for) (the )?(contact|customer)|pending/i.test(stage.label)) return 'pending'
  return stage.first || /^new$/i.test(stage.label) ? 'new' : 'open'
}

const httpsOr = (url: string | null | undefined, fallback: string) =>
  url && URL.canParse(url) && new URL(url).protocol === 'https:' ? url : fallback

export function toCustomer(contactId: string | null, contacts: ReadonlyMap<string, Contact>): Person {
  const properties = contactId === null ? undefined : contacts.get(contactId)?.properties
  const name = [properties?.firstname, properties?.lastname].filter(Boolean).join(' ')
  return {
    vendorId: contactId,
    name: name || null,
    email: properties?.email ?? null,
    phone: (properties?.phone || properties?.mobilephone) ?? null,
  }
}

export const contactOfTicket = (ticket: Ticket): string | null =>
  ticket.associations?.contacts?.results?.[0]?.id ?? null

const knownProperties = [
  ...[
    'subject',
    'content',
    'hs_pipeline',
    'hs_pipeline_stage',
    'hs_ticket_priority',
    'hubspot_owner_id',
    'hs_object_id',
    'createdate',
  ],
  ...['hs_lastmodifieddate', 'hs_conversations_originating_thread_id', 'source_type', 'hs_is_closed', 'hs_ticket_id'],
]

/** A ticket, joined with its thread where one is known: the thread knows when somebody wrote, who, and through which channel. */
export function toTicketConversation(
  ticket: Ticket,
  portal: Portal,
  contacts: ReadonlyMap<string, Contact>,
  thread: InboxThread | null,
  hasTalk: boolean | null = null,
): Conversation {
  const { properties } = ticket
  const stage = stageOf(ticket, portal)
  const priority = lookUp(priorities, properties.hs_ticket_priority)
  const changed = properties.hs_lastmodifieddate ?? ticket.updatedAt
  const spoken = thread?.latestMessageTimestamp ?? 0
  const owner = properties.hubspot_owner_id
  const channel = lookUp(channels, thread?.originalChannelId) ?? lookUp(sources, properties.source_type)
  return {
    vendorId: ticketKey(ticket.id),
    version: Math.max(changed, spoken),
    subject: properties.subject ?? '',
    preview: preview(htmlToText(properties.content ?? '')),
    status: stage.status,
    vendorStatus: { id: stage.id, label: stage.label },
    statusScope: properties.hs_pipeline ?? null,
    ...commandsOfTicket(ticket, thread === null ? hasTalk : true),
    priority,
    channel: channel ?? 'other',
    customer: toCustomer(contactOfTicket(ticket) ?? thread?.associatedContactId ?? null, contacts),
    assigneeVendorId: owner ? (portal.userOfOwner.get(owner) ?? owner) : null,
    groupVendorId: null,
    tags: [],
    brandKey: properties.hs_pipeline ? `pipeline:${properties.hs_pipeline}` : null,
    createdAt: properties.createdate ?? ticket.createdAt,
    updatedAt: Math.max(changed, spoken),
    lastMessageBy: thread === null ? null : lastSpeaker(thread),
    dueAt: null,
    url: httpsOr(
      ticket.url,
      `https://app.hubspot.com/contacts/${portal.id}/record/0-5/${encodeURIComponent(ticket.id)}`,
    ),
    vendor: {
      ...unknownFields(properties, knownProperties),
      ...unknownFields(ticket, [
        'id',
        'properties',
        'createdAt',
        'updatedAt',
        'archived',
        'url',
        'associations',
        'propertiesWithHistory',
      ]),
      ...(properties.hs_ticket_priority && priority === null
        ? { hs_ticket_priority: properties.hs_ticket_priority }
        : {}),
      ...(properties.source_type && channel === null ? { source_type: properties.source_type } : {}),
    },
  }
}

function lastSpeaker(thread: InboxThread): 'customer' | 'agent' | null {
  const received = thread.latestMessageReceivedTimestamp ?? 0
  const sent = thread.latestMessageSentTimestamp ?? 0
  if (received === 0 && sent === 0) return null
  return received >= sent ? 'customer' : 'agent'
}

const threadFields = [
  ...[
    'id',
    'status',
    'inboxId',
    'originalChannelId',
    'originalChannelAccountId',
    'associatedContactId',
    'assignedTo',
    'spam',
    'archived',
  ],
  ...[
    'createdAt',
    'closedAt',
    'latestMessageTimestamp',
    'latestMessageReceivedTimestamp',
    'latestMessageSentTimestamp',
    'threadAssociations',
  ],
]

/** What a thread says of itself is no subject and no text: `newest` brings both where it was read. */
export function toThreadConversation(
  thread: InboxThread,
  portal: Portal,
  contacts: ReadonlyMap<string, Contact>,
  newest: { subject?: string | null | undefined; text?: string | null | undefined } | null,
): Conversation {
  const customer = toCustomer(thread.associatedContactId ?? null, contacts)
  const known = thread.status === 'OPEN' || thread.status === 'CLOSED'
  const changed = thread.latestMessageTimestamp ?? thread.createdAt
  const channel = lookUp(channels, thread.originalChannelId)
  return {
    vendorId: threadKey(thread.id),
    version: changed,
    subject:
      newest?.subject ??
      `${channel === 'chat' ? 'Chat' : 'Conversation'} with ${customer.name ?? customer.email ?? 'a visitor'}`,
    preview: preview(newest?.text),
    status: thread.status === 'CLOSED' ? 'closed' : 'open',
    vendorStatus: {
      id: thread.status,
      label: known ? (thread.status === 'CLOSED' ? 'Closed' : 'Open') : thread.status,
    },
    statusScope: threadScope,
    commands: ['reply', 'note', 'status', 'assign'],
    priority: null,
    channel: channel ?? 'other',
    customer,
    assigneeVendorId: userOfActor(thread.assignedTo),
    groupVendorId: null,
    tags: [],
    brandKey: thread.inboxId ? `inbox:${thread.inboxId}` : null,
    createdAt: thread.createdAt,
    updatedAt: changed,
    lastMessageBy: lastSpeaker(thread),
    dueAt: null,
    url: `https://app.hubspot.com/live-messages/${portal.id}/inbox/${encodeURIComponent(thread.id)}`,
    vendor: {
      ...unknownFields(thread, threadFields),
      ...(thread.originalChannelId && channel === null ? { originalChannelId: thread.originalChannelId } : {}),
      ...(thread.threadAssociations?.associatedTicketId
        ? { associatedTicketId: thread.threadAssociations.associatedTicketId }
        : {}),
    },
  }
}
