import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Bridge, HandshakeView } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'

type Outcome = 'done' | 'skipped'

interface SignInQueueState {
  /** Accounts to sign in to, in order; empty where no queue is open. */
  ids: readonly string[]
  outcomes: Readonly<Record<string, Outcome>>
  /** The attempt of the present account; null before it began and where something else is asked first. */
  attemptId: string | null
  /** Why the present account did not work; it waits for the person then. */
  error: ErrorShape | null
}

interface SignInQueueActions {
  /** Begins with the first account; one that is open already gets the new ones behind its own. */
  start(accountIds: readonly string[]): Promise<void>
  retry(): Promise<void>
  /** Leaves the present account as it is and goes on. */
  skip(): Promise<void>
  /** Ends the queue; what was signed in stays so. */
  close(): Promise<void>
}

/** Accounts that were left as they are, in order. */
export function skippedOf({ ids, outcomes }: Pick<SignInQueueState, 'ids' | 'outcomes'>): string[] {
  return ids.filter((id) => outcomes[id] === 'skipped')
}

export type SignInQueueStore = StoreApi<SignInQueueState & SignInQueueActions>

/** What begins the sign-in of one account. Neither an attempt nor an error: the person is asked for something first. */
export type BeginSignIn = (accountId: string) => Promise<{ attemptId: string | null; error: ErrorShape | null }>

const empty: SignInQueueState = { ids: [], outcomes: {}, attemptId: null, error: null }

/** The account whose turn it is, or null when all have had theirs. */
export function presentOf({ ids, outcomes }: Pick<SignInQueueState, 'ids' | 'outcomes'>): string | null {
  return ids.find((id) => outcomes[id] === undefined) ?? null
}

/** Signs in to a list of accounts, one after another, with a person at the sign-in pages. */
export function createSignInQueue(bridge: Pick<Bridge, 'accounts' | 'on'>, begin: BeginSignIn): SignInQueueStore {
  return createStore((set, get) => {
    const beginPresent = async () => {
      const id = presentOf(get())
      if (id === null) return
      set({ attemptId: null, error: null })
      const { attemptId, error } = await begin(id)
      // It may have ended, or been skipped, before the answer came; how it failed is known from its own event then.
      if (presentOf(get()) !== id || (attemptId !== null && get().attemptId === attemptId)) return
      set({ attemptId, error })
    }
    const leavePresent = async (outcome: Outcome) => {
      const id = presentOf(get())
      if (id === null) return
      set(({ outcomes }) => ({ outcomes: { ...outcomes, [id]: outcome }, attemptId: null, error: null }))
      await beginPresent()
    }
    const cancelRunning = async () => {
      const { attemptId, error } = get()
      if (attemptId !== null && error === null) await bridge.accounts.cancelHandshake({ attemptId })
    }
    bridge.on('handshake.changed', (handshake: HandshakeView) => {
      const { accountId, attemptId, step } = handshake
      if (accountId === null) return
      if (accountId !== presentOf(get())) {
        // Signed in beside the queue, or after it was skipped: its turn is over.
        const { ids } = get()
        if (step === 'done' && ids.includes(accountId)) {
          set(({ outcomes }) => ({ outcomes: { ...outcomes, [accountId]: 'done' } }))
        }
        return
      }
      if (step === 'done') void leavePresent('done')
      else set({ attemptId, error: step === 'failed' ? handshake.error : null })
    })
    return {
      ...empty,
      start: async (accountIds) => {
        const { ids } = get()
        const open = presentOf(get()) !== null
        const added = accountIds.filter((id) => !open || !ids.includes(id))
        if (open) return set({ ids: [...ids, ...added] })
        set({ ...empty, ids: [...new Set(added)] })
        await beginPresent()
      },
      retry: beginPresent,
      skip: async () => {
        const running = cancelRunning()
        await leavePresent('skipped')
        await running
      },
      close: async () => {
        const running = cancelRunning()
        set(empty)
        await running
      },
    }
  })
}
