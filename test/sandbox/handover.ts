import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { type Exchange, empty, type Reply } from './exchange.ts'

export const handoverHost = 'connect.manydesk.app'

const root = join(import.meta.dirname, '../../resources/redirect')
/** What resources/redirect/README.md asks of whoever hosts the page. */
const hosting = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "frame-ancestors 'none'",
  'strict-transport-security': 'max-age=63072000; includeSubDomains; preload',
  'cross-origin-opener-policy': 'same-origin',
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Serves resources/redirect as a static host does: the file, else the path with `.html`, else its `index.html`, else the root page. */
export async function answerHandover(exchange: Exchange): Promise<Reply> {
  const path = normalize(decodeURIComponent(exchange.url.pathname)).replace(/^(\.\.[/\\])+/, '')
  const tries = [path, `${path}.html`, join(path, 'index.html'), ...(path === '/oauth/callback' ? ['index.html'] : [])]
  for (const candidate of tries) {
    try {
      const file = join(root, candidate)
      const headers = { ...hosting, 'content-type': types[extname(file)] ?? 'application/octet-stream' }
      return { status: 200, headers, body: await readFile(file) }
    } catch {
      // Not this one; the next form of the path is tried.
    }
  }
  return empty(404)
}
