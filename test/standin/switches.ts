import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

export const SAFE_STORAGE_MODES = ['ok', 'unavailable', 'locked', 'rotated', 'lost', 'basic_text'] as const
export type SafeStorageMode = (typeof SAFE_STORAGE_MODES)[number]

/** What the command line said. `chromium` holds every switch that is not ours, by name without dashes. */
export interface Switches {
  chromium: Map<string, string>
  userDataDir: string | undefined
  headless: boolean
  chromiumPath: string
  debugPort: number | undefined
  control: string | undefined
  systemBrowser: boolean
  keyring: string | undefined
  safeStorage: SafeStorageMode
  startOffline: boolean
}

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

function splitSwitch(argument: string): [string, string] {
  const [, name = '', value = ''] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? []
  return [name, value]
}

/** As in Electron, `--password-store=basic` means the fixed key, unless a mode is asked for by name. */
function safeStorageMode(value: string | undefined, passwordStore: string | undefined): SafeStorageMode {
  const mode = value ?? (passwordStore === 'basic' ? 'basic_text' : 'ok')
  const known = SAFE_STORAGE_MODES.find((candidate) => candidate === mode)
  if (!known) throw new Error(`--standin-safe-storage=${mode}: expected one of ${SAFE_STORAGE_MODES.join(', ')}`)
  return known
}

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

/** Reads Electron-style switches from `argv` (arguments after the script, up to `--`). Other words are the app's. */
export function readSwitches(argv: readonly string[]): Switches {
  const end = argv.indexOf('--')
  const before = end < 0 ? argv : argv.slice(0, end)
  const all = new Map(before.filter((argument) => argument.startsWith('--')).map(splitSwitch))
  const own = (name: string) => all.get(`standin-${name}`)
  const chromium = new Map([...all].filter(([name]) => !name.startsWith('standin-') && name !== 'user-data-dir'))
  const debugPort = own('debug-port')
  const userDataDir = all.get('user-data-dir')
  const chromiumPath = own('chromium') ?? CANDIDATES.find((path) => existsSync(path))
  if (!chromiumPath) throw new Error('No Chromium found; name one with --standin-chromium=<path>')
  return {
    chromium,
    userDataDir: userDataDir ? resolve(userDataDir) : undefined,
    headless: chromium.has('headless') || !hasDisplay(),
    chromiumPath,
    debugPort: debugPort === undefined ? undefined : Number(debugPort),
    control: own('control'),
    systemBrowser: all.has('standin-browser'),
    keyring: own('keyring'),
    safeStorage: safeStorageMode(own('safe-storage'), all.get('password-store')),
    startOffline: all.has('standin-offline'),
  }
}
