import { randomUUID } from 'node:crypto'
import type { ErrorShape } from '../../../preload/errors.ts'
import type { Agent, Command, Compose, Message, Receipt } from '../../connectors/model.ts'
import { AppError } from '../../errors.ts'
import { type CommandState, type DueCommand, type MessageView, type OutboxItem, parseConversationId } from '../model.ts'
import type { Drafts } from './drafts.ts'
import { commandOf, isWritten, itemOf, type OutboxRow } from './outbox-rows.ts'
import type { Reading, ReadingParts } from './reading.ts'

interface CommandParts extends Pick<ReadingParts, 'accounts' | 'conversations' | 'rows' | 'outbox' | 'people' | 'now'> {
  reading: Reading
  drafts: Drafts
}

/** The state machine of commands. Every method but `due`, `list` and `messages` must run inside a transaction. */
export interface Commands {
  enqueue(conversationId: string, commands: Command[]): OutboxItem[]
  enqueueCompose(conversationId: string, accountId: string, message: Compose): OutboxItem
  list(): OutboxItem[]
  due(accountId: string, now: number): { due: DueCommand[]; nextAt: number | null }
  recover(): number
  begin(id: string, now: number): void
  postpone(id: string, error: ErrorShape, notBefore: number): void
  doubt(id: string, error: ErrorShape, notBefore: number): void
  requeue(id: string): void
  fail(id: string, error: ErrorShape): void
  confirm(id: string, receipt: Receipt, now: number): void
  retry(id: string): void
  discard(id: string): void
  /** Own replies and notes of a conversation that the vendor's thread does not show (yet): sent ones have the time of their sending. */
  messages(conversationId: string): MessageView[]
}

/** How long a confirmed command may stay over a vendor's state that never moves on. */
const confirmedMs = 24 * 60 * 60_000
/** A vendor's lists may lag behind a write that was cut off. */
const probeAfterMs = 5_000

export function createCommands(parts: CommandParts): Commands {
  const { outbox, conversations, rows } = parts

  const get = (id: string, ...states: CommandState[]): OutboxRow => {
    const row = outbox.get(id)
    if (!row) throw new AppError('not_found', 'This command is no longer in the outbox.')
    if (states.includes(row.state)) return row
    throw new AppError('bad_request', 'This is not possible for the command any more.', {
      detail: `it is ${row.state}`,
    })
  }
  const text = (error: ErrorShape) => JSON.stringify(error)

  const add = (conversationId: string, accountId: string, command: Command | Compose, now: number): OutboxItem => {
    const row = conversations.find(conversationId)
    if (!row) {
      throw new AppError('not_found', 'This conversation is no longer in the local copy.', {
        action: 'Copy what you wrote and look for the conversation again.',
      })
    }
    const item: Omit<OutboxRow, 'seq'> = {
      id: randomUUID(),
      conversation_id: conversationId,
      account_id: accountId,
      command: JSON.stringify(command),
      state: 'queued',
      attempts: 0,
      created_at: now,
      sent_at: null,
      not_before: 0,
      error: null,
      subject: row.subject,
      customer_name: row.customer_name ?? row.customer_email ?? '',
      confirmed_at: null,
      base_version: null,
    }
    outbox.add(item)
    if (command.kind === 'reply' || command.kind === 'compose')
      rows.update(row, { unread: 0, customer_at: Math.max(row.customer_at, row.updated_at) })
    if (isWritten(command)) parts.drafts.removeKind(conversationId, command.kind === 'note' ? 'note' : 'reply')
    return itemOf({ ...item, seq: 0 })
  }

  /** Stores what the vendor confirmed; a message it did not describe is the one we sent. */
  const confirm = (row: OutboxRow, receipt: Receipt, now: number) => {
    const command = commandOf(row)
    if (command.kind === 'compose') return confirmCompose(row, receipt, now)
    const { accountId } = parseConversationId(row.conversation_id)
    const account = parts.accounts.find(accountId)
    const conversation = conversations.find(row.conversation_id)
    outbox.step(row.id, { state: 'sent', error: null, confirmed_at: now, base_version: conversation?.version ?? 0 })
    if (!account || !conversation) return outbox.remove(row.id)
    if (receipt.conversation) conversations.put(account, receipt.conversation, now)
    if (command.kind !== 'reply' && command.kind !== 'note') return
    const message = receipt.message ?? ownMessage(row, command, receipt, account.vendor_user_id)
    if (!message) return
    parts.reading.ownMessage(conversation.id, message, now)
    outbox.remove(row.id)
  }

  /** The new conversation belongs to the account that sent it; the row stays for as long as the one it answers is there to show it. */
  const confirmCompose = (row: OutboxRow, receipt: Receipt, now: number) => {
    if (conversations.find(row.conversation_id)) outbox.step(row.id, { state: 'sent', error: null, confirmed_at: now })
    else outbox.remove(row.id)
    const account = parts.accounts.find(row.account_id)
    const put = account && receipt.conversation && conversations.put(account, receipt.conversation, now)
    if (put && receipt.message) parts.reading.ownMessage(put.id, receipt.message, now)
  }

  /** The person an account speaks as, among the agents it knows. */
  const authorOf = (accountId: string): Agent | undefined => {
    const account = parts.accounts.find(accountId)
    if (!account) return undefined
    return parts.people.agents(account.id).find(({ vendorId }) => vendorId === account.vendor_user_id)
  }

  const ownMessage = (
    row: OutboxRow,
    command: Extract<Command, { kind: 'reply' | 'note' }>,
    receipt: Receipt,
    vendorUserId: string,
  ): Message | null => {
    if (receipt.messageVendorId === null) return null
    const { accountId, vendorId } = parseConversationId(row.conversation_id)
    const me = authorOf(accountId)
    return {
      vendorId: receipt.messageVendorId,
      conversationVendorId: vendorId,
      kind: command.kind,
      direction: 'out',
      author: { vendorId: vendorUserId, name: me?.name ?? null, email: me?.email ?? null, phone: null, role: 'agent' },
      createdAt: row.sent_at ?? row.created_at,
      bodyHtml: command.bodyHtml || null,
      bodyText: command.bodyText,
      attachments: [],
      vendor: {},
    }
  }

  return {
    enqueue(conversationId, commands) {
      const now = parts.now()
      const { accountId } = parseConversationId(conversationId)
      const items = commands.map((command) => add(conversationId, accountId, command, now))
      conversations.reproject(conversationId)
      return items
    },
    enqueueCompose(conversationId, accountId, message) {
      parts.accounts.get(accountId)
      return add(conversationId, accountId, message, parts.now())
    },
    list: () => outbox.waiting().map(itemOf),
    due(accountId, now) {
      const heads = outbox.heads(accountId).filter((row) => row.state === 'queued' || row.state === 'unknown')
      const due = heads.filter((row) => row.not_before <= now)
      const later = heads.filter((row) => row.not_before > now).map((row) => row.not_before)
      return {
        due: due.map((row) => ({
          item: itemOf(row),
          conversation: conversations.vendorState(row.conversation_id),
        })),
        nextAt: later.length === 0 ? null : Math.min(...later),
      }
    },
    recover() {
      const left = outbox.leftOver(parts.now() - confirmedMs)
      for (const row of left.filter((one) => one.state === 'sent' && commandOf(one).kind !== 'compose')) {
        outbox.remove(row.id)
        conversations.reproject(row.conversation_id)
      }
      const cutOff = left.filter((one) => one.state === 'sending')
      for (const row of cutOff) {
        outbox.step(row.id, { state: 'unknown', not_before: (row.sent_at ?? row.created_at) + probeAfterMs })
      }
      return cutOff.length
    },
    begin(id, now) {
      const row = get(id, 'queued')
      outbox.step(id, { state: 'sending', attempts: row.attempts + 1, sent_at: now, error: null })
    },
    postpone(id, error, notBefore) {
      const row = get(id, 'sending')
      outbox.step(id, { state: 'queued', attempts: row.attempts - 1, error: text(error), not_before: notBefore })
    },
    doubt(id, error, notBefore) {
      get(id, 'sending', 'unknown')
      outbox.step(id, { state: 'unknown', error: text(error), not_before: notBefore })
    },
    requeue(id) {
      get(id, 'unknown')
      outbox.step(id, { state: 'queued', not_before: 0 })
    },
    fail(id, error) {
      get(id, 'queued', 'sending', 'unknown')
      outbox.step(id, { state: 'failed', error: text(error) })
    },
    confirm: (id, receipt, now) => confirm(get(id, 'sending', 'unknown'), receipt, now),
    retry(id) {
      get(id, 'failed')
      outbox.step(id, { state: 'queued', attempts: 0, error: null, not_before: 0 })
    },
    discard(id) {
      const row = get(id, 'queued', 'unknown', 'failed')
      outbox.remove(id)
      conversations.reproject(row.conversation_id)
    },
    messages: (conversationId) =>
      outbox.ofConversation(conversationId).flatMap((row) => pendingMessage(row, authorOf(row.account_id))),
  }
}

/** Our own message as the thread shows it until the vendor's copy is here. */
function pendingMessage(row: OutboxRow, author: Agent | undefined): MessageView[] {
  const item = itemOf(row)
  const { command } = item
  if (!isWritten(command)) return []
  return [
    {
      id: item.id,
      vendorId: null,
      kind: command.kind === 'note' ? 'note' : 'reply',
      direction: 'out',
      authorName: author?.name ?? '',
      authorEmail: author?.email ?? null,
      authorRole: 'agent',
      createdAt: item.state === 'sent' ? (item.sentAt ?? item.createdAt) : item.createdAt,
      bodyHtml: command.bodyHtml || null,
      bodyText: command.bodyText,
      attachments: [],
      delivery: { commandId: item.id, state: item.state, error: item.error },
    },
  ]
}
