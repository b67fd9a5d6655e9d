import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FixtureApp } from './fixture-app.ts'

let app: FixtureApp

beforeAll(async () => {
  app = await FixtureApp.start()
  await app.run(({ protocol, session }, record) => {
    const html = (body: string, headers = {}) =>
      new Response(`<!doctype html>${body}`, { headers: { 'content-type': 'text/html', ...headers } })
    const policy = "default-src 'none'; script-src 'self'; frame-src app:"
    const pages: Record<string, () => Response> = {
      '/strict': () =>
        html(`<script>window.inline = 1</script><script src="/ok.js"></script><img src="http://127.0.0.1:9/x.png">`, {
          'content-security-policy': policy,
        }),
      '/ok.js': () => new Response('window.external = 1', { headers: { 'content-type': 'text/javascript' } }),
      '/gone': () => new Response('gone', { status: 410, headers: { 'content-type': 'text/html', 'x-own': 'yes' } }),
      '/moved': () => new Response(null, { status: 302, headers: { location: 'app://main/plain' } }),
      '/plain': () => html('<title>Plain</title>plain'),
    }
    protocol.handle('app', async (request) => {
      record.log.push(`${request.method} ${request.url}`)
      const { pathname } = new URL(request.url)
      if (pathname === '/throws') throw new Error('handler broke')
      if (pathname === '/post') return html(`${request.headers.get('content-type')} ${await request.text()}`)
      return pages[pathname]?.() ?? new Response(null, { status: 404 })
    })
    record.other = session.fromPartition('other')
  })
})
afterAll(() => app.stop())

/** Loads `url` in a window of the partition and evaluates `code` there. */
function load(url: string, code: string, partition = ''): Promise<unknown> {
  return app.run(
    async ({ BrowserWindow }, record, { url, code, partition }) => {
      record.log = []
      const window = new BrowserWindow({ show: false, webPreferences: { partition } })
      const failure = await window.loadURL(url).catch((error) => error.code as string)
      const value = failure ?? (await window.webContents.executeJavaScript(code))
      const result = { value, url: window.webContents.getURL(), log: record.log }
      window.destroy()
      return result
    },
    { url, code, partition },
  )
}

describe('a handled scheme', () => {
  it('gives the handler the app’s own address and reports it as the page’s address', async () => {
    expect(await load('app://main/plain', 'document.title')).toMatchObject({
      value: 'Plain',
      url: 'app://main/plain',
      log: ['GET app://main/plain'],
    })
  })

  it('obeys the Content-Security-Policy of the response', async () => {
    const outcome = await load('app://main/strict', '[window.inline ?? null, window.external ?? null]')
    expect(outcome).toMatchObject({ value: [null, 1], log: ['GET app://main/strict', 'GET app://main/ok.js'] })
  })

  it('passes status and headers to the page', async () => {
    const code = `fetch('/gone').then(async (r) => [r.status, r.headers.get('x-own'), await r.text()])`
    expect(await load('app://main/plain', code)).toMatchObject({ value: [410, 'yes', 'gone'] })
  })

  it('follows a redirect within the scheme', async () => {
    expect(await load('app://main/moved', 'document.title')).toMatchObject({ value: 'Plain', url: 'app://main/plain' })
  })

  it('hands over method, headers and body of a request', async () => {
    const code = `fetch('/post', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'a=b' }).then((r) => r.text())`
    expect(await load('app://main/plain', code)).toMatchObject({ value: '<!doctype html>text/plain a=b' })
  })

  it('fails the load when the handler throws', async () => {
    expect(await load('app://main/throws', '')).toMatchObject({ value: expect.stringMatching(/^ERR_/) })
  })

  it('is not handled in another session', async () => {
    const outcome = await load('app://main/plain', 'document.title', 'other')
    expect(outcome).toMatchObject({ value: expect.stringMatching(/^ERR_/), log: [] })
  })

  it('is a secure context with an origin per host', async () => {
    const code = `[isSecureContext, location.origin !== 'null', location.pathname]`
    expect(await load('app://main/plain', code)).toMatchObject({ value: [true, true, '/plain'] })
  })

  it('answers net.fetch from its handler as well', async () => {
    const text = await app.run(async ({ net }) => (await net.fetch('app://main/gone')).status)
    expect(text).toBe(410)
  })
})

describe('registering', () => {
  it('refuses privileges once the app is ready', async () => {
    const late = app.run(({ protocol }) => protocol.registerSchemesAsPrivileged([{ scheme: 'late' }]))
    await expect(late).rejects.toThrow('protocol.registerSchemesAsPrivileged should be called before app is ready')
  })

  it('refuses a second handler and says whether a scheme is handled', async () => {
    const facts = await app.run(({ protocol }) => [
      protocol.isProtocolHandled('app'),
      protocol.isProtocolHandled('none'),
    ])
    expect(facts).toEqual([true, false])
    const second = app.run(({ protocol }) => protocol.handle('app', () => new Response()))
    await expect(second).rejects.toThrow('Failed to register protocol: app')
  })

  it('refuses to handle a scheme before the app is ready', async () => {
    const early = await FixtureApp.start({
      before: ({ protocol }, record) => {
        try {
          protocol.handle('app', () => new Response())
        } catch (error) {
          record.error = String(error)
        }
      },
    })
    expect(await early.run((_e, { error }) => error)).toMatch(/ready/)
    await early.stop()
  })
})
