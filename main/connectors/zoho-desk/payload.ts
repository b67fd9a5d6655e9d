import type { z } from 'zod'
import { AppError } from '../../errors.ts'
import type { Quarantined } from '../model.ts'
import { readRecord } from '../read-records.ts'
import { vendorName } from './errors.ts'

/** A kind of record: how it is read, and by which fields it is told from the others, which all have an `id`. */
export interface Kind<T> {
  name: string
  schema: z.ZodType<T>
  /** One of these fields is enough. */
  signs: readonly string[]
}

export interface Read<T> {
  values: T[]
  quarantined: Quarantined[]
}

const asObject = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null

/**
 * The records of a payload, however it wraps them: `{data: […]}`, one record, a list of either; null (204) holds none. What cannot be read is
 * set aside with its path. `envelope` is the name of the list where it is not `data`.
 * @throws AppError `vendor_bad_answer` for a payload that holds no record of this kind at all
 */
export function readPayload<T>(kind: Kind<T>, payload: unknown, envelope = 'data'): Read<T> {
  if (payload === null) return { values: [], quarantined: [] }
  const found = unwrap(kind, payload, envelope, '')
  const [stranger] = found
  if (stranger !== undefined && found.every(({ record }) => isStranger(kind, record)))
    throw notThis(stranger.path, `not a ${kind.name}`)
  const read: Read<T> = { values: [], quarantined: [] }
  for (const { record, path } of found) {
    const one = readRecord(kind.schema, record, path || kind.name)
    if ('value' in one) read.values.push(one.value)
    else read.quarantined.push(one.bad)
  }
  return read
}

/** A record of another kind, as against one that is damaged. */
function isStranger(kind: Pick<Kind<unknown>, 'signs'>, record: unknown): boolean {
  const fields = Object.keys(asObject(record) ?? {}).filter((name) => name !== 'id')
  return fields.length > 0 && !fields.some((name) => kind.signs.includes(name))
}

interface Found {
  record: unknown
  path: string
}

function unwrap(kind: { name: string }, payload: unknown, envelope: string, path: string): Found[] {
  if (Array.isArray(payload)) {
    return payload.flatMap((each: unknown, index): Found[] => {
      const here = `${path}[${index}]`
      return isEnvelope(each, envelope) ? unwrap(kind, each, envelope, here) : [{ record: each, path: here }]
    })
  }
  const object = asObject(payload)
  if (object === null) throw notThis(path, `not a ${kind.name} or a list of them`)
  if (!isEnvelope(object, envelope)) return [{ record: object, path }]
  const list = object[envelope]
  const there = path === '' ? envelope : `${path}.${envelope}`
  if (!Array.isArray(list)) throw notThis(there, 'not a list')
  return list.map((record: unknown, index) => ({ record, path: `${there}[${index}]` }))
}

const isEnvelope = (value: unknown, envelope: string) => {
  const object = asObject(value)
  return object !== null && Object.hasOwn(object, envelope) && !Object.hasOwn(object, 'id')
}

function notThis(path: string, reason: string): AppError {
  const place = path === '' ? 'answer' : path.startsWith('[') ? `answer${path}` : `answer.${path}`
  return new AppError('vendor_bad_answer', `${vendorName} sent an answer that Manydesk cannot read.`, {
    action: 'Try again later. If it lasts, send us the log file.',
    detail: `${place}: ${reason}`,
    outcome: 'unknown',
  })
}

/** The record of a payload that must hold one. @throws AppError `vendor_bad_answer` with the path of what is wrong */
export function readOne<T>(kind: Kind<T>, payload: unknown): T {
  const { values, quarantined } = readPayload(kind, payload)
  const [value] = values
  if (value !== undefined) return value
  const [bad] = quarantined
  throw notThis(bad?.path ?? '', bad?.reason ?? `no ${kind.name}`)
}
