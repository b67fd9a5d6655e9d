import type { Clock } from '../ports.ts'
import type { Grant } from './model.ts'

/**
 * How long an access token still lives, told without trusting the wall clock: it is only compared with itself, from the moment the
 * grant came into memory. The monotonic clock does not run during sleep on every system, the wall clock may be set; the one that says
 * that more time has passed is believed, because refreshing early is harmless.
 */
export interface Lifetime {
  /** Milliseconds; infinite where the vendor named no end. */
  left(): number
  /** The whole life of the token in milliseconds; infinite where the vendor named no end. */
  whole: number
}

export function startLifetime(grant: Grant, clock: Clock): Lifetime {
  if (grant.expiresAt === null) return { left: () => Number.POSITIVE_INFINITY, whole: Number.POSITIVE_INFINITY }
  const wall = clock.now()
  const monotonic = clock.monotonic()
  const whole = Math.max(1, grant.expiresAt - grant.obtainedAt)
  // A clock that was set back since the grant was stored must not make the token live longer than it was given.
  const atStart = Math.min(grant.expiresAt - wall, whole)
  return {
    whole,
    left: () => atStart - Math.max(clock.monotonic() - monotonic, clock.now() - wall),
  }
}

/** Below this, a token is refreshed before it is used: a request must not expire on its way. */
export function tooLittle(lifetime: Lifetime): boolean {
  return lifetime.left() <= Math.min(60_000, lifetime.whole * 0.1)
}

/** Milliseconds until the planned refresh, at 75 to 85 % of the life. @param random 0 to below 1 */
export function untilRefresh(lifetime: Lifetime, random: number): number {
  return Math.max(0, lifetime.left() - lifetime.whole * (0.25 - random * 0.1))
}

/** A long weekend. */
const longestSleepMs = 4 * 86_400_000
/** What was just renewed gains nothing from another renewal. */
const freshMs = 10 * 60_000

/** Whether a sign-in may end while this computer sleeps, and is old enough that renewing it gains something. @param now epoch milliseconds */
export function endsAsleep({ refreshExpiresAt, obtainedAt }: Grant, now: number): boolean {
  return refreshExpiresAt !== null && refreshExpiresAt - now <= longestSleepMs && now - obtainedAt >= freshMs
}
