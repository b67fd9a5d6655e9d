import type { Conversation } from '../../connectors/model.ts'

/** Unread, and the moment of the newest customer activity that was counted, on the vendor's clock. */
export interface ReadMark {
  unread: 0 | 1
  customerAt: number
}

interface Known {
  status: Conversation['status']
  lastMessageBy: 'customer' | 'agent' | null
  unread: 0 | 1
  customerAt: number
}

const freshMs = 3 * 24 * 60 * 60_000

/**
 * A conversation becomes unread when the customer does something the agent has not seen, and read when an agent answers, here or
 * anywhere else.
 *
 * A first fill brings thousands of old conversations, which nobody wants marked. There, unread is what waits for a first or next answer and
 * is at most three days older than the newest conversation of the account.
 * @param firstFill null after the first fill; else the newest moment known of the account
 */
export function markOfNew(incoming: Conversation, firstFill: number | null): ReadMark {
  const waiting = incoming.status === 'new' || incoming.status === 'open'
  const customerSpoke =
    incoming.lastMessageBy === 'customer' ||
    (incoming.lastMessageBy === null && (firstFill === null || incoming.status === 'new'))
  const fresh = firstFill === null || incoming.updatedAt >= firstFill - freshMs
  return { unread: waiting && customerSpoke && fresh ? 1 : 0, customerAt: incoming.updatedAt }
}

/** After the vendor's list told of a change. What the list cannot tell apart, the thread will: see `markOfMessages`. */
export function markOfChange(before: Known, incoming: Conversation, shownStatus: Conversation['status']): ReadMark {
  const { unread, customerAt } = before
  if (incoming.lastMessageBy === 'agent' && before.lastMessageBy !== 'agent') return { unread: 0, customerAt }
  const customerNow = incoming.lastMessageBy === 'customer' && before.lastMessageBy === 'agent'
  const reopened = incoming.lastMessageBy !== 'agent' && isDone(before.status) && !isDone(shownStatus)
  if ((customerNow || reopened) && incoming.updatedAt > customerAt) return { unread: 1, customerAt: incoming.updatedAt }
  return { unread, customerAt }
}

/** After messages were read. `customer` and `agent`: when each spoke last, 0 for never. */
export function markOfMessages(before: ReadMark, spoke: { customer: number; agent: number }): ReadMark {
  if (spoke.customer > before.customerAt) {
    return { unread: spoke.agent > spoke.customer ? 0 : 1, customerAt: spoke.customer }
  }
  if (spoke.agent > before.customerAt) return { unread: 0, customerAt: before.customerAt }
  return before
}

function isDone(status: Conversation['status']): boolean {
  return status === 'solved' || status === 'closed'
}
