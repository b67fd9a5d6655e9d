import { z } from 'zod'
import { readCursorText } from '../cursor-text.ts'

/**
 * A stretch of time that is read backwards, window by window. `to` is where the next window ends, `width` how wide it is tried, `page` is
 * above 1 only where a single second holds more customers than a page.
 */
const spanSchema = z.object({
  from: z.number(),
  to: z.number(),
  width: z.number().positive(),
  page: z.number().int().min(1),
})
export type Span = z.infer<typeof spanSchema>

/** A conversation that was open when it was last looked at. */
const watchedSchema = z.object({ id: z.string(), version: z.number(), at: z.number() })
export type Watched = z.infer<typeof watchedSchema>

const cursorSchema = z.object({
  /** All customers who were updated before this are known, apart from what `fill` and `live` still hold. The server's clock. */
  since: z.number(),
  fill: spanSchema.nullable(),
  live: spanSchema.nullable(),
  /** Server's time when the fill was complete; 0 before. Who wrote just before may have slipped past the fill with all older chats. */
  filledAt: z.number(),
  /** Where `since` goes when the running round is complete. */
  begun: z.number(),
  /** How far the server's clock is ahead of this computer's, as last seen. */
  skew: z.number(),
  /** When the last round was complete, on this computer's clock. */
  liveAt: z.number(),
  watch: z.array(watchedSchema),
})
export type Cursor = z.infer<typeof cursorSchema>

const day = 24 * 60 * 60_000
/** Before Freshchat: nothing is older. */
const beginning = Date.UTC(2015, 0, 1)
/** Servers' clocks differ a little, and a list may lag behind what it lists. */
const overlapMs = 120_000
const aheadMs = 60_000
/** The narrowest window: times are told in seconds by some accounts. */
const narrowest = 2000

/** Nothing read yet: backwards from now to the beginning. */
export const begin = (now: number): Cursor => ({
  since: 0,
  fill: { from: beginning, to: now + aheadMs, width: day, page: 1 },
  live: null,
  filledAt: 0,
  begun: 0,
  skew: 0,
  liveAt: now,
  watch: [],
})

/** A damaged cursor starts over, which is harmless. */
export const readCursor = (text: string | null, now: number): Cursor => readCursorText(cursorSchema, text, begin(now))

/** The window of a span that is asked for next. */
export const windowOf = (span: Span) => ({ from: Math.max(span.from, span.to - span.width), to: span.to })

/**
 * What is left of a span after one answer; null when all of it was read. A window with more than a page is not read but halved: one answer
 * shows its window whole, so that nobody who moves to a newer time meanwhile can push another one over the edge between two pages.
 */
export function advance(span: Span, more: boolean): { next: Span | null; read: boolean } {
  const window = windowOf(span)
  const width = window.to - window.from
  if (more && span.page === 1 && width > narrowest) {
    return { next: { ...span, width: Math.max(narrowest, Math.floor(width / 2)) }, read: false }
  }
  if (more) return { next: { ...span, page: span.page + 1 }, read: true }
  if (window.from <= span.from) return { next: null, read: true }
  // Whether the ends of a window belong to it is not documented: neighbours share a second.
  return { next: { ...span, to: window.from + 1000, width: Math.max(width, narrowest) * 2, page: 1 }, read: true }
}

/** The round that looks for what changed since the last one. */
export const newRound = (cursor: Cursor, now: number): Span => {
  const from = cursor.since - overlapMs
  const to = now + cursor.skew + aheadMs
  return { from, to: Math.max(to, from + narrowest), width: Math.max(to - from, narrowest), page: 1 }
}

/** Since when a round may trust that quiet chats are known; null where it must read all that it meets. */
export const trustedSince = (cursor: Cursor): number | null =>
  cursor.filledAt > 0 && cursor.since > cursor.filledAt ? cursor.since : null

/** A round's first answer says until when it knows everything: the server's time, but never beyond the end of what was asked. */
export const knownUntil = (serverTime: number | null, to: number, now: number): number =>
  Math.min(serverTime ?? now - 10 * 60_000, to)

/** Beyond this many open conversations the ones that have been quiet longest are no longer looked after. */
const mostWatched = 300

/** Takes what was just read into the list of open conversations. */
export function watching(watch: readonly Watched[], read: readonly (Watched & { open: boolean })[]): Watched[] {
  const all = new Map(watch.map((one) => [one.id, one]))
  for (const { open, ...one } of read) {
    if (open) all.set(one.id, one)
    else all.delete(one.id)
  }
  return [...all.values()].sort((a, b) => b.version - a.version).slice(0, mostWatched)
}
