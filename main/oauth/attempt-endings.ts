import { AppError } from '../errors.ts'
import type { SignInPlan } from './saving.ts'

/** How a sign-in ends before it has an answer, in words. */

export function cancelled(plan: SignInPlan): AppError {
  return new AppError('handshake_cancelled', `Signing in to ${plan.siteLabel} was cancelled.`, {
    action: 'Nothing was changed.',
  })
}

export function expired(plan: SignInPlan): AppError {
  return new AppError('handshake_expired', `Signing in to ${plan.siteLabel} took longer than 10 minutes.`, {
    action: 'Start again.',
  })
}

export function replayed(plan: SignInPlan): AppError {
  return new AppError('handshake_replayed', `This answer of ${plan.siteLabel} was used before.`, {
    action: 'It was not used again. Start the sign-in again.',
  })
}
