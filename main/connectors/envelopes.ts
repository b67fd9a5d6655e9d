import type { z } from 'zod'
import type { Quarantined } from './model.ts'
import { notOfThisKind, readRecord } from './read-records.ts'

/** Names under which a vendor puts records into an answer. */
export interface EnvelopeShape {
  /** Members that hold a list of records, for example `tickets`. The first is named in errors. */
  lists: readonly string[]
  /** Members that hold one record, for example `ticket`. */
  ones?: readonly string[]
}

/** One answer of a vendor, opened: its records, each with its path in the payload, and all that stands beside them. */
export interface Envelope {
  records: { record: unknown; path: string }[]
  /** The members of the answer; empty where records came without an envelope. */
  members: Record<string, unknown>
  /** Path of the answer in the payload: empty, or `[2]` for the third of a list of pages. */
  path: string
}

/** A JSON object: no list, and not null. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `a.b`, also where one of them is empty. */
export const under = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`)

/**
 * Finds the records of a payload: one answer, a list of answers (pages), one bare record or a list of bare records. A bare record has an `id`.
 * @throws AppError `vendor_bad_answer` with the path when there is nothing of this kind
 */
export function openEnvelopes(payload: unknown, shape: EnvelopeShape, vendor: string): Envelope[] {
  if (!Array.isArray(payload)) return [openAnswer(payload, shape, vendor, '')]
  const bare: Envelope = { records: [], members: {}, path: '' }
  const opened = payload.flatMap((each: unknown, index): Envelope[] => {
    const path = `[${index}]`
    if (Array.isArray(each)) {
      return [{ records: each.map((record, at) => ({ record, path: `${path}[${at}]` })), members: {}, path }]
    }
    if (isObject(each) && nameOf(each, shape) !== null) return [openAnswer(each, shape, vendor, path)]
    bare.records.push({ record: each, path })
    return []
  })
  return bare.records.length > 0 ? [...opened, bare] : opened
}

const nameOf = (answer: Record<string, unknown>, { lists, ones = [] }: EnvelopeShape): string | null =>
  [...lists, ...ones].find((name) => Object.hasOwn(answer, name)) ?? null

function openAnswer(answer: unknown, shape: EnvelopeShape, vendor: string, path: string): Envelope {
  const wanted = shape.lists[0] ?? shape.ones?.[0] ?? ''
  if (!isObject(answer)) throw notOfThisKind(vendor, path || 'answer', 'an object was expected')
  const name = nameOf(answer, shape)
  if (name === null) {
    if ('id' in answer) return { records: [{ record: answer, path }], members: {}, path }
    throw notOfThisKind(vendor, under(path, wanted), 'missing')
  }
  const held = answer[name]
  const at = under(path, name)
  if (shape.lists.includes(name)) {
    if (!Array.isArray(held)) throw notOfThisKind(vendor, at, 'a list was expected')
    return { records: listed(held, at), members: answer, path }
  }
  return { records: [{ record: held, path: at }], members: answer, path }
}

/** Reads the records of an answer one by one (`paths` beside `values`): what cannot be read is set aside with its path, the rest goes on. */
export function readEach<T>(
  schema: z.ZodType<T>,
  records: readonly { record: unknown; path: string }[],
): { values: T[]; paths: string[]; quarantined: Quarantined[] } {
  const values: T[] = []
  const paths: string[] = []
  const quarantined: Quarantined[] = []
  for (const { record, path } of records) {
    const read = readRecord(schema, record, path)
    if ('value' in read) {
      values.push(read.value)
      paths.push(path)
    } else quarantined.push(read.bad.path === '' ? { ...read.bad, path: 'record' } : read.bad)
  }
  return { values, paths, quarantined }
}

/** The members of a list inside a record, with their paths. */
export const listed = (list: readonly unknown[] | null | undefined, path: string): Envelope['records'] =>
  (list ?? []).map((record, index) => ({ record, path: `${path}[${index}]` }))

/**
 * Reads the answer to a question about one record.
 * @throws AppError `vendor_bad_answer` with the path of what cannot be read
 */
export function readOne<T>(schema: z.ZodType<T>, payload: unknown, shape: EnvelopeShape, vendor: string): T {
  const [envelope] = openEnvelopes(payload, shape, vendor)
  const { values, quarantined } = readEach(schema, envelope?.records.slice(0, 1) ?? [])
  const [value] = values
  if (value !== undefined) return value
  throw notOfThisKind(vendor, quarantined[0]?.path || 'answer', quarantined[0]?.reason ?? 'empty')
}
