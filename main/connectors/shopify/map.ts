import type { Site } from '../connector.ts'
import { lastSpeaker } from '../last-speaker.ts'
import type { Channel, CommandKind, Conversation, ConversationStatus } from '../model.ts'
import { preview } from '../text.ts'
import { moneyText } from './fields.ts'
import { toMessages } from './map-messages.ts'
import { countedItems, demandsOf, type Order, openDisputes } from './order.ts'

/** Pure: an order in, a conversation of the unified model out. */

/** Sales channels as `source_name` tells them; an app is a number or a name of its own. */
const channels: Record<string, Channel> = {
  web: 'web',
  iphone: 'web',
  android: 'web',
  pos: 'other',
  shopify_draft_order: 'other',
  exchange: 'other',
  instagram: 'social',
  facebook: 'social',
  tiktok: 'social',
}

function channelOf({ source }: Order): Channel {
  if (source === null) return 'other'
  return Object.hasOwn(channels, source) ? (channels[source] ?? 'api') : 'api'
}

const words = (status: string) => status.replace(/_/g, ' ')

/** The state of the order itself; what is offered to set is `open` and `closed`. */
function stateOf(order: Order): { id: string; label: string } {
  if (order.cancelledAt !== null) return { id: 'cancelled', label: 'Cancelled' }
  return order.closedAt === null ? { id: 'open', label: 'Open' } : { id: 'closed', label: 'Closed' }
}

/** An archived order that somebody waits for stays in sight. */
function statusOf(order: Order): ConversationStatus {
  if (demandsOf(order).length > 0) return 'open'
  return order.closedAt === null && order.cancelledAt === null ? 'open' : 'closed'
}

function labelOf(order: Order): string {
  const demands = demandsOf(order)
  const states = [order.financial, order.fulfilment].filter((each) => each !== null).map(words)
  return [stateOf(order).label, ...(demands.length > 0 ? demands : states)].join(', ')
}

/** Closing an order settles no return, dispute or refund, and reopening brings no cancelled one back: then it is not offered. */
function commandsOf(order: Order): CommandKind[] {
  const settable = demandsOf(order).length === 0 && order.cancelledAt === null
  return settable ? ['note', 'status', 'tags'] : ['note', 'tags']
}

function subjectOf(order: Order): string {
  const [first] = order.items
  if (first === undefined) return `Order ${order.name}`
  const others = order.items.length - 1
  const more = others === 0 ? '' : order.items.length > countedItems ? ' and more' : ` and ${others} more`
  return `Order ${order.name}: ${first.name}${more}`
}

/** In place of words of the customer: what was ordered. */
function summaryOf(order: Order): string {
  const named = order.items.slice(0, countedItems)
  const items = named.map(({ name, quantity }) => (quantity === null ? name : `${quantity} × ${name}`))
  const more = order.items.length > countedItems ? ' and more' : ''
  return [`${items.join(', ')}${more}`, order.total === null ? '' : moneyText(order.total)].filter(Boolean).join(' · ')
}

export function toConversation(order: Order, site: Site): Conversation {
  const spoken = toMessages(order).filter((message) => message.kind !== 'event')
  const { shop } = site
  const due = openDisputes(order).flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt]))
  return {
    vendorId: order.id,
    version: order.updatedAt,
    subject: subjectOf(order),
    preview: preview(spoken.at(-1)?.bodyText ?? summaryOf(order)),
    status: statusOf(order),
    vendorStatus: { id: stateOf(order).id, label: labelOf(order) },
    commands: commandsOf(order),
    priority: null,
    channel: channelOf(order),
    customer: order.customer,
    assigneeVendorId: null,
    groupVendorId: null,
    tags: order.tags,
    brandKey: shop ? `${shop}.myshopify.com` : null,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    lastMessageBy: lastSpeaker(spoken),
    dueAt: due.length > 0 ? Math.min(...due) : null,
    url: shop
      ? `https://admin.shopify.com/store/${encodeURIComponent(shop)}/orders/${encodeURIComponent(order.id)}`
      : 'https://admin.shopify.com/',
    vendor: {
      ...order.vendor,
      ...(order.disputes.length > 0 ? { disputes: order.disputes } : {}),
    },
  }
}
