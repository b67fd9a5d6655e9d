import type { AppError } from '../../errors.ts'
import { errorObject, textOf, type VendorWords, vendorError } from '../read-error.ts'

export const vendorName = 'HubSpot'

/** Pauses by policy where no Retry-After came, as the vendor's own client waits. https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines */
const pauses: Record<string, number> = { SECONDLY: 1000, TEN_SECONDLY_ROLLING: 10_000, DAILY: 60 * 60_000 }

/** `{"status":"error","message","category","errors":[{"message"}],"policyName"}`; 404 may be empty, 530 and 5xx may be HTML. */
export function readError(status: number, _headers: Headers, body: string): AppError {
  const parsed = errorObject(body)
  if (parsed === null) return vendorError(vendorName, status, { text: null, code: null, ...special(status) })
  const { errors, message, category, policyName } = parsed
  const details = (Array.isArray(errors) ? errors : []).map((each) =>
    textOf((Object(each) as { message?: unknown }).message),
  )
  const first = details.find((each) => each !== null) ?? null
  const pause = typeof policyName === 'string' ? pauses[policyName] : undefined
  return vendorError(vendorName, status, {
    text: first ?? textOf(message),
    code: textOf(category) ?? textOf(parsed.errorType),
    ...(pause === undefined ? {} : { retryAfterMs: pause }),
    ...special(status),
  })
}

/** 423: locked for some seconds. 477: the portal is being moved between data centres. */
function special(status: number): Partial<VendorWords> {
  if (status === 423) return { as: 'vendor_failed', retryAfterMs: 2000 }
  return status === 477 ? { as: 'vendor_failed', retryAfterMs: 60 * 60_000 } : {}
}
