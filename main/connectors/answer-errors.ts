import { AppError, type Outcome } from '../errors.ts'

/** 401 and 429 come before the vendor does anything; other 4xx are a decision; after a 5xx or 408 nobody knows. */
export function outcomeOf(status: number): Outcome {
  if (status === 401 || status === 429) return 'not_sent'
  return status >= 500 || status === 408 ? 'unknown' : 'refused'
}

const longestRetryAfterMs = 60 * 60_000

/** RFC 9110 10.2.3: seconds or a date. Milliseconds from now, at most an hour; null where absent or unreadable. */
export function readRetryAfter(headers: Headers, now: number): number | null {
  const text = headers.get('retry-after')?.trim()
  if (!text) return null
  const wait = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(wait) ? null : Math.min(longestRetryAfterMs, Math.max(0, wait))
}

export function fileRefused(status: number): AppError {
  const gone = status === 404 || status === 410 || status === 403
  return new AppError(gone ? 'vendor_not_found' : 'vendor_failed', 'The file could not be fetched.', {
    action: gone ? 'Open the conversation again, then try again: links to files are short-lived.' : 'Try again later.',
    detail: `HTTP ${status}`,
  })
}

export function badAnswer(vendor: string, detail: string, outcome: Outcome): AppError {
  return new AppError('vendor_bad_answer', `${vendor} sent an answer that Manydesk cannot read.`, {
    action: 'If you are in a hotel, train or company network, sign in to it first. Otherwise try again later.',
    detail,
    outcome,
  })
}

/** Electron's fetch rejects a redirect it was told not to follow, and does not say where it leads. */
const hiddenRedirect = 'redirect not followed'

export function isHiddenRedirect(error: unknown): boolean {
  return error instanceof AppError && error.detail === hiddenRedirect
}

/** A rejected fetch that was such a redirect, or null. */
export function readHiddenRedirect(error: unknown, vendor: string): AppError | null {
  const said = error instanceof Error && /redirect was cancelled/i.test(error.message)
  return said ? badAnswer(vendor, hiddenRedirect, 'unknown') : null
}
