import type { ErrorCode } from '../../preload/errors.ts'
import { AppError } from '../errors.ts'

/** Codes by status, for every vendor that keeps to HTTP. */
function codeOf(status: number): ErrorCode {
  if (status === 401) return 'needs_sign_in'
  if (status === 402 || status === 403) return 'vendor_forbidden'
  if (status === 404 || status === 410) return 'vendor_not_found'
  if (status === 409 || status === 423) return 'vendor_conflict'
  if (status === 408) return 'timeout'
  if (status === 429) return 'rate_limited'
  return status >= 500 ? 'vendor_failed' : 'vendor_rejected'
}

function sentence(code: ErrorCode, vendor: string): { message: string; action: string } {
  switch (code) {
    case 'needs_sign_in':
      return { message: `${vendor} asks you to sign in again.`, action: 'Reconnect the account on the Accounts page.' }
    case 'vendor_forbidden':
      return {
        message: `${vendor} does not allow this for your user or for the permissions that were granted.`,
        action: 'Ask an administrator of the site, or reconnect the account and grant all permissions.',
      }
    case 'vendor_not_found':
      return {
        message: `${vendor} does not have this any more.`,
        action: 'It may have been deleted or merged. Look at it on the site.',
      }
    case 'vendor_conflict':
      return {
        message: 'Somebody else changed this at the same time.',
        action: 'Read the conversation again, then decide.',
      }
    case 'rate_limited':
      return { message: `${vendor} allows no further requests at the moment.`, action: 'Manydesk goes on by itself.' }
    case 'timeout':
    case 'vendor_failed':
      return { message: `${vendor} has trouble at the moment.`, action: 'Manydesk tries again by itself.' }
    default:
      return { message: `${vendor} refused this.`, action: 'Change it and try again.' }
  }
}

/** The words a vendor's error body holds, as its folder reads them. */
export interface VendorWords {
  /** What went wrong, in the vendor's own words: untrusted, shown as text. */
  text: string | null
  /** Short technical code, for the detail. */
  code: string | null
  /** Where the vendor is more exact than the status. */
  as?: ErrorCode
  retryAfterMs?: number
}

const plain = (text: string) =>
  Array.from(text.replace(/\p{C}/gu, ' ').replace(/\s+/g, ' ').trim()).slice(0, 200).join('')

/** JSON object of an error body, or null (empty, HTML, plain text). */
export function errorObject(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value : null

/** An error answer in words. The vendor's own text is shown for refusals only, where it says what to change. */
export function vendorError(vendor: string, status: number, words: VendorWords): AppError {
  const code = words.as ?? codeOf(status)
  const { message, action } = sentence(code, vendor)
  const own = words.text === null ? null : plain(words.text)
  const showOwn = own !== null && own !== '' && (code === 'vendor_rejected' || code === 'vendor_conflict')
  const detail = [`HTTP ${status}`, words.code === null ? null : plain(words.code), own].filter(Boolean).join(': ')
  return new AppError(code, showOwn ? `${vendor} refused this: ${own}` : message, {
    action,
    detail,
    ...(words.retryAfterMs === undefined ? {} : { retryAfterMs: words.retryAfterMs }),
  })
}
