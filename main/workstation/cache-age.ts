import type { Page } from '../connectors/model.ts'
import type { LocalStore } from '../inbox/model.ts'
import type { InboxChange } from '../inbox/sync.ts'
import type { Enforcement } from '../policy/enforce.ts'
import type { Clock, Log } from '../ports.ts'

const dayMs = 24 * 60 * 60_000
const intervalMs = 60 * 60_000

interface CacheAgeOptions {
  store: Pick<LocalStore, 'removeOlder'>
  policy: Pick<Enforcement, 'maxCacheAge' | 'broken'>
  clock: Clock
  log: Log
  onPurged(change: InboxChange): void
}

/** The store to sync with: what a vendor tells of old conversations is not taken in. */
export function storeWithinAge(
  store: LocalStore,
  { policy, clock }: Pick<CacheAgeOptions, 'policy' | 'clock'>,
): LocalStore {
  return {
    ...store,
    applyPage(accountId, page, readAt) {
      const days = policy.maxCacheAge()
      const kept = days === null ? page : withoutOld(page, clock.now() - days * dayMs)
      return store.applyPage(accountId, kept, readAt)
    },
  }
}

function withoutOld(page: Page, before: number): Page {
  const conversations = page.conversations.filter((one) => one.updatedAt >= before)
  const kept = new Set(conversations.map((one) => one.customer.vendorId))
  const old = page.conversations.filter((one) => one.updatedAt < before)
  const customersOfOld = new Set(old.map((one) => one.customer.vendorId))
  const people = page.people.filter(({ vendorId }) => !customersOfOld.has(vendorId) || kept.has(vendorId))
  return { ...page, conversations, people }
}

/** Takes conversations off this computer that have not changed for as many days as the policy says. */
export interface CacheAge {
  /** Now, and every hour. */
  begin(): void
  /** Now. Never throws. */
  purge(): Promise<void>
  close(): void
}

export function createCacheAge({ store, policy, clock, log, onPurged }: CacheAgeOptions): CacheAge {
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null

  const run = async () => {
    const days = policy.maxCacheAge()
    if (days === null) return
    const { removed, accountIds, revision } = await store.removeOlder(clock.now() - days * dayMs)
    if (removed === 0) return
    log.info('Old conversations were taken off this computer', { days, removed })
    onPurged({ revision, accountIds, conversationIds: null })
  }
  const purge = () => {
    running ??= run()
      .catch((error: unknown) => log.warn('Old conversations could not be taken off', { error }))
      .finally(() => {
        running = null
      })
    return running
  }
  return {
    purge,
    begin() {
      void purge()
      timer = setInterval(() => void purge(), intervalMs)
      timer.unref()
    },
    close() {
      if (timer !== null) clearInterval(timer)
    },
  }
}
