import type { MenuItemConstructorOptions } from 'electron'
import type { EventValue, Theme } from '../../preload/contract.ts'

interface MenuOptions {
  platform: NodeJS.Platform
  theme: Theme
  devTools: boolean
  navigate(target: EventValue<'app.navigate'>): void
  setTheme(theme: Theme): void
  showLogFile(): void
}

const separator: MenuItemConstructorOptions = { type: 'separator' }
const themeNames: Record<Theme, string> = { system: 'Same as the system', light: 'Light', dark: 'Dark' }

/**
 * The application menu. Single-letter shortcuts of the inbox stay in the page: in a menu they would be taken from text fields.
 */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const mac = options.platform === 'darwin'
  return [
    ...(mac ? [macAppMenu()] : []),
    fileMenu(options, mac),
    { role: 'editMenu' },
    viewMenu(options),
    { role: 'windowMenu' },
    helpMenu(options),
  ]
}

function macAppMenu(): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      { role: 'services' },
      separator,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  }
}

function fileMenu({ navigate }: MenuOptions, mac: boolean): MenuItemConstructorOptions {
  return {
    label: '&File',
    submenu: [
      { label: 'Connect account…', accelerator: 'CmdOrCtrl+Shift+N', click: () => navigate({ to: 'connect' }) },
      separator,
      mac ? { role: 'close' } : { role: 'quit' },
    ],
  }
}

function viewMenu({ navigate, theme, setTheme, devTools }: MenuOptions): MenuItemConstructorOptions {
  return {
    label: '&View',
    submenu: [
      { label: 'Inbox', accelerator: 'CmdOrCtrl+1', click: () => navigate({ to: 'inbox' }) },
      { label: 'Accounts', accelerator: 'CmdOrCtrl+2', click: () => navigate({ to: 'accounts' }) },
      separator,
      {
        label: 'Appearance',
        submenu: (Object.keys(themeNames) as Theme[]).map((name) => ({
          label: themeNames[name],
          type: 'radio',
          checked: name === theme,
          click: () => setTheme(name),
        })),
      },
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'togglefullscreen' },
      ...(devTools ? [separator, { role: 'toggleDevTools' } as const] : []),
    ],
  }
}

function helpMenu({ navigate, showLogFile }: MenuOptions): MenuItemConstructorOptions {
  return {
    role: 'help',
    submenu: [
      { label: 'Keyboard shortcuts', accelerator: 'CmdOrCtrl+/', click: () => navigate({ to: 'shortcuts' }) },
      { label: 'Show log file', click: showLogFile },
    ],
  }
}
