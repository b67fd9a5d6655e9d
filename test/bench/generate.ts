import type { Channel, Conversation, ConversationStatus, Message, Page, Person } from '../../main/connectors/model.ts'

/** A seeded stream of numbers in [0, 1): mulberry32, public domain. The same seed gives the same rows everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface GenerateOptions {
  seed: number
  conversations: number
  /** Messages of each conversation. */
  messages: number
  /** Vendor keys of brands to spread over; empty for none. */
  brandKeys?: string[]
  /** Vendor ids of agents; the first is "me" in most tests. */
  agents?: string[]
  /** The newest moment, epoch milliseconds. */
  newest?: number
}

const statuses: [ConversationStatus, number][] = [
  ['new', 0.06],
  ['open', 0.2],
  ['pending', 0.1],
  ['on_hold', 0.04],
  ['solved', 0.2],
  ['closed', 0.4],
]
const channels: Channel[] = ['email', 'email', 'email', 'chat', 'web', 'phone', 'social']
const words =
  'order refund parcel invoice delivery late broken size colour address change cancel question account password login warranty exchange discount voucher shipping return label tracking customs payment card declined Größe Straße façade 東京 送料 返品 заказ возврат доставка طلب استرداد ความช่วยเหลือ 배송 고객센터'.split(
    ' ',
  )
const names = 'Ada Grace Linus Mei Yuki Omar Lena Tomás Zoë Ivan Fatima Noor Chloé Jürgen Siobhán Kofi'.split(' ')
const dayMs = 86_400_000

/** Pages as a connector would give them: newest first, the last with `more: false`. Words and customers are skewed like real life. */
export function* generatePages(options: GenerateOptions, pageSize = 500): Generator<Page> {
  const random = seededRandom(options.seed)
  const newest = options.newest ?? Date.UTC(2026, 10, 20, 12)
  let at = newest
  for (let from = 0; from < options.conversations; from += pageSize) {
    const conversations: Conversation[] = []
    const messages: Message[] = []
    for (let number = from; number < Math.min(from + pageSize, options.conversations); number++) {
      at -= Math.floor(-Math.log(1 - random()) * ((365 * dayMs) / options.conversations))
      const conversation = conversationOf(number, at, random, options)
      conversations.push(conversation)
      for (let nth = 0; nth < options.messages; nth++) messages.push(messageOf(conversation, nth, random, options))
    }
    const more = from + pageSize < options.conversations
    yield {
      conversations,
      messages,
      people: [],
      removedVendorIds: [],
      quarantined: [],
      cursor: JSON.stringify({ from: from + conversations.length }),
      more,
      total: options.conversations,
    }
  }
}

function pick<T>(list: readonly T[], random: () => number): T {
  const found = list[Math.floor(random() * list.length)]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

/** Few are frequent, most are rare. */
function skewed<T>(list: readonly T[], random: () => number): T {
  return pick(list, () => random() ** 3)
}

function sentence(length: number, random: () => number): string {
  return Array.from({ length }, () => skewed(words, random)).join(' ')
}

function statusOf(random: () => number): ConversationStatus {
  let left = random()
  for (const [status, share] of statuses) {
    left -= share
    if (left < 0) return status
  }
  return 'closed'
}

function customerOf(number: number): Person {
  const name = `${names[number % names.length]} ${String.fromCharCode(65 + (number % 26))}. Example`
  return { vendorId: `u${number}`, name, email: `customer${number}@mail.example`, phone: null }
}

function conversationOf(number: number, at: number, random: () => number, options: GenerateOptions): Conversation {
  const status = statusOf(random)
  const agents = options.agents ?? ['a1', 'a2', 'a3']
  return {
    vendorId: String(100_000 + number),
    version: at,
    subject: sentence(3 + Math.floor(random() * 5), random),
    preview: sentence(12, random),
    status,
    vendorStatus: { id: status, label: status },
    priority: random() < 0.3 ? 'high' : null,
    channel: pick(channels, random),
    customer: customerOf(Math.floor(random() ** 2 * options.conversations)),
    assigneeVendorId: random() < 0.3 ? null : pick(agents, random),
    groupVendorId: null,
    tags: random() < 0.4 ? [skewed(words, random)] : [],
    brandKey: options.brandKeys?.length ? skewed(options.brandKeys, random) : null,
    createdAt: at - Math.floor(random() * 5 * dayMs),
    updatedAt: at,
    lastMessageBy: random() < 0.5 ? 'customer' : 'agent',
    dueAt: null,
    url: `https://acme.vendor.example/tickets/${number}`,
    vendor: { sample: number },
  }
}

function messageOf(conversation: Conversation, nth: number, random: () => number, options: GenerateOptions): Message {
  const incoming = nth % 2 === 0
  const text = sentence(20 + Math.floor(random() * 40), random)
  return {
    vendorId: `${conversation.vendorId}-${nth}`,
    conversationVendorId: conversation.vendorId,
    kind: 'reply',
    direction: incoming ? 'in' : 'out',
    author: incoming
      ? { ...conversation.customer, role: 'customer' }
      : { vendorId: options.agents?.[0] ?? 'a1', name: 'Agent', email: null, phone: null, role: 'agent' },
    createdAt: conversation.createdAt + nth * 60_000,
    bodyHtml: null,
    bodyText: text,
    attachments: [],
    vendor: {},
  }
}
