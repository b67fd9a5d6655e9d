import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Bridge, LockState } from '../../preload/contract.ts'

interface LockStoreState {
  /** Null until main has answered. */
  lock: LockState | null
  /** Whether the dialog with the settings of the lock is open. */
  settingsOpen: boolean
}

interface LockActions {
  /** Reads the state of the lock and follows it. Answers a function that stops following. */
  start(): () => void
  showSettings(open: boolean): void
}

export type LockStore = StoreApi<LockStoreState & LockActions>

/** Whether the app is locked. While it is, main refuses everything else and loads the window anew. */
export function createLockStore(bridge: Pick<Bridge, 'lock' | 'on'>): LockStore {
  return createStore((set, get) => ({
    lock: null,
    settingsOpen: false,
    showSettings: (settingsOpen) => set({ settingsOpen }),
    start: () => {
      const stop = bridge.on('lock.changed', (lock) => set({ lock }))
      void bridge.lock.state().then((answer) => {
        if (answer.ok && get().lock === null) set({ lock: answer.value })
      })
      return stop
    },
  }))
}
