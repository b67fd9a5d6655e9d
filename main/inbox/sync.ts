import PQueue from 'p-queue'
import type { Account } from '../accounts/model.ts'
import type { AppError } from '../errors.ts'
import type { Clock, Log } from '../ports.ts'
import { type AccountLoop, createAccountLoop } from './account-loop.ts'
import type { Store, StoreAccount } from './model.ts'
import { createThreadReader } from './thread-reader.ts'
import type { VendorAccess } from './vendor-access.ts'

/** What `accounts.list` shows of the reading of an account. */
export interface SyncStatus {
  phase: 'idle' | 'first-fill' | 'updating' | 'waiting' | 'failing'
  conversations: number
  total: number | null
  /** When the next try is, while `waiting` or `failing`. */
  waitUntil: number | null
  quarantined: number
}

/** As the event `inbox.changed`. */
export interface InboxChange {
  revision: number
  accountIds: string[]
  /** Null when too many changed to name them. */
  conversationIds: string[] | null
}

export interface SyncOptions extends VendorAccess {
  store: Store
  /** Null when the account is unknown (any more). */
  account(accountId: string): Account | null
  clock: Clock
  log: Log
  isOnline(): boolean
  onChange(change: InboxChange): void
  onStatus(accountId: string, status: SyncStatus): void
  /** A page was read to the end at this moment: `Account.lastSyncAt`. */
  onSynced(accountId: string, at: number): void
  /** Null: the trouble is over. `needs_sign_in` ends the reading until `start` is called again. */
  onTrouble(accountId: string, error: AppError | null): void
  /** A number in [0, 1), for jitter. */
  random(): number
  /** Milliseconds between two readings of an account that is current. Default 60,000. */
  pollMs?: number
  /** How many accounts read at the same moment. Default 6. */
  concurrency?: number
}

export interface Sync {
  /** Begins (or begins again, after a sign-in or a pause) to read an account. Harmless when it is being read already. */
  start(accountId: string): void
  /** Ends the reading (paused, removed, needs sign-in). When it resolves, nothing more of this account will be written. */
  stop(accountId: string): Promise<void>
  /** Reads now instead of at the next poll; all accounts without an argument. A wait the vendor asked for is kept. */
  syncNow(accountId?: string): void
  /** Reads one thread from the vendor, ahead of all background work. @throws AppError as the connector */
  refreshThread(conversationId: string): Promise<void>
  /** Call when the network came or went. */
  setOnline(online: boolean): void
  status(accountId: string): SyncStatus
  close(): Promise<void>
}

const unreadStatus: SyncStatus = {
  phase: 'idle',
  conversations: 0,
  total: null,
  waitUntil: null,
  quarantined: 0,
}

/** The account as the store wants it. */
export function storeAccount(account: Account): StoreAccount {
  const { id, brandId, routing, identity } = account
  return { accountId: id, brandId, routing, vendorUserId: identity.vendorUserId }
}

/**
 * Reads every started account: one loop each, so that trouble of one never holds another, behind one gate that lets a few call at a time,
 * a page each, in turn.
 */
export function createSync(options: SyncOptions): Sync {
  const gate = new PQueue({ concurrency: options.concurrency ?? 6 })
  const threads = createThreadReader(options, gate)
  const loops = new Map<string, AccountLoop>()
  const ending = new Set<Promise<void>>()
  const statuses = new Map<string, SyncStatus>()

  const stop = async (accountId: string) => {
    const loop = loops.get(accountId)
    loops.delete(accountId)
    if (!loop) return
    const ended = loop.stop()
    ending.add(ended)
    await ended.finally(() => ending.delete(ended))
  }
  return {
    start(accountId) {
      const running = loops.get(accountId)
      if (running && !running.ended()) return
      loops.set(
        accountId,
        createAccountLoop(accountId, {
          ...options,
          gate,
          threads,
          onStatus: (id, status) => {
            statuses.set(id, status)
            options.onStatus(id, status)
          },
        }),
      )
    },
    stop,
    syncNow(accountId) {
      if (accountId === undefined) for (const loop of loops.values()) loop.wake()
      else loops.get(accountId)?.wake()
    },
    refreshThread: (conversationId) => threads.read(conversationId, AbortSignal.timeout(60_000), 'asked'),
    setOnline(online) {
      if (online) for (const loop of loops.values()) loop.wake()
    },
    status: (accountId) => statuses.get(accountId) ?? unreadStatus,
    async close() {
      await Promise.all([...[...loops.keys()].map(stop), ...ending])
      await gate.onIdle()
    },
  }
}
