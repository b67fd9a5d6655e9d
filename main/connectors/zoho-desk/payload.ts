import type { z } from 'zod'
import { isObject, readEach } from '../envelopes.ts'
import type { Quarantined } from '../model.ts'
import { notOfThisKind } from '../read-records.ts'
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
  const { values, quarantined } = readEach(
    kind.schema,
    found.map(({ record, path }) => ({ record, path: path || kind.name })),
  )
  return { values, quarantined }
}

/** A record of another kind, as against one that is damaged. */
function isStranger(kind: Pick<Kind<unknown>, 'signs'>, record: unknown): boolean {
  const fields = Object.keys(isObject(record) ? record : {}).filter((name) => name !== 'id')
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
  if (!isObject(payload)) throw notThis(path, `not a ${kind.name} or a list of them`)
  if (!isEnvelope(payload, envelope)) return [{ record: payload, path }]
  const list = payload[envelope]
  const there = path === '' ? envelope : `${path}.${envelope}`
  if (!Array.isArray(list)) throw notThis(there, 'not a list')
  return list.map((record: unknown, index) => ({ record, path: `${there}[${index}]` }))
}

const isEnvelope = (value: unknown, envelope: string) =>
  isObject(value) && Object.hasOwn(value, envelope) && !Object.hasOwn(value, 'id')

const notThis = (path: string, reason: string) =>
  notOfThisKind(vendorName, path === '' || path.startsWith('[') ? `answer${path}` : `answer.${path}`, reason)

/** The record of a payload that must hold one. @throws AppError `vendor_bad_answer` with the path of what is wrong */
export function readOne<T>(kind: Kind<T>, payload: unknown): T {
  const { values, quarantined } = readPayload(kind, payload)
  const [value] = values
  if (value !== undefined) return value
  const [bad] = quarantined
  throw notThis(bad?.path ?? '', bad?.reason ?? `no ${kind.name}`)
}
