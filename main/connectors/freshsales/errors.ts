import type { AppError } from '../../errors.ts'
import { errorObject, textOf, vendorError } from '../read-error.ts'

export const vendorName = 'Freshsales'

/** `{"errors":{"code":400,"message":["Name can't be blank"]}}`, also with one text; 401 `{"login":"failed","message"}`; 404 may be HTML. */
export function readError(status: number, _headers: Headers, body: string): AppError {
  const parsed = errorObject(body)
  const errors: Record<string, unknown> = Object(parsed?.errors)
  const text = listed(errors.message) ?? listed(parsed?.message) ?? textOf(parsed?.error) ?? textOf(parsed?.description)
  const code = typeof errors.code === 'number' || typeof errors.code === 'string' ? String(errors.code) : null
  return vendorError(vendorName, status, { text, code: code === String(status) ? null : code })
}

function listed(value: unknown): string | null {
  if (!Array.isArray(value)) return textOf(value)
  return textOf(value.filter((each) => typeof each === 'string').join('; '))
}
