import type { KyInstance } from 'ky'
import { AppError, isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { lastSpeaker } from '../last-speaker.ts'
import type { Attachment, Conversation, Message, Quarantined, Thread } from '../model.ts'
import { dataCentreOf } from './data-centres.ts'
import { deskOf, orgHeader } from './desk.ts'
import { namesOfUsers } from './directory.ts'
import { type Ticket, toConversation, toCustomer } from './map.ts'
import {
  authorsOf,
  type DeskThread,
  type Entry,
  entryKind,
  type MessageContext,
  threadKind,
  toEntryMessage,
  toFirstMessage,
} from './map-messages.ts'
import { readOne, readPayload } from './payload.ts'
import { readTags, readTicket, ticketPath } from './ticket.ts'

const perPage = 200
const mostPages = 25
/** Each body is a call of its own; of a longer ticket the older threads keep their first words. */
const mostBodies = 80
const mostKept = 500

const idOf = (entry: Entry) => (entry.comment ?? entry.thread)?.id ?? ''

/** Threads and comments of a ticket. Their order is not documented, and neither is the place `from` begins: pages overlap by one. */
async function readEntries(
  ctx: ConnectorContext,
  id: string,
): Promise<{ entries: Entry[]; quarantined: Quarantined[] }> {
  const entries = new Map<string, Entry>()
  const quarantined: Quarantined[] = []
  for (let page = 0; page < mostPages; page += 1) {
    const before = entries.size
    const { body } = await deskOf(ctx).get(`${ticketPath(id)}/conversations`, {
      from: page * (perPage - 1),
      limit: perPage,
    })
    const read = readPayload(entryKind, body)
    for (const entry of read.values) entries.set(idOf(entry), entry)
    quarantined.push(...read.quarantined)
    if (read.values.length + read.quarantined.length < perPage || entries.size === before) break
  }
  return { entries: [...entries.values()], quarantined }
}

/** Bodies of threads that were read before: what was sent does not change. They live as long as the account's HTTP client. */
const bodies = new WeakMap<KyInstance, Map<string, DeskThread>>()

/** One thread with its body. @throws AppError as the HTTP client */
export async function readThread(ctx: ConnectorContext, ticketId: string, threadId: string): Promise<DeskThread> {
  const kept = bodies.get(ctx.http) ?? new Map<string, DeskThread>()
  bodies.set(ctx.http, kept)
  const known = kept.get(threadId)
  if (known) return known
  const path = `${ticketPath(ticketId)}/threads/${encodeURIComponent(threadId)}`
  const { body } = await deskOf(ctx).get(path, { include: 'plainText' })
  const thread = readOne(threadKind, body)
  const [oldest] = kept.keys()
  if (kept.size >= mostKept && oldest !== undefined) kept.delete(oldest)
  if (thread.status === 'SUCCESS') kept.set(threadId, thread)
  return thread
}

/** Lists tell the first words of a thread only. A body that cannot be read leaves those. */
async function withBodies(ctx: ConnectorContext, ticketId: string, entries: Entry[]): Promise<Entry[]> {
  const bare = entries.flatMap(({ thread }) => (thread !== null && thread.content == null ? [thread] : []))
  const wanted = bare.sort((a, b) => b.createdTime - a.createdTime).slice(0, mostBodies)
  const read = await Promise.all(
    wanted.map(async ({ id }) => {
      try {
        return await readThread(ctx, ticketId, id)
      } catch (error) {
        if (isAppError(error, 'vendor_not_found', 'vendor_forbidden', 'vendor_rejected', 'vendor_bad_answer'))
          return null
        throw error
      }
    }),
  )
  const full = new Map(read.flatMap((thread) => (thread === null ? [] : [[thread.id, thread] as const])))
  return entries.map((entry) => {
    const thread = entry.thread === null ? undefined : full.get(entry.thread.id)
    return thread === undefined ? entry : { thread, comment: null }
  })
}

export async function messageContext(ctx: ConnectorContext, ticketId: string): Promise<MessageContext> {
  const names = await namesOfUsers(ctx)
  return { host: dataCentreOf(ctx.account.site).desk, ticketId, names }
}

/** The ticket with all that was said, oldest first. */
export async function thread(ctx: ConnectorContext, id: string): Promise<Thread> {
  const ticket = await readTicket(ctx, id)
  if (ticket.isTrashed === true || ticket.isDeleted === true) throw inTheBin()
  const { entries, quarantined } = await readEntries(ctx, id)
  const context = await messageContext(ctx, ticket.id)
  const said = (await withBodies(ctx, id, entries)).map((entry) => toEntryMessage(entry, context)).sort(oldestFirst)
  const first = hasDescription(entries, ticket) ? null : toFirstMessage(ticket)
  const messages = first === null ? said : [first, ...said]
  const tags = String(ticket.tagCount ?? '') === '0' ? [] : await readTags(ctx, id)
  const conversation = toConversation(ticket, context.host, tags)
  return {
    conversation: {
      ...conversation,
      lastMessageBy: lastSpeaker(messages) ?? conversation.lastMessageBy,
      ...abilities(ticket),
    },
    messages,
    people: [toCustomer(ticket), ...authorsOf(messages)].filter((person) => person.vendorId !== null),
    quarantined,
  }
}

/** A description that came by mail or form is a thread, too. */
function hasDescription(entries: Entry[], ticket: Ticket): boolean {
  const made = ticket.createdTime ?? 0
  return entries.some(
    ({ thread }) =>
      thread?.isDescriptionThread === true ||
      (thread?.direction === 'in' && Math.abs(thread.createdTime - made) < 5000),
  )
}

/** A reply needs an address: not every ticket made by telephone or chat has one. Social channels answer in their own. */
function abilities(ticket: Ticket): Pick<Conversation, 'commands'> {
  const social = /facebook|twitter|forum/i.test(ticket.channel ?? '')
  if (social || toCustomer(ticket).email !== null || ticket.email) return {}
  return { commands: ['note', 'status', 'priority', 'assign', 'tags'] }
}

/** Within the same moment, longer ids are younger, and of equal length the greater. */
const oldestFirst = (a: Message, b: Message) =>
  a.createdAt - b.createdAt || a.vendorId.length - b.vendorId.length || (a.vendorId < b.vendorId ? -1 : 1)

function inTheBin(): AppError {
  return new AppError('vendor_not_found', 'This ticket is in the recycle bin of Zoho Desk.', {
    action: 'Restore it there if it is still needed.',
    outcome: 'refused',
  })
}

/** Files are read through the API, with the portal's id like every call. */
export async function download(ctx: ConnectorContext, attachment: Attachment): Promise<Uint8Array> {
  const headers = orgHeader(ctx.account.identity.siteKey)
  return ctx.http.get(attachment.url, { headers, signal: ctx.signal }).bytes()
}
