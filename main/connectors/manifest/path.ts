import { JSONPathEnvironment, type JSONPathQuery, type JSONValue } from 'json-p3'

/** RFC 9535 without its two functions that run patterns: a pattern could come from the vendor and never end. */
const environment = new JSONPathEnvironment()
environment.functionRegister.delete('match')
environment.functionRegister.delete('search')

const compiled = new Map<string, JSONPathQuery>()

function compile(path: string): JSONPathQuery {
  const known = compiled.get(path) ?? environment.compile(path)
  compiled.set(path, known)
  return known
}

/** What is wrong with a path, or null. */
export function pathFault(path: string): string | null {
  try {
    compile(path)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : 'not a path'
  }
}

/** Everything a path leads to in a value. Never throws: an answer nested too deep holds nothing. */
export function findAll(path: string, value: unknown): unknown[] {
  try {
    return compile(path)
      .query(value as JSONValue)
      .values()
  } catch {
    return []
  }
}

/** What a path leads to: nothing, the one value, or a list where the path can lead to several. */
export function find(path: string, value: unknown): unknown {
  const found = findAll(path, value)
  return compile(path).singularQuery() ? found[0] : found.length === 0 ? undefined : found
}

/** `$.a.b` as it stands behind the name of a record: `.a.b`. */
export const tail = (path: string): string => path.replace(/^\$/, '')

/** `$.data.items` as the name of a list in reports: `data.items`. */
export const nameOf = (path: string): string =>
  tail(path)
    .replace(/^\./, '')
    .replace(/\[\*\]$/, '') || 'answer'

/** The member of a record that a path takes whole, or null: `state` of `$.state`, null for `$.state.name`. */
export function wholeMember(path: string): string | null {
  return /^\$\.([A-Za-z_][\w]*)(?:\[\*\])?$/.exec(path)?.[1] ?? null
}
