import { type Customer, type Entry, type Row, seedEntries } from '../../content/conversations.ts'
import { seedFile } from '../../content/files.ts'
import { hash } from '../../content/random.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { shopifySites } from './sites.ts'

export const iso = (ms: number): string => `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`
const gid = (kind: string, id: number) => `gid://shopify/${kind}/${id}`
export const fileHost = 'cdn.shopify.com'
const day = 86_400_000

/** What makes an order more than a sale, by its place among eight; the last is nothing but a sale. */
type Sort = 'note' | 'return' | 'both' | 'dispute' | 'unsent' | 'sale'
const sorts: Sort[] = ['note', 'note', 'note', 'return', 'both', 'dispute', 'unsent', 'sale']

/** One shop's conversations as orders, in the vendor's spelling. */
export class ShopifyWire {
  readonly store: SiteStore
  readonly #base: number
  /** Notes that were written through the API: the whole field. */
  readonly notes = new Map<number, string>()
  /** Messages that are part of a note and no comments. */
  readonly inNote = new Set<string>()

  constructor(store: SiteStore) {
    this.store = store
    const place = shopifySites.findIndex((site) => site.id === store.spec.id)
    this.#base = 5_500_000_000_000 + place * 100_000_000_000
  }

  orderNumber = (index: number) => this.#base + index
  orderIndex(id: string): number | undefined {
    const index = Number(id.replace('gid://shopify/Order/', '')) - this.#base
    return this.store.has(index) ? index : undefined
  }
  messageNumber = (index: number, seq: number) => this.#base + 10_000_000_000 + index * 1000 + seq

  sort(index: number): Sort {
    return this.store.isSeeded(index) ? (sorts[index % sorts.length] ?? 'note') : 'note'
  }

  note(index: number): string | null {
    const written = this.notes.get(index)
    if (written !== undefined) return written
    const noted = ['note', 'both'].includes(this.sort(index))
    return noted ? (this.store.entries(index)[0]?.text ?? null) : null
  }

  order(index: number, can: (scope: string) => boolean): Record<string, unknown> {
    const row = this.store.row(index)
    const who = this.store.customer(row.customer)
    const closed = this.store.status(row.status).kind === 'closed'
    const sort = this.sort(index)
    const returns = this.#returns(index, row, closed)
    const unsent = sort === 'unsent' && !closed
    const requested = returns.some((each) => each.status === 'REQUESTED')
    return {
      __typename: 'Order',
      id: gid('Order', this.orderNumber(index)),
      name: `#${1001 + index}`,
      note: this.note(index),
      email: who.email,
      phone: who.phone,
      createdAt: iso(row.createdAt),
      updatedAt: iso(row.updatedAt),
      closedAt: closed ? iso(row.updatedAt) : null,
      cancelledAt: null,
      cancelReason: null,
      displayFinancialStatus: 'PAID',
      displayFulfillmentStatus: unsent ? 'UNFULFILLED' : 'FULFILLED',
      returnStatus: requested ? 'RETURN_REQUESTED' : returns.length > 0 ? 'RETURNED' : 'NO_RETURN',
      tags: row.tags,
      sourceName: row.channel === 'chat' ? '376951341057' : 'web',
      test: false,
      customer: () => {
        if (!can('read_customers')) throw new AccessDenied('customer', 'read_customers')
        return this.customer(who, can)
      },
      billingAddress: { name: who.name, phone: who.phone },
      shippingAddress: { name: who.name, phone: null },
      customAttributes: index % 16 === 2 ? [{ key: 'gift wrap', value: 'yes' }] : [],
      currentTotalPriceSet: { shopMoney: this.#price(index) },
      disputes: sort === 'dispute' ? [this.#disputeSummary(index, closed)] : [],
      lineItems: {
        nodes: [{ id: gid('LineItem', this.orderNumber(index)), name: row.subject, quantity: 1 + (index % 3) }],
      },
      returns: () => {
        if (!can('read_returns')) throw new AccessDenied('returns', 'read_returns')
        return { nodes: returns }
      },
      refunds: closed && returns.length > 0 ? [this.#refund(index, row)] : [],
      fulfillments: unsent ? [] : [this.#fulfilment(index, row)],
      events: ({ first, after }: { first: number; after?: string | null }) => this.#events(index, row, first, after),
    }
  }

  customer(who: Customer, can: (scope: string) => boolean): Record<string, unknown> {
    const orders = this.store.byCustomer(who.number)
    return {
      __typename: 'Customer',
      id: gid('Customer', this.#base + 50_000_000_000 + who.number),
      displayName: who.name,
      note: null,
      tags: [],
      numberOfOrders: String(orders.length),
      state: 'DISABLED',
      createdAt: iso(this.store.row(orders[0] ?? 0).createdAt),
      updatedAt: iso(this.store.row(orders.at(-1) ?? 0).updatedAt),
      amountSpent: { amount: '100.00', currencyCode: 'EUR' },
      defaultEmailAddress: { emailAddress: who.email },
      defaultPhoneNumber: who.phone === null ? null : { phoneNumber: who.phone },
      orders: ({ first }: { first: number }) => ({
        nodes: orders
          .reverse()
          .slice(0, first)
          .map((index) => this.order(index, can)),
        pageInfo: { hasNextPage: orders.length > first, endCursor: null },
      }),
    }
  }

  /** Staff attach something to every other comment. */
  files(index: number, seq: number): { name: string; contentType: string; bytes: Buffer }[] {
    const entry = this.store.entries(index)[seq]
    if (entry?.author.kind !== 'staff' || entry.kind === 'event') return []
    return entry.files.length === 0 && index % 2 === 0 ? [seedFile(index)] : entry.files
  }

  disputed(first: number): number[] {
    const found: number[] = []
    for (let index = this.store.size - 1; index >= 0 && found.length < first; index--)
      if (this.sort(index) === 'dispute' && !this.store.hidden.has(index)) found.push(index)
    return found
  }

  dispute(index: number, can: (scope: string) => boolean): Record<string, unknown> {
    const row = this.store.row(index)
    const closed = this.store.status(row.status).kind === 'closed'
    const { id, status } = this.#disputeSummary(index, closed)
    return {
      __typename: 'ShopifyPaymentsDispute',
      id,
      status,
      type: 'CHARGEBACK',
      initiatedAt: iso(row.createdAt + 60_000),
      evidenceDueBy: iso(row.createdAt + 14 * day),
      amount: this.#price(index),
      reasonDetails: { reason: 'PRODUCT_NOT_RECEIVED', networkReasonCode: '4855' },
      order: () => this.order(index, can),
    }
  }

  disputeIndex(id: string): number | undefined {
    const index = Number(id.replace('gid://shopify/ShopifyPaymentsDispute/', '')) - this.#base - 70_000_000_000
    return this.store.has(index) && this.sort(index) === 'dispute' ? index : undefined
  }

  #price(index: number): { amount: string; currencyCode: string } {
    return { amount: (10 + (hash(this.store.seed, 'price', index) % 9000) / 100).toFixed(2), currencyCode: 'EUR' }
  }

  #disputeSummary(index: number, closed: boolean) {
    return {
      id: gid('ShopifyPaymentsDispute', this.#base + 70_000_000_000 + index),
      initiatedAs: 'CHARGEBACK',
      status: closed ? 'WON' : 'NEEDS_RESPONSE',
    }
  }

  /** What a customer writes after the order is a return with a note. The newest one waits, also in an archived order unless it is an old one. */
  #returns(index: number, row: Row, closed: boolean): { status: string; [key: string]: unknown }[] {
    const spoken = this.store.entries(index).filter((entry) => entry.author.kind === 'customer')
    const seeded = this.store.isSeeded(index) ? seedEntries(this.store.spec, this.store.seed, row).length : 1
    const first = ['return', 'both'].includes(this.sort(index)) ? 0 : 1
    const wanted = spoken.filter((entry) => entry.seq >= (first === 0 ? 0 : seeded))
    return wanted.map((entry, place) => {
      const waits = place === wanted.length - 1 && (!closed || entry.seq >= seeded)
      return {
        id: gid('Return', this.messageNumber(index, entry.seq)),
        name: `#${1001 + index}-R${place + 1}`,
        status: waits ? 'REQUESTED' : 'CLOSED',
        createdAt: iso(entry.at),
        requestApprovedAt: waits ? null : iso(entry.at + 60_000),
        closedAt: waits ? null : iso(entry.at + 120_000),
        decline: null,
        returnLineItems: { nodes: [this.#returnLine(index, entry)] },
      }
    })
  }

  #returnLine(index: number, entry: Entry) {
    return {
      __typename: 'ReturnLineItem',
      id: gid('ReturnLineItem', this.messageNumber(index, entry.seq)),
      quantity: 1,
      customerNote: entry.text.slice(0, 300),
      returnReasonNote: '',
      returnReasonDefinition: { handle: 'unwanted', name: 'Changed my mind' },
    }
  }

  #refund(index: number, row: Row) {
    return {
      id: gid('Refund', this.messageNumber(index, 900)),
      createdAt: iso(row.updatedAt),
      note: 'came back complete',
      totalRefundedSet: { shopMoney: this.#price(index) },
    }
  }

  #fulfilment(index: number, row: Row) {
    const number = `SBX${this.orderNumber(index)}`
    return {
      id: gid('Fulfillment', this.messageNumber(index, 901)),
      name: `#${1001 + index}.1`,
      createdAt: iso(row.createdAt + 3_600_000),
      status: 'SUCCESS',
      displayStatus: 'DELIVERED',
      deliveredAt: iso(row.createdAt + 2 * day),
      trackingInfo: [{ company: 'Parcel Post', number, url: `https://track.parcel-post.example/${number}` }],
    }
  }

  #events(index: number, row: Row, first: number, after: string | null | undefined) {
    const placed = {
      ...{
        __typename: 'BasicEvent',
        id: gid('BasicEvent', this.messageNumber(index, 999)),
        createdAt: iso(row.createdAt),
      },
      ...{ message: `Order <b>#${1001 + index}</b> was placed.`, action: 'placed', attributeToApp: false },
      ...{ attributeToUser: false, appTitle: null, author: 'Online Store' },
    }
    const told = this.store.entries(index).flatMap((entry) => this.#event(index, entry))
    const all = [placed, ...told]
    const from = after ? all.findIndex((each) => each.id === after) + 1 : 0
    const nodes = all.slice(from, from + first)
    return { nodes, pageInfo: { hasNextPage: from + first < all.length, endCursor: nodes.at(-1)?.id ?? null } }
  }

  #event(index: number, entry: Entry): { id: string; [key: string]: unknown }[] {
    if (entry.author.kind !== 'staff' || this.inNote.has(`${index}:${entry.seq}`)) return []
    const who = this.store.spec.staff[entry.author.staff]?.name ?? 'Staff'
    const number = this.messageNumber(index, entry.seq)
    const common = { createdAt: iso(entry.at), attributeToApp: false, attributeToUser: true, appTitle: null }
    if (entry.kind === 'event') {
      const message = `${who} changed the order to ${entry.change?.to ?? 'another state'}.`
      return [
        { __typename: 'BasicEvent', id: gid('BasicEvent', number), ...common, message, action: 'update', author: who },
      ]
    }
    const attachments = this.files(index, entry.seq).map((file, place) => ({
      id: gid('CommentEventAttachment', number * 10 + place),
      name: file.name,
      url: `https://${fileHost}/s/files/${this.store.spec.host}/${index}/${entry.seq}/${place}`,
      size: file.bytes.length,
      fileExtension: file.name.split('.').at(-1) ?? null,
    }))
    return [
      {
        ...{
          __typename: 'CommentEvent',
          id: gid('CommentEvent', number),
          ...common,
          message: `${who} commented`,
          action: 'comment',
        },
        ...{ rawMessage: entry.text, edited: false, attachments },
      },
    ]
  }
}

/** Thrown by a field the token may not see. */
export class AccessDenied extends Error {
  readonly scope: string

  constructor(field: string, scope: string) {
    super(`Access denied for ${field} field. Required access: \`${scope}\` access scope.`)
    this.scope = scope
  }
}
