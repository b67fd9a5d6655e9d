import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { readCursorText } from '../cursor-text.ts'
import { readByPost } from '../http.ts'
import type { Page, Quarantined } from '../model.ts'
import { readAnswer } from '../read-records.ts'
import { serverTimeOf } from '../server-time.ts'
import { vendorName } from './errors.ts'
import { threadKey, ticketKey } from './ids.ts'
import { type InboxThread, type Ticket, toCustomer } from './map.ts'
import { paths } from './paths.ts'
import { afterOf, portalOf } from './portal.ts'
import { goneKeys, readThreadList, readTicketList } from './read.ts'
import { type Joined, joinThreads, joinTickets, readTicket, ticketProperties } from './records.ts'

/**
 * Tickets and threads are two lists, and neither is complete and newest first at once. So:
 * 1. `recent-tickets`: search by falling change time, the newest thousand: what the agent wants to see first.
 * 2. `recent-threads`: threads with a message in the last two weeks (HubSpot sorts threads upwards only).
 * 3. `all-tickets`: the plain list by id with its contacts: complete, and without search's end at 10,000.
 * 4. `all-threads`: the plain list by id.
 * 5. `tickets` and `threads`, for ever: what changed since the watermarks of the beginning, with an overlap, because search lags behind by moments.
 * Search pages by offset, and a change during paging would hide a ticket: so each page begins at the last change time seen.
 * A thread's state may change without a message, which moves no time stamp: every quarter of an hour the last three days are read again.
 * https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm
 */
const phases = ['recent-tickets', 'recent-threads', 'all-tickets', 'all-threads', 'tickets', 'threads'] as const
const cursorSchema = z.object({
  phase: z.enum(phases),
  after: z.string().nullable(),
  /** Position of the running search: change time to begin at, and how many of exactly that time are known. */
  from: z.number(),
  skip: z.number().int(),
  /** Watermarks: everything that changed before is known. Milliseconds of the server's clock. */
  tickets: z.number(),
  threads: z.number(),
  /** Largest time seen in the running round. */
  seen: z.number(),
  deepAt: z.number(),
})
type Cursor = z.infer<typeof cursorSchema>

const start: Cursor = {
  phase: 'recent-tickets',
  after: null,
  from: 0,
  skip: 0,
  tickets: 0,
  threads: 0,
  seen: 0,
  deepAt: 0,
}
const overlapMs = 120_000
const threadOverlapMs = 5 * 60_000
const recentTickets = 1000
const recentThreadsMs = 14 * 24 * 60 * 60_000
const deepEveryMs = 15 * 60_000
const deepMs = 3 * 24 * 60 * 60_000
/** A live page asks for the contacts of each of its tickets: small pages keep it quick. */
const livePage = 50

const readCursor = (text: string | null): Cursor => readCursorText(cursorSchema, text, start)

export async function pull(ctx: ConnectorContext, text: string | null): Promise<Page> {
  const cursor = readCursor(text)
  try {
    return await readPhase(ctx, cursor)
  } catch (error) {
    // The place in a list may have died while the app was closed: begin this list again.
    if (cursor.after === null || !isAppError(error, 'vendor_rejected')) throw error
    return readPhase(ctx, { ...cursor, after: null })
  }
}

function readPhase(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  switch (cursor.phase) {
    case 'recent-tickets':
      return pullRecentTickets(ctx, cursor)
    case 'all-tickets':
      return pullAllTickets(ctx, cursor)
    case 'tickets':
      return pullTickets(ctx, cursor)
    default:
      return pullThreads(ctx, cursor)
  }
}

interface Found {
  joined: Joined
  removed: string[]
  quarantined: Quarantined[]
  total: number | null
}

function toPage({ joined, removed, quarantined, total }: Found, next: Cursor, more: boolean): Page {
  return {
    conversations: joined.conversations,
    messages: [],
    people: [...joined.contacts.keys()].map((id) => toCustomer(id, joined.contacts)),
    removedVendorIds: removed,
    quarantined: [...quarantined, ...joined.quarantined],
    cursor: JSON.stringify(next),
    more,
    total,
  }
}

const searchList = z.looseObject({ results: z.array(z.unknown()), total: z.number().nullish().catch(null) })

async function search(ctx: ConnectorContext, body: Record<string, unknown>) {
  const json = { properties: ticketProperties, ...body }
  const response = await ctx.http.post(paths.ticketSearch, { json, signal: ctx.signal, ...readByPost })
  const answer: unknown = await response.json()
  const list = readAnswer(searchList, answer, vendorName)
  return {
    list,
    after: afterOf(answer),
    serverTime: serverTimeOf(response.headers) ?? ctx.now() - 10 * 60_000,
    read: readTicketList(answer),
  }
}

const changeTime = (ticket: Ticket) => ticket.properties.hs_lastmodifieddate ?? ticket.updatedAt

async function pullRecentTickets(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const { list, after, serverTime, read } = await search(ctx, {
    sorts: [{ propertyName: 'hs_lastmodifieddate', direction: 'DESCENDING' }],
    limit: 200,
    ...(cursor.after === null ? {} : { after: cursor.after }),
  })
  const joined = await joinTickets(ctx, await portalOf(ctx), read.values)
  // The watermarks of the later rounds are the moment the first page was asked for.
  const begun = cursor.tickets > 0 ? cursor : { ...cursor, tickets: serverTime, threads: serverTime, deepAt: ctx.now() }
  const more = after !== null && Number(after) < recentTickets
  const next: Cursor = more ? { ...begun, after } : { ...begun, phase: 'recent-threads', after: null }
  return toPage(
    { joined, removed: read.archived.map(ticketKey), quarantined: read.quarantined, total: list.total ?? null },
    next,
    true,
  )
}

async function pullAllTickets(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const searchParams = {
    limit: 100,
    properties: ticketProperties.join(','),
    associations: 'contacts',
    archived: false,
    ...(cursor.after === null ? {} : { after: cursor.after }),
  }
  const answer: unknown = await ctx.http.get(paths.tickets, { searchParams, signal: ctx.signal }).json()
  const read = readTicketList(answer)
  const joined = await joinTickets(ctx, await portalOf(ctx), read.values)
  const after = afterOf(answer)
  const next: Cursor = after === null ? { ...cursor, phase: 'all-threads', after: null } : { ...cursor, after }
  return toPage(
    { joined, removed: read.archived.map(ticketKey), quarantined: read.quarantined, total: null },
    next,
    true,
  )
}

/** One step of "what changed": each page begins at the last change time seen, so that nothing moves out of sight. */
async function pullTickets(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const from = cursor.from > 0 ? cursor.from : Math.max(1, cursor.tickets - overlapMs)
  const { list, serverTime, read } = await search(ctx, {
    filterGroups: [{ filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: String(from) }] }],
    sorts: [{ propertyName: 'hs_lastmodifieddate', direction: 'ASCENDING' }],
    limit: livePage,
    ...(cursor.skip > 0 ? { after: String(cursor.skip) } : {}),
  })
  const tickets = await withContacts(ctx, read.values)
  const joined = await joinTickets(ctx, await portalOf(ctx), tickets)
  const found = { joined, removed: read.archived.map(ticketKey), quarantined: read.quarantined, total: null }
  const last = Math.max(from, ...read.values.map(changeTime))
  if (list.results.length < livePage) {
    const known = Math.max(cursor.tickets, Math.min(serverTime, Math.max(last, cursor.tickets)))
    return toPage(found, { ...cursor, phase: 'threads', after: null, from: 0, skip: 0, tickets: known, seen: 0 }, true)
  }
  // A whole page of one moment (a pipeline was edited): go on inside that moment, and past it before search ends at 10,000.
  const skip = last === from ? cursor.skip + livePage : 0
  const next = skip + livePage > 10_000 ? { from: last + 1, skip: 0 } : { from: last, skip }
  return toPage(found, { ...cursor, ...next }, true)
}

/** Search tells no contacts: each changed ticket is read once more. One that is gone meanwhile stays as it was found. */
async function withContacts(ctx: ConnectorContext, tickets: Ticket[]) {
  return Promise.all(
    tickets.map((ticket) =>
      readTicket(ctx, ticket.id).catch((error: unknown) => {
        if (isAppError(error, 'vendor_not_found', 'vendor_bad_answer')) return ticket
        throw error
      }),
    ),
  )
}

/** Where the threads of a phase begin; null for all of them, by id. */
function threadsSince(cursor: Cursor, now: number): number | null {
  if (cursor.phase === 'all-threads') return null
  if (cursor.phase === 'recent-threads') return cursor.threads - recentThreadsMs
  return cursor.threads - (now - cursor.deepAt >= deepEveryMs ? deepMs : threadOverlapMs)
}

async function pullThreads(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  // `from` keeps the beginning of a round while it is paged.
  const since = cursor.after !== null && cursor.from > 0 ? cursor.from : threadsSince(cursor, ctx.now())
  const order =
    since === null
      ? { sort: 'id' }
      : { sort: 'latestMessageTimestamp', latestMessageTimestampAfter: new Date(Math.max(0, since)).toISOString() }
  const searchParams = {
    limit: 100,
    association: 'TICKET',
    ...order,
    ...(cursor.after === null ? {} : { after: cursor.after }),
  }
  const answer: unknown = await ctx.http.get(paths.threads, { searchParams, signal: ctx.signal }).json()
  const { values: alive, gone, quarantined } = readThreadList(answer)
  const joined = await joinThreads(ctx, await portalOf(ctx), alive)
  const removed = [...goneKeys(gone), ...(cursor.phase === 'threads' ? becameTickets(alive, joined) : [])]
  const found: Found = { joined, removed, quarantined, total: null }
  const seen = Math.max(cursor.seen, ...[...alive, ...gone].map((thread) => thread.latestMessageTimestamp ?? 0))
  const after = afterOf(answer)
  if (after !== null) return toPage(found, { ...cursor, after, from: since ?? 0, seen }, true)
  return endOfThreads(found, { ...cursor, after: null, from: 0, seen }, ctx.now(), since)
}

/** A thread that got a ticket since it was read is shown as the ticket from now on. */
function becameTickets(threads: InboxThread[], joined: Joined): string[] {
  const shown = new Set(joined.conversations.map((conversation) => conversation.vendorId))
  return threads.flatMap((thread) => {
    const ticketId = thread.threadAssociations?.associatedTicketId
    return ticketId && shown.has(ticketKey(ticketId)) ? [threadKey(thread.id)] : []
  })
}

function endOfThreads(found: Found, cursor: Cursor, now: number, since: number | null): Page {
  switch (cursor.phase) {
    case 'recent-threads':
      return toPage(found, { ...cursor, phase: 'all-tickets', seen: 0 }, true)
    case 'all-threads':
      return toPage(found, { ...cursor, phase: 'tickets', seen: 0 }, true)
    default: {
      const deep = since !== null && since <= cursor.threads - deepMs
      const threads = Math.max(cursor.threads, cursor.seen)
      return toPage(found, { ...cursor, phase: 'tickets', threads, seen: 0, deepAt: deep ? now : cursor.deepAt }, false)
    }
  }
}
