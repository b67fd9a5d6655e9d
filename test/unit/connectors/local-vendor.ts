import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { KyInstance } from 'ky'
import type { Connector, TokenSource } from '../../../main/connectors/connector.ts'
import { createAccountHttp, type HttpBounds } from '../../../main/connectors/http.ts'
import { createRateBudget, type RateBudget } from '../../../main/connectors/rate-limit.ts'
import { vendorError } from '../../../main/connectors/read-error.ts'
import type { FetchPort, Log } from '../../../main/ports.ts'

interface Asked {
  method: string
  host: string
  path: string
  authorization: string | undefined
  body: string
}

type Handler = (request: Asked, response: ServerResponse, place: number) => void

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** Tokens `first`, then `second` after a renewal. */
export function twoTokens(): TokenSource & { renewals: number } {
  const source = {
    renewals: 0,
    current: async () => (source.renewals === 0 ? 'first' : 'second'),
    async renew() {
      source.renewals += 1
      return 'second'
    },
  }
  return source
}

/** A real HTTP server on loopback in the place of https://api.vendor.example and every other host. */
export async function localVendor(
  handler: Handler,
  options: {
    bounds?: Partial<HttpBounds>
    tokens?: TokenSource
    hideRedirects?: boolean
    readError?: Connector['readError']
  } = {},
) {
  const asked: Asked[] = []
  const server = createServer((incoming: IncomingMessage, response) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        host: String(incoming.headers['x-host']),
        path: incoming.url ?? '',
        authorization: incoming.headers.authorization,
        body: Buffer.concat(parts).toString('utf8'),
      }
      asked.push(request)
      handler(request, response, asked.length - 1)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const fetchPort: FetchPort = async (input, init) => {
    const url = new URL(String(input))
    const headers = new Headers(init?.headers)
    headers.set('x-host', url.hostname)
    const found = await fetch(`http://127.0.0.1:${port}${url.pathname}${url.search}`, { ...init, headers })
    // As Electron's fetch does.
    if (options.hideRedirects && found.status >= 300 && found.status < 400) throw new Error('Redirect was cancelled')
    return found
  }
  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  const budget: RateBudget = createRateBudget(
    { defaultLimit: 100_000, windowMs: 1000, concurrency: 4, read: () => null },
    clock,
  )
  const http: KyInstance = createAccountHttp({
    fetch: fetchPort,
    tokens: options.tokens ?? twoTokens(),
    connector: {
      name: 'Vendor',
      hosts: () => ({ api: 'https://api.vendor.example/v1', allowed: ['api.vendor.example'] }),
      readError:
        options.readError ?? ((status, _headers, body) => vendorError('Vendor', status, { text: body, code: null })),
    },
    site: {},
    accountId: 'a1',
    clock,
    log: silent,
    budget,
    ...(options.bounds ? { bounds: options.bounds } : {}),
  })
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { asked, http, budget, close, clock }
}

export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text)
}
