/** What the hook of a codec does with values that only their own world can hold: functions and promises. */
export interface CodecHooks {
  wrap(value: object): string | undefined
  unwrap(token: string): unknown
}

export interface Codec {
  encode(value: unknown): string
  decode(text: string): unknown
}

/**
 * Text form of what `structuredClone` can copy: undefined, NaN, BigInt, Date, RegExp, Map, Set, buffers and views, errors,
 * boxed primitives, holes, shared references and cycles. Values must have gone through `structuredClone` (or the hooks)
 * before, which is where functions and symbols are refused.
 *
 * The function stands alone, since its source text also runs inside the page.
 */
export function createCodec(hooks?: CodecHooks): Codec {
  type Cell = null | boolean | number | string | Array<number | string>
  const HOLE = -6
  const CONSTANTS = new Map<unknown, number>([
    [undefined, -1],
    [Number.NaN, -2],
    [Number.POSITIVE_INFINITY, -3],
    [Number.NEGATIVE_INFINITY, -4],
  ])
  const ERRORS: Record<string, ErrorConstructor> = {
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
  }

  const toBase64 = (buffer: ArrayBuffer): string => {
    if (typeof Buffer !== 'undefined') return Buffer.from(buffer).toString('base64')
    const bytes = new Uint8Array(buffer)
    let binary = ''
    for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
    return btoa(binary)
  }
  const fromBase64 = (text: string): ArrayBuffer =>
    Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer as ArrayBuffer

  function encode(root: unknown): string {
    const cells: Cell[] = []
    const seen = new Map<unknown, number>()

    const put = (value: unknown): number => {
      if (Object.is(value, -0)) return -5
      const known = CONSTANTS.get(value) ?? seen.get(value)
      if (known !== undefined) return known
      const index = cells.push(null) - 1
      seen.set(value, index)
      cells[index] = cellOf(value)
      return index
    }

    const objectCell = (value: object): Cell => {
      const token = hooks?.wrap(value)
      if (token !== undefined) return ['h', token]
      if (Array.isArray(value)) return ['a', ...Array.from(value, (item, at) => (at in value ? put(item) : HOLE))]
      if (value instanceof Date) return ['d', put(value.getTime())]
      if (value instanceof RegExp) return ['r', value.source, value.flags]
      if (value instanceof Map) return ['m', ...[...value].flatMap(([key, item]) => [put(key), put(item)])]
      if (value instanceof Set) return ['s', ...[...value].map(put)]
      if (value instanceof ArrayBuffer) return ['b', toBase64(value)]
      if (ArrayBuffer.isView(value)) return viewCell(value)
      if (value instanceof Error) return errorCell(value)
      if (value instanceof Boolean || value instanceof Number || value instanceof String) {
        return ['o', put(value.valueOf())]
      }
      // Anything else with a kind of its own (weak maps, blobs, elements) lives in one world only.
      if (!/^\[object (Object|Module|Arguments)\]$/.test(Object.prototype.toString.call(value))) {
        throw new Error('An object could not be cloned.')
      }
      return ['x', ...Object.entries(value).flatMap(([key, item]) => [key, put(item)])]
    }

    const viewCell = (view: ArrayBufferView): Cell => {
      const type = Object.prototype.toString.call(view).slice(8, -1)
      const length = 'length' in view ? Number(view.length) : view.byteLength
      return ['v', type, put(view.buffer), view.byteOffset, length]
    }

    const errorCell = (error: Error): Cell => [
      'e',
      error.name,
      put(error.message),
      put(error.stack),
      put(error.cause),
      Object.hasOwn(error, 'cause') ? 1 : 0,
    ]

    const cellOf = (value: unknown): Cell => {
      if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') {
        return value
      }
      if (typeof value === 'bigint') return ['n', String(value)]
      if (typeof value === 'object' || typeof value === 'function') return objectCell(value as object)
      throw new Error('An object could not be cloned.')
    }

    const first = put(root)
    return JSON.stringify([first, cells])
  }

  function decode(text: string): unknown {
    const [first, cells] = JSON.parse(text) as [number, Cell[]]
    const made = new Map<number, unknown>()

    const get = (index: number): unknown => {
      if (index === -1 || index === HOLE) return undefined
      if (index === -2) return Number.NaN
      if (index === -3) return Number.POSITIVE_INFINITY
      if (index === -4) return Number.NEGATIVE_INFINITY
      if (index === -5) return -0
      if (made.has(index)) return made.get(index)
      const cell = cells[index]
      if (!Array.isArray(cell)) return cell
      const [tag, ...rest] = cell
      return build(index, String(tag), rest)
    }

    const keep = <T>(index: number, value: T): T => {
      made.set(index, value)
      return value
    }

    const build = (index: number, tag: string, rest: Array<number | string>): unknown => {
      const item = (at: number) => get(Number(rest[at]))
      if (tag === 'a') return fillArray(keep(index, new Array(rest.length)), rest)
      if (tag === 'x') return fillObject(keep(index, {}), rest)
      if (tag === 'm') return fillMap(keep(index, new Map()), rest)
      if (tag === 's') return fillSet(keep(index, new Set()), rest)
      if (tag === 'e') return keep(index, makeError(rest))
      if (tag === 'v') return keep(index, makeView(rest))
      if (tag === 'h') return keep(index, hooks?.unwrap(String(rest[0])))
      if (tag === 'n') return BigInt(String(rest[0]))
      if (tag === 'd') return keep(index, new Date(item(0) as number))
      if (tag === 'r') return keep(index, new RegExp(String(rest[0]), String(rest[1])))
      if (tag === 'b') return keep(index, fromBase64(String(rest[0])))
      return keep(index, Object(item(0)))
    }

    const fillArray = (target: unknown[], rest: Array<number | string>) => {
      rest.forEach((at, position) => {
        if (at !== HOLE) target[position] = get(Number(at))
      })
      return target
    }

    const fillObject = (target: object, rest: Array<number | string>) => {
      for (let at = 0; at < rest.length; at += 2) {
        const value = get(Number(rest[at + 1]))
        const own = { value, enumerable: true, configurable: true, writable: true }
        Object.defineProperty(target, String(rest[at]), own)
      }
      return target
    }

    const fillMap = (target: Map<unknown, unknown>, rest: Array<number | string>) => {
      for (let at = 0; at < rest.length; at += 2) target.set(get(Number(rest[at])), get(Number(rest[at + 1])))
      return target
    }

    const fillSet = (target: Set<unknown>, rest: Array<number | string>) => {
      for (const at of rest) target.add(get(Number(at)))
      return target
    }

    const makeError = ([name, message, stack, cause, hasCause]: Array<number | string>) => {
      const Constructor = ERRORS[String(name)] ?? Error
      const error = new Constructor(String(get(Number(message)) ?? ''))
      Object.defineProperty(error, 'stack', { value: get(Number(stack)), configurable: true, writable: true })
      if (hasCause === 1) {
        Object.defineProperty(error, 'cause', { value: get(Number(cause)), configurable: true, writable: true })
      }
      return error
    }

    const makeView = ([type, buffer, offset, length]: Array<number | string>) => {
      const Constructor = (globalThis as unknown as Record<string, Uint8ArrayConstructor>)[String(type)] ?? Uint8Array
      return new Constructor(get(Number(buffer)) as ArrayBuffer, Number(offset), Number(length))
    }

    return get(first)
  }

  return { encode, decode }
}

/** Copies `value` as Electron's IPC does and gives its text, or throws Electron's error for what cannot be cloned. */
export function encodeClone(codec: Codec, value: unknown): string {
  try {
    return codec.encode(structuredClone(value))
  } catch {
    throw new Error('An object could not be cloned.')
  }
}
