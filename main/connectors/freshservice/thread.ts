import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import type { Attachment, Message, Person, Quarantined, Thread } from '../model.ts'
import { readAnswer, readRecords } from '../read-records.ts'
import { agents, statusLabels } from './directory.ts'
import { vendorName } from './errors.ts'
import {
  type Entry,
  entrySchema,
  personName,
  type Ticket,
  ticketSchema,
  toConversation,
  toCustomer,
  toFirstMessage,
  toMessage,
} from './map.ts'

export const ticketAnswer = z.looseObject({ ticket: ticketSchema })
const entryList = z.looseObject({ conversations: z.array(z.unknown()) })
const perPage = 100
const mostPages = 60

export const ticketPath = (id: string) => `tickets/${encodeURIComponent(id)}`

export async function readTicket(ctx: ConnectorContext, id: string): Promise<Ticket> {
  const options = { searchParams: { include: 'requester' }, signal: ctx.signal }
  const answer: unknown = await ctx.http.get(ticketPath(id), options).json()
  return readAnswer(ticketAnswer, answer, vendorName).ticket
}

/** All entries of a ticket in the order of the vendor, which is not documented: callers sort. */
export async function readEntries(
  ctx: ConnectorContext,
  id: string,
): Promise<{ values: Entry[]; quarantined: Quarantined[] }> {
  const records: unknown[] = []
  for (let page = 1; page <= mostPages; page += 1) {
    const options = { searchParams: { page, per_page: perPage }, signal: ctx.signal }
    const answer: unknown = await ctx.http.get(`${ticketPath(id)}/conversations`, options).json()
    const { conversations } = readAnswer(entryList, answer, vendorName)
    records.push(...conversations)
    if (conversations.length < perPage) break
  }
  return readRecords(entrySchema, records, 'conversations')
}

/** Names beside messages: the agents where they may be listed, the ticket's requester, and the one signed in. */
async function peopleOf(ctx: ConnectorContext, ticket: Ticket): Promise<Map<string, Person>> {
  const { identity } = ctx.account
  const people = new Map<string, Person>()
  people.set(identity.vendorUserId, {
    vendorId: identity.vendorUserId,
    name: identity.name,
    email: identity.email,
    phone: null,
  })
  for (const agent of await agents(ctx)) {
    people.set(agent.id, { vendorId: agent.id, name: personName(agent), email: agent.email ?? null, phone: null })
  }
  const customer = toCustomer(ticket)
  if (customer.vendorId !== null) people.set(customer.vendorId, customer)
  return people
}

/** The ticket, its own text as the first message, then all replies and notes, oldest first. */
export async function thread(ctx: ConnectorContext, id: string): Promise<Thread> {
  const ticket = await readTicket(ctx, id)
  const { values, quarantined } = await readEntries(ctx, id)
  const people = await peopleOf(ctx, ticket)
  const entries = values.map((entry) => toMessage(entry, ticket.id, people)).sort(oldestFirst)
  const host = `${ctx.account.site.subdomain}.freshservice.com`
  const conversation = toConversation(ticket, { host, labels: await statusLabels(ctx) })
  const last = lastSpeaker([toFirstMessage(ticket), ...entries])
  return {
    conversation: { ...conversation, lastMessageBy: last },
    messages: [toFirstMessage(ticket), ...entries],
    people: [...people.values()],
    quarantined,
  }
}

/** Times have whole seconds: within one, ids tell the order. */
const oldestFirst = (a: Message, b: Message) => a.createdAt - b.createdAt || Number(a.vendorId) - Number(b.vendorId)

function lastSpeaker(messages: Message[]): 'customer' | 'agent' | null {
  const last = messages.findLast((message) => message.kind === 'reply')
  return last === undefined ? null : last.direction === 'in' ? 'customer' : 'agent'
}

/** Links are pre-signed and lead to the vendor's storage, which gets no token. They live for about a day. */
export async function download(ctx: ConnectorContext, attachment: Attachment): Promise<Uint8Array> {
  return ctx.http.get(attachment.url, { signal: ctx.signal }).bytes()
}
