import type { ErrorCode } from '../../preload/errors.ts'
import type { Command } from '../connectors/model.ts'
import { type AppError, isAppError } from '../errors.ts'

/**
 * What a failed write means for the command: `unsent` it certainly was not carried out and may be sent again; `refused` the vendor
 * answered no; `unknown` the request may have been carried out, so the vendor must be asked before any second try.
 */
export type Outcome = 'unsent' | 'refused' | 'unknown'

/** Codes that are raised before a request leaves, or with which the vendor says that it did nothing. */
const unsent: ErrorCode[] = [
  'offline',
  'rate_limited',
  'needs_sign_in',
  'account_paused',
  'token_rejected',
  'client_rejected',
  'keyring_locked',
  'keyring_unavailable',
]
/** Answers that are final until a person changes something. */
const refused: ErrorCode[] = [
  'vendor_rejected',
  'vendor_forbidden',
  'vendor_not_found',
  'vendor_conflict',
  'not_supported',
  'not_found',
  'bad_request',
]

/** Anything not known to be harmless counts as unknown: a lost answer must never become a second reply. */
export function outcomeOf(error: unknown): Outcome {
  if (isAppError(error, ...unsent)) return 'unsent'
  if (isAppError(error, ...refused)) return 'refused'
  return 'unknown'
}

/** True for trouble that concerns the whole account: its other commands need not be tried now. */
export function stopsAccount(error: unknown): error is AppError {
  return isAppError(error, ...unsent)
}

/** Setting the same value twice is harmless; saying the same thing twice to a customer is not. */
export function isRepeatable(command: Command): boolean {
  return command.kind !== 'reply' && command.kind !== 'note'
}
