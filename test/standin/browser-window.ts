import type { BrowserWindowConstructorOptions, BrowserWindow as ElectronWindow, LoadURLOptions } from 'electron'
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
    this.#contents.on('standin-resized', (width: number, height: number) => this.adoptSize(width, height))
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
    const state = this.#displayState()
    await page.placeWindow({ windowState: state })
    if (state !== 'normal') return
    const { x, y, width, height } = this.normalBounds
    if (change === 'bounds') await page.placeWindow({ left: x, top: y })
    await page.sizeWindow(width, height)
  }

  #displayState(): 'minimized' | 'fullscreen' | 'maximized' | 'normal' {
    if (this.isDestroyed() || !this.isVisible() || this.isMinimized()) return 'minimized'
    if (this.isFullScreen()) return 'fullscreen'
    return this.isMaximized() ? 'maximized' : 'normal'
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
