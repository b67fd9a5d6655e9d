import type { ConnectorContext } from '../connector.ts'
import type { Command, Conversation, Message, Priority, Receipt } from '../model.ts'
import { beforeSending, notOffered } from '../outcome.ts'
import { beginsWith, htmlToText } from '../text.ts'
import { dataCentreOf } from './data-centres.ts'
import { deskOf } from './desk.ts'
import { statuses, ticketFields } from './directory.ts'
import { valuesOf } from './directory-map.ts'
import { readPriority, type Ticket, ticketKind, toConversation } from './map.ts'
import { commentKind, type MessageContext, threadKind, toMessage, toNote } from './map-messages.ts'
import { readOne, readPayload } from './payload.ts'
import { replyBody } from './reply.ts'
import { readThread } from './thread.ts'
import { readTags, readTicket, ticketPath } from './ticket.ts'

type Words = Extract<Command, { kind: 'reply' | 'note' }>
type Change = Extract<Command, { kind: 'status' | 'priority' | 'assign' }>
type Tags = Extract<Command, { kind: 'tags' }>

/** Only described fields are sent: Zoho refuses others. */
export async function execute(ctx: ConnectorContext, conversation: Conversation, command: Command): Promise<Receipt> {
  switch (command.kind) {
    case 'reply':
      return sendReply(ctx, conversation.vendorId, command)
    case 'note':
      return addComment(ctx, conversation.vendorId, command)
    case 'tags':
      return changeTags(ctx, conversation, command)
    default: {
      const json = await toChange(ctx, command)
      const { body } = await deskOf(ctx).patch(ticketPath(conversation.vendorId), json)
      return changed(refreshed(ctx, readOne(ticketKind, body), conversation))
    }
  }
}

const changed = (conversation: Conversation): Receipt => ({ messageVendorId: null, conversation, message: null })
const written = (message: Message): Receipt => ({ messageVendorId: message.vendorId, conversation: null, message })

const here = (ctx: ConnectorContext, ticketId: string): MessageContext => ({
  host: dataCentreOf(ctx.account.site).desk,
  ticketId,
  names: new Map(),
})

async function sendReply(ctx: ConnectorContext, id: string, words: Words): Promise<Receipt> {
  const json = await beforeSending(replyBody(ctx, id, words))
  const { body } = await deskOf(ctx).post(`${ticketPath(id)}/sendReply`, json)
  return written(toMessage(readOne(threadKind, body), here(ctx, id)))
}

const longestNote = 32_000

/** What a comment is by default is not documented: `isPublic` is always said. */
async function addComment(ctx: ConnectorContext, id: string, words: Words): Promise<Receipt> {
  if (words.bodyHtml.length > longestNote)
    throw notOffered('Zoho Desk takes notes of at most 32,000 characters.', 'Shorten the note, or split it.')
  const json = { content: words.bodyHtml, contentType: 'html', isPublic: false }
  const { body } = await deskOf(ctx).post(`${ticketPath(id)}/comments`, json)
  return written(toNote(readOne(commentKind, body), here(ctx, id)))
}

/** Answers of a write carry neither contact nor tags: what is known of them stays. */
function refreshed(ctx: ConnectorContext, ticket: Ticket, before: Conversation): Conversation {
  const fresh = toConversation(ticket, dataCentreOf(ctx.account.site).desk, before.tags)
  const same = fresh.customer.vendorId === before.customer.vendorId
  return {
    ...fresh,
    customer: same ? before.customer : fresh.customer,
    lastMessageBy: fresh.lastMessageBy ?? before.lastMessageBy,
    ...(before.commands === undefined ? {} : { commands: before.commands }),
  }
}

async function toChange(ctx: ConnectorContext, command: Change): Promise<Record<string, string | null>> {
  switch (command.kind) {
    case 'status':
      return { status: command.vendorStatusId ?? (await statusFor(ctx, command.status)) }
    case 'priority':
      return { priority: await priorityFor(ctx, command.priority) }
    case 'assign':
      return { assigneeId: command.assigneeVendorId }
  }
}

/** Where the portal has no status of exactly that meaning, the nearest. */
const nearest: Record<Conversation['status'], Conversation['status'][]> = {
  new: ['new', 'open'],
  open: ['open'],
  pending: ['pending', 'on_hold'],
  on_hold: ['on_hold', 'pending'],
  solved: ['solved', 'closed'],
  closed: ['closed', 'solved'],
}

async function statusFor(ctx: ConnectorContext, wanted: Conversation['status']): Promise<string> {
  const known = await statuses(ctx)
  const found = nearest[wanted].map((status) => known.find((option) => option.status === status)).find(Boolean)
  if (found) return found.id
  const action = 'Choose one of its own statuses.'
  throw notOffered(`The portal has no status that means "${wanted.replace('_', ' ')}".`, action)
}

/** Every portal begins with these three. */
const basicPriorities = ['High', 'Medium', 'Low']

async function priorityFor(ctx: ConnectorContext, wanted: Priority): Promise<string> {
  const own = valuesOf(await ticketFields(ctx), 'priority').map(({ value }) => value)
  const found = (own.length > 0 ? own : basicPriorities).find((name) => readPriority(name) === wanted)
  if (found !== undefined) return found
  throw notOffered(`The portal has no priority that means "${wanted}".`, 'Choose another priority.')
}

/** Zoho takes tags of 3 to 100 characters. Adding and removing twice leaves the same set, so that a half-done change may be done again. */
async function changeTags(ctx: ConnectorContext, conversation: Conversation, { add, remove }: Tags): Promise<Receipt> {
  if (add.some((tag) => tag.trim().length < 3 || tag.trim().length > 100))
    throw notOffered('Zoho Desk takes tags of 3 to 100 characters.', 'Choose another name for the tag.')
  const path = ticketPath(conversation.vendorId)
  if (add.length > 0) await deskOf(ctx).post(`${path}/associateTag`, { tags: add.map((tag) => tag.trim()) })
  const old = await removable(ctx, conversation, remove)
  if (old.length > 0) await deskOf(ctx).post(`${path}/dissociateTag`, { tags: old })
  const kept = conversation.tags.filter((tag) => !isIn(old, tag) && !isIn(add, tag))
  return changed({ ...conversation, tags: [...kept, ...add.map((tag) => tag.trim())] })
}

/** Tags to take away by the name they have there: a name that is too short or unknown would have the whole call refused. */
async function removable(ctx: ConnectorContext, { vendorId }: Conversation, remove: string[]): Promise<string[]> {
  if (remove.length === 0) return []
  return (await readTags(ctx, vendorId)).filter((tag) => isIn(remove, tag))
}

const isIn = (tags: string[], tag: string) =>
  tags.some((each) => each.trim().toLowerCase() === tag.trim().toLowerCase())

/** How far the two clocks may differ when our message is looked for. */
const clockSkewMs = 60_000
const mostLooked = 50

/** Looks for our words among the newest, or at the property. */
export async function probe(
  ctx: ConnectorContext,
  conversation: Conversation,
  command: Command,
  sentAt: number,
): Promise<Receipt | 'absent' | null> {
  switch (command.kind) {
    case 'reply':
      return probeReply(ctx, conversation.vendorId, command, sentAt - clockSkewMs)
    case 'note':
      return probeNote(ctx, conversation.vendorId, command, sentAt - clockSkewMs)
    case 'tags': {
      const tags = await readTags(ctx, conversation.vendorId)
      const done = command.add.every((tag) => isIn(tags, tag)) && !command.remove.some((tag) => isIn(tags, tag))
      return done ? changed({ ...conversation, tags }) : 'absent'
    }
    default: {
      const ticket = await readTicket(ctx, conversation.vendorId)
      const [[name = '', value] = []] = Object.entries(await toChange(ctx, command))
      const now = (ticket as Record<string, unknown>)[name] ?? null
      return now === value ? changed(refreshed(ctx, ticket, conversation)) : 'absent'
    }
  }
}

async function probeReply(
  ctx: ConnectorContext,
  id: string,
  words: Words,
  since: number,
): Promise<Receipt | 'absent' | null> {
  const me = ctx.account.identity.vendorUserId
  const { body } = await deskOf(ctx).get(`${ticketPath(id)}/threads`, {
    sortBy: '-sendDateTime',
    from: 0,
    limit: mostLooked,
  })
  const { values } = readPayload(threadKind, body)
  const recent = values.filter((each) => each.createdTime >= since)
  const mine = recent.filter((each) => each.direction === 'out' && (each.author?.id === me || each.responderId === me))
  for (const { id: threadId } of mine) {
    const message = toMessage(await readThread(ctx, id, threadId), here(ctx, id))
    if (message.kind === 'reply' && isSame(message, words)) return written(message)
  }
  return recent.length === values.length && values.length >= mostLooked ? null : 'absent'
}

async function probeNote(
  ctx: ConnectorContext,
  id: string,
  words: Words,
  since: number,
): Promise<Receipt | 'absent' | null> {
  const me = ctx.account.identity.vendorUserId
  const query = { sortBy: '-commentedTime', from: 0, limit: mostLooked }
  const { body } = await deskOf(ctx).get(`${ticketPath(id)}/comments`, query)
  const { values } = readPayload(commentKind, body)
  const recent = values.filter((each) => each.commentedTime >= since)
  const mine = recent.filter((each) => each.commenterId === me || each.commenter?.id === me)
  const found = mine.map((each) => toNote(each, here(ctx, id))).find((message) => isSame(message, words))
  if (found !== undefined) return written(found)
  return recent.length === values.length && values.length >= mostLooked ? null : 'absent'
}

/** Zoho may put a signature or the quoted thread below a reply: ours then is the beginning, up to the end of a line. */
function isSame(message: Message, words: Words): boolean {
  const wanted = [words.bodyText, htmlToText(words.bodyHtml)]
  const texts = [message.bodyText, htmlToText(message.bodyHtml ?? '')]
  return texts.some((text) => wanted.some((each) => beginsWith(text, each)))
}
