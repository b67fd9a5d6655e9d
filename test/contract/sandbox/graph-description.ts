/**
 * Microsoft's description as the validators can use it. It declares `additionalProperties: {type: object}` beside properties that every answer
 * has (`@odata.etag` is text), in each half of an `allOf`: that part is left out. Statuses are given as `2XX` and `default`; paths lack
 * the version. `explode: false` makes a list of a plain value, and the formats `base64url` and `time` are not known to the validators.
 */
export function graphDescription(text: string): string {
  const description = JSON.parse(text, (_key, value: unknown) => withoutExtras(value)) as Description
  const paths = Object.entries(description.paths).map(([path, item]) => [`/v1.0${path}`, withStatuses(item)])
  return JSON.stringify({
    ...description,
    servers: [{ url: 'https://graph.microsoft.com' }],
    paths: Object.fromEntries(paths),
  })
}

type Json = Record<string, unknown>
interface Description {
  paths: Record<string, Record<string, Json>>
}

function withoutExtras(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const { additionalProperties, explode, format, ...rest } = value as Json
  const list = (rest.schema as Json | undefined)?.type === 'array'
  return {
    ...rest,
    ...(typeof additionalProperties === 'object' || additionalProperties === undefined ? {} : { additionalProperties }),
    ...(explode === undefined || !list ? {} : { explode }),
    ...(format === undefined || ['base64url', 'time'].includes(String(format)) ? {} : { format }),
  }
}

const good = ['200', '201', '202', '204']
const bad = ['400', '401', '403', '404', '405', '409', '410', '412', '429', '500', '503']

function withStatuses(item: Record<string, Json>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([method, operation]) => {
      const responses = operation.responses as Json | undefined
      if (responses === undefined) return [method, operation]
      const success = Object.fromEntries(good.map((status) => [status, responses['2XX']]))
      const failure = Object.fromEntries(bad.map((status) => [status, responses.default]))
      return [method, { ...operation, responses: { ...success, ...failure } }]
    }),
  )
}
