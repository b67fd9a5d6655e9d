import type { AppError } from '../../errors.ts'
import { errorObject, textOf, type VendorWords, vendorError } from '../read-error.ts'

/** `{"description":"Validation failed","errors":[{"field","message","code"}]}` or `{"code","message"}`; 404 is often empty. */
export function readTicketsError(vendorName: string, status: number, body: string): AppError {
  const parsed = errorObject(body)
  const words: VendorWords = parsed === null ? { text: null, code: null } : readWords(parsed)
  // A ticket that is spam or deleted answers 405 to every change.
  return vendorError(vendorName, status, status === 405 ? { ...words, as: 'vendor_not_found' } : words)
}

function readWords(body: Record<string, unknown>): VendorWords {
  const errors = Array.isArray(body.errors) ? body.errors : []
  const sentences = errors.flatMap((each) => {
    const { field, message } = Object(each) as { field?: unknown; message?: unknown }
    const text = textOf(message)
    return text === null ? [] : [textOf(field) === null ? text : `${field}: ${text}`]
  })
  const [first] = errors
  const code = textOf(body.code) ?? textOf((Object(first) as { code?: unknown }).code)
  return {
    text: sentences.length > 0 ? sentences.join('; ') : (textOf(body.message) ?? textOf(body.description)),
    code,
  }
}
