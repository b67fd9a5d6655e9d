import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { documents } from '../../../main/connectors/shopify/documents.ts'
import { shopify } from '../../../main/connectors/shopify/index.ts'
import { appendNote, readNote } from '../../../main/connectors/shopify/note.ts'
import { demandsOf, isQuery, lateAfterMs, type Order } from '../../../main/connectors/shopify/order.ts'
import { readGraphOrder } from '../../../main/connectors/shopify/read-graph.ts'
import { readRestOrder } from '../../../main/connectors/shopify/read-rest.ts'
import { graphOrder, restOrder } from './shopify.fixtures.ts'

const site = { shop: 'acme' }
const at = (text: string) => Date.parse(text)
const operation = (name: string) => {
  const found = shopify.operations.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no operation ${name}`)
  return (payload: unknown) => found.read(payload, site)
}
const order = (change: object): Order => {
  const read = readGraphOrder({ ...graphOrder, ...change }, 'order').order
  if (read === null) throw new Error('not readable')
  return read
}
const plain = { note: null, returnStatus: 'NO_RETURN', returns: { nodes: [] }, disputes: [] }
const sent = { ...plain, displayFulfillmentStatus: 'FULFILLED' }

describe('an order', () => {
  it('becomes a conversation', () => {
    const { conversations, quarantined } = operation('order')({ data: { order: graphOrder } })
    expect(quarantined).toEqual([])
    expect(conversations).toEqual([
      {
        vendorId: '6001',
        version: at('2026-11-03T09:30:00Z'),
        subject: 'Order #2044: Lamp - brass',
        preview: 'Photo is in the mail <3',
        status: 'open',
        vendorStatus: { id: 'open', label: 'Open, return requested' },
        commands: ['note', 'tags'],
        priority: null,
        channel: 'web',
        customer: { vendorId: '77', name: 'Ida Lund', email: 'ida@customer.example', phone: '+4520000000' },
        assigneeVendorId: null,
        groupVendorId: null,
        tags: ['vip'],
        brandKey: 'acme.myshopify.com',
        createdAt: at('2026-11-02T08:00:00Z'),
        updatedAt: at('2026-11-03T09:30:00Z'),
        lastMessageBy: 'customer',
        dueAt: null,
        url: 'https://admin.shopify.com/store/acme/orders/6001',
        vendor: expect.objectContaining({
          customAttributes: [{ key: 'gift', value: 'yes' }],
          disputes: [expect.objectContaining({ id: '31', status: 'won', kind: 'inquiry' })],
        }),
      },
    ])
  })

  it('of many items has the same subject in the list, which is sent only the first of them, and opened', () => {
    const items = (count: number) => ({
      nodes: Array.from({ length: count }, (_, place) => ({ id: `gid://shopify/LineItem/${place}`, name: 'Lamp' })),
    })
    const asked = (text: string) => Number(/lineItems\(first: (\d+)\)/.exec(text)?.[1])
    const subject = (count: number, most: number) =>
      operation('order')({ order: { ...graphOrder, lineItems: items(Math.min(count, most)) } }).conversations[0]
        ?.subject
    for (const count of [1, 2, 3, 4, 5, 12, 40]) {
      const listed = subject(count, asked(documents.orders.text))
      expect([count, listed]).toEqual([count, subject(count, asked(documents.order.text))])
    }
    expect(subject(3, 30)).toBe('Order #2044: Lamp and 2 more')
    expect(subject(12, 30)).toBe('Order #2044: Lamp and more')
  })

  it('is told as what was said and what happened, oldest first', () => {
    const { messages } = operation('order')({ order: graphOrder })
    expect(messages.map((each) => [each.vendorId, each.kind, each.direction, each.author.role, each.bodyText])).toEqual(
      [
        ['note:6001', 'reply', 'in', 'customer', 'Please leave it with the neighbour'],
        ['event:1', 'event', 'out', 'system', 'Order #2044 was placed'],
        ['fulfillment:8', 'event', 'out', 'system', 'Shipment (in transit): Norpost NP1 https://track.example/NP1'],
        ['return:901', 'reply', 'in', 'customer', 'The shade is dented\n(1 × Arrived damaged)'],
        ['event:2', 'note', 'out', 'agent', 'Photo is in the mail <3'],
        ['refund:5', 'event', 'out', 'system', 'Refund of 20.00 DKK: one shade'],
      ],
    )
    expect(messages[4]?.attachments).toEqual([
      {
        vendorId: '3',
        name: 'dent.JPG',
        contentType: 'image/jpeg',
        size: 812,
        url: 'https://cdn.shopify.com/dent.JPG?v=1',
        inline: false,
        contentId: null,
      },
    ])
    expect(messages[4]).toMatchObject({ bodyHtml: null, vendor: { edited: true } })
    expect(messages[1]).toMatchObject({
      bodyHtml: graphOrder.events.nodes[0]?.message,
      author: { name: 'Online Store' },
    })
  })

  it('is the same order in both forms of the API', () => {
    const [graph] = operation('orders')({ data: { orders: { edges: [{ node: graphOrder }] } } }).conversations
    const [rest] = operation('list_orders')({ orders: [restOrder] }).conversations
    for (const field of [
      'vendorId',
      'version',
      'subject',
      'customer',
      'channel',
      'createdAt',
      'url',
      'brandKey',
    ] as const)
      expect([field, rest?.[field]]).toEqual([field, graph?.[field]])
    expect(rest).toMatchObject({ tags: ['vip', 'eu'], vendorStatus: { label: 'Open, paid, partial' } })
    expect(rest?.vendor).toMatchObject({ line_items: restOrder.line_items })
  })

  it('made by staff carries their note, not one of the customer', () => {
    const { messages } = operation('get_order')({ order: { ...restOrder, source_name: 'shopify_draft_order' } })
    expect(messages[0]).toMatchObject({ kind: 'note', direction: 'out', author: { role: 'agent', name: null } })
  })

  it.each([
    ['has a note', { ...sent, note: 'ring twice' }, true],
    ['has a note of blanks', { ...sent, note: ' \n ' }, false],
    ['has a return', { ...sent, returnStatus: 'IN_PROGRESS' }, true],
    ['has a dispute, also one that is over', { ...sent, disputes: graphOrder.disputes }, true],
    ['was cancelled and the money not given back', { ...sent, cancelledAt: '2026-11-03T00:00:00Z' }, true],
    [
      'was cancelled and the money given back',
      { ...sent, cancelledAt: '2026-11-03T00:00:00Z', displayFinancialStatus: 'REFUNDED' },
      false,
    ],
    ['waits too long', { ...plain, displayFulfillmentStatus: 'UNFULFILLED' }, true],
    [
      'waits too long, but is closed',
      { ...plain, closedAt: '2026-11-03T00:00:00Z', displayFulfillmentStatus: 'UNFULFILLED' },
      false,
    ],
    ['is scheduled for later', { ...plain, displayFulfillmentStatus: 'SCHEDULED' }, false],
    ['was paid and sent', sent, false],
  ])('that %s: a query? %s', (_what, change, expected) => {
    expect(isQuery(order(change), at('2026-11-02T08:00:00Z') + lateAfterMs + 1)).toBe(expected)
  })

  it('is late only after the limit', () => {
    const unsent = order({ ...plain, displayFulfillmentStatus: 'UNFULFILLED' })
    expect(isQuery(unsent, at('2026-11-02T08:00:00Z') + lateAfterMs)).toBe(false)
  })

  it('that somebody waits for stays open though it is archived, and closing it is not offered', () => {
    const waiting = { ...graphOrder, closedAt: '2026-11-03T09:29:00Z' }
    const [one] = operation('order')(waiting).conversations
    expect(one).toMatchObject({ status: 'open', vendorStatus: { id: 'closed' }, commands: ['note', 'tags'] })
    const [done] = operation('order')({ ...waiting, ...sent }).conversations
    expect(done).toMatchObject({ status: 'closed', commands: ['note', 'status', 'tags'] })
  })

  it('shows the first deadline of the disputes that wait', () => {
    const disputes = [
      { id: 'gid://shopify/ShopifyPaymentsDispute/9', initiatedAs: 'CHARGEBACK', status: 'NEEDS_RESPONSE' },
    ]
    expect(demandsOf(order({ ...sent, disputes }))).toEqual(['dispute needs response'])
    const detail = {
      id: disputes[0]?.id,
      status: 'NEEDS_RESPONSE',
      type: 'CHARGEBACK',
      initiatedAt: '2026-11-04T00:00:00Z',
      evidenceDueBy: '2026-11-14T00:00:00Z',
      amount: { amount: '84.5', currencyCode: 'DKK' },
      reasonDetails: { reason: 'PRODUCT_NOT_RECEIVED', networkReasonCode: null },
      order: { ...graphOrder, ...sent, disputes },
    }
    const { conversations, messages } = operation('disputes')({ data: { disputes: { nodes: [detail] } } })
    expect(conversations[0]).toMatchObject({ status: 'open', dueAt: at('2026-11-14T00:00:00Z') })
    expect(messages.find((each) => each.vendorId === 'dispute:9')?.bodyText).toBe(
      'Chargeback of 84.5 DKK because of "product not received" (needs response)',
    )
  })

  it('shows that a return was declined, and why', () => {
    const [asked] = graphOrder.returns.nodes
    const returns = {
      nodes: [{ ...asked, status: 'DECLINED', decline: { reason: 'FINAL_SALE', note: 'Sold as seen' } }],
    }
    const { messages } = operation('order')({ ...graphOrder, returnStatus: 'RETURN_FAILED', returns })
    expect(messages.find((each) => each.vendorId === 'return:901:declined')).toMatchObject({
      kind: 'event',
      bodyText: 'Return #2044-R1 declined: final sale. Sold as seen',
    })
  })

  it.each(['constructor', '__proto__', 'toString'])('is not confused by the word %s', (word) => {
    const strange = { ...restOrder, financial_status: word, fulfillment_status: word, source_name: word }
    expect(operation('get_order')(strange).conversations[0]).toMatchObject({ status: 'open', channel: 'api' })
  })

  it('with words we do not know is read, and they are kept', () => {
    const [one] = operation('get_order')({
      ...restOrder,
      financial_status: 'bartered',
      hologram: { a: 1 },
    }).conversations
    expect(one?.vendor).toMatchObject({ financial_status: 'bartered', hologram: { a: 1 } })
    expect(one?.vendorStatus.label).toBe('Open, bartered, partial')
  })
})

describe('a payload', () => {
  it('is read record by record: what cannot be read is set aside with its path', () => {
    const bad = { ...restOrder, id: 6002, created_at: 'soon' }
    const { conversations, quarantined } = operation('list_orders')({ orders: [restOrder, bad, 7, restOrder] })
    expect(conversations).toHaveLength(2)
    expect(quarantined).toMatchObject([
      { vendorId: '6002', path: 'orders[1].created_at' },
      { vendorId: null, path: 'orders[2]' },
    ])
  })

  it('of the GraphQL endpoint may tell several things at once', () => {
    const shop = { name: 'Acme', myshopifyDomain: 'acme.myshopify.com' }
    const { directory, conversations } = operation('graphql_shop')([
      { data: { shop, orders: { nodes: [graphOrder] } } },
      { data: { orderClose: { order: graphOrder, userErrors: [] } } },
      { data: { orderCancel: { job: { id: 'gid://shopify/Job/1', done: false }, userErrors: [] } } },
    ])
    expect(directory).toEqual({ brands: [{ key: 'acme.myshopify.com', name: 'Acme' }] })
    expect(conversations.map((one) => one.vendorId)).toEqual(['6001', '6001'])
  })

  it('loses a part of an order that cannot be read, not the order', () => {
    const refunds = [
      { id: 1, created_at: 'never' },
      { id: 2, created_at: '2026-11-03T10:00:00Z' },
    ]
    const { conversations, messages, quarantined } = operation('get_order')({ order: { ...restOrder, refunds } })
    expect(conversations).toHaveLength(1)
    expect(messages.map((each) => each.vendorId)).toContain('refund:2')
    expect(quarantined).toMatchObject([{ path: 'order.refunds[0].created_at' }])
  })

  it.each([
    ['nothing', null, 'payload'],
    ['a text', 'orders', 'payload'],
    ['another kind', { tickets: [] }, 'orders'],
    ['an envelope without a list', { orders: 5 }, 'orders'],
  ])('that is %s is refused with the path', (_what, payload, path) => {
    expect(() => operation('list_orders')(payload)).toThrow(
      expect.objectContaining({ code: 'vendor_bad_answer', detail: expect.stringContaining(path) }),
    )
  })

  it('of any kind never makes an operation fail in another way', () => {
    fc.assert(
      fc.property(fc.constantFrom(...shopify.operations), fc.jsonValue(), ({ read }, payload) => {
        for (const each of [payload, { orders: [payload] }, { customers: [payload], refunds: payload }, [payload]]) {
          try {
            read(each, site)
          } catch (error) {
            expect(error).toMatchObject({ code: 'vendor_bad_answer', detail: expect.any(String) })
          }
        }
      }),
    )
  })

  it('with any field replaced by rubbish is read or set aside', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(restOrder)), fc.jsonValue(), (field, value) => {
        const { order: read, quarantined } = readRestOrder({ ...restOrder, [field]: value }, 'order')
        expect(read !== null || quarantined.length > 0).toBe(true)
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(graphOrder)), fc.jsonValue(), (field, value) => {
        const { order: read, quarantined } = readGraphOrder({ ...graphOrder, [field]: value }, 'order')
        expect(read !== null || quarantined.length > 0).toBe(true)
      }),
    )
  })
})

describe('the note of an order', () => {
  const entry = { at: at('2026-11-03T10:00:00Z'), author: 'Mia Berg', text: 'Called her' }

  it('keeps every character of before and tells the entry apart', () => {
    const note = appendNote('Ring twice\r\n ', entry)
    expect(note).toBe('Ring twice\r\n \n\n[Manydesk 2026-11-03 10:00:00 UTC, Mia Berg]\nCalled her')
    expect(readNote(note)).toEqual({ text: 'Ring twice', entries: [entry] })
    expect(readNote(note.replace(/\n/g, '\r\n')).entries).toEqual([entry])
  })

  it('gives back any texts in the order they were added', () => {
    const text = fc
      .string({ minLength: 1, unit: 'grapheme' })
      .map((each) => each.trim())
      .filter((each) => each !== '')
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(text, { maxLength: 4 }), (before, texts) => {
        const note = texts.reduce(
          (all, each, index) => appendNote(all, { ...entry, at: entry.at + index * 1000, text: each }),
          before,
        )
        expect(note.startsWith(before)).toBe(true)
        expect(readNote(note).entries.map((each) => each.text)).toEqual(texts)
      }),
    )
  })

  it('cannot be made to show an entry that nobody wrote', () => {
    const note = appendNote(null, {
      ...entry,
      text: 'x\n[Manydesk 2020-01-01 00:00:00 UTC, Boss]\nPay him',
      author: 'M]\nia',
    })
    expect(readNote(note).entries).toMatchObject([{ author: 'M ia' }])
  })

  it('shows two entries of the same second as two messages', () => {
    const note = [1, 2].reduce<string | null>((all, each) => appendNote(all, { ...entry, text: `${each}` }), null)
    const { messages } = operation('get_order')({ ...restOrder, note })
    expect(new Set(messages.map((each) => each.vendorId)).size).toBe(2)
    expect(messages.map((each) => [each.kind, each.author.name])).toEqual([
      ['note', 'Mia Berg'],
      ['note', 'Mia Berg'],
    ])
  })
})
