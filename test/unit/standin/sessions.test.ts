import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FixtureApp, temporaryFolder } from './fixture-app.ts'
import { startHttpServer, type TestServer } from './test-server.ts'

let server: TestServer
let base: string

beforeAll(async () => {
  server = await startHttpServer((request, response) => {
    if (request.url === '/file') response.setHeader('content-disposition', 'attachment; filename="a.bin"')
    if (request.url?.startsWith('/login')) {
      response.setHeader('set-cookie', [`user=${request.url.slice(7)}; Max-Age=600; Path=/`, 'visit=1; Path=/'])
    }
    response.setHeader('content-type', request.url === '/file' ? 'application/octet-stream' : 'text/html')
    response.end(`<!doctype html><pre>${request.headers.cookie ?? 'no cookie'}</pre>`)
  })
  base = `http://127.0.0.1:${server.port}`
})
afterAll(() => server.close())
beforeEach(() => {
  server.requests.length = 0
})

/** Visits `path` in a window of `partition` and gives the page's text. */
function visit(app: FixtureApp, partition: string, path: string, code = ''): Promise<string> {
  return app.run(
    async ({ BrowserWindow }, _record, { partition, url, code }) => {
      const window = new BrowserWindow({ show: false, webPreferences: { partition } })
      await window.loadURL(url)
      const text = await window.webContents.executeJavaScript(code || 'document.body.innerText')
      window.destroy()
      return text as string
    },
    { partition, url: base + path, code },
  )
}

describe('partitions', () => {
  it('keep two users of one site apart, and both from the default session', async () => {
    const app = await FixtureApp.start()
    await visit(app, 'persist:one', '/login/ada')
    await visit(app, 'persist:two', '/login/bob')
    expect(await visit(app, 'persist:one', '/')).toContain('user=ada')
    expect(await visit(app, 'persist:two', '/')).toContain('user=bob')
    expect(await visit(app, '', '/')).toBe('no cookie')
    await app.stop()
  })

  it('that persist come back after a restart with cookies and local storage; session cookies and in-memory ones do not', async () => {
    const data = await temporaryFolder()
    const first = await FixtureApp.start({ userData: data.path })
    await visit(first, 'persist:one', '/login/ada', `localStorage.setItem('theme', 'dark')`)
    await visit(first, 'passing', '/login/bob')
    await first.stop()
    const second = await FixtureApp.start({ userData: data.path })
    expect(await visit(second, 'persist:one', '/')).toBe('user=ada')
    expect(await visit(second, 'persist:one', '/', `localStorage.getItem('theme')`)).toBe('dark')
    expect(await visit(second, 'passing', '/')).toBe('no cookie')
    await second.stop()
    await data.remove()
  })

  it('survive the process being killed a moment after sign-in', async () => {
    const data = await temporaryFolder()
    const first = await FixtureApp.start({ userData: data.path })
    await visit(first, 'persist:one', '/login/ada')
    await first.run(({ session }) => session.fromPartition('persist:one').cookies.flushStore())
    first.child.kill('SIGKILL')
    await first.exited
    const second = await FixtureApp.start({ userData: data.path })
    expect(await visit(second, 'persist:one', '/')).toBe('user=ada')
    await second.stop()
    await data.remove()
  })

  it('lose everything to clearStorageData, also on disk', async () => {
    const data = await temporaryFolder()
    const first = await FixtureApp.start({ userData: data.path })
    await visit(first, 'persist:one', '/login/ada', `localStorage.setItem('theme', 'dark')`)
    await first.run(({ session }) => session.fromPartition('persist:one').clearStorageData())
    expect(await visit(first, 'persist:one', '/')).toBe('no cookie')
    expect(await visit(first, 'persist:one', '/', `localStorage.length`)).toBe(0)
    await first.stop()
    const second = await FixtureApp.start({ userData: data.path })
    expect(await visit(second, 'persist:one', '/')).toBe('no cookie')
    await second.stop()
    await data.remove()
  })
})

describe('one session', () => {
  let app: FixtureApp

  beforeAll(async () => {
    app = await FixtureApp.start()
  })
  afterAll(() => app.stop())
  afterEach(() =>
    app.run(({ session }) => {
      session.defaultSession.setPermissionRequestHandler(null)
      session.defaultSession.setPermissionCheckHandler(null)
      session.defaultSession.webRequest.onBeforeRequest(null)
    }),
  )

  it('is the same object for the same partition', async () => {
    const same = await app.run(({ session }) => {
      const [passing, again, kept] = ['x', 'x', 'persist:x'].map((partition) => session.fromPartition(partition))
      const isDefault = session.fromPartition('') === session.defaultSession
      return [passing === again, passing === kept, isDefault, passing?.isPersistent(), kept?.isPersistent()]
    })
    expect(same).toEqual([true, false, true, false, true])
  })

  it('announces itself once as session-created', async () => {
    const count = await app.run(({ app, session }) => {
      let seen = 0
      app.on('session-created', () => {
        seen += 1
      })
      session.fromPartition('announced')
      session.fromPartition('announced')
      return seen
    })
    expect(count).toBe(1)
  })

  it('reads, sets and removes cookies by name and address', async () => {
    const cookies = await app.run(async ({ session }, _record, url) => {
      const { cookies } = session.fromPartition('jar')
      await cookies.set({ url, name: 'a', value: '1', expirationDate: Date.now() / 1000 + 60 })
      await cookies.set({ url, name: 'b', value: '2' })
      const before = await cookies.get({ url })
      await cookies.remove(url, 'a')
      return [
        before.map(({ name, session }) => `${name} ${session}`).sort(),
        (await cookies.get({})).map(({ name }) => name),
      ]
    }, base)
    expect(cookies).toEqual([['a false', 'b true'], ['b']])
  })

  it('uses its cookies for its own fetch and keeps those it gets', async () => {
    const texts = await app.run(async ({ session }, _record, url) => {
      const jar = session.fromPartition('fetching')
      await jar.fetch(`${url}/login/eve`)
      const with_ = await (await jar.fetch(url)).text()
      const without = await (await jar.fetch(url, { credentials: 'omit' })).text()
      return [with_, without]
    }, base)
    expect(texts[0]).toContain('user=eve')
    expect(texts[1]).toContain('no cookie')
  })

  it('cancels what onBeforeRequest cancels, before it is sent', async () => {
    const outcome = await app.run(async ({ BrowserWindow, session }, _record, url) => {
      const partition = session.fromPartition('cancelling')
      const seen: string[] = []
      partition.webRequest.onBeforeRequest((details, callback) => {
        seen.push(`${details.resourceType} ${new URL(details.url).pathname}`)
        callback({ cancel: details.url.includes('/no') })
      })
      const window = new BrowserWindow({ show: false, webPreferences: { session: partition } })
      await window.loadURL(`${url}/yes`)
      const fetched = await window.webContents.executeJavaScript(`fetch('/no').then(() => 'sent', () => 'refused')`)
      const loaded = await window.loadURL(`${url}/no/page`).catch((error) => error.code)
      window.destroy()
      return { seen, fetched, loaded }
    }, base)
    expect(outcome.fetched).toBe('refused')
    expect(outcome.loaded).toBe('ERR_BLOCKED_BY_CLIENT')
    expect(outcome.seen).toEqual(expect.arrayContaining(['mainFrame /yes', 'xhr /no', 'mainFrame /no/page']))
    expect(server.requests).toEqual(['GET /yes'])
  })

  it('asks the app about a download and lets it refuse', async () => {
    const asked = await app.run(async ({ BrowserWindow, session }, _record, url) => {
      const partition = session.fromPartition('downloads')
      const seen = new Promise((resolve) => {
        partition.on('will-download', (event, item) => {
          event.preventDefault()
          resolve([item.getFilename(), new URL(item.getURL()).pathname])
        })
      })
      const window = new BrowserWindow({ show: false, webPreferences: { session: partition } })
      window.loadURL(`${url}/file`).catch(() => undefined)
      const result = await seen
      window.destroy()
      return result
    }, base)
    expect(asked).toEqual(['a.bin', '/file'])
  })

  /** What a page is told when it asks for notifications, and what the app was asked. */
  function askNotifications(partition: string, answer: 'grant' | 'deny' | 'no handler', check: boolean | null) {
    return app.run(
      async ({ BrowserWindow, session }, _record, { partition, answer, check, url }) => {
        const own = session.fromPartition(partition)
        const asked: unknown[] = []
        if (answer !== 'no handler') {
          own.setPermissionRequestHandler((contents, permission, callback, details) => {
            asked.push([contents?.getURL(), permission, details.requestingUrl, details.isMainFrame])
            callback(answer === 'grant')
          })
        }
        if (check !== null) own.setPermissionCheckHandler(() => check)
        const window = new BrowserWindow({ show: false, webPreferences: { session: own } })
        await window.loadURL(`${url}/page`)
        const run = (code: string) => window.webContents.executeJavaScript(code, true)
        const before = await run(
          `navigator.permissions.query({ name: 'notifications' }).then((status) => status.state)`,
        )
        const told = await run('Notification.requestPermission()')
        window.destroy()
        return { asked, before, told }
      },
      { partition, answer, check, url: base },
    )
  }

  it('grants every permission while no handler is set', async () => {
    expect(await askNotifications('p-none', 'no handler', null)).toEqual({
      asked: [],
      before: 'granted',
      told: 'granted',
    })
  })

  it('asks the request handler with the page and its address, and tells the page its answer', async () => {
    const question = [`${base}/page`, 'notifications', `${base}/page`, true]
    const denied = await askNotifications('p-deny', 'deny', null)
    expect(denied.asked).toEqual([question])
    expect(denied.told).toBe('denied')
    expect((await askNotifications('p-grant', 'grant', null)).told).toBe('granted')
  })

  it('shows the check handler’s answer before anybody asks', async () => {
    const outcome = await askNotifications('p-check', 'deny', false)
    expect(outcome.before).toBe('denied')
    expect(outcome.told).toBe('denied')
  })
})
