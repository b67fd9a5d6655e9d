import { z } from 'zod'
import type { Person, Quarantined } from '../model.ts'
import { optionalText, optionalTime, readRecord, time, unknownFields } from '../read-records.ts'
import {
  amountText,
  count,
  firstOf,
  list,
  moneyOf,
  nested,
  optionalShopifyId,
  optionalWord,
  shopifyId,
  tagList,
  timeless,
} from './fields.ts'
import type { Fulfilment, Order, Refund, Transaction } from './order.ts'

/** The REST form (legacy since October 2024): exports, webhooks and older tools still speak it. Names with underscores, numbers as ids. */

const address = z
  .looseObject({ name: optionalText, first_name: optionalText, last_name: optionalText, phone: optionalText })
  .nullish()
  .catch(null)

const customerSchema = z.looseObject({
  id: optionalShopifyId,
  email: optionalText,
  first_name: optionalText,
  last_name: optionalText,
  phone: optionalText,
  default_address: address,
})
/** A customer that stands alone must say who it is. */
export const restCustomer = customerSchema.extend({ id: shopifyId })
type Customer = z.infer<typeof customerSchema>

export const restAddress = z.looseObject({
  id: optionalShopifyId,
  customer_id: shopifyId,
  name: optionalText,
  first_name: optionalText,
  last_name: optionalText,
  phone: optionalText,
})

const orderSchema = z.looseObject({
  id: shopifyId,
  name: optionalText,
  order_number: z.union([z.string(), z.number()]).transform(String).nullish().catch(null),
  note: optionalText,
  email: optionalText,
  contact_email: optionalText,
  phone: optionalText,
  customer: customerSchema.nullish().catch(null),
  billing_address: address,
  shipping_address: address,
  created_at: time.nullish(),
  updated_at: time.nullish(),
  processed_at: optionalTime,
  closed_at: optionalTime,
  cancelled_at: optionalTime,
  cancel_reason: optionalText,
  financial_status: optionalWord,
  fulfillment_status: optionalWord,
  tags: tagList,
  source_name: optionalText,
  currency: optionalText,
  total_price: amountText,
  current_total_price: amountText,
  line_items: list,
  refunds: list,
  fulfillments: list,
  transactions: list,
})

const itemSchema = z.looseObject({ name: optionalText, title: optionalText, quantity: count })

export const refundSchema = z.looseObject({
  id: shopifyId,
  order_id: optionalShopifyId,
  created_at: time,
  note: optionalText,
  transactions: list,
})
export const fulfilmentSchema = z.looseObject({
  id: shopifyId,
  order_id: optionalShopifyId,
  created_at: time,
  status: optionalWord,
  shipment_status: optionalWord,
  tracking_company: optionalText,
  tracking_number: optionalText,
  tracking_numbers: z.array(z.string()).nullish().catch(null),
  tracking_url: optionalText,
  tracking_urls: z.array(z.string()).nullish().catch(null),
})
export const transactionSchema = z.looseObject({
  id: shopifyId,
  order_id: optionalShopifyId,
  created_at: time,
  kind: optionalWord,
  status: optionalWord,
  gateway: optionalText,
  message: optionalText,
  amount: amountText,
  currency: optionalText,
})

type Address = z.infer<typeof address>

const fullName = (who: { first_name?: string | null | undefined; last_name?: string | null | undefined }) =>
  firstOf([who.first_name, who.last_name].filter((part) => part?.trim()).join(' '))
export const addressName = (from: Address) => firstOf(from?.name, from ? fullName(from) : null)

export function toRestPerson(customer: Customer): Person {
  return {
    vendorId: customer.id ?? null,
    name: firstOf(fullName(customer), addressName(customer.default_address)),
    email: firstOf(customer.email),
    phone: firstOf(customer.phone, customer.default_address?.phone),
  }
}

/** The order's own address comes first: it is where the vendor sends what concerns this order. */
function buyerOf(order: z.infer<typeof orderSchema>): Person {
  const known = order.customer ? toRestPerson(order.customer) : null
  const { billing_address: billing, shipping_address: shipping } = order
  return {
    vendorId: known?.vendorId ?? null,
    name: firstOf(known?.name, addressName(billing), addressName(shipping)),
    email: firstOf(order.email, order.contact_email, known?.email),
    phone: firstOf(order.phone, known?.phone, billing?.phone, shipping?.phone),
  }
}

export function toRestRefund(refund: z.infer<typeof refundSchema>): Refund {
  const values = nested('').read(transactionSchema, refund.transactions, 'transactions')
  const paid = values.filter((each) => each.kind === 'refund' && each.status !== 'failure' && each.status !== 'error')
  const cents = paid.reduce((sum, each) => sum + Math.round(Number(each.amount ?? 0) * 100), 0)
  return {
    id: refund.id,
    createdAt: refund.created_at,
    note: firstOf(refund.note),
    amount: moneyOf(cents > 0 ? (cents / 100).toFixed(2) : null, paid[0]?.currency),
    vendor: unknownFields(refund, ['id', 'admin_graphql_api_id', 'order_id', 'created_at', 'note']),
  }
}

export function toRestFulfilment(from: z.infer<typeof fulfilmentSchema>): Fulfilment {
  const numbers = from.tracking_numbers?.length ? from.tracking_numbers : [from.tracking_number ?? null]
  const urls = from.tracking_urls?.length ? from.tracking_urls : [from.tracking_url ?? null]
  const company = firstOf(from.tracking_company)
  const tracking = numbers.map((number, place) => ({ company, number: firstOf(number), url: firstOf(urls[place]) }))
  const delivered = from.shipment_status === 'delivered'
  return {
    id: from.id,
    createdAt: from.created_at,
    status: (delivered ? 'delivered' : null) ?? from.shipment_status ?? from.status ?? null,
    deliveredAt: null,
    tracking: tracking.filter((each) => each.company !== null || each.number !== null || each.url !== null),
    vendor: unknownFields(from, ['id', 'admin_graphql_api_id', 'order_id', 'created_at']),
  }
}

export function toRestTransaction(from: z.infer<typeof transactionSchema>): Transaction {
  return {
    id: from.id,
    createdAt: from.created_at,
    kind: from.kind ?? null,
    status: from.status ?? null,
    gateway: firstOf(from.gateway),
    message: firstOf(from.message),
    amount: moneyOf(from.amount, from.currency),
    vendor: unknownFields(from, ['id', 'admin_graphql_api_id', 'order_id', 'created_at']),
  }
}

const known = [
  ...['id', 'admin_graphql_api_id', 'name', 'note', 'email', 'phone', 'tags', 'created_at', 'updated_at'],
  ...['refunds', 'fulfillments', 'transactions'],
]

/** @param path where the record stands in the payload, for what is set aside */
export function readRestOrder(record: unknown, path: string): { order: Order | null; quarantined: Quarantined[] } {
  const read = readRecord(orderSchema, record, path)
  if ('bad' in read) return { order: null, quarantined: [read.bad] }
  const from = read.value
  const createdAt = from.created_at ?? from.processed_at ?? from.updated_at
  if (createdAt === null || createdAt === undefined)
    return { order: null, quarantined: [timeless(from.id, path, 'created_at')] }
  const inside = nested(path)
  const items = inside.read(itemSchema, from.line_items, 'line_items')
  const order: Order = {
    id: from.id,
    name: firstOf(from.name, from.order_number ? `#${from.order_number}` : null) ?? `#${from.id}`,
    note: from.note ?? null,
    customer: buyerOf(from),
    createdAt,
    updatedAt: from.updated_at ?? createdAt,
    closedAt: from.closed_at ?? null,
    cancelledAt: from.cancelled_at ?? null,
    cancelReason: firstOf(from.cancel_reason),
    financial: from.financial_status ?? null,
    // Null means that nothing was sent yet; a payload without the field says nothing.
    fulfilment: from.fulfillment_status ?? ('fulfillment_status' in from ? 'unfulfilled' : null),
    returnStatus: null,
    tags: from.tags,
    source: firstOf(from.source_name),
    total: moneyOf(from.current_total_price ?? from.total_price, from.currency),
    items: items.map((item) => ({ name: firstOf(item.name, item.title) ?? 'item', quantity: item.quantity ?? null })),
    disputes: [],
    returns: [],
    refunds: inside.read(refundSchema, from.refunds, 'refunds').map(toRestRefund),
    fulfilments: inside.read(fulfilmentSchema, from.fulfillments, 'fulfillments').map(toRestFulfilment),
    transactions: inside.read(transactionSchema, from.transactions, 'transactions').map(toRestTransaction),
    events: [],
    vendor: unknownFields(Object(record), known),
  }
  return { order, quarantined: inside.quarantined }
}
