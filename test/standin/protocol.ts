import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Protocol as ElectronProtocol } from 'electron'
import { Guarded } from './absent.ts'
import { isStandardScheme, registerPrivileges, type SchemePrivileges } from './schemes.ts'

export type ProtocolHandler = (request: Request) => Response | Promise<Response>
type Implemented = Pick<ElectronProtocol, 'handle' | 'unhandle' | 'isProtocolHandled'>

let ready = false

/** From now on privileges are fixed and handlers may be set, as after Electron's `ready`. */
export function protocolsReady(): void {
  ready = true
}

/** Gives schemes their rights, for all sessions; as in Electron only before the app is ready. */
export function registerSchemesAsPrivileged(schemes: Array<{ scheme: string; privileges?: SchemePrivileges }>): void {
  if (ready) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
  for (const { scheme, privileges } of schemes) registerPrivileges(scheme, privileges ?? {})
}

/** The schemes one session handles. They are not inherited by other sessions. */
export class ProtocolRegistry extends Guarded implements Implemented {
  readonly #handlers = new Map<string, ProtocolHandler>()

  handle(scheme: string, handler: unknown): void {
    if (!ready) throw new Error('protocol.handle can only be used after the app is ready')
    if (['http', 'https', 'file'].includes(scheme) || !isStandardScheme(scheme)) {
      throw new Error(
        `protocol.handle for '${scheme}' (not a privileged standard scheme) is not implemented on the stand-in`,
      )
    }
    if (this.#handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    this.#handlers.set(scheme, handler as ProtocolHandler)
  }

  unhandle(scheme: string): void {
    if (!this.#handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`)
  }

  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme) || ['http', 'https', 'file', 'data', 'blob', 'about'].includes(scheme)
  }

  handlerOf(scheme: string): ProtocolHandler | undefined {
    return this.#handlers.get(scheme)
  }
}

const TYPES: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

/** Answers a `file:` URL from disk, as `net.fetch` does in Electron. */
export async function fetchFile(url: string): Promise<Response> {
  const path = fileURLToPath(url)
  try {
    const body = await readFile(path)
    return new Response(body, { headers: { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' } })
  } catch {
    throw new Error('net::ERR_FILE_NOT_FOUND')
  }
}
