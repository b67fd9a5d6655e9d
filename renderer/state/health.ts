import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AccountHealth, Bridge } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'

interface HealthState {
  phase: 'loading' | 'ready' | 'failed'
  error: ErrorShape | null
  byAccount: Readonly<Record<string, AccountHealth>>
}

interface HealthActions {
  /** Reads all, then follows the events; again after a failure. */
  load(): Promise<void>
  stop(): void
  /** Keeps the date the secret of the account's client ends; answers why it could not. */
  setSecretExpiry(accountId: string, at: number | null): Promise<ErrorShape | null>
}

export type HealthStore = StoreApi<HealthState & HealthActions>

const keyed = (list: readonly AccountHealth[]) => Object.fromEntries(list.map((each) => [each.accountId, each]))

/** How every account does, and for how long it will. One store per window. */
export function createHealthStore(bridge: Pick<Bridge, 'health' | 'on'>): HealthStore {
  return createStore((set) => {
    let unfollow: (() => void) | null = null
    return {
      phase: 'loading',
      error: null,
      byAccount: {},
      load: async () => {
        unfollow ??= bridge.on('health.changed', (list) => set({ phase: 'ready', error: null, byAccount: keyed(list) }))
        const answer = await bridge.health.list()
        if (answer.ok) set({ phase: 'ready', error: null, byAccount: keyed(answer.value) })
        else set({ phase: 'failed', error: answer.error })
      },
      stop: () => {
        unfollow?.()
        unfollow = null
      },
      setSecretExpiry: async (accountId, at) => {
        const answer = await bridge.health.setSecretExpiry({ accountId, at })
        return answer.ok ? null : answer.error
      },
    }
  })
}
