import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FixtureApp, temporaryFolder } from './fixture-app.ts'

/** Process ids whose command line names this process's browser pipe and data, read from /proc. */
function browsersOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const [, state = '', ppid = ''] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? []
        return (
          Number(ppid) === parent &&
          state !== 'Z' &&
          readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('--remote-debugging-pipe')
        )
      } catch {
        return false
      }
    })
    .map(Number)
}

async function untilGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (!existsSync(`/proc/${pid}`)) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return false
}

describe('start', () => {
  it('becomes ready only after the entry script has run', async () => {
    const app = await FixtureApp.start({
      before: ({ app }, record) => {
        record.early = [app.isReady(), app.getLocale()]
        app.on('will-finish-launching', () => record.log.push('will-finish-launching'))
        app.on('ready', () => record.log.push('ready'))
        app.whenReady().then(() => record.log.push('whenReady'))
      },
    })
    const facts = await app.run(({ app }, record) => ({ ...record, ready: app.isReady() }))
    expect(facts).toEqual({ early: [false, ''], log: ['will-finish-launching', 'ready', 'whenReady'], ready: true })
    await app.stop()
  })

  it('knows its name, version, paths and arguments', async () => {
    const app = await FixtureApp.start({ words: ['app.fixture://cold/link'] })
    const facts = await app.run(({ app }) => ({
      name: app.getName(),
      version: app.getVersion(),
      userData: app.getPath('userData'),
      packaged: app.isPackaged,
      electron: process.versions.electron,
      type: process.type,
      last: process.argv.at(-1),
      script: process.argv[1]?.endsWith('main.ts'),
    }))
    expect(facts).toMatchObject({ name: 'Standin Fixture', version: '3.2.1', userData: app.userData, packaged: false })
    expect(facts).toMatchObject({ type: 'browser', last: 'app.fixture://cold/link', script: true })
    expect(facts.electron).toMatch(/^\d+\.\d+\.\d+/)
    await app.stop()
  })

  it('throws for what the stand-in lacks, module, method or constructor alike', async () => {
    const app = await FixtureApp.start()
    const messages = await app.run(({ app, BrowserWindow, crashReporter, session, TouchBar }) => {
      const attempts = [
        () => crashReporter.start({ submitURL: '' }),
        () => app.getFileIcon('/x'),
        () => new TouchBar({}),
        () => session.defaultSession.enableNetworkEmulation({}),
        () => new BrowserWindow({ show: false }).webContents.openDevTools(),
        () => new BrowserWindow({ webPreferences: { nodeIntegration: true } }),
      ]
      return attempts.map((attempt) => {
        try {
          return `no error from ${attempt}`
        } finally {
          try {
            attempt()
          } catch (error) {
            // biome-ignore lint/correctness/noUnsafeFinally: the caught message is the answer.
            return String(error)
          }
        }
      })
    })
    expect(messages).toEqual([
      'NotImplementedError: crashReporter.start is not implemented on the stand-in',
      'NotImplementedError: App.getFileIcon is not implemented on the stand-in',
      'NotImplementedError: TouchBar is not implemented on the stand-in',
      'NotImplementedError: Session.enableNetworkEmulation is not implemented on the stand-in',
      'NotImplementedError: WebContents.openDevTools is not implemented on the stand-in',
      'NotImplementedError: webPreferences.nodeIntegration is not implemented on the stand-in',
    ])
    await app.stop()
  })
})

describe('a second start', () => {
  const lock = ({ app }: typeof Electron.CrossProcessExports, record: Record<string, unknown> & { log: unknown[] }) => {
    record.lock = app.requestSingleInstanceLock({ hello: process.pid > 0 })
    app.on('second-instance', (_event, argv, cwd, data) => record.log.push({ last: argv.at(-1), cwd, data }))
    if (!record.lock) app.quit()
  }

  it('hands its arguments, directory and data to the first and ends', async () => {
    const data = await temporaryFolder()
    const first = await FixtureApp.start({ userData: data.path, before: lock })
    const link = 'app.fixture://oauth/callback?code=%20x&state=2'
    const second = await FixtureApp.spawn({ userData: data.path, before: lock, words: [link] })
    expect(await second.exited).toEqual({ code: 0, signal: null })
    const log = await first.run((_e, record) => record.log)
    expect(log).toEqual([{ last: link, cwd: process.cwd(), data: { hello: true } }])
    await first.stop()
    await data.remove()
  })

  it('starts no browser', async () => {
    const data = await temporaryFolder()
    const first = await FixtureApp.start({ userData: data.path, before: lock })
    const second = await FixtureApp.spawn({ userData: data.path, before: lock })
    const browsers = second.child.pid === undefined ? [] : browsersOf(second.child.pid)
    await second.exited
    expect(browsers).toEqual([])
    await first.stop()
    await data.remove()
  })

  it('is a first start again once the first was killed', async () => {
    const data = await temporaryFolder()
    const first = await FixtureApp.start({ userData: data.path, before: lock })
    first.child.kill('SIGKILL')
    await first.exited
    const second = await FixtureApp.start({ userData: data.path, before: lock })
    expect(await second.run((_e, record) => record.lock)).toBe(true)
    await second.stop()
    await data.remove()
  })

  it('with another data directory runs beside the first', async () => {
    const first = await FixtureApp.start({ before: lock })
    const second = await FixtureApp.start({ before: lock })
    expect(await second.run((_e, record) => record.lock)).toBe(true)
    await Promise.all([first.stop(), second.stop()])
  })
})

describe('the end', () => {
  const watch = ({ app, BrowserWindow }: typeof Electron.CrossProcessExports) => {
    const say = (text: string) => process.stdout.write(`<${text}>`)
    for (const name of ['before-quit', 'will-quit', 'window-all-closed']) app.on(name as 'will-quit', () => say(name))
    app.on('quit', (_event, code) => say(`quit ${code}`))
    app.on('browser-window-created', () => undefined)
    app.whenReady().then(() => {
      const window = new BrowserWindow({ show: false })
      window.on('close', () => say('close'))
      window.on('closed', () => say('closed'))
      window.webContents.on('destroyed', () => say('destroyed'))
    })
  }

  it('by quit fires before-quit, close, closed, will-quit and quit, and no window-all-closed', async () => {
    const app = await FixtureApp.start({ before: watch })
    app.run(({ app }) => app.quit()).catch(() => undefined)
    expect(await app.exited).toEqual({ code: 0, signal: null })
    expect(app.output.join('')).toBe('<before-quit><close><destroyed><closed><will-quit><quit 0>')
  })

  it('by closing the last window fires window-all-closed', async () => {
    const app = await FixtureApp.start({ before: watch })
    await app.run(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    await app.run(() => undefined)
    expect(app.output.join('')).toBe('<close><destroyed><closed><window-all-closed>')
    await app.stop()
  })

  it('is called off by a window that prevents its close', async () => {
    const app = await FixtureApp.start({ before: watch })
    const left = await app.run(({ app, BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.once('close', (event) => event.preventDefault())
      app.quit()
      return BrowserWindow.getAllWindows().length
    })
    expect(left).toBe(1)
    expect(app.output.join('')).toBe('<before-quit><close>')
    await app.stop()
  })

  it('waits while will-quit is prevented', async () => {
    const app = await FixtureApp.start({ before: watch })
    await app.run(({ app }) => {
      app.once('will-quit', (event) => event.preventDefault())
      app.quit()
    })
    expect(await app.run(() => 'alive')).toBe('alive')
    await app.stop()
    expect(app.output.join('')).toMatch(/<will-quit>.*<will-quit><quit 0>$/)
  })

  it('by exit asks nobody and gives the code', async () => {
    const app = await FixtureApp.start({ before: watch })
    app.run(({ app }) => app.exit(7)).catch(() => undefined)
    expect(await app.exited).toEqual({ code: 7, signal: null })
    expect(app.output.join('')).toBe('<destroyed><closed><quit 7>')
  })

  it.runIf(process.platform === 'linux')('by a kill leaves no browser behind', async () => {
    const app = await FixtureApp.start()
    const browsers = app.child.pid === undefined ? [] : browsersOf(app.child.pid)
    expect(browsers).toHaveLength(1)
    app.child.kill('SIGKILL')
    await app.exited
    expect(await Promise.all(browsers.map(untilGone))).toEqual([true])
    await app.stop()
  })
})

describe('a destroyed window', () => {
  it('says so, throws on use and is in no list any more', async () => {
    const app = await FixtureApp.start()
    const facts = await app.run(async ({ BrowserWindow, webContents }) => {
      const window = new BrowserWindow({ show: false })
      const contents = window.webContents
      const before = [BrowserWindow.fromWebContents(contents) === window, webContents.fromId(contents.id) === contents]
      window.destroy()
      const attempt = (use: () => unknown) => {
        try {
          return String(use())
        } catch (error) {
          return String(error)
        }
      }
      return {
        before,
        destroyed: [window.isDestroyed(), contents.isDestroyed()],
        uses: [attempt(() => window.show()), attempt(() => window.webContents), attempt(() => contents.send('x'))],
        lists: [BrowserWindow.getAllWindows().length, webContents.getAllWebContents().length],
      }
    })
    const gone = 'TypeError: Object has been destroyed'
    expect(facts).toEqual({ before: [true, true], destroyed: [true, true], uses: [gone, gone, gone], lists: [0, 0] })
    await app.stop()
  })

  it('is what a page that closes itself leaves', async () => {
    const app = await FixtureApp.start()
    const closed = await app.run(async ({ BrowserWindow }) => {
      const window = new BrowserWindow({ show: false })
      await window.loadURL('data:text/html,<title>x</title>')
      const done = new Promise((resolve) => window.once('closed', () => resolve('closed')))
      window.webContents.executeJavaScript('window.close()').catch(() => undefined)
      return done
    })
    expect(closed).toBe('closed')
    await app.stop()
  })
})
