import type { Accounts } from '../accounts/accounts.ts'
import { isAppError } from '../errors.ts'
import type { Handshakes } from '../oauth/handshake.ts'
import type { Grants } from '../oauth/refresh.ts'
import type { Enforcement } from '../policy/enforce.ts'
import type { Log } from '../ports.ts'
import type { CacheAge } from './cache-age.ts'
import type { InboxWork } from './inbox-work.ts'

interface PolicyParts {
  accounts: Pick<Accounts, 'list' | 'setTrouble'>
  grants: Pick<Grants, 'scheduleAll'>
  handshakes: Pick<Handshakes, 'list' | 'cancel'>
  policy: Pick<Enforcement, 'broken'>
  work: Pick<InboxWork, 'start' | 'sync' | 'outbox'>
  cacheAge: Pick<CacheAge, 'purge'>
  /** Starts and stops the accounts as it shall be now. */
  follow(): Promise<void>
  events: { accountsChanged(): void }
  log: Log
}

/**
 * After the policy changed: each account is asked anew whether it may work. What is forbidden finds out at its next call, which is now. While
 * the policy is broken nothing works, and sign-ins that are under way end.
 */
export function followPolicy(parts: PolicyParts): void {
  const { accounts, policy, work, events, log } = parts
  const stopped = policy.broken() !== null
  if (stopped) endSignIns(parts)
  const again = async () => {
    await parts.follow()
    if (stopped) return
    for (const account of accounts.list().filter(({ state }) => state === 'connected')) {
      // What the policy forbade is over, or told again at once.
      if (account.trouble?.code.startsWith('policy_')) accounts.setTrouble(account.id, null)
      work.start(account.id)
      work.outbox.wake(account.id)
    }
    work.sync.syncNow()
    parts.grants.scheduleAll()
    await parts.cacheAge.purge()
  }
  events.accountsChanged()
  void again().catch((error: unknown) => log.error('A change of the policy could not be followed', { error }))
}

/** Ends every sign-in that is under way. */
export function endSignIns({ handshakes, log }: Pick<PolicyParts, 'handshakes' | 'log'>): void {
  for (const { attemptId, step } of handshakes.list()) {
    if (step === 'done' || step === 'failed') continue
    try {
      handshakes.cancel(attemptId)
    } catch (error) {
      if (!isAppError(error)) throw error
      log.warn('A sign-in could not be ended', { code: error.code })
    }
  }
}
