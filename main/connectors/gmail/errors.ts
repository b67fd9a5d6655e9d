import { AppError } from '../../errors.ts'
import { errorObject, textOf, type VendorWords, vendorError } from '../read-error.ts'
import { serverTimeOf } from '../server-time.ts'

export const vendorName = 'Gmail'

/**
 * `{"error":{"code":403,"message":"…","errors":[{"domain":"usageLimits","reason":"rateLimitExceeded"}],"status":"…"}}`. Quotas are told by 403
 * as well as by 429. https://developers.google.com/workspace/gmail/api/guides/handle-errors
 */
export function readError(status: number, headers: Headers, body: string): AppError {
  const { text, reason } = readWords(body)
  const words: VendorWords = { text, code: reason }
  if (isQuota(status, reason)) return vendorError(vendorName, status, { ...words, ...slowDown(text, reason, headers) })
  const known = reason === null ? undefined : explained[reason]
  if (known !== undefined && status === 403) {
    const plain = vendorError(vendorName, status, words)
    return new AppError('vendor_forbidden', known.message, { action: known.action, detail: plain.detail })
  }
  return vendorError(vendorName, status, words)
}

/** True for an answer that says "later", in either of Google's two forms. */
function isQuota(status: number, reason: string | null): boolean {
  return status === 429 || (status === 403 && reason !== null && quotaReasons.has(reason))
}

const quotaReasons = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'dailyLimitExceeded', 'quotaExceeded'])
const dailyPauseMs = 60 * 60_000

/** `Retry-After` is not promised; the moment may stand in the text: "Retry after 2026-05-01T10:00:00.000Z". */
function slowDown(text: string | null, reason: string | null, headers: Headers): Omit<VendorWords, 'text' | 'code'> {
  const as = 'rate_limited' as const
  const until = Date.parse(/retry after (\d{4}-\d\d-\d\dT[\d:.]+Z)/i.exec(text ?? '')?.[1] ?? '')
  const now = serverTimeOf(headers)
  if (Number.isFinite(until) && now !== null) return { as, retryAfterMs: Math.max(1000, until - now) }
  return reason === 'dailyLimitExceeded' ? { as, retryAfterMs: dailyPauseMs } : { as }
}

const missingScope = {
  message: 'Google was not allowed to let Manydesk do this with the mailbox.',
  action: "Reconnect the account and tick every box on Google's page.",
}
const explained: Record<string, { message: string; action: string }> = {
  insufficientPermissions: missingScope,
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: missingScope,
  accessNotConfigured: {
    message: 'The Gmail API is not switched on in the Google Cloud project of this client.',
    action: 'In the Google Cloud console, open APIs and services, then Library, and enable the Gmail API.',
  },
  domainPolicy: {
    message: 'The Google Workspace of this mailbox does not let apps read its mail.',
    action: 'Ask the Workspace administrator to allow the Gmail API and to trust this client id.',
  },
}

/** The newer `details[].reason` is more exact than `errors[].reason`. */
function readWords(body: string): { text: string | null; reason: string | null } {
  const error: unknown = errorObject(body)?.error
  if (typeof error === 'string') return { text: textOf(errorObject(body)?.error_description), reason: error }
  const { message, errors, details, status } = Object(error) as Record<string, unknown>
  const reasonOf = (list: unknown) =>
    (Array.isArray(list) ? list : []).map((each) => textOf((Object(each) as { reason?: unknown }).reason)).find(Boolean)
  return { text: textOf(message), reason: reasonOf(details) ?? reasonOf(errors) ?? textOf(status) }
}
