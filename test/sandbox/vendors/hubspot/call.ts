import { decodeCursor, encodeCursor, type Ordered, pageAfter } from '../../content/paging.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { type Exchange, isRecord, jsonBody } from '../../exchange.ts'
import type { Bearer } from '../../oauth/authority.ts'
import { refuse } from './errors.ts'
import type { HubspotWire } from './wire.ts'

/** One authorised API call. */
export interface Call {
  exchange: Exchange
  params: Record<string, string>
  query: URLSearchParams
  store: SiteStore
  wire: HubspotWire
  bearer: Bearer
  /** Place of the caller in the portal's staff. */
  staff: number
}

export function threadIndex(call: Call): number {
  const index = call.wire.threadIndex(call.params.id ?? '')
  if (!call.store.has(index) || !call.wire.hasThread(index)) throw refuse.notFound('Thread')
  return index
}

export function body(call: Call): Record<string, unknown> {
  const found = jsonBody(call.exchange)
  if (!found) throw refuse.invalid('Invalid input JSON: the body must be an object')
  return found
}

export function limitOf(call: Call, most: number, fallback: number): number {
  const limit = Number(call.query.get('limit') ?? fallback)
  if (!Number.isInteger(limit) || limit < 1 || limit > most) throw refuse.invalid(`limit must be between 1 and ${most}`)
  return limit
}

/** `paging.next`, absent on the last page. */
export function paging(call: Call, after: string | undefined): Record<string, unknown> {
  if (after === undefined) return {}
  const url = new URL(call.exchange.url)
  url.searchParams.set('after', after)
  return { paging: { next: { after, link: url.href } } }
}

/** A page of conversations by `limit` and `after`. */
export function keyPage(
  call: Call,
  order: Ordered,
  want: { limit: number; descending?: boolean; from?: number | undefined; keep?: (index: number) => boolean },
): { indexes: number[]; next: Record<string, unknown> } {
  const cursor = call.query.get('after')
  const value = cursor === null ? undefined : decodeCursor(cursor)
  if (cursor !== null && !(isRecord(value) && typeof value.k === 'number'))
    throw refuse.invalid('Invalid value for after')
  const after = isRecord(value) ? Number(value.k) : want.from
  const slice = pageAfter(order, { limit: want.limit, descending: want.descending ?? false, after, keep: want.keep })
  return {
    indexes: slice.indexes,
    next: paging(call, slice.more && slice.lastKey !== undefined ? encodeCursor({ k: slice.lastKey }) : undefined),
  }
}

/** A page of a short list that is all there; `after` is the place to go on from. */
export function listPage<T>(call: Call, all: T[], limit: number): { items: T[]; next: Record<string, unknown> } {
  const start = Number(call.query.get('after') ?? 0)
  if (!Number.isInteger(start) || start < 0) throw refuse.invalid('Invalid value for after')
  const items = all.slice(start, start + limit)
  return { items, next: paging(call, start + limit < all.length ? String(start + limit) : undefined) }
}
