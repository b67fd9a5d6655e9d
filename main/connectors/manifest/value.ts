import type { Site } from '../connector.ts'
import { find, findAll, tail, wholeMember } from './path.ts'
import { accountVariables } from './places.ts'
import type { TimeForm, Value } from './schema.ts'
import { partsOf, textOf } from './template.ts'

/** What a record is read with. */
export interface Reading {
  site: Site
  times: TimeForm
}

const sourceOf = (value: Value): string => (typeof value === 'string' ? value : value.from)

/** What a field of the manifest says of a record: a value of any type, undefined where there is none. Never throws. */
export function rawValue(value: Value | undefined, record: unknown, reading: Reading): unknown {
  if (value === undefined) return undefined
  const source = sourceOf(value)
  const found = source.startsWith('$') ? find(source, record) : composed(source, record, reading, (text) => text)
  return typeof value === 'string' ? found : translated(value, found)
}

function translated({ values, otherwise }: Exclude<Value, string>, found: unknown): unknown {
  const word = found === undefined || found === null ? null : textOf(found)
  if (values !== undefined && word !== null && Object.hasOwn(values, word)) return values[word]
  if (otherwise !== undefined) return otherwise
  return found
}

/** A text with values of the record in it; undefined when it holds placeholders and none of them is there. */
function composed(
  source: string,
  record: unknown,
  reading: Reading,
  safe: (text: string) => string,
): string | undefined {
  const variables = accountVariables(reading.site)
  let wanted = 0
  let there = 0
  const pieces = partsOf(source).map((part) => {
    if (typeof part === 'string') return part
    const found = part.name.startsWith('$')
      ? findAll(part.name, record)[0]
      : Object.hasOwn(variables, part.name)
        ? variables[part.name]
        : undefined
    const text = textOf(found)
    if (part.name.startsWith('$')) wanted += 1
    if (part.name.startsWith('$') && text !== null) there += 1
    return text === null ? '' : safe(text)
  })
  return wanted > 0 && there === 0 ? undefined : pieces.join('')
}

/** A scalar as text; null for nothing. */
export function textValue(value: Value | undefined, record: unknown, reading: Reading): string | null {
  const found = rawValue(value, record, reading)
  return textOf(Array.isArray(found) ? found[0] : found)
}

/** A text that is not empty, for ids, names and addresses. */
export function wordValue(value: Value | undefined, record: unknown, reading: Reading): string | null {
  const text = textValue(value, record, reading)?.trim()
  return text ? text : null
}

export function numberValue(value: Value | undefined, record: unknown, reading: Reading): number | null {
  const text = wordValue(value, record, reading)
  const number = text === null ? Number.NaN : Number(text)
  return Number.isFinite(number) ? number : null
}

/** True for true, "true", 1, "1" and "yes". */
export function yesValue(value: Value | undefined, record: unknown, reading: Reading): boolean {
  return ['true', '1', 'yes'].includes(wordValue(value, record, reading)?.toLowerCase() ?? '')
}

/** A list of texts; a single text is cut at its commas. */
export function listValue(value: Value | undefined, record: unknown, reading: Reading): string[] {
  const found = rawValue(value, record, reading)
  const list = Array.isArray(found) ? found.flat(1) : typeof found === 'string' ? found.split(',') : []
  return [...new Set(list.map((each) => textOf(each)?.trim() ?? '').filter((each) => each !== ''))]
}

/** One of our words, and what the vendor said where it is none of them. */
export function enumValue<T extends string>(
  value: Value | undefined,
  known: readonly T[],
  record: unknown,
  reading: Reading,
): { word: T | null; strange: unknown } {
  const text = wordValue(value, record, reading)
  const word = known.find((each) => each === text) ?? null
  return { word, strange: word === null ? vendorsOwn(value, record) : null }
}

/** The vendor's word of an enum field before it was translated. */
export function vendorsOwn(value: Value | undefined, record: unknown): unknown {
  const source = value === undefined ? '' : sourceOf(value)
  return source.startsWith('$') ? (find(source, record) ?? null) : null
}

/** The range of dates: what is outside would never be overtaken by a real change. */
const latest = 8.64e15

/** Epoch milliseconds, or null for what is no time. */
export function timeValue(value: Value | undefined, record: unknown, reading: Reading): number | null {
  const text = wordValue(value, record, reading)
  if (text === null) return null
  const form = (typeof value === 'object' ? value.time : undefined) ?? reading.times
  const ms = form === 'iso' ? readIso(text) : Number(text) * (form === 'seconds' ? 1000 : 1)
  return Number.isFinite(ms) && Math.abs(ms) <= latest ? Math.round(ms) : null
}

/** ISO 8601, also with a blank in place of the T; without a zone it is UTC, wherever this computer stands. */
function readIso(text: string): number {
  const iso = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/i.exec(text)
  if (iso === null) return Number.NaN
  const [, day, clock = '00:00', zone = 'Z'] = iso
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()
  return Date.parse(`${day}T${clock.replace(',', '.')}${offset}`)
}

/** An https address, its values encoded where they stand in a text; null for anything else. */
export function addressValue(value: Value | undefined, record: unknown, reading: Reading): string | null {
  if (value === undefined) return null
  const source = sourceOf(value)
  const safe = (text: string) => encodeURIComponent(text.toWellFormed())
  const text = source.startsWith('$') ? wordValue(value, record, reading) : composed(source, record, reading, safe)
  if (!text || !URL.canParse(text)) return null
  const url = new URL(text)
  return url.protocol === 'https:' && url.username === '' && url.password === '' ? url.href : null
}

/** The place of a field in reports: `.created_at` for a path, `.url` for a composed one. */
export function fieldPath(name: string, value: Value | undefined): string {
  const source = value === undefined ? '' : sourceOf(value)
  return source.startsWith('$') ? tail(source) : `.${name}`
}

/** Members of a record that one field or another takes whole. */
export function takenMembers(fields: unknown): string[] {
  if (typeof fields === 'string') {
    const member = wholeMember(fields)
    return member === null ? [] : [member]
  }
  if (typeof fields !== 'object' || fields === null) return []
  return Object.values(fields).flatMap(takenMembers)
}
