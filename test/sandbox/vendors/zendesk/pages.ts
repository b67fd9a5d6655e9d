import { decodeCursor, encodeCursor, type Ordered, pageAfter, pageAt } from '../../content/paging.ts'
import { isRecord } from '../../exchange.ts'
import type { Call } from './call.ts'
import { refuse } from './errors.ts'

const cursorMax = 100

function here(call: Call, change: (url: URL) => void): string {
  const url = new URL(call.exchange.url)
  change(url)
  return url.href
}

/** Cursor paging over conversations: `page[size]`, `page[after]`. */
export function cursorPage(call: Call, order: Ordered, descending: boolean, keep?: (index: number) => boolean) {
  const limit = pageSize(call)
  const after = call.query.get('page[after]')
  const key = after === null ? undefined : keyOf(after)
  const slice = pageAfter(order, { limit, descending, after: key, keep })
  const first = slice.indexes[0]
  const cursor =
    slice.lastKey === undefined ? after : encodeCursor({ o: call.query.get('sort') ?? 'id', k: slice.lastKey })
  return {
    indexes: slice.indexes,
    meta: {
      has_more: slice.more,
      after_cursor: cursor,
      before_cursor:
        first === undefined ? after : encodeCursor({ o: call.query.get('sort') ?? 'id', k: order.key(first) }),
    },
    links: {
      next: slice.more && cursor ? here(call, (url) => url.searchParams.set('page[after]', cursor)) : null,
      prev: null,
    },
  }
}

function pageSize(call: Call): number {
  const size = Number(call.query.get('page[size]') ?? 100)
  if (!Number.isInteger(size) || size < 1 || size > cursorMax) {
    throw refuse.badRequest('Invalid attribute', `page[size] must be between 1 and ${cursorMax}`)
  }
  return size
}

export function keyOf(cursor: string): number {
  const value = decodeCursor(cursor)
  if (!isRecord(value) || typeof value.k !== 'number')
    throw refuse.badRequest('Invalid cursor', 'page[after] is not valid')
  return value.k
}

/** Cursor paging over a short list that is all there. */
export function cursorList<T>(call: Call, all: T[]) {
  const limit = pageSize(call)
  const after = call.query.get('page[after]')
  const start = after === null ? 0 : keyOf(after) + 1
  const items = all.slice(start, start + limit)
  const more = start + limit < all.length
  const cursor = encodeCursor({ k: start + items.length - 1 })
  return {
    items,
    meta: { has_more: more, after_cursor: cursor, before_cursor: encodeCursor({ k: start }) },
    links: { next: more ? here(call, (url) => url.searchParams.set('page[after]', cursor)) : null, prev: null },
  }
}

/** Offset paging: `page`, `per_page`. @throws Refusal 400 past page 100, as the vendor does */
export function offsetPage(call: Call, order: Ordered, descending: boolean) {
  const page = Number(call.query.get('page') ?? 1)
  const perPage = Number(call.query.get('per_page') ?? 100)
  const tooDeep = page > 100 || page * perPage > 10_000
  if (!(page >= 1) || !(perPage >= 1 && perPage <= 100) || tooDeep) {
    throw refuse.badRequest(
      'Invalid attribute',
      tooDeep ? 'Pagination depth limit exceeded, use cursor pagination' : 'page and per_page must be positive',
    )
  }
  const slice = pageAt(order, { offset: (page - 1) * perPage, limit: perPage, descending })
  const link = (to: number) => here(call, (url) => url.searchParams.set('page', String(to)))
  return {
    indexes: slice.indexes,
    envelope: {
      count: order.size,
      next_page: slice.more ? link(page + 1) : null,
      previous_page: page > 1 ? link(page - 1) : null,
    },
  }
}
