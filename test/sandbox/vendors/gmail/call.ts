import { decodeCursor, encodeCursor, type Ordered, pageAfter } from '../../content/paging.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { type Exchange, isRecord, jsonBody } from '../../exchange.ts'
import type { Bearer } from '../../oauth/authority.ts'
import { refuse } from './errors.ts'
import type { Format, GmailWire } from './wire.ts'

/** One authorised API call. */
export interface Call {
  exchange: Exchange
  params: Record<string, string>
  query: URLSearchParams
  store: SiteStore
  wire: GmailWire
  bearer: Bearer
}

export function body(call: Call): Record<string, unknown> {
  const found = jsonBody(call.exchange)
  if (!found) throw refuse.argument('Invalid JSON payload received.')
  return found
}

export function threadIndex(call: Call): number {
  const place = call.wire.place(call.params.id ?? '')
  if (place === undefined || place.seq !== 0) throw refuse.notFound()
  return place.index
}

export function formatOf(call: Call): { format: Format; wanted: string[] } {
  const format = call.query.get('format') ?? 'full'
  if (format !== 'full' && format !== 'metadata' && format !== 'minimal')
    throw refuse.argument(`Invalid value at 'format': "${format}"`)
  return { format, wanted: call.query.getAll('metadataHeaders') }
}

/** A page by `maxResults` and `pageToken`, in the order of the list. */
export function page(
  call: Call,
  order: Ordered,
  want: { descending: boolean; from?: number; keep?: (index: number) => boolean },
): { indexes: number[]; nextPageToken?: string } {
  const limit = Number(call.query.get('maxResults') ?? 100)
  if (!Number.isInteger(limit) || limit < 1) throw refuse.argument('Invalid maxResults')
  const token = call.query.get('pageToken')
  const value = token === null ? undefined : decodeCursor(token)
  if (token !== null && !(isRecord(value) && typeof value.k === 'number')) throw refuse.argument('Invalid pageToken')
  const after = isRecord(value) ? Number(value.k) : want.from
  const slice = pageAfter(order, { limit: Math.min(limit, 500), descending: want.descending, after, keep: want.keep })
  const more = slice.more && slice.lastKey !== undefined
  return { indexes: slice.indexes, ...(more ? { nextPageToken: encodeCursor({ k: slice.lastKey }) } : {}) }
}
