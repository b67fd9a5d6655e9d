import { type Document, OpenAPIBackend } from 'openapi-backend'
import type { LoggedRequest } from '../../sandbox/requests-log.ts'

/** The validator takes `page[size]` for an object, which the vendors do not mean. */
const withoutBrackets = (name: string) => name.replace('[', '(').replace(']', ')')

/** `nullable` beside `oneOf` or `$ref` means more to the validator than to the descriptions: such a place takes anything. */
function readable(key: string, value: unknown): unknown {
  if (key === 'name' && typeof value === 'string') return withoutBrackets(value)
  if (typeof value !== 'object' || value === null || !('nullable' in value) || 'type' in value) return value
  return {}
}

function withoutBracketsIn(query: string): string {
  const pairs = [...new URLSearchParams(query)].map(([name, value]): [string, string] => [withoutBrackets(name), value])
  return pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')
}

/** Checks requests against a vendor's API description: path, method, parameters and body. */
export async function requestChecker(description: string) {
  const api = new OpenAPIBackend({
    definition: JSON.parse(description, readable) as Document,
    coerceTypes: true,
    ajvOpts: { strict: false, allErrors: true, validateFormats: false },
    quick: true,
  })
  await api.init()
  const met = new Set<string>()
  return {
    met,
    /** What is wrong with a request, in words. */
    faults(request: LoggedRequest): string[] {
      const asked = {
        method: request.method,
        path: request.path,
        query: withoutBracketsIn(request.query),
        headers: request.headers,
        body: request.body === '' ? undefined : (JSON.parse(request.body) as unknown),
      }
      const name = `${request.method} ${request.path}`
      const operation = api.matchOperation(asked)
      if (operation === undefined) return [`${name} is not described`]
      met.add(operation.operationId ?? name)
      const known = new Set(
        (operation.parameters ?? []).map((parameter) => ('name' in parameter ? parameter.name : '')),
      )
      const strange = [...new URLSearchParams(asked.query).keys()].filter((key) => !known.has(key))
      const { errors } = api.validateRequest(asked, operation)
      return [
        ...strange.map((key) => `${name}: no parameter ${key}`),
        ...(errors ?? []).map((error) => `${name}: ${error.instancePath} ${error.message}`),
      ]
    },
  }
}
