import { AppError, toErrorShape } from '../errors.ts'
import type { Connector, Operation, Site, SiteField } from './connector.ts'
import type { Unified } from './model.ts'

/** Tries any payload of a vendor: the readers that sync runs, without a sign-in and without the network. */

export interface Trial {
  /** What the payload becomes: the members of `Unified` that are not empty, each record with its times in words too. Null when nothing could be read. */
  output: Record<string, unknown> | null
  /** One line for everything that could not be read, beginning with the path of the field. */
  problems: string[]
}

const named = (names: readonly string[]) => names.join(', ')

/** @throws AppError `not_found` with the ids that there are */
export function connectorOf(connectors: readonly Connector[], id: string): Connector {
  const found = connectors.find((connector) => connector.id === id)
  if (found) return found
  const known = named(connectors.map((connector) => connector.id))
  throw new AppError('not_found', `There is no connector "${id}". There are: ${known}.`)
}

/** Every connector with the names and summaries of its operations. */
export function listOperations(connectors: readonly Connector[]) {
  return connectors.map(({ id, name, operations }) => ({
    connector: id,
    name,
    operations: operations.map((operation) => ({ operation: operation.name, summary: operation.summary })),
  }))
}

/** A believable value: the first choice, or the example beside the field. */
function exampleOf(field: SiteField): string {
  const example = field.options?.[0]?.value ?? field.placeholder
  try {
    return field.normalise(example)
  } catch {
    return example
  }
}

/**
 * The values of a site: those given, as a person would type them, and examples for the rest. What is no field is taken as it is (a connector may
 * learn more of a site than people type).
 * @throws AppError `site_invalid`
 */
export function siteOf(connector: Connector, given: Record<string, string>): Site {
  const { fields } = connector.signIn
  const examples = fields.map((field): [string, string] => [field.key, exampleOf(field)])
  const typed = Object.entries(given).map(([key, value]): [string, string] => {
    const field = fields.find((each) => each.key === key)
    return [key, field ? field.normalise(value) : value]
  })
  return Object.fromEntries([...examples, ...typed])
}

/** @throws AppError `not_found` for an operation that the connector does not have */
export function operationOf({ name: vendor, operations }: Connector, name: string): Operation {
  const found = operations.find((operation) => operation.name === name)
  if (found) return found
  const known = named(operations.map((operation) => operation.name)) || 'none yet'
  throw new AppError('not_found', `${vendor} has no operation "${name}". There are: ${known}.`)
}

/** Never throws: what cannot be read is among the problems. */
export function normalize(connector: Connector, operation: Operation, payload: unknown, site: Site): Trial {
  try {
    const unified = operation.read(payload, site)
    return {
      output: { connector: connector.id, operation: operation.name, ...filled(unified) },
      problems: unified.quarantined.map(
        ({ path, reason, vendorId }) => `${path}: ${reason}${vendorId === null ? '' : ` (record ${vendorId})`}`,
      ),
    }
  } catch (error) {
    return { output: null, problems: [explain(error)] }
  }
}

/** The path stands in the detail of an AppError; anything else is a fault of the connector, and says where it happened. */
function explain(error: unknown): string {
  if (error instanceof AppError) return `${error.detail ?? error.message} (${error.code})`
  const { code, detail } = toErrorShape(error)
  return `${code}: ${detail}${error instanceof Error ? `, ${error.message}` : ''}`
}

const isFilled = (value: unknown): boolean =>
  value !== undefined && (!Array.isArray(value) || value.length > 0) && (typeof value !== 'object' || value !== null)

function filled({ conversations, messages, people, directory, removedVendorIds, quarantined }: Unified) {
  const lists = Object.fromEntries(Object.entries(directory).filter(([, list]) => isFilled(list)))
  const members = {
    conversations: conversations.map(withTimes),
    messages: messages.map(withTimes),
    people,
    directory: Object.keys(lists).length > 0 ? lists : undefined,
    removedVendorIds,
    quarantined,
  }
  return Object.fromEntries(Object.entries(members).filter(([, value]) => isFilled(value)))
}

/** The record as it is, and its times once more in words (ISO 8601, UTC). */
function withTimes<T extends object>(record: T): T & { times: Record<string, string> } {
  const times = Object.entries(record).flatMap(([name, value]): [string, string][] =>
    /At$/.test(name) && typeof value === 'number' ? [[name, iso(value)]] : [],
  )
  return { ...record, times: Object.fromEntries(times) }
}

const iso = (ms: number) => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms))
