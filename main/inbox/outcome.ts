import type { ErrorCode } from '../../preload/errors.ts'
import type { Command, Compose } from '../connectors/model.ts'
import { type AppError, isAppError, type Outcome } from '../errors.ts'

/** Trouble of the whole account: its other commands need not be tried now. */
const ofAccount: ErrorCode[] = [
  'offline',
  'rate_limited',
  'needs_sign_in',
  'account_paused',
  'policy_forbids',
  'policy_broken',
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

/**
 * What a failed write means for its command. The HTTP client says so on its errors; a connector's own are told by their code. Anything not
 * known to be harmless counts as unknown: a lost answer must never become a second reply.
 */
export function outcomeOf(error: unknown): Outcome {
  if (!isAppError(error)) return 'unknown'
  if (error.outcome !== undefined) return error.outcome
  if (ofAccount.includes(error.code)) return 'not_sent'
  return refused.includes(error.code) ? 'refused' : 'unknown'
}

export function stopsAccount(error: unknown): error is AppError {
  return isAppError(error, ...ofAccount)
}

/** Setting the same value twice is harmless; saying the same thing twice to a customer is not. */
export function isRepeatable(command: Command | Compose): boolean {
  return command.kind !== 'reply' && command.kind !== 'note' && command.kind !== 'compose'
}
