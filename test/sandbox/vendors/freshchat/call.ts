import type { SiteStore } from '../../content/site-store.ts'
import { type Exchange, json, jsonBody, type Reply } from '../../exchange.ts'
import type { Bearer } from '../../oauth/authority.ts'
import { refuse } from './errors.ts'
import type { FreshchatWire } from './wire.ts'

/** One authorised API call. */
export interface Call {
  exchange: Exchange
  params: Record<string, string>
  query: URLSearchParams
  store: SiteStore
  wire: FreshchatWire
  bearer: Bearer
  /** Place of the caller among the agents. */
  staff: number
}

/** The conversation a path names. @throws Refusal 404 */
export function conversationIndex(call: Call): number {
  const index = call.wire.numberOf(call.params.id ?? '', 'c')
  if (index === undefined || !call.store.has(index) || call.store.hidden.has(index))
    throw refuse.notFound('conversation')
  return index
}

/** @throws Refusal 400 */
export function body(call: Call): Record<string, unknown> {
  const read = jsonBody(call.exchange)
  if (!read) throw refuse.invalid('Request body is not a JSON object')
  return read
}

/** `page` from 1 and `items_per_page`. @throws Refusal 400 */
export function readPage(call: Call, most: number, usual: number): { page: number; size: number } {
  const page = Number(call.query.get('page') ?? 1)
  const size = Number(call.query.get('items_per_page') ?? usual)
  if (!Number.isInteger(page) || page < 1) throw refuse.invalid('page must be greater than 0')
  if (!Number.isInteger(size) || size < 1 || size > most) throw refuse.invalid(`items_per_page must be 1 to ${most}`)
  return { page, size }
}

/** A page of a list with its links, which are paths. */
export function paged<T>(call: Call, key: string, all: readonly T[], show: (item: T) => unknown): Reply {
  const { page, size } = readPage(call, 100, 10)
  const pages = Math.max(1, Math.ceil(all.length / size))
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(call.query)
    query.set('page', String(to))
    return { href: `${call.exchange.url.pathname}?${query}`, rel, type: 'GET' }
  }
  return json(200, {
    [key]: all.slice((page - 1) * size, page * size).map(show),
    pagination: { total_items: all.length, total_pages: pages, current_page: page, items_per_page: size },
    links: {
      first_page: link(1, 'first_page'),
      last_page: link(pages, 'last_page'),
      ...(page > 1 ? { previous_page: link(page - 1, 'previous_page') } : {}),
      ...(page < pages ? { next_page: link(page + 1, 'next_page') } : {}),
    },
  })
}
