import type { AppError } from '../../errors.ts'
import { errorObject, textOf, vendorError } from '../read-error.ts'

export const vendorName = 'Zendesk'

/** Words of the many shapes listed in the vendor's API description: a text, an object, or a list of errors. */
export function readError(status: number, _headers: Headers, body: string): AppError {
  const parsed = errorObject(body)
  if (parsed === null) return vendorError(vendorName, status, { text: null, code: null })
  const { error, errors, description, error_description: grant, message, details } = parsed
  const nested = asObject(error)
  const first = Array.isArray(errors) ? asObject(errors[0]) : null
  const text =
    detailText(details) ??
    textOf(nested?.message) ??
    textOf(first?.detail) ??
    textOf(first?.title) ??
    textOf(description) ??
    textOf(grant) ??
    textOf(message)
  const code = textOf(error) ?? textOf(nested?.title) ?? textOf(first?.code)
  return vendorError(vendorName, status, { text, code })
}

const asObject = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null

/** `{"details":{"status":[{"description":"Status: closed prevents ticket update"}]}}` */
function detailText(details: unknown): string | null {
  const fields = Object.values(asObject(details) ?? {})
  const words = fields
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .map((each) => textOf(asObject(each)?.description))
  const known = words.filter((each) => each !== null)
  return known.length === 0 ? null : known.join('; ')
}
