import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import type { Conversation, Message, Person, Quarantined } from '../model.ts'
import { readAnswer, readRecord, readRecords } from '../read-records.ts'
import { agentPeople, channelNames, hostOf } from './directory.ts'
import { vendorName } from './errors.ts'
import { type ChatConversation, conversationSchema, toConversation, toPerson, userSchema } from './map.ts'
import { type ChatMessage, messageSchema, toMessage } from './map-messages.ts'

export const chatPath = (id: string) => `conversations/${encodeURIComponent(id)}`

/** The vendor's own bound. */
const mostMessages = 50

const linkSchema = z.union([z.string(), z.looseObject({ href: z.string() }).transform(({ href }) => href)])
const messagePage = z.looseObject({ messages: z.array(z.unknown()), link: linkSchema.nullish().catch(null) })

interface Messages {
  values: ChatMessage[]
  quarantined: Quarantined[]
  more: boolean
}

/** One page of messages, newest first. `from` narrows to those written since, where the vendor heeds it. */
export async function readMessagePage(
  ctx: ConnectorContext,
  id: string,
  options: { page?: number; size?: number; from?: number } = {},
): Promise<Messages> {
  const searchParams = {
    page: options.page ?? 1,
    items_per_page: options.size ?? mostMessages,
    ...(options.from === undefined ? {} : { from_time: new Date(options.from).toISOString() }),
  }
  const answer: unknown = await ctx.http.get(`${chatPath(id)}/messages`, { searchParams, signal: ctx.signal }).json()
  const read = readAnswer(messagePage, answer, vendorName)
  const more = Boolean(read.link) && read.messages.length > 0
  return { ...readRecords(messageSchema, read.messages, 'messages'), more }
}

export async function readConversation(ctx: ConnectorContext, id: string): Promise<ChatConversation> {
  const answer: unknown = await ctx.http.get(chatPath(id), { signal: ctx.signal }).json()
  return readAnswer(conversationSchema, answer, vendorName)
}

export async function readUser(ctx: ConnectorContext, id: string): Promise<Person | null> {
  const answer: unknown = await ctx.http.get(`users/${encodeURIComponent(id)}`, { signal: ctx.signal }).json()
  const read = readRecord(userSchema, answer, 'user')
  return 'value' in read ? toPerson(read.value) : null
}

/** Times have milliseconds; the order of messages of the same moment is the vendor's. */
export function oldestFirst(newestFirst: readonly ChatMessage[]): ChatMessage[] {
  return [...newestFirst].reverse().sort((a, b) => a.created_time - b.created_time)
}

export interface Chat {
  conversation: Conversation
  messages: Message[]
  people: Person[]
  quarantined: Quarantined[]
}

/** A conversation with messages (newest first, as read) and its customer put together. */
export async function toChat(
  ctx: ConnectorContext,
  conversation: ChatConversation,
  read: readonly ChatMessage[],
  customer: Person | null,
): Promise<Omit<Chat, 'quarantined'>> {
  const people = await agentPeople(ctx)
  if (customer?.vendorId) people.set(customer.vendorId, customer)
  const id = conversation.conversation_id ?? conversation.id ?? ''
  const messages = oldestFirst(read).map((message) => toMessage(message, id, people))
  const context = { host: hostOf(ctx.account.site), people, channels: await channelNames(ctx), messages }
  return { conversation: toConversation(conversation, context), messages, people: [...people.values()] }
}
