import type { z } from 'zod'
import { AppError } from '../../errors.ts'
import type { Quarantined } from '../model.ts'
import { readRecord } from '../read-records.ts'

/** A record of a payload, the name it stood under (null: it was the payload itself, or one of a bare list), and the path to it. */
export interface Found {
  key: string | null
  record: unknown
  path: string
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Every record of a payload in any form the Freshworks products send: `{"deals":[…]}`, `{"deal":{…}}`, the record itself, a list of
 * records, or a list of whole answers. `bare` tells whether an object without any of the `keys` is a record itself.
 * @throws AppError `vendor_bad_answer` with the path of what is none of this
 */
export function recordsIn(
  payload: unknown,
  keys: readonly string[],
  bare: (record: Record<string, unknown>) => boolean,
  vendor: string,
): Found[] {
  if (Array.isArray(payload)) return payload.flatMap((each, at) => inside(each, `[${at}]`, true))
  return inside(payload, '', false)

  function inside(value: unknown, path: string, ofList: boolean): Found[] {
    if (!isObject(value)) {
      if (ofList) return [{ key: null, record: value, path }]
      throw notOfThisKind(vendor, path, 'not an object')
    }
    const present = keys.filter((key) => value[key] !== undefined && value[key] !== null)
    if (present.length > 0)
      return present.flatMap((key) => under(value[key], key, path === '' ? key : `${path}.${key}`))
    if (bare(value) || ofList) return [{ key: null, record: value, path: path || 'answer' }]
    throw notOfThisKind(vendor, path, `has none of ${keys.join(', ')}`)
  }

  function under(value: unknown, key: string, path: string): Found[] {
    if (Array.isArray(value)) return value.map((record, at) => ({ key, record, path: `${path}[${at}]` }))
    if (isObject(value)) return [{ key, record: value, path }]
    throw notOfThisKind(vendor, path, 'neither a record nor a list')
  }
}

function notOfThisKind(vendor: string, path: string, reason: string): AppError {
  return new AppError('vendor_bad_answer', `${vendor} sent an answer that Manydesk cannot read.`, {
    action: 'Try again later. If it lasts, send us the log file.',
    detail: `answer${path === '' || path.startsWith('[') ? path : `.${path}`}: ${reason}`,
    outcome: 'unknown',
  })
}

/** Reads found records one by one: what cannot be read is set aside with its path, the rest goes on. */
export function readFound<T>(
  schema: z.ZodType<T>,
  found: readonly Found[],
): { values: T[]; quarantined: Quarantined[] } {
  const values: T[] = []
  const quarantined: Quarantined[] = []
  for (const { record, path } of found) {
    const read = readRecord(schema, record, path)
    if ('value' in read) values.push(read.value)
    else quarantined.push(read.bad)
  }
  return { values, quarantined }
}
