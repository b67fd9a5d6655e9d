import { EventEmitter } from 'node:events'

/** Thrown wherever the app touches a part of Electron that the stand-in does not offer. */
export class NotImplementedError extends Error {
  override name = 'NotImplementedError'
  constructor(name: string) {
    super(`${name} is not implemented on the stand-in`)
  }
}

/** Names that the language and inspectors probe on any object; asking for them is not a use of Electron. */
const PROBES = new Set(['then', 'toJSON', 'inspect', 'nodeType', 'asymmetricMatch', 'domain', 'prototype'])

function lookUp(owner: string, object: object, key: string | symbol): unknown {
  if (key in object || typeof key === 'symbol' || PROBES.has(key)) return Reflect.get(object, key)
  throw new NotImplementedError(`${owner}.${key}`)
}

/** Wraps a plain object so that reading a member it does not have throws instead of giving undefined. */
export function guard<T extends object>(name: string, target: T): T {
  return new Proxy(target, { get: (object, key) => lookUp(name, object, key) })
}

/** A whole Electron module or class that the stand-in lacks: importing it is fine, any use throws. */
export function absent(name: string): never {
  const fail = (): never => {
    throw new NotImplementedError(name)
  }
  // A function, not an arrow: only then may it be tried with `new`.
  return new Proxy(
    function absent() {
      fail()
    },
    {
      get: (_, key) => lookUp(name, Function.prototype, key),
      set: fail,
      apply: fail,
      construct: fail,
    },
  ) as never
}

/**
 * End of every guarded prototype chain: a member found nowhere else is one the stand-in lacks. As a prototype rather than
 * a wrapper, so that private fields and object identity stay as they are.
 */
const END_OF_CHAIN: object = new Proxy(Object.prototype, {
  get: (object, key, receiver: object) => lookUp(receiver.constructor.name, object, key),
})

/** Base of the stand-in's classes: unknown members throw {@link NotImplementedError}. */
export const Guarded: new () => object = guardedBase(function Guarded() {
  return undefined
}, {})

/** The same for classes that emit events. */
export const GuardedEmitter: typeof EventEmitter = guardedBase(function GuardedEmitter(this: object) {
  Reflect.apply(EventEmitter, this, [])
}, Object.getOwnPropertyDescriptors(EventEmitter.prototype))

function guardedBase<T>(base: (this: object) => void, members: PropertyDescriptorMap): T {
  const own = { value: base, writable: true, configurable: true, enumerable: false }
  base.prototype = Object.create(END_OF_CHAIN, { ...members, constructor: own })
  return base as T
}
