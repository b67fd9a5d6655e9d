import type { SiteStore } from '../../content/site-store.ts'
import { type Exchange, isRecord, jsonBody } from '../../exchange.ts'
import type { Bearer } from '../../oauth/authority.ts'
import { refuse } from './errors.ts'
import type { FreshsalesWire } from './wire.ts'

/** One authorised API call. */
export interface Call {
  exchange: Exchange
  params: Record<string, string>
  query: URLSearchParams
  store: SiteStore
  wire: FreshsalesWire
  bearer: Bearer
  /** Place of the caller among the owners. */
  staff: number
}

export const includes = (call: Call): string[] => (call.query.get('include') ?? '').split(',').filter(Boolean)

/** The deal or task a path names. @throws Refusal 404 */
export function pathIndex(call: Call, kind: 'deal' | 'task'): number {
  const index = call.wire.indexOf(Number(call.params.id), kind)
  if (index === undefined) throw refuse.notFound()
  return index
}

/** The contact a path names. @throws Refusal 404 */
export function pathContact(call: Call): number {
  const number = call.wire.contactNumber(Number(call.params.id))
  if (!Number.isInteger(number) || number < 0 || number >= call.store.customers) throw refuse.notFound()
  return number
}

/** The record inside the wrapper of a body. @throws Refusal 400 */
export function wrapped(call: Call, key: string): Record<string, unknown> {
  const inner = jsonBody(call.exchange)?.[key]
  if (!isRecord(inner)) throw refuse.invalid(`${key} is missing`)
  return inner
}

export interface Cut<T> {
  items: T[]
  meta: { total_pages: number; total: number }
}

/** `page` from 1 and `per_page` up to 100. @throws Refusal 400 */
export function cut<T>(call: Call, all: readonly T[]): Cut<T> {
  const page = Number(call.query.get('page') ?? 1)
  const size = Number(call.query.get('per_page') ?? 25)
  if (!(page >= 1) || !(size >= 1 && size <= 100)) throw refuse.invalid('page or per_page is out of range')
  return {
    items: all.slice((page - 1) * size, page * size),
    meta: { total_pages: Math.max(1, Math.ceil(all.length / size)), total: all.length },
  }
}

/** The owner a body names, as a place; null for nobody. @throws Refusal 400 */
export function ownerOf(call: Call, value: unknown): number | null {
  if (value === null) return null
  const place = call.wire.ownerPlace(Number(value))
  if (!call.store.spec.staff[place]) throw refuse.invalid('Owner is not valid')
  return place
}
