import { AppError, isAppError, type Outcome } from '../errors.ts'

/** The same error, knowing what became of the request. */
export function withOutcome(error: AppError, outcome: Outcome): AppError {
  const { code, message, action, detail, retryAfterMs } = error
  const pause = retryAfterMs === undefined ? {} : { retryAfterMs }
  return new AppError(code, message, { action, detail, outcome, cause: error, ...pause })
}

/**
 * What is read before anything is written: its failure has changed nothing, so that the command may simply be sent again.
 * @throws AppError `refused` where the vendor refused, else `not_sent`; what is no AppError as it is
 */
export async function beforeSending<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    if (!isAppError(error) || error.outcome === 'refused' || error.outcome === 'not_sent') throw error
    throw withOutcome(error, 'not_sent')
  }
}

/** What the vendor's API has no way to do, said before anything is sent. */
export const notOffered = (message: string, action: string): AppError =>
  new AppError('not_supported', message, { action, outcome: 'refused' })
