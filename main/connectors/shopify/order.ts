import type { Attachment, Person } from '../model.ts'

/** An order as it is read from either form of the vendor's API: GraphQL, which sync uses, and the older REST. Words of the vendor are in lower case. */
export interface Order {
  id: string
  name: string
  note: string | null
  customer: Person
  createdAt: number
  updatedAt: number
  closedAt: number | null
  cancelledAt: number | null
  cancelReason: string | null
  /** `paid`, `authorized`, `partially_refunded` ... */
  financial: string | null
  /** `unfulfilled`, `fulfilled`, `on_hold` ... */
  fulfilment: string | null
  /** `no_return`, `return_requested` ...; null where the payload does not tell. */
  returnStatus: string | null
  tags: string[]
  /** `web`, `pos`, a name or number of an app. */
  source: string | null
  total: Money | null
  items: { name: string; quantity: number | null }[]
  disputes: Dispute[]
  returns: Return[]
  refunds: Refund[]
  fulfilments: Fulfilment[]
  transactions: Transaction[]
  events: TimelineEvent[]
  /** Fields the model has no place for, as they came. */
  vendor: Record<string, unknown>
}

/** So many items of an order are counted and named, the rest is "more": a list of orders is sent one item more than that, and no others. */
export const countedItems = 3

export interface Money {
  amount: string
  currency: string | null
}

export interface Dispute {
  id: string
  status: string
  /** `chargeback` or `inquiry`. */
  kind: string | null
  reason: string | null
  amount: Money | null
  initiatedAt: number | null
  dueAt: number | null
}

export interface Return {
  id: string
  name: string
  status: string
  createdAt: number
  approvedAt: number | null
  closedAt: number | null
  decline: { reason: string | null; note: string | null } | null
  lines: { quantity: number | null; customerNote: string | null; note: string | null; reason: string | null }[]
}

export interface Refund {
  id: string
  createdAt: number
  note: string | null
  amount: Money | null
  vendor: Record<string, unknown>
}

export interface Fulfilment {
  id: string
  createdAt: number
  status: string | null
  deliveredAt: number | null
  tracking: { company: string | null; number: string | null; url: string | null }[]
  vendor: Record<string, unknown>
}

/** REST only: a movement of money. */
export interface Transaction {
  id: string
  createdAt: number
  kind: string | null
  status: string | null
  gateway: string | null
  message: string | null
  amount: Money | null
  vendor: Record<string, unknown>
}

export interface TimelineEvent {
  id: string
  createdAt: number
  /** A comment of staff, as against what the shop noted by itself. */
  comment: boolean
  html: string
  author: string | null
  by: 'agent' | 'system'
  attachments: Attachment[]
  vendor: Record<string, unknown>
}

/** An open order that has been waiting this long to be sent is a problem somebody will ask about. */
export const lateAfterMs = 3 * 24 * 60 * 60_000

const waiting = new Set([
  ...['unfulfilled', 'partial', 'partially_fulfilled', 'open', 'pending', 'pending_fulfillment', 'in_progress'],
  ...['on_hold', 'request_declined'],
])

const isNamed = (status: string | null, ...words: string[]) => status !== null && words.includes(status)

export const isReturnRequested = (order: Order): boolean =>
  order.returnStatus === 'return_requested' || order.returns.some((each) => each.status === 'requested')

export const openDisputes = (order: Order): Dispute[] =>
  order.disputes.filter((each) => each.status === 'needs_response')

/** Cancelled, and all of the money still with the shop. */
export const isRefundOpen = (order: Order): boolean => order.cancelledAt !== null && isNamed(order.financial, 'paid')

/** What somebody waits for from the shop, whether the order is open or archived. */
export function demandsOf(order: Order): string[] {
  return [
    ...(isReturnRequested(order) ? ['return requested'] : []),
    ...(openDisputes(order).length > 0 ? ['dispute needs response'] : []),
    ...(isRefundOpen(order) ? ['refund open'] : []),
  ]
}

export function isLate(order: Order, now: number): boolean {
  const open = order.closedAt === null && order.cancelledAt === null
  return open && order.fulfilment !== null && waiting.has(order.fulfilment) && now - order.createdAt > lateAfterMs
}

/**
 * Whether an order is a query, and not just a sale: it has a note, a return, a dispute or a refund that is due, or it waits too long
 * to be sent. The rule of docs/vendors/shopify.md.
 */
export function isQuery(order: Order, now: number): boolean {
  const returned = order.returns.length > 0 || (order.returnStatus !== null && order.returnStatus !== 'no_return')
  return (
    (order.note ?? '').trim() !== '' ||
    returned ||
    order.disputes.length > 0 ||
    isRefundOpen(order) ||
    isLate(order, now)
  )
}
