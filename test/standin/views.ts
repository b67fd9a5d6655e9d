import type { WebContentsView as ElectronContentsView, View as ElectronView, Rectangle } from 'electron'
import { GuardedEmitter } from './absent.ts'
import { WebContents } from './web-contents.ts'

type Implemented = Pick<
  ElectronView,
  'setBounds' | 'getBounds' | 'setVisible' | 'getVisible' | 'setBackgroundColor' | 'setBorderRadius'
>

/** A rectangle in a window that holds other views. It draws nothing itself. */
export class View extends GuardedEmitter implements Implemented {
  children: View[] = []
  #bounds: Rectangle = { x: 0, y: 0, width: 0, height: 0 }
  #visible = true

  addChildView(view: View, index?: number): void {
    this.removeChildView(view)
    this.children.splice(index ?? this.children.length, 0, view)
  }

  removeChildView(view: View): void {
    this.children = this.children.filter((child) => child !== view)
  }

  setBounds(bounds: Rectangle): void {
    this.#bounds = { ...bounds }
    this.onBounds(this.#bounds)
    this.emit('bounds-changed')
  }

  getBounds(): Rectangle {
    return { ...this.#bounds }
  }

  setVisible(visible: boolean): void {
    this.#visible = visible
  }

  getVisible(): boolean {
    return this.#visible
  }

  setBackgroundColor(_color: string): void {
    // A view on the stand-in is a page of its own, which has its own background.
  }

  setBorderRadius(_radius: number): void {
    // Nothing to round on a page of its own.
  }

  protected onBounds(_bounds: Rectangle): void {
    // Only views with a page have something to size.
  }
}

/** A page inside a window; on the stand-in a page of its own in the same browser, sized as the view is. */
export class WebContentsView extends View {
  readonly webContents: WebContents

  constructor(options: ConstructorParameters<typeof ElectronContentsView>[0] = {}) {
    super()
    const { webContents, webPreferences = {} } = options
    const given = webContents as WebContents | undefined
    const wish = { kind: 'view' as const, preferences: webPreferences, width: 800, height: 600, hidden: false }
    this.webContents = given ?? new WebContents(wish)
  }

  protected override onBounds({ width, height }: Rectangle): void {
    if (width > 0 && height > 0) this.webContents.resize(width, height)
  }
}
