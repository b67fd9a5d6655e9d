import type { Account } from '../accounts/model.ts'
import { AppError, isAppError } from '../errors.ts'

/** Why a sign-in cannot be used any more, or not now, in words. */

/** The vendor said no, and only a person can change that. Everything else is trouble on the way, is tried again, and signs nobody out. */
export function isRefusal(error: unknown): error is AppError {
  return isAppError(
    error,
    'token_rejected',
    'token_reused',
    'client_rejected',
    'handshake_denied',
    'client_missing',
    'secret_damaged',
  )
}

export function askToSignIn(account: Account, detail: string | null): AppError {
  return new AppError('needs_sign_in', `${account.siteLabel} asks you to sign in again.`, {
    action: 'Sign in again. Conversations and unsent replies are kept.',
    detail,
  })
}

/** Some vendors say so when a refresh token comes twice. */
export function saysReused(error: AppError): boolean {
  return (
    isAppError(error, 'token_rejected') &&
    /re-?use|already (?:been )?used|used (?:more than once|twice|before)|replay/i.test(error.detail ?? '')
  )
}

export function reused(account: Account, detail: string | null): AppError {
  return new AppError(
    'token_reused',
    `The saved sign-in of ${account.siteLabel} was used twice, so the site ended it.`,
    {
      action:
        'Sign in again. A lost answer does this, and so does a copy of this computer’s data: if you did not copy or restore anything, tell your administrator.',
      detail,
    },
  )
}

/** Absent and damaged look the same to a person, and both may pass: another session, or a key store that comes back. */
export function unreadable(account: Account, detail: string): AppError {
  return new AppError('secret_damaged', `The saved sign-in for ${account.siteLabel} cannot be read.`, {
    action: 'Sign in again. Conversations and unsent replies are kept.',
    detail,
  })
}

export function locked(detail: string): AppError {
  return new AppError('file_failed', 'A saved sign-in cannot be read right now.', {
    action: 'Try again in a moment.',
    detail,
  })
}

/** Without a refresh token a client shows only at the next sign-in whether it is right. */
export function notTried(account: Account): AppError {
  return new AppError('not_supported', `${account.siteLabel} gives no way to try a secret without signing in.`, {
    action: 'The present one stays. When the site asks for it, sign in again with the new client.',
  })
}
