import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Bridge, PolicyView } from '../../preload/contract.ts'
import { unwrap } from '../bridge.ts'

interface PolicyStoreState {
  /** Null until main has told it. */
  policy: PolicyView | null
  /** The dialog with the rules in plain words. */
  rulesShown: boolean
}

interface PolicyActions {
  /** Reads the policy and follows it. Answers a function that stops following. */
  start(): () => void
  /** Reads the policy files again now. */
  retry(): Promise<void>
  showRules(shown: boolean): void
}

export type PolicyStore = StoreApi<PolicyStoreState & PolicyActions>

/** What the organisation allows on this workstation. One store per window. */
export function createPolicyStore(bridge: Pick<Bridge, 'policy' | 'on'>): PolicyStore {
  return createStore((set) => ({
    policy: null,
    rulesShown: false,
    start: () => {
      // Subscribed before reading: a change between the two is then never missed.
      const stop = bridge.on('policy.changed', (policy) => set({ policy }))
      void bridge.policy.state().then((answer) => {
        if (answer.ok) set(({ policy }) => ({ policy: policy ?? answer.value }))
      })
      return stop
    },
    retry: async () => set({ policy: await unwrap(bridge.policy.retry()) }),
    showRules: (rulesShown) => set({ rulesShown }),
  }))
}
