import { z } from 'zod'
import type { Site } from '../connector.ts'
import { isObject } from '../envelopes.ts'
import type { Quarantined, Unified } from '../model.ts'
import { notOfThisKind } from '../read-records.ts'
import { vendorName } from './errors.ts'
import { toConversation } from './map.ts'
import { toMessages } from './map-messages.ts'
import type { Order } from './order.ts'
import { readGraphOrder } from './read-graph.ts'
import { readRestOrder } from './read-rest.ts'

/** A record and where it stands in its payload. */
export interface Found {
  record: unknown
  path: string
}

/** What a payload holds of one kind: the names of its envelopes in REST and GraphQL. */
export interface Kind {
  /** `order`, and `orderUpdate.order` for the payload of a mutation. */
  one: readonly string[]
  many: readonly string[]
}

const at = (path: string, key: string | number) =>
  typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`

/**
 * Finds the records of a payload: in an envelope, in a list of envelopes (pages), in a bare list, or the payload itself.
 * @throws AppError `vendor_bad_answer` with the path, when it is nothing of this kind
 */
export function findRecords(payload: unknown, kind: Kind): Found[] {
  if (Array.isArray(payload)) {
    return payload.flatMap(
      (each, index) => inEnvelope(each, `[${index}]`, kind) ?? [{ record: each, path: `[${index}]` }],
    )
  }
  const found = inEnvelope(payload, '', kind)
  if (found !== null) return found
  if (isObject(payload) && 'id' in payload) return [{ record: payload, path: '' }]
  throw notOfThisKind(vendorName, isObject(payload) ? (kind.many[0] ?? kind.one[0] ?? '') : 'payload', 'is not there')
}

/** Null: the value is no envelope of this kind. */
function inEnvelope(value: unknown, path: string, kind: Kind): Found[] | null {
  if (Array.isArray(value)) return value.map((record, index) => ({ record, path: at(path, index) }))
  if (!isObject(value)) return null
  if (isObject(value.data)) return inData(value.data, at(path, 'data'), kind)
  const parts = [
    ...kind.many.filter((name) => name in value).map((name) => manyOf(value[name], at(path, name))),
    ...kind.one.filter((name) => name in value).map((name) => [{ record: value[name], path: at(path, name) }]),
  ]
  return parts.length > 0 ? parts.flat().filter(({ record }) => record !== null) : null
}

/** A GraphQL answer may ask for many things at once, and mutations wrap what they changed. Nothing of this kind is no fault. */
function inData(data: Record<string, unknown>, path: string, kind: Kind): Found[] {
  return Object.entries(data).flatMap(([name, value]) => {
    if (value === null) return []
    if (kind.many.includes(name)) return manyOf(value, at(path, name))
    if (kind.one.includes(name)) return [{ record: value, path: at(path, name) }]
    if (!isObject(value)) return []
    // tagsAdd answers `node`, an update the order by its name, a search of customers their orders.
    return Object.entries(value).flatMap(([inner, part]) =>
      isObject(part) && (kind.one.includes(inner) || (inner === 'node' && isOrderId(part.id)))
        ? [{ record: part, path: at(at(path, name), inner) }]
        : [],
    )
  })
}

const isOrderId = (id: unknown) => typeof id === 'string' && id.startsWith('gid://shopify/Order/')

const connection = z.union([
  z.looseObject({ nodes: z.array(z.unknown()) }).transform(({ nodes }) => ({ name: 'nodes', nodes })),
  z
    .looseObject({ edges: z.array(z.looseObject({ node: z.unknown() })) })
    .transform(({ edges }) => ({ name: 'edges', nodes: edges.map((edge) => edge.node) })),
])

function manyOf(value: unknown, path: string): Found[] {
  if (Array.isArray(value)) return value.map((record, index) => ({ record, path: at(path, index) }))
  const read = connection.safeParse(value)
  if (!read.success) throw notOfThisKind(vendorName, path, 'is not a list')
  const { name, nodes } = read.data
  return nodes.map((record, index) => ({ record, path: at(at(path, name), index) }))
}

export const orderKind: Kind = { one: ['order'], many: ['orders'] }

const isGraph = (record: unknown) =>
  isObject(record) && ('createdAt' in record || 'updatedAt' in record || String(record.id).startsWith('gid://'))

export const readOrder = ({ record, path }: Found) =>
  isGraph(record) ? readGraphOrder(record, path) : readRestOrder(record, path)

/** Every order of a payload, in either form. @throws AppError `vendor_bad_answer` */
export function readOrders(found: Found[]): { orders: Order[]; quarantined: Quarantined[] } {
  const read = found.map(readOrder)
  return {
    orders: read.flatMap(({ order }) => (order === null ? [] : [order])),
    quarantined: read.flatMap(({ quarantined }) => quarantined),
  }
}

/** What orders become, whichever call told them. */
export function ordersPart(orders: Order[], site: Site): Pick<Unified, 'conversations' | 'messages' | 'people'> {
  const people = new Map(
    orders.flatMap(({ customer }) => (customer.vendorId === null ? [] : [[customer.vendorId, customer] as const])),
  )
  return {
    conversations: orders.map((order) => toConversation(order, site)),
    messages: orders.flatMap(toMessages),
    people: [...people.values()],
  }
}
