import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FixtureApp } from './fixture-app.ts'
import { startHttpsServer, type TestServer } from './test-server.ts'

let pinned: TestServer
let stranger: TestServer
let app: FixtureApp

const answer = (name: string) => (request: IncomingMessage, response: ServerResponse) => {
  if (request.url === '/moved') return response.writeHead(302, { location: '/here' }).end()
  if (request.url === '/hang') return undefined
  if (request.url === '/cut')
    return response.writeHead(200, { 'content-length': '100' }).write('x', () => response.destroy())
  if (request.url === '/empty') return response.writeHead(204).end()
  response.setHeader('content-type', 'text/html')
  return response.end(`<title>${name}</title>${name}`)
}

beforeAll(async () => {
  pinned = await startHttpsServer(answer('pinned'))
  stranger = await startHttpsServer(answer('stranger'))
  const rules = `MAP *.desk.example 127.0.0.1:${pinned.port},MAP other.example 127.0.0.1:${stranger.port},MAP gone.example ~NOTFOUND`
  app = await FixtureApp.start({
    switches: [`--host-resolver-rules=${rules}`, `--ignore-certificate-errors-spki-list=${pinned.keyHash}`],
  })
})
afterAll(async () => {
  await app.stop()
  await Promise.all([pinned.close(), stranger.close()])
})

/** What `net.fetch` answers or how it fails. */
function fetched(url: string, init: RequestInit = {}): Promise<unknown> {
  return app.run(
    async ({ net }, _record, { url, init }) => {
      try {
        const response = await net.fetch(url, init)
        return { status: response.status, text: await response.text(), isResponse: response instanceof Response }
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    },
    { url, init },
  )
}

/** The title of the page at `url`, or the code of the failure. */
function title(url: string): Promise<string> {
  return app.run(async ({ BrowserWindow }, _record, url) => {
    const window = new BrowserWindow({ show: false })
    const failure = await window.loadURL(url).catch((error) => error.code as string)
    const text = failure ?? window.getTitle()
    window.destroy()
    return text
  }, url)
}

describe('the host map and the pinned key', () => {
  it('lead a page and net.fetch to the same server under the asked name', async () => {
    expect(await title('https://acme.desk.example/')).toBe('pinned')
    expect(await fetched('https://acme.desk.example/')).toEqual({
      status: 200,
      text: '<title>pinned</title>pinned',
      isResponse: true,
    })
  })

  it('refuse a server with another certificate, page and net.fetch alike', async () => {
    const before = stranger.requests.length
    expect(await title('https://other.example/')).toBe('ERR_CERT_AUTHORITY_INVALID')
    expect(await fetched('https://other.example/')).toBe('net::ERR_CERT_AUTHORITY_INVALID')
    expect(stranger.requests).toHaveLength(before)
  })

  it('make a name that is mapped to nothing fail to resolve', async () => {
    expect(await title('https://gone.example/')).toBe('ERR_NAME_NOT_RESOLVED')
    expect(await fetched('https://gone.example/')).toBe('net::ERR_NAME_NOT_RESOLVED')
  })
})

describe('net.fetch', () => {
  const base = 'https://acme.desk.example'

  it('follows, refuses or cancels a redirect as asked', async () => {
    expect(await fetched(`${base}/moved`)).toMatchObject({ status: 200 })
    expect(await fetched(`${base}/moved`, { redirect: 'error' })).toBe(
      "Attempted to redirect, but redirect policy was 'error'",
    )
    expect(await fetched(`${base}/moved`, { redirect: 'manual' })).toBe('Redirect was cancelled')
  })

  it('names failures as Chromium does', async () => {
    const closed = await startHttpsServer(answer('closed'))
    await closed.close()
    expect(await fetched(`http://127.0.0.1:${closed.port}/`)).toBe('net::ERR_CONNECTION_REFUSED')
    expect(await fetched('http://127.0.0.1:1/')).toBe('net::ERR_UNSAFE_PORT')
    expect(await fetched(`${base}/cut`)).toMatch(/^net::ERR_/)
    expect(await fetched('gopher://x/')).toBe('net::ERR_UNKNOWN_URL_SCHEME')
  })

  it('answers without a body where there is none', async () => {
    expect(await fetched(`${base}/empty`)).toEqual({ status: 204, text: '', isResponse: true })
  })

  it('ends with the signal’s reason', async () => {
    const reason = await app.run(async ({ net }, _record, url) => {
      const controller = new AbortController()
      const answer = net.fetch(url, { signal: controller.signal }).catch((error) => error.message)
      controller.abort(new Error('enough'))
      return answer
    }, `${base}/hang`)
    expect(reason).toBe('enough')
  })
})

describe('offline', () => {
  it('cuts pages and net.fetch, not the app’s own scheme, and is undone', async () => {
    const offline = await FixtureApp.start({
      switches: [
        '--standin-offline',
        `--host-resolver-rules=MAP *.desk.example 127.0.0.1:${pinned.port}`,
        `--ignore-certificate-errors-spki-list=${pinned.keyHash}`,
      ],
    })
    const facts = await offline.run(async ({ BrowserWindow, net, protocol }) => {
      protocol.handle('app', () => new Response('<title>own</title>', { headers: { 'content-type': 'text/html' } }))
      const window = new BrowserWindow({ show: false })
      const page = await window.loadURL('https://acme.desk.example/').catch((error) => error.code)
      const direct = await net.fetch('https://acme.desk.example/').catch((error) => error.message)
      await window.loadURL('app://main/')
      const seen = await window.webContents.executeJavaScript('navigator.onLine')
      return { page, direct, online: net.isOnline(), own: window.getTitle(), seen }
    })
    expect(facts).toEqual({
      page: 'ERR_INTERNET_DISCONNECTED',
      direct: 'net::ERR_INTERNET_DISCONNECTED',
      online: false,
      own: 'own',
      seen: false,
    })
    await offline.stop()
  })
})
