import { describe, expect, it } from 'vitest'
import type { Unified } from '../../../main/connectors/model.ts'
import { shopify } from '../../../main/connectors/shopify/index.ts'
import { covered } from '../coverage.ts'
import { vendorData } from '../sandbox/described.ts'

/** Real payloads, read in place; what they must become is written by hand from the vendor's documentation. */

const site = { shop: 'acme' }
const utc = (text: string) => Date.parse(text)

/** Undefined where the vendor data is absent. */
function read(name: string): Unified | undefined {
  const text = vendorData(`samples/shopify/${name}.json`)
  if (text === undefined) return undefined
  const operation = shopify.operations.find((each) => each.name === name)
  if (operation === undefined) throw new Error(`there is no operation ${name}`)
  const result = operation.read(JSON.parse(text), site)
  expect(result.quarantined).toEqual([])
  covered('shopify', 'sampled', [name])
  return result
}

describe('samples of Shopify', () => {
  it('orders one by one: name, buyer, status, times, tags', () => {
    const result = read('get_order')
    if (result === undefined) return
    const { conversations } = result
    expect(
      conversations.map((one) => [one.vendorId, one.subject, one.status, one.vendorStatus, one.channel, one.updatedAt]),
    ).toEqual([
      [
        '450789469',
        'Order #1001: IPod Nano - 8gb - green and 2 more',
        'open',
        { id: 'open', label: 'Open, authorized, unfulfilled' },
        'web',
        utc('2008-01-10T11:00:00-05:00'),
      ],
      ...[1, 2].map(() => [
        '123456',
        'Order #9999: Soda and 1 more',
        'closed',
        { id: 'cancelled', label: 'Cancelled, voided, pending' },
        'web',
        utc('2016-05-17T04:14:36-04:00'),
      ]),
      [
        '7585349042313',
        'Order #1032: Gift Card - $10',
        'closed',
        { id: 'closed', label: 'Closed, paid, unfulfilled' },
        'api',
        utc('2026-06-04T05:49:35-04:00'),
      ],
    ])
    expect(conversations[0]?.customer).toEqual({
      vendorId: '207119551',
      name: 'Bob Norman',
      email: 'bob.norman@hostmail.com',
      phone: '555-625-1199',
    })
    // The order's own address wins over the one of the customer's account.
    expect(conversations[1]?.customer).toEqual({
      vendorId: null,
      name: 'John Smith',
      email: 'jon@doe.ca',
      phone: '123-123-1234',
    })
    expect(conversations[3]?.customer).toEqual({ vendorId: null, name: null, email: null, phone: null })
    expect(conversations[1]?.createdAt).toBe(utc('2016-05-17T04:14:36Z'))
    expect(conversations[0]?.vendor).toMatchObject({
      note_attributes: [
        { name: 'custom engraving', value: 'Happy Birthday' },
        { name: 'colour', value: 'green' },
      ],
      discount_codes: [{ code: 'TENOFF' }],
    })
    expect(conversations[0]).toMatchObject({ preview: expect.stringContaining('409.94 USD'), tags: [], priority: null })
  })

  it('what happened to an order comes along: shipments, payments, cancellation', () => {
    const result = read('get_order')
    if (result === undefined) return
    expect(result.messages.map((each) => [each.conversationVendorId, each.vendorId, each.kind, each.bodyText])).toEqual(
      [
        ['450789469', 'fulfillment:255858046', 'event', expect.stringMatching(/^Shipment \(failure\): 1Z2345 http/)],
        ['123456', 'cancelled:123456', 'event', 'Order cancelled: customer'],
        ['123456', 'cancelled:123456', 'event', 'Order cancelled: customer'],
        ['123456', 'transaction:1', 'event', 'Sale of 79.60 AUD by mygateway: success (Approved)'],
      ],
    )
    expect(result.messages[0]?.createdAt).toBe(utc('2014-01-22T15:58:27-05:00'))
  })

  it('orders of a list, one of them without a word on what was sent', () => {
    const result = read('list_orders')
    if (result === undefined) return
    expect(result.conversations.map((one) => [one.vendorId, one.vendorStatus.label, one.customer.phone])).toEqual([
      ['450789469', 'Open, partially refunded', '+557734881234'],
      ['123456', 'Cancelled, voided, pending', '123-123-1234'],
    ])
    expect(result.conversations[0]?.url).toBe('https://admin.shopify.com/store/acme/orders/450789469')
  })

  it('customers alone and found by a search', () => {
    const one = read('get_customer')
    const found = read('search_customers')
    if (one === undefined || found === undefined) return
    expect(one.people).toEqual([
      { vendorId: '207119551', name: 'Bob Norman', email: 'bob.norman@hostmail.com', phone: '555-625-1199' },
      { vendorId: '1', name: 'Test Citizen', email: 'test@example.com', phone: '1111 111 111' },
    ])
    expect(found.people).toEqual([
      { vendorId: '207119551', name: 'Bob Norman', email: 'bob.norman@hostmail.com', phone: '555-625-1199' },
      { vendorId: '112223902', name: 'John Smith', email: 'john.smith@gmail.com', phone: '555-555-5555' },
    ])
  })

  it('addresses of a customer are one person', () => {
    const result = read('customer_addresses')
    if (result === undefined) return
    expect(result.people).toEqual([{ vendorId: '1', name: 'Test Citizen', email: null, phone: '1111 111 111' }])
  })

  it('a refund, a shipment and a payment are events of their order', () => {
    const result = read('get_refund_and_fulfillment')
    if (result === undefined) return
    expect(result.messages.map((each) => [each.conversationVendorId, each.createdAt, each.bodyText])).toEqual([
      ['450789469', utc('2016-06-20T13:35:06-04:00'), 'Refund of 209.00 USD: it broke during shipping'],
      [
        '450789469',
        utc('2013-11-01T16:06:08-04:00'),
        'Shipment (pending): null-company 1Z2345 http://www.google.com/search?q=1Z2345',
      ],
      ['450789469', utc('2005-08-01T11:57:11-04:00'), 'Authorization of 409.94 by bogus: success'],
    ])
    expect(result.messages[0]?.vendor).toMatchObject({ restock: true, user_id: 799407056 })
  })

  it('the shop is a brand, and mutations that answer with their errors only are read, too', () => {
    const result = read('graphql_shop')
    if (result === undefined) return
    expect(result.directory).toEqual({ brands: [{ key: 'nangodev.myshopify.com', name: 'NangoDev' }] })
  })

  it('line items alone name no order, whatever the form of their properties', () => {
    const result = read('line_items')
    if (result === undefined) return
    expect([result.conversations, result.messages]).toEqual([[], []])
  })
})
