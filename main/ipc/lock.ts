import type { CallName } from '../../preload/contract.ts'
import { AppError } from '../errors.ts'
import type { AppLock } from '../lock/app-lock.ts'
import type { Handlers, Tell } from './router.ts'

type LockCalls = Extract<CallName, `lock.${string}`>

interface LockParts {
  lock: AppLock
  /** Opens what waited for the passphrase. */
  begin(): Promise<void>
  /** Sets aside what only the passphrase opens, and begins anew. @throws AppError `file_failed` */
  startOver(): Promise<void>
}

export function lockHandlers({ lock, begin, startOver }: LockParts): Pick<Handlers, LockCalls> {
  return {
    'lock.state': lock.view,
    async 'lock.unlock'({ passphrase }) {
      await lock.unlock(passphrase)
      await begin()
    },
    'lock.enable': (wish) => lock.enable(wish),
    'lock.change': ({ passphrase, next }) => lock.change(passphrase, next),
    'lock.disable': ({ passphrase }) => lock.disable(passphrase),
    'lock.configure': (wish) => lock.configure(wish),
    'lock.now': () => lock.lock(),
    async 'lock.startOver'() {
      lock.giveUp()
      await startOver()
      lock.look()
    },
  }
}

/** What a closed lock lets through. `app.state` is answered without what it could tell of accounts. */
const whileLocked: readonly CallName[] = [
  'app.state',
  'policy.state',
  'policy.retry',
  'lock.state',
  'lock.unlock',
  'lock.startOver',
]
const whileRequired: readonly CallName[] = ['app.state', 'policy.state', 'policy.retry', 'lock.state', 'lock.enable']

function passes(name: CallName, lock: Pick<AppLock, 'view' | 'isClosed'>): boolean {
  if (!lock.isClosed()) return true
  return (lock.view().phase === 'locked' ? whileLocked : whileRequired).includes(name)
}

/** Refuses every other call with `locked` while the lock is closed, also one that began before and ends after it. */
export function lockedHandlers(handlers: Handlers, lock: Pick<AppLock, 'view' | 'isClosed'>): Handlers {
  const guard = (name: CallName, work: (args: never) => unknown) => async (args: never) => {
    if (!passes(name, lock)) throw refused()
    const result = await work(args)
    // What the lock itself was asked has been answered by its change.
    if (!name.startsWith('lock.') && !passes(name, lock)) throw refused()
    return name === 'app.state' && lock.isClosed() ? { ...(result as object), notices: [] } : result
  }
  const guarded = Object.entries(handlers).map(([name, work]) => [
    name,
    guard(name as CallName, work as (args: never) => unknown),
  ])
  return Object.fromEntries(guarded) as Handlers
}

/** While the lock is closed no event but its own, and the state of the app without notices, reaches a window. */
export function lockedTell(tell: Tell, lock: Pick<AppLock, 'isClosed'>): Tell {
  return (name, value) => {
    // A policy is words of the organisation: one that cannot be read is told before anybody has to unlock anything.
    if (!lock.isClosed() || name === 'lock.changed' || name === 'policy.changed') return tell(name, value)
    if (name === 'app.changed') tell(name, { ...value, notices: [] } as typeof value)
  }
}

function refused(): AppError {
  return new AppError('locked', 'Manydesk is locked.', { action: 'Enter your passphrase.' })
}
