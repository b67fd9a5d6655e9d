import { z } from 'zod'
import type { Operation } from '../connector.ts'
import { type Message, type Unified, unified } from '../model.ts'
import { notOfThisKind, readRecord } from '../read-records.ts'
import { readAddresses, readCustomers } from './customer.ts'
import { readShop } from './directory.ts'
import { readDisputes } from './disputes.ts'
import { vendorName } from './errors.ts'
import { fromFulfilment, fromRefund, fromTransaction } from './map-messages.ts'
import { type Found, findRecords, type Kind, orderKind, ordersPart, readOrders } from './read.ts'
import {
  fulfilmentSchema,
  refundSchema,
  toRestFulfilment,
  toRestRefund,
  toRestTransaction,
  transactionSchema,
} from './read-rest.ts'

const orders = (name: string, summary: string): Operation => ({
  name,
  summary,
  read(payload, site) {
    const { orders: read, quarantined } = readOrders(findRecords(payload, orderKind))
    return unified({ ...ordersPart(read, site), quarantined })
  },
})

const moneyAndParcels: { kind: Kind; read(found: Found): Part }[] = [
  {
    kind: { one: ['refund'], many: ['refunds'] },
    read: part(refundSchema, (each, id) => fromRefund(id, toRestRefund(each))),
  },
  {
    kind: { one: ['fulfillment'], many: ['fulfillments'] },
    read: part(fulfilmentSchema, (each, id) => fromFulfilment(id, toRestFulfilment(each))),
  },
  {
    kind: { one: ['transaction'], many: ['transactions'] },
    read: part(transactionSchema, (each, id) => fromTransaction(id, toRestTransaction(each))),
  },
]

interface Part {
  messages: Message[]
  quarantined: Unified['quarantined']
}

/** What belongs to an order says so by `order_id`. */
function part<T extends { order_id?: string | null | undefined }>(
  schema: z.ZodType<T>,
  toMessage: (value: T, orderId: string) => Message,
): (found: Found) => Part {
  return ({ record, path }) => {
    const read = readRecord(schema, record, path)
    if ('bad' in read) return { messages: [], quarantined: [read.bad] }
    const { order_id: id } = read.value
    const homeless = { vendorId: null, path: `${path}.order_id`, reason: 'no order' }
    return id ? { messages: [toMessage(read.value, id)], quarantined: [] } : { messages: [], quarantined: [homeless] }
  }
}

const envelope = (value: unknown, kind: Kind) =>
  typeof value === 'object' && value !== null && [...kind.one, ...kind.many].some((name) => name in value)

/** One or several of the three kinds, in a list of answers or alone. */
function readMoneyAndParcels(payload: unknown): Unified {
  const answers = Array.isArray(payload)
    ? payload.map((each, index) => ({ each, at: `[${index}].` }))
    : [{ each: payload, at: '' }]
  const parts = answers.flatMap(({ each, at }) => {
    const fitting = moneyAndParcels.filter(({ kind }) => envelope(each, kind))
    if (fitting.length === 0) throw notOfThisKind(vendorName, `${at}refund`, 'is not there')
    return fitting.flatMap(({ kind, read }) =>
      findRecords(each, kind).map(({ record, path }) => read({ record, path: `${at}${path}` })),
    )
  })
  return unified({
    messages: parts.flatMap(({ messages }) => messages),
    quarantined: parts.flatMap(({ quarantined }) => quarantined),
  })
}

const parts = (name: string, summary: string): Operation => ({ name, summary, read: readMoneyAndParcels })

/** Line items are read with their order and shown as its subject; alone they name no order. */
const itemSchema = z.looseObject({})
const itemKind: Kind = { one: ['line_item'], many: ['line_items', 'lineItems'] }

/** Every payload of Shopify, by the name of the call: GraphQL fields, and REST as verb and noun. */
export const operations: readonly Operation[] = [
  orders('orders', 'query orders: the list that sync reads'),
  orders('order', 'query order: one order with its returns, refunds, shipments and timeline'),
  orders('order_update', 'mutation orderUpdate: the order after its note changed'),
  orders('order_close', 'mutation orderClose: the archived order'),
  orders('order_open', 'mutation orderOpen: the order brought back'),
  orders('tags_add', 'mutation tagsAdd: the order with its tags'),
  orders('tags_remove', 'mutation tagsRemove: the order with its tags'),
  orders('list_orders', 'GET /orders.json: orders in the older form'),
  orders('get_order', 'GET /orders/{id}.json: one order in the older form'),
  {
    name: 'disputes',
    summary: 'query disputes: payment disputes with their orders',
    read(payload, site) {
      const { orders: read, quarantined } = readDisputes(payload)
      return unified({ ...ordersPart(read, site), quarantined })
    },
  },
  { name: 'customers', summary: 'query customers: people and their newest orders', read: readCustomers },
  { name: 'search_customers', summary: 'GET /customers/search.json: people', read: readCustomers },
  { name: 'list_customers', summary: 'GET /customers.json: people', read: readCustomers },
  { name: 'get_customer', summary: 'GET /customers/{id}.json: one person', read: readCustomers },
  {
    name: 'customer_addresses',
    summary: 'GET /customers/{id}/addresses.json: name and phone of one person',
    read: readAddresses,
  },
  parts('get_refund_and_fulfillment', 'A refund, a fulfillment or transactions: events of their order'),
  parts('get_refund', 'GET /orders/{id}/refunds/{id}.json: an event of its order'),
  parts('list_refunds', 'GET /orders/{id}/refunds.json: events of their order'),
  parts('list_fulfillments', 'GET /orders/{id}/fulfillments.json: events of their order'),
  parts('list_transactions', 'GET /orders/{id}/transactions.json: events of their order'),
  {
    name: 'shop',
    summary: 'query shop: the brand',
    read: (payload, site) => unified(readShop(payload, site)),
  },
  {
    name: 'graphql_shop',
    summary:
      'Answers of the GraphQL endpoint: the shop as a brand, orders that came along; mutations that answer with nothing but their errors',
    read(payload, site) {
      const graphql = [payload].flat().every((answer) => Object(answer).data)
      const { orders: read, quarantined } = readOrders(graphql ? findRecords(payload, orderKind) : [])
      return unified({ ...readShop(payload, site), ...ordersPart(read, site), quarantined })
    },
  },
  {
    name: 'line_items',
    summary: 'Items of an order: read with their order, alone they name none',
    read(payload) {
      const records = findRecords(payload, itemKind)
      const bad = records.map(({ record, path }) => readRecord(itemSchema, record, path))
      return unified({ quarantined: bad.flatMap((each) => ('bad' in each ? [each.bad] : [])) })
    },
  },
]
