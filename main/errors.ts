import type { ErrorCode, ErrorShape } from '../preload/errors.ts'

/**
 * What a failed request may have done at the vendor. `not_sent`: surely nothing, sending it again later is safe. `refused`:
 * the vendor answered and did nothing, sending the same again is pointless. `unknown`: it may have acted; look (probe) before
 * sending again.
 */
export type Outcome = 'not_sent' | 'refused' | 'unknown'

interface AppErrorOptions {
  /** What the agent can do now, as a sentence. */
  action?: string | null
  /** Technical and already redacted: it can be shown, copied and logged. */
  detail?: string | null
  /** When trying again makes sense, in milliseconds from now. */
  retryAfterMs?: number
  /** Set on every error of an account's HTTP client (main/connectors/http.ts). */
  outcome?: Outcome
  cause?: unknown
}

/** The one error family of the main process. Services throw it, `main/ipc` sends its shape to the renderer. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly action: string | null
  readonly detail: string | null
  readonly retryAfterMs: number | undefined
  /** What the failed request may have done at the vendor; undefined where no request was involved. */
  readonly outcome: Outcome | undefined

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.action = options.action ?? null
    this.detail = options.detail ?? null
    this.retryAfterMs = options.retryAfterMs
    this.outcome = options.outcome
  }
}

/** True for an `AppError`, optionally of one of the given codes. */
export function isAppError(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code))
}

/**
 * The shape that may cross to the renderer or into a stored row. An unexpected error becomes `internal` and keeps no
 * text of its own, because nobody has checked that text for secrets.
 */
export function toErrorShape(error: unknown): ErrorShape {
  if (error instanceof AppError) {
    return { code: error.code, message: error.message, action: error.action, detail: error.detail }
  }
  return {
    code: 'internal',
    message: 'Something unexpected went wrong in Manydesk.',
    action: 'Try again. If it happens again, send us the log file.',
    detail: error instanceof Error ? error.name : typeof error,
  }
}
