import { isObject } from '../envelopes.ts'
import { notOfThisKind } from '../read-records.ts'

/** A record of a payload, the name it stood under (null: it was the payload itself, or one of a bare list), and the path to it. */
export interface Found {
  key: string | null
  record: unknown
  path: string
}

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
      throw notOfThisKind(vendor, placeOf(path), 'not an object')
    }
    const present = keys.filter((key) => value[key] !== undefined && value[key] !== null)
    if (present.length > 0)
      return present.flatMap((key) => under(value[key], key, path === '' ? key : `${path}.${key}`))
    if (bare(value) || ofList) return [{ key: null, record: value, path: path || 'answer' }]
    throw notOfThisKind(vendor, placeOf(path), `has none of ${keys.join(', ')}`)
  }

  function under(value: unknown, key: string, path: string): Found[] {
    if (Array.isArray(value)) return value.map((record, at) => ({ key, record, path: `${path}[${at}]` }))
    if (isObject(value)) return [{ key, record: value, path }]
    throw notOfThisKind(vendor, placeOf(path), 'neither a record nor a list')
  }
}

const placeOf = (path: string) => `answer${path === '' || path.startsWith('[') ? path : `.${path}`}`
