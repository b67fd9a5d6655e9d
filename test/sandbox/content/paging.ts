import { lowerBound } from './timeline.ts'

/** Conversations in ascending order of a whole-number key that is different for each. */
export interface Ordered {
  size: number
  at(position: number): number | undefined
  key(index: number): number
  /** First position whose key is at least this; `size` when there is none. */
  since(key: number): number
}

export interface Slice {
  indexes: number[]
  more: boolean
  /** Key of the last row looked at: where the next page goes on. Undefined on an empty page. */
  lastKey?: number
}

/** How many rows a filtered page looks at before it is given out as it is, perhaps short, with a cursor to go on from. */
const scanLimit = 20_000

/**
 * The page that follows a key (or the first one). Rows that move while somebody pages are never skipped or doubled within
 * the rows that did not move, since the key and not a position says where to go on.
 */
export function pageAfter(
  order: Ordered,
  want: {
    limit: number
    descending: boolean
    after?: number | undefined
    keep?: ((index: number) => boolean) | undefined
  },
): Slice {
  const step = want.descending ? -1 : 1
  let position = want.descending
    ? (want.after === undefined ? order.size : order.since(want.after)) - 1
    : want.after === undefined
      ? 0
      : order.since(want.after + 1)
  const slice: Slice = { indexes: [], more: false }
  for (let looked = 0; position >= 0 && position < order.size; looked++, position += step) {
    if (looked === scanLimit) return { ...slice, more: true }
    const index = order.at(position)
    if (index === undefined) break
    const kept = !want.keep || want.keep(index)
    if (kept && slice.indexes.length === want.limit) return { ...slice, more: true }
    if (kept) slice.indexes.push(index)
    slice.lastKey = order.key(index)
  }
  return slice
}

/** The page at an offset, for vendors that number their pages. */
export function pageAt(order: Ordered, want: { offset: number; limit: number; descending: boolean }): Slice {
  const indexes: number[] = []
  for (let place = want.offset; place < Math.min(order.size, want.offset + want.limit); place++) {
    const index = order.at(want.descending ? order.size - 1 - place : place)
    if (index !== undefined) indexes.push(index)
  }
  return { indexes, more: want.offset + want.limit < order.size }
}

/** The same order with some rows left out. */
export function without(order: Ordered, hidden: readonly number[]): Ordered {
  if (hidden.length === 0) return order
  const places = hidden
    .map((index) => ({ index, place: order.since(order.key(index)) }))
    .filter(({ index, place }) => order.at(place) === index)
    .map(({ place }) => place)
    .sort((a, b) => a - b)
  return {
    size: order.size - places.length,
    at: (position) => order.at(position + lowerBound(places.length, (i) => (places[i] ?? 0) - i > position)),
    key: (index) => order.key(index),
    since: (key) => {
      const place = order.since(key)
      return place - lowerBound(places.length, (i) => (places[i] ?? 0) >= place)
    },
  }
}

/** A cursor as vendors show it: opaque text. */
export function encodeCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

export function decodeCursor(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
