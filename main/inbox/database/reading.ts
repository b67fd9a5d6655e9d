import type { Conversation, Directory, Message, Page, Person, Quarantined, Thread } from '../../connectors/model.ts'
import { conversationId } from '../model.ts'
import type { AccountRow, Accounts } from './accounts.ts'
import type { ConversationRows } from './conversation-rows.ts'
import type { Conversations } from './conversations.ts'
import { type Messages, previewOf } from './messages.ts'
import { commandOf, type OutboxRows } from './outbox-rows.ts'
import type { People } from './people.ts'
import { faultOfConversation, faultOfMessage } from './record-check.ts'
import type { SearchIndex } from './search-index.ts'
import { markOfMessages } from './unread.ts'

export interface ReadingParts {
  accounts: Accounts
  rows: ConversationRows
  conversations: Conversations
  messages: Messages
  outbox: OutboxRows
  people: People
  search: SearchIndex
  now(): number
}

/** Writing what was read from a vendor. Call inside a transaction. */
export interface Reading {
  /** Answers how many conversations changed. @throws AppError `not_found` for an unknown account */
  page(accountId: string, page: Page, readAt: number): number
  thread(accountId: string, conversationVendorId: string, thread: Thread, readAt: number): void
  directory(accountId: string, directory: Directory): void
  /** One message that we wrote ourselves and the vendor confirmed. */
  ownMessage(row: number, message: Message, readAt: number): void
}

export function createReading(parts: ReadingParts): Reading {
  const { accounts, rows, conversations, messages, outbox, people, search } = parts

  const setAside = (account: AccountRow, records: Quarantined[]) => {
    const now = parts.now()
    for (const { vendorId, path, reason } of records)
      accounts.quarantine(account.id, vendorId ?? path, path, reason, now)
  }
  const learn = (account: AccountRow, list: Person[]) =>
    list.reduce((sum, one) => sum + (people.put(account.id, one) ? conversations.renameCustomer(account, one) : 0), 0)

  /** What messages tell of their conversation: the newest words, who spoke last, whether the customer is waiting. */
  const follow = (id: number, changes: { thread_at?: number; thread_version?: number } = {}) => {
    const row = rows.get(id)
    if (!row) return
    const { customer, agent, newest } = messages.spoken(id)
    const mark = markOfMessages({ unread: row.unread, customerAt: row.customer_at }, { customer, agent })
    const spokeLast = customer === 0 && agent === 0 ? null : customer > agent ? 'customer' : 'agent'
    rows.update(row, {
      ...changes,
      unread: mark.unread,
      customer_at: mark.customerAt,
      preview: newest === null ? row.preview : previewOf(newest) || row.preview,
      last_message_by: row.last_message_by ?? spokeLast,
    })
  }

  const putMessages = (account: AccountRow, list: Message[], readAt: number): Set<number> => {
    const followed = new Set<number>()
    for (const message of list) {
      const row = rows.find(account.id, message.conversationVendorId)
      const fault = faultOfMessage(message)
      if (fault) setAside(account, [{ vendorId: message.vendorId, path: `message.${fault}`, reason: 'not usable' }])
      else if (row && messages.put(row.id, message, readAt)) {
        search.touch(row.id, row.search_id)
        followed.add(row.id)
      }
    }
    return followed
  }

  const putConversations = (account: AccountRow, list: Conversation[], readAt: number): number => {
    let changed = 0
    for (const one of list) {
      accounts.release(account.id, one.vendorId)
      if (conversations.put(account, one, readAt)?.changed) changed += 1
    }
    return changed
  }
  const removeConversations = (account: AccountRow, vendorIds: string[]): number => {
    const found = vendorIds.map((vendorId) => rows.find(account.id, vendorId)).filter((row) => row !== null)
    for (const row of found) rows.remove(row)
    return found.length
  }

  return {
    page(accountId, page, readAt) {
      const known = accounts.get(accountId)
      const { usable, faults } = sorted(page.conversations)
      const newest = usable.reduce((latest, one) => Math.max(latest, one.updatedAt), known.newest_at)
      const account = { ...known, newest_at: newest }
      let changed = learn(account, page.people)
      changed += putConversations(account, usable, readAt)
      const followed = putMessages(account, page.messages, readAt)
      for (const id of followed) follow(id)
      changed += followed.size + removeConversations(account, page.removedVendorIds)
      setAside(account, [...page.quarantined, ...faults])
      accounts.setCursor(account.id, page.cursor, newest, page.total, page.more)
      return changed
    },

    thread(accountId, vendorId, thread, readAt) {
      const account = accounts.get(accountId)
      learn(account, thread.people)
      const fresh = thread.conversation
      if (fresh && faultOfConversation(fresh) === null) conversations.put(account, fresh, readAt)
      const row = rows.find(account.id, vendorId)
      if (!row) return
      const usable = thread.messages.filter((message) => faultOfMessage(message) === null)
      if (messages.replace(row.id, usable, readAt)) search.touch(row.id, row.search_id)
      setAside(account, thread.quarantined)
      follow(row.id, { thread_at: readAt, thread_version: fresh?.version ?? row.version })
      // A confirmed message without an id of the vendor was shown from the outbox until this read.
      for (const item of outbox.ofConversation(conversationId(accountId, vendorId))) {
        const isMessage = ['reply', 'note'].includes(commandOf(item).kind)
        if (isMessage && item.state === 'sent' && (item.confirmed_at ?? 0) <= readAt) outbox.remove(item.id)
      }
    },

    directory(accountId, directory) {
      const account = accounts.get(accountId)
      const { agents, ...lists } = directory
      people.putAgents(account.id, agents)
      accounts.setDirectory(account.id, JSON.stringify(lists))
    },

    ownMessage(row, message, readAt) {
      const found = rows.get(row)
      if (!found || faultOfMessage(message) !== null) return
      if (messages.put(row, message, readAt)) search.touch(row, found.search_id)
      follow(row)
    },
  }
}

/** A connector sets unreadable records aside itself; what slips through must not cost the rest of its page. */
function sorted(list: Conversation[]): { usable: Conversation[]; faults: Quarantined[] } {
  const faults = list.flatMap((one) => {
    const fault = faultOfConversation(one)
    return fault ? [{ vendorId: one.vendorId || null, path: `conversation.${fault}`, reason: 'not usable' }] : []
  })
  return { usable: list.filter((one) => faultOfConversation(one) === null), faults }
}
