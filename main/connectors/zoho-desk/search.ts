import type { Cursor } from './cursor.ts'
import type { Ticket } from './map.ts'

/** `GET /tickets/search` by time. https://github.com/zoho/zohodesk-oas, Search.json */

export const mostPerPage = 100
/** `from` goes to 999 in the vendor's description. */
const mostFrom = 800
/** The index lags a little behind writes: read this much again every time. */
const overlapMs = 10 * 60_000
const beginning = Date.UTC(2000, 0, 1)
const day = 24 * 60 * 60_000
/** Times have whole seconds, and it is not said whether an end is part of its range. */
const grain = 1000

export interface Window {
  since: number
  until: number
  from: number
  crowd: number | null
}

/** The window of the next page. The first of a round ends in the future, so that a slow clock here hides nothing. */
export function windowOf(
  { filled, since, until, from, crowd }: Pick<Cursor, 'filled' | 'since' | 'until' | 'from' | 'crowd'>,
  now: number,
): Window {
  return { since: filled ? Math.max(beginning, since - overlapMs) : beginning, until: until ?? now + day, from, crowd }
}

const iso = (ms: number) => new Date(ms).toISOString()

/** Only parameters the vendor describes: it refuses any other. */
export function searchQuery({ since, until, from, crowd }: Window): Record<string, string | number> {
  if (crowd === null)
    return { modifiedTimeRange: `${iso(since)},${iso(until)}`, sortBy: '-modifiedTime', from, limit: mostPerPage }
  return {
    modifiedTimeRange: `${iso(until - 2 * grain)},${iso(until)}`,
    createdTimeRange: `${iso(crowd)},${iso(until + grain)}`,
    sortBy: 'createdTime',
    from,
    limit: mostPerPage,
  }
}

/**
 * Where the page after this one begins; null after the last. It goes on from the oldest time of this page and looks at that second again. Where a
 * whole page is of one second, places are counted within it; where there are more than the vendor counts, that second is read by
 * creation, which does not change.
 * @param read how many records the page had, readable or not
 */
export function nextWindow(
  window: Window,
  tickets: Ticket[],
  read: number,
): Pick<Cursor, 'until' | 'from' | 'crowd'> | null {
  const { until, from, crowd } = window
  if (crowd !== null) return nextOfCrowd(window, tickets, read)
  if (read < mostPerPage) return null
  const oldest = Math.min(until, ...tickets.map((ticket) => ticket.modifiedTime ?? until))
  if (oldest + grain < until) return { until: oldest + grain, from: 0, crowd: null }
  if (from < mostFrom) return { until, from: from + mostPerPage - 1, crowd: null }
  return { until, from: 0, crowd: beginning }
}

function nextOfCrowd(
  { until, from, crowd }: Window,
  tickets: Ticket[],
  read: number,
): Pick<Cursor, 'until' | 'from' | 'crowd'> {
  if (read < mostPerPage) return { until: until - grain, from: 0, crowd: null }
  const latest = Math.max(crowd ?? beginning, ...tickets.map((ticket) => ticket.createdTime ?? beginning))
  if (latest - grain > (crowd ?? beginning)) return { until, from: 0, crowd: latest - grain }
  if (from < mostFrom) return { until, from: from + mostPerPage - 1, crowd }
  // More than 900 made and changed in the same second: the vendor counts no further.
  return { until, from: 0, crowd: (crowd ?? beginning) + 2 * grain }
}

/** How many the search found, where it says so. */
export function countOf(answer: unknown): number | null {
  const { count } = Object(answer) as { count?: unknown }
  return typeof count === 'number' && Number.isFinite(count) ? count : null
}
