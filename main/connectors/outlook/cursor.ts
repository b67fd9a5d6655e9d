import { z } from 'zod'
import { readCursorText } from '../cursor-text.ts'

/**
 * Where reading stands, and how it goes on.
 * - `first`: the newest mails, so that the agent sees something at once
 * - `prime`: the delta query of each folder is walked to its end, only for the link that from then on tells every change. This comes before
 *   the fill: what changes while the fill runs is then told by the link afterwards, and nothing falls between the two.
 * - `fill`: all mails of the mailbox, newest first
 * - `follow`: what the links tell
 */
const cursorSchema = z.object({
  phase: z.enum(['first', 'prime', 'fill', 'follow']),
  /** Place in `followed` whose turn it is. */
  turn: z.number().int().min(0),
  /** Next or delta link of each followed folder; null before the first call, and for a folder the mailbox does not have. */
  links: z.array(z.string().nullable()).length(3),
  /** Mails of this moment and older are next (as the vendor wrote it); null for the newest. */
  before: z.string().nullable(),
  /** Mails of exactly that moment that were read already. */
  seen: z.array(z.string()),
  /** The vendor's own link, where a page could not get past one moment. */
  link: z.string().nullable(),
  /** When reading last began anew because the vendor had forgotten a link, epoch milliseconds; 0 for never. */
  restartedAt: z.number(),
  /** When the links last had nothing more to tell, at the beginning when the first page was read, epoch milliseconds. */
  currentAt: z.number(),
})
export type Cursor = z.infer<typeof cursorSchema>

/** Well-known names of the folders whose changes are followed. */
export const followed = ['inbox', 'sentitems', 'archive'] as const

const start: Cursor = {
  phase: 'first',
  turn: 0,
  links: followed.map(() => null),
  before: null,
  seen: [],
  link: null,
  restartedAt: 0,
  currentAt: 0,
}

/** A damaged cursor starts over, which is harmless. */
export function readCursor(text: string | null): Cursor {
  const read = readCursorText(cursorSchema, text, start)
  return read.turn < followed.length ? read : start
}

/** All links and the whole fill anew; the store keeps what it has. */
export const restarted = ({ currentAt }: Cursor, now: number): Cursor => ({
  ...start,
  phase: 'prime',
  restartedAt: now,
  currentAt,
})

/** The link of the folder whose turn it is. */
export const linkOf = (cursor: Cursor): string | null => cursor.links[cursor.turn] ?? null

export const withLink = (cursor: Cursor, link: string | null): Cursor => ({
  ...cursor,
  links: cursor.links.map((known, place) => (place === cursor.turn ? link : known)),
})
