import type { MessageView, ThreadView } from '../model.ts'
import type { WorkerStore } from '../store-protocol.ts'
import { createAccounts } from './accounts.ts'
import { type Commands, createCommands } from './commands.ts'
import { createConversationRows } from './conversation-rows.ts'
import { createConversations } from './conversations.ts'
import { createCounters } from './counters.ts'
import { createDrafts } from './drafts.ts'
import type { Db } from './driver.ts'
import { createLists } from './list.ts'
import { createMessages } from './messages.ts'
import { createOldAge } from './old-age.ts'
import { createOutboxRows } from './outbox-rows.ts'
import { createPeople } from './people.ts'
import { createReading } from './reading.ts'
import { createRemoval } from './removal.ts'
import { rescue } from './rescue.ts'
import { createSearchIndex } from './search-index.ts'
import { createWriter } from './transaction.ts'

const rowsPerStep = 1_000

/** The store over one open database: each write in one transaction with its counters and its full text. */
export function createWorkerStore(db: Db, now: () => number): WorkerStore {
  const counters = createCounters(db)
  const search = createSearchIndex(db)
  const writer = createWriter(db, [counters, search])
  const accounts = createAccounts(db, counters)
  const outbox = createOutboxRows(db)
  const people = createPeople(db)
  const rows = createConversationRows(db, counters, search)
  const messages = createMessages(db)
  const drafts = createDrafts(db)
  const lists = createLists(db)
  const conversations = createConversations(db, { accounts, rows, outbox, people })
  const reading = createReading({ accounts, rows, conversations, messages, outbox, people, search, now })
  const commands = createCommands({ accounts, conversations, rows, outbox, people, drafts, reading, now })
  const removal = createRemoval(db, { accounts, rows, outbox, drafts })
  const oldAge = createOldAge(db, rows)
  const threadsToLoad = db
    .prepare<[number, number], string>(
      `SELECT vendor_id FROM conversations INDEXED BY conversations_thread
       WHERE account = ? AND status < 4 AND thread_version IS NOT version ORDER BY updated_at DESC LIMIT ?`,
    )
    .pluck()
  const write = <T>(change: () => T) => writer.write(change).value

  const threadOf = (id: string): ThreadView | null => {
    const row = conversations.find(id)
    const details = row && rows.details(row.id)
    const shown = row && lists.row(row.id)
    if (!row || !details || !shown) return null
    return {
      conversation: {
        ...shown,
        url: details.url,
        brandKey: row.brand_key,
        vendor: JSON.parse(details.vendor),
        customerPhone: row.customer_phone,
        commands: details.commands === null ? null : JSON.parse(details.commands),
        statusScope: details.status_scope,
      },
      messages: inOrder(messages.list(row.id), commands.messages(id)),
      loadedAt: row.thread_at,
    }
  }

  return {
    putAccountStep: (account) =>
      write(() => {
        const row = accounts.put(account)
        if (row.rebrand_after === null) return false
        const after = conversations.rebrand(row, rowsPerStep)
        accounts.setRebrandAfter(row.id, after)
        return after !== null
      }),
    removeAccountStep: (accountId) => write(() => removal.step(accountId, rowsPerStep)),
    removeOlderStep(before) {
      const { value, revision } = writer.write(() => oldAge.step(before, rowsPerStep))
      return { ...value, revision }
    },
    rescueFrom: (file, key) => write(() => rescue(db, file, key)),
    cursor: (accountId) => accounts.find(accountId)?.cursor ?? null,
    syncState(accountId) {
      const account = accounts.find(accountId)
      if (account) return accounts.state(account)
      return { cursor: null, filled: false, conversations: 0, total: null, quarantined: 0 }
    },
    applyPage(accountId, page, readAt = now()) {
      const { value, revision } = writer.write(() => reading.page(accountId, page, readAt))
      return { revision, changed: value }
    },
    applyThread(accountId, vendorId, thread, readAt = now()) {
      return { revision: writer.write(() => reading.thread(accountId, vendorId, thread, readAt)).revision }
    },
    putDirectory: (accountId, directory) => write(() => reading.directory(accountId, directory)),
    directory(accountId) {
      const account = accounts.find(accountId)
      const lists = account?.directory ? JSON.parse(account.directory) : { groups: [], statuses: [], brands: [] }
      return { agents: account ? people.agents(account.id) : [], ...lists }
    },
    list: (query) => lists.list(query, writer.revision()),
    counts: () => counters.counts(writer.revision()),
    thread: threadOf,
    vendorConversation: (id) => conversations.vendorState(id),
    threadsToLoad(accountId, limit) {
      const account = accounts.find(accountId)
      return account ? threadsToLoad.all(account.id, limit) : []
    },
    setRead(ids, read) {
      const { revision } = writer.write(() => {
        for (const id of ids) {
          const row = conversations.find(id)
          // What is known by now was seen (or put back on purpose): only newer activity changes the mark again.
          const customer_at = row ? Math.max(row.customer_at, row.updated_at) : 0
          if (row) rows.update(row, { unread: read ? 0 : 1, customer_at })
        }
      })
      return { revision }
    },
    saveDraft: (draft) => write(() => drafts.save({ ...draft, updatedAt: now() })),
    draft: (id) => drafts.get(id),
    enqueue: (id, list) => write(() => commands.enqueue(id, list)),
    enqueueCompose: (id, accountId, message) => write(() => commands.enqueueCompose(id, accountId, message)),
    outbox: () => commands.list(),
    attachment: (messageId, attachmentId) => messages.attachment(messageId, attachmentId),
    ...outboxCalls(commands, writer),
  }
}

/** What was sent stands at its time among the vendor's messages, what waits stands at the end. */
function inOrder(stored: MessageView[], own: MessageView[]): MessageView[] {
  const sent = own.filter(({ delivery }) => delivery?.state === 'sent')
  const waiting = own.filter(({ delivery }) => delivery?.state !== 'sent')
  return [...[...stored, ...sent].sort((a, b) => a.createdAt - b.createdAt), ...waiting]
}

type OutboxCalls = Pick<
  WorkerStore,
  | 'recoverOutbox'
  | 'dueCommands'
  | 'beginCommand'
  | 'postponeCommand'
  | 'doubtCommand'
  | 'requeueCommand'
  | 'failCommand'
  | 'confirmCommand'
  | 'retryCommand'
  | 'discardCommand'
>

function outboxCalls(commands: Commands, writer: ReturnType<typeof createWriter>): OutboxCalls {
  const step = (change: () => void) => ({ revision: writer.write(change).revision })
  return {
    recoverOutbox: () => writer.write(() => commands.recover()).value,
    dueCommands: (accountId, now) => commands.due(accountId, now),
    beginCommand: (id, now) => step(() => commands.begin(id, now)),
    postponeCommand: (id, error, notBefore) => step(() => commands.postpone(id, error, notBefore)),
    doubtCommand: (id, error, notBefore) => step(() => commands.doubt(id, error, notBefore)),
    requeueCommand: (id) => step(() => commands.requeue(id)),
    failCommand: (id, error) => step(() => commands.fail(id, error)),
    confirmCommand: (id, receipt, now) => step(() => commands.confirm(id, receipt, now)),
    retryCommand: (id) => step(() => commands.retry(id)),
    discardCommand: (id) => step(() => commands.discard(id)),
  }
}
