import { z } from 'zod'
import { isObject, readEach } from '../envelopes.ts'
import type { Quarantined } from '../model.ts'
import { readAnswer } from '../read-records.ts'

/** How one kind of record is called in answers: `{"tickets":[…]}`, `{"ticket":{…}}`, or bare. */
export interface RecordKind {
  /** Key of a list, and its name in paths. */
  many: string
  /** Key of a single record. */
  one: string
  /** Other keys a list comes under, for example `results` of a search. */
  others?: readonly string[]
}

export interface Records<T> {
  values: T[]
  quarantined: Quarantined[]
  /** Records in the answer, readable or not: a page with fewer than asked for is the last. */
  count: number
}

export const tickets: RecordKind = { many: 'tickets', one: 'ticket', others: ['results'] }
export const entries: RecordKind = { many: 'conversations', one: 'conversation' }

/**
 * Reads the records of an answer. One product wraps its lists and records, the other does not, and answers of several pages may come as
 * one list: all of these are taken. What cannot be read is set aside with its path (`tickets[3].created_at`).
 * @throws AppError `vendor_bad_answer` when there is no record of this kind in it
 */
export function readRecordsOf<T>(schema: z.ZodType<T>, answer: unknown, kind: RecordKind, vendor: string): Records<T> {
  const found = locate(answer, kind) ?? readAnswer(listOf(kind), answer, vendor)
  const { values, quarantined } = readEach(schema, found)
  return { values, quarantined, count: found.length }
}

/** The one record of an answer. @throws AppError `vendor_bad_answer` with the path of what is wrong in it */
export function readOneOf<T>(schema: z.ZodType<T>, answer: unknown, kind: RecordKind, vendor: string): T {
  const wrapped = isObject(answer) && kind.one in answer
  if (!wrapped) return readAnswer(schema, answer, vendor)
  const envelope = readAnswer(z.looseObject({ [kind.one]: schema }), answer, vendor)
  return readAnswer(schema, envelope[kind.one], vendor)
}

interface Found {
  record: unknown
  path: string
}

/** Only asked where nothing was found: says what was expected. */
const listOf = (kind: RecordKind) => z.looseObject({ [kind.many]: z.array(z.unknown()) }).transform((): Found[] => [])

function locate(answer: unknown, kind: RecordKind): Found[] | null {
  if (!Array.isArray(answer)) return isObject(answer) ? inObject(answer, kind, '') : null
  return answer.flatMap((each: unknown, at): Found[] => {
    const page = `pages[${at}].`
    if (Array.isArray(each)) return inList(each, `${page}${kind.many}`)
    const inside = isObject(each) && !('id' in each) ? inObject(each, kind, page) : null
    return inside ?? [{ record: each, path: `${kind.many}[${at}]` }]
  })
}

function inObject(answer: Record<string, unknown>, kind: RecordKind, prefix: string): Found[] | null {
  if ('id' in answer) return [{ record: answer, path: `${prefix}${kind.one}` }]
  for (const key of [kind.many, ...(kind.others ?? [])]) {
    const list = answer[key]
    if (Array.isArray(list)) return inList(list, `${prefix}${key}`)
  }
  const single = answer[kind.one]
  return isObject(single) ? [{ record: single, path: `${prefix}${kind.one}` }] : null
}

const inList = (list: unknown[], name: string): Found[] =>
  list.map((record, at) => ({ record, path: `${name}[${at}]` }))
