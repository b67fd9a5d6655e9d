import type { AppLock } from '../lock/app-lock.ts'
import type { Enforcement } from '../policy/enforce.ts'
import type { PolicyKeeper } from '../policy/keeper.ts'
import type { Log } from '../ports.ts'
import type { Services } from './services.ts'
import type { Startup } from './startup.ts'

interface PolicyFileParts {
  keeper: PolicyKeeper
  policy: Pick<Enforcement, 'broken'>
  startup: Pick<Startup<Services>, 'peek' | 'progress' | 'begin'>
  lock: Pick<AppLock, 'look'>
  onResume(listener: () => void): void
  /** For the window. */
  changed(): void
  log: Log
}

/** A policy that changes holds at once: for what runs, for what is shown, and for starting, which waits while it is broken. */
export function followPolicyFiles({ keeper, policy, startup, lock, onResume, changed, log }: PolicyFileParts): void {
  keeper.onChange(({ from, to, outcome }) => {
    log.warn('The policy changed', { outcome, from: from.digest, to: to.digest })
    startup.peek()?.policyChanged()
    lock.look()
    // Trouble of another kind waits for the person.
    if (policy.broken() === null && startup.progress().phase === 'starting') void startup.begin()
    changed()
  })
  onResume(keeper.look)
  keeper.follow()
}
