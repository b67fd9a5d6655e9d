import { createConnection, type Socket } from 'node:net'
import type { ControlMethod, ControlMethods } from './control-protocol.ts'

export type { ControlMethods, WindowInfo } from './control-protocol.ts'
export type { SafeStorageMode } from './switches.ts'

interface Waiting {
  method: string
  resolve(value: unknown): void
  reject(error: Error): void
}

/** A harness's end of `--standin-control`. Requests fail with "the app is gone" once the app has ended. */
export class ControlClient {
  readonly #socket: Socket
  readonly #waiting = new Map<number, Waiting>()
  readonly closed: Promise<void>
  #lastId = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    let rest = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.#receive(line)
    })
    socket.on('error', () => socket.destroy())
    this.closed = new Promise((resolve) => socket.on('close', () => resolve()))
    this.closed.then(() => {
      for (const { method, reject } of this.#waiting.values()) reject(new Error(`${method}: the app is gone`))
      this.#waiting.clear()
    })
  }

  /** Connects to a socket path or loopback port, trying until the app listens or `signal` aborts. */
  static async connect(address: string, signal?: AbortSignal): Promise<ControlClient> {
    for (;;) {
      signal?.throwIfAborted()
      const socket = await tryConnect(address)
      if (socket) return new ControlClient(socket)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  call<M extends ControlMethod>(method: M, params: ControlMethods[M]['params']): Promise<ControlMethods[M]['result']> {
    if (this.#socket.destroyed) return Promise.reject(new Error(`${method}: the app is gone`))
    this.#lastId += 1
    const id = this.#lastId
    this.#socket.write(`${JSON.stringify({ id, method, params })}\n`)
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { method, resolve: resolve as (value: unknown) => void, reject })
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #receive(line: string): void {
    const { id, result, error } = JSON.parse(line) as { id: number; result?: unknown; error?: string }
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    if (error === undefined) waiting?.resolve(result)
    else waiting?.reject(new Error(error))
  }
}

function tryConnect(address: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = /^\d+$/.test(address) ? createConnection(Number(address), '127.0.0.1') : createConnection(address)
    socket.once('connect', () => resolve(socket))
    socket.once('error', () => {
      socket.destroy()
      resolve(undefined)
    })
  })
}
