import type { StaffSpec } from '../../content/site.ts'
import type { SiteStore } from '../../content/site-store.ts'
import type { Exchange } from '../../exchange.ts'
import { refuse } from '../freshservice/errors.ts'
import type { FreshdeskWire } from './wire.ts'

/** One call with a key that is somebody's. */
export interface Call {
  exchange: Exchange
  params: Record<string, string>
  query: URLSearchParams
  store: SiteStore
  wire: FreshdeskWire
  person: StaffSpec
  /** Place of the caller among the agents. */
  staff: number
}

/** The conversation a path names. @throws Refusal 404 */
export function ticketIndex(call: Call): number {
  const index = Number(call.params.id) - 1
  if (!call.store.has(index)) throw refuse.notFound()
  return index
}

/** @throws Refusal 403 for everybody else */
export function administratorsOnly(call: Call): void {
  if (call.person.role !== 'admin') throw refuse.denied()
}

const wrong = (field: string, message: string) => refuse.invalid({ field, message, code: 'invalid_value' })

/** `page` and `per_page`, and no parameter that the endpoint does not know. @throws Refusal 400 */
export function readPage(call: Call, known: string[], lastPage = Number.POSITIVE_INFINITY) {
  for (const name of call.query.keys()) {
    if (![...known, 'page', 'per_page'].includes(name)) {
      throw refuse.invalid({ field: name, message: 'Unexpected/invalid field in request', code: 'invalid_field' })
    }
  }
  const page = Number(call.query.get('page') ?? 1)
  const perPage = Number(call.query.get('per_page') ?? 30)
  if (!Number.isInteger(page) || page < 1) throw wrong('page', 'It should be a Positive Integer')
  if (page > lastPage) throw wrong('page', `You cannot access tickets beyond the ${lastPage}th page`)
  if (!Number.isInteger(perPage) || perPage < 1 || perPage > 100)
    throw wrong('per_page', 'It should be a Positive Integer less than or equal to 100')
  return { page, perPage }
}

/** A comma list of which every word must be known. @throws Refusal 400 */
export function readIncludes(call: Call, allowed: string[]): string[] {
  const wanted = (call.query.get('include') ?? '').split(',').filter(Boolean)
  if (wanted.some((name) => !allowed.includes(name)))
    throw wrong('include', `It should be one of these values: '${allowed.join(',')}'`)
  return wanted
}

/** A parameter with a choice of values, the first of which is the default. @throws Refusal 400 */
export function readChoice(call: Call, name: string, allowed: string[]): string {
  const value = call.query.get(name) ?? allowed[0] ?? ''
  if (!allowed.includes(value)) throw wrong(name, `It should be one of these values: '${allowed.join(',')}'`)
  return value
}
