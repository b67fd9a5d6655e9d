import { EventEmitter } from 'node:events'
import type { BrowserWindow, Rectangle, Session, WebContentsView } from 'electron'
import type { WindowFactory } from '../../../main/desktop/window-factory.ts'
import type { Clock, Log } from '../../../main/ports.ts'

/** A log that keeps what it was told. */
export function createLog(): Log & { lines: { level: string; message: string; fields: unknown }[] } {
  const lines: { level: string; message: string; fields: unknown }[] = []
  const at = (level: string) => (message: string, fields?: Record<string, unknown>) =>
    lines.push({ level, message, fields })
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

export function createClock(): Clock & { advance(ms: number): void } {
  let time = 1_000_000
  return {
    now: () => time,
    monotonic: () => time,
    advance(ms) {
      time += ms
    },
  }
}

/** What an event handler of Electron gets, as far as ours look at it. */
export function navigation(url: string, isMainFrame = true) {
  const event = {
    url,
    isMainFrame,
    prevented: false,
    preventDefault() {
      event.prevented = true
    },
  }
  return event
}

let nextId = 1

/** A page that loads nothing, remembers where it was sent and is told what happened by the test. */
export class FakeContents extends EventEmitter {
  readonly id = nextId++
  readonly loaded: string[] = []
  readonly sent: unknown[][] = []
  reloads = 0
  destroyed = false
  openHandler: ((details: { url: string }) => { action: string }) | null = null

  async loadURL(url: string): Promise<void> {
    this.loaded.push(url)
  }
  getURL(): string {
    return this.loaded.at(-1) ?? ''
  }
  send(...args: unknown[]): void {
    this.sent.push(args)
  }
  reload(): void {
    this.reloads++
  }
  isDestroyed(): boolean {
    return this.destroyed
  }
  close(): void {
    this.destroyed = true
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }
  /** A navigation as Electron announces it. Answers whether it was stopped. */
  tries(event: 'will-navigate' | 'will-redirect' | 'will-frame-navigate', url: string, isMainFrame = true): boolean {
    const details = navigation(url, isMainFrame)
    this.emit(event, details)
    return details.prevented
  }
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents()
  readonly children: FakeView[] = []
  readonly contentView = { addChildView: (view: FakeView) => this.children.push(view) }
  readonly calls: string[] = []
  destroyed = false
  bounds: Rectangle = { x: 10, y: 20, width: 560, height: 780 }
  readonly session: Session
  readonly kind: string
  readonly frame: Record<string, unknown>

  constructor(kind: string, session: Session, frame: Record<string, unknown>) {
    super()
    this.kind = kind
    this.session = session
    this.frame = frame
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url)
  }
  removeMenu(): void {
    this.calls.push('removeMenu')
  }
  show(): void {
    this.calls.push('show')
  }
  focus(): void {
    this.calls.push('focus')
  }
  restore(): void {
    this.calls.push('restore')
  }
  maximize(): void {
    this.calls.push('maximize')
  }
  isMinimized(): boolean {
    return false
  }
  isMaximized(): boolean {
    return false
  }
  isDestroyed(): boolean {
    return this.destroyed
  }
  getContentBounds(): Rectangle {
    return this.bounds
  }
  getNormalBounds(): Rectangle {
    return this.bounds
  }
  destroy(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.webContents.destroyed = true
    this.emit('closed')
  }
}

export class FakeView {
  readonly webContents = new FakeContents()
  bounds: Rectangle
  readonly session: Session

  constructor(session: Session, bounds: Rectangle) {
    this.session = session
    this.bounds = bounds
  }
  setBounds(bounds: Rectangle): void {
    this.bounds = bounds
  }
}

/** Stands in for Electron's objects: the tests reach the fakes, the code under test the declared types. */
function as<T>(value: unknown): T {
  return value as T
}

export function createFactory(): WindowFactory & { windows: FakeWindow[]; views: FakeView[] } {
  const windows: FakeWindow[] = []
  const views: FakeView[] = []
  return {
    windows,
    views,
    window(kind, session, frame) {
      const window = new FakeWindow(kind, session, { ...frame })
      windows.push(window)
      return as<BrowserWindow>(window)
    },
    vendorView(session, bounds) {
      const view = new FakeView(session, bounds)
      views.push(view)
      return as<WebContentsView>(view)
    },
  }
}

export const asSession = (name: string): Session => as<Session>({ name })
export const asAny = as
