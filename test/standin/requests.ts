import type { CdpSession, Protocol } from './cdp.ts'
import { isForeign, type Navigation } from './navigation.ts'
import { schemeOf, toAppUrl, toBrowserUrl, widenPolicy } from './schemes.ts'
import type { Session } from './session.ts'

type Paused = Protocol.Fetch.requestPausedPayload
type Header = Protocol.Fetch.HeaderEntry

interface Owner {
  /** Called before a document's first request of an origin, so that permissions are set when it starts. */
  prepare(url: string): Promise<void>
  openForeign(url: string): void
  details(paused: Paused): object
}

/** Decides about every stopped request of one page: the app's vetoes, its web-request hooks and its own schemes. */
export class RequestGate {
  readonly #partition: Session
  readonly #navigation: Navigation
  readonly #owner: Owner

  constructor(partition: Session, navigation: Navigation, owner: Owner) {
    this.#partition = partition
    this.#navigation = navigation
    this.#owner = owner
  }

  watch(session: CdpSession): void {
    session.on('Fetch.requestPaused', (paused) => {
      const answered = paused.responseStatusCode !== undefined || paused.responseErrorReason !== undefined
      const decided = answered ? this.#onResponse(session, paused) : this.#onRequest(session, paused)
      decided.catch((error: Error) => {
        process.stderr.write(`[stand-in] ${error.stack ?? error.message}\n`)
        fail(session, paused, 'Failed')
      })
    })
  }

  async #onRequest(session: CdpSession, paused: Paused): Promise<void> {
    const url = toAppUrl(paused.request.url)
    const isDocument = paused.resourceType === 'Document'
    const redirected = paused.redirectedRequestId !== undefined
    if (isDocument && !redirected && !this.#navigation.allows(paused.frameId, url)) {
      return fail(session, paused, 'Aborted')
    }
    // The browser asks for these by itself; Electron does not.
    if (paused.resourceType === 'Other' && new URL(paused.request.url).pathname === '/favicon.ico') {
      return fail(session, paused, 'BlockedByClient')
    }
    if (isDocument) await this.#owner.prepare(url)
    const { webRequest } = this.#partition
    const details = { ...this.#owner.details(paused), url, method: paused.request.method }
    const before = webRequest.active ? await webRequest.before(details) : {}
    if (before.cancel) return fail(session, paused, 'BlockedByClient')
    if (before.redirectURL) return redirect(session, paused, toBrowserUrl(before.redirectURL))
    if (url !== paused.request.url) return this.#serve(session, paused, url)
    const sent = webRequest.active ? await webRequest.send({ ...details, ...headersOf(paused) }) : {}
    if (sent.cancel) return fail(session, paused, 'BlockedByClient')
    const headers = sent.requestHeaders ? { headers: entries(sent.requestHeaders) } : {}
    session.tell('Fetch.continueRequest', { requestId: paused.requestId, ...headers })
  }

  async #onResponse(session: CdpSession, paused: Paused): Promise<void> {
    const { requestId, responseStatusCode = 0, responseHeaders = [] } = paused
    const header = (wanted: string) => responseHeaders.find(({ name }) => name.toLowerCase() === wanted)?.value
    const location = header('location')
    const redirects = responseStatusCode >= 300 && responseStatusCode < 400 && location !== undefined
    if (paused.resourceType === 'Document' || header('set-cookie')) this.#partition.saveSoon()
    if (paused.resourceType === 'Document' && redirects) {
      const target = toAppUrl(new URL(location, paused.request.url).href)
      if (!this.#navigation.allowsRedirect(paused.frameId, target)) return fail(session, paused, 'Aborted')
      if (isForeign(target)) {
        fail(session, paused, 'Aborted')
        return this.#owner.openForeign(target)
      }
      if (toBrowserUrl(target) !== target) return redirect(session, paused, toBrowserUrl(target))
    }
    const changed = await this.#hookedHeaders(paused)
    if (changed === 'cancel') return fail(session, paused, 'BlockedByClient')
    const override = changed ? { responseCode: responseStatusCode, responseHeaders: changed } : {}
    session.tell('Fetch.continueResponse', { requestId, ...override })
  }

  async #hookedHeaders(paused: Paused): Promise<Header[] | 'cancel' | undefined> {
    const { webRequest } = this.#partition
    if (!webRequest.watchesResponses) return undefined
    const responseHeaders: Record<string, string[]> = {}
    for (const { name, value } of paused.responseHeaders ?? []) {
      responseHeaders[name] = [...(responseHeaders[name] ?? []), value]
    }
    const { request, responseStatusCode = 0, responseStatusText = '' } = paused
    const statusLine = `HTTP/1.1 ${responseStatusCode} ${responseStatusText}`.trim()
    const place = { ...this.#owner.details(paused), url: toAppUrl(request.url), method: request.method }
    const answer = await webRequest.received({
      ...place,
      ...{ statusCode: responseStatusCode, statusLine, responseHeaders },
    })
    if (answer.cancel) return 'cancel'
    return answer.responseHeaders ? entries(answer.responseHeaders) : undefined
  }

  async #serve(session: CdpSession, paused: Paused, url: string): Promise<void> {
    const handler = this.#partition.protocol.handlerOf(schemeOf(url))
    if (!handler) return fail(session, paused, 'Failed')
    let response: Response
    try {
      response = await handler(appRequest(paused, url))
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
      return fail(session, paused, 'Failed')
    }
    if (response.type === 'error') return fail(session, paused, 'Failed')
    session.tell('Fetch.fulfillRequest', {
      requestId: paused.requestId,
      responseCode: response.status,
      responseHeaders: browserHeaders(response.headers),
      body: Buffer.from(await response.arrayBuffer()).toString('base64'),
    })
  }
}

function fail(session: CdpSession, { requestId }: Paused, errorReason: Protocol.Network.ErrorReason): void {
  session.tell('Fetch.failRequest', { requestId, errorReason })
}

function redirect(session: CdpSession, { requestId }: Paused, location: string): void {
  const responseHeaders = [{ name: 'location', value: location }]
  session.tell('Fetch.fulfillRequest', { requestId, responseCode: 307, responseHeaders })
}

function entries(headers: Record<string, string | string[]>): Header[] {
  return Object.entries(headers).flatMap(([name, values]) => [values].flat().map((value) => ({ name, value })))
}

function headersOf(paused: Paused): { requestHeaders: Record<string, string> } {
  return { requestHeaders: { ...(paused.request.headers as Record<string, string>) } }
}

function appRequest({ request }: Paused, url: string): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers as Record<string, string>)) {
    headers.set(name, /^(origin|referer)$/i.test(name) ? toAppUrl(value) : value)
  }
  const parts = request.postDataEntries?.map(({ bytes = '' }) => Buffer.from(bytes, 'base64'))
  const body = parts && parts.length > 0 ? Buffer.concat(parts) : request.postData
  const hasBody = body !== undefined && request.method !== 'GET' && request.method !== 'HEAD'
  return new Request(url, { method: request.method, headers, ...(hasBody ? { body } : {}) })
}

/** Headers of a handled scheme's answer in the browser's terms. */
function browserHeaders(headers: Headers): Header[] {
  const policy = /^content-security-policy(-report-only)?$/
  const address = /^(location|access-control-allow-origin)$/
  return [...headers].map(([name, value]) => {
    if (policy.test(name)) return { name, value: widenPolicy(value) }
    return { name, value: address.test(name) ? toBrowserUrl(value).replace(/\/$/, '') : value }
  })
}
