import { z } from 'zod'
import { readCursorText } from '../cursor-text.ts'

/** The steps of one round. `others`: deals of pipelines the views do not show. `missing`: what was open and is in no list any more. */
const steps = ['deals', 'contacts', 'tasks', 'others', 'missing'] as const
export type Step = (typeof steps)[number]
/** Lists that are read from time to time to the end, so that what left them is noticed. */
export type Whole = 'deals' | 'contacts' | 'tasks'

const listSchema = z.object({
  /** View that was read; another one begins anew. */
  view: z.string().nullable(),
  /** Everything that changed before this is known. The server's clock. */
  since: z.number(),
  /** Largest change time seen in the running round. */
  seen: z.number(),
  /** When it was last read to the end, on this computer's clock. */
  wholeAt: z.number(),
  /** Record ids that were open when last seen in the list. */
  open: z.array(z.string()),
})
export type ListState = z.infer<typeof listSchema>

const cursorSchema = z.object({
  step: z.enum(steps),
  page: z.number().int().min(1),
  deals: listSchema,
  contacts: listSchema,
  tasks: listSchema,
  others: listSchema.extend({
    /** Largest number of records the search told in the running round. */
    total: z.number().default(0),
    /** Records left the search while its pages were read, which pushes others over the edge of a page, unread. */
    shrank: z.boolean().default(false),
  }),
  /** Null: the running step stops at what is known. Else it goes to the end, and these have not been met on the way yet. */
  unmet: z.array(z.string()).nullable(),
  /** Keys of conversations to look for one by one. */
  missing: z.array(z.string()),
})
export type Cursor = z.infer<typeof cursorSchema>

const unread: ListState = { view: null, since: 0, seen: 0, wholeAt: 0, open: [] }
const start: Cursor = {
  step: 'deals',
  page: 1,
  deals: unread,
  contacts: unread,
  tasks: unread,
  others: { ...unread, total: 0, shrank: false },
  unmet: null,
  missing: [],
}

/** A damaged cursor starts over, which is harmless. */
export const readCursor = (text: string | null): Cursor => readCursorText(cursorSchema, text, start)

const minute = 60_000
/**
 * How often a list is read to its end. Open tasks are few and told in no order. A view of contacts is one of people who wait: leaving it
 * is the news. Of deals it is only to notice deletions, and costs a call for each hundred.
 */
const wholeEvery: Record<Whole, number> = { deals: 24 * 60 * minute, contacts: 10 * minute, tasks: 0 }
export const othersEveryMs = 30 * minute

/** Times have whole seconds, and servers differ a little: read this much again every time. */
export const overlapMs = 120_000
/** The search is in no order we may rely on. What changed is read in four rounds, so that one which missed it does no harm. */
export const othersOverlapMs = 4 * othersEveryMs
/** Open records that are looked after. What is beyond is still read when it changes. */
const mostOpen = 1000

/** Begins a step: another view, or time for it, means reading to the end. */
export function beginStep(cursor: Cursor, step: Whole, view: string | null, now: number): Cursor {
  const known = cursor[step]
  const state = known.view === view ? known : { ...unread, view, open: known.open }
  const whole = now - state.wholeAt >= wholeEvery[step]
  return { ...cursor, step, page: 1, [step]: { ...state, seen: state.since }, unmet: whole ? state.open : null }
}

/** Takes a page of a list into the state: who is open, and how far it reaches. */
export function takePage(cursor: Cursor, step: Whole, read: { id: string; open: boolean; at: number }[]): Cursor {
  const state = cursor[step]
  const here = new Set(read.map((one) => one.id))
  const open = [...read.filter((one) => one.open).map((one) => one.id), ...state.open.filter((id) => !here.has(id))]
  return {
    ...cursor,
    unmet: cursor.unmet?.filter((id) => !here.has(id)) ?? null,
    [step]: { ...state, open: open.slice(0, mostOpen), seen: Math.max(state.seen, ...read.map((one) => one.at)) },
  }
}

/** Whether a list by falling change time is known from here on. */
export const reachedKnown = (state: ListState, read: { at: number }[]): boolean =>
  read.some((one) => one.at < state.since - overlapMs)

/** A list was read as far as it was to be: the watermark moves, and what was not met on the way is looked for. */
export function endStep(cursor: Cursor, step: Whole, kind: string, next: Step, now: number): Cursor {
  const state = cursor[step]
  const lost = new Set(cursor.unmet ?? [])
  const ended: ListState = {
    ...state,
    since: Math.max(state.since, state.seen),
    wholeAt: cursor.unmet === null ? state.wholeAt : now,
    open: state.open.filter((id) => !lost.has(id)),
  }
  const missing = [...cursor.missing, ...[...lost].map((id) => `${kind}:${id}`)]
  return { ...cursor, [step]: ended, step: next, page: 1, unmet: null, missing }
}
