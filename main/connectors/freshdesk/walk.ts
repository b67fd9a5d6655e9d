import { z } from 'zod'

/**
 * A list by rising `updated_at` is not read by page numbers, because a ticket that is touched or deleted in between moves all later ones towards
 * the front, and one of them past the reader. Instead every step asks for the first page of what changed at or after the newest moment known.
 * Only where one second holds more than a page are its pages read by number: to the end, and then back to the first, because what moved
 * towards the front meanwhile is met on the way back.
 */
export const walkSchema = z.object({
  /** Asked for with `updated_since`: milliseconds, whole seconds. */
  from: z.number().int().min(0).max(8.64e15),
  page: z.number().int().min(1),
  /** Set on the way back through the pages of one second: where to go on after it. */
  back: z.object({ next: z.number(), more: z.boolean() }).nullable(),
})
export type Walk = z.infer<typeof walkSchema>

/** The list ends here, however much there is. https://developers.freshdesk.com/api/#list_all_tickets */
export const lastPage = 300

const second = 1000

/** Before the first Freshdesk: without `updated_since` only 30 days are told. */
export const beginning = Date.UTC(2000, 0, 1)

export const walkFrom = (ms: number): Walk => ({
  from: Math.max(beginning, Math.floor(ms / second) * second),
  page: 1,
  back: null,
})

/**
 * @param told the newest `updated_at` of the page just read (null: none was readable), and whether more may follow it
 * @returns the next step, and whether there is one now
 */
export function step(walk: Walk, told: { newest: number | null; full: boolean }): { walk: Walk; more: boolean } {
  const { from, page, back } = walk
  if (back !== null) {
    if (page > 1) return { walk: { ...walk, page: page - 1 }, more: true }
    return { walk: walkFrom(back.next), more: back.more }
  }
  const newest = Math.max(from, Math.floor((told.newest ?? from) / second) * second)
  if (newest === from && told.full && page < lastPage) return { walk: { ...walk, page: page + 1 }, more: true }
  // A second with more than the list can tell: what is told of it must do.
  const next = newest === from && told.full ? from + second : newest
  if (page === 1) return { walk: walkFrom(next), more: told.full }
  return { walk: { from, page: page - 1, back: { next, more: told.full } }, more: true }
}
