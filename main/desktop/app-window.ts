import type { BrowserWindow, Session } from 'electron'
import type { Clock, Log } from '../ports.ts'
import { appUrl, isAppUrl, mainPage } from './app-protocol.ts'
import { guardNavigation } from './navigation-guard.ts'
import type { WindowFactory } from './window-factory.ts'
import { type Bounds, frameFor, type Place } from './window-place.ts'

const crashWindowMs = 60_000
const maxCrashes = 3

interface AppWindowOptions {
  factory: WindowFactory
  session: Session
  clock: Clock
  log: Log
  dark(): boolean
  /** Work areas of the screens that are connected now. */
  screens(): Bounds[]
  place(): Place | null
  savePlace(place: Place): void
  /** The page keeps crashing; `tryAgain` loads it once more. */
  onGiveUp(tryAgain: () => void): void
  onClosed(): void
}

export interface AppWindow {
  /** Opens the window, or brings it to the front. */
  show(): void
  current(): BrowserWindow | null
  /** Loads the page anew: nothing of what it showed or held is left. */
  renew(): void
}

/** The workstation's window: remembers its place, comes back from a crash, goes nowhere else. */
export function createAppWindow(options: AppWindowOptions): AppWindow {
  let window: BrowserWindow | null = null
  const open = () => {
    const made = openWindow(options)
    made.on('closed', () => {
      window = null
      options.onClosed()
    })
    window = made
  }
  return {
    show() {
      if (window === null) return open()
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
    },
    current: () => window,
    renew() {
      if (window !== null && !window.isDestroyed()) load(window, options.log)
    },
  }
}

function openWindow(options: AppWindowOptions): BrowserWindow {
  const place = options.place()
  const window = options.factory.window('app', options.session, {
    ...frameFor(place, options.screens()),
    title: 'Manydesk',
    backgroundColor: options.dark() ? '#16171a' : '#ffffff',
  })
  guardNavigation(window.webContents, ({ url, isMainFrame }) =>
    // A message frame is a document of ours; everything a link in it could name is refused.
    isMainFrame ? isAppUrl(url, mainPage) : url === 'about:srcdoc',
  )
  rememberPlace(window, options.savePlace)
  surviveCrashes(window, options)
  window.once('ready-to-show', () => {
    if (place?.maximized) window.maximize()
    window.show()
  })
  load(window, options.log)
  return window
}

function load(window: BrowserWindow, log: Log): void {
  void window.loadURL(appUrl(mainPage)).catch((error: unknown) => {
    log.error('The window could not load its page', { error: String(error) })
  })
}

function rememberPlace(window: BrowserWindow, save: (place: Place) => void): void {
  window.on('close', () => save({ bounds: window.getNormalBounds(), maximized: window.isMaximized() }))
}

/** Loads the page again after a crash, unless it crashes over and over: the outbox and sync live elsewhere and go on. */
function surviveCrashes(window: BrowserWindow, { clock, log, onGiveUp }: AppWindowOptions): void {
  let crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return
    const now = clock.monotonic()
    crashes = [...crashes.filter((time) => now - time < crashWindowMs), now]
    log.error('The window crashed', { reason: details.reason, crashes: crashes.length })
    const load = () => {
      if (!window.isDestroyed()) window.webContents.reload()
    }
    if (crashes.length > maxCrashes) onGiveUp(load)
    else load()
  })
}
