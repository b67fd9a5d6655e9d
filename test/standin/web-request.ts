import type { WebRequest as ElectronWebRequest } from 'electron'
import { Guarded } from './absent.ts'

type Before = { cancel?: boolean; redirectURL?: string }
type Sent = { cancel?: boolean; requestHeaders?: Record<string, string> }
type Received = { cancel?: boolean; responseHeaders?: Record<string, string | string[]>; statusLine?: string }
type Listener<A> = (details: object, callback: (answer: A) => void) => void
interface Registered<A> {
  accepts(url: string): boolean
  listener: Listener<A>
}
type Implemented = Pick<ElectronWebRequest, 'onBeforeRequest' | 'onBeforeSendHeaders' | 'onHeadersReceived'>

/** Chrome's match patterns as Electron's filter takes them: scheme, host and path with `*`. */
function patternMatcher(patterns: readonly string[]): (url: string) => boolean {
  const expressions = patterns.map((pattern) => {
    if (pattern === '<all_urls>') return /^/
    const text = pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&')
    return new RegExp(`^${text.replace(/^\*:/, '[a-z.+-]+:').replace('//\\*\\.', '//*').replace(/\*/g, '.*')}`, 'i')
  })
  return (url) => expressions.some((expression) => expression.test(url))
}

function register<A>(values: readonly unknown[]): Registered<A> | undefined {
  const listener = values.find((value) => typeof value === 'function') as Listener<A> | undefined
  const filter = values.find((value) => typeof value === 'object' && value !== null) as { urls?: string[] } | undefined
  if (!listener) return undefined
  return { listener, accepts: patternMatcher(filter?.urls?.length ? filter.urls : ['<all_urls>']) }
}

/** The web-request hooks of one session; as in Electron the last listener set per hook is the one that runs. */
export class WebRequest extends Guarded implements Implemented {
  #before: Registered<Before> | undefined
  #send: Registered<Sent> | undefined
  #received: Registered<Received> | undefined
  readonly #changed: () => void

  constructor(changed: () => void) {
    super()
    this.#changed = changed
  }

  get active(): boolean {
    return Boolean(this.#before || this.#send || this.#received)
  }

  get watchesResponses(): boolean {
    return this.#received !== undefined
  }

  onBeforeRequest(...values: unknown[]): void {
    this.#before = register(values)
    this.#changed()
  }

  onBeforeSendHeaders(...values: unknown[]): void {
    this.#send = register(values)
    this.#changed()
  }

  onHeadersReceived(...values: unknown[]): void {
    this.#received = register(values)
    this.#changed()
  }

  before(details: { url: string }): Promise<Before> {
    return run(this.#before, details)
  }

  send(details: { url: string }): Promise<Sent> {
    return run(this.#send, details)
  }

  received(details: { url: string }): Promise<Received> {
    return run(this.#received, details)
  }
}

function run<A extends object>(registered: Registered<A> | undefined, details: { url: string }): Promise<A> {
  if (!registered?.accepts(details.url)) return Promise.resolve({} as A)
  return new Promise((resolve) => registered.listener(details, (answer) => resolve(answer ?? ({} as A))))
}
