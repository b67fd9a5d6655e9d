import type { Tray as ElectronTray } from 'electron'
import { GuardedEmitter } from './absent.ts'
import type { Menu } from './menu.ts'

type Implemented = Pick<ElectronTray, 'destroy' | 'isDestroyed' | 'setToolTip' | 'setTitle' | 'getTitle'>

/** A tray icon kept in memory; nothing is drawn. */
export class Tray extends GuardedEmitter implements Implemented {
  image: unknown
  toolTip = ''
  contextMenu: Menu | null = null
  #title = ''
  #destroyed = false

  constructor(image: unknown) {
    super()
    this.image = image
  }

  setImage(image: unknown): void {
    this.image = image
  }

  setToolTip(toolTip: string): void {
    this.toolTip = toolTip
  }

  setTitle(title: string): void {
    this.#title = title
  }

  getTitle(): string {
    return this.#title
  }

  setContextMenu(menu: Menu | null): void {
    this.contextMenu = menu
  }

  destroy(): void {
    this.#destroyed = true
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }
}
