import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '../errors.ts'
import type { Log, LoopbackPort } from '../ports.ts'

const host = '127.0.0.1'
const maxUrl = 16_384
/** A browser asks once; whoever asks more often is not one. */
const maxRequests = 50

const page = (title: string, words: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>html{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:28rem;margin:20vh auto;padding:0 1rem}h1{font-size:1.25rem}</style>
</head><body><main><h1>${title}</h1><p>${words}</p></main></body></html>
`
const done = page('You are signed in', 'Manydesk has the answer and goes on by itself. You can close this page.')
const strange = page(
  'Nothing here',
  'This address belongs to a sign-in of Manydesk that is under way. There is nothing to see.',
)

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  connection: 'close',
}

/**
 * Listeners for one sign-in each (RFC 8252 7.3 and 8.3): on 127.0.0.1 only, on a free port nobody else can bind, open from `listen` to the
 * first answer that is accepted or to `close`. Everything but one GET of the path with the right Host header is refused with a page that
 * says nothing; no answer holds a script or any part of the request.
 */
export function createLoopback(log: Log): LoopbackPort {
  return {
    async listen(path, accept) {
      const received = Promise.withResolvers<string>()
      // The waiting may never begin.
      received.promise.catch(() => undefined)
      let requests = 0
      const server = createServer(
        { maxHeaderSize: maxUrl, requestTimeout: 5_000, headersTimeout: 5_000 },
        (request, response) => {
          requests += 1
          const url = urlOf(request, address)
          const mine = requests <= maxRequests && url !== null && url.startsWith(`${address}?`) && accept(url)
          answer(response, mine)
          if (!mine) return log.info('A request to a sign-in address was refused', { method: request.method })
          received.resolve(url)
          close()
        },
      )
      server.maxConnections = 8
      const port = await listening(server)
      const address = `http://${host}:${port}${path}`
      const close = () => {
        server.close()
        // Idle connections only: the page that says "done" must still arrive.
        server.closeIdleConnections()
      }
      return { address, received: received.promise, close }
    },
  }
}

/** The address that was asked for, or null where the request is not a plain GET to this very listener. */
function urlOf(request: IncomingMessage, address: string): string | null {
  const own = new URL(address)
  if (request.method !== 'GET' || request.url === undefined || request.url.length > maxUrl) return null
  // A page elsewhere can make a name of its own point here (DNS rebinding); the Host header gives it away.
  if (![own.host, `localhost:${own.port}`].includes(request.headers.host ?? '')) return null
  return request.url.startsWith('/') ? `${own.origin}${request.url}` : null
}

function answer(response: ServerResponse, mine: boolean): void {
  response.writeHead(mine ? 200 : 404, headers)
  response.end(mine ? done : strange)
}

function listening(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new AppError('handshake_port_blocked', 'This computer does not let Manydesk wait for the browser’s answer.', {
          action: 'A firewall or security program may block it. Use another way to sign in.',
          detail: 'code' in error ? String(error.code) : error.name,
        }),
      ),
    )
    server.listen({ host, port: 0, exclusive: true }, () => resolve((server.address() as AddressInfo).port))
  })
}
