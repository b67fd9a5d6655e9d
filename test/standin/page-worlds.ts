import type { Codec, CodecHooks } from './codec.ts'

/**
 * Code that runs inside pages. Each function's source text is sent to the browser, so none may use anything outside of
 * itself but its arguments. `isolatedWorld` runs in a world of its own, where the preload lives; `mainWorld` runs in the
 * page's world before any script of the page. The two share one private EventTarget and speak by synchronous events on it.
 */

export interface WorldSettings {
  /** Name of the one event by which the worlds find each other, unknown to the page. */
  secret: string
  /** Name of the function that carries text from the isolated world to the app; absent from the page's world. */
  binding: string
  /** Name of the function in the isolated world that takes text from the app. */
  inlet: string
  versions: Record<string, string>
  platform: string
  arch: string
}

type MakeCodec = (hooks?: CodecHooks) => Codec
type Listener = (...values: unknown[]) => void
// biome-ignore lint/suspicious/noExplicitAny: any function of the page or the preload, whatever its parameters are.
type AnyFunction = (...values: any[]) => unknown

/** Calls between the two worlds: values are copied, functions and promises become stand-ins for the other side's. */
export interface Bridge {
  call(operation: string, values: unknown[]): unknown
  serve(operation: string, answer: (values: unknown[]) => unknown): void
}

/** Builds one end of the bridge over the shared target. `mine` and `theirs` name the two directions' events. */
export function makeBridge(target: EventTarget, mine: string, theirs: string, makeCodec: MakeCodec): Bridge {
  const exported = new Map<string, AnyFunction>()
  const tokens = new WeakMap<object, string>()
  const imported = new Map<string, unknown>()
  const settling = new Map<string, { resolve: Listener; reject: Listener }>()
  const services = new Map<string, (values: unknown[]) => unknown>()
  let lastToken = 0
  let answer = ''

  const share = (kind: string, value: object): string => {
    const known = tokens.get(value)
    if (known) return known
    lastToken += 1
    const token = `${kind}${mine}${lastToken}`
    tokens.set(value, token)
    return token
  }
  const sharePromise = (promise: Promise<unknown>): string => {
    const token = share('p', promise)
    promise.then(
      (value) => call('settle', [token, true, value]),
      (error) => call('settle', [token, false, error]),
    )
    return token
  }
  const wrap = (value: object): string | undefined => {
    if (value instanceof Promise) return sharePromise(value)
    if (typeof value !== 'function') return undefined
    const token = share('f', value)
    exported.set(token, value as AnyFunction)
    return token
  }
  const unwrap = (token: string): unknown => {
    const known = imported.get(token)
    if (known) return known
    if (token.startsWith('p')) return new Promise((resolve, reject) => settling.set(token, { resolve, reject }))
    const proxy = (...values: unknown[]) => call('call', [token, ...values])
    imported.set(token, proxy)
    return proxy
  }
  const codec = makeCodec({ wrap, unwrap })

  const encodeError = (error: unknown): string => {
    const plain = error instanceof Error ? new Error(error.message) : new Error(String(error))
    return codec.encode({ error: plain })
  }
  const encodeAnswer = (value: unknown): string => {
    try {
      return codec.encode({ value })
    } catch (error) {
      return encodeError(error)
    }
  }
  target.addEventListener(theirs, (event) => {
    try {
      const [operation, ...values] = codec.decode((event as CustomEvent<string>).detail) as [string, ...unknown[]]
      const service = services.get(operation)
      if (!service) throw new Error(`No service ${operation}`)
      const result = encodeAnswer(service(values))
      target.dispatchEvent(new CustomEvent(`${mine}:answer`, { detail: result }))
    } catch (error) {
      target.dispatchEvent(new CustomEvent(`${mine}:answer`, { detail: encodeError(error) }))
    }
  })
  target.addEventListener(`${theirs}:answer`, (event) => {
    answer = (event as CustomEvent<string>).detail
  })

  const call = (operation: string, values: unknown[]): unknown => {
    target.dispatchEvent(new CustomEvent(mine, { detail: codec.encode([operation, ...values]) }))
    const { value, error } = codec.decode(answer) as { value?: unknown; error?: Error }
    if (error) throw error
    return value
  }
  services.set('call', ([token, ...values]) => exported.get(String(token))?.(...values))
  services.set('settle', ([token, resolved, value]) => {
    const waiting = settling.get(String(token))
    settling.delete(String(token))
    if (resolved) waiting?.resolve(value)
    else waiting?.reject(value)
  })
  return { call, serve: (operation, service) => services.set(operation, service) }
}

/** The page's own world: takes what the preload exposes, and asks before APIs that need a permission. */
export function mainWorld(settings: WorldSettings, makeCodec: MakeCodec, buildBridge: typeof makeBridge): void {
  if (window !== window.top) return
  const shared = new EventTarget()
  const bridge = buildBridge(shared, 'page', 'preload', makeCodec)

  const freeze = (value: unknown): unknown => {
    if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
      Object.freeze(value)
      Object.values(value).forEach(freeze)
    }
    return value
  }
  bridge.serve('expose', ([name, api]) => {
    const key = String(name)
    if (Object.hasOwn(window, key)) {
      throw new Error(`Cannot bind an API on top of an existing property on the window object: ${key}`)
    }
    Object.defineProperty(window, key, { value: freeze(api), enumerable: true, configurable: false, writable: false })
  })

  const ask = (permission: string): Promise<boolean> => bridge.call('permission', [permission]) as Promise<boolean>
  const replace = (owner: object | undefined, name: string, make: (native: AnyFunction) => AnyFunction) => {
    if (!owner) return
    const native = Reflect.get(owner, name) as AnyFunction | undefined
    if (!native) return
    const value = make(native)
    Object.defineProperty(value, 'name', { value: name })
    Object.defineProperty(owner, name, { value, writable: true, enumerable: true, configurable: true })
  }
  const askFirst = (owner: object | undefined, name: string, permission: string) =>
    replace(
      owner,
      name,
      (native) =>
        function (this: unknown, ...values: unknown[]) {
          return ask(permission).then(() => native.apply(this, values))
        },
    )
  const askAround = (owner: object | undefined, name: string, permission: string) =>
    replace(
      owner,
      name,
      (native) =>
        function (this: unknown, ...values: unknown[]) {
          ask(permission).then(() => native.apply(this, values))
        },
    )
  askFirst(globalThis.Notification, 'requestPermission', 'notifications')
  askFirst(globalThis.MediaDevices?.prototype, 'getUserMedia', 'media')
  askFirst(globalThis.MediaDevices?.prototype, 'getDisplayMedia', 'display-capture')
  askFirst(globalThis.Clipboard?.prototype, 'read', 'clipboard-read')
  askFirst(globalThis.Clipboard?.prototype, 'readText', 'clipboard-read')
  askFirst(globalThis.Navigator?.prototype, 'requestMIDIAccess', 'midi')
  askAround(globalThis.Geolocation?.prototype, 'getCurrentPosition', 'geolocation')
  // Every window a page asks for is denied by closing it again; Electron's denied window.open gives null.
  replace(
    window,
    'open',
    (native) =>
      function (this: unknown, ...values: unknown[]) {
        native.apply(window, values)
        return null
      },
  )
  // The browser lets scripts close only what they opened; in Electron a page may always close its window.
  replace(window, 'close', () => () => bridge.call('close', []))

  // Last, because the preload runs inside of this call.
  window.dispatchEvent(new MouseEvent(settings.secret, { relatedTarget: shared }))
}

/** The preload's world: `require('electron')` of a sandboxed preload, and the line to the app. */
export function isolatedWorld(
  settings: WorldSettings,
  makeCodec: MakeCodec,
  buildBridge: typeof makeBridge,
  preload: ((require: AnyFunction, module: object, exports: object, process: object) => void) | undefined,
): void {
  if (window !== window.top) return
  const codec = makeCodec()
  const post = Reflect.get(globalThis, settings.binding) as (text: string) => void
  const waiting = new Map<number, { resolve: Listener; reject: Listener }>()
  let lastCall = 0

  const copy = (values: unknown[]): unknown[] => {
    try {
      return structuredClone(values)
    } catch {
      throw new Error('An object could not be cloned.')
    }
  }
  const tell = (message: unknown[]): void => {
    let text = ''
    try {
      text = codec.encode(message)
    } catch {
      throw new Error('An object could not be cloned.')
    }
    post(text)
  }
  const request = (kind: string, ...rest: unknown[]): Promise<unknown> => {
    lastCall += 1
    const id = lastCall
    const answer = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
    try {
      tell([kind, id, ...rest])
    } catch (error) {
      waiting.delete(id)
      throw error
    }
    return answer
  }

  class Emitter {
    readonly #listeners = new Map<string, Array<{ listener: Listener; run: Listener }>>()
    #add(channel: string, listener: Listener, run: Listener) {
      this.#listeners.set(channel, [...(this.#listeners.get(channel) ?? []), { listener, run }])
      return this
    }
    on(channel: string, listener: Listener) {
      return this.#add(channel, listener, listener)
    }
    addListener(channel: string, listener: Listener) {
      return this.on(channel, listener)
    }
    once(channel: string, listener: Listener) {
      return this.#add(channel, listener, (...values) => {
        this.off(channel, listener)
        listener(...values)
      })
    }
    off(channel: string, listener: Listener) {
      const list = [...(this.#listeners.get(channel) ?? [])]
      const at = list.findLastIndex((entry) => entry.listener === listener)
      if (at >= 0) list.splice(at, 1)
      this.#listeners.set(channel, list)
      return this
    }
    removeListener(channel: string, listener: Listener) {
      return this.off(channel, listener)
    }
    removeAllListeners(channel?: string) {
      if (channel === undefined) this.#listeners.clear()
      else this.#listeners.delete(channel)
      return this
    }
    listenerCount(channel: string) {
      return this.#listeners.get(channel)?.length ?? 0
    }
    emit(channel: string, ...values: unknown[]) {
      const list = this.#listeners.get(channel) ?? []
      for (const { run } of list) run(...values)
      return list.length > 0
    }
  }
  const lacking = (name: string, members: object): object =>
    new Proxy(members, {
      get(object, key) {
        if (key in object || typeof key === 'symbol') {
          const member: unknown = Reflect.get(object, key)
          return typeof member === 'function' ? member.bind(object) : member
        }
        throw new Error(`${name}.${key} is not implemented on the stand-in`)
      },
    })

  class IpcRenderer extends Emitter {
    send(channel: string, ...values: unknown[]) {
      tell(['send', channel, copy(values)])
    }
    async invoke(channel: string, ...values: unknown[]) {
      return request('invoke', channel, copy(values))
    }
  }
  const ipcRenderer = new IpcRenderer()

  const settle = (id: unknown, resolved: unknown, value: unknown) => {
    const call = waiting.get(Number(id))
    waiting.delete(Number(id))
    if (resolved) call?.resolve(value)
    else call?.reject(new Error(String(value)))
  }
  Object.defineProperty(globalThis, settings.inlet, {
    value: (text: string) => {
      const [kind, ...rest] = codec.decode(text) as [string, ...unknown[]]
      if (kind === 'settle') return settle(rest[0], rest[1], rest[2])
      const [channel, values] = rest as [string, unknown[]]
      const event = lacking('ipcRenderer event', { sender: ipcRenderer, ports: [] })
      ipcRenderer.emit(channel, event, ...values)
    },
  })

  let title: string | undefined
  const tellTitle = () => {
    if (document.title === title) return
    title = document.title
    tell(['title', title])
  }
  document.addEventListener('DOMContentLoaded', () => {
    tellTitle()
    // Titles live in the head, which is small; the body would be costly to watch.
    if (document.head) {
      const parts = { childList: true, subtree: true, characterData: true }
      new MutationObserver(tellTitle).observe(document.head, parts)
    }
  })

  let bridge: Bridge | undefined
  const meet = (event: Event) => {
    event.stopImmediatePropagation()
    const shared = (event as MouseEvent).relatedTarget
    if (!shared) return
    bridge = buildBridge(shared, 'preload', 'page', makeCodec)
    bridge.serve('close', () => tell(['close']))
    bridge.serve('permission', ([permission]) => request('permission', permission))
    start()
  }
  window.addEventListener(settings.secret, meet, { once: true, capture: true })

  const contextBridge = lacking('contextBridge', {
    exposeInMainWorld: (name: string, api: unknown) => {
      bridge?.call('expose', [name, api])
    },
  })
  const modules: Record<string, object> = {
    electron: lacking('electron (in a preload)', { contextBridge, ipcRenderer: lacking('ipcRenderer', ipcRenderer) }),
    events: Object.assign(Emitter, { EventEmitter: Emitter }),
    timers: { setTimeout, clearTimeout, setInterval, clearInterval },
    url: { URL, URLSearchParams },
  }
  const require = (name: string) => {
    const found = modules[name.replace(/^(node:|electron\/(?=renderer))/, '').replace(/^renderer$/, 'electron')]
    if (!found) throw new Error(`module not found: ${name}`)
    return found
  }
  const process = {
    type: 'renderer',
    sandboxed: true,
    contextIsolated: true,
    platform: settings.platform,
    arch: settings.arch,
    versions: Object.freeze({ ...settings.versions }),
    env: {},
    argv: [],
  }
  const start = () => {
    if (!preload) return
    const module = { exports: {} }
    try {
      preload(require, module, module.exports, process)
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error))
      tell(['preload-error', message, stack ?? ''])
    }
  }
}
