import { createHash, type X509Certificate } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import type { Agent, RequestInit as UndiciInit, Response as UndiciResponse } from 'undici'
import { netErrorName } from './net-errors.ts'
import { fetchFile } from './protocol.ts'
import { runtime } from './runtime.ts'
import { schemeOf } from './schemes.ts'
import type { Session } from './session.ts'

const MAX_REDIRECTS = 20
const NO_BODY = [101, 204, 205, 304]
const agents = new WeakMap<Session, Agent>()

export type FetchInit = RequestInit & { bypassCustomProtocolHandlers?: boolean }

/**
 * `net.fetch` and `session.fetch`: handled schemes go to their handler, files come from disk, http(s) goes out under the
 * switches' host map and pinned keys with the session's cookies. Rejects with `net::ERR_...` errors as Electron does; a
 * redirect under `redirect: 'manual'` rejects with "Redirect was cancelled", also as Electron does.
 */
export async function netFetch(session: Session, input: string | Request, init?: FetchInit): Promise<Response> {
  const request = new Request(input, init)
  const scheme = schemeOf(request.url)
  const handler = init?.bypassCustomProtocolHandlers ? undefined : session.protocol.handlerOf(scheme)
  if (handler) return handler(request)
  if (scheme === 'file') return fetchFile(request.url)
  if (scheme !== 'http' && scheme !== 'https') throw new Error('net::ERR_UNKNOWN_URL_SCHEME')
  request.signal.throwIfAborted()
  try {
    return await followRedirects(session, request)
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason
    throw error instanceof FetchRefusal ? new Error(error.message) : new Error(netErrorName(error))
  }
}

/** A failure whose text is already Electron's. */
export class FetchRefusal extends Error {}

interface Hop {
  url: string
  method: string
  headers: Headers
  body: ArrayBuffer | undefined
}

async function followRedirects(session: Session, request: Request): Promise<Response> {
  const withCookies = request.credentials !== 'omit'
  const body = request.body ? await request.arrayBuffer() : undefined
  let hop: Hop = { url: request.url, method: request.method, headers: new Headers(request.headers), body }
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const response = await sendHop(session, hop, request.signal, withCookies)
    const location = response.headers.get('location')
    if (!location || response.status < 300 || response.status > 399 || response.status === 304) {
      return present(response, request)
    }
    await response.body?.cancel()
    if (request.redirect === 'error') {
      throw new FetchRefusal("Attempted to redirect, but redirect policy was 'error'")
    }
    if (request.redirect === 'manual') throw new FetchRefusal('Redirect was cancelled')
    hop = nextHop(hop, response.status, location)
  }
  throw new FetchRefusal('net::ERR_TOO_MANY_REDIRECTS')
}

function nextHop(hop: Hop, status: number, location: string): Hop {
  const next = new URL(location, hop.url)
  const headers = new Headers(hop.headers)
  if (next.origin !== new URL(hop.url).origin) headers.delete('authorization')
  const becomesGet = status === 303 ? hop.method !== 'HEAD' : status < 303 && hop.method === 'POST'
  if (!becomesGet) return { ...hop, url: next.href, headers }
  for (const name of ['content-type', 'content-length', 'content-encoding']) headers.delete(name)
  return { url: next.href, method: 'GET', headers, body: undefined }
}

/** One request and its answer; a redirect is an answer. */
export async function sendHop(
  session: Session,
  hop: Hop,
  signal: AbortSignal,
  withCookies: boolean,
): Promise<UndiciResponse> {
  if (runtime.offline) throw new FetchRefusal('net::ERR_INTERNET_DISCONNECTED')
  const headers = new Headers(hop.headers)
  if (!headers.has('user-agent')) headers.set('user-agent', session.getUserAgent())
  if (!headers.has('accept-language')) headers.set('accept-language', 'en-US')
  const cookie = withCookies ? await session.cookies.header(hop.url) : undefined
  if (cookie !== undefined && !headers.has('cookie')) headers.set('cookie', cookie)
  const { fetch } = await import('undici')
  const response = await fetch(hop.url, {
    method: hop.method,
    headers: Object.fromEntries(headers),
    redirect: 'manual',
    dispatcher: await agentOf(session),
    signal: signal as NonNullable<UndiciInit['signal']>,
    ...(hop.body === undefined ? {} : { body: hop.body }),
  })
  const setCookies = response.headers.getSetCookie()
  if (withCookies && setCookies.length > 0) {
    await session.cookies.accept(hop.url, setCookies)
    session.saveSoon()
  }
  return response
}

/** The answer as the app sees it: the global Response class, and a body that fails with Chromium's names. */
function present(response: UndiciResponse, request: Request): Response {
  const hasBody = response.body && request.method !== 'HEAD' && !NO_BODY.includes(response.status)
  const headers = Object.fromEntries([...response.headers].map(([name]) => [name, response.headers.get(name) ?? '']))
  const init = { status: response.status, statusText: response.statusText, headers }
  if (!hasBody || !response.body) return new Response(null, init)
  const reader = response.body.getReader()
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value as Uint8Array)
      } catch (error) {
        controller.error(request.signal.aborted ? request.signal.reason : new Error(netErrorName(error)))
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
  return new Response(body, init)
}

async function agentOf(session: Session): Promise<Agent> {
  const known = agents.get(session)
  if (known) return known
  const { Agent, buildConnector } = await import('undici')
  // A resumed TLS session brings no certificate, so there would be nothing to compare with the pinned keys.
  const connect = buildConnector({ rejectUnauthorized: false, timeout: 30_000, maxCachedSessions: 0 })
  const agent = new Agent({
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, callback) => {
      const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80)
      const target = runtime.resolveHost(options.hostname, port)
      if (target === 'not-found') return callback(new Error('net::ERR_NAME_NOT_RESOLVED'), null)
      const route = { hostname: target.host, host: target.host, port: String(target.port) }
      const servername = options.servername ?? options.hostname
      connect({ ...options, ...route, servername }, (error, socket) => {
        if (error) return callback(error, null)
        // Node gives the certificate of a peer once; asked again, it has none.
        const peer = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined
        const refusal = session.certificates.verdict(options.hostname, peer, certificateRefusal(socket, peer))
        if (!refusal) return callback(null, socket)
        socket.destroy()
        callback(refusal, null)
      })
    },
  })
  agents.set(session, agent)
  session.on('standin-close-connections', () => {
    agents.delete(session)
    agent.destroy().catch(() => undefined)
  })
  return agent
}

function certificateRefusal(socket: unknown, peer: X509Certificate | undefined): Error | undefined {
  if (!(socket instanceof TLSSocket) || socket.authorized) return undefined
  const trusted = runtime.trustedKeys
  for (let certificate = peer; certificate; certificate = certificate.issuerCertificate) {
    if (trusted.includes(keyHash(certificate))) return undefined
  }
  return new Error(netErrorName(new Error(String(socket.authorizationError))))
}

function keyHash(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(key).digest('base64')
}
