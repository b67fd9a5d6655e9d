import { createHash, X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import { Agent, buildConnector, fetch as undiciFetch } from 'undici'
import type { FetchPort, ProbePort } from '../../main/ports.ts'
import type { Control } from './control.ts'
import { controlHost } from './control-host.ts'

export interface SandboxAddress {
  port: number
  /** Base64 SHA-256 of the certificate's public key info. */
  spki: string
}

export type SandboxFetch = typeof undiciFetch

/** Hears who issued a certificate that is not the sandbox's. */
type Refused = (host: string, issuer: string) => void

/** Connects every https host to the sandbox, and trusts exactly its certificate. */
function sandboxAgent(address: SandboxAddress, refused: Refused = () => undefined): Agent {
  // A resumed TLS session shows no certificate to check, so none is kept.
  const connect = buildConnector({ rejectUnauthorized: false, maxCachedSessions: 0 })
  return new Agent({
    connect: (options, callback) => {
      const target = {
        ...options,
        hostname: '127.0.0.1',
        host: '127.0.0.1',
        port: String(address.port),
        servername: options.hostname,
      }
      connect(target, (error, socket) => {
        if (error || !socket) return callback(error ?? new Error('no socket'), null)
        if (spkiOf(socket as TLSSocket) === address.spki) return callback(null, socket)
        refused(options.hostname, issuerOf(socket as TLSSocket))
        socket.destroy()
        const words = 'the server at this port does not hold the sandbox certificate'
        callback(Object.assign(new Error(words), { code: 'SELF_SIGNED_CERT_IN_CHAIN' }), null)
      })
    },
  })
}

function spkiOf(socket: TLSSocket): string {
  const certificate = new X509Certificate(socket.getPeerCertificate().raw)
  return createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64')
}

function issuerOf(socket: TLSSocket): string {
  const { issuer } = socket.getPeerCertificate()
  return String(issuer?.CN ?? '')
}

/** What the app has of its machine's network, for services that run without it: every https host is the sandbox. */
export function sandboxMachine(address: SandboxAddress): {
  fetch: FetchPort
  probe: ProbePort
  close(): Promise<void>
} {
  const issuers = new Map<string, string>()
  const dispatcher = sandboxAgent(address, (host, issuer) => issuers.set(host, issuer))
  return {
    async fetch(input, init) {
      const request = new Request(input, init)
      const response = await undiciFetch(request.url, {
        method: request.method,
        headers: [...request.headers],
        redirect: request.redirect,
        signal: init?.signal ?? request.signal,
        dispatcher,
        ...(request.body ? { body: await request.text() } : {}),
      })
      const { status, headers } = response
      return new Response([204, 304].includes(status) ? null : await response.arrayBuffer(), {
        status,
        headers: [...headers],
      })
    },
    probe: {
      refusedIssuer: (host) => issuers.get(host) ?? null,
      async get(url, signal) {
        const response = await undiciFetch(url, { redirect: 'manual', signal, dispatcher })
        const { status, headers } = response
        return {
          status,
          location: headers.get('location'),
          date: headers.get('date'),
          contentType: headers.get('content-type'),
          text: (await response.text()).slice(0, 32_768),
        }
      },
    },
    close: () => dispatcher.destroy(),
  }
}

/** A fetch for real vendor URLs that ends up in the sandbox. */
export function sandboxFetch(address: SandboxAddress): { fetch: SandboxFetch; close(): Promise<void> } {
  const dispatcher = sandboxAgent(address)
  return { fetch: (input, init) => undiciFetch(input, { ...init, dispatcher }), close: () => dispatcher.destroy() }
}

/** `Control` of a sandbox in another process, with the same calls. */
export function connectControl(address: SandboxAddress): { control: Control; close(): Promise<void> } {
  const { fetch, close } = sandboxFetch(address)
  const call =
    (name: string) =>
    async (...args: unknown[]) => {
      const response = await fetch(`https://${controlHost}/${name}`, { method: 'POST', body: JSON.stringify({ args }) })
      const answer = (await response.json()) as { result?: unknown; error?: string }
      if (!response.ok) throw new Error(`control ${name}: ${answer.error ?? response.status}`)
      return answer.result ?? undefined
    }
  const control = new Proxy({} as Control, {
    get: (_, name) => (typeof name === 'string' && name !== 'then' ? call(name) : undefined),
  })
  return { control, close }
}
