import { z } from 'zod'
import type { Quarantined } from '../model.ts'
import { readRecord, readRecords } from '../read-records.ts'
import { orInstead } from '../where-allowed.ts'
import { documents } from './documents.ts'
import { type Asker, ask } from './graph.ts'
import { type Dispute, type Order, openDisputes } from './order.ts'
import { findRecords, type Kind, readOrders } from './read.ts'
import { disputeDetailSchema, toDisputeDetail } from './read-graph.ts'

/** An order names its disputes with the number of the payment dispute; to confirm on a live account. */
const disputeId = (id: string) => `gid://shopify/ShopifyPaymentsDispute/${id}`

const nodesAnswer = z.looseObject({ nodes: z.array(z.unknown()).catch([]) })

/** Deadline and reason of the disputes that wait for an answer. A shop without Shopify's own payments has none: then the orders stay as they are. */
export async function withDisputeDetails(ctx: Asker, orders: Order[], every = false): Promise<Order[]> {
  const ids = orders
    .flatMap((order) => (every ? order.disputes : openDisputes(order)))
    .map((each) => disputeId(each.id))
  if (ids.length === 0) return orders
  const data = await orInstead(ask(ctx, documents.disputeDetails, { ids }), { nodes: [] }, 'vendor_forbidden')
  const present = nodesAnswer.parse(data).nodes.filter((node) => node !== null)
  const details = readRecords(disputeDetailSchema, present, 'nodes').values.map(toDisputeDetail)
  const byId = new Map(details.map((each) => [each.id, each]))
  return orders.map((order) => withDetails(order, byId))
}

const withDetails = (order: Order, byId: ReadonlyMap<string, Dispute>): Order => ({
  ...order,
  disputes: order.disputes.map((each) => byId.get(each.id) ?? each),
})

const disputeKind: Kind = { one: ['dispute'], many: ['disputes'] }

/** The orders of a payload of disputes, with what it tells of each dispute. @throws AppError `vendor_bad_answer` */
export function readDisputes(payload: unknown): { orders: Order[]; quarantined: Quarantined[] } {
  const read = findRecords(payload, disputeKind).map(({ record, path }) => ({
    path,
    read: readRecord(disputeDetailSchema, record, path),
  }))
  const known = read.flatMap(({ path, read: each }) => ('value' in each ? [{ path, value: each.value }] : []))
  const details = new Map(known.map(({ value }) => [value.id, toDisputeDetail(value)]))
  const rows = known
    .filter(({ value }) => value.order)
    .map(({ path, value }) => ({ record: value.order, path: `${path}.order` }))
  const { orders, quarantined } = readOrders(rows)
  return {
    orders: orders.map((order) => withDetails(order, details)),
    quarantined: [...read.flatMap(({ read: each }) => ('bad' in each ? [each.bad] : [])), ...quarantined],
  }
}
