import type { ConnectorContext } from '../connector.ts'
import type { Command, Conversation, Message, Receipt } from '../model.ts'
import { beforeSending, notOffered } from '../outcome.ts'
import { readAnswer } from '../read-records.ts'
import { htmlToText, sameText } from '../text.ts'
import { vendorName } from './errors.ts'
import { agentActor, userOfActor } from './ids.ts'
import {
  type InboxThread,
  priorityWords,
  type Ticket,
  threadSchema,
  ticketSchema,
  toTicketConversation,
} from './map.ts'
import { type Actors, type InboxMessage, messageSchema, toMessage } from './map-messages.ts'
import { paths } from './paths.ts'
import { owners, portalOf, stages } from './portal.ts'
import { userIdOf } from './read.ts'
import { readMessages, readThread, readTicket, threadsOfTicket } from './records.ts'
import { requireKey } from './thread.ts'

export async function execute(ctx: ConnectorContext, conversation: Conversation, command: Command): Promise<Receipt> {
  switch (command.kind) {
    case 'reply':
    case 'note':
      return say(ctx, conversation, command)
    case 'tags':
      throw notOffered('HubSpot has no tags on tickets.', 'Use a pipeline stage instead.')
    default:
      return requireKey(conversation.vendorId).kind === 'ticket'
        ? changeTicket(ctx, conversation, command)
        : changeThread(ctx, conversation, command)
  }
}

type Words = Extract<Command, { kind: 'reply' | 'note' }>
type Change = Extract<Command, { kind: 'status' | 'priority' | 'assign' }>

/** The thread in which the talk of a conversation goes on: the newest of a ticket's. */
async function talkOf(ctx: ConnectorContext, conversation: Conversation): Promise<InboxThread | null> {
  const key = requireKey(conversation.vendorId)
  if (key.kind === 'thread') return readThread(ctx, key.id)
  return (await threadsOfTicket(ctx, await readTicket(ctx, key.id))).at(-1) ?? null
}

async function say(ctx: ConnectorContext, conversation: Conversation, words: Words): Promise<Receipt> {
  const talk = await beforeSending(talkOf(ctx, conversation))
  if (talk === null) {
    if (words.kind === 'note') return crmNote(ctx, conversation, words)
    throw notOffered(
      'This ticket has no conversation to reply in: it was not made from a message.',
      'Write to the customer from HubSpot, or leave a note here.',
    )
  }
  const json = words.kind === 'note' ? comment(words) : await beforeSending(reply(ctx, talk, words))
  const answer: unknown = await ctx.http.post(paths.messages(talk.id), { json, signal: ctx.signal }).json()
  const message = toMessage(readAnswer(messageSchema, answer, vendorName), conversation.vendorId, self(ctx))
  return { messageVendorId: message.vendorId, conversation: null, message }
}

const comment = ({ bodyText, bodyHtml }: Words) => ({
  type: 'COMMENT',
  text: bodyText,
  richText: bodyHtml,
  attachments: [],
})

const me = (ctx: ConnectorContext) => agentActor(ctx.account.identity.vendorUserId)
const self = (ctx: ConnectorContext): Actors =>
  new Map([[me(ctx), { name: ctx.account.identity.name, email: ctx.account.identity.email }]])

/** Channel and recipient are those of the customer's newest message. https://developers.hubspot.com/docs/api-reference/conversations-conversations-v3/guide */
async function reply(ctx: ConnectorContext, talk: InboxThread, words: Words): Promise<Record<string, unknown>> {
  const incoming = await newestIncoming(ctx, talk.id)
  const [sender] = incoming?.senders ?? []
  if (!incoming?.channelId || !incoming.channelAccountId || !sender?.deliveryIdentifier) {
    throw notOffered(
      'The customer has not written in this conversation, so HubSpot does not say where to send a reply.',
      'Write from HubSpot, or leave a note here.',
    )
  }
  const { type, value } = sender.deliveryIdentifier
  const subject = incoming.subject
    ? { subject: /^re:/i.test(incoming.subject) ? incoming.subject : `Re: ${incoming.subject}` }
    : {}
  return {
    type: 'MESSAGE',
    text: words.bodyText,
    richText: words.bodyHtml,
    ...subject,
    attachments: [],
    recipients: [
      {
        ...(sender.actorId ? { actorId: sender.actorId } : {}),
        recipientField: 'TO',
        deliveryIdentifiers: [{ type, value }],
      },
    ],
    senderActorId: me(ctx),
    channelId: incoming.channelId,
    channelAccountId: incoming.channelAccountId,
  }
}

async function newestIncoming(ctx: ConnectorContext, threadId: string): Promise<InboxMessage | undefined> {
  let after: string | undefined
  for (let page = 0; page < 10; page += 1) {
    const read = await readMessages(ctx, threadId, '-createdAt', 100, after)
    const found = read.values.find((message) => message.type === 'MESSAGE' && message.direction === 'INCOMING')
    after = read.after
    if (found !== undefined || after === undefined) return found
  }
  return undefined
}

/** 228 is HubSpot's type of "note to ticket". */
const noteToTicket = { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 228 }

async function crmNote(ctx: ConnectorContext, conversation: Conversation, words: Words): Promise<Receipt> {
  const json = {
    properties: { hs_timestamp: new Date(ctx.now()).toISOString(), hs_note_body: words.bodyHtml },
    associations: [{ to: { id: requireKey(conversation.vendorId).id }, types: [noteToTicket] }],
  }
  await ctx.http.post(paths.notes, { json, signal: ctx.signal }).json()
  return { messageVendorId: null, conversation: null, message: null }
}

async function changeTicket(ctx: ConnectorContext, conversation: Conversation, command: Change): Promise<Receipt> {
  const { id } = requireKey(conversation.vendorId)
  const properties = await toProperties(ctx, id, command)
  const answer: unknown = await ctx.http.patch(paths.ticket(id), { json: { properties }, signal: ctx.signal }).json()
  const written = readAnswer(ticketSchema, answer, vendorName)
  // The answer holds the changed properties and few others: what the conversation shows is read whole.
  const whole = await readTicket(ctx, written.id).catch(() => null)
  return {
    messageVendorId: null,
    conversation: whole === null ? null : await refreshed(ctx, whole, conversation),
    message: null,
  }
}

async function refreshed(ctx: ConnectorContext, ticket: Ticket, before: Conversation): Promise<Conversation> {
  const fresh = toTicketConversation(ticket, await portalOf(ctx), new Map(), null, before.commands === undefined)
  const version = Math.max(fresh.version, before.version)
  return {
    ...fresh,
    version,
    updatedAt: Math.max(fresh.updatedAt, before.updatedAt),
    customer: before.customer,
    channel: before.channel,
    lastMessageBy: before.lastMessageBy,
  }
}

async function toProperties(ctx: ConnectorContext, ticketId: string, command: Change): Promise<Record<string, string>> {
  switch (command.kind) {
    case 'status':
      return { hs_pipeline_stage: command.vendorStatusId ?? (await stageFor(ctx, ticketId, command.status)) }
    case 'priority':
      return { hs_ticket_priority: priorityWords[command.priority] }
    case 'assign':
      return {
        hubspot_owner_id: command.assigneeVendorId === null ? '' : await ownerFor(ctx, command.assigneeVendorId),
      }
  }
}

/** The first stage of that meaning in the ticket's own pipeline. Solved and closed are one thing in HubSpot. */
async function stageFor(ctx: ConnectorContext, ticketId: string, status: Conversation['status']): Promise<string> {
  const { properties } = await readTicket(ctx, ticketId)
  const own = (await stages(ctx)).filter((stage) => stage.scope === properties.hs_pipeline)
  const wanted = status === 'solved' ? 'closed' : status
  const found =
    own.find((stage) => stage.status === wanted) ??
    (wanted === 'open' ? own.find((stage) => stage.status !== 'closed') : undefined)
  if (found !== undefined) return found.id
  throw notOffered(
    `The ticket's pipeline has no stage that means "${status.replace('_', ' ')}".`,
    'Choose one of its own stages.',
  )
}

/** Tickets take the owner's id, which is not the user's. */
async function ownerFor(ctx: ConnectorContext, userId: string): Promise<string> {
  const owner = (await owners(ctx)).find((each) => userIdOf(each) === userId)
  return owner?.id ?? userId
}

async function changeThread(ctx: ConnectorContext, conversation: Conversation, command: Change): Promise<Receipt> {
  const { id } = requireKey(conversation.vendorId)
  const done = { messageVendorId: null, conversation: null, message: null }
  switch (command.kind) {
    case 'status':
      await ctx.http.patch(paths.thread(id), { json: { status: threadWord(command) }, signal: ctx.signal }).json()
      return done
    case 'assign':
      if (command.assigneeVendorId === null) await ctx.http.delete(paths.assignee(id), { signal: ctx.signal })
      else
        await ctx.http
          .put(paths.assignee(id), { json: { actorId: agentActor(command.assigneeVendorId) }, signal: ctx.signal })
          .json()
      return done
    case 'priority':
      throw notOffered(
        'A HubSpot conversation without a ticket has no priority.',
        'Make a ticket of it in HubSpot first.',
      )
  }
}

const threadWord = ({ status, vendorStatusId }: Extract<Command, { kind: 'status' }>) =>
  vendorStatusId === 'CLOSED' || status === 'solved' || status === 'closed' ? 'CLOSED' : 'OPEN'

const clockSkewMs = 60_000

export async function probe(
  ctx: ConnectorContext,
  conversation: Conversation,
  command: Command,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  if (command.kind === 'reply' || command.kind === 'note') return probeWords(ctx, conversation, command, sentAt)
  if (command.kind === 'tags') return 'absent'
  const { kind, id } = requireKey(conversation.vendorId)
  const done = { messageVendorId: null, conversation: null, message: null }
  if (kind === 'ticket') {
    const ticket = await readTicket(ctx, id)
    const wanted = await toProperties(ctx, id, command)
    const properties: Record<string, unknown> = ticket.properties
    const same = Object.entries(wanted).every(([name, value]) => String(properties[name] ?? '') === value)
    return same ? { ...done, conversation: await refreshed(ctx, ticket, conversation) } : 'absent'
  }
  const thread = threadSchema.parse(await readThread(ctx, id))
  if (command.kind === 'status') return thread.status === threadWord(command) ? done : 'absent'
  return command.kind === 'assign' && userOfActor(thread.assignedTo) === command.assigneeVendorId ? done : 'absent'
}

/** Notes of tickets without a thread cannot be read back: null. */
async function probeWords(
  ctx: ConnectorContext,
  conversation: Conversation,
  words: Words,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  const talk = await talkOf(ctx, conversation)
  if (talk === null) return words.kind === 'note' ? null : 'absent'
  const { values, after } = await readMessages(ctx, talk.id, '-createdAt', 100)
  const recent = values.filter((message) => message.createdAt >= sentAt - clockSkewMs)
  const mine = recent.filter((message) => (message.senders?.[0]?.actorId ?? message.createdBy) === me(ctx))
  const found = mine
    .map((message) => toMessage(message, conversation.vendorId, self(ctx)))
    .find((message) => isSame(message, words))
  if (found !== undefined) return { messageVendorId: found.vendorId, conversation: null, message: found }
  return after !== undefined && recent.length === values.length ? null : 'absent'
}

function isSame(message: Message, words: Words): boolean {
  const wanted = [words.bodyText, htmlToText(words.bodyHtml)]
  const texts = [message.bodyText, htmlToText(message.bodyHtml ?? '')]
  return message.kind === words.kind && wanted.some((text) => texts.some((each) => sameText(each, text)))
}
