import { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { Protocol } from '../../node_modules/playwright-core/types/protocol.d.ts'

export type { Protocol }

type Parameters<M extends keyof Protocol.CommandParameters> = Protocol.CommandParameters[M]
type Answer<M extends keyof Protocol.CommandParameters> = Protocol.CommandReturnValues[M]
type EventName = keyof Protocol.EventMap
type Payload<E extends EventName> = Protocol.EventMap[E][0]

interface Message {
  id?: number
  sessionId?: string
  method?: string
  params?: unknown
  result?: unknown
  error?: { message: string }
}

interface Waiting {
  method: string
  sessionId: string | undefined
  resolve(value: unknown): void
  reject(error: Error): void
}

/** With STANDIN_TRACE set, every message to and from the browser goes to stderr, shortened. */
const trace = process.env.STANDIN_TRACE
  ? (direction: string, text: string) => process.stderr.write(`${direction} ${text.slice(0, 300)}\n`)
  : () => undefined

/** The page, the session or the whole browser went away while a command was under way. */
export class CdpGoneError extends Error {
  override name = 'CdpGoneError'
}

/**
 * Chrome DevTools Protocol over the browser's debugging pipe (fd 3 and 4, messages ended by NUL). The pipe rather than a
 * socket, because Chromium ends itself when its parent's end closes: a killed app leaves no browser behind.
 */
export class CdpConnection {
  readonly root: CdpSession
  readonly #sessions = new Map<string, CdpSession>()
  readonly #waiting = new Map<number, Waiting>()
  readonly #output: Writable
  #lastId = 0
  #closed = false

  constructor(input: Readable, output: Writable) {
    this.#output = output
    this.root = new CdpSession(this, undefined)
    let rest = ''
    input.setEncoding('utf8')
    input.on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\0')
      rest = parts.pop() ?? ''
      for (const part of parts) {
        trace('<', part)
        this.#receive(JSON.parse(part) as Message)
      }
    })
    input.on('close', () => this.#close())
    input.on('error', () => this.#close())
    output.on('error', () => this.#close())
  }

  session(id: string): CdpSession {
    const known = this.#sessions.get(id)
    if (known) return known
    const session = new CdpSession(this, id)
    this.#sessions.set(id, session)
    return session
  }

  post(method: string, params: object, sessionId: string | undefined): Promise<unknown> {
    if (this.#closed) return Promise.reject(new CdpGoneError(`${method}: the browser is gone`))
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { method, sessionId, resolve, reject })
      const text = JSON.stringify({ id, method, params, sessionId })
      trace('>', text)
      this.#output.write(`${text}\0`)
    })
  }

  #receive(message: Message): void {
    if (message.id !== undefined) {
      this.#answer(message.id, message)
      return
    }
    if (message.method === undefined) return
    if (message.method === 'Target.detachedFromTarget') this.#forget(message.params as { sessionId: string })
    const session = message.sessionId === undefined ? this.root : this.#sessions.get(message.sessionId)
    session?.emitter.emit(message.method, message.params)
  }

  #answer(id: number, message: Message): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (!waiting) return
    if (!message.error) {
      waiting.resolve(message.result)
      return
    }
    const text = `${waiting.method}: ${message.error.message}`
    const gone = /session with given id not found|target closed|cannot find context|inspected target/i.test(text)
    waiting.reject(gone ? new CdpGoneError(text) : new Error(text))
  }

  #forget({ sessionId }: { sessionId: string }): void {
    for (const [id, waiting] of this.#waiting) {
      if (waiting.sessionId !== sessionId) continue
      this.#waiting.delete(id)
      waiting.reject(new CdpGoneError(`${waiting.method}: the page is gone`))
    }
    const session = this.#sessions.get(sessionId)
    this.#sessions.delete(sessionId)
    if (session) session.gone = true
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const waiting of this.#waiting.values()) waiting.reject(new CdpGoneError(`${waiting.method}: browser gone`))
    this.#waiting.clear()
  }
}

/** One protocol session: the browser itself (no id) or one page, frame or worker. */
export class CdpSession {
  readonly id: string | undefined
  readonly connection: CdpConnection
  readonly emitter = new EventEmitter().setMaxListeners(0)
  gone = false

  constructor(connection: CdpConnection, id: string | undefined) {
    this.connection = connection
    this.id = id
  }

  send<M extends keyof Protocol.CommandParameters>(method: M, params?: Parameters<M>): Promise<Answer<M>> {
    if (this.gone) return Promise.reject(new CdpGoneError(`${method}: the page is gone`))
    return this.connection.post(method, params ?? {}, this.id) as Promise<Answer<M>>
  }

  /** Sends where nobody waits for the answer. A page that went away meanwhile is no error, anything else is shown. */
  tell<M extends keyof Protocol.CommandParameters>(method: M, params?: Parameters<M>): void {
    this.send(method, params).catch((error: Error) => {
      if (!(error instanceof CdpGoneError) && !/invalid interceptionid/i.test(error.message)) {
        process.stderr.write(`[stand-in] ${error.message}\n`)
      }
    })
  }

  on<E extends EventName>(event: E, listener: (payload: Payload<E>) => void): void {
    this.emitter.on(event, listener)
  }

  off<E extends EventName>(event: E, listener: (payload: Payload<E>) => void): void {
    this.emitter.off(event, listener)
  }
}
