import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { Quarantined } from './model.ts'

/** Ids come as numbers or as text; they are text in Manydesk. */
export const vendorId = z.union([z.string().min(1), z.number().refine(Number.isFinite)]).transform((id) => String(id))
export const optionalId = vendorId.nullish().catch(null)
export const optionalText = z.string().nullish().catch(null)
/** A time in any ISO 8601 form or as epoch milliseconds (also in text), as epoch milliseconds. */
export const time = z.union([z.string(), z.number()]).transform((value, context) => {
  const text = String(value)
  const ms = /^-?\d+$/.test(text) ? Number(text) : Date.parse(text)
  // The range of dates: what is outside would never be overtaken by a real change.
  if (Math.abs(ms) <= 8.64e15) return ms
  context.addIssue({ code: 'custom', message: 'not a time' })
  return z.NEVER
})
export const optionalTime = time.nullish().catch(null)

function pathText(base: string, path: PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? String(key) : `${text}.${String(key)}`
  }, base)
}

function idOf(record: unknown): string | null {
  const id = typeof record === 'object' && record !== null && 'id' in record ? record.id : null
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null
}

/** Reads one record. @returns the value, or what is wrong with it and where */
export function readRecord<T>(
  schema: z.ZodType<T>,
  record: unknown,
  path: string,
): { value: T } | { bad: Quarantined } {
  const result = schema.safeParse(record)
  if (result.success) return { value: result.data }
  const [issue] = result.error.issues
  return {
    bad: { vendorId: idOf(record), path: pathText(path, issue?.path ?? []), reason: issue?.message ?? 'unreadable' },
  }
}

/** Reads a list record by record: what cannot be read is set aside with its path, the rest goes on. */
export function readRecords<T>(
  schema: z.ZodType<T>,
  list: readonly unknown[],
  name: string,
): { values: T[]; quarantined: Quarantined[] } {
  const values: T[] = []
  const quarantined: Quarantined[] = []
  list.forEach((record, index) => {
    const read = readRecord(schema, record, `${name}[${index}]`)
    if ('value' in read) values.push(read.value)
    else quarantined.push(read.bad)
  })
  return { values, quarantined }
}

/** An answer that is not what was asked for. `place` says where in it, beginning with a name such as `answer` or `tickets[2]`. */
export function notOfThisKind(vendor: string, place: string, reason: string): AppError {
  return new AppError('vendor_bad_answer', `${vendor} sent an answer that Manydesk cannot read.`, {
    action: 'Try again later. If it lasts, send us the log file.',
    detail: `${place}: ${reason}`,
    outcome: 'unknown',
  })
}

/** Reads what must be there, such as the envelope of a list. @throws AppError `vendor_bad_answer` with the path */
export function readAnswer<T>(schema: z.ZodType<T>, answer: unknown, vendor: string): T {
  const result = schema.safeParse(answer)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw notOfThisKind(vendor, pathText('answer', issue?.path ?? []), issue?.message ?? 'unreadable')
}

/** The fields of a record that `known` does not name, without the empty ones: kept and shown as they came. */
export function unknownFields(record: Record<string, unknown>, known: readonly string[]): Record<string, unknown> {
  const names = new Set(known)
  return Object.fromEntries(Object.entries(record).filter(([name, value]) => !names.has(name) && !isEmpty(value)))
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
