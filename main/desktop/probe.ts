import type { ClientRequest, IncomingMessage, Net } from 'electron'
import { AppError } from '../errors.ts'
import type { ProbeAnswer, ProbePort } from '../ports.ts'

const mostBytes = 32 * 1024

/**
 * One GET over Chromium's network stack that sees what `fetch` hides: where a redirect leads, and why a connection failed. No cookies, no
 * sign-in, and nothing is followed.
 */
export function createProbe(net: Pick<Net, 'request'>, refusedIssuer: ProbePort['refusedIssuer']): ProbePort {
  return {
    refusedIssuer,
    get(url, signal) {
      if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
        throw new AppError('bad_request', 'Manydesk only talks to vendors over https.')
      }
      const request = net.request({ url, method: 'GET', redirect: 'manual', credentials: 'omit', cache: 'no-store' })
      return answerOf(request, signal)
    },
  }
}

function answerOf(request: ClientRequest, signal: AbortSignal): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      request.abort()
      reject(signal.reason)
    }
    if (signal.aborted) return stop()
    signal.addEventListener('abort', stop, { once: true })
    const settle = (answer: ProbeAnswer) => {
      signal.removeEventListener('abort', stop)
      resolve(answer)
    }
    request.on('redirect', (status, _method, location, headers) => {
      settle({ ...readHeaders(headers), status, location, text: '' })
      request.abort()
    })
    request.on('response', (response) => {
      void readText(response).then((text) => {
        settle({ ...readHeaders(response.headers), status: response.statusCode, text })
        request.abort()
      })
    })
    request.on('error', (error) => {
      signal.removeEventListener('abort', stop)
      reject(error)
    })
    request.end()
  })
}

function readHeaders(headers: Record<string, string | string[]>): Omit<ProbeAnswer, 'status' | 'text'> {
  const first = (name: string) => {
    const value = headers[name]
    return (Array.isArray(value) ? value[0] : value) ?? null
  }
  return { location: first('location'), date: first('date'), contentType: first('content-type') }
}

/** The beginning of the body; what came until it broke off. */
function readText(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const end = () => resolve(Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8'))
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.byteLength
      if (size >= mostBytes) end()
    })
    response.on('end', end)
    response.on('error', end)
    response.on('aborted', end)
  })
}
