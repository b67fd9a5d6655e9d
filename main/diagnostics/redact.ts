/**
 * Takes secrets and customers' words out of what is logged or shown as technical detail: by the type of a value, by the name of a
 * field, and by the look of a text. All three, because each alone has let something through in other products.
 */

const hidden = '[secret]'
const maxText = 2000
const maxDepth = 6
const maxItems = 50

/** Fields that hold a secret whatever their value looks like. Compared without case, `-` and `_`. */
const secretNames =
  /token(?!type|source|kind|endpoint)|secret|password|passphrase|authorization|cookie|verifier|assertion|apikey|appkey|privatekey|credential|^(code|state|nonce|key|wrapped|sealed)$/
/** Fields that hold what customers and agents wrote, or who they are. */
const contentNames = /^(body|bodytext|bodyhtml|html|text|preview|subject|signature|comment|description)$|email|phone/

const parameter =
  '(?:code|state|nonce|(?:access|refresh|id)[_-]?token|token|client[_-]?secret|code[_-]?verifier|client[_-]?assertion|password|assertion|api[_-]?key|secret|iss|error_description)'

const patterns: readonly [RegExp, string][] = [
  [/\b(bearer|basic|dpop|digest)\s+[\w.~+/=:-]+/gi, `$1 ${hidden}`],
  [/\beyJ[\w-]{5,}\.[\w-]*(?:\.[\w-]*)*/g, hidden],
  [/\b((?:set-)?cookie|authorization)\s*[:=][^\r\n]*/gi, `$1: ${hidden}`],
  [new RegExp(String.raw`(["'\\]*\b${parameter}\b["'\\]*\s*:\s*)\\?(["'])(?:\\.|(?!\2).)*\2?`, 'gi'), `$1"${hidden}"`],
  [new RegExp(String.raw`\b(${parameter})(=|%3D)[^\s&"'<>#,;)]*`, 'gi'), `$1$2${hidden}`],
  [/[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu, '[e-mail]'],
  // Long runs with the look of a random key: hexadecimal, or mixed letters and digits without a break.
  [/\b[0-9a-f]{32,}\b/gi, hidden],
  [/(?<![\w/+-])(?=[\w+/-]*\d)(?=[\w+/-]*[A-Z])(?=[\w+/-]*[a-z])[\w+/-]{36,}={0,2}/g, hidden],
]

/** A text without secrets, at most 2,000 characters. */
export function redactText(text: string): string {
  // Cut first: a hostile text of megabytes must not keep the patterns busy. One more cut because replacements may lengthen it.
  const cut = text.slice(0, maxText * 2)
  const clean = patterns.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), cut)
  return clean.length > maxText ? `${clean.slice(0, maxText)}…` : clean
}

/** A plain copy of any value that can be written as JSON, without secrets. Never throws. */
export function redact(value: unknown): unknown {
  try {
    return redactValue(value, 0, new Set())
  } catch {
    return '[unreadable]'
  }
}

function redactValue(value: unknown, depth: number, seen: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`
  if (typeof value !== 'object' || value === null) return value
  if (seen.has(value) || depth > maxDepth) return '[…]'
  const known = redactKnown(value, depth, seen)
  if (known !== undefined) return known
  const within = new Set(seen).add(value)
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => redactValue(item, depth + 1, within))
  const fields = Object.entries(value).slice(0, maxItems)
  return Object.fromEntries(fields.map(([name, field]) => [redactText(name), redactField(name, field, depth, within)]))
}

function redactField(name: string, value: unknown, depth: number, seen: Set<object>): unknown {
  const plain = name.toLowerCase().replace(/[-_\s]/g, '')
  const empty = value === null || value === undefined || typeof value === 'boolean'
  if (!empty && contentNames.test(plain)) return '[omitted]'
  // An error code or a time stamp under a telling name is no secret; text, bytes and objects may be.
  if (!empty && typeof value !== 'number' && secretNames.test(plain) && !isErrorCode(plain, value)) return hidden
  return redactValue(value, depth + 1, seen)
}

/** `code` also names error codes (`needs_sign_in`, `ECONNRESET`); an authorization code never looks like one plain word. */
function isErrorCode(name: string, value: unknown): boolean {
  return (
    (name === 'code' || name === 'state') &&
    typeof value === 'string' &&
    /^(?:[a-z]+(?:_[a-z]+){0,4}|[A-Z]+(?:_[A-Z]+){0,5})$/.test(value) &&
    value.length <= 40
  )
}

function redactKnown(value: object, depth: number, seen: Set<object>): unknown {
  if (value instanceof Error) return redactError(value, depth, new Set(seen).add(value))
  if (value instanceof URL) return `${value.protocol}//${value.host}${redactText(value.pathname)}`
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[date]' : value.toISOString()
  if (value instanceof Response) return `[response ${value.status}]`
  if (value instanceof Request) return `[request ${value.method}]`
  if (value instanceof Headers || value instanceof URLSearchParams) return `[${value.constructor.name}]`
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`
  if (value instanceof Map || value instanceof Set) return `[${value.constructor.name} of ${value.size}]`
  return undefined
}

function redactError(error: Error, depth: number, seen: Set<object>): Record<string, unknown> {
  const code = 'code' in error && typeof error.code === 'string' ? { code: redactText(error.code) } : {}
  const detail = 'detail' in error && typeof error.detail === 'string' ? { detail: redactText(error.detail) } : {}
  const cause = error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1, seen) }
  return { name: error.name, ...code, message: redactText(error.message), ...detail, ...cause }
}
