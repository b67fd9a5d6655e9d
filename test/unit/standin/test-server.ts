import { createHash, X509Certificate } from 'node:crypto'
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { generate } from 'selfsigned'

export interface TestServer {
  port: number
  /** Method and path of every request, in order. */
  requests: string[]
  /** Base64 SHA-256 of the certificate's public key, for the pin switch. Empty without TLS. */
  keyHash: string
  close(): Promise<void>
}

function isPageRequest({ url }: IncomingMessage): boolean {
  return url !== '/favicon.ico'
}

async function listen(server: Server & { on(event: 'request', listener: RequestListener): unknown }, keyHash: string) {
  const requests: string[] = []
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('request', (request) => {
    if (isPageRequest(request)) requests.push(`${request.method} ${request.url}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { port, requests, keyHash, close }
}

/** A plain server on loopback that writes its requests down. */
export function startHttpServer(listener: RequestListener): Promise<TestServer> {
  return listen(createHttpServer(listener), '')
}

/** The same over TLS, with a certificate of its own that nobody trusts. */
export async function startHttpsServer(listener: RequestListener): Promise<TestServer> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'standin.test' }], { keySize: 2048 })
  const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' })
  return listen(createHttpsServer({ key, cert }, listener), createHash('sha256').update(spki).digest('base64'))
}
