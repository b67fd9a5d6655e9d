import type { Account } from '../accounts/model.ts'
import type { NotCurrent, NotCurrentReason, SyncPhase } from './model.ts'

const minute = 60_000
/** Polls are a minute apart: what is older than this was not a short interruption. */
const patience: Record<'offline' | 'failing' | 'throttled' | 'behind', number> = {
  offline: 5 * minute,
  failing: 5 * minute,
  throttled: 15 * minute,
  behind: 15 * minute,
}

/**
 * Whether an account's conversations may miss newer ones, so that silence is not taken for calm. An account that is being read for the first
 * time says so elsewhere.
 * @param runningMs for how long this run of the app has been reading: before the first round everything is old
 */
export function notCurrent(
  account: Pick<Account, 'state' | 'lastSyncAt'>,
  sync: SyncPhase,
  now: number,
  runningMs: number,
): NotCurrent | null {
  const since = account.lastSyncAt
  if (account.state === 'needs_sign_in') return { since, reason: 'signed_out' }
  if (account.state === 'paused') return { since, reason: 'paused' }
  const reason = trouble(sync, runningMs)
  if (reason === null) return null
  const age = since === null ? runningMs : now - since
  return age > patience[reason] ? { since, reason } : null
}

function trouble(
  { phase, waitUntil }: SyncPhase,
  runningMs: number,
): Exclude<NotCurrentReason, 'signed_out' | 'paused'> | null {
  switch (phase) {
    case 'failing':
      return 'failing'
    case 'waiting':
      return waitUntil === null ? 'offline' : 'throttled'
    case 'first-fill':
      return null
    default:
      return runningMs < 2 * minute ? null : 'behind'
  }
}
