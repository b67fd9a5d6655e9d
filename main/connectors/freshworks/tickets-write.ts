import type { ConnectorContext } from '../connector.ts'
import type { Command, Conversation, Person, Receipt } from '../model.ts'
import { areChanged, changedTags } from '../tag-changes.ts'
import { htmlToText, sameText } from '../text.ts'
import { priorityNumbers } from './tickets-codes.ts'
import { toConversation } from './tickets-map.ts'
import { toMessage } from './tickets-messages.ts'
import type { TicketDesk } from './tickets-product.ts'
import { entries, readOneOf, tickets } from './tickets-records.ts'
import { entrySchema, type Ticket, ticketSchema } from './tickets-schema.ts'
import { readEntries, readTicket, ticketPath } from './tickets-thread.ts'

type Writing = Extract<Command, { kind: 'reply' | 'note' }>
type Changing = Exclude<Command, Writing>

/** Only documented fields are sent: unknown ones are refused. `from_email` is left out so that the site's own address is used. */
export async function execute(
  ctx: ConnectorContext,
  desk: TicketDesk,
  conversation: Conversation,
  command: Command,
  text: { body: string } | { structured_body: object } | null = null,
): Promise<Receipt> {
  switch (command.kind) {
    case 'reply':
      return send(ctx, desk, conversation.vendorId, command, text ?? { body: command.bodyHtml })
    case 'note':
      return send(ctx, desk, conversation.vendorId, command, { body: command.bodyHtml, private: true })
    default:
      return update(ctx, desk, conversation, await toChange(ctx, desk, conversation, command))
  }
}

/** Statuses of the site come with their number; one of ours is looked up among them. */
const numberOf = async (ctx: ConnectorContext, desk: TicketDesk, command: Extract<Command, { kind: 'status' }>) =>
  command.vendorStatusId === null ? desk.statusNumber(ctx, command.status) : Number(command.vendorStatusId)

async function toChange(ctx: ConnectorContext, desk: TicketDesk, conversation: Conversation, command: Changing) {
  switch (command.kind) {
    case 'status':
      return { status: await numberOf(ctx, desk, command) }
    case 'priority':
      return { priority: priorityNumbers[command.priority] }
    case 'assign':
      return { responder_id: command.assigneeVendorId === null ? null : Number(command.assigneeVendorId) }
    case 'tags':
      return { tags: await mergedTags(ctx, desk, conversation.vendorId, command) }
  }
}

const textTags = (ticket: Ticket) => (ticket.tags ?? []).filter((tag) => typeof tag === 'string')

/** There is no call that adds or removes a tag: the whole set is read, changed and sent. */
async function mergedTags(
  ctx: ConnectorContext,
  desk: TicketDesk,
  id: string,
  command: { add: string[]; remove: string[] },
): Promise<string[]> {
  const ticket = await readTicket(ctx, ticketPath(id), desk.product)
  return changedTags(textTags(ticket), command)
}

function me(ctx: ConnectorContext): Map<string, Person> {
  const { vendorUserId, name, email } = ctx.account.identity
  return new Map([[vendorUserId, { vendorId: vendorUserId, name, email, phone: null }]])
}

/** The answer of a reply leaves out what goes without saying (`incoming`, `private`, `source`). */
async function send(
  ctx: ConnectorContext,
  desk: TicketDesk,
  id: string,
  command: Writing,
  json: object,
): Promise<Receipt> {
  const what = command.kind === 'reply' ? 'reply' : 'notes'
  const answer: unknown = await ctx.http.post(`${ticketPath(id)}/${what}`, { json, signal: ctx.signal }).json()
  const entry = readOneOf(entrySchema, answer, entries, desk.product.name)
  const told = { ...entry, private: entry.private ?? command.kind === 'note' }
  const message = toMessage(told, id, me(ctx), desk.product)
  return { messageVendorId: message.vendorId, conversation: null, message }
}

async function update(ctx: ConnectorContext, desk: TicketDesk, before: Conversation, json: object): Promise<Receipt> {
  const answer: unknown = await ctx.http.put(ticketPath(before.vendorId), { json, signal: ctx.signal }).json()
  const ticket = readOneOf(ticketSchema, answer, tickets, desk.product.name)
  return { messageVendorId: null, conversation: await refreshed(ctx, desk, ticket, before), message: null }
}

/** Answers of a write carry no requester and no stats: what is known of them stays, and so do tags where they are left out. */
async function refreshed(
  ctx: ConnectorContext,
  desk: TicketDesk,
  ticket: Ticket,
  before: Conversation,
): Promise<Conversation> {
  const labels = await desk.labels(ctx).catch(() => new Map<string, string>())
  const fresh = toConversation(ticket, desk.product, { host: desk.product.host(ctx.account.site), labels })
  const customer = fresh.customer.vendorId === before.customer.vendorId ? before.customer : fresh.customer
  const lastMessageBy = fresh.lastMessageBy ?? before.lastMessageBy
  return { ...fresh, customer, lastMessageBy, tags: ticket.tags ? fresh.tags : before.tags }
}

/** How far the two clocks may differ when our message is looked for. */
const clockSkewMs = 60_000

/** Looks for our message among all entries of the ticket, or at the property. */
export async function probe(
  ctx: ConnectorContext,
  desk: TicketDesk,
  conversation: Conversation,
  command: Command,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  const { vendorId: id } = conversation
  if (command.kind === 'reply' || command.kind === 'note') return probeMessage(ctx, desk, id, command, sentAt)
  const ticket = await readTicket(ctx, ticketPath(id), desk.product)
  if (!(await isDone(ctx, desk, ticket, command))) return 'absent'
  return { messageVendorId: null, conversation: await refreshed(ctx, desk, ticket, conversation), message: null }
}

async function probeMessage(
  ctx: ConnectorContext,
  desk: TicketDesk,
  id: string,
  command: Writing,
  sentAt: number,
): Promise<Receipt | 'absent'> {
  const { values } = await readEntries(ctx, ticketPath(id), desk.product)
  const wanted = [command.bodyText, htmlToText(command.bodyHtml)]
  const found = values
    .filter((each) => each.user_id === ctx.account.identity.vendorUserId && each.created_at >= sentAt - clockSkewMs)
    .map((entry) => toMessage(entry, id, me(ctx), desk.product))
    .filter((message) => message.kind === command.kind)
    .find(({ bodyText, bodyHtml }) =>
      wanted.some((text) => sameText(text, bodyText) || sameText(text, htmlToText(bodyHtml ?? ''))),
    )
  return found === undefined ? 'absent' : { messageVendorId: found.vendorId, conversation: null, message: found }
}

async function isDone(ctx: ConnectorContext, desk: TicketDesk, ticket: Ticket, command: Changing): Promise<boolean> {
  switch (command.kind) {
    case 'status':
      return ticket.status === String(await numberOf(ctx, desk, command))
    case 'priority':
      return String(ticket.priority) === String(priorityNumbers[command.priority])
    case 'assign':
      return (ticket.responder_id ?? null) === command.assigneeVendorId
    case 'tags':
      return areChanged(textTags(ticket), command)
  }
}
