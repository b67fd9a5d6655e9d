import type { ClientRequestConstructorOptions, ClientRequest as ElectronRequest } from 'electron'
import { GuardedEmitter, NotImplementedError } from './absent.ts'
import { netErrorName } from './net-errors.ts'
import { FetchRefusal, sendHop } from './net-fetch.ts'
import type { Session } from './session.ts'

/** The answer of a `ClientRequest`: its head, then `data` and `end`. */
class Answer extends GuardedEmitter {
  readonly statusCode: number
  readonly headers: Record<string, string | string[]>

  constructor(statusCode: number, headers: Record<string, string | string[]>) {
    super()
    this.statusCode = statusCode
    this.headers = headers
  }
}

type Implemented = Pick<ElectronRequest, 'end' | 'abort' | 'followRedirect'>

/**
 * `net.request` as far as it is used: a GET without a body under `redirect: 'manual'`, where a redirect is told by an event and ends with
 * "Redirect was cancelled" unless it is followed at once, as Electron does.
 */
export class ClientRequest extends GuardedEmitter implements Omit<Implemented, 'end'> {
  readonly #session: Session
  readonly #url: string
  readonly #abort = new AbortController()

  constructor(session: Session, options: ClientRequestConstructorOptions) {
    super()
    const { url, method = 'GET', redirect, credentials } = options
    if (url === undefined || method !== 'GET' || redirect !== 'manual' || credentials !== 'omit') {
      throw new NotImplementedError('net.request other than a GET with manual redirects and without credentials')
    }
    this.#session = session
    this.#url = url
  }

  end(): this {
    this.#send().catch((error: unknown) => {
      if (this.#abort.signal.aborted) return
      this.emit('error', error instanceof FetchRefusal ? error : new Error(netErrorName(error)))
    })
    return this
  }

  abort(): void {
    this.#abort.abort()
  }

  followRedirect(): void {
    throw new NotImplementedError('ClientRequest.followRedirect')
  }

  async #send(): Promise<void> {
    const hop = { url: this.#url, method: 'GET', headers: new Headers(), body: undefined }
    const response = await sendHop(this.#session, hop, this.#abort.signal, false)
    const headers = Object.fromEntries(response.headers)
    const location = response.headers.get('location')
    if (location !== null && response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      this.emit('redirect', response.status, 'GET', new URL(location, this.#url).href, headers)
      throw new FetchRefusal('Redirect was cancelled')
    }
    const answer = new Answer(response.status, headers)
    this.emit('response', answer)
    for await (const chunk of response.body ?? []) answer.emit('data', Buffer.from(chunk))
    answer.emit('end')
  }
}
