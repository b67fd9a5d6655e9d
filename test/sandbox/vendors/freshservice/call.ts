import type { StoredFile } from '../../content/conversations.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { type Exchange, isRecord } from '../../exchange.ts'
import type { Bearer } from '../../oauth/authority.ts'
import { refuse } from './errors.ts'
import type { FreshserviceWire } from './wire.ts'

/** One authorised API call. */
export interface Call {
  exchange: Exchange
  params: Record<string, string>
  query: URLSearchParams
  store: SiteStore
  wire: FreshserviceWire
  bearer: Bearer
  /** Place of the caller among the agents. */
  staff: number
}

/** The conversation a path names. @throws Refusal 404 */
export function ticketIndex(call: Call): number {
  const index = Number(call.params.id) - 1
  if (!call.store.has(index)) throw refuse.notFound()
  return index
}

export interface Page {
  page: number
  perPage: number
}

/** `page` and `per_page`, and no parameter that the endpoint does not know. @throws Refusal 400 */
export function readPage(call: Call, known: string[]): Page {
  for (const name of call.query.keys()) {
    if (![...known, 'page', 'per_page', 'workspace_id'].includes(name)) {
      throw refuse.invalid({ field: name, message: 'Unexpected/invalid field in request', code: 'invalid_field' })
    }
  }
  const page = Number(call.query.get('page') ?? 1)
  const perPage = Number(call.query.get('per_page') ?? 30)
  if (!Number.isInteger(page) || page < 1)
    throw refuse.invalid({ field: 'page', message: 'It should be a Positive Integer', code: 'invalid_value' })
  if (!Number.isInteger(perPage) || perPage < 1 || perPage > 100) {
    throw refuse.invalid({
      field: 'per_page',
      message: 'It should be a Positive Integer less than or equal to 100',
      code: 'invalid_value',
    })
  }
  return { page, perPage }
}

/** The `link` header that leads to the next page; absent on the last. */
export function linkHeader(call: Pick<Call, 'exchange'>, page: Page, more: boolean): Record<string, string> {
  if (!more) return {}
  const url = new URL(call.exchange.url)
  url.searchParams.set('page', String(page.page + 1))
  return { link: `<${url.href}>;rel="next"` }
}

/** Fields and files of a JSON or multipart body; arrays come as `name[]` parts in the latter. @throws Refusal 400 */
export async function readBody(
  call: Pick<Call, 'exchange'>,
): Promise<{ fields: Record<string, unknown>; files: StoredFile[] }> {
  const type = call.exchange.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return { fields: parseJson(call.exchange.body), files: [] }
  const form = await new Response(new Uint8Array(call.exchange.body), { headers: { 'content-type': type } })
    .formData()
    .catch(() => {
      throw refuse.badJson()
    })
  const fields: Record<string, unknown> = {}
  const files: StoredFile[] = []
  for (const [name, value] of form) {
    if (typeof value !== 'string') {
      files.push({
        name: value.name,
        contentType: value.type,
        inline: false,
        bytes: Buffer.from(await value.arrayBuffer()),
      })
    } else if (name.endsWith('[]')) {
      const key = name.slice(0, -2)
      fields[key] = [...(Array.isArray(fields[key]) ? fields[key] : []), value]
    } else fields[name] = value === 'true' ? true : value === 'false' ? false : value
  }
  return { fields, files }
}

function parseJson(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (isRecord(value)) return value
  } catch {
    // Answered below, with the same words as any body that is not an object.
  }
  throw refuse.badJson()
}
