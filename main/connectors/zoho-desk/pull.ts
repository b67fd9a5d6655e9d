import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Conversation, Page, Person, Quarantined } from '../model.ts'
import { type Cursor, merged, paceOf, readCursor } from './cursor.ts'
import { dataCentreOf } from './data-centres.ts'
import { type Answer, deskOf } from './desk.ts'
import { deletedKind, isTicket } from './directory-map.ts'
import { changedAt, isGone, type Ticket, ticketKind, toConversation, toCustomer } from './map.ts'
import { readPayload } from './payload.ts'
import { countOf, nextWindow, searchQuery, windowOf } from './search.ts'
import { readTags, readTicket } from './ticket.ts'

/**
 * A round has three parts, each resumable at every page.
 * 1. `search` by falling `modifiedTime` between the watermark and now. A page does not count places but goes on from the last time it
 *    saw (`nextWindow`): what changes meanwhile leaves the window towards its newer end and is found by the next round, and what is deleted
 *    moves nothing. The watermark is the newest `modifiedTime` seen when a round is complete; the index lags behind writes, so the next
 *    round begins a while before it, and what it brings again at a version that was settled when it was read is left out.
 * 2. `threads`: the list of tickets that spoke last. Whether new words always move `modifiedTime` is not stated, and this list does not
 *    come from the search index: tickets whose counts differ from what is known are read one by one.
 * 3. `bin`: the recycle bin by falling time of deletion, since searches simply leave deleted tickets out.
 * How often depends on the credits left (`paceOf`): a pull that comes too early reads nothing.
 */
export async function pull(ctx: ConnectorContext, text: string | null): Promise<Page> {
  const cursor = readCursor(text)
  if (cursor.phase === 'threads') return pullThreads(ctx, cursor)
  if (cursor.phase === 'bin') return pullBin(ctx, cursor)
  const resting = cursor.filled && cursor.until === null
  if (resting && ctx.now() - cursor.searchedAt < paceOf(cursor.credits).search) return pageOf({}, cursor, false)
  return pullSearch(ctx, cursor)
}

const pageOf = (part: Partial<Page>, cursor: Cursor, more: boolean): Page => ({
  ...{ conversations: [], messages: [], people: [], removedVendorIds: [], quarantined: [], total: null },
  ...part,
  cursor: JSON.stringify(cursor),
  more,
})

/** Times have whole seconds: a ticket can change again within the second it was read in. */
const settleMs = 60_000
const mostKnown = 400

async function pullSearch(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const window = windowOf(cursor, ctx.now())
  const answer = await deskOf(ctx).get('tickets/search', searchQuery(window))
  const { values, quarantined } = readPayload(ticketKind, answer.body)
  const serverTime = answer.serverTime ?? ctx.now()
  const fresh = values.filter((ticket) => cursor.known[ticket.id] !== changedAt(ticket))
  const part = await toPage(ctx, fresh, quarantined, await tagsFor(ctx, cursor, window, fresh))
  const settled = values.filter((ticket) => changedAt(ticket) < serverTime - settleMs)
  const seen = Math.max(cursor.seen, ...values.map((ticket) => ticket.modifiedTime ?? 0))
  const step: Cursor = {
    ...cursor,
    ...{ seen, credits: answer.credits ?? cursor.credits, began: cursor.began ?? serverTime },
    total: cursor.filled ? null : (cursor.total ?? countOf(answer.body)),
    known: { ...cursor.known, ...Object.fromEntries(settled.map((ticket) => [ticket.id, changedAt(ticket)])) },
    marks: cursor.filled ? merged(cursor.marks, marksOf(values), mostKnown) : cursor.marks,
  }
  const read = values.length + quarantined.length
  const next = nextWindow(window, values, read)
  if (next !== null) return pageOf({ ...part, total: step.total }, { ...step, ...next, known: recent(step) }, true)
  return afterSearch(part, step, ctx.now())
}

/** Versions that the next round can bring again, and no others. */
function recent({ known, seen, since }: Cursor): Cursor['known'] {
  const begins = windowOf({ since: Math.max(seen, since), filled: true, until: null, from: 0, crowd: null }, 0).since
  const still = Object.entries(known).filter(([, version]) => version >= begins)
  return Object.fromEntries(still.sort(([, a], [, b]) => a - b).slice(-mostKnown))
}

function afterSearch(part: Partial<Page>, cursor: Cursor, now: number): Page {
  const since = Math.max(cursor.since, cursor.seen)
  const done: Cursor = {
    ...cursor,
    ...{ filled: true, until: null, from: 0, crowd: null, since, seen: since, searchedAt: now, total: null },
    known: recent(cursor),
  }
  const total = cursor.total
  const due = now - cursor.threadsAt >= paceOf(cursor.credits).threads
  if (due) return pageOf({ ...part, total }, { ...done, phase: 'threads' }, true)
  return binOrRest({ ...part, total }, done, now)
}

function binOrRest(part: Partial<Page>, cursor: Cursor, now: number): Page {
  const { bin } = paceOf(cursor.credits)
  const due = now - cursor.binAt >= (cursor.binAllowed ? bin : askAgainMs)
  return due ? pageOf(part, { ...cursor, phase: 'bin' }, true) : pageOf(part, { ...cursor, phase: 'search' }, false)
}

const threadsPerPage = 50
const mostThreadPages = 4

/** All that a list tells of new words. */
function markOf({ threadCount, commentCount, customerResponseTime, status }: Ticket): string {
  return [threadCount ?? '', commentCount ?? '', customerResponseTime ?? '', status ?? ''].join('/')
}

const marksOf = (tickets: Ticket[]) => Object.fromEntries(tickets.map((ticket) => [ticket.id, markOf(ticket)]))

async function pullThreads(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const query = { sortBy: '-recentThread', from: cursor.from, limit: threadsPerPage, include: 'contacts,assignee' }
  const answer = await deskOf(ctx).get('tickets', query)
  const { values } = readPayload(ticketKind, answer.body)
  const changed = values.filter((ticket) => cursor.marks[ticket.id] !== markOf(ticket) && !isOld(ticket, cursor))
  const { tickets, gone, quarantined } = await readEach(ctx, changed)
  const part = await toPage(ctx, tickets, quarantined, await tagsOf(ctx, tickets))
  const step: Cursor = {
    ...cursor,
    credits: answer.credits ?? cursor.credits,
    marksSeen: { ...cursor.marksSeen, ...marksOf(values) },
  }
  const all = { ...part, removedVendorIds: [...(part.removedVendorIds ?? []), ...gone] }
  const more = changed.length > 0 && changed.length === values.length && values.length >= threadsPerPage
  // Pages overlap by one, because the vendor's texts do not agree on where `from` begins.
  const from = cursor.from + threadsPerPage - 1
  if (more && from < threadsPerPage * mostThreadPages) return pageOf(all, { ...step, from }, true)
  const marks = merged(step.marks, step.marksSeen, mostKnown)
  const now = ctx.now()
  return binOrRest(all, { ...step, from: 0, marks, marksSeen: {}, threadsAt: now }, now)
}

/** Before the first list there is nothing to compare with: what did not move since the fill began is known from it. */
function isOld(ticket: Ticket, { threadsAt, began }: Cursor): boolean {
  return threadsAt === 0 && changedAt(ticket) < (began ?? 0) - settleMs
}

async function readEach(ctx: ConnectorContext, wanted: Ticket[]) {
  const tickets: Ticket[] = []
  const gone: string[] = []
  const quarantined: Quarantined[] = []
  for (const { id, lastThread } of wanted) {
    try {
      // Who spoke last is in lists only.
      tickets.push({ ...(await readTicket(ctx, id)), lastThread })
    } catch (error) {
      if (isAppError(error, 'vendor_not_found')) gone.push(id)
      else if (isAppError(error, 'vendor_bad_answer') && /^answer\.ticket/.test(error.detail ?? ''))
        quarantined.push({ vendorId: id, path: (error.detail ?? '').slice('answer.'.length), reason: 'unreadable' })
      else throw error
    }
  }
  return { tickets, gone, quarantined }
}

const askAgainMs = 24 * 60 * 60_000
const binPerPage = 50
const mostBinPages = 20

/** https://github.com/zoho/zohodesk-oas, Recyclebin.json: needs `Desk.settings.READ`, and a profile that may look into it. */
async function pullBin(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const now = ctx.now()
  const rest: Cursor = { ...cursor, phase: 'search', from: 0, deletedSeen: 0, binAt: now }
  let answer: Answer
  try {
    answer = await deskOf(ctx).get('recycleBin', { sortBy: '-deletedTime', from: cursor.from, limit: binPerPage })
  } catch (error) {
    if (!isAppError(error, 'vendor_forbidden', 'vendor_not_found', 'vendor_rejected')) throw error
    return pageOf({}, { ...rest, binAllowed: false }, false)
  }
  const { values, quarantined } = readPayload(deletedKind, answer.body)
  const known = (cursor.deleted ?? cursor.began ?? now) - settleMs
  const late = values.filter(({ deletedTime }) => (deletedTime ?? now) >= known)
  const deletedSeen = Math.max(cursor.deletedSeen, ...values.map(({ deletedTime }) => deletedTime ?? 0))
  const removedVendorIds = late.filter(isTicket).map(({ id }) => id)
  const full = values.length + quarantined.length >= binPerPage && late.length === values.length
  if (full && cursor.from < binPerPage * mostBinPages)
    return pageOf({ removedVendorIds }, { ...cursor, deletedSeen, from: cursor.from + binPerPage - 1 }, true)
  const deleted = Math.max(cursor.deleted ?? cursor.began ?? 0, deletedSeen)
  const credits = answer.credits ?? cursor.credits
  return pageOf({ removedVendorIds }, { ...rest, deleted, credits, binAllowed: true }, false)
}

/** Tags are in no list. A page of the first fill asks once which of its tickets have any, and reads those of the open ones. */
async function tagsFor(
  ctx: ConnectorContext,
  cursor: Cursor,
  window: Parameters<typeof searchQuery>[0],
  tickets: Ticket[],
): Promise<Map<string, string[]>> {
  if (cursor.filled) return tagsOf(ctx, tickets)
  const open = tickets.filter((ticket) => toStatus(ticket) !== 'closed')
  if (open.length === 0) return new Map()
  try {
    const { body } = await deskOf(ctx).get('tickets/search', { ...searchQuery(window), tag: `\${NotEmpty}` })
    const tagged = new Set(readPayload(ticketKind, body).values.map(({ id }) => id))
    return await tagsOf(
      ctx,
      open.filter(({ id }) => tagged.has(id)),
    )
  } catch (error) {
    if (isAppError(error, 'vendor_rejected', 'vendor_bad_answer')) return new Map()
    throw error
  }
}

const toStatus = (ticket: Ticket) => (/closed/i.test(ticket.statusType ?? '') ? 'closed' : 'open')

async function tagsOf(ctx: ConnectorContext, tickets: Ticket[]): Promise<Map<string, string[]>> {
  const wanted = tickets.filter((ticket) => !isGone(ticket) && String(ticket.tagCount ?? '') !== '0')
  const found = await Promise.all(
    wanted.map(async ({ id }): Promise<[string, string[]]> => [id, await readTags(ctx, id)]),
  )
  return new Map(found)
}

async function toPage(
  ctx: ConnectorContext,
  tickets: Ticket[],
  quarantined: Quarantined[],
  tags: ReadonlyMap<string, string[]>,
): Promise<Partial<Page>> {
  const { desk } = dataCentreOf(ctx.account.site)
  const alive = tickets.filter((ticket) => !isGone(ticket))
  const conversations: Conversation[] = alive.map((ticket) => toConversation(ticket, desk, tags.get(ticket.id) ?? null))
  const people: Person[] = alive.map(toCustomer).filter((person) => person.vendorId !== null)
  return { conversations, people, quarantined, removedVendorIds: tickets.filter(isGone).map(({ id }) => id) }
}
