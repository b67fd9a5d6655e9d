import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'

/** One request as a vendor sees it: the host is the real vendor's, whatever address it was sent to. */
export interface Exchange {
  /** Epoch milliseconds. */
  at: number
  method: string
  host: string
  url: URL
  headers: IncomingHttpHeaders
  body: Buffer
  /** The TLS connection it came on. */
  socket: Socket
}

export interface Reply {
  status: number
  headers: Record<string, string | string[]>
  body: Buffer | string
}

export function json(status: number, body: unknown, headers: Reply['headers'] = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  }
}

export function html(status: number, body: string, headers: Reply['headers'] = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body,
  }
}

export function empty(status: number, headers: Reply['headers'] = {}): Reply {
  return { status, headers, body: '' }
}

export function redirect(location: string): Reply {
  return { status: 302, headers: { location, 'cache-control': 'no-store' }, body: '' }
}

/** The body as a JSON object; undefined when it is none. */
export function jsonBody(exchange: Exchange): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(exchange.body.toString('utf8'))
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function formBody(exchange: Exchange): URLSearchParams {
  return new URLSearchParams(exchange.body.toString('utf8'))
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function textField(record: Record<string, unknown>, key: string): string | undefined {
  const value = record[key]
  return typeof value === 'string' ? value : undefined
}

/** Thrown by a handler to answer with an error of the vendor's shape. */
export class Refusal extends Error {
  readonly reply: Reply

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`)
    this.reply = reply
  }
}
