import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FixtureApp, preloadFile } from './fixture-app.ts'

let app: FixtureApp

/** Runs code in the fixture's page and gives its value. */
function inPage<T>(code: string): Promise<T> {
  return app.run(({ BrowserWindow }, _record, text) => {
    return BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(text)
  }, code) as Promise<T>
}

beforeAll(async () => {
  app = await FixtureApp.start()
  await app.run(async ({ BrowserWindow, ipcMain, protocol }, record, preload) => {
    const { inspect } = process.getBuiltinModule('node:util')
    protocol.handle('app', ({ url }) => {
      const frame = url.endsWith('/inner') ? '' : '<iframe src="/inner"></iframe>'
      return new Response(`<!doctype html><title>Page</title>${frame}`, { headers: { 'content-type': 'text/html' } })
    })
    ipcMain.handle('echo', (_event, value) => value)
    ipcMain.handle('inspect', (_event, ...values) => inspect(values, { depth: 9, sorted: true }))
    ipcMain.handle('throws', () => {
      throw new RangeError('too far')
    })
    ipcMain.handle('gives-function', () => () => 1)
    ipcMain.handle('sender', (event) => {
      record.event = event
      const { senderFrame, sender } = event
      return {
        url: senderFrame?.url,
        origin: senderFrame?.origin,
        parent: senderFrame?.parent,
        isTop: senderFrame?.top === senderFrame,
        isMainFrame: senderFrame === sender.mainFrame,
        isContents: sender === BrowserWindow.getAllWindows()[0]?.webContents,
        frames: senderFrame?.frames.map(({ url }) => url),
      }
    })
    ipcMain.on('note', (event, value) => event.reply('noted', value, 'thanks'))
    const window = new BrowserWindow({ show: false, webPreferences: { preload } })
    await window.loadURL('app://main/index.html')
  }, preloadFile)
})

afterAll(() => app.stop())

describe('values over IPC', () => {
  it('keeps dates, maps, sets, big integers, buffers, undefined and errors in both directions', async () => {
    const kinds = await inPage<unknown[]>(`fixture.invoke('echo', {
      date: new Date(86400000), map: new Map([['a', new Set([1n])]]), bytes: new Uint8Array([1, 2]), none: undefined,
      error: new RangeError('bad'), minus: -0, pattern: /x/gi
    }).then(({ date, map, bytes, none, error, minus, pattern, ...rest }) => [
      date instanceof Date && date.getTime(), map instanceof Map && map.get('a').has(1n),
      bytes instanceof Uint8Array && bytes.join(), none === undefined, error instanceof RangeError && error.message,
      Object.is(minus, -0), pattern instanceof RegExp && pattern.flags, Object.keys(rest).length
    ])`)
    expect(kinds).toEqual([86400000, true, '1,2', true, 'bad', true, 'gi', 0])
  })

  it('keeps shared references and cycles', async () => {
    const code = `(() => { const a = { n: 1 }; const cycle = { a, b: a }; cycle.self = cycle; return cycle })()`
    const kept = await inPage(`fixture.invoke('echo', ${code}).then((x) => [x.a === x.b, x.self === x, x.a.n])`)
    expect(kept).toEqual([true, true, 1])
  })

  it('drops the class of an instance and keeps its own fields, as a structured clone does', async () => {
    const code = `new (class Point { constructor() { this.x = 1 } get y() { return 2 } })()`
    expect(await inPage(`fixture.invoke('inspect', ${code})`)).toBe('[ { x: 1 } ]')
  })

  it.each(['() => 1', 'Symbol("s")', 'Promise.resolve()', 'new WeakMap()', '{ deep: [() => 1] }'])(
    'refuses %s as an argument',
    async (value) => {
      // A function may cross the context bridge but not IPC, so the preload's own call is what fails.
      const outcome = await inPage(
        `Promise.resolve().then(() => fixture.invoke('echo', ${value})).then(() => 'sent', (e) => e.message)`,
      )
      expect(outcome).toMatch(/could not be cloned/)
    },
  )

  it('refuses a function as the answer of a handler', async () => {
    const message = await inPage(`fixture.invoke('gives-function').catch((error) => error.message)`)
    expect(message).toBe("Error invoking remote method 'gives-function': Error: An object could not be cloned.")
  })

  it('gives the page the text of what a handler threw, and nothing else of it', async () => {
    const error = await inPage(`fixture.invoke('throws').catch((e) => [e.constructor.name, e.message])`)
    expect(error).toEqual(['Error', "Error invoking remote method 'throws': RangeError: too far"])
  })

  it('says when no handler is registered', async () => {
    const message = await inPage(`fixture.invoke('nobody').catch((error) => error.message)`)
    expect(message).toBe("Error invoking remote method 'nobody': Error: No handler registered for 'nobody'")
  })

  it('answers concurrent calls each with its own result', async () => {
    const answers = await inPage(`Promise.all([...Array(50).keys()].map((n) => fixture.invoke('echo', n)))`)
    expect(answers).toEqual([...Array(50).keys()])
  })

  it('refuses a second handler for a channel', async () => {
    const attempt = app.run(({ ipcMain }) => ipcMain.handle('echo', () => 1))
    await expect(attempt).rejects.toThrow("Attempted to register a second handler for 'echo'")
  })
})

describe('the sender', () => {
  it('is the main frame of the window, by its own address', async () => {
    expect(await inPage(`fixture.invoke('sender')`)).toEqual({
      url: 'app://main/index.html',
      origin: 'app://main',
      parent: null,
      isTop: true,
      isMainFrame: true,
      isContents: true,
      frames: ['app://main/inner'],
    })
  })

  it('has no frame any more once its document was replaced', async () => {
    await inPage(`fixture.invoke('sender')`)
    const frames = await app.run(async ({ BrowserWindow }, record) => {
      const { senderFrame } = record.event as Electron.IpcMainInvokeEvent
      await BrowserWindow.getAllWindows()[0]?.loadURL('app://main/other.html')
      const after = (record.event as Electron.IpcMainInvokeEvent).senderFrame
      const destroyed = senderFrame?.isDestroyed()
      await BrowserWindow.getAllWindows()[0]?.loadURL('app://main/index.html')
      return { after, destroyed }
    })
    expect(frames).toEqual({ after: null, destroyed: true })
  })

  it('is not reachable from a sub-frame, which gets no preload', async () => {
    expect(await inPage(`typeof frames[0].fixture`)).toBe('undefined')
  })
})

describe('events to the page', () => {
  it('reach a listener with their values, and stop after it was removed', async () => {
    await inPage(`window.heard = []; window.stop = fixture.on('news', (...v) => heard.push(v)); 0`)
    await app.run(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.send('news', 1, { a: [2] }))
    expect(await inPage(`fixture.invoke('echo', 0).then(() => heard)`)).toEqual([[1, { a: [2] }]])
    await inPage(`stop()`)
    await app.run(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.send('news', 3))
    expect(await inPage(`fixture.invoke('echo', 0).then(() => heard.length)`)).toBe(1)
  })

  it('answer a sender through reply', async () => {
    const heard = await inPage(
      `new Promise((resolve) => { fixture.on('noted', (...v) => resolve(v)); fixture.send('note', 7) })`,
    )
    expect(heard).toEqual([7, 'thanks'])
  })

  it('cannot carry what no clone can carry', async () => {
    const attempt = app.run(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.send('news', () => 1)
    })
    await expect(attempt).rejects.toThrow('An object could not be cloned.')
  })
})

describe('the context bridge', () => {
  it('exposes one frozen, fixed property', async () => {
    const facts = await inPage(`(() => {
      const own = Object.getOwnPropertyDescriptor(window, 'fixture')
      try { window.fixture = 1 } catch {}
      return [own.writable, own.configurable, Object.isFrozen(fixture), Object.isFrozen(fixture.nested.list[1]), typeof fixture]
    })()`)
    expect(facts).toEqual([false, false, true, true, 'object'])
  })

  it('hides Node, Electron and its own machinery from the page', async () => {
    const reachable = await inPage(`[typeof require, typeof process, typeof module, typeof ipcRenderer, typeof Buffer,
      ...Object.getOwnPropertyNames(window).filter((name) => /standin|electron|__/i.test(name))
        .filter((name) => !/^__(define|lookup)/.test(name))]`)
    expect(reachable).toEqual(['undefined', 'undefined', 'undefined', 'undefined', 'undefined'])
  })

  it('keeps what the page does to built-in objects away from the preload', async () => {
    await inPage(`window.secret = 1; Array.prototype.marker = 1; 0`)
    expect(await inPage(`[typeof secret, typeof [].marker]`)).toEqual(['number', 'number'])
    expect(await inPage(`[fixture.readGlobal('secret'), fixture.marked()]`)).toEqual(['undefined', 'undefined'])
  })

  it('passes functions as proxies in both directions', async () => {
    expect(await inPage(`fixture.call((value) => value * 2, 21)`)).toBe(42)
    expect(await inPage(`fixture.add(1, 2)`)).toBe(3)
  })

  it('passes what a preload function throws or rejects with as an error of the page', async () => {
    const thrown = await inPage(
      `(() => { try { fixture.fail('no') } catch (e) { return [e instanceof Error, e.message] } })()`,
    )
    expect(thrown).toEqual([true, 'no'])
    const rejected = await inPage(`fixture.laterFails('late').catch((e) => [e instanceof Error, e.message])`)
    expect(rejected).toEqual([true, 'late'])
    expect(await inPage(`fixture.later({ ok: 1 })`)).toEqual({ ok: 1 })
  })

  it('gives a sandboxed preload its small process, the document and no Node modules', async () => {
    const world = await inPage<Record<string, unknown>>(`fixture.world()`)
    expect(world).toMatchObject({ sandboxed: true, contextIsolated: true, type: 'renderer', document: 'object' })
    expect((world.versions as Record<string, string>).electron).toMatch(/^\d+\./)
    const missing = await inPage(`(() => { try { fixture.missingModule() } catch (e) { return e.message } })()`)
    expect(missing).toBe('module not found: node:fs')
  })
})
