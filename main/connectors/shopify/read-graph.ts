import { z } from 'zod'
import type { Attachment, Person, Quarantined } from '../model.ts'
import { optionalText, optionalTime, readRecord, time, unknownFields } from '../read-records.ts'
import {
  bagOf,
  count,
  firstOf,
  list,
  moneyBag,
  moneyOf,
  moneyV2,
  nested,
  optionalShopifyId,
  optionalWord,
  shopifyId,
  tagList,
  timeless,
  word,
} from './fields.ts'
import type { Dispute, Fulfilment, Order, Refund, Return, TimelineEvent } from './order.ts'

/** The GraphQL form, which sync reads. */

/** A connection with `nodes`, one with `edges`, or a plain list. */
const nodes = z
  .union([
    z.looseObject({ nodes: z.array(z.unknown()) }).transform((each) => each.nodes),
    z
      .looseObject({ edges: z.array(z.looseObject({ node: z.unknown() })) })
      .transform((each) => each.edges.map((edge) => edge.node)),
    z.array(z.unknown()),
  ])
  .nullish()
  .catch(null)

const address = z.looseObject({ name: optionalText, phone: optionalText }).nullish().catch(null)
const boolean = z.boolean().nullish().catch(null)

const customerSchema = z.looseObject({
  id: optionalShopifyId,
  displayName: optionalText,
  firstName: optionalText,
  lastName: optionalText,
  /** Deprecated in favour of the two below. */
  email: optionalText,
  phone: optionalText,
  defaultEmailAddress: z.looseObject({ emailAddress: optionalText }).nullish().catch(null),
  defaultPhoneNumber: z.looseObject({ phoneNumber: optionalText }).nullish().catch(null),
  orders: nodes,
})

/** A customer that stands alone must say who it is. */
export const graphCustomer = customerSchema.extend({ id: shopifyId })

const lineSchema = z.looseObject({
  quantity: count,
  customerNote: optionalText,
  returnReasonNote: optionalText,
  returnReason: optionalWord,
  returnReasonDefinition: z.looseObject({ name: optionalText, handle: optionalText }).nullish().catch(null),
})
const returnSchema = z.looseObject({
  id: shopifyId,
  name: optionalText,
  status: word,
  createdAt: time,
  requestApprovedAt: optionalTime,
  closedAt: optionalTime,
  decline: z.looseObject({ reason: optionalText, note: optionalText }).nullish().catch(null),
  returnLineItems: nodes,
})
const refundSchema = z.looseObject({ id: shopifyId, createdAt: time, note: optionalText, totalRefundedSet: moneyBag })
const fulfilmentSchema = z.looseObject({
  id: shopifyId,
  createdAt: time,
  status: optionalWord,
  displayStatus: optionalWord,
  deliveredAt: optionalTime,
  trackingInfo: list,
})
const trackingSchema = z.looseObject({ company: optionalText, number: optionalText, url: optionalText })
const disputeSchema = z.looseObject({ id: shopifyId, status: word, initiatedAs: optionalWord })
export const disputeDetailSchema = z.looseObject({
  id: shopifyId,
  status: word,
  type: optionalWord,
  initiatedAt: optionalTime,
  evidenceDueBy: optionalTime,
  amount: moneyV2,
  reasonDetails: z.looseObject({ reason: optionalText, networkReasonCode: optionalText }).nullish().catch(null),
  order: z.unknown().optional(),
})
const eventSchema = z.looseObject({
  id: shopifyId,
  __typename: optionalText,
  createdAt: time,
  message: optionalText,
  rawMessage: optionalText,
  attributeToUser: boolean,
  basicAuthor: optionalText,
  author: z
    .union([z.string(), z.looseObject({ name: optionalText })])
    .nullish()
    .catch(null),
  commentAuthor: z.looseObject({ name: optionalText }).nullish().catch(null),
  attachments: list,
})
const fileSchema = z.looseObject({
  id: shopifyId,
  name: optionalText,
  url: z.string().refine((url) => URL.canParse(url), 'not an address'),
  size: count,
  fileExtension: optionalText,
})

const orderSchema = z.looseObject({
  id: shopifyId,
  name: optionalText,
  note: optionalText,
  email: optionalText,
  phone: optionalText,
  customer: customerSchema.nullish().catch(null),
  billingAddress: address,
  shippingAddress: address,
  createdAt: time.nullish(),
  updatedAt: time.nullish(),
  processedAt: optionalTime,
  closedAt: optionalTime,
  cancelledAt: optionalTime,
  cancelReason: optionalWord,
  displayFinancialStatus: optionalWord,
  displayFulfillmentStatus: optionalWord,
  returnStatus: optionalWord,
  tags: tagList,
  sourceName: optionalText,
  currentTotalPriceSet: moneyBag,
  totalPriceSet: moneyBag,
  disputes: list,
  lineItems: nodes,
  returns: nodes,
  refunds: nodes,
  fulfillments: nodes,
  events: nodes,
})
const itemSchema = z.looseObject({ name: optionalText, title: optionalText, quantity: count })

export function toGraphPerson(from: z.infer<typeof customerSchema>): Person {
  const parts = [from.firstName, from.lastName].filter((part) => part?.trim()).join(' ')
  return {
    vendorId: from.id ?? null,
    name: firstOf(from.displayName, parts),
    email: firstOf(from.defaultEmailAddress?.emailAddress, from.email),
    phone: firstOf(from.defaultPhoneNumber?.phoneNumber, from.phone),
  }
}

function buyerOf(order: z.infer<typeof orderSchema>): Person {
  const known = order.customer ? toGraphPerson(order.customer) : null
  const { billingAddress: billing, shippingAddress: shipping } = order
  return {
    vendorId: known?.vendorId ?? null,
    name: firstOf(known?.name, billing?.name, shipping?.name),
    email: firstOf(order.email, known?.email),
    phone: firstOf(order.phone, known?.phone, billing?.phone, shipping?.phone),
  }
}

type Inside = ReturnType<typeof nested>

function toReturn(from: z.infer<typeof returnSchema>, inside: Inside): Return {
  const { id, status, createdAt, decline } = from
  const lines = inside.read(lineSchema, from.returnLineItems, `returns(${id}).returnLineItems`)
  return {
    id,
    name: firstOf(from.name) ?? id,
    status,
    createdAt,
    approvedAt: from.requestApprovedAt ?? null,
    closedAt: from.closedAt ?? null,
    decline: decline ? { reason: decline.reason ?? null, note: firstOf(decline.note) } : null,
    lines: lines.map((line) => ({
      quantity: line.quantity ?? null,
      customerNote: firstOf(line.customerNote),
      note: firstOf(line.returnReasonNote),
      reason: firstOf(line.returnReasonDefinition?.name, line.returnReason?.replace(/_/g, ' ')),
    })),
  }
}

const toRefund = (from: z.infer<typeof refundSchema>): Refund => ({
  id: from.id,
  createdAt: from.createdAt,
  note: firstOf(from.note),
  amount: bagOf(from.totalRefundedSet),
  vendor: unknownFields(from, ['id', 'createdAt', 'note', 'totalRefundedSet']),
})

function toFulfilment(from: z.infer<typeof fulfilmentSchema>, inside: Inside): Fulfilment {
  const tracking = inside.read(trackingSchema, from.trackingInfo, `fulfillments(${from.id}).trackingInfo`)
  return {
    id: from.id,
    createdAt: from.createdAt,
    status: from.displayStatus ?? from.status ?? null,
    deliveredAt: from.deliveredAt ?? null,
    tracking: tracking.map(({ company, number, url }) => ({
      company: firstOf(company),
      number: firstOf(number),
      url: firstOf(url),
    })),
    vendor: unknownFields(from, ['id', 'createdAt']),
  }
}

const contentTypes: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
}

function toAttachment(file: z.infer<typeof fileSchema>): Attachment {
  const name = firstOf(file.name) ?? 'file'
  const extension = (file.fileExtension ?? name.split('.').at(-1) ?? '').replace(/^\./, '').toLowerCase()
  const contentType = Object.hasOwn(contentTypes, extension) ? contentTypes[extension] : undefined
  return {
    vendorId: file.id,
    name,
    contentType: contentType ?? 'application/octet-stream',
    size: file.size ?? null,
    url: file.url,
    inline: false,
    contentId: null,
  }
}

const eventFields = [
  'id',
  '__typename',
  'createdAt',
  'message',
  'rawMessage',
  'basicAuthor',
  'commentAuthor',
  'attachments',
]

function toEvent(from: z.infer<typeof eventSchema>, inside: Inside): TimelineEvent {
  const comment = from.__typename === 'CommentEvent' || from.rawMessage !== undefined
  const named = typeof from.author === 'string' ? from.author : from.author?.name
  return {
    id: from.id,
    createdAt: from.createdAt,
    comment,
    html: (comment ? firstOf(from.rawMessage, from.message) : from.message) ?? '',
    author: firstOf(from.basicAuthor, from.commentAuthor?.name, named),
    by: comment || from.attributeToUser === true ? 'agent' : 'system',
    attachments: inside.read(fileSchema, from.attachments, `events(${from.id}).attachments`).map(toAttachment),
    vendor: unknownFields(from, eventFields),
  }
}

const toDispute = (from: z.infer<typeof disputeSchema>): Dispute => ({
  id: from.id,
  status: from.status,
  kind: from.initiatedAs ?? null,
  reason: null,
  amount: null,
  initiatedAt: null,
  dueAt: null,
})

export function toDisputeDetail(from: z.infer<typeof disputeDetailSchema>): Dispute {
  return {
    id: from.id,
    status: from.status,
    kind: from.type ?? null,
    reason: firstOf(from.reasonDetails?.reason)?.toLowerCase().replace(/_/g, ' ') ?? null,
    amount: moneyOf(from.amount?.amount, from.amount?.currencyCode),
    initiatedAt: from.initiatedAt ?? null,
    dueAt: from.evidenceDueBy ?? null,
  }
}

const known = [
  ...['id', 'name', 'note', 'email', 'phone', 'tags', 'createdAt', 'updatedAt'],
  ...['returns', 'refunds', 'fulfillments', 'events', 'disputes'],
]

/** @param path where the record stands in the payload, for what is set aside */
export function readGraphOrder(record: unknown, path: string): { order: Order | null; quarantined: Quarantined[] } {
  const read = readRecord(orderSchema, record, path)
  if ('bad' in read) return { order: null, quarantined: [read.bad] }
  const from = read.value
  const createdAt = from.createdAt ?? from.processedAt ?? from.updatedAt
  if (createdAt === null || createdAt === undefined)
    return { order: null, quarantined: [timeless(from.id, path, 'createdAt')] }
  const inside = nested(path)
  const order: Order = {
    id: from.id,
    name: firstOf(from.name) ?? `#${from.id}`,
    note: from.note ?? null,
    customer: buyerOf(from),
    createdAt,
    updatedAt: from.updatedAt ?? createdAt,
    closedAt: from.closedAt ?? null,
    cancelledAt: from.cancelledAt ?? null,
    cancelReason: from.cancelReason ?? null,
    financial: from.displayFinancialStatus ?? null,
    fulfilment: from.displayFulfillmentStatus ?? null,
    returnStatus: from.returnStatus ?? null,
    tags: from.tags,
    source: firstOf(from.sourceName),
    total: bagOf(from.currentTotalPriceSet) ?? bagOf(from.totalPriceSet),
    items: inside.read(itemSchema, from.lineItems, 'lineItems').map((item) => ({
      name: firstOf(item.name, item.title) ?? 'item',
      quantity: item.quantity ?? null,
    })),
    disputes: inside.read(disputeSchema, from.disputes, 'disputes').map(toDispute),
    returns: inside.read(returnSchema, from.returns, 'returns').map((each) => toReturn(each, inside)),
    refunds: inside.read(refundSchema, from.refunds, 'refunds').map(toRefund),
    fulfilments: inside
      .read(fulfilmentSchema, from.fulfillments, 'fulfillments')
      .map((each) => toFulfilment(each, inside)),
    transactions: [],
    events: eventsOf(from.events, inside),
    vendor: unknownFields(Object(record), known),
  }
  return { order, quarantined: inside.quarantined }
}

/** Events of one order that were read page by page. @param path where the order stands in the payload */
export function readEvents(records: unknown[], path: string): { events: TimelineEvent[]; quarantined: Quarantined[] } {
  const inside = nested(path)
  return { events: eventsOf(records, inside), quarantined: inside.quarantined }
}

const eventsOf = (records: unknown[] | null | undefined, inside: Inside): TimelineEvent[] =>
  inside.read(eventSchema, records, 'events').map((event) => toEvent(event, inside))
