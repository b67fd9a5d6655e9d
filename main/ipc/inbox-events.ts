import type { EventValue } from '../../preload/contract.ts'
import { coalesce } from './coalesce.ts'
import type { Tell } from './router.ts'

type InboxChange = EventValue<'inbox.changed'>

/** Above this many the window reads its lists anew anyway. */
const maxConversations = 200
const intervalMs = 100

/** The sum of two changes: the newest revision, everything either named. */
export function mergeChanges(before: InboxChange, after: InboxChange): InboxChange {
  const both =
    before.conversationIds === null || after.conversationIds === null
      ? null
      : [...new Set([...before.conversationIds, ...after.conversationIds])]
  return {
    revision: Math.max(before.revision, after.revision),
    accountIds: [...new Set([...before.accountIds, ...after.accountIds])],
    conversationIds: both !== null && both.length > maxConversations ? null : both,
  }
}

/** Tells the windows of changes in the inbox, at most ten times a second however fast they come. */
export function createInboxEvents(tell: Tell): (change: InboxChange) => void {
  let pending: InboxChange | null = null
  const flush = coalesce(() => {
    if (pending === null) return
    const change = pending
    pending = null
    tell('inbox.changed', change)
  }, intervalMs)
  return (change) => {
    pending = pending === null ? change : mergeChanges(pending, change)
    flush()
  }
}
