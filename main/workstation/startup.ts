import type { AppState } from '../../preload/contract.ts'
import { AppError, toErrorShape } from '../errors.ts'
import type { Vault } from '../oauth/model.ts'
import type { VaultOpening } from '../oauth/vault.ts'
import type { Log } from '../ports.ts'

/** The part of the app's state that starting decides. */
export type Progress = Pick<AppState, 'phase' | 'trouble' | 'protection' | 'sessionOnly'>

/** What is opened one after the other. `Running` is everything that works once keys and store are open. */
export interface StartupSteps<OpenStore, Running> {
  openVault(): Promise<VaultOpening>
  openVaultForThisSession(): Vault
  /** Keeps the vault, and the local copy that only it opens, under other names, on the person's word. @throws AppError `file_failed` */
  setVaultAside(): void
  /** `lasting` is false for a session whose keys are gone when it ends. @throws AppError `store_*` */
  openStore(vault: Vault, lasting: boolean): Promise<OpenStore>
  /** Keeps the local copy under another name and opens an empty one, on the person's word. @throws AppError `store_*`, `file_failed` */
  rebuildStore(vault: Vault): Promise<OpenStore>
  run(vault: Vault, store: OpenStore, lasting: boolean): Promise<Running>
}

export interface Startup<Running> {
  progress(): Progress
  /** What runs. @throws AppError: the trouble, or `store_unavailable` while starting */
  running(): Running
  /** What runs, or null. */
  peek(): Running | null
  /** Opens what is not open yet; resolves when it worked or when the person must act. Never throws. */
  begin(): Promise<void>
  /** Goes on without a protected key store. @throws AppError `not_supported` where that is not the question */
  continueForThisSession(): Promise<void>
  /** Sets aside what is damaged and starts it anew. @throws AppError `not_supported` where nothing is damaged */
  startOver(): Promise<void>
  onChange(listener: (progress: Progress) => void): () => void
}

const starting: Progress = { phase: 'starting', trouble: null, protection: 'unavailable', sessionOnly: false }

/** Takes the app from keys over the store to its services. Trouble is a state to be shown, never an end. */
export function createStartup<OpenStore, Running>(steps: StartupSteps<OpenStore, Running>, log: Log): Startup<Running> {
  const listeners = new Set<(progress: Progress) => void>()
  let progress = starting
  let running: Running | null = null
  let sessionVault: Vault | null = null
  let current: Promise<void> | null = null
  let rebuild = false

  const change = (part: Partial<Progress>) => {
    progress = { ...progress, ...part }
    for (const listener of listeners) listener(progress)
  }

  const stop = (phase: 'keyring' | 'store', error: unknown) => {
    const trouble = toErrorShape(error)
    log.warn('Starting stopped', { phase, code: trouble.code, detail: trouble.detail, error })
    change({ phase, trouble })
  }

  const keys = async (): Promise<Vault | null> => {
    if (sessionVault !== null) return sessionVault
    const opening = await steps.openVault()
    change({ protection: opening.protection })
    if (opening.kind === 'open') return opening.vault
    stop('keyring', opening.error)
    return null
  }

  const open = async () => {
    change({ phase: 'starting', trouble: null })
    let phase: 'keyring' | 'store' = 'keyring'
    try {
      const vault = await keys()
      if (vault === null) return
      phase = 'store'
      const lasting = sessionVault === null
      const store = rebuild ? await steps.rebuildStore(vault) : await steps.openStore(vault, lasting)
      rebuild = false
      running = await steps.run(vault, store, lasting)
      change({ phase: 'ready', trouble: null })
    } catch (error) {
      stop(phase, error)
    }
  }

  /** One run at a time: a second question while one is under way waits for the same answer. */
  const begin = (): Promise<void> => {
    if (running !== null) return Promise.resolve()
    current ??= open().finally(() => {
      current = null
    })
    return current
  }

  return {
    progress: () => progress,
    peek: () => running,
    begin,
    running() {
      if (running !== null) return running
      const { trouble } = progress
      if (trouble !== null) throw new AppError(trouble.code, trouble.message, trouble)
      throw new AppError('store_unavailable', 'Manydesk is still starting.', { action: 'Wait a moment.' })
    },
    async continueForThisSession() {
      const code = progress.trouble?.code
      // Going on beside a locked vault would show what the passphrase is to keep from others.
      if (progress.phase !== 'keyring' || code === undefined || code === 'locked') throw notTheQuestion()
      sessionVault = steps.openVaultForThisSession()
      change({ sessionOnly: true })
      await begin()
    },
    async startOver() {
      const lostKeys = ['secret_damaged', 'locked'] as const
      const damagedKeys = progress.phase === 'keyring' && lostKeys.some((code) => code === progress.trouble?.code)
      const damagedStore = progress.phase === 'store' && progress.trouble?.code === 'store_damaged'
      if (!damagedKeys && !damagedStore) throw notTheQuestion()
      if (damagedKeys) steps.setVaultAside()
      else rebuild = true
      await begin()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function notTheQuestion(): AppError {
  return new AppError('not_supported', 'There is nothing to decide here at the moment.')
}
