import type PQueue from 'p-queue'
import type { ErrorCode } from '../../preload/errors.ts'
import { AppError, isAppError } from '../errors.ts'
import { conversationId } from './model.ts'
import { createPause } from './pause.ts'
import { retryDelayMs } from './retry-delay.ts'
import { type SyncOptions, type SyncStatus, storeAccount } from './sync.ts'
import type { ThreadReader } from './thread-reader.ts'

export interface AccountLoop {
  wake(): void
  /** True after the loop ended by itself (needs sign-in, account gone). */
  ended(): boolean
  stop(): Promise<void>
}

interface LoopOptions extends SyncOptions {
  gate: PQueue
  threads: ThreadReader
}

const pollMs = 60_000
const offlineCheckMs = 30_000
const directoryMs = 24 * 60 * 60_000
/** Threads fetched ahead after each reading, so that recent work opens offline. */
const threadsPerRound = 40
const namedChanges = 200
/** Trouble of one call, not of the account. */
const ofOneCall: ErrorCode[] = [
  'vendor_not_found',
  'vendor_forbidden',
  'vendor_bad_answer',
  'vendor_rejected',
  'not_found',
  'not_supported',
]
const threadRetryMs = 30 * 60_000

/** Reads one account for as long as it is started: pages until it is current, directory, recent threads, then a pause. */
export function createAccountLoop(accountId: string, options: LoopOptions): AccountLoop {
  const { store, clock, log } = options
  const stopped = new AbortController()
  const pause = createPause(stopped.signal)
  const skippedThreads = new Map<string, number>()
  let directoryAt: number | null = null
  let failures = 0
  let refusals = 0
  let troubled = false
  let known = false
  let ended = false
  /** Somebody wants what is new before the next poll. */
  let asked = false
  /** A wait the vendor asked for: `wake` does not shorten it. */
  let heldUntil = 0

  const tell = async (phase: SyncStatus['phase'], waitUntil: number | null = null) => {
    const { conversations, total, quarantined } = await store.syncState(accountId)
    options.onStatus(accountId, { phase, conversations, total, waitUntil, quarantined })
  }

  /** @returns true while the vendor has more to read now */
  const readPage = async (restart: boolean): Promise<boolean> => {
    const { cursor, filled } = await store.syncState(accountId)
    await tell(filled ? 'updating' : 'first-fill')
    const readAt = clock.now()
    const context = options.contextFor(accountId, stopped.signal)
    const page = await options.connectorFor(accountId).pull(context, restart ? null : cursor)
    stopped.signal.throwIfAborted()
    const { revision, changed } = await store.applyPage(accountId, page, readAt)
    if (page.quarantined.length > 0) log.warn('Records were set aside', { accountId, count: page.quarantined.length })
    if (changed > 0) {
      const ids = [...page.conversations.map((one) => one.vendorId), ...page.removedVendorIds]
      const named = ids.length <= namedChanges && page.people.length === 0
      options.onChange({
        revision,
        accountIds: [accountId],
        conversationIds: named ? ids.map((id) => conversationId(accountId, id)) : null,
      })
    }
    return page.more
  }

  const readAll = async (restart: boolean) => {
    let more = true
    for (let first = true; more; first = false) {
      more = await options.gate.add(() => readPage(restart && first), { signal: stopped.signal })
    }
    options.onSynced(accountId, clock.now())
  }

  /** Names and statuses come before the rows that show them. Conversations are worth more: they do not wait for a refused directory. */
  const readDirectory = async () => {
    if (directoryAt !== null && clock.monotonic() - directoryAt < directoryMs) return
    const context = options.contextFor(accountId, stopped.signal)
    const read = () => options.connectorFor(accountId).directory(context)
    try {
      const directory = await options.gate.add(read, { signal: stopped.signal })
      stopped.signal.throwIfAborted()
      await store.putDirectory(accountId, directory)
      directoryAt = clock.monotonic()
    } catch (error) {
      if (!isAppError(error, ...ofOneCall)) throw error
      log.warn('The directory of an account could not be read', { accountId, code: error.code, detail: error.detail })
    }
  }

  /**
   * One unreadable thread is skipped for a while; trouble of the whole account ends the round. Where the vendor allows few calls this takes
   * a minute, so it gives way to whoever asks for what is new.
   */
  const readThreads = async () => {
    const ids = await store.threadsToLoad(accountId, threadsPerRound + skippedThreads.size)
    for (const vendorId of ids) {
      if (asked) return
      if ((skippedThreads.get(vendorId) ?? 0) > clock.monotonic()) continue
      skippedThreads.delete(vendorId)
      try {
        await options.threads.read(conversationId(accountId, vendorId), stopped.signal, 'background')
      } catch (error) {
        stopped.signal.throwIfAborted()
        if (!isAppError(error, ...ofOneCall)) throw error
        skippedThreads.set(vendorId, clock.monotonic() + threadRetryMs)
        log.info('A thread could not be read ahead', { accountId, code: error.code })
      }
    }
  }

  const round = async () => {
    const account = options.account(accountId)
    if (!account) throw new AppError('not_found', 'This account is no longer here.')
    // Later changes of brand, routing or user come by `putAccount` of whoever made them.
    if (!known) await store.putAccount(storeAccount(account))
    known = true
    await readDirectory()
    // A cursor the vendor keeps refusing is given up: reading from the start again is always right, only slower.
    asked = false
    await readAll(refusals >= 3)
    await tell('idle')
    await readThreads()
    failures = 0
    refusals = 0
    if (troubled) options.onTrouble(accountId, null)
    troubled = false
    const between = options.pollMs ?? pollMs
    await pause.for(between * (0.9 + 0.2 * options.random()))
  }

  const recover = async (error: unknown) => {
    if (isAppError(error, 'offline')) {
      await tell('waiting')
      return pause.for(offlineCheckMs)
    }
    failures += 1
    refusals = isAppError(error, 'vendor_rejected', 'vendor_not_found') ? refusals + 1 : 0
    const failure = isAppError(error)
      ? error
      : new AppError('internal', 'Reading this account failed.', { cause: error })
    const delay = retryDelayMs(failures, failure.retryAfterMs, options.random())
    const until = Math.ceil(clock.now() + delay)
    if (failure.code === 'rate_limited') heldUntil = clock.monotonic() + delay
    else {
      log.warn('Reading an account failed', { accountId, code: failure.code, detail: failure.detail, failures })
      troubled = true
      options.onTrouble(accountId, failure)
    }
    await tell(failure.code === 'rate_limited' ? 'waiting' : 'failing', until)
    await pause.for(delay)
  }

  const run = async () => {
    while (!stopped.signal.aborted) {
      try {
        if (!options.isOnline()) throw new AppError('offline', 'You are offline.')
        await round()
      } catch (error) {
        if (stopped.signal.aborted) return
        if (isAppError(error, 'needs_sign_in', 'account_paused', 'policy_forbids', 'policy_broken', 'not_found')) {
          options.onTrouble(accountId, error)
          return tell('failing')
        }
        await recover(error)
      }
    }
  }

  const done = run()
    .catch((error: unknown) => log.error('The reading of an account ended', { accountId, error }))
    .finally(() => {
      ended = true
    })
  return {
    wake() {
      asked = true
      if (clock.monotonic() >= heldUntil) pause.end()
    },
    ended: () => ended,
    async stop() {
      stopped.abort()
      pause.end()
      await done
    },
  }
}
