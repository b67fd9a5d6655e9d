import type {
  BrowserWindowConstructorOptions,
  BrowserWindow as ElectronWindow,
  LoadURLOptions,
  Rectangle,
} from 'electron'
import { BaseWindow, focusedWindow, openWindows } from './base-window.ts'
import type { StandinEvent } from './event.ts'
import { runtime } from './runtime.ts'
import { WebContents } from './web-contents.ts'
import { supportedPreferences } from './web-preferences.ts'

type Implemented = Pick<ElectronWindow, 'loadURL' | 'reload' | 'capturePage'>

/** A window with a page. Headless, its size is the page's size; on a display it is a window of the browser. */
export class BrowserWindow extends BaseWindow implements Implemented {
  readonly #contents: WebContents
  #shownOnce = false
  #windowId: Promise<number> | undefined

  constructor(options: BrowserWindowConstructorOptions = {}) {
    const preferences = supportedPreferences(options.webPreferences)
    super(options)
    const { width, height } = this.normalBounds
    const hidden = options.show === false
    this.#contents = new WebContents({
      kind: 'window',
      preferences,
      width,
      height,
      // Without a display nobody sees it anyway, and Chromium draws a minimised window once a second at most.
      hidden: hidden && !runtime.switches.headless,
    })
    this.#contents.resize(width, height)
    this.#contents.on('page-title-updated', (event: StandinEvent, title: string, explicit: boolean) => {
      this.emit('page-title-updated', event, title, explicit)
      if (!event.defaultPrevented && !this.isDestroyed()) this.setTitle(title)
    })
    this.#contents.once('standin-first-paint', () => this.#readyToShow())
    this.#contents.once('did-finish-load', () => this.#readyToShow())
    this.#contents.on('standin-close-asked', () => this.close())
    // A page that is gone takes its window along; nothing is left to prevent then.
    this.#contents.once('destroyed', () => this.destroy())
    if (!hidden) queueMicrotask(() => this.isDestroyed() || this.show())
  }

  get webContents(): WebContents {
    this.assertAlive()
    return this.#contents
  }

  #readyToShow(): void {
    if (this.#shownOnce || this.isDestroyed()) return
    this.#shownOnce = true
    this.emit('ready-to-show')
  }

  loadURL(url: string, options?: LoadURLOptions): Promise<void> {
    this.assertAlive()
    return this.#contents.loadURL(url, options)
  }

  reload(): void {
    this.#contents.reload()
  }

  capturePage() {
    return this.#contents.capturePage()
  }

  protected override onFocusChange(focused: boolean): void {
    this.#contents.onFocus(focused)
  }

  protected override onDestroy(): void {
    this.#contents.destroy()
  }

  protected override onState(change: 'bounds' | 'visibility' | 'front'): void {
    if (change === 'bounds') this.#contents.resize(this.normalBounds.width, this.normalBounds.height)
    if (runtime.switches.headless) return
    this.#showOnDisplay(change).catch(() => undefined)
  }

  async #showOnDisplay(change: 'bounds' | 'visibility' | 'front'): Promise<void> {
    const page = await this.#contents.opened
    if (change === 'front') return page.session.tell('Page.bringToFront')
    const browser = await runtime.browser()
    this.#windowId ??= browser.root
      .send('Browser.getWindowForTarget', { targetId: page.targetId })
      .then(({ windowId }) => windowId)
    const windowId = await this.#windowId
    const bounds = this.#displayBounds(change)
    await browser.root.send('Browser.setWindowBounds', { windowId, bounds })
  }

  #displayBounds(change: 'bounds' | 'visibility') {
    if (this.isDestroyed() || !this.isVisible() || this.isMinimized()) return { windowState: 'minimized' as const }
    if (this.isFullScreen()) return { windowState: 'fullscreen' as const }
    if (this.isMaximized()) return { windowState: 'maximized' as const }
    if (change === 'visibility') return { windowState: 'normal' as const }
    const { x, y, width, height }: Rectangle = this.normalBounds
    return { left: x, top: y, width, height }
  }

  static getAllWindows(): BrowserWindow[] {
    return openWindows().filter((window) => window instanceof BrowserWindow)
  }

  static getFocusedWindow(): BrowserWindow | null {
    const window = focusedWindow()
    return window instanceof BrowserWindow ? window : null
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.#contents === contents) ?? null
  }

  static fromId(id: number): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.id === id) ?? null
  }
}
