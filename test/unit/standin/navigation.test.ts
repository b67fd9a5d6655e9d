import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FixtureApp } from './fixture-app.ts'
import { startHttpServer, type TestServer } from './test-server.ts'

let app: FixtureApp
let server: TestServer
let base: string

/** Opens a fresh window on `path`, which then writes every navigation event into the log. */
async function openAndWatch(path: string): Promise<void> {
  await app.run(async ({ BrowserWindow }, record, url) => {
    const window = new BrowserWindow({ show: false })
    const { webContents } = window
    record.contents = webContents
    record.veto = []
    record.log = []
    await webContents.loadURL(url)
    record.log = []
    const names = [
      ...['did-start-navigation', 'will-frame-navigate', 'will-navigate', 'will-redirect', 'did-redirect-navigation'],
      ...['did-frame-navigate', 'did-navigate', 'did-navigate-in-page', 'did-fail-load', 'did-finish-load'],
    ]
    for (const name of names) {
      webContents.on(name as 'did-navigate', (...values: unknown[]) => {
        const [event, second, third] = values as [{ url?: string; preventDefault(): void }, unknown, unknown]
        const url = event.url ?? (typeof second === 'string' ? second : third)
        record.log.push(`${name} ${url}`)
        if ((record.veto as string[]).includes(name)) event.preventDefault()
      })
    }
  }, base + path)
}

/** Runs code in the page with or without a veto on some events, then waits until the server or the log is quiet. */
async function act(code: string, veto: string[] = []): Promise<string[]> {
  return app.run(
    async (_electron, record, { code, veto }) => {
      record.veto = veto
      const contents = record.contents as Electron.WebContents
      await contents.executeJavaScript(`${code};0`, true)
      for (let seen = -1; seen !== record.log.length || contents.isLoading(); ) {
        seen = record.log.length
        await new Promise((resolve) => setTimeout(resolve, 150))
      }
      return record.log as string[]
    },
    { code, veto },
  )
}

beforeAll(async () => {
  server = await startHttpServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x')
    if (pathname === '/redirect') return response.writeHead(302, { location: searchParams.get('to') ?? '' }).end()
    response.setHeader('content-type', 'text/html')
    response.end(
      `<!doctype html><title>${pathname}</title><a id="next" href="/next">next</a><a id="blank" target="_blank" href="/blank">b</a>`,
    )
  })
  base = `http://127.0.0.1:${server.port}`
  app = await FixtureApp.start()
})
afterAll(async () => {
  await app.stop()
  await server.close()
})
beforeEach(async () => {
  await openAndWatch('/start')
  server.requests.length = 0
})
afterEach(() =>
  app.run(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.destroy()
  }),
)

describe('a link in the page', () => {
  it('fires the events in the documented order', async () => {
    const url = `${base}/next`
    expect(await act(`document.getElementById('next').click()`)).toEqual([
      `did-start-navigation ${url}`,
      `will-frame-navigate ${url}`,
      `will-navigate ${url}`,
      `did-frame-navigate ${url}`,
      `did-navigate ${url}`,
      'did-finish-load undefined',
    ])
    expect(server.requests).toEqual(['GET /next'])
  })

  it.each(['will-navigate', 'will-frame-navigate'])(
    'prevented in %s sends nothing and keeps the page',
    async (name) => {
      const log = await act(`document.getElementById('next').click()`, [name])
      expect(log.at(-1)).toBe(`${name} ${base}/next`)
      expect(server.requests).toEqual([])
      expect(await app.run((_e, { contents }) => (contents as Electron.WebContents).getURL())).toBe(`${base}/start`)
    },
  )

  it.each([
    [
      'a form',
      `Object.assign(document.body.appendChild(document.createElement('form')), { method: 'post', action: '/next' }).submit()`,
    ],
    [
      'a refresh',
      `document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: '0;url=/next' }))`,
    ],
    [
      'a frame that moves the whole page',
      `document.body.append(Object.assign(document.createElement('iframe'), { srcdoc: '<script>top.location.href = "/next"</script>' }))`,
    ],
  ])('and so is %s, which sends nothing when prevented', async (_name, code) => {
    expect(await act(code, ['will-navigate'])).toContain(`will-navigate ${base}/next`)
    expect(server.requests).toEqual([])
  })

  it('to a fragment fires did-navigate-in-page and no will-navigate', async () => {
    const log = await act(`location.hash = 'part'`)
    expect(log).toContain(`did-navigate-in-page ${base}/start#part`)
    expect(log.some((line) => line.startsWith('will-navigate'))).toBe(false)
  })
})

describe('loadURL', () => {
  it('fires no will-navigate, since the app asked for it', async () => {
    const log = await app.run(async (_e, record, url) => {
      await (record.contents as Electron.WebContents).loadURL(url)
      return record.log as string[]
    }, `${base}/next`)
    expect(log.some((line) => line.startsWith('will-'))).toBe(false)
    expect(log).toContain(`did-navigate ${base}/next`)
  })

  it('rejects with code, number and address when nothing answers', async () => {
    const failure = await app.run(async (_e, record) => {
      const contents = record.contents as Electron.WebContents
      const failed = new Promise((resolve) =>
        contents.once('did-fail-load', (_event, ...values) => resolve(values.slice(0, 4))),
      )
      const error = await contents
        .loadURL('http://127.0.0.1:9/')
        .catch((reason) => ({ ...reason, message: reason.message }))
      return { error, event: await failed }
    })
    expect(failure.error).toMatchObject({ code: 'ERR_UNSAFE_PORT', url: 'http://127.0.0.1:9/' })
    expect(failure.event).toMatchObject([expect.any(Number), 'ERR_UNSAFE_PORT', 'http://127.0.0.1:9/', true])
  })

  it('rejects with ERR_ABORTED, and reports no failure, when a redirect was prevented', async () => {
    const outcome = await app.run(async (_e, record, url) => {
      record.veto = ['will-redirect']
      const contents = record.contents as Electron.WebContents
      const message = await contents.loadURL(url).catch((error) => error.message)
      return { message, log: record.log as string[] }
    }, `${base}/redirect?to=/next`)
    expect(outcome.message).toBe(`ERR_ABORTED (-3) loading '${base}/redirect?to=/next'`)
    expect(outcome.log.some((line) => line.startsWith('did-fail-load'))).toBe(false)
  })
})

describe('going back', () => {
  it('by the app or the page is not asked about', async () => {
    await act(`document.getElementById('next').click()`)
    const log = await act(`history.back()`, ['will-navigate'])
    expect(log).toContain(`did-navigate ${base}/start`)
    const again = await app.run(async (_electron, record) => {
      const contents = record.contents as Electron.WebContents
      const done = new Promise<void>((resolve) => contents.once('did-finish-load', () => resolve()))
      record.log.length = 0
      contents.navigationHistory.goForward()
      await done
      return record.log as string[]
    })
    expect(again).toContain(`did-navigate ${base}/next`)
    expect(again.some((line) => line.startsWith('will-'))).toBe(false)
  })
})

describe('a redirect of the server', () => {
  it('fires will-redirect before the target is asked', async () => {
    const log = await act(`location.href = '/redirect?to=/next'`)
    expect(log).toContain(`will-redirect ${base}/next`)
    expect(log.indexOf(`will-redirect ${base}/next`)).toBeLessThan(log.indexOf(`did-redirect-navigation ${base}/next`))
    expect(server.requests).toEqual(['GET /redirect?to=/next', 'GET /next'])
  })

  it('prevented is never followed', async () => {
    await act(`location.href = '/redirect?to=/next'`, ['will-redirect'])
    expect(server.requests).toEqual(['GET /redirect?to=/next'])
    expect(await app.run((_e, { contents }) => (contents as Electron.WebContents).getURL())).toBe(`${base}/start`)
  })

  it('to a custom scheme fires will-redirect with the whole address', async () => {
    const target = 'app.fixture://oauth/callback?code=a%20b&state=1'
    const log = await act(`location.href = '/redirect?to=' + encodeURIComponent('${target}')`, ['will-redirect'])
    expect(log.at(-1)).toBe(`will-redirect ${target}`)
    expect(server.requests).toHaveLength(1)
  })
})

describe('a navigation to a custom scheme by the page itself', () => {
  const target = 'app.fixture://oauth/callback?code=1'

  it.each([
    ['script', `location.href = '${target}'`],
    ['a link', `Object.assign(document.createElement('a'), { href: '${target}' }).click()`],
  ])('by %s fires will-navigate and loads nothing', async (_name, code) => {
    const log = await act(code, ['will-navigate'])
    expect(log.filter((line) => line.startsWith('will-'))).toEqual([
      `will-frame-navigate ${target}`,
      `will-navigate ${target}`,
    ])
    expect(log.some((line) => line.startsWith('did-navigate'))).toBe(false)
  })

  it('not prevented asks for the openExternal permission before the system gets it', async () => {
    const asked = await app.run(async ({ session }, record, url) => {
      const seen = new Promise((resolve) => {
        session.defaultSession.setPermissionRequestHandler((_contents, permission, callback, details) => {
          callback(false)
          resolve([permission, Reflect.get(details, 'externalURL')])
        })
      })
      await (record.contents as Electron.WebContents).executeJavaScript(`location.href = '${url}';0`)
      const result = await seen
      session.defaultSession.setPermissionRequestHandler(null)
      return result
    }, target)
    expect(asked).toEqual(['openExternal', target])
  })
})

describe('a frame', () => {
  it('is asked about in will-frame-navigate only, and prevented sends nothing', async () => {
    const code = `document.body.append(Object.assign(document.createElement('iframe'), { src: '/framed' }))`
    const log = await act(code, ['will-frame-navigate'])
    expect(log).toContain(`will-frame-navigate ${base}/framed`)
    expect(log.some((line) => line.startsWith('will-navigate'))).toBe(false)
    expect(server.requests).toEqual([])
  })
})

describe('a page that asks for a window', () => {
  it.each([
    ['window.open', `window.result = window.open('/blank')`],
    ['a link with target=_blank', `document.getElementById('blank').click()`],
  ])('by %s gets none when the handler denies, and nothing is requested', async (_name, code) => {
    const outcome = await app.run(async ({ BrowserWindow }, record, code) => {
      const contents = record.contents as Electron.WebContents
      const asked = new Promise((resolve) => {
        contents.setWindowOpenHandler(({ url }) => {
          resolve(url)
          return { action: 'deny' }
        })
      })
      const result = await contents.executeJavaScript(`${code}; window.result ?? null`, true)
      return { url: await asked, result, windows: BrowserWindow.getAllWindows().length }
    }, code)
    expect(outcome).toEqual({ url: `${base}/blank`, result: null, windows: 1 })
    await act('0')
    expect(server.requests).toEqual([])
  })
})

describe('titles and crashes', () => {
  it('follow the document, and the window follows unless prevented', async () => {
    const titles = await app.run(async ({ BrowserWindow }, record) => {
      const contents = record.contents as Electron.WebContents
      const [window] = BrowserWindow.getAllWindows()
      const first = window?.getTitle()
      const changed = new Promise((resolve) =>
        window?.once('page-title-updated', (event, title) => {
          event.preventDefault()
          resolve(title)
        }),
      )
      await contents.executeJavaScript(`document.title = 'Second'`)
      return [first, await changed, window?.getTitle(), contents.getTitle()]
    })
    expect(titles).toEqual(['/start', 'Second', '/start', 'Second'])
  })

  it('report a crashed page, which can be loaded again', async () => {
    const outcome = await app.run(async (_e, record) => {
      const contents = record.contents as Electron.WebContents
      const gone = new Promise((resolve) =>
        contents.once('render-process-gone', (_event, details) => resolve(details.reason)),
      )
      contents.forcefullyCrashRenderer()
      const reason = await gone
      const loaded = new Promise((resolve) => contents.once('did-finish-load', () => resolve(contents.getURL())))
      contents.reload()
      return [reason, await loaded]
    })
    expect(outcome).toEqual(['crashed', `${base}/start`])
  })
})
