import { z } from 'zod'
import { readCursorText } from '../cursor-text.ts'

/**
 * Where the reading of a portal stands. `search` reads what was modified, `threads` looks for new words that the search does not show yet,
 * `bin` for deleted tickets. Times are milliseconds.
 */
const cursorSchema = z.object({
  phase: z.enum(['search', 'threads', 'bin']),
  /** The first fill is complete. */
  filled: z.boolean(),
  /** Upper end of the next search; null before the first page of a round. */
  until: z.number().nullable(),
  from: z.number().int().min(0),
  /** Too many tickets of one moment: that moment is read by creation, from here. Null otherwise. */
  crowd: z.number().nullable(),
  /** Newest `modifiedTime` of the rounds that are complete, of the server's clock. */
  since: z.number(),
  /** Newest `modifiedTime` of the running round. */
  seen: z.number(),
  /** Server's clock when the first fill began; null before. */
  began: z.number().nullable(),
  total: z.number().nullable(),
  /** Our clock, when a phase was last complete. */
  searchedAt: z.number(),
  threadsAt: z.number(),
  binAt: z.number(),
  /** Newest deletion known, of the server's clock; null before the bin was first read. */
  deleted: z.number().nullable(),
  deletedSeen: z.number(),
  binAllowed: z.boolean(),
  /** Credits left today, as last told. */
  credits: z.number().nullable(),
  /** Tickets of the overlap that were read at this version: not told again. */
  known: z.record(z.string(), z.number()),
  /** What was last seen of the tickets that spoke last, see `markOf`. */
  marks: z.record(z.string(), z.string()),
  marksSeen: z.record(z.string(), z.string()),
})
export type Cursor = z.infer<typeof cursorSchema>

const start: Cursor = {
  phase: 'search',
  filled: false,
  until: null,
  from: 0,
  crowd: null,
  since: 0,
  seen: 0,
  began: null,
  total: null,
  searchedAt: 0,
  threadsAt: 0,
  binAt: 0,
  deleted: null,
  deletedSeen: 0,
  binAllowed: true,
  credits: null,
  known: {},
  marks: {},
  marksSeen: {},
}

/** A damaged cursor starts over, which is harmless. */
export const readCursor = (text: string | null): Cursor => readCursorText(cursorSchema, text, start)

const minute = 60_000

/**
 * Pauses between rounds, by the credits the portal has left today. A search costs 3 credits, as does the list behind it: once a minute is
 * 8,640 a day, and a free portal has 5,000, which it shares with its other programs. https://desk.zoho.com/DeskAPIDocument
 */
const paces = [
  { from: 10_000, search: 0, threads: 0, bin: 5 * minute },
  { from: 2500, search: 2 * minute, threads: 10 * minute, bin: 30 * minute },
  { from: 1000, search: 5 * minute, threads: 20 * minute, bin: 60 * minute },
  { from: 0, search: 15 * minute, threads: 60 * minute, bin: 240 * minute },
] as const

export type Pace = Omit<(typeof paces)[number], 'from'>

export function paceOf(credits: number | null): Pace {
  return paces.find(({ from }) => credits === null || credits >= from) ?? paces[3]
}

/** What is known with what is new over it, in order of arrival and not longer than that: the cursor is written with every page. */
export function merged<T>(known: Record<string, T>, fresh: Record<string, T>, most: number): Record<string, T> {
  const left = Object.entries(known).filter(([id]) => !Object.hasOwn(fresh, id))
  return Object.fromEntries([...left, ...Object.entries(fresh)].slice(-most))
}
