import type { ConversationRow, ListPage } from '../../preload/contract.ts'

/** One page as it was read: where it began, so that it can be read again, and what it held. */
export interface ListPart {
  after: string | null
  next: string | null
  rows: readonly ConversationRow[]
}

/** The loaded part of the list, and a fresh head that waits because the person is reading further down. */
export interface ListModel {
  parts: readonly ListPart[]
  waiting: ListPart | null
}

export const emptyList: ListModel = { parts: [], waiting: null }

export function toPart(page: ListPage, after: string | null): ListPart {
  return { after, next: page.next, rows: page.rows }
}

/** All loaded rows, each once: a page read again may reach into the one after it. */
export function rowsOf(list: ListModel): ConversationRow[] {
  const seen = new Set<string>()
  return list.parts.flatMap((part) => part.rows.filter((row) => !seen.has(row.id) && seen.add(row.id)))
}

/** Position to read on from; null at the end, undefined while nothing is loaded. */
export function nextPosition(list: ListModel): string | null | undefined {
  return list.parts.at(-1)?.next
}

export function withMore(list: ListModel, part: ListPart): ListModel {
  // A page that answers an older question (the list was replaced meanwhile) is not appended.
  return part.after === nextPosition(list) ? { ...list, parts: [...list.parts, part] } : list
}

/** The list begins anew at its head: nothing under it is kept, it is read again when it comes into view. */
export function withHead(head: ListPart): ListModel {
  return { parts: [head], waiting: null }
}

/**
 * Changes while the person reads further down. Rows keep their place and take their new content; rows that no longer
 * belong leave; rows that are new, or moved to the top, wait in the head.
 */
export function withHeldHead(list: ListModel, head: ListPart, reread: ReadonlyMap<number, ListPart>): ListModel {
  const fresh = new Map(head.rows.map((row) => [row.id, row]))
  const parts = list.parts.map((part, index) => {
    const again = reread.get(index)
    if (again === undefined) return { ...part, rows: part.rows.map((row) => fresh.get(row.id) ?? row) }
    return merged(part, again, fresh)
  })
  return { parts, waiting: head }
}

/** A page in view, read again: its rows stay in place as long as they belong; what follows them now comes after them. */
function merged(part: ListPart, again: ListPart, fresh: ReadonlyMap<string, ConversationRow>): ListPart {
  const now = new Map(again.rows.map((row) => [row.id, row]))
  const end =
    again.next === null ? Number.NEGATIVE_INFINITY : (again.rows.at(-1)?.updatedAt ?? Number.NEGATIVE_INFINITY)
  // New rows at its top push the last ones out of what was read again: these are neither gone nor known to be changed.
  const rows = part.rows.flatMap((row) => now.get(row.id) ?? fresh.get(row.id) ?? (row.updatedAt <= end ? [row] : []))
  const last = again.rows.findLastIndex((row) => rows.some(({ id }) => id === row.id))
  return { ...again, rows: [...rows, ...again.rows.slice(last + 1)] }
}

/** How many rows of the waiting head the person has not seen in the list yet. */
export function newCount(list: ListModel): number {
  if (list.waiting === null) return 0
  const known = new Set(rowsOf(list).map((row) => row.id))
  return list.waiting.rows.filter((row) => !known.has(row.id)).length
}

/** Which pages hold the rows from `first` to `last` (indices into `rowsOf`). */
export function partsInView(list: ListModel, first: number, last: number): number[] {
  let start = 0
  return list.parts.flatMap((part, index) => {
    const end = start + part.rows.length
    const visible = start <= last && end > first
    start = end
    return visible ? [index] : []
  })
}

/** The id `step` rows away from `id`, held at the ends; the first row when `id` is not in the list. */
export function stepFrom(rows: readonly ConversationRow[], id: string | null, step: number): string | null {
  const at = rows.findIndex((row) => row.id === id)
  if (at === -1) return rows[0]?.id ?? null
  return rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.id ?? null
}

/** Where to go when `id` is done: the next row, or the one before at the end, or null when it was the only one. */
export function neighbour(rows: readonly ConversationRow[], id: string): string | null {
  const at = rows.findIndex((row) => row.id === id)
  if (at === -1) return rows[0]?.id ?? null
  return rows[at + 1]?.id ?? rows[at - 1]?.id ?? null
}
