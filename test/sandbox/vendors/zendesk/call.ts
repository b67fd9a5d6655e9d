import type { SiteStore } from '../../content/site-store.ts'
import { type Exchange, isRecord, jsonBody } from '../../exchange.ts'
import type { RateLimits } from '../../limits.ts'
import type { Authority, Bearer } from '../../oauth/authority.ts'
import { refuse } from './errors.ts'
import type { ZendeskWire } from './wire.ts'

/** One authorised API call. */
export interface Call {
  exchange: Exchange
  params: Record<string, string>
  query: URLSearchParams
  store: SiteStore
  wire: ZendeskWire
  bearer: Bearer
  authority: Authority
  limits: RateLimits
  /** Place of the caller in the site's staff. */
  staff: number
  /** How long a change stays out of the incremental export, in milliseconds. */
  exportLagMs: number
}

export function isAdmin(call: Call): boolean {
  return call.bearer.user.role === 'admin'
}

/** The conversation a path names. @throws Refusal 404 */
export function ticketIndex(call: Call): number {
  const index = call.wire.ids.index(Number((call.params.id ?? '').replace(/\.json$/, '')))
  if (!call.store.has(index) || call.store.hidden.has(index)) throw refuse.notFound()
  return index
}

/** The object under `key` in a JSON body. @throws Refusal 400 */
export function bodyObject(call: Call, key: string): Record<string, unknown> {
  const body = jsonBody(call.exchange)
  if (!body) throw refuse.badRequest('Unprocessable JSON', 'The request body is not valid JSON')
  const found = body[key]
  if (!isRecord(found))
    throw refuse.badRequest(
      'Invalid attribute',
      `You passed an invalid value for the ${key} attribute. must be an object`,
    )
  return found
}

/** Users (requesters, assignees) that the given tickets name, for `include=users`. */
export function sideloads(call: Call, tickets: Record<string, unknown>[]): Record<string, unknown> {
  const wanted = (call.query.get('include') ?? '').split(',')
  const out: Record<string, unknown> = {}
  if (wanted.includes('users')) {
    const ids = new Set(tickets.flatMap((ticket) => [ticket.requester_id, ticket.submitter_id, ticket.assignee_id]))
    out.users = [...ids].flatMap((id) => (typeof id === 'number' ? (call.wire.user(id) ?? []) : []))
  }
  if (wanted.includes('groups')) out.groups = call.store.spec.groups.map((_, place) => call.wire.group(place))
  return out
}
