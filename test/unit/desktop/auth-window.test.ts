import { describe, expect, it } from 'vitest'
import { decideAuthStep } from '../../../main/desktop/auth-navigation.ts'
import { createAuthWindows } from '../../../main/desktop/auth-window.ts'
import type { AuthWindowRequest } from '../../../main/ports.ts'
import { asSession, createFactory, createLog } from './fakes.ts'

const handover = 'https://connect.manydesk.app/oauth/callback'
const app = 'app.manydesk://oauth/callback'

describe('where a sign-in page may go', () => {
  it.each([
    [`${handover}?code=a&state=b`, true, handover, 'redirect'],
    [handover, true, handover, 'redirect'],
    [`${handover}#x`, true, handover, 'redirect'],
    [`${app}?code=a`, true, app, 'redirect'],
    ['APP.MANYDESK://oauth/callback?code=a', true, app, 'redirect'],
    [`${handover}/more?code=a`, true, handover, 'allow'],
    ['https://connect.manydesk.app/oauth/CALLBACK?code=a', true, handover, 'allow'],
    ['https://connect.manydesk.app:444/oauth/callback?code=a', true, handover, 'allow'],
    ['http://connect.manydesk.app/oauth/callback?code=a', true, handover, 'deny'],
    ['https://u@connect.manydesk.app/oauth/callback?code=a', true, handover, 'deny'],
    ['https://connect.manydesk.app.evil.example/oauth/callback?code=a', true, handover, 'allow'],
    [`${handover}?code=a`, false, handover, 'deny'],
    [`${app}?code=a`, true, handover, 'deny'],
    ['app.manydesk://oauth/callback/x?code=a', true, app, 'deny'],
    ['app.manydesk://evil/callback?code=a', true, app, 'deny'],
    ['https://idp.example/login', true, handover, 'allow'],
    ['https://idp.example/frame', false, handover, 'allow'],
    ['http://idp.example/login', true, handover, 'deny'],
    ['http://idp.example/frame', false, handover, 'deny'],
    ['about:blank', false, handover, 'allow'],
    ['about:blank', true, handover, 'deny'],
    ['file:///etc/passwd', true, handover, 'deny'],
    ['app://manydesk/index.html', true, handover, 'deny'],
    ['data:text/html,x', true, handover, 'deny'],
    ['javascript:alert(1)', true, handover, 'deny'],
    ['not an address', true, handover, 'deny'],
  ])('%s (main frame: %s) with redirect %s: %s of four', (url, isMainFrame, redirectUri, step) => {
    expect(decideAuthStep({ url, isMainFrame }, redirectUri)).toBe(step)
  })
})

function setUp() {
  const factory = createFactory()
  const log = createLog()
  const uiSession = asSession('ui')
  const windows = createAuthWindows({ factory, uiSession, fromPartition: asSession, log })
  const start = (change: Partial<AuthWindowRequest> = {}) => {
    const outcome = windows.open({
      attemptId: 'a1',
      partition: 'persist:account-1',
      authorizeUrl: 'https://acme.example/oauth/authorize?client_id=x&state=secret-state',
      redirectUri: handover,
      title: 'Sign in to Acme',
      ...change,
    })
    const window = factory.windows.at(-1)
    const view = factory.views.at(-1)
    if (!window || !view) throw new Error('no window was made')
    const bar = () => new URLSearchParams(new URL(window.webContents.getURL()).hash.slice(1))
    return { outcome, window, view, page: view.webContents, bar }
  }
  return { factory, log, windows, start, uiSession }
}

describe('a sign-in window', () => {
  it('shows the page in the session of the account and our bar in the session of the app', () => {
    const { start, uiSession } = setUp()
    const { window, view, page } = start()
    expect(window.kind).toBe('auth-bar')
    expect(window.session).toBe(uiSession)
    expect(view.session).toEqual({ name: 'persist:account-1' })
    expect(page.loaded).toEqual(['https://acme.example/oauth/authorize?client_id=x&state=secret-state'])
    expect(view.bounds).toEqual({ x: 0, y: 56, width: 560, height: 724 })
  })

  it('answers with the redirect and never loads it', async () => {
    const { start } = setUp()
    const { outcome, page, window } = start()
    expect(page.tries('will-redirect', `${handover}?code=c&state=s`)).toBe(true)
    expect(await outcome).toEqual({ kind: 'redirected', url: `${handover}?code=c&state=s` })
    expect(page.loaded).toHaveLength(1)
    expect(window.destroyed).toBe(true)
  })

  it('takes a redirect that the page itself makes', async () => {
    const { start } = setUp()
    const { outcome, page } = start({ redirectUri: app })
    expect(page.tries('will-navigate', `${app}?code=c`)).toBe(true)
    expect(await outcome).toMatchObject({ kind: 'redirected' })
  })

  it('does not take a redirect from a frame inside the page', async () => {
    const { start, windows } = setUp()
    const { outcome, page } = start()
    expect(page.tries('will-frame-navigate', `${handover}?code=evil`, false)).toBe(true)
    expect(page.tries('will-redirect', `${handover}?code=evil`, false)).toBe(true)
    windows.close('a1')
    expect(await outcome).toEqual({ kind: 'cancelled' })
  })

  it('keeps the page on https and logs no more than the host it wanted', () => {
    const { start, log } = setUp()
    const { page } = start()
    expect(page.tries('will-navigate', 'https://idp.example/login')).toBe(false)
    expect(page.tries('will-navigate', 'http://idp.example/?token=canary')).toBe(true)
    expect(page.tries('will-redirect', 'file:///etc/passwd')).toBe(true)
    expect(JSON.stringify(log.lines)).not.toContain('canary')
    expect(log.lines[0]?.fields).toEqual({ host: 'idp.example' })
  })

  it('tells of each page that came up, by title and status, once', () => {
    const { start } = setUp()
    const pages: unknown[] = []
    const { page } = start({ onPage: (each) => pages.push(each) })
    const url = 'https://acme.example/login'
    page.loaded.push(url)
    page.emit('did-navigate', {}, url, 400, 'Bad Request')
    page.emit('page-title-updated', {}, 'Cookies are blocked', true)
    page.emit('page-title-updated', {}, 'Cookies are blocked', true)
    expect(pages).toEqual([{ url, title: 'Cookies are blocked', status: 400 }])
  })

  it('shows the host the page is really at, and nothing else of its address', () => {
    const { start } = setUp()
    const { page, bar, window } = start()
    expect(bar().get('host')).toBe('acme.example')
    page.loaded.push('https://login.idp.example:8443/u?state=canary')
    page.emit('did-navigate')
    expect(bar().get('host')).toBe('login.idp.example:8443')
    expect(window.webContents.loaded.join()).not.toContain('canary')
    expect(window.webContents.loaded.join()).not.toContain('secret-state')
  })

  it('is cancelled by the link of its bar, which goes nowhere', async () => {
    const { start } = setUp()
    const { outcome, window, bar } = start()
    expect(window.webContents.tries('will-navigate', bar().get('cancel') ?? '')).toBe(true)
    expect(await outcome).toEqual({ kind: 'cancelled' })
  })

  it('lets its bar go nowhere at all', () => {
    const { start } = setUp()
    const { window } = start()
    expect(window.webContents.tries('will-navigate', 'https://evil.example/')).toBe(true)
    expect(window.webContents.tries('will-navigate', 'app://manydesk/index.html')).toBe(true)
    expect(window.destroyed).toBe(false)
  })

  it('says closed when the person closes it', async () => {
    const { start } = setUp()
    const { outcome, window, page } = start()
    window.destroy()
    expect(await outcome).toEqual({ kind: 'closed' })
    expect(page.destroyed).toBe(true)
  })

  it('says why a page could not be loaded', async () => {
    const { start } = setUp()
    const { outcome, page } = start()
    page.emit('did-fail-load', {}, -106, 'ERR_INTERNET_DISCONNECTED', 'https://acme.example/', true)
    expect(await outcome).toEqual({ kind: 'failed', reason: 'ERR_INTERNET_DISCONNECTED' })
  })

  it('stays when a frame fails or a load is replaced by another', async () => {
    const { start, windows } = setUp()
    const { outcome, page, window } = start()
    page.emit('did-fail-load', {}, -106, 'ERR_INTERNET_DISCONNECTED', 'https://ads.example/', false)
    page.emit('did-fail-load', {}, -3, 'ERR_ABORTED', 'https://acme.example/', true)
    expect(window.destroyed).toBe(false)
    windows.close('a1')
    expect(await outcome).toEqual({ kind: 'cancelled' })
  })

  it('follows the size of its window', () => {
    const { start } = setUp()
    const { window, view } = start()
    window.bounds = { x: 0, y: 0, width: 700, height: 40 }
    window.emit('resize')
    expect(view.bounds).toEqual({ x: 0, y: 56, width: 700, height: 0 })
  })

  it('never opens an address that is not https', () => {
    const { start, factory } = setUp()
    for (const authorizeUrl of [
      'http://acme.example/',
      'file:///etc/passwd',
      'https://u:p@acme.example/',
      'calc.exe',
    ]) {
      expect(() => start({ authorizeUrl })).toThrow(expect.objectContaining({ code: 'bad_request' }))
    }
    expect(factory.windows).toHaveLength(0)
  })

  it('two attempts at once end in their own answers', async () => {
    const { start } = setUp()
    const first = start({ attemptId: 'a1', partition: 'persist:account-1' })
    const second = start({ attemptId: 'a2', partition: 'persist:account-2' })
    second.page.tries('will-redirect', `${handover}?code=two`)
    first.page.tries('will-redirect', `${handover}?code=one`)
    expect(await first.outcome).toMatchObject({ url: `${handover}?code=one` })
    expect(await second.outcome).toMatchObject({ url: `${handover}?code=two` })
  })

  it('goes with the workstation', async () => {
    const { start, windows } = setUp()
    const { outcome } = start()
    windows.closeAll()
    expect(await outcome).toEqual({ kind: 'closed' })
  })
})
