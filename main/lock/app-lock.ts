import { z } from 'zod'
import { openSettings } from '../accounts/settings.ts'
import { AppError } from '../errors.ts'
import type { Clock, DocumentFolder, Log } from '../ports.ts'
import type { LockedKeyring } from './locked-keyring.ts'

const lockFile = z.object({
  /** Null: never for being idle. */
  idleMinutes: z.number().int().min(1).max(240).nullable(),
  /** When the operating system locks its screen, and before and after sleep. */
  withSystem: z.boolean(),
  /** Wrong passphrases since the last right one. */
  failures: z.number().int().min(0),
})
type LockValues = z.infer<typeof lockFile>

const usual: LockValues = { idleMinutes: 10, withSystem: true, failures: 0 }
const shortest = 8
const freeTries = 3
const longestWaitMs = 5 * 60_000

/** `required`: the organisation wants a lock and there is none yet. */
export type LockPhase = 'off' | 'open' | 'locked' | 'required'

export interface LockView {
  phase: LockPhase
  /** Locked since the start: nothing is open, and starting over is possible. */
  cold: boolean
  /** The system's keyring lost its key; the passphrase brings everything back. */
  recovering: boolean
  /** Epoch milliseconds before which no passphrase is tried; null when one may be. */
  waitUntil: number | null
  idleMinutes: number | null
  withSystem: boolean
  recovery: boolean
  /** Longest idle time that the organisation allows; null where it does not say. */
  maxIdleMinutes: number | null
  /** The organisation wants a lock. */
  managed: boolean
}

export interface AppLock {
  view(): LockView
  /** Every call that is not about the lock itself is refused. */
  isClosed(): boolean
  /** @throws AppError `passphrase_wrong`, also where the next try must wait */
  unlock(passphrase: string): Promise<void>
  /** @throws AppError `bad_request`, `not_supported`, `file_failed`, `store_full`, keyring_* */
  enable(wish: {
    passphrase: string
    idleMinutes: number | null
    withSystem: boolean
    recovery: boolean
  }): Promise<void>
  /** @throws AppError `passphrase_wrong`, and as `enable` */
  change(passphrase: string, next: string): Promise<void>
  /** @throws AppError `passphrase_wrong`, `policy_forbids`, and as `enable` */
  disable(passphrase: string): Promise<void>
  configure(wish: { idleMinutes: number | null; withSystem: boolean }): void
  /** Locks, where a passphrase is set. */
  lock(): void
  /** Tells how long nobody has touched this computer. */
  noteIdle(seconds: number): void
  /** The operating system locked its screen, sleeps or woke. */
  noteSystemLocked(): void
  /** The passphrase is forgotten: after this the vault is to be set aside. @throws AppError `not_supported` unless locked since the start */
  giveUp(): void
  /** The vault was opened, or something else about the lock may have changed. */
  look(): void
  onChange(listener: (view: LockView) => void): () => void
}

/** Who closed the lock: the person, the time nobody touched the computer, or the system's own lock and sleep. */
export type LockedBy = 'agent' | 'idle' | 'system'

/** For the record. */
export interface LockEvents {
  locked(by: LockedBy): void
  /** A passphrase is about to be tried. @param tries how many wrong ones in a row it would be */
  trying(tries: number): void
  unlocked(): void
  /** @param tries how many wrong ones in a row */
  wrongPassphrase(tries: number): void
  /** Set, changed or taken away. */
  passphraseChanged(): void
}

/** The lock an organisation wants. */
export interface WantedLock {
  maxIdleMinutes: number | null
  /** It closes with the system's own lock, too; otherwise the person decides. */
  withSystem: boolean
}

interface AppLockOptions {
  events: LockEvents
  keyring: LockedKeyring
  documents: DocumentFolder
  /** What the organisation wants; null where it wants nothing. */
  required(): WantedLock | null
  /** Wraps the app key anew. @throws AppError */
  wrapAgain(): Promise<void>
  /** False before the vault is open, and in a session without one: then there is nothing to lock. */
  hasVault(): boolean
  clock: Clock
  log: Log
}

/** The lock of the app: a passphrase before anything is opened, and again after idle time or with the system's own lock. */
export function createAppLock(options: AppLockOptions): AppLock {
  const { keyring, clock, log, events } = options
  const kept = openValues(options)
  const listeners = new Set<(view: LockView) => void>()
  let locked = false
  let lastTry = clock.monotonic()
  let turn: Promise<unknown> = Promise.resolve()
  let told = ''

  const idleMinutes = () => {
    const { idleMinutes: own } = kept.value()
    const most = options.required()?.maxIdleMinutes ?? null
    if (most === null) return own
    return own === null ? most : Math.min(own, most)
  }
  const withSystem = () => options.required()?.withSystem || kept.value().withSystem
  const waitMs = () => Math.max(0, delayAfter(kept.value().failures) - (clock.monotonic() - lastTry))
  const phase = (): LockPhase => {
    if (locked || keyring.waits()) return 'locked'
    if (keyring.isSet()) return 'open'
    return options.required() !== null && options.hasVault() ? 'required' : 'off'
  }
  const view = (): LockView => {
    const wait = waitMs()
    return {
      phase: phase(),
      cold: keyring.waits(),
      recovering: keyring.recovers(),
      waitUntil: wait > 0 ? clock.now() + wait : null,
      idleMinutes: idleMinutes(),
      withSystem: withSystem(),
      recovery: keyring.hasRecovery(),
      maxIdleMinutes: options.required()?.maxIdleMinutes ?? null,
      managed: options.required() !== null,
    }
  }
  const look = () => {
    const now = view()
    if (JSON.stringify(now) === told) return
    told = JSON.stringify(now)
    for (const listener of listeners) listener(now)
  }
  /** One after the other: tries side by side would not have to wait for each other's delay. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine.finally(look)
  }
  const check = async (passphrase: string) => {
    const wait = waitMs()
    if (wait > 0) throw tooSoon(wait)
    // Counted before it is tried: an app that is ended in between has tried all the same.
    const failures = kept.value().failures + 1
    kept.change({ failures })
    events.trying(failures)
    lastTry = clock.monotonic()
    if (!(await keyring.tryPassphrase(passphrase))) {
      log.warn('A wrong passphrase was entered', { failures })
      events.wrongPassphrase(failures)
      lastTry = clock.monotonic()
      throw wrong(waitMs())
    }
    kept.change({ failures: 0 })
  }
  const lock = (by: LockedBy) => {
    if (!keyring.isSet() || locked) return
    locked = true
    log.info('The app was locked', { by })
    events.locked(by)
    look()
  }

  return {
    view,
    look,
    lock: () => lock('agent'),
    isClosed: () => ['locked', 'required'].includes(phase()),
    unlock: (passphrase) =>
      inTurn(async () => {
        await check(passphrase)
        locked = false
        events.unlocked()
      }),
    enable: ({ passphrase, recovery, ...wish }) =>
      inTurn(async () => {
        if (keyring.isSet()) throw new AppError('not_supported', 'There is a passphrase already.')
        if (!options.hasVault()) throw nothingToLock()
        checkNew(passphrase)
        await keyring.setPassphrase(passphrase, recovery, options.wrapAgain)
        kept.change({ ...wish, failures: 0 })
        log.info('The app lock was switched on', { recovery })
        events.passphraseChanged()
      }),
    change: (passphrase, next) =>
      inTurn(async () => {
        checkNew(next)
        await check(passphrase)
        await keyring.setPassphrase(next, keyring.hasRecovery(), options.wrapAgain)
        log.info('The passphrase was changed')
        events.passphraseChanged()
      }),
    disable: (passphrase) =>
      inTurn(async () => {
        if (options.required() !== null) throw wanted()
        await check(passphrase)
        await keyring.setPassphrase(null, false, options.wrapAgain)
        log.info('The app lock was switched off')
        events.passphraseChanged()
      }),
    configure(wish) {
      kept.change(wish)
      look()
    },
    noteIdle(seconds) {
      const minutes = idleMinutes()
      if (minutes !== null && seconds >= minutes * 60) lock('idle')
    },
    noteSystemLocked() {
      if (withSystem()) lock('system')
    },
    giveUp() {
      if (!keyring.waits()) throw new AppError('not_supported', 'Quit Manydesk and start it again first.')
      keyring.forget()
      locked = false
      kept.change({ failures: 0 })
      log.warn('The passphrase was given up; the vault is set aside')
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Settings of the lock. What cannot be read or kept holds for this run: the passphrase itself is not in them. */
function openValues({ documents, log }: Pick<AppLockOptions, 'documents' | 'log'>) {
  let current = usual
  let save: (values: LockValues) => void = () => undefined
  try {
    const settings = openSettings({
      documents,
      name: 'lock',
      label: 'lock settings',
      schema: lockFile,
      migrations: [],
      empty: usual,
    })
    current = settings.value()
    save = settings.save
  } catch (error) {
    log.warn('The settings of the lock could not be read', { error })
  }
  return {
    value: () => current,
    change(part: Partial<LockValues>) {
      current = { ...current, ...part }
      try {
        save(current)
      } catch (error) {
        log.warn('The settings of the lock could not be kept', { error })
      }
    },
  }
}

/** Nothing for the first tries, then twice as long each time, five minutes at most. */
function delayAfter(failures: number): number {
  return failures < freeTries ? 0 : Math.min(1000 * 2 ** (failures - freeTries), longestWaitMs)
}

function checkNew(passphrase: string): void {
  if ([...passphrase.normalize('NFKC')].length < shortest) {
    throw new AppError('bad_request', `A passphrase has at least ${shortest} characters.`, {
      action: 'Several words are easier to remember than one complicated one.',
    })
  }
}

const seconds = (ms: number) => (ms <= 1000 ? '1 second' : `${Math.ceil(ms / 1000)} seconds`)

function tooSoon(wait: number): AppError {
  return new AppError('passphrase_wrong', `The next try is possible in ${seconds(wait)}.`, {
    action: 'Nothing was deleted.',
    retryAfterMs: wait,
  })
}

function wrong(wait: number): AppError {
  return new AppError('passphrase_wrong', 'This is not the passphrase.', {
    action: wait > 0 ? `The next try is possible in ${seconds(wait)}. Nothing was deleted.` : 'Nothing was deleted.',
    retryAfterMs: wait,
  })
}

function nothingToLock(): AppError {
  return new AppError('not_supported', 'Without a protected key store there is nothing on this computer to lock.', {
    action: 'Set up a keyring, then start Manydesk again.',
  })
}

function wanted(): AppError {
  return new AppError('policy_forbids', 'Your organisation wants the app lock to be on.', {
    action: 'You can change the passphrase.',
  })
}
