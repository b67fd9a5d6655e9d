import type { ConnectorContext } from '../connector.ts'
import { lastSpeaker } from '../last-speaker.ts'
import type { Attachment, Message, Person, Quarantined, Thread } from '../model.ts'
import { toConversation, toCustomer } from './tickets-map.ts'
import { toFirstMessage, toMessage } from './tickets-messages.ts'
import type { TicketDesk, TicketProduct } from './tickets-product.ts'
import { entries, readOneOf, readRecordsOf, tickets } from './tickets-records.ts'
import { type Entry, entrySchema, type Ticket, ticketSchema } from './tickets-schema.ts'

const perPage = 100
const mostPages = 60

export const ticketPath = (id: string) => `tickets/${encodeURIComponent(id)}`

const withRequester = { include: 'requester' }

/** `GET {path}`, where `path` is `ticketPath(id)` unless the ticket lies elsewhere. */
export async function readTicket(
  ctx: ConnectorContext,
  path: string,
  product: TicketProduct,
  searchParams: Record<string, string> = withRequester,
): Promise<Ticket> {
  const options = { searchParams, signal: ctx.signal }
  const answer: unknown = await ctx.http.get(path, options).json()
  return readOneOf(ticketSchema, answer, tickets, product.name)
}

/** All entries of a ticket in the order of the vendor, which differs between the products: callers sort. */
export async function readEntries(
  ctx: ConnectorContext,
  path: string,
  product: TicketProduct,
): Promise<{ values: Entry[]; quarantined: Quarantined[] }> {
  const values: Entry[] = []
  const quarantined: Quarantined[] = []
  for (let page = 1; page <= mostPages; page += 1) {
    const options = { searchParams: { page, per_page: perPage }, signal: ctx.signal }
    const answer: unknown = await ctx.http.get(`${path}/conversations`, options).json()
    const read = readRecordsOf(entrySchema, answer, entries, product.name)
    values.push(...read.values)
    quarantined.push(...read.quarantined)
    if (read.count < perPage) break
  }
  return { values, quarantined }
}

/** Names beside messages: the agents where they may be listed, the ticket's requester, and the one signed in. */
async function peopleOf(ctx: ConnectorContext, ticket: Ticket, desk: TicketDesk): Promise<Map<string, Person>> {
  const { vendorUserId, name, email } = ctx.account.identity
  const all = [
    { vendorId: vendorUserId, name, email, phone: null },
    ...(await desk.colleagues(ctx)),
    toCustomer(ticket),
  ]
  return new Map(all.flatMap((person) => (person.vendorId === null ? [] : [[person.vendorId, person] as const])))
}

/** The ticket, its own text as the first message, then all replies and notes, oldest first. */
export async function readThread(
  ctx: ConnectorContext,
  path: string,
  desk: TicketDesk,
  query: Record<string, string> = withRequester,
): Promise<Thread> {
  const { product } = desk
  const ticket = await readTicket(ctx, path, product, query)
  const { values, quarantined } = await readEntries(ctx, path, product)
  const people = await peopleOf(ctx, ticket, desk)
  const written = values.map((entry) => toMessage(entry, ticket.id, people, product)).sort(oldestFirst)
  const messages = [toFirstMessage(ticket, product), ...written]
  const context = { host: product.host(ctx.account.site), labels: await desk.labels(ctx) }
  const conversation = { ...toConversation(ticket, product, context), lastMessageBy: lastSpeaker(messages) }
  return { conversation, messages, people: [...people.values()], quarantined }
}

/** Times have whole seconds: within one, ids tell the order. */
const oldestFirst = (a: Message, b: Message) => a.createdAt - b.createdAt || Number(a.vendorId) - Number(b.vendorId)

/** Links are pre-signed and lead to the vendor's storage, which gets no token. They live for about a day. */
export async function download(ctx: ConnectorContext, attachment: Attachment): Promise<Uint8Array> {
  return ctx.http.get(attachment.url, { signal: ctx.signal }).bytes()
}
