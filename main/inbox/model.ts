import type { ErrorShape } from '../../preload/errors.ts'
import type {
  Attachment,
  Channel,
  Command,
  CommandKind,
  Compose,
  Conversation,
  ConversationStatus,
  Directory,
  Page,
  Priority,
  Receipt,
  Thread,
} from '../connectors/model.ts'

/** Conversation ids inside Manydesk: account id and vendor id, so that everything synced is idempotent. */
export function conversationId(accountId: string, vendorId: string): string {
  return `${accountId}:${vendorId}`
}

/** The inverse of `conversationId`. Account ids hold no colon, vendor ids may. */
export function parseConversationId(id: string): { accountId: string; vendorId: string } {
  const at = id.indexOf(':')
  return { accountId: id.slice(0, Math.max(at, 0)), vendorId: id.slice(at + 1) }
}

export interface ListQuery {
  brandId?: string | undefined
  accountId?: string | undefined
  statuses?: ConversationStatus[] | undefined
  /** `me`: assigned to the identity of its account; `none`: unassigned. */
  assignee?: 'me' | 'none' | undefined
  unreadOnly?: boolean | undefined
  /** Full text over subject, customer, messages. Empty text is no filter. */
  text?: string | undefined
  /** Opaque keyset position of the previous page. */
  after?: string | undefined
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
    /** What can be done to it; null: all that its account can do. */
    commands: CommandKind[] | null
    statusScope: string | null
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
  /** The account that sends it. */
  accountId: string
  command: Command | Compose
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

/** `open` is everything that still needs work: new, open, pending, on hold. Kept up to date by every write, never recounted. */
export interface Counts {
  revision: number
  /** `all` is every conversation held here, whatever its status; `mine` and `unassigned` count what is open. */
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

/** What the store knows of the reading of one account. */
export interface SyncState {
  cursor: string | null
  /** True once the account has been read to its end; until then its newest conversations are here and older ones follow. */
  filled: boolean
  conversations: number
  /** What the vendor said last, null where it does not say. */
  total: number | null
  quarantined: number
}

/**
 * The encrypted local store, asked through a worker thread. Every call rejects with AppError `store_*` on trouble.
 * Writes are committed (WAL, synchronous=FULL) when they resolve.
 *
 * `readAt` (epoch milliseconds of this machine) is when the read began whose answer is written: what the vendor told before it confirmed a
 * command must not undo that command on screen. Left out: now.
 */
export interface Store {
  /** Adds or changes an account. A changed brand, routing or user is applied to its conversations before this resolves. */
  putAccount(account: StoreAccount): Promise<void>
  /** Deletes everything of the account, its drafts and unsent commands too. Deleting an unknown account is no error. */
  removeAccount(accountId: string): Promise<void>
  /**
   * Deletes the conversations that have not changed since `before` (epoch milliseconds). Those with a draft or something that is not sent yet
   * stay.
   */
  removeOlder(before: number): Promise<{ removed: number; accountIds: string[]; revision: number }>
  cursor(accountId: string): Promise<string | null>
  syncState(accountId: string): Promise<SyncState>
  /** One transaction: rows, people, removals, counters and the new cursor. Resolves the new revision. */
  applyPage(accountId: string, page: Page, readAt?: number): Promise<{ revision: number; changed: number }>
  applyThread(
    accountId: string,
    conversationVendorId: string,
    thread: Thread,
    readAt?: number,
  ): Promise<{ revision: number }>
  putDirectory(accountId: string, directory: Directory): Promise<void>
  directory(accountId: string): Promise<Directory>
  /** @throws AppError `bad_request` for an `after` that this store did not give */
  list(query: ListQuery): Promise<ListPage>
  counts(): Promise<Counts>
  thread(conversationId: string): Promise<ThreadView | null>
  /** The vendor's state, without commands of ours over it; null when it is not known (any more). */
  vendorConversation(conversationId: string): Promise<Conversation | null>
  /** Vendor ids of open conversations whose thread was never loaded or is older than the conversation, newest first. */
  threadsToLoad(accountId: string, limit: number): Promise<string[]>
  setRead(conversationIds: string[], read: boolean): Promise<{ revision: number }>
  /** Empty text removes the draft. */
  saveDraft(draft: Omit<Draft, 'updatedAt'>): Promise<void>
  draft(conversationId: string): Promise<Draft | null>
  /**
   * Durable before it resolves, applied optimistically in the same transaction, in the given order. A draft of the same kind is gone with it.
   * @throws AppError `not_found` for an unknown conversation
   */
  enqueue(conversationId: string, commands: Command[]): Promise<OutboxItem[]>
  /**
   * Durable before it resolves: a new conversation begun by a mail account in answer to this one, which shows it from then on. The draft of a
   * reply is gone with it.
   * @throws AppError `not_found` for an unknown conversation or account
   */
  enqueueCompose(conversationId: string, accountId: string, message: Compose): Promise<OutboxItem>
  /** Every command the vendor has not confirmed, oldest first. */
  outbox(): Promise<OutboxItem[]>
  attachment(messageId: string, attachmentId: string): Promise<{ accountId: string; attachment: Attachment } | null>
  /** Waits for calls in flight, folds the write-ahead log into the file and ends the thread. */
  close(): Promise<void>
}

/** A command that may be dispatched now, with the vendor's state of its conversation (null when that is gone). */
export interface DueCommand {
  item: OutboxItem
  conversation: Conversation | null
}

/** The durable state machine of commands. Every step is committed when it resolves, with the store's new revision. */
interface OutboxStore {
  /** At start, before any dispatch: what was `sending` has an unknown outcome. Answers how many there were. */
  recoverOutbox(): Promise<number>
  /** The first command of each conversation that is `queued` or `unknown` and due. `nextAt`: when the next one becomes due. */
  dueCommands(accountId: string, now: number): Promise<{ due: DueCommand[]; nextAt: number | null }>
  /** `queued` -> `sending`. @throws AppError `bad_request` when the command is not queued (any more) */
  beginCommand(id: string, now: number): Promise<{ revision: number }>
  /** `sending` -> `queued`: it certainly did not reach the vendor. */
  postponeCommand(id: string, error: ErrorShape, notBefore: number): Promise<{ revision: number }>
  /** `sending` or `unknown` -> `unknown`: it may have reached the vendor and must be probed. */
  doubtCommand(id: string, error: ErrorShape, notBefore: number): Promise<{ revision: number }>
  /** `unknown` -> `queued`: the vendor does not have it. */
  requeueCommand(id: string): Promise<{ revision: number }>
  failCommand(id: string, error: ErrorShape): Promise<{ revision: number }>
  /** The vendor has it: stores the message and the fresh conversation of the receipt. */
  confirmCommand(id: string, receipt: Receipt, now: number): Promise<{ revision: number }>
  /** `failed` -> `queued`, as the agent decided. @throws AppError `not_found`, `bad_request` */
  retryCommand(id: string): Promise<{ revision: number }>
  /** Forgets the command and takes its optimistic change back. @throws AppError `not_found`; `bad_request` while it is being sent */
  discardCommand(id: string): Promise<{ revision: number }>
}

export type LocalStore = Store & OutboxStore
