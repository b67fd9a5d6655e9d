import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FixtureApp } from './fixture-app.ts'
import { startHttpServer, type TestServer } from './test-server.ts'

const link = 'app.fixture://oauth/callback?code=a%20b&state=1'
let server: TestServer
let app: FixtureApp

beforeAll(async () => {
  server = await startHttpServer((request, response) => {
    if (request.url === '/authorize') return response.writeHead(302, { location: link }).end()
    response.setHeader('set-cookie', 'seen=1; Path=/')
    response.setHeader('content-type', 'text/html')
    const script = request.url === '/script' ? `location.replace(${JSON.stringify(link)})` : ''
    return response.end(`<!doctype html><a id="back" href="${link}">back</a><script>${script}</script>`)
  })
})
afterAll(() => server.close())

beforeEach(async () => {
  app = await FixtureApp.start({
    switches: ['--standin-browser'],
    before: ({ app }, record) => {
      app.requestSingleInstanceLock()
      const links = Promise.withResolvers<unknown>()
      record.second = links.promise
      app.on('second-instance', (_event, argv) => links.resolve(argv))
      if (!app.hasSingleInstanceLock()) app.quit()
      app.setAsDefaultProtocolClient('app.fixture', process.execPath, [process.argv[1] ?? '', '--'])
    },
  })
})
afterEach(() => app.stop())

function openExternally(url: string): Promise<void> {
  return app.run(({ shell }, _record, url) => shell.openExternal(url), url)
}

describe('the person’s browser', () => {
  it.each(['/authorize', '/script'])(
    'hands the app’s scheme from %s to a second start, as last argument',
    async (path) => {
      await openExternally(`http://127.0.0.1:${server.port}${path}`)
      const argv = await app.run((_electron, { second }) => second as Promise<string[]>)
      expect(argv.at(-1)).toBe(link)
      expect(argv.at(-2)).toBe('--')
    },
  )

  it('shares no cookies with the app', async () => {
    await openExternally(`http://127.0.0.1:${server.port}/page`)
    const cookies = await app.run(({ session }) => session.defaultSession.cookies.get({}))
    expect(cookies).toEqual([])
  })
})

describe('a page of the app', () => {
  it('that goes to the app’s own scheme starts the app a second time, too', async () => {
    await app.run(
      async ({ BrowserWindow }, _record, { page, link }) => {
        const window = new BrowserWindow({ show: false })
        await window.loadURL(page)
        await window.webContents.executeJavaScript(`location.href = ${JSON.stringify(link)};0`)
      },
      { page: `http://127.0.0.1:${server.port}/page`, link },
    )
    const argv = await app.run((_electron, { second }) => second as Promise<string[]>)
    expect(argv.at(-1)).toBe(link)
  })
})
