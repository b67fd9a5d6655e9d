import type { AppError } from '../../errors.ts'
import { errorObject, textOf, vendorError } from '../read-error.ts'
import { serverTimeOf } from '../server-time.ts'

export const vendorName = 'Freshchat'

/** `{"code":404,"status":"AGENT_NOT_FOUND","message":"…"}`; of a message `{"error_code","error_message"}`; 401 may be empty or plain text. */
export function readError(status: number, headers: Headers, body: string): AppError {
  const parsed = errorObject(body)
  const reset = status === 429 ? untilReset(headers) : null
  return vendorError(vendorName, status, {
    text: textOf(parsed?.message) ?? textOf(parsed?.error_message),
    code: textOf(parsed?.status) ?? textOf(parsed?.error_code),
    ...(reset === null ? {} : { retryAfterMs: reset }),
  })
}

/** `X-RateLimit-Reset` is the Unix time of the reset, told against the server's own clock where it says one. */
export function untilReset(headers: Headers): number | null {
  const reset = Number(headers.get('x-ratelimit-reset') ?? Number.NaN)
  const server = serverTimeOf(headers)
  if (!Number.isFinite(reset) || server === null) return null
  const ms = (reset > 1e11 ? reset : reset * 1000) - server
  return ms > 0 && ms <= 60 * 60_000 ? ms : null
}
