import type { ErrorCode } from '../../../preload/errors.ts'
import type { AppError } from '../../errors.ts'
import { errorObject, textOf, type VendorWords, vendorError } from '../read-error.ts'

export const vendorName = 'Zoho Desk'

/** Where `errorCode` says more than the status, which is documented for few of them (https://github.com/zoho/zohodesk-oas, Common.json). */
const codes: Record<string, ErrorCode> = {
  SCOPE_MISMATCH: 'vendor_forbidden',
  OAUTH_ORG_MISMATCH: 'vendor_forbidden',
  FORBIDDEN: 'vendor_forbidden',
  LICENSE_ACCESS_LIMITED: 'vendor_forbidden',
  ONLY_LIVECHAT_USER: 'vendor_forbidden',
  URL_NOT_FOUND: 'vendor_not_found',
  RESOURCE_NOT_FOUND: 'vendor_not_found',
  TOO_MANY_REQUESTS: 'rate_limited',
  THRESHOLD_EXCEEDED: 'rate_limited',
  INTERNAL_SERVER_ERROR: 'vendor_failed',
}

/** Too many at once passes in moments; the credits of the day come back later, when `Retry-After` does not say when. */
const pauses: Record<string, number> = { TOO_MANY_REQUESTS: 2000, THRESHOLD_EXCEEDED: 15 * 60_000 }

/** `{"errorCode":"UNPROCESSABLE_ENTITY","message":"…","errors":[{"fieldName":"/status","errorType":"invalid","errorMessage":"…"}]}` */
export function readError(status: number, _headers: Headers, body: string): AppError {
  const parsed = errorObject(body)
  if (parsed === null) return vendorError(vendorName, status, { text: null, code: null })
  const code = textOf(parsed.errorCode)
  const known = code !== null && Object.hasOwn(codes, code) ? codes[code] : undefined
  const pause = code !== null && Object.hasOwn(pauses, code) ? pauses[code] : undefined
  const words: VendorWords = {
    text: fieldWords(parsed.errors) ?? textOf(parsed.message),
    code,
    ...(known === undefined ? {} : { as: known }),
    ...(pause === undefined ? {} : { retryAfterMs: pause }),
  }
  return vendorError(vendorName, status, words)
}

function fieldWords(errors: unknown): string | null {
  const sentences = (Array.isArray(errors) ? errors : []).flatMap((each: unknown) => {
    const { fieldName, errorType, errorMessage } = Object(each) as Record<string, unknown>
    const text = textOf(errorMessage) ?? textOf(errorType)
    const field = textOf(fieldName)?.replace(/^\//, '')
    return text === null ? [] : [field ? `${field}: ${text}` : text]
  })
  return sentences.length === 0 ? null : sentences.join('; ')
}
