import { isRecord } from '../sandbox/exchange.ts'

/**
 * A Google discovery document as an OpenAPI description, so that the same validators check it. Objects are closed: a field the document
 * does not know is a fault. https://developers.google.com/discovery/v1/reference/apis
 */
export function openApiOf(discovery: string): string {
  const api: unknown = JSON.parse(discovery)
  if (!isRecord(api)) throw new Error('not a discovery document')
  const paths: Record<string, Record<string, unknown>> = {}
  for (const method of methodsOf(api)) {
    const path = `/${method.path}`
    paths[path] = { ...paths[path], [method.httpMethod.toLowerCase()]: operationOf(method) }
  }
  const schemas = Object.fromEntries(
    Object.entries(record(api.schemas)).map(([name, schema]) => [name, schemaOf(schema)]),
  )
  const info = { title: String(api.title), version: String(api.version) }
  return JSON.stringify({ openapi: '3.0.3', info, servers: [], paths, components: { schemas } })
}

interface Method {
  id: string
  path: string
  httpMethod: string
  parameters?: Record<string, Record<string, unknown>>
  request?: { $ref: string }
  response?: { $ref: string }
}

const record = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {})

function methodsOf(resource: Record<string, unknown>): Method[] {
  const own = Object.values(record(resource.methods)) as Method[]
  return [...own, ...Object.values(record(resource.resources)).flatMap((each) => methodsOf(record(each)))]
}

const content = (schema: unknown) => ({ content: { 'application/json': { schema } } })

function operationOf({ id, parameters, request, response }: Method): unknown {
  return {
    operationId: id,
    parameters: Object.entries(parameters ?? {}).map(([name, { location, required, repeated, ...schema }]) => ({
      name,
      in: location,
      required: required === true,
      schema: repeated === true ? { type: 'array', items: schemaOf(schema) } : schemaOf(schema),
    })),
    ...(request ? { requestBody: { required: true, ...content(schemaOf(request)) } } : {}),
    responses: { 200: { description: 'OK', ...(response ? content(schemaOf(response)) : {}) } },
  }
}

const numbersInText = new Set(['int64', 'uint64'])

/** JSON Schema draft 3 with Google's formats, as far as the documents use it. */
function schemaOf(node: unknown): Record<string, unknown> {
  const { $ref, type, format, properties, items, additionalProperties, enum: values, pattern } = record(node)
  if (typeof $ref === 'string') return { $ref: `#/components/schemas/${$ref}` }
  if (type === 'any') return {}
  if (type === 'array') return { type, items: schemaOf(items) }
  if (type === 'object') {
    const fields = Object.fromEntries(Object.entries(record(properties)).map(([name, each]) => [name, schemaOf(each)]))
    return {
      type,
      properties: fields,
      additionalProperties: additionalProperties ? schemaOf(additionalProperties) : false,
    }
  }
  const inText = type === 'string' && numbersInText.has(String(format))
  return {
    type,
    ...(values ? { enum: values } : {}),
    ...(pattern ? { pattern } : inText ? { pattern: '^-?\\d+$' } : {}),
    ...(format === 'byte' ? { pattern: '^[A-Za-z0-9_-]*={0,2}$' } : {}),
  }
}
