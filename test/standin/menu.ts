import type { Menu as ElectronMenu, MenuItem as ElectronMenuItem, MenuItemConstructorOptions } from 'electron'
import { Guarded, GuardedEmitter } from './absent.ts'
import { focusedWindow } from './base-window.ts'

type ImplementedItem = Pick<ElectronMenuItem, 'label' | 'enabled' | 'visible' | 'checked' | 'type' | 'id'>
type ImplementedMenu = Pick<ElectronMenu, 'closePopup'>

let application: Menu | null = null
let lastPopup: Menu | null = null

/** One entry of a menu. Choosing it is a call, made by a harness; no key or mouse reaches it. */
export class MenuItem extends Guarded implements ImplementedItem {
  readonly id: string
  readonly role: string | undefined
  readonly accelerator: string | undefined
  readonly type: ElectronMenuItem['type']
  readonly submenu: Menu | undefined
  readonly icon: unknown
  label: string
  sublabel: string
  toolTip: string
  enabled: boolean
  visible: boolean
  checked: boolean
  readonly #click: MenuItemConstructorOptions['click']

  constructor(options: MenuItemConstructorOptions) {
    super()
    const { submenu } = options
    this.id = options.id ?? ''
    this.role = options.role
    this.accelerator = options.accelerator?.toString()
    this.type = options.type ?? (submenu ? 'submenu' : 'normal')
    this.submenu =
      submenu instanceof Menu ? submenu : Array.isArray(submenu) ? Menu.buildFromTemplate(submenu) : undefined
    this.icon = options.icon
    this.label = options.label ?? options.role ?? ''
    this.sublabel = options.sublabel ?? ''
    this.toolTip = options.toolTip ?? ''
    this.enabled = options.enabled ?? true
    this.visible = options.visible ?? true
    this.checked = options.checked ?? false
    this.#click = options.click
  }

  /** Runs the entry's action. Entries that only have a role do what Electron does natively, which is missing here. */
  click(): void {
    if (!this.enabled) return
    if (this.type === 'checkbox') this.checked = !this.checked
    if (this.type === 'radio') this.checked = true
    if (this.#click) Reflect.apply(this.#click, undefined, [this, focusedWindow() ?? undefined, {}])
    else if (this.role) throw new Error(`The menu role ${this.role} is not implemented on the stand-in`)
  }
}

/** A menu kept in memory. */
export class Menu extends GuardedEmitter implements ImplementedMenu {
  items: MenuItem[] = []

  append(item: MenuItem): void {
    this.items.push(item)
  }

  insert(position: number, item: MenuItem): void {
    this.items.splice(position, 0, item)
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }

  popup(): void {
    lastPopup = this
    this.emit('menu-will-show', {})
  }

  closePopup(): void {
    if (lastPopup === this) lastPopup = null
    this.emit('menu-will-close', {})
  }

  static buildFromTemplate(template: Array<MenuItemConstructorOptions | MenuItem>): Menu {
    const menu = new Menu()
    menu.items = template.map((entry) => (entry instanceof MenuItem ? entry : new MenuItem(entry)))
    return menu
  }

  static setApplicationMenu(menu: Menu | null): void {
    application = menu
  }

  static getApplicationMenu(): Menu | null {
    return application
  }
}

/** Finds an entry of the application or pop-up menu by its labels from the top, `&` marks left out. */
export function findMenuItem(labels: readonly string[]): MenuItem | undefined {
  const plain = (label: string) => label.replaceAll('&', '')
  const search = (menu: Menu | null, [first, ...rest]: readonly string[]): MenuItem | undefined => {
    const item = menu?.items.find(({ label }) => plain(label) === first)
    return rest.length === 0 || !item?.submenu ? item : search(item.submenu, rest)
  }
  return search(lastPopup, labels) ?? search(application, labels)
}
