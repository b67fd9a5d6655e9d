import type { SiteStore } from '../../content/site-store.ts'
import { type Exchange, empty, json, jsonBody, type Reply } from '../../exchange.ts'
import type { Bearer } from '../../oauth/authority.ts'
import { refuse } from './errors.ts'
import type { ZohoDeskWire } from './wire.ts'

/** One authorised API call. */
export interface Call {
  exchange: Exchange
  params: Record<string, string>
  query: URLSearchParams
  store: SiteStore
  wire: ZohoDeskWire
  bearer: Bearer
  /** Place of the caller among the portal's agents. */
  staff: number
  /** Moments after this are not in the search index yet. */
  indexedUntil: number
}

/** The ticket a path names. @throws Refusal 404 */
export function ticketIndex(call: Call): number {
  const index = call.wire.ticketIndex(call.params.ticketId ?? '')
  if (index === undefined || !call.store.has(index)) throw refuse.notFound()
  return index
}

export interface Page {
  from: number
  limit: number
}

/** `from` counts from 0 here. @throws Refusal 422 */
export function readPage(call: Call, bounds: { most: number; usual: number; mostFrom?: number }): Page {
  const from = Number(call.query.get('from') ?? 0)
  const limit = Number(call.query.get('limit') ?? bounds.usual)
  if (!Number.isInteger(from) || from < 0 || from > (bounds.mostFrom ?? Number.MAX_SAFE_INTEGER))
    throw refuse.parameter('from')
  if (!Number.isInteger(limit) || limit < 1 || limit > bounds.most) throw refuse.parameter('limit')
  return { from, limit }
}

/** A list; an empty one is 204 without a body. */
export function list(records: unknown[], more: Record<string, unknown> = {}, envelope = 'data'): Reply {
  return records.length === 0 ? empty(204) : json(200, { [envelope]: records, ...more })
}

export function pageOf(call: Call, records: unknown[], bounds: { most: number; usual: number }): Reply {
  const { from, limit } = readPage(call, bounds)
  return list(records.slice(from, from + limit))
}

/** A JSON body with no fields but those. @throws Refusal 422 */
export function readBody(call: Call, known: readonly string[]): Record<string, unknown> {
  const body = jsonBody(call.exchange)
  if (!body) throw refuse.invalid({ fieldName: '/', errorType: 'invalid', errorMessage: 'not a JSON object' })
  const strange = Object.keys(body).find((name) => !known.includes(name))
  if (strange !== undefined)
    throw refuse.invalid({
      fieldName: `/${strange}`,
      errorType: 'invalid',
      errorMessage: `An extra parameter '${strange}' is found`,
    })
  return body
}

export function requireText(body: Record<string, unknown>, name: string): string {
  const value = body[name]
  if (typeof value === 'string' && value.trim() !== '') return value
  throw refuse.invalid({ fieldName: `/${name}`, errorType: 'missing', errorMessage: `The field ${name} is mandatory` })
}
