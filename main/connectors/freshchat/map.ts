import { z } from 'zod'
import type {
  Agent,
  Channel,
  CommandKind,
  Conversation,
  ConversationStatus,
  Message,
  Person,
  Priority,
} from '../model.ts'
import { optionalId, optionalText, time, unknownFields, vendorId } from '../read-records.ts'
import { preview } from '../text.ts'

/** Everything here is pure: a payload of Freshchat's API v2 in, the unified model out. Messages: `map-messages.ts`. */

const propertyMap = z.record(z.string(), z.unknown())
const propertyList = z.array(z.looseObject({ name: z.string(), value: z.unknown() }))

/** Answers of a change carry no times; a time that is there must be one. */
const maybeTime = time.nullish()

export const conversationSchema = z
  .looseObject({
    conversation_id: vendorId.nullish(),
    /** Some answers and lists call it so. */
    id: vendorId.nullish(),
    conversation_internal_id: optionalId,
    status: optionalText,
    channel_id: optionalId,
    user_id: optionalId,
    assigned_agent_id: optionalId,
    assigned_group_id: optionalId,
    url: optionalText,
    source: optionalText,
    properties: propertyMap.nullish().catch(null),
    users: z
      .array(z.looseObject({ id: vendorId }))
      .nullish()
      .catch(null),
    created_time: maybeTime,
    updated_time: maybeTime,
  })
  .refine((one) => Boolean(one.conversation_id ?? one.id), { path: ['conversation_id'], message: 'missing' })
export type ChatConversation = z.infer<typeof conversationSchema>

export const userSchema = z.looseObject({
  id: vendorId,
  first_name: optionalText,
  last_name: optionalText,
  email: optionalText,
  phone: z.union([z.string(), z.number()]).nullish().catch(null),
  properties: z.union([propertyList, propertyMap]).nullish().catch(null),
})
export type ChatUser = z.infer<typeof userSchema>

export const agentSchema = z.looseObject({
  id: vendorId,
  first_name: optionalText,
  last_name: optionalText,
  email: optionalText,
  is_deactivated: z.boolean().nullish().catch(null),
  is_deleted: z.boolean().nullish().catch(null),
})
export type ChatAgent = z.infer<typeof agentSchema>

export const namedSchema = z.looseObject({ id: vendorId, name: z.string() })

/**
 * Every status Freshchat has. `reopen` stands in older webhooks. `waiting on …` come and go in the account's settings.
 * https://developers.freshchat.com/api/#conversation
 */
export const statuses: Readonly<Record<string, { label: string; status: ConversationStatus }>> = {
  new: { label: 'New', status: 'new' },
  assigned: { label: 'Assigned', status: 'open' },
  reopened: { label: 'Reopened', status: 'open' },
  reopen: { label: 'Reopened', status: 'open' },
  'waiting on customer': { label: 'Waiting on customer', status: 'pending' },
  'waiting on internal team': { label: 'Waiting on internal team', status: 'on_hold' },
  resolved: { label: 'Resolved', status: 'solved' },
}

const lookUp = <T>(table: Readonly<Record<string, T>>, key: string): T | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null

/** `Waiting_On_Customer` in events is `waiting on customer` in calls. */
const statusKey = (text: string) =>
  text
    .toLowerCase()
    .replace(/[_\s]+/g, ' ')
    .trim()

/** A status we do not know counts as open, so that nothing is overlooked. */
export function readStatus(text: string): { id: string; label: string; status: ConversationStatus } {
  const id = statusKey(text)
  const known = lookUp(statuses, id)
  return known === null ? { id: text, label: text, status: 'open' } : { id, ...known }
}

/** There is no field for it: where an account uses priorities, they are the conversation property `priority`. */
const priorities: Record<string, Priority> = { low: 'low', medium: 'normal', high: 'high', urgent: 'urgent' }
export const priorityWords: Record<Priority, string> = { low: 'Low', normal: 'Medium', high: 'High', urgent: 'Urgent' }

export const priorityOf = (properties: Record<string, unknown> | null | undefined): Priority | null =>
  lookUp(priorities, String(properties?.priority ?? '').toLowerCase())

/** Where a chat came from: `source` of events, `message_source` of messages; upper and lower case occur. */
const channels: Record<string, Channel> = {
  web: 'chat',
  webchat: 'chat',
  mobile: 'chat',
  freshbots_widget: 'chat',
  email: 'email',
  whatsapp: 'social',
  facebook_messenger: 'social',
  fb_messenger: 'social',
  fb_native: 'social',
  instagram: 'social',
  line: 'social',
  abc: 'social',
  gbm: 'social',
  smooch: 'social',
}
export const channelOf = (source: string | null | undefined): Channel | null =>
  lookUp(channels, (source ?? '').toLowerCase())

export function personName(person: { first_name?: string | null | undefined; last_name?: string | null | undefined }) {
  return [person.first_name, person.last_name].filter(Boolean).join(' ') || null
}

export function toPerson(user: ChatUser): Person {
  const phone = user.phone === null || user.phone === undefined || user.phone === '' ? null : String(user.phone)
  return { vendorId: user.id, name: personName(user), email: user.email || null, phone }
}

export const toAgent = (agent: ChatAgent): Agent => ({
  vendorId: agent.id,
  name: personName(agent) ?? agent.email ?? agent.id,
  email: agent.email || null,
  active: agent.is_deactivated !== true && agent.is_deleted !== true,
})

const conversationFields = [
  ...['conversation_id', 'id', 'status', 'channel_id', 'user_id', 'assigned_agent_id', 'assigned_group_id', 'url'],
  ...['created_time', 'updated_time', 'users', 'agents', 'messages'],
]

/** What is known around a conversation. Its own record tells neither a text nor who wrote last. */
export interface ChatContext {
  host: string
  people: ReadonlyMap<string, Person>
  /** Names of channels ("topics") by id: what Freshchat shows in place of a subject. */
  channels: ReadonlyMap<string, string>
  /** Newest messages, oldest first; empty where they were not read. */
  messages: readonly Message[]
}

/** Only the property's presence says that the account uses priorities; assignment, status and texts always work. */
const commandsOf = (conversation: ChatConversation): CommandKind[] =>
  conversation.properties?.priority === undefined || conversation.properties.priority === null
    ? ['reply', 'note', 'status', 'assign']
    : ['reply', 'note', 'status', 'assign', 'priority']

/** A conversation as `GET /conversations/{id}`, its change and events tell it. */
export function toConversation(conversation: ChatConversation, context: ChatContext): Conversation {
  const id = conversation.conversation_id ?? conversation.id ?? ''
  const status = readStatus(conversation.status ?? 'new')
  const customerId = conversation.user_id ?? conversation.users?.[0]?.id ?? null
  const newest = context.messages.findLast((message) => message.kind !== 'event') ?? context.messages.at(-1)
  const spoken = context.messages.findLast((message) => message.kind === 'reply')
  const told = Math.max(conversation.updated_time ?? 0, conversation.created_time ?? 0)
  const updatedAt = Math.max(told, context.messages.at(-1)?.createdAt ?? 0)
  const priority = priorityOf(conversation.properties)
  const subject = context.messages.map(subjectOf).find((text) => text !== null)
  return {
    vendorId: id,
    version: updatedAt,
    subject: subject ?? context.channels.get(conversation.channel_id ?? '') ?? '',
    preview: preview(newest?.bodyText),
    status: status.status,
    vendorStatus: { id: status.id, label: status.label },
    commands: commandsOf(conversation),
    priority,
    channel: channelOfAll(conversation, context.messages),
    customer: context.people.get(customerId ?? '') ?? { vendorId: customerId, name: null, email: null, phone: null },
    assigneeVendorId: conversation.assigned_agent_id ?? null,
    groupVendorId: conversation.assigned_group_id ?? null,
    tags: [],
    brandKey: conversation.channel_id ?? null,
    createdAt: conversation.created_time ?? context.messages[0]?.createdAt ?? updatedAt,
    updatedAt,
    lastMessageBy: spoken === undefined ? null : spoken.direction === 'in' ? 'customer' : 'agent',
    dueAt: null,
    url: safeUrl(conversation.url) ?? `https://${context.host}/`,
    vendor: unknownFields(conversation, conversationFields),
  }
}

/** Mail has a subject; it rides in the message that carried it. */
const subjectOf = (message: Message): string | null =>
  typeof message.vendor.subject === 'string' && message.vendor.subject !== '' ? message.vendor.subject : null

/** Chat unless something says otherwise: a message from mail, or a source among the social networks. */
function channelOfAll(conversation: ChatConversation, messages: readonly Message[]): Channel {
  const told = channelOf(conversation.source)
  if (told !== null) return told
  if (messages.some((message) => subjectOf(message) !== null)) return 'email'
  const sources = messages.filter((message) => message.direction === 'in').map((each) => each.vendor.message_source)
  return sources.map((each) => channelOf(String(each))).find((each) => each !== null) ?? 'chat'
}

const safeUrl = (url: string | null | undefined): string | null =>
  url && URL.canParse(url) && new URL(url).protocol === 'https:' ? url : null
