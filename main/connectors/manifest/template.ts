/**
 * Templates: text with `<%= name %>` placeholders. A placeholder is looked up, never run: a name, a name in one of a few filters
 * (`<%= encode(access_token) %>`), or a path into the record where a record is being mapped (`<%= $.project.name %>`).
 */

export const filters = ['encode', 'number', 'comma'] as const
type Filter = (typeof filters)[number]

export interface Placeholder {
  /** A variable (`account.workspace`) or a path (`$.id`). */
  name: string
  filter: Filter | null
}

export type Part = string | Placeholder

/** Values by the names of placeholders. */
export type Variables = Readonly<Record<string, unknown>>

const expression = /^(?:([a-z]+)\(\s*([a-z_][a-z0-9_.]*)\s*\)|([a-z_][a-z0-9_.]*)|(\$[^%]*))$/

/** The pieces of a template, or a sentence that says what is wrong with it. */
export function parseTemplate(text: string): Part[] | { fault: string } {
  const parts: Part[] = []
  let at = 0
  while (at < text.length) {
    const open = text.indexOf('<%', at)
    const end = open === -1 ? text.length : open
    if (end > at) parts.push(text.slice(at, end))
    if (open === -1) break
    const close = text.indexOf('%>', open)
    if (close === -1) return { fault: 'A placeholder is not closed: it ends with %>.' }
    if (text[open + 2] !== '=')
      return { fault: 'Only placeholders are understood: <%= name %>. Nothing is run as code.' }
    const placeholder = readPlaceholder(text.slice(open + 3, close).trim())
    if ('fault' in placeholder) return placeholder
    parts.push(placeholder)
    at = close + 2
  }
  return parts
}

function readPlaceholder(inner: string): Placeholder | { fault: string } {
  const [, filter, filtered, plain, path] = expression.exec(inner) ?? []
  const known = filters.find((each) => each === filter) ?? null
  if (filtered !== undefined && known === null) {
    return {
      fault: `${filter} is not known here. What can be used: ${filters.map((each) => `${each}(…)`).join(', ')}.`,
    }
  }
  const name = filtered ?? plain ?? path?.trim()
  if (name === undefined) return { fault: `"${inner.slice(0, 60)}" is not a name of a value. Nothing is run as code.` }
  return { name, filter: known }
}

const parsed = new Map<string, Part[]>()

/** The pieces of a template that has passed validation; what cannot be read stands for itself. */
export function partsOf(text: string): Part[] {
  const known = parsed.get(text)
  if (known !== undefined) return known
  const read = parseTemplate(text)
  const parts = Array.isArray(read) ? read : [text]
  parsed.set(text, parts)
  return parts
}

export const placeholders = (text: string): Placeholder[] => partsOf(text).filter((part) => typeof part !== 'string')

const own = (variables: Variables, name: string): unknown =>
  Object.hasOwn(variables, name) ? variables[name] : undefined

/** The value of one placeholder with its type. `number` of what is none, and names that are not there, are undefined. */
export function lookUp({ name, filter }: Placeholder, variables: Variables): unknown {
  const value = own(variables, name)
  if (filter === 'encode') return Buffer.from(textOf(value) ?? '', 'utf8').toString('base64')
  if (filter === 'comma') return Array.isArray(value) ? value.map((each) => textOf(each) ?? '').join(',') : value
  if (filter !== 'number' || value === null || value === undefined) return value
  const number = Number(textOf(value))
  return textOf(value)?.trim() !== '' && Number.isFinite(number) ? number : undefined
}

/** A scalar as text; null for nothing, lists and objects. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}

/** A template as plain text, each value through `safe`. Values that are nothing are the empty text. */
export function renderText(text: string, variables: Variables, safe: (value: string) => string): string {
  return partsOf(text)
    .map((part) => (typeof part === 'string' ? part : safe(textOf(lookUp(part, variables)) ?? '')))
    .join('')
}
