import type { ErrorShape } from '../../preload/errors.ts'
import type { Account } from '../accounts/model.ts'
import type { SyncStatus } from '../inbox/sync.ts'

/** What can end an account's work, or already did. */
export type LimitKind =
  | 'sign_in'
  | 'access'
  | 'refresh_age'
  | 'refresh_idle'
  | 'test_mode'
  | 'client_secret'
  | 'scopes'
  | 'clock'
  | 'renewal'

/**
 * How it is known. `told`: by the vendor in an answer; `documented`: by the vendor's documentation; `learned`: from how earlier sign-ins of the
 * same client ended; `entered`: by the person; `measured`: by us; `possible`: true for some clients only, and it cannot be asked for.
 */
export type Certainty = 'told' | 'documented' | 'learned' | 'entered' | 'measured' | 'possible'

/** `broken` is so now, `urgent` and `soon` are warnings, `later` is known and no reason to do anything yet. */
export type Severity = 'broken' | 'urgent' | 'soon' | 'later'

export interface Remedy {
  kind: 'reconnect' | 'resume' | 'new_secret' | 'set_clock' | 'wait'
  words: string
}

export interface Forecast {
  limit: LimitKind
  /** Epoch milliseconds of this computer's clock; null where it has no date, or is so now. */
  at: number | null
  certainty: Certainty
  severity: Severity
  /** Without relative times, so that it stays true while it is shown. */
  sentence: string
  remedy: Remedy
}

/** The life of one grant, without its secrets. Times are epoch milliseconds of this computer's clock when it was written. */
export interface GrantLife {
  /** Of the access token. */
  obtainedAt: number
  expiresAt: number | null
  refreshExpiresAt: number | null
  /** When the present refresh token came. */
  refreshIssuedAt: number
  /** True where a refresh token is there. */
  renewable: boolean
  /** True once a refresh brought another refresh token, false once one did not, null before the first refresh. */
  rotates: boolean | null
  /** How far this computer's clock was ahead of the vendor's when the grant came. */
  clockAheadMs: number
}

/** Everything a forecast is made of. */
export interface AccountFacts {
  vendorName: string
  /** `key`: a secret of the vendor in place of a sign-in; it has no end of its own. */
  signIn: 'oauth' | 'key'
  state: Account['state']
  trouble: ErrorShape | null
  connectedAt: number
  grant: GrantLife | null
  /** As the connector declares them, in days. */
  limits: { refreshDays: number | null; idleDays: number | null; testModeDays: number | null }
  /** How long earlier sign-ins of the same client lived before the vendor ended them; null where nothing was learned. */
  learnedAgeMs: number | null
  /** When the next renewal is planned, epoch milliseconds. */
  nextRefreshAt: number | null
  /** Renewals that failed without being refused, since the last one that worked. */
  failing: { since: number; count: number } | null
  secretExpiresAt: number | null
  /** What the account needs and was not given, in plain words. */
  missingScopes: readonly string[]
  /** How far this computer's clock is ahead of the vendors'; null while unknown. */
  clockAheadMs: number | null
}

export type NotCurrentReason = 'signed_out' | 'paused' | 'offline' | 'failing' | 'throttled' | 'behind'

/** The conversations of an account that are here may miss newer ones. */
export interface NotCurrent {
  /** When the account was last read to its end; null where it never was. */
  since: number | null
  reason: NotCurrentReason
}

export interface RateView {
  /** Calls that may go now, of the most that may go at once. */
  left: number
  capacity: number
  /** What the vendor allows per window. */
  limit: number
  windowMs: number
  /** Epoch milliseconds until which the account waits for its vendor, or null. */
  waitUntil: number | null
}

/** What the health page shows of one account beside what every page knows of it. */
export interface AccountHealth {
  accountId: string
  /** The worst and nearest first. */
  forecast: Forecast[]
  /** A person should look: something is broken or announced, or the account has not been current for a while. */
  attention: boolean
  notCurrent: NotCurrent | null
  lastSuccessAt: number | null
  lastError: { at: number | null; error: ErrorShape } | null
  renewable: boolean | null
  nextRefreshAt: number | null
  rate: RateView | null
  /** Calls and failed ones of each of the last 24 hours, the present one last. */
  calls: number[]
  failedCalls: number[]
  clockAheadMs: number | null
  /** Null where none was entered. */
  secretExpiresAt: number | null
}

export type SyncPhase = Pick<SyncStatus, 'phase' | 'waitUntil'>
