import { z } from 'zod'
import { AppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Command, Conversation, ConversationStatus, Message, Receipt } from '../model.ts'
import { readAnswer } from '../read-records.ts'
import { htmlToText, sameText } from '../text.ts'
import { statusLabels } from './directory.ts'
import { vendorName } from './errors.ts'
import { peopleOf, readStatus, statusWord, type Ticket, toConversation } from './map.ts'
import { hostOf, readComments, readTickets } from './read.ts'
import { askComments, ticketIn, ticketPath } from './thread.ts'

const tagsAnswer = z.looseObject({ tags: z.array(z.string()) })

type Change = Record<string, unknown>

/** Ids are numbers on the wire and stay below 2^53. */
const number = (id: string | null) => (id === null ? null : Number(id))

function statusChange(status: ConversationStatus, vendorStatusId: string | null): Change {
  const custom =
    vendorStatusId !== null && /^\d+$/.test(vendorStatusId) ? { custom_status_id: Number(vendorStatusId) } : null
  return custom ?? { status: statusWord(status) }
}

function toChange(command: Exclude<Command, { kind: 'tags' }>): Change {
  switch (command.kind) {
    case 'reply':
      return { comment: { html_body: command.bodyHtml, public: true } }
    case 'note':
      return { comment: { html_body: command.bodyHtml, public: false } }
    case 'status':
      return statusChange(command.status, command.vendorStatusId)
    case 'priority':
      return { priority: command.priority }
    case 'assign':
      return { assignee_id: number(command.assigneeVendorId) }
  }
}

/**
 * One PUT for everything but tags, which have calls that add and remove instead of replacing the set. `safe_update` is left out:
 * commands of one conversation follow each other faster than its `updated_at` can be known here, and would collide with themselves.
 */
export async function execute(ctx: ConnectorContext, conversation: Conversation, command: Command): Promise<Receipt> {
  if (command.kind === 'tags') return changeTags(ctx, conversation, command.add, command.remove)
  const json = { ticket: toChange(command) }
  const answer: unknown = await ctx.http.put(ticketPath(conversation.vendorId), { json, signal: ctx.signal }).json()
  const fresh = await refreshed(ctx, ticketIn(answer), conversation)
  if (command.kind !== 'reply' && command.kind !== 'note')
    return { messageVendorId: null, conversation: fresh, message: null }
  const message = sentMessage(ctx, answer)
  if (command.kind === 'reply' && message?.kind === 'note') throw keptInside()
  return { messageVendorId: message?.vendorId ?? null, conversation: fresh, message }
}

/** Zendesk turns the public reply of a light agent into an internal note without a word. */
function keptInside(): AppError {
  return new AppError(
    'vendor_forbidden',
    'Zendesk kept your reply as an internal note: your role may not reply to customers.',
    {
      action: 'Assign the ticket to somebody who may, or ask an administrator for another role.',
      outcome: 'refused',
    },
  )
}

/** The new comment, as the audit of the answer tells it; its author is this agent. */
function sentMessage(ctx: ConnectorContext, answer: unknown): Message | null {
  const { vendorUserId, name, email, role } = ctx.account.identity
  const me = { id: vendorUserId, name, email, role: role ?? 'agent', phone: null, active: true, suspended: false }
  const people = peopleOf([me])
  const [message] = readTickets(answer, { host: hostOf(ctx.account.site), labels: new Map(), people }).messages
  if (message === undefined || message.author.role !== 'system') return message ?? null
  return { ...message, author: { vendorId: vendorUserId, name, email, phone: null, role: 'agent' } }
}

/** Write answers carry no people: the customer of the known conversation stays. */
async function refreshed(ctx: ConnectorContext, ticket: Ticket, before: Conversation): Promise<Conversation> {
  const fresh = toConversation(ticket, {
    host: hostOf(ctx.account.site),
    people: new Map(),
    labels: await statusLabels(ctx).catch(() => new Map()),
  })
  const sameCustomer = fresh.customer.vendorId === before.customer.vendorId
  return sameCustomer ? { ...fresh, customer: before.customer } : fresh
}

/** Adding and removing twice leaves the same set, so that a half-done change may simply be done again. */
async function changeTags(
  ctx: ConnectorContext,
  conversation: Conversation,
  add: string[],
  remove: string[],
): Promise<Receipt> {
  const path = `${ticketPath(conversation.vendorId)}/tags`
  let tags = conversation.tags
  if (add.length > 0) {
    const answer: unknown = await ctx.http.put(path, { json: { tags: add.map(tagWord) }, signal: ctx.signal }).json()
    tags = readAnswer(tagsAnswer, answer, vendorName).tags
  }
  if (remove.length > 0) {
    await ctx.http.delete(path, { json: { tags: remove.map(tagWord) }, signal: ctx.signal })
    tags = tags.filter((tag) => !remove.map(tagWord).includes(tag))
  }
  return { messageVendorId: null, conversation: { ...conversation, tags }, message: null }
}

/** Zendesk tags are lower case words. */
const tagWord = (tag: string) =>
  tag
    .trim()
    .toLowerCase()
    .replace(/[\s,]+/g, '_')

/** How far the two clocks may differ when our message is looked for. */
const clockSkewMs = 60_000

/** Looks for our comment among the newest hundred, or at the property. */
export async function probe(
  ctx: ConnectorContext,
  conversation: Conversation,
  command: Command,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  const id = conversation.vendorId
  if (command.kind === 'reply' || command.kind === 'note') return probeComment(ctx, id, command, sentAt)
  const answer: unknown = await ctx.http.get(ticketPath(id), { signal: ctx.signal }).json()
  const ticket = ticketIn(answer)
  if (!isDone(ticket, command)) return 'absent'
  return { messageVendorId: null, conversation: await refreshed(ctx, ticket, conversation), message: null }
}

async function probeComment(
  ctx: ConnectorContext,
  id: string,
  command: { kind: 'reply' | 'note'; bodyText: string; bodyHtml: string },
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  const { answer, after } = await askComments(ctx, id, '-created_at', null)
  const { messages } = readComments(answer, { ticketId: id, requesterId: null, people: new Map() })
  const wanted = [command.bodyText, htmlToText(command.bodyHtml)]
  const recent = messages.filter((message) => message.createdAt >= sentAt - clockSkewMs)
  const found = recent.find(
    (message) =>
      message.author.vendorId === ctx.account.identity.vendorUserId &&
      message.kind === command.kind &&
      [message.bodyText, htmlToText(message.bodyHtml ?? '')].some((text) =>
        wanted.some((each) => sameText(text, each)),
      ),
  )
  if (found !== undefined) return { messageVendorId: found.vendorId, conversation: null, message: found }
  // More than one page since then: ours may be on the next.
  return after !== null && recent.length === messages.length ? null : 'absent'
}

function isDone(ticket: Ticket, command: Exclude<Command, { kind: 'reply' | 'note' }>): boolean {
  switch (command.kind) {
    case 'status':
      return command.vendorStatusId !== null && ticket.custom_status_id
        ? ticket.custom_status_id === command.vendorStatusId || ticket.status === command.vendorStatusId
        : readStatus(ticket.status) === command.status
    case 'priority':
      return ticket.priority === command.priority
    case 'assign':
      return (ticket.assignee_id ?? null) === command.assigneeVendorId
    case 'tags': {
      const tags = ticket.tags ?? []
      return (
        command.add.every((tag) => tags.includes(tagWord(tag))) &&
        !command.remove.some((tag) => tags.includes(tagWord(tag)))
      )
    }
  }
}

/** `DELETE /oauth/tokens/current` with the token itself revokes it. */
export async function revoke(ctx: Pick<ConnectorContext, 'http' | 'signal'>): Promise<void> {
  const response = await ctx.http.delete('oauth/tokens/current', { signal: ctx.signal })
  if (!response.ok) throw new AppError('vendor_failed', `${vendorName} did not confirm.`)
}
