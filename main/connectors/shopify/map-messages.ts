import type { Message, Person } from '../model.ts'
import { htmlToText } from '../text.ts'
import { moneyText } from './fields.ts'
import { readNote } from './note.ts'
import type { Dispute, Fulfilment, Order, Refund, Return, TimelineEvent, Transaction } from './order.ts'

/** Pure: everything that was said about an order and happened to it, oldest first. */

const nobody: Person = { vendorId: null, name: null, email: null, phone: null }
const system = { ...nobody, role: 'system' as const }
const words = (text: string) => text.replace(/_/g, ' ')
const sentence = (...parts: (string | null | undefined | false)[]) => {
  const text = parts.filter(Boolean).join(' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Orders that staff typed in themselves: their note is not the customer's. */
const madeByStaff = new Set(['shopify_draft_order', 'pos'])

type Draft = Pick<Message, 'vendorId' | 'kind' | 'direction' | 'author' | 'createdAt' | 'bodyText'> & Partial<Message>

const message = (orderId: string, draft: Draft): Message => ({
  conversationVendorId: orderId,
  bodyHtml: null,
  attachments: [],
  vendor: {},
  ...draft,
})

function event(orderId: string, vendorId: string, createdAt: number, text: string, vendor = {}): Message {
  return message(orderId, {
    ...{ vendorId, kind: 'event', direction: 'out', author: system, createdAt, bodyText: text, vendor },
  })
}

/** The vendor does not say who wrote the note nor when: it comes with the cart, unless staff made the order. */
function fromNote(order: Order): Message[] {
  const { text, entries } = readNote(order.note ?? '')
  const staff = order.source !== null && madeByStaff.has(order.source)
  const first = message(order.id, {
    vendorId: `note:${order.id}`,
    ...(staff
      ? { kind: 'note', direction: 'out', author: { ...nobody, role: 'agent' } }
      : { kind: 'reply', direction: 'in', author: { ...order.customer, role: 'customer' } }),
    createdAt: order.createdAt,
    bodyText: text,
    vendor: { source: 'order note' },
  })
  const ours = entries.map((entry, index) =>
    message(order.id, {
      vendorId: noteId(order.id, entry.at, entries.slice(0, index).filter((each) => each.at === entry.at).length),
      kind: 'note',
      direction: 'out',
      author: { ...nobody, name: entry.author || null, role: 'agent' },
      createdAt: entry.at,
      bodyText: entry.text,
      vendor: { source: 'order note' },
    }),
  )
  return [...(text === '' ? [] : [first]), ...ours]
}

/** @param nth how many entries of the same second stand before it */
const noteId = (orderId: string, at: number, nth: number) => `note:${orderId}:${at / 1000}${nth === 0 ? '' : `:${nth}`}`

function fromReturn(order: Order, from: Return): Message[] {
  const asked = from.lines.filter((line) => line.customerNote !== null)
  const text = from.lines
    .map(({ quantity, reason, note, customerNote }) => {
      const about = [quantity === null ? null : `${quantity} ×`, reason ?? 'return'].filter(Boolean).join(' ')
      return [customerNote, `(${about}${note === null ? '' : `: ${note}`})`].filter(Boolean).join('\n')
    })
    .join('\n\n')
  const id = `return:${from.id}`
  const opening =
    asked.length > 0
      ? message(order.id, {
          vendorId: id,
          kind: 'reply',
          direction: 'in',
          author: { ...order.customer, role: 'customer' },
          createdAt: from.createdAt,
          bodyText: text,
          vendor: { source: `return ${from.name}`, status: from.status },
        })
      : event(order.id, id, from.createdAt, [`Return ${from.name} begun`, text].filter(Boolean).join('\n'), {
          status: from.status,
        })
  const ended = from.closedAt ?? from.createdAt + 1
  const step = (what: string, at: number, more = '') =>
    event(order.id, `${id}:${what}`, at, `Return ${from.name} ${what}${more}`)
  const why = [from.decline?.reason ? words(from.decline.reason.toLowerCase()) : null, from.decline?.note].filter(
    Boolean,
  )
  return [
    opening,
    ...(from.approvedAt === null ? [] : [step('approved', from.approvedAt)]),
    ...(from.status === 'declined' ? [step('declined', ended, why.length > 0 ? `: ${why.join('. ')}` : '')] : []),
    ...(from.status === 'canceled' ? [step('cancelled', ended)] : []),
    ...(from.status === 'closed' ? [step('closed', ended)] : []),
  ]
}

export function fromRefund(orderId: string, refund: Refund): Message {
  const amount = refund.amount === null ? '' : ` of ${moneyText(refund.amount)}`
  const text = `Refund${amount}${refund.note === null ? '' : `: ${refund.note}`}`
  return event(orderId, `refund:${refund.id}`, refund.createdAt, text, refund.vendor)
}

export function fromFulfilment(orderId: string, from: Fulfilment): Message {
  const tracking = from.tracking.map(({ company, number, url }) => [company, number, url].filter(Boolean).join(' '))
  const text = [
    'Shipment',
    from.status === null ? '' : ` (${words(from.status)})`,
    tracking.length > 0 ? `: ${tracking.join(', ')}` : '',
  ]
  return event(orderId, `fulfillment:${from.id}`, from.createdAt, text.join(''), from.vendor)
}

export function fromTransaction(orderId: string, from: Transaction): Message {
  const text = sentence(
    words(from.kind ?? 'payment'),
    from.amount !== null && `of ${moneyText(from.amount)}`,
    from.gateway !== null && `by ${from.gateway}:`,
    words(from.status ?? 'done'),
    from.message !== null && `(${from.message})`,
  )
  return event(orderId, `transaction:${from.id}`, from.createdAt, text, from.vendor)
}

function fromDispute(orderId: string, from: Dispute): Message[] {
  if (from.initiatedAt === null) return []
  const text = sentence(
    from.kind ?? 'dispute',
    from.amount !== null && `of ${moneyText(from.amount)}`,
    from.reason !== null && `because of "${from.reason}"`,
    `(${words(from.status)})`,
  )
  return [event(orderId, `dispute:${from.id}`, from.initiatedAt, text, { dispute: from })]
}

function fromEvent(orderId: string, from: TimelineEvent): Message {
  return message(orderId, {
    vendorId: `event:${from.id}`,
    kind: from.comment ? 'note' : 'event',
    direction: 'out',
    author: { ...nobody, name: from.author, role: from.by },
    createdAt: from.createdAt,
    // Staff comments are plain text; the shop's own sentences hold links and emphasis.
    bodyHtml: from.comment || from.html === '' ? null : from.html,
    bodyText: from.comment ? from.html : htmlToText(from.html),
    attachments: from.attachments,
    vendor: from.vendor,
  })
}

export function toMessages(order: Order): Message[] {
  const { id } = order
  const ended = order.cancelledAt
  const cancelled = `Order cancelled${order.cancelReason === null ? '' : `: ${words(order.cancelReason)}`}`
  return [
    ...fromNote(order),
    ...order.returns.flatMap((each) => fromReturn(order, each)),
    ...order.refunds.map((each) => fromRefund(id, each)),
    ...order.fulfilments.map((each) => fromFulfilment(id, each)),
    ...order.transactions.map((each) => fromTransaction(id, each)),
    ...order.disputes.flatMap((each) => fromDispute(id, each)),
    ...order.events.map((each) => fromEvent(id, each)),
    ...(ended === null ? [] : [event(id, `cancelled:${id}`, ended, cancelled)]),
  ].sort((a, b) => a.createdAt - b.createdAt)
}
