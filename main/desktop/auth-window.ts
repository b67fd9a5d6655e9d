import type { BrowserWindow, Session, WebContents, WebContentsView } from 'electron'
import { AppError } from '../errors.ts'
import type { AuthWindowOutcome, AuthWindowRequest, AuthWindowsPort, Log } from '../ports.ts'
import { appUrl, authBarPage } from './app-protocol.ts'
import { decideAuthStep, isSignInPage } from './auth-navigation.ts'
import { guardNavigation, hostForLog } from './navigation-guard.ts'
import type { WindowFactory } from './window-factory.ts'

const barHeight = 56
const frame = { width: 560, height: 780, minWidth: 420, minHeight: 480, backgroundColor: '#ffffff' }
/** The bar's Cancel is a link to here; it never loads. */
const cancelUrl = appUrl('/auth-bar/cancel')
/** Chromium's code for a load that another one replaced, or that we stopped. */
const aborted = -3

interface AuthWindowsOptions {
  factory: WindowFactory
  uiSession: Session
  fromPartition(partition: string): Session
  log: Log
}

interface OpenWindow {
  window: BrowserWindow
  finish(outcome: AuthWindowOutcome): void
}

/**
 * Sign-in windows (security E22): our bar with the true address above, the vendor's page in the account's own session below. Neither
 * has a preload, so nothing in them can talk to the app; the bar learns the address through its own hash.
 */
export function createAuthWindows(options: AuthWindowsOptions): AuthWindowsPort & { closeAll(): void } {
  const open = new Map<string, OpenWindow>()
  return {
    open: (request) => {
      if (!isSignInPage(request.authorizeUrl)) {
        throw new AppError('bad_request', 'A sign-in page must be an https address.')
      }
      if (open.has(request.attemptId)) throw new AppError('bad_request', 'This sign-in window is already open.')
      return new Promise((resolve) => {
        const finish = (outcome: AuthWindowOutcome) => {
          const entry = open.get(request.attemptId)
          if (entry === undefined) return
          open.delete(request.attemptId)
          resolve(outcome)
          if (!entry.window.isDestroyed()) entry.window.destroy()
        }
        open.set(request.attemptId, { window: showWindow(options, request, finish), finish })
      })
    },
    focus(attemptId) {
      const window = open.get(attemptId)?.window
      if (window?.isMinimized()) window.restore()
      window?.focus()
    },
    close: (attemptId) => open.get(attemptId)?.finish({ kind: 'cancelled' }),
    closeAll() {
      for (const entry of [...open.values()]) entry.finish({ kind: 'closed' })
    },
  }
}

type Finish = (outcome: AuthWindowOutcome) => void

function showWindow(options: AuthWindowsOptions, request: AuthWindowRequest, finish: Finish): BrowserWindow {
  const window = options.factory.window('auth-bar', options.uiSession, { ...frame, title: request.title })
  const view = options.factory.vendorView(options.fromPartition(request.partition), viewBounds(window))
  window.removeMenu()
  window.contentView.addChildView(view)
  window.on('resize', () => view.setBounds(viewBounds(window)))
  window.on('closed', () => {
    if (!view.webContents.isDestroyed()) view.webContents.close()
    finish({ kind: 'closed' })
  })
  connectBar(window, request, finish)
  guardVendorPage(view.webContents, request, finish, options.log)
  reportAddress(window, view, request)
  reportPages(view.webContents, request)
  window.show()
  void view.webContents.loadURL(request.authorizeUrl).catch(() => undefined)
  return window
}

function viewBounds(window: BrowserWindow): Electron.Rectangle {
  const { width, height } = window.getContentBounds()
  return { x: 0, y: barHeight, width, height: Math.max(0, height - barHeight) }
}

/** The bar may go nowhere; its one link is its Cancel. */
function connectBar(window: BrowserWindow, request: AuthWindowRequest, finish: Finish): void {
  guardNavigation(window.webContents, ({ url }) => {
    if (url === cancelUrl) finish({ kind: 'cancelled' })
    return false
  })
  showInBar(window, request, request.authorizeUrl)
}

function guardVendorPage(contents: WebContents, request: AuthWindowRequest, finish: Finish, log: Log): void {
  guardNavigation(contents, (navigation) => {
    if (navigation.isMainFrame && request.refused?.(navigation.url)) {
      finish({ kind: 'refused' })
      return false
    }
    const step = decideAuthStep(navigation, request.redirectUri)
    if (step === 'redirect') finish({ kind: 'redirected', url: navigation.url })
    if (step === 'deny') log.info('A sign-in page was kept from leaving', { host: hostForLog(navigation.url) })
    return step === 'allow'
  })
  contents.on('did-fail-load', (_event, code, description, _url, isMainFrame) => {
    if (isMainFrame && code !== aborted) finish({ kind: 'failed', reason: description })
  })
  contents.on('render-process-gone', (_event, details) => finish({ kind: 'failed', reason: details.reason }))
}

/** The bar always shows where the vendor's page really is. */
function reportAddress(window: BrowserWindow, view: WebContentsView, request: AuthWindowRequest): void {
  const report = () => {
    if (!window.isDestroyed()) showInBar(window, request, view.webContents.getURL())
  }
  view.webContents.on('did-navigate', report)
  view.webContents.on('did-navigate-in-page', report)
}

/** Each page by its title, once it has one, and by the status of its answer. */
function reportPages(contents: WebContents, { onPage }: AuthWindowRequest): void {
  if (onPage === undefined) return
  let status = 0
  let told = ''
  const tell = (title: string) => {
    const page = { url: contents.getURL(), title, status }
    if (told === `${title} ${page.url}`) return
    told = `${title} ${page.url}`
    onPage(page)
  }
  contents.on('did-navigate', (_event, _url, code) => {
    status = code
  })
  contents.on('page-title-updated', (_event, title) => tell(title))
}

function showInBar(window: BrowserWindow, request: AuthWindowRequest, address: string): void {
  const state = new URLSearchParams({ title: request.title, host: hostForLog(address), cancel: cancelUrl })
  void window.webContents.loadURL(appUrl(authBarPage, state.toString())).catch(() => undefined)
}
