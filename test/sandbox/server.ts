import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { createSecureContext } from 'node:tls'
import { type Exchange, Refusal, type Reply } from './exchange.ts'
import { type Faults, replacement } from './faults.ts'
import type { RequestsLog } from './requests-log.ts'
import { type Certificate, proxyCertificate } from './tls.ts'
import type { Troubles } from './troubles.ts'

export interface ServerParts {
  certificate: Certificate
  log: RequestsLog
  faults: Faults
  troubles: Troubles
  /** Hosts on which faults never strike: the harness's own. */
  isControl(host: string): boolean
  answer(exchange: Exchange): Promise<Reply>
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}

function cut(socket: Socket): void {
  socket.resetAndDestroy()
}

function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value)
  response.statusCode = reply.status
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body
  if (reply.status !== 204 && reply.status !== 304) response.setHeader('content-length', body.length)
  response.end(response.req.method === 'HEAD' || reply.status === 204 ? undefined : body)
}

async function safeAnswer(parts: ServerParts, exchange: Exchange): Promise<Reply> {
  try {
    return await parts.answer(exchange)
  } catch (error) {
    if (error instanceof Refusal) return error.reply
    process.stderr.write(
      `sandbox: ${exchange.method} ${exchange.url.href}: ${error instanceof Error ? error.stack : error}\n`,
    )
    return { status: 500, headers: { 'content-type': 'text/plain' }, body: 'sandbox fault, see its stderr' }
  }
}

async function serve(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const host = (request.headers.host ?? 'localhost').replace(/:\d+$/, '').toLowerCase()
  const control = parts.isControl(host)
  if (!control && parts.faults.isOffline(host)) return cut(request.socket)
  const body = await readAll(request)
  const exchange: Exchange = {
    at: Date.now(),
    method: request.method ?? 'GET',
    host,
    url: new URL(request.url ?? '/', `https://${host}`),
    headers: request.headers,
    body,
    socket: request.socket,
  }
  if (control) return send(response, await safeAnswer(parts, exchange))
  const entry = parts.log.add({
    at: exchange.at,
    method: exchange.method,
    host,
    path: exchange.url.pathname,
    query: exchange.url.search,
    headers: plainHeaders(request),
    body: body.toString('utf8'),
  })
  response.setHeader('date', parts.troubles.date(exchange.at))
  const blocked = parts.troubles.inTheWay(exchange)
  if (blocked) {
    entry.status = blocked.status
    return send(response, blocked)
  }
  const faults = parts.faults.take(exchange)
  for (const fault of faults) {
    if (fault.kind === 'delay') await wait(fault.ms)
    if (fault.kind === 'reset') return cut(request.socket)
    const instead = replacement(fault)
    if (instead) {
      entry.status = instead.status
      return send(response, instead)
    }
  }
  const reply = await safeAnswer(parts, exchange)
  entry.status = reply.status
  for (const fault of faults) {
    if (fault.kind === 'delay-after') await wait(fault.ms)
    if (fault.kind === 'reset-after' || parts.faults.isOffline(host)) return cut(request.socket)
    if (fault.kind === 'truncate') return truncate(response, reply)
  }
  send(response, reply)
}

/** Promises the whole body, sends half of it, and cuts the line. */
function truncate(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.body)
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length })
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy())
}

/** Starts the TLS server on loopback. `port` 0 takes a free one. */
export async function listen(
  parts: ServerParts,
  port: number,
): Promise<{ port: number; server: Server; cutAll(): void }> {
  const sockets = new Set<Socket>()
  const { key, cert } = parts.certificate
  const server = createServer({
    key,
    cert,
    keepAliveTimeout: 30_000,
    // A proxy shows its own certificate for every name, but for the harness's.
    SNICallback: (name, answer) => {
      const { proxyIssuer } = parts.troubles
      if (proxyIssuer === null || parts.isControl(name)) return answer(null, createSecureContext({ key, cert }))
      proxyCertificate(name, proxyIssuer).then(
        (proxy) => answer(null, createSecureContext(proxy)),
        (error: unknown) => answer(error instanceof Error ? error : new Error('no certificate')),
      )
    },
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    serve(parts, request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    server,
    cutAll: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}
