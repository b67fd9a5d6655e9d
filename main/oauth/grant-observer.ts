import type { AppError } from '../errors.ts'
import type { Grant } from './model.ts'

/** A grant that came into use: read from disk at start, from a person's sign-in, or from a refresh. */
export interface HeldGrant {
  how: 'loaded' | 'signed_in' | 'refreshed'
  grant: Grant
  /** After a refresh: it brought another refresh token. */
  renewed: boolean
}

/** Told of the life of each account's grant by the holder. It must not keep the tokens, and must not throw. */
export interface GrantObserver {
  held(accountId: string, held: HeldGrant): void
  /** The next refresh is planned for this time (epoch milliseconds), or none is. */
  planned(accountId: string, at: number | null): void
  /** A refresh failed on its way; it will be tried again. */
  failed(accountId: string, error: AppError): void
  /** The vendor refused the grant for good. */
  ended(accountId: string): void
}

/** For those who do not ask. */
export const unobserved: GrantObserver = {
  held: () => undefined,
  planned: () => undefined,
  failed: () => undefined,
  ended: () => undefined,
}
