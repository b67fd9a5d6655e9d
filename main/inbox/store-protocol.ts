import type { ErrorShape } from '../../preload/errors.ts'
import type { LocalStore } from './model.ts'

/** Work that is done in bounded steps, so that no single call holds the thread for long. */
interface StepStore {
  /** True while conversations of the account still wait for their new brand. */
  putAccountStep(account: Parameters<LocalStore['putAccount']>[0]): boolean
  /** True while rows of the account are left. */
  removeAccountStep(accountId: string): boolean
  /** A bounded number of them; none left when it removed none. */
  removeOlderStep(before: number): { removed: number; accountIds: string[]; revision: number }
  /** Takes over the unsent commands and drafts of a file that was set aside. Answers how many. */
  rescueFrom(file: string, key: Uint8Array): Rescued
}

export interface Rescued {
  commands: number
  drafts: number
}

type Plain = Omit<LocalStore, 'close' | 'putAccount' | 'removeAccount' | 'removeOlder'>

/** The store as it runs inside the worker: the same calls, answered at once. */
export type WorkerStore = {
  [K in keyof Plain]: (...args: Parameters<Plain[K]>) => Awaited<ReturnType<Plain[K]>>
} & StepStore

export type WorkerCall = keyof WorkerStore

export interface WorkerData {
  file: string
  key: Uint8Array
}

export type WorkerRequest = { id: number; call: WorkerCall; args: unknown[] } | { id: number; call: 'close'; args: [] }

/** The first answer has id 0: the file is open, or why it is not. */
export type WorkerAnswer = { id: number; ok: true; value: unknown } | { id: number; ok: false; error: ErrorShape }
