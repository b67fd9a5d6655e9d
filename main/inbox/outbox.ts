import type { AppError } from '../errors.ts'
import type { Clock, Log } from '../ports.ts'
import { type AccountDispatcher, createAccountDispatcher } from './account-dispatcher.ts'
import type { LocalStore } from './model.ts'
import type { VendorAccess } from './vendor-access.ts'

export interface OutboxOptions extends VendorAccess {
  store: LocalStore
  clock: Clock
  log: Log
  isOnline(): boolean
  /** A command changed its state, and the row and thread of its conversation with it. */
  onChange(change: { accountId: string; conversationId: string; revision: number }): void
  /** The vendor confirmed a reply or note: a good moment to read the thread. */
  onSent(conversationId: string): void
  /** `needs_sign_in` and its kin: the account's commands wait until `start` is called again. */
  onTrouble(accountId: string, error: AppError): void
  /** A number in [0, 1), for jitter. */
  random(): number
  /** How long after a lost answer the vendor is asked first: its lists may lag behind. Default 5,000. */
  probeAfterMs?: number
}

export interface Outbox {
  /** Once, before any `start`: what was being sent when the app ended has an unknown outcome. */
  recover(): Promise<void>
  /** Dispatches the commands of an account from now on (also after a sign-in or a pause). */
  start(accountId: string): void
  /** Ends dispatching (paused, removed, needs sign-in). A command in flight is waited for. */
  stop(accountId: string): Promise<void>
  /** Call after `store.enqueue`. */
  wake(accountId: string): void
  /** @throws AppError `not_found`, `bad_request` */
  retry(id: string): Promise<void>
  /** @throws AppError `not_found`; `bad_request` while it is being sent */
  discard(id: string): Promise<void>
  /** Call when the network came or went. */
  setOnline(online: boolean): void
  close(): Promise<void>
}

/** Sends what agents decided, each account on its own, each conversation in order, to the customer at most once. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { store } = options
  const dispatchers = new Map<string, AccountDispatcher>()

  const stop = async (accountId: string) => {
    const dispatcher = dispatchers.get(accountId)
    dispatchers.delete(accountId)
    await dispatcher?.stop()
  }
  /** Looks the command up first, because a discarded one can no longer tell where it belonged. */
  const change = async (id: string, apply: (id: string) => Promise<{ revision: number }>) => {
    const item = (await store.outbox()).find((one) => one.id === id)
    const { revision } = await apply(id)
    if (!item) return
    options.onChange({ accountId: item.accountId, conversationId: item.conversationId, revision })
    dispatchers.get(item.accountId)?.wake()
  }
  return {
    async recover() {
      const doubtful = await store.recoverOutbox()
      if (doubtful > 0) options.log.info('Commands with an unknown outcome will be checked first', { doubtful })
    },
    start(accountId) {
      const running = dispatchers.get(accountId)
      if (running && !running.ended()) running.wake()
      else dispatchers.set(accountId, createAccountDispatcher(accountId, options))
    },
    stop,
    wake: (accountId) => dispatchers.get(accountId)?.wake(),
    retry: (id) => change(id, store.retryCommand),
    discard: (id) => change(id, store.discardCommand),
    setOnline(online) {
      if (online) for (const dispatcher of dispatchers.values()) dispatcher.wake()
    },
    async close() {
      await Promise.all([...dispatchers.keys()].map(stop))
    },
  }
}
