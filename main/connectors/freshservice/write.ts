import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import type { Command, Conversation, Person, Receipt } from '../model.ts'
import { readAnswer } from '../read-records.ts'
import { htmlToText, sameText } from '../text.ts'
import { statusLabels } from './directory.ts'
import { vendorName } from './errors.ts'
import { entrySchema, priorityNumbers, statusNumbers, type Ticket, toConversation, toMessage } from './map.ts'
import { readEntries, readTicket, ticketAnswer, ticketPath } from './thread.ts'

const entryAnswer = z.looseObject({ conversation: entrySchema })

/** Only documented fields are sent: Freshservice refuses unknown ones. `from_email` is left out so that the site's own address is used. */
export async function execute(ctx: ConnectorContext, conversation: Conversation, command: Command): Promise<Receipt> {
  const { vendorId: id } = conversation
  switch (command.kind) {
    case 'reply':
      return send(ctx, id, 'reply', { body: command.bodyHtml })
    case 'note':
      return send(ctx, id, 'notes', { body: command.bodyHtml, private: true })
    case 'tags':
      return update(ctx, conversation, { tags: await mergedTags(ctx, id, command) })
    default:
      return update(ctx, conversation, toChange(command))
  }
}

function toChange(
  command: Extract<Command, { kind: 'status' | 'priority' | 'assign' }>,
): Record<string, number | null> {
  switch (command.kind) {
    case 'status':
      return {
        status: command.vendorStatusId === null ? statusNumbers[command.status] : Number(command.vendorStatusId),
      }
    case 'priority':
      return { priority: priorityNumbers[command.priority] }
    case 'assign':
      return { responder_id: command.assigneeVendorId === null ? null : Number(command.assigneeVendorId) }
  }
}

/** There is no call that adds or removes a tag: the whole set is read, changed and sent. */
async function mergedTags(
  ctx: ConnectorContext,
  id: string,
  command: { add: string[]; remove: string[] },
): Promise<string[]> {
  const { tags } = await readTicket(ctx, id)
  const removed = new Set(command.remove.map((tag) => tag.toLowerCase()))
  const kept = (tags ?? []).filter((tag) => !removed.has(tag.toLowerCase()))
  const known = new Set(kept.map((tag) => tag.toLowerCase()))
  return [...kept, ...command.add.filter((tag) => !known.has(tag.toLowerCase()))]
}

function me(ctx: ConnectorContext): Map<string, Person> {
  const { vendorUserId, name, email } = ctx.account.identity
  return new Map([[vendorUserId, { vendorId: vendorUserId, name, email, phone: null }]])
}

async function send(ctx: ConnectorContext, id: string, what: 'reply' | 'notes', json: object): Promise<Receipt> {
  const answer: unknown = await ctx.http.post(`${ticketPath(id)}/${what}`, { json, signal: ctx.signal }).json()
  const message = toMessage(readAnswer(entryAnswer, answer, vendorName).conversation, id, me(ctx))
  return { messageVendorId: message.vendorId, conversation: null, message }
}

async function update(ctx: ConnectorContext, before: Conversation, json: object): Promise<Receipt> {
  const answer: unknown = await ctx.http.put(ticketPath(before.vendorId), { json, signal: ctx.signal }).json()
  const { ticket } = readAnswer(ticketAnswer, answer, vendorName)
  return { messageVendorId: null, conversation: await refreshed(ctx, ticket, before), message: null }
}

/** Answers of a write carry no requester: the known customer stays, and so do tags where they are left out. */
async function refreshed(ctx: ConnectorContext, ticket: Ticket, before: Conversation): Promise<Conversation> {
  const host = `${ctx.account.site.subdomain}.freshservice.com`
  const labels = await statusLabels(ctx).catch(() => new Map<string, string>())
  const fresh = toConversation(ticket, { host, labels })
  const customer = fresh.customer.vendorId === before.customer.vendorId ? before.customer : fresh.customer
  return { ...fresh, customer, tags: ticket.tags ? fresh.tags : before.tags }
}

const clockSkewMs = 60_000

export async function probe(
  ctx: ConnectorContext,
  conversation: Conversation,
  command: Command,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  const { vendorId: id } = conversation
  if (command.kind === 'reply' || command.kind === 'note') {
    const { values } = await readEntries(ctx, id)
    const wanted = [command.bodyText, htmlToText(command.bodyHtml)]
    const mine = values.filter(
      (each) => each.user_id === ctx.account.identity.vendorUserId && each.created_at >= sentAt - clockSkewMs,
    )
    const found = mine
      .map((entry) => toMessage(entry, id, me(ctx)))
      .find(
        (message) =>
          message.kind === command.kind &&
          wanted.some((text) => sameText(text, message.bodyText) || sameText(text, htmlToText(message.bodyHtml ?? ''))),
      )
    return found === undefined ? 'absent' : { messageVendorId: found.vendorId, conversation: null, message: found }
  }
  const ticket = await readTicket(ctx, id)
  if (!isDone(ticket, command)) return 'absent'
  return { messageVendorId: null, conversation: await refreshed(ctx, ticket, conversation), message: null }
}

function isDone(ticket: Ticket, command: Exclude<Command, { kind: 'reply' | 'note' }>): boolean {
  switch (command.kind) {
    case 'status':
      return ticket.status === (command.vendorStatusId ?? String(statusNumbers[command.status]))
    case 'priority':
      return String(ticket.priority) === String(priorityNumbers[command.priority])
    case 'assign':
      return (ticket.responder_id ?? null) === command.assigneeVendorId
    case 'tags': {
      const tags = new Set((ticket.tags ?? []).map((tag) => tag.toLowerCase()))
      return (
        command.add.every((tag) => tags.has(tag.toLowerCase())) &&
        !command.remove.some((tag) => tags.has(tag.toLowerCase()))
      )
    }
  }
}
