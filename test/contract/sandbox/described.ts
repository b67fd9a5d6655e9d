import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Document, OpenAPIBackend } from 'openapi-backend'
import type { Answer } from './api.ts'

let told = false

/**
 * Vendor data stands beside the checkout and is never part of it. Undefined, with one printed line, where there is none of it; where there is,
 * every file asked for must be in it, so that no comparison is left out because of a name.
 */
export function vendorData(file: string): string | undefined {
  const folder = process.env.MANYDESK_VENDOR_DATA ?? join(import.meta.dirname, '../../../../shared/vendors')
  const path = join(folder, file)
  if (existsSync(path)) return readFileSync(path, 'utf8')
  if (existsSync(folder)) throw new Error(`the vendors' data has no ${file}`)
  if (!told) console.log(`left out: comparison with the vendors' descriptions and samples, for there is no ${path}`)
  told = true
  return undefined
}

const formats = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  uri: (text: string) => URL.canParse(text),
  email: /^[^@\s]+@[^@\s]+$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  int32: { type: 'number', validate: (value: number) => Number.isInteger(value) && Math.abs(value) < 2 ** 31 },
  int64: { type: 'number', validate: (value: number) => Number.isSafeInteger(value) },
  binary: true,
} as const

/** Checks answers against a vendor's API description, and remembers which operations were met. */
export class Described {
  readonly met = new Map<string, Set<number>>()
  readonly #api: OpenAPIBackend

  private constructor(api: OpenAPIBackend) {
    this.#api = api
  }

  static async load(text: string): Promise<Described> {
    const definition = JSON.parse(text) as Document
    const api = new OpenAPIBackend({
      definition: forValidation(definition),
      ajvOpts: { strict: false, allErrors: true },
      quick: true,
      customizeAjv: (ajv) => {
        for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format)
        return ajv
      },
    })
    await api.init()
    return new Described(api)
  }

  /** Faults of an answer, in words; an operation or status that is not described is a fault, too. */
  check(method: string, url: string, answer: Answer): string[] {
    const { pathname, search } = new URL(url)
    const operation = this.#api.matchOperation({ method, path: pathname, query: search.slice(1), headers: {} })
    const name = `${method} ${pathname}`
    if (!operation?.operationId) return [`${name} is not described`]
    const described = operation.responses?.[String(answer.status)]
    if (!described) return [`${name} answers ${answer.status}, which is not described`]
    const statuses = this.met.get(operation.operationId) ?? new Set()
    this.met.set(operation.operationId, statuses.add(answer.status))
    const isJson = answer.headers.get('content-type')?.includes('json')
    if (!isJson) return []
    const { valid, errors } = this.#api.validateResponse(answer.body, operation, answer.status)
    return valid
      ? []
      : (errors ?? []).map((error) => `${name} ${answer.status}: ${error.instancePath} ${error.message}`)
  }

  operations(): string[] {
    return this.#api.getOperations().map((operation) => operation.operationId ?? '')
  }
}

/**
 * Two habits of the descriptions that the validator takes more strictly than they are meant: `nullable` without a `type`, and
 * alternatives that overlap (an OAuth error is a simple error, too).
 */
function forValidation(value: unknown): Document {
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk)
    if (typeof node !== 'object' || node === null) return node
    const { oneOf, nullable, ...rest } = Object.fromEntries(
      Object.entries(node).map(([key, child]) => [key, walk(child)]),
    )
    if (!Array.isArray(oneOf)) return nullable === undefined ? rest : { ...rest, nullable }
    const anyOf =
      nullable === true && rest.type === undefined
        ? [...oneOf, { type: 'string', nullable: true, enum: [null] }]
        : oneOf
    return { ...rest, anyOf }
  }
  return walk(value) as Document
}
