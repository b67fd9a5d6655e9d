import type { BaseWindowConstructorOptions, BaseWindow as ElectronBaseWindow, Rectangle } from 'electron'
import { GuardedEmitter } from './absent.ts'
import { eventWith } from './event.ts'
import { View } from './views.ts'

type Implemented = Pick<
  ElectronBaseWindow,
  | 'blur'
  | 'center'
  | 'close'
  | 'destroy'
  | 'flashFrame'
  | 'focus'
  | 'getBounds'
  | 'getContentBounds'
  | 'getContentSize'
  | 'getMinimumSize'
  | 'getNormalBounds'
  | 'getPosition'
  | 'getSize'
  | 'getTitle'
  | 'hide'
  | 'isDestroyed'
  | 'isFocused'
  | 'isFullScreen'
  | 'isMaximized'
  | 'isMinimized'
  | 'isModal'
  | 'isVisible'
  | 'maximize'
  | 'minimize'
  | 'moveTop'
  | 'removeMenu'
  | 'restore'
  | 'setAutoHideMenuBar'
  | 'setBackgroundColor'
  | 'setBounds'
  | 'setContentSize'
  | 'setFullScreen'
  | 'setMenuBarVisibility'
  | 'setMinimumSize'
  | 'setProgressBar'
  | 'setResizable'
  | 'setSize'
  | 'setTitle'
  | 'show'
  | 'showInactive'
  | 'unmaximize'
>

const open = new Set<BaseWindow>()
let focused: BaseWindow | undefined
let lastId = 0
let onAllClosed: () => void = () => undefined

export function onLastWindowClosed(listener: () => void): void {
  onAllClosed = listener
}

export function openWindows(): BaseWindow[] {
  return [...open]
}

export function focusedWindow(): BaseWindow | null {
  return focused ?? null
}

/** A window without a page. Visibility, focus and bounds are kept here; a subclass shows them on a real window. */
export class BaseWindow extends GuardedEmitter implements Implemented {
  readonly id: number
  contentView = new View()
  readonly #parent: BaseWindow | null
  readonly #modal: boolean
  #bounds: Rectangle
  #minimum: [number, number]
  #title: string
  #visible = false
  #maximized = false
  #minimized = false
  #fullScreen = false
  #destroyed = false
  #destroying = false
  #background = '#FFFFFF'

  constructor(options: BaseWindowConstructorOptions = {}) {
    super()
    this.setMaxListeners(0)
    lastId += 1
    this.id = lastId
    const { x = 0, y = 0, width = 800, height = 600, minWidth = 0, minHeight = 0, title, parent, modal } = options
    this.#bounds = { x, y, width, height }
    this.#minimum = [minWidth, minHeight]
    this.#title = title ?? 'Electron'
    this.#parent = (parent as unknown as BaseWindow | undefined) ?? null
    this.#modal = modal ?? false
    if (options.backgroundColor) this.#background = options.backgroundColor
    open.add(this)
  }

  /** Puts what the window's state says onto the screen. */
  protected onState(_change: 'bounds' | 'visibility' | 'front'): void {
    // A window without a page has nothing on the screen.
  }

  protected onFocusChange(_focused: boolean): void {
    // A window without a page has nobody to tell.
  }

  protected get normalBounds(): Rectangle {
    return this.#bounds
  }

  protected assertAlive(): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed')
  }

  show(): void {
    this.#setVisible(true)
    this.focus()
  }

  showInactive(): void {
    this.#setVisible(true)
  }

  hide(): void {
    this.#setVisible(false)
    this.blur()
  }

  #setVisible(visible: boolean): void {
    this.assertAlive()
    if (this.#visible === visible) return
    this.#visible = visible
    this.onState('visibility')
    this.emit(visible ? 'show' : 'hide', eventWith({}))
  }

  isVisible(): boolean {
    this.assertAlive()
    return this.#visible
  }

  focus(): void {
    this.assertAlive()
    if (!this.#visible || focused === this) return
    focused?.blur()
    focused = this
    this.onState('front')
    this.emit('focus', eventWith({}))
    this.onFocusChange(true)
  }

  blur(): void {
    if (focused !== this) return
    focused = undefined
    this.emit('blur', eventWith({}))
    this.onFocusChange(false)
  }

  isFocused(): boolean {
    this.assertAlive()
    return focused === this
  }

  moveTop(): void {
    this.onState('front')
  }

  maximize(): void {
    this.assertAlive()
    if (!this.#visible) this.show()
    if (this.#maximized) return
    this.#maximized = true
    this.onState('bounds')
    this.emit('maximize', eventWith({}))
  }

  unmaximize(): void {
    if (!this.#maximized) return
    this.#maximized = false
    this.onState('bounds')
    this.emit('unmaximize', eventWith({}))
  }

  isMaximized(): boolean {
    return this.#maximized
  }

  minimize(): void {
    this.assertAlive()
    if (this.#minimized) return
    this.#minimized = true
    this.onState('visibility')
    this.blur()
    this.emit('minimize', eventWith({}))
  }

  restore(): void {
    this.assertAlive()
    if (!this.#minimized) {
      this.unmaximize()
      return
    }
    this.#minimized = false
    this.onState('visibility')
    this.emit('restore', eventWith({}))
  }

  isMinimized(): boolean {
    return this.#minimized
  }

  setFullScreen(flag: boolean): void {
    if (this.#fullScreen === flag) return
    this.#fullScreen = flag
    this.onState('bounds')
    this.emit(flag ? 'enter-full-screen' : 'leave-full-screen', eventWith({}))
  }

  isFullScreen(): boolean {
    return this.#fullScreen
  }

  setTitle(title: string): void {
    this.assertAlive()
    this.#title = title
  }

  getTitle(): string {
    this.assertAlive()
    return this.#title
  }

  setBounds(bounds: Partial<Rectangle>): void {
    this.assertAlive()
    const before = this.#bounds
    this.#bounds = { ...before, ...bounds }
    this.onState('bounds')
    const { x, y, width, height } = this.#bounds
    if (width !== before.width || height !== before.height) this.emit('resize', eventWith({}))
    if (x !== before.x || y !== before.y) this.emit('move', eventWith({}))
  }

  /** The person sized the window on the screen: nothing to show, only to know. */
  protected adoptSize(width: number, height: number): void {
    if (width === this.#bounds.width && height === this.#bounds.height) return
    this.#bounds = { ...this.#bounds, width, height }
    this.emit('resize', eventWith({}))
  }

  getBounds(): Rectangle {
    this.assertAlive()
    return { ...this.#bounds }
  }

  getNormalBounds(): Rectangle {
    return this.getBounds()
  }

  /** The stand-in's windows have no frame of their own, so content and window are one size. */
  getContentBounds(): Rectangle {
    return this.getBounds()
  }

  getContentSize(): number[] {
    return this.getSize()
  }

  setContentSize(width: number, height: number): void {
    this.setBounds({ width, height })
  }

  setSize(width: number, height: number): void {
    this.setBounds({ width, height })
  }

  getSize(): number[] {
    const { width, height } = this.getBounds()
    return [width, height]
  }

  setPosition(x: number, y: number): void {
    this.setBounds({ x, y })
  }

  getPosition(): number[] {
    const { x, y } = this.getBounds()
    return [x, y]
  }

  setMinimumSize(width: number, height: number): void {
    this.#minimum = [width, height]
  }

  getMinimumSize(): number[] {
    return [...this.#minimum]
  }

  center(): void {
    this.setBounds({ x: 0, y: 0 })
  }

  getParentWindow(): BaseWindow | null {
    return this.#parent
  }

  getChildWindows(): BaseWindow[] {
    return openWindows().filter((window) => window.getParentWindow() === this)
  }

  isModal(): boolean {
    return this.#modal
  }

  setContentView(view: View): void {
    this.contentView = view
  }

  getContentView(): View {
    return this.contentView
  }

  setMenu(_menu: unknown): void {
    // Windows of the stand-in have no menu bar; the application menu is kept by Menu.
  }

  removeMenu(): void {
    // No menu bar to remove.
  }

  setMenuBarVisibility(_visible: boolean): void {
    // No menu bar to show.
  }

  setAutoHideMenuBar(_hide: boolean): void {
    // No menu bar to hide.
  }

  setBackgroundColor(color: string): void {
    this.#background = color
  }

  getBackgroundColor(): string {
    return this.#background
  }

  setProgressBar(_progress: number): void {
    // No task bar to show it on.
  }

  flashFrame(_flag: boolean): void {
    // No task bar to flash.
  }

  setOverlayIcon(_overlay: unknown, _description: string): void {
    // No task bar icon to lay it over.
  }

  setIcon(_icon: unknown): void {
    // The window manager sees the browser's icon.
  }

  setResizable(_resizable: boolean): void {
    // Nobody drags the edges of these windows but the window manager, which the stand-in does not steer.
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  /** Asks the app (`close` may be prevented), then destroys. */
  close(): void {
    this.assertAlive()
    const event = eventWith({})
    this.emit('close', event)
    if (!event.defaultPrevented) this.destroy()
  }

  destroy(): void {
    if (this.#destroyed || this.#destroying) return
    this.#destroying = true
    for (const child of this.getChildWindows()) child.destroy()
    this.blur()
    this.onDestroy()
    this.#destroyed = true
    open.delete(this)
    this.emit('closed', eventWith({}))
    if (open.size === 0) onAllClosed()
  }

  protected onDestroy(): void {
    // A window without a page has nothing to take down.
  }
}
