import {
  buildSchema,
  defaultFieldResolver,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql'
import { vendorData } from './described.ts'

/** A GraphQL request as the sandbox logged it, with its answer. */
export interface GraphqlCall {
  query: string
  variables: Record<string, unknown>
}

/** The vendor's own schema, read in place. Undefined where the vendor data is absent. */
export function vendorSchema(file: string): GraphQLSchema | undefined {
  const text = vendorData(file)
  return text === undefined ? undefined : buildSchema(text)
}

/** Faults of a document, its variables included, in words. */
export async function requestFaults(schema: GraphQLSchema, { query, variables }: GraphqlCall): Promise<string[]> {
  const document = parse(query)
  const faults = validate(schema, document).map((fault) => fault.message)
  if (faults.length > 0) return faults
  // Executing over nothing finds variables of a wrong type; nothing else of that result is looked at.
  const { errors } = await execute({ schema, document, variableValues: variables, rootValue: {} })
  return (errors ?? []).map((error) => error.message).filter((message) => message.startsWith('Variable'))
}

/**
 * Faults of the `data` of an answer: the document is executed once more over the answer itself, by the vendor's schema, which checks every
 * scalar, enum, list and null on the way. A value that comes out otherwise, or not at all, is a fault.
 */
export async function answerFaults(
  schema: GraphQLSchema,
  { query, variables }: GraphqlCall,
  data: unknown,
): Promise<string[]> {
  if (data === null || data === undefined) return []
  const result: ExecutionResult = await execute({
    schema,
    document: parse(query),
    variableValues: variables,
    rootValue: data,
    fieldResolver: (source, args, context, info) =>
      info.path.key in Object(source) ? source[info.path.key] : defaultFieldResolver(source, args, context, info),
    typeResolver: (value) => typeOf(value),
  })
  const errors = (result.errors ?? []).map((error) => `${error.path?.join('.')}: ${error.message}`)
  if (errors.length > 0) return errors
  return JSON.stringify(result.data) === JSON.stringify(data)
    ? []
    : ['the answer holds more or other than was asked for']
}

/** Where the document did not ask for `__typename`, a global id tells the type. */
function typeOf(value: unknown): string | undefined {
  const { __typename: name, id } = Object(value)
  if (typeof name === 'string') return name
  return /^gid:\/\/shopify\/(\w+)\//.exec(String(id))?.[1]
}
