import type { AccountFacts, GrantLife } from '../../../main/health/model.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour
export const start = Date.UTC(2026, 0, 5, 9)

/** A rotating grant of an hour and ninety days, just given. */
export function grantLife(change: Partial<GrantLife> = {}): GrantLife {
  return {
    obtainedAt: start,
    expiresAt: start + hour,
    refreshExpiresAt: start + 90 * day,
    refreshIssuedAt: start,
    renewable: true,
    rotates: true,
    clockAheadMs: 0,
    ...change,
  }
}

/** An account that is well, and of which only its grant is known to end. */
export function factsOf(change: Partial<AccountFacts> = {}): AccountFacts {
  return {
    vendorName: 'Testdesk',
    signIn: 'oauth',
    state: 'connected',
    trouble: null,
    connectedAt: start,
    grant: grantLife(),
    limits: { refreshDays: null, idleDays: null, testModeDays: null },
    learnedAgeMs: null,
    nextRefreshAt: start + 48 * minute,
    failing: null,
    secretExpiresAt: null,
    missingScopes: [],
    clockAheadMs: null,
    ...change,
  }
}
