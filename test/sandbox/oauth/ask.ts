import { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange, Reply } from '../exchange.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

/** A request made anew from an exchange, for a Node style handler that wants to read it itself. */
function requestOf(exchange: Exchange): IncomingMessage {
  const request = new IncomingMessage(exchange.socket)
  request.method = exchange.method
  request.url = exchange.url.pathname + exchange.url.search
  request.headers = { ...exchange.headers, host: exchange.host }
  if (exchange.body.length > 0) {
    request.headers['content-length'] = String(exchange.body.length)
    request.push(exchange.body)
  } else delete request.headers['content-length']
  request.push(null)
  // Otherwise its end would count as an aborted request and close the real connection.
  request.complete = true
  return request
}

/** Lets a Node style handler answer an exchange, and gives its answer back instead of sending it. */
export function ask(exchange: Exchange, handler: Handler): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = requestOf(exchange)
    const response = new ServerResponse(request)
    const chunks: Buffer[] = []
    const take = (chunk: unknown) => {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk))
    }
    response.write = (chunk: unknown) => {
      take(chunk)
      return true
    }
    response.end = (chunk?: unknown) => {
      take(chunk)
      const headers: Reply['headers'] = {}
      for (const [name, value] of Object.entries(response.getHeaders())) {
        if (name !== 'content-length' && value !== undefined)
          headers[name] = Array.isArray(value) ? value : String(value)
      }
      resolve({ status: response.statusCode, headers, body: Buffer.concat(chunks) })
      return response
    }
    Promise.resolve(handler(request, response)).catch(reject)
  })
}
