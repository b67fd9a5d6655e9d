import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import { readRecords } from '../read-records.ts'
import { documents } from './documents.ts'
import { type Asker, ask } from './graph.ts'
import { type Dispute, type Order, openDisputes } from './order.ts'
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
  const data = await whereAllowed(ask(ctx, documents.disputeDetails, { ids }), { nodes: [] })
  const present = nodesAnswer.parse(data).nodes.filter((node) => node !== null)
  const details = readRecords(disputeDetailSchema, present, 'nodes').values.map(toDisputeDetail)
  const byId = new Map(details.map((each) => [each.id, each]))
  return orders.map((order) => withDetails(order, byId))
}

export const withDetails = (order: Order, byId: ReadonlyMap<string, Dispute>): Order => ({
  ...order,
  disputes: order.disputes.map((each) => byId.get(each.id) ?? each),
})

/** What the granted permissions do not include is left out, and the rest is shown. */
export async function whereAllowed<T>(part: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await part
  } catch (error) {
    if (isAppError(error, 'vendor_forbidden')) return otherwise
    throw error
  }
}
