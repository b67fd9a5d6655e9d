import { z } from 'zod'
import type { ErrorCode } from '../../../preload/errors.ts'
import { AppError, type Outcome } from '../../errors.ts'
import { errorObject, textOf, vendorError } from '../read-error.ts'

export const vendorName = 'Shopify'

/** HTTP errors: `errors` is a text, a list of objects, or an object of lists (the older form). 423 and 402: the shop is locked or frozen. */
export function readError(status: number, _headers: Headers, body: string): AppError {
  const parsed = errorObject(body)
  const { errors, error, error_description: description } = parsed ?? {}
  const text = firstText(errors) ?? textOf(description)
  const as = status === 423 ? ({ as: 'vendor_forbidden' } as const) : {}
  return vendorError(vendorName, status, { text, code: textOf(error), ...as })
}

function firstText(value: unknown): string | null {
  if (Array.isArray(value)) return firstText(value[0])
  if (typeof value === 'object' && value !== null)
    return 'message' in value ? textOf(value.message) : firstText(Object.values(value)[0])
  return textOf(value)
}

const graphError = z.looseObject({
  message: z.string().catch(''),
  extensions: z
    .looseObject({ code: z.string().nullish().catch(null) })
    .nullish()
    .catch(null),
})

/** Codes of errors that come with HTTP 200. https://shopify.dev/docs/api/admin-graphql (status and error codes) */
const codes: Record<string, { as: ErrorCode; outcome: Outcome }> = {
  THROTTLED: { as: 'rate_limited', outcome: 'not_sent' },
  ACCESS_DENIED: { as: 'vendor_forbidden', outcome: 'refused' },
  SHOP_INACTIVE: { as: 'vendor_forbidden', outcome: 'refused' },
  MAX_COST_EXCEEDED: { as: 'vendor_rejected', outcome: 'refused' },
  INTERNAL_SERVER_ERROR: { as: 'vendor_failed', outcome: 'unknown' },
  TIMEOUT: { as: 'vendor_failed', outcome: 'unknown' },
}

/** The first of the errors beside (or in place of) `data`. @param waitMs how long a throttled call has to wait */
export function graphFault(errors: unknown[], waitMs: number): AppError {
  const read = graphError.safeParse(errors[0])
  const code = read.data?.extensions?.code ?? null
  const known = code !== null && Object.hasOwn(codes, code) ? codes[code] : undefined
  const { as, outcome } = known ?? { as: 'vendor_rejected' as const, outcome: 'refused' as const }
  const error = vendorError(vendorName, 200, { text: textOf(read.data?.message), code, as })
  const wait = as === 'rate_limited' ? { retryAfterMs: Math.ceil(waitMs) } : {}
  return new AppError(error.code, error.message, { action: error.action, detail: error.detail, outcome, ...wait })
}

const userError = z.looseObject({ message: z.string(), code: z.string().nullish().catch(null) })

/** A business error inside a mutation's payload: the vendor decided and did nothing. */
export function refusedByUserErrors(userErrors: unknown[]): AppError {
  const read = userError.safeParse(userErrors[0])
  const gone = read.data?.code === 'NOT_FOUND' || /does not exist|not found/i.test(read.data?.message ?? '')
  const error = vendorError(vendorName, 200, {
    text: read.data?.message ?? null,
    code: read.data?.code ?? null,
    as: gone ? 'vendor_not_found' : 'vendor_rejected',
  })
  return new AppError(error.code, error.message, { action: error.action, detail: error.detail, outcome: 'refused' })
}

export function notFound(): AppError {
  const { code, message, action } = vendorError(vendorName, 404, { text: null, code: null })
  return new AppError(code, message, { action, detail: 'the order is not there', outcome: 'refused' })
}
