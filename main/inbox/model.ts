import type { ErrorShape } from '../../preload/errors.ts'
import type { Channel, Command, ConversationStatus, Directory, Page, Priority, Thread } from '../connectors/model.ts'

/** Conversation ids inside Manydesk: account id and vendor id, so that everything synced is idempotent. */
export function conversationId(accountId: string, vendorId: string): string {
  return `${accountId}:${vendorId}`
}

export interface ListQuery {
  brandId?: string
  accountId?: string
  statuses?: ConversationStatus[]
  /** `me`: assigned to the identity of its account; `none`: unassigned. */
  assignee?: 'me' | 'none'
  unreadOnly?: boolean
  /** Full text over subject, customer, messages. Empty text is no filter. */
  text?: string
  /** Opaque keyset position of the previous page. */
  after?: string
  /** 1 to 200. */
  limit: number
}

export interface ConversationRow {
  id: string
  accountId: string
  vendorId: string
  brandId: string | null
  subject: string
  preview: string
  status: ConversationStatus
  vendorStatusLabel: string
  priority: Priority | null
  channel: Channel
  customerName: string
  customerEmail: string | null
  assigneeVendorId: string | null
  assigneeName: string | null
  tags: string[]
  unread: boolean
  /** True while a command of this conversation waits in the outbox. */
  sending: boolean
  /** True when a command of this conversation failed and needs the agent. */
  failed: boolean
  hasDraft: boolean
  createdAt: number
  updatedAt: number
  lastMessageBy: 'customer' | 'agent' | null
  dueAt: number | null
}

export interface ListPage {
  rows: ConversationRow[]
  next: string | null
  /** Grows with every committed change. */
  revision: number
}

export interface MessageView {
  id: string
  vendorId: string | null
  kind: 'reply' | 'note' | 'event'
  direction: 'in' | 'out'
  authorName: string
  authorEmail: string | null
  authorRole: 'customer' | 'agent' | 'system'
  createdAt: number
  bodyHtml: string | null
  bodyText: string
  attachments: { id: string; name: string; contentType: string; size: number | null; inline: boolean }[]
  /** For our own message that is not confirmed yet. */
  delivery: { commandId: string; state: CommandState; error: ErrorShape | null } | null
}

export interface ThreadView {
  conversation: ConversationRow & {
    url: string
    brandKey: string | null
    vendor: Record<string, unknown>
    customerPhone: string | null
  }
  messages: MessageView[]
  /** When the thread was last read from the vendor; null: never, only the list knows it. */
  loadedAt: number | null
}

/** See security-reliability: only `queued` may be sent; `sending` found at start becomes `unknown` and is probed first. */
export type CommandState = 'queued' | 'sending' | 'unknown' | 'sent' | 'failed'

export interface OutboxItem {
  id: string
  conversationId: string
  accountId: string
  command: Command
  state: CommandState
  attempts: number
  createdAt: number
  /** When the current attempt began. */
  sentAt: number | null
  /** Not before this moment. */
  notBefore: number
  error: ErrorShape | null
  subject: string
  customerName: string
}

export interface Counts {
  revision: number
  total: { all: number; unread: number; mine: number; unassigned: number }
  byBrand: Record<string, { open: number; unread: number }>
  byAccount: Record<string, { all: number; open: number; unread: number }>
}

export interface Draft {
  conversationId: string
  kind: 'reply' | 'note'
  bodyText: string
  updatedAt: number
}

/** What the store knows of an account, so that rows can be listed by brand and "mine". */
export interface StoreAccount {
  accountId: string
  brandId: string | null
  routing: Record<string, string>
  vendorUserId: string
}

/**
 * The encrypted local store, asked through a worker thread. Every call rejects with AppError `store_*` on trouble.
 * Writes are committed (WAL, synchronous=FULL) when they resolve.
 */
export interface Store {
  putAccount(account: StoreAccount): Promise<void>
  removeAccount(accountId: string): Promise<void>
  cursor(accountId: string): Promise<string | null>
  /** One transaction: rows, people, removals, counters and the new cursor. Resolves the new revision. */
  applyPage(accountId: string, page: Page): Promise<{ revision: number; changed: number }>
  applyThread(accountId: string, conversationVendorId: string, thread: Thread): Promise<{ revision: number }>
  putDirectory(accountId: string, directory: Directory): Promise<void>
  directory(accountId: string): Promise<Directory>
  list(query: ListQuery): Promise<ListPage>
  counts(): Promise<Counts>
  thread(conversationId: string): Promise<ThreadView | null>
  /** Open conversations whose thread was never loaded or is older than the conversation, newest first. */
  threadsToLoad(accountId: string, limit: number): Promise<string[]>
  setRead(conversationIds: string[], read: boolean): Promise<{ revision: number }>
  saveDraft(draft: Omit<Draft, 'updatedAt'>): Promise<void>
  draft(conversationId: string): Promise<Draft | null>
  /** Durable before it resolves, applied optimistically in the same transaction, in the given order. */
  enqueue(conversationId: string, commands: Command[]): Promise<OutboxItem[]>
  outbox(): Promise<OutboxItem[]>
  attachment(
    messageId: string,
    attachmentId: string,
  ): Promise<{ accountId: string; attachment: import('../connectors/model.ts').Attachment } | null>
  close(): Promise<void>
}
