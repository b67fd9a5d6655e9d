import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { readCursorText } from '../cursor-text.ts'
import { toListed } from '../freshworks/tickets-map.ts'
import { readRecordsOf, tickets as ticketKind } from '../freshworks/tickets-records.ts'
import { type Ticket, ticketSchema } from '../freshworks/tickets-schema.ts'
import type { Page, Quarantined } from '../model.ts'
import { serverTimeOf } from '../server-time.ts'
import { desk } from './directory.ts'
import { vendorName } from './errors.ts'
import { product } from './map.ts'
import { beginning, lastPage, step, type Walk, walkFrom, walkSchema } from './walk.ts'

/**
 * 1. `newest`, once: everything by falling `updated_at`, page by page. What is touched meanwhile moves to the part already read and only repeats
 *    others; it is found by 2, which begins at the newest moment of the first page.
 * 2. `recent`, at every poll: what changed since, by rising `updated_at` (see walk.ts).
 * 3. `deleted` and `spam`, every few minutes: tickets that left the list without a word.
 * 4. `backlog`, only if 1 was not complete, for the list ends at page 300, and a deletion during 1 moves tickets past the reader: everything
 *    by rising `updated_at`, in between the polls.
 * https://developers.freshdesk.com/api/#list_all_tickets
 */
const cursorSchema = z.object({
  phase: z.enum(['newest', 'recent', 'deleted', 'spam', 'backlog']),
  /** Of `newest`. */
  page: z.number().int().min(1),
  /** Server's clock at the first page of `newest`. */
  began: z.number(),
  recent: walkSchema,
  recentAt: z.number(),
  /** `since`: what was removed before this moment of the server's clock is known; `next`: where that will be after the running round. */
  gone: z.object({
    walk: walkSchema,
    since: z.number(),
    next: z.number(),
    at: z.number(),
    first: z.boolean(),
    fullAt: z.number(),
  }),
  backlog: walkSchema.nullable(),
})
type Cursor = z.infer<typeof cursorSchema>

const start: Cursor = {
  phase: 'newest',
  page: 1,
  began: 0,
  recent: walkFrom(beginning),
  recentAt: 0,
  gone: { walk: walkFrom(beginning), since: 0, next: 0, at: 0, first: true, fullAt: 0 },
  backlog: null,
}

const perPage = 100
/** Times have whole seconds, and the answering servers' clocks differ a little: read this much again every time. */
const overlapMs = 120_000
const goneEveryMs = 5 * 60_000
/** It is not documented that a deletion counts as a change: the whole bin, which the vendor empties after 30 days, is looked through as well. */
const goneFullyEveryMs = 24 * 60 * 60_000
const recentEveryMs = 60_000
/** Two credits each on top of the one of the call: customers' names, who wrote last, and the line of text in the list. */
const include = 'requester,stats,description'

const readCursor = (text: string | null): Cursor => readCursorText(cursorSchema, text, start)

/** The next page: see the four ways above. A damaged cursor starts over, which is harmless. */
export async function pull(ctx: ConnectorContext, text: string | null): Promise<Page> {
  const cursor = readCursor(text)
  switch (cursor.phase) {
    case 'newest':
      return pullNewest(ctx, cursor)
    case 'recent':
      return pullRecent(ctx, cursor)
    case 'backlog':
      return pullBacklog(ctx, cursor, cursor.backlog ?? walkFrom(beginning))
    default:
      return pullGone(ctx, cursor, cursor.phase)
  }
}

interface Listed {
  values: Ticket[]
  quarantined: Quarantined[]
  full: boolean
  /** Newest change in the page, never later than the server's clock: a time in the future would hide all real changes before it. */
  newest: number | null
  serverTime: number | null
}

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')

async function ask(ctx: ConnectorContext, query: Record<string, string | number>): Promise<Listed> {
  const searchParams = { order_by: 'updated_at', per_page: perPage, ...query }
  const response = await ctx.http.get('tickets', {
    searchParams,
    headers: { accept: 'application/json' },
    signal: ctx.signal,
  })
  const { values, quarantined, count } = readRecordsOf(ticketSchema, await response.json(), ticketKind, vendorName)
  const serverTime = serverTimeOf(response.headers)
  const newest = values.reduce((latest, ticket) => Math.max(latest, ticket.updated_at), Number.NEGATIVE_INFINITY)
  return {
    ...{ values, quarantined, serverTime },
    full: count >= perPage || (count > 0 && /rel="?next"?/.test(response.headers.get('link') ?? '')),
    newest: values.length === 0 ? null : Math.min(newest, serverTime ?? ctx.now()),
  }
}

const askWalk = (ctx: ConnectorContext, walk: Walk, query: Record<string, string>) =>
  ask(ctx, { updated_since: iso(walk.from), order_type: 'asc', page: walk.page, ...query })

async function pullNewest(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const { page } = cursor
  const list = await ask(ctx, { updated_since: iso(beginning), order_type: 'desc', include, page })
  // Without a Date header: this computer's clock, less what it may be ahead.
  const began = page === 1 ? (list.serverTime ?? ctx.now() - 10 * 60_000) : cursor.began
  const recent = page === 1 ? walkFrom((list.newest ?? began) - overlapMs) : cursor.recent
  const known = { ...cursor, began, recent }
  if (list.full && page < lastPage) return toPage(ctx, list, { ...known, page: page + 1 }, true)
  const backlog = list.full ? walkFrom(beginning) : null
  return toPage(ctx, list, { ...known, phase: 'deleted', backlog, gone: goneRound(cursor, began, ctx.now()) }, true)
}

async function pullRecent(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const list = await askWalk(ctx, cursor.recent, { include })
  const { walk, more } = step(cursor.recent, list)
  if (more) return toPage(ctx, list, { ...cursor, recent: walk }, true)
  const now = ctx.now()
  const done: Cursor = { ...cursor, recent: walkFrom(walk.from - overlapMs), recentAt: now }
  if (now - cursor.gone.at >= goneEveryMs) {
    const fully = now - cursor.gone.fullAt >= goneFullyEveryMs
    const gone = goneRound(cursor, fully ? beginning : cursor.gone.since, fully ? now : cursor.gone.fullAt)
    return toPage(ctx, list, { ...done, phase: 'deleted', gone }, true)
  }
  return cursor.backlog === null
    ? toPage(ctx, list, done, false)
    : toPage(ctx, list, { ...done, phase: 'backlog' }, true)
}

const goneRound = ({ gone }: Cursor, since: number, fullAt: number): Cursor['gone'] => ({
  ...{ ...gone, since, fullAt, next: 0 },
  walk: walkFrom(since - overlapMs),
})

async function pullBacklog(ctx: ConnectorContext, cursor: Cursor, from: Walk): Promise<Page> {
  const list = await askWalk(ctx, from, { include })
  const { walk, more } = step(from, list)
  const done = !more || walk.from > cursor.recent.from
  if (done) return toPage(ctx, list, { ...cursor, phase: 'recent', backlog: null }, false)
  // A long backlog must not hold back what is new.
  const pause = ctx.now() - cursor.recentAt > recentEveryMs
  return toPage(ctx, list, { ...cursor, phase: pause ? 'recent' : 'backlog', backlog: walk }, true)
}

async function pullGone(ctx: ConnectorContext, cursor: Cursor, filter: 'deleted' | 'spam'): Promise<Page> {
  const { gone } = cursor
  const list = await askWalk(ctx, gone.walk, { filter }).catch((error: unknown) => nothing(error))
  const { walk, more } = step(gone.walk, list)
  const next = gone.next === 0 ? (list.serverTime ?? gone.since) : gone.next
  const backlog =
    cursor.backlog ?? (gone.first && list.values.some(leftDuring(cursor.began)) ? walkFrom(beginning) : null)
  const page = { ...emptyPage(), removedVendorIds: list.values.map(({ id }) => id), quarantined: list.quarantined }
  const at: Cursor = { ...cursor, backlog, gone: { ...gone, walk, next } }
  if (more) return finish(page, at, true)
  if (filter === 'deleted') {
    return finish(page, { ...at, phase: 'spam', gone: { ...at.gone, walk: walkFrom(gone.since - overlapMs) } }, true)
  }
  const known = { ...at.gone, since: next, at: ctx.now(), first: false }
  const after: Cursor = { ...at, phase: gone.first || backlog === null ? 'recent' : 'backlog', gone: known }
  return finish(page, after, gone.first || backlog !== null)
}

/** Was in the list when `newest` began, and is not any more. A second or so of doubt counts as yes. */
const leftDuring = (began: number) => (ticket: Ticket) =>
  ticket.updated_at >= began - 5000 && ticket.created_at <= began + 5000

/** A key that may not see these lists learns of no removals, and reads the rest. */
function nothing(error: unknown): Listed {
  if (!isAppError(error, 'vendor_forbidden', 'vendor_rejected')) throw error
  return { values: [], quarantined: [], full: false, newest: null, serverTime: null }
}

const emptyPage = (): Page => ({
  ...{ conversations: [], messages: [], people: [], removedVendorIds: [], quarantined: [] },
  ...{ cursor: '', more: false, total: null },
})

const finish = (page: Page, cursor: Cursor, more: boolean): Page => ({ ...page, cursor: JSON.stringify(cursor), more })

async function toPage(ctx: ConnectorContext, list: Listed, cursor: Cursor, more: boolean): Promise<Page> {
  const context = { host: product.host(ctx.account.site), labels: await desk.labels(ctx) }
  const listed = toListed(list.values, product, context)
  return finish({ ...emptyPage(), ...listed, quarantined: list.quarantined }, cursor, more)
}
