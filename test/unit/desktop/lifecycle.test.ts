import { EventEmitter } from 'node:events'
import type { App, Net } from 'electron'
import { describe, expect, it } from 'vitest'
import { createDeepLinks } from '../../../main/desktop/deep-links.ts'
import { isTrustedSender } from '../../../main/desktop/ipc-host.ts'
import {
  finishBeforeQuit,
  followPlatformHabits,
  receiveLinks,
  registerLinkScheme,
} from '../../../main/desktop/lifecycle.ts'
import { guardAllContents } from '../../../main/desktop/navigation-guard.ts'
import { createFetch } from '../../../main/desktop/network.ts'
import { refusedSwitch } from '../../../main/desktop/switches.ts'
import { asAny, createClock, createLog, FakeContents, navigation } from './fakes.ts'

class FakeApp extends EventEmitter {
  readonly registered: unknown[][] = []
  quits = 0
  setAsDefaultProtocolClient(...args: unknown[]): boolean {
    this.registered.push(args)
    return true
  }
  /** Like Electron: quitting asks first, and whoever prevents it stops it. */
  quit(): void {
    const event = navigation('')
    this.emit('will-quit', event)
    if (!event.prevented) this.quits++
  }
}

const link = 'app.manydesk://oauth/callback?code=c&state=s'

describe('links reach the app', () => {
  const setUp = (argv: string[]) => {
    const app = new FakeApp()
    const got: string[] = []
    let shown = 0
    const links = createDeepLinks({ clock: createClock(), log: createLog() })
    receiveLinks(asAny<App>(app), links, argv, () => shown++)
    links.deliverTo((text) => got.push(text))
    return { app, got, shown: () => shown }
  }

  it('as argument of the first start', () => {
    expect(setUp(['manydesk', link]).got).toEqual([link])
  })

  it('through a second start, which also brings the window to the front', () => {
    const { app, got, shown } = setUp(['manydesk'])
    app.emit('second-instance', {}, ['manydesk', link], '/', null)
    expect(got).toEqual([link])
    expect(shown()).toBe(1)
  })

  it('through the event of macOS, which is answered', () => {
    const { app, got } = setUp(['manydesk'])
    const event = navigation('')
    app.emit('open-url', event, link)
    expect(got).toEqual([link])
    expect(event.prevented).toBe(true)
  })

  it('and a second start without one just shows the window', () => {
    const { app, got, shown } = setUp(['manydesk'])
    app.emit('second-instance', {}, ['manydesk', '--flag'], '/', null)
    expect(got).toEqual([])
    expect(shown()).toBe(1)
  })
})

describe('the link scheme', () => {
  it('is registered with switches ended, so that a link never becomes one', () => {
    const app = new FakeApp()
    registerLinkScheme(asAny<App>(app), { defaultApp: false, execPath: '/opt/manydesk', argv: ['/opt/manydesk'] })
    expect(app.registered).toEqual([['app.manydesk', '/opt/manydesk', ['--']]])
  })

  it('names the script while the app is not packaged', () => {
    const app = new FakeApp()
    registerLinkScheme(asAny<App>(app), { defaultApp: true, execPath: '/electron', argv: ['/electron', '/app'] })
    expect(app.registered).toEqual([['app.manydesk', '/electron', ['/app', '--']]])
  })
})

describe('quitting', () => {
  it('waits for running work, then goes', async () => {
    const app = new FakeApp()
    let done: () => void = () => undefined
    finishBeforeQuit(asAny<App>(app), () => new Promise((resolve) => (done = resolve)), createLog())
    app.quit()
    app.quit()
    expect(app.quits).toBe(0)
    done()
    await new Promise((resolve) => setImmediate(resolve))
    expect(app.quits).toBe(1)
  })

  it('goes although closing failed, and says so in the log', async () => {
    const app = new FakeApp()
    const log = createLog()
    finishBeforeQuit(asAny<App>(app), () => Promise.reject(new Error('disk')), log)
    app.quit()
    await new Promise((resolve) => setImmediate(resolve))
    expect(app.quits).toBe(1)
    expect(log.lines[0]?.level).toBe('error')
  })

  it.each([
    ['linux', 1],
    ['win32', 1],
    ['darwin', 0],
  ] as const)('with the last window on %s: %s', (platform, quits) => {
    const app = new FakeApp()
    followPlatformHabits(asAny<App>(app), platform, () => undefined)
    app.emit('window-all-closed')
    expect(app.quits).toBe(quits)
  })
})

describe('every page', () => {
  it('gets no webview and no second window, and nothing is opened instead', () => {
    const app = new EventEmitter()
    const log = createLog()
    guardAllContents(asAny<App>(app), log)
    const contents = new FakeContents()
    app.emit('web-contents-created', {}, contents)
    const event = navigation('')
    contents.emit('will-attach-webview', event)
    expect(event.prevented).toBe(true)
    expect(contents.openHandler?.({ url: 'https://evil.example/?t=canary' })).toEqual({ action: 'deny' })
    expect(log.lines[0]?.fields).toEqual({ host: 'evil.example' })
  })
})

describe('switches of an installed app', () => {
  it.each([
    [['--remote-debugging-port=9222'], '--remote-debugging-port'],
    [['--remote-debugging-pipe'], '--remote-debugging-pipe'],
    [['--inspect'], '--inspect'],
    [['--inspect-brk=0'], '--inspect-brk'],
    [['-inspect'], '--inspect'],
    [['/inspect'], '--inspect'],
    [['--JS-FLAGS=--expose-gc'], '--js-flags'],
    [['--no-sandbox'], '--no-sandbox'],
    [['--host-resolver-rules=MAP * 1.2.3.4'], '--host-resolver-rules'],
    [['--ignore-certificate-errors-spki-list=x'], '--ignore-certificate-errors-spki-list'],
    [['--disable-gpu', link], null],
    [[], null],
  ])('%j: refused is %s', (argv, refused) => {
    expect(refusedSwitch(argv)).toBe(refused)
  })
})

describe('who may ask', () => {
  const known = new Set([7])
  it.each([
    [{ webContentsId: 7, frameUrl: 'app://manydesk/index.html', isMainFrame: true }, true],
    [{ webContentsId: 7, frameUrl: 'app://manydesk/', isMainFrame: true }, true],
    [{ webContentsId: 8, frameUrl: 'app://manydesk/index.html', isMainFrame: true }, false],
    [{ webContentsId: 7, frameUrl: 'app://manydesk/index.html', isMainFrame: false }, false],
    [{ webContentsId: 7, frameUrl: null, isMainFrame: true }, false],
    [{ webContentsId: 7, frameUrl: '', isMainFrame: true }, false],
    [{ webContentsId: 7, frameUrl: 'about:srcdoc', isMainFrame: true }, false],
    [{ webContentsId: 7, frameUrl: 'app://manydesk/auth-bar.html', isMainFrame: true }, false],
    [{ webContentsId: 7, frameUrl: 'other://manydesk/index.html', isMainFrame: true }, false],
    [{ webContentsId: 7, frameUrl: 'app://evil/index.html', isMainFrame: true }, false],
    [{ webContentsId: 7, frameUrl: 'https://manydesk/index.html', isMainFrame: true }, false],
  ])('%j: %s', (sender, trusted) => {
    expect(isTrustedSender(sender, known)).toBe(trusted)
  })
})

describe('fetch for services', () => {
  const setUp = () => {
    const asked: { input: unknown; init: RequestInit | undefined }[] = []
    const net = {
      fetch: async (input: unknown, init?: RequestInit) => {
        asked.push({ input, init })
        return new Response('ok')
      },
    }
    return { asked, fetch: createFetch(asAny<Pick<Net, 'fetch'>>(net)) }
  }

  it('never sends or keeps a cookie, whatever it is asked for', async () => {
    const { asked, fetch } = setUp()
    await fetch(new URL('https://acme.example/a'), { credentials: 'include', method: 'POST' })
    expect(asked).toEqual([{ input: 'https://acme.example/a', init: { credentials: 'omit', method: 'POST' } }])
  })

  it.each(['http://acme.example/', 'file:///etc/passwd', 'app://manydesk/index.html', 'data:text/plain,x', 'nonsense'])(
    'does not fetch %s',
    async (url) => {
      const { asked, fetch } = setUp()
      await expect(fetch(url)).rejects.toMatchObject({ code: 'bad_request' })
      expect(asked).toEqual([])
    },
  )
})
