import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { readCursorText } from '../cursor-text.ts'
import type { Page } from '../model.ts'
import { readAnswer } from '../read-records.ts'
import { statusLabels } from './directory.ts'
import { vendorName } from './errors.ts'
import type { Ticket } from './map.ts'
import { hostOf, personsOf, readTickets } from './read.ts'

/**
 * Three ways of reading, because no single one is newest first, complete and open to every agent:
 * 1. `newest`: the plain list by falling `updated_at`, cursor paged. The agent sees the newest queries after one page. What changes
 *    meanwhile moves to the part already read, and is found again by 2, which starts from the first page's newest time.
 * 2. `recent`: the plain list from `start_time` on by rising `updated_at`: what changed since the watermark, for every agent.
 * 3. `export`: the cursor export, for administrators: the only way to archived and deleted tickets. From the beginning of time
 *    once, then on from its own cursor every few minutes. A 403 is remembered for a day.
 */
const cursorSchema = z.object({
  phase: z.enum(['newest', 'recent', 'export']),
  after: z.string().nullable(),
  /** Newest `updated_at` known to be read completely, milliseconds. */
  since: z.number(),
  /** Largest `updated_at` seen in the running round. */
  seen: z.number(),
  recentAt: z.number(),
  export: z.object({ cursor: z.string().nullable(), at: z.number(), allowed: z.boolean() }),
})
type Cursor = z.infer<typeof cursorSchema>

const start: Cursor = {
  phase: 'newest',
  after: null,
  since: 0,
  seen: 0,
  recentAt: 0,
  export: { cursor: null, at: 0, allowed: true },
}

/** `updated_at` has whole seconds and servers differ a little: read this much again every time. */
const overlapMs = 120_000
const exportEveryMs = 5 * 60_000
const askAgainMs = 24 * 60 * 60_000
const recentEveryMs = 60_000

const listSchema = z.looseObject({
  tickets: z.array(z.unknown()),
  meta: z.looseObject({ has_more: z.boolean().nullish(), after_cursor: z.string().nullish() }).nullish().catch(null),
})
const exportSchema = listSchema.extend({ after_cursor: z.string().nullish(), end_of_stream: z.boolean().nullish() })

const readCursor = (text: string | null): Cursor => readCursorText(cursorSchema, text, start)

/** The next page: see the three ways above. A damaged cursor starts over, which is harmless. */
export async function pull(ctx: ConnectorContext, text: string | null): Promise<Page> {
  const cursor = readCursor(text)
  if (cursor.phase === 'export') return pullExport(ctx, cursor)
  try {
    return await pullList(ctx, cursor)
  } catch (error) {
    // A page cursor may have died while the app was closed: begin this way of reading again.
    if (cursor.after === null || !isAppError(error, 'vendor_rejected')) throw error
    return pullList(ctx, { ...cursor, after: null })
  }
}

async function pullList(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const newest = cursor.phase === 'newest'
  const searchParams: [string, string][] = [
    ['page[size]', '100'],
    ['sort', newest ? '-updated_at' : 'updated_at'],
    ['include', 'users'],
  ]
  if (!newest) searchParams.push(['start_time', String(Math.max(1, Math.floor((cursor.since - overlapMs) / 1000)))])
  if (cursor.after !== null) searchParams.push(['page[after]', cursor.after])
  const answer: unknown = await ctx.http.get('tickets', { searchParams, signal: ctx.signal }).json()
  const list = readAnswer(listSchema, answer, vendorName)
  const { page, tickets } = await toPage(ctx, answer)
  const seen = Math.max(cursor.seen, ...tickets.map((ticket) => ticket.updated_at))
  const after = list.meta?.has_more ? (list.meta.after_cursor ?? null) : null
  if (after !== null) return finish(page, { ...cursor, seen, after }, true)
  return afterRound({ ...cursor, seen, after: null }, page, ctx.now())
}

/** A round of lists is complete: move the watermark, and see whether the export is due. */
function afterRound(cursor: Cursor, page: Page, now: number): Page {
  const since = Math.max(cursor.since, cursor.seen)
  const next: Cursor = { ...cursor, phase: 'recent', since, seen: since, recentAt: now }
  if (cursor.phase === 'newest') return finish(page, next, true)
  const { allowed, at } = cursor.export
  const due = now - at >= (allowed ? exportEveryMs : askAgainMs)
  return due ? finish(page, { ...next, phase: 'export' }, true) : finish(page, next, false)
}

async function pullExport(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const known = cursor.export.cursor
  const searchParams: [string, string][] = [
    known === null ? ['start_time', '1'] : ['cursor', known],
    ['per_page', '1000'],
    ['include', 'users'],
  ]
  const now = ctx.now()
  try {
    const answer: unknown = await ctx.http
      .get('incremental/tickets/cursor', { searchParams, signal: ctx.signal })
      .json()
    const list = readAnswer(exportSchema, answer, vendorName)
    const { page } = await toPage(ctx, answer)
    const next: Cursor = {
      ...cursor,
      export: { cursor: list.after_cursor ?? known, at: cursor.export.at, allowed: true },
    }
    const end = list.end_of_stream !== false || list.after_cursor === known
    if (end) return finish(page, { ...next, phase: 'recent', export: { ...next.export, at: now } }, false)
    // A long export must not hold back what is new.
    return finish(page, now - cursor.recentAt > recentEveryMs ? { ...next, phase: 'recent' } : next, true)
  } catch (error) {
    const restart = isAppError(error, 'vendor_rejected') && known !== null
    if (!restart && !isAppError(error, 'vendor_forbidden')) throw error
    const again = { cursor: restart ? null : known, at: now, allowed: restart }
    return finish(emptyPage(), { ...cursor, phase: 'recent', export: again }, false)
  }
}

const emptyPage = (): Page => ({
  ...{ conversations: [], messages: [], people: [], removedVendorIds: [], quarantined: [] },
  ...{ cursor: '', more: false, total: null },
})

const finish = (page: Page, cursor: Cursor, more: boolean): Page => ({ ...page, cursor: JSON.stringify(cursor), more })

async function toPage(ctx: ConnectorContext, answer: unknown): Promise<{ page: Page; tickets: Ticket[] }> {
  const read = readTickets(answer, { host: hostOf(ctx.account.site), labels: await statusLabels(ctx) })
  const page: Page = {
    ...emptyPage(),
    conversations: read.conversations,
    people: personsOf(read.users),
    removedVendorIds: read.removed,
    quarantined: read.quarantined,
  }
  return { page, tickets: read.tickets }
}
