import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { readByPost } from '../http.ts'
import type { Conversation, Quarantined } from '../model.ts'
import { readAnswer } from '../read-records.ts'
import { vendorName } from './errors.ts'
import {
  type Contact,
  contactOfTicket,
  type InboxThread,
  type Portal,
  type Ticket,
  threadSchema,
  ticketSchema,
  toThreadConversation,
  toTicketConversation,
} from './map.ts'
import type { InboxMessage } from './map-messages.ts'
import { paths } from './paths.ts'
import { afterOf } from './portal.ts'
import { type Read, readContactList, readMessageList, readThreadList, readTicketList } from './read.ts'

/** Asked for by name; those a portal does not have are left out of the answer. */
export const ticketProperties = [
  ...[
    'subject',
    'content',
    'hs_pipeline',
    'hs_pipeline_stage',
    'hs_ticket_priority',
    'hs_ticket_category',
    'hubspot_owner_id',
  ],
  ...['createdate', 'hs_lastmodifieddate', 'hs_conversations_originating_thread_id', 'hs_is_closed', 'source_type'],
]
const contactProperties = ['email', 'firstname', 'lastname', 'phone', 'mobilephone']
const batchSize = 100

const chunks = (ids: string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / batchSize) }, (_, at) => ids.slice(at * batchSize, (at + 1) * batchSize))

/** Reads many objects by id; missing ones are simply absent (207 with partial results). */
async function readBatch<T>(
  ctx: ConnectorContext,
  path: string,
  ids: string[],
  properties: string[],
  read: (answer: unknown) => Read<T>,
) {
  const values: T[] = []
  const quarantined: Quarantined[] = []
  for (const part of chunks(ids)) {
    const json = { inputs: part.map((id) => ({ id })), properties, propertiesWithHistory: [] }
    const answer: unknown = await ctx.http.post(path, { json, signal: ctx.signal, ...readByPost }).json()
    const found = read(answer)
    values.push(...found.values)
    quarantined.push(...found.quarantined)
  }
  return { values, quarantined }
}

const readTickets = (ctx: ConnectorContext, ids: string[]) =>
  readBatch(ctx, paths.ticketBatch, ids, ticketProperties, readTicketList)

/** Contacts by id. Visitors have ids without a contact, and the permission may be missing: then only the id is known. */
export async function readContacts(
  ctx: ConnectorContext,
  ids: Iterable<string | null | undefined>,
): Promise<Map<string, Contact>> {
  const wanted = [...new Set(ids)].filter((id): id is string => typeof id === 'string' && /^\d+$/.test(id))
  try {
    const { values } = await readBatch(ctx, paths.contactBatch, wanted, contactProperties, readContactList)
    return new Map(values.map((contact) => [contact.id, contact]))
  } catch (error) {
    if (isAppError(error, 'vendor_forbidden', 'vendor_not_found')) return new Map()
    throw error
  }
}

/** One ticket with the contacts it belongs to, which search and batch read do not tell. */
export async function readTicket(ctx: ConnectorContext, id: string): Promise<Ticket> {
  const searchParams = { properties: ticketProperties.join(','), associations: 'contacts' }
  const answer: unknown = await ctx.http.get(paths.ticket(id), { searchParams, signal: ctx.signal }).json()
  return readAnswer(ticketSchema, answer, vendorName)
}

export async function readThread(ctx: ConnectorContext, id: string): Promise<InboxThread> {
  const answer: unknown = await ctx.http
    .get(paths.thread(id), { searchParams: { association: 'TICKET' }, signal: ctx.signal })
    .json()
  return readAnswer(threadSchema, answer, vendorName)
}

/** Threads that belong to a ticket, the newest last. Where the portal does not know the filter, the ticket's own property leads there. */
export async function threadsOfTicket(ctx: ConnectorContext, ticket: Ticket): Promise<InboxThread[]> {
  const searchParams = { associatedTicketId: ticket.id, association: 'TICKET', limit: 100 }
  const listed = await ctx.http
    .get(paths.threads, { searchParams, signal: ctx.signal })
    .json<unknown>()
    .then((answer) => readThreadList(answer).values)
    .catch((error: unknown) => {
      if (isAppError(error, 'vendor_rejected', 'vendor_forbidden', 'vendor_not_found')) return []
      throw error
    })
  // A portal that ignores the filter answers threads of everybody.
  const own = listed.filter((each) => each.threadAssociations?.associatedTicketId === ticket.id)
  const origin = ticket.properties.hs_conversations_originating_thread_id
  const found = own.length > 0 || !origin ? own : await originThread(ctx, origin)
  return found.sort((a, b) => (a.latestMessageTimestamp ?? a.createdAt) - (b.latestMessageTimestamp ?? b.createdAt))
}

async function originThread(ctx: ConnectorContext, id: string): Promise<InboxThread[]> {
  try {
    return [await readThread(ctx, id)]
  } catch (error) {
    if (isAppError(error, 'vendor_forbidden', 'vendor_not_found')) return []
    throw error
  }
}

/** A page of messages, oldest or newest first. */
export async function readMessages(
  ctx: ConnectorContext,
  threadId: string,
  sort: 'createdAt' | '-createdAt',
  limit: number,
  after?: string,
) {
  const searchParams = { limit, sort, ...(after === undefined ? {} : { after }) }
  const answer: unknown = await ctx.http.get(paths.messages(threadId), { searchParams, signal: ctx.signal }).json()
  return { ...readMessageList(answer), after: afterOf(answer) ?? undefined }
}

/** The newest message somebody wrote: it gives an open thread without a ticket its subject and preview. */
async function newestMessage(ctx: ConnectorContext, thread: InboxThread): Promise<InboxMessage | null> {
  if (thread.status !== 'OPEN') return null
  const { values } = await readMessages(ctx, thread.id, '-createdAt', 5)
  return values.find((message) => message.type === 'MESSAGE') ?? null
}

export interface Joined {
  conversations: Conversation[]
  contacts: ReadonlyMap<string, Contact>
  quarantined: Quarantined[]
}

export async function joinTickets(ctx: ConnectorContext, portal: Portal, tickets: Ticket[]): Promise<Joined> {
  const contacts = await readContacts(ctx, tickets.map(contactOfTicket))
  const conversations = tickets.map((ticket) => toTicketConversation(ticket, portal, contacts, null))
  return { conversations, contacts, quarantined: [] }
}

/** Threads as conversations: those with a ticket through the ticket, the others by themselves. */
export async function joinThreads(ctx: ConnectorContext, portal: Portal, threads: InboxThread[]): Promise<Joined> {
  const byTicket = new Map<string, InboxThread>()
  for (const thread of threads) {
    const ticketId = thread.threadAssociations?.associatedTicketId
    if (ticketId) byTicket.set(ticketId, thread)
  }
  const { values: tickets, quarantined } = await readTickets(ctx, [...byTicket.keys()])
  const known = new Set(tickets.map((ticket) => ticket.id))
  const alone = threads.filter((thread) => !known.has(thread.threadAssociations?.associatedTicketId ?? ''))
  const contacts = await readContacts(ctx, [
    ...threads.map((thread) => thread.associatedContactId),
    ...tickets.map(contactOfTicket),
  ])
  const conversations = tickets.map((ticket) =>
    toTicketConversation(ticket, portal, contacts, byTicket.get(ticket.id) ?? null),
  )
  for (const thread of alone) {
    conversations.push(toThreadConversation(thread, portal, contacts, await newestMessage(ctx, thread)))
  }
  return { conversations, contacts, quarantined }
}
