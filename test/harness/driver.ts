import type { Page } from 'playwright'
import type { SafeStorageMode } from '../standin/control-client.ts'
import { launchElectron } from './driver-electron.ts'
import { launchStandin } from './driver-standin.ts'
import type { Host } from './host.ts'

/** Where vendor hosts lead: the sandbox's port, and the one certificate to trust there. */
export interface Network {
  hostResolverRules: string
  spki: string
}

export interface LaunchOptions {
  /** The user-data folder. Two launches of one folder are two starts of one installation. */
  profile: string
  /** Null: the real network. */
  network: Network | null
  /** More arguments for the app, for example a deep link of a cold start. */
  args?: string[]
  /** Show the window on the display there is. */
  visible?: boolean
  /** Start without any network (on real Electron: with every host unreachable). */
  offline?: boolean
  /**
   * What this app finds where an administrator puts files for the whole computer (`/etc/manydesk`). Only the stand-in on Linux can play it, as
   * root: the folder is mounted there for this app alone.
   */
  machineFolder?: string
  /** What the operating system's keyring does. Only the stand-in can play it. */
  keyring?: SafeStorageMode
}

/**
 * A running app as a person sees it, whichever host runs it. Specs and the demo import only this.
 * Whatever a host cannot do rejects with a sentence that says so.
 */
export interface AppDriver {
  readonly kind: Host['kind']
  readonly pid: number
  /** The workstation's window. */
  readonly window: Page
  /** The next sign-in page (not the toolbar above it) that shows `host` and was not handed out before. */
  signInPage(host: string | RegExp): Promise<Page>
  /** Closes the sign-in window as a person would, by its title bar. */
  closeSignInWindow(page: Page): Promise<void>
  /** The toolbar above a sign-in page, by order of opening; it shows the address and Cancel. */
  signInToolbars(): Promise<Page[]>
  /** The page that the system browser opened last for us and that shows `host`. */
  browserPage(host: string | RegExp): Promise<Page>
  /** Links handed to the operating system since the start. */
  openedLinks(): Promise<string[]>
  /** What the operating system does for a link of our protocol while the app runs: a second start with the link as argument. */
  deepLink(url: string): Promise<void>
  setOffline(offline: boolean): Promise<void>
  setKeyring(mode: SafeStorageMode): Promise<void>
  /** What the operating system tells of its screen and of sleep. Only the stand-in can play it. */
  power(event: 'lock-screen' | 'suspend' | 'resume'): Promise<void>
  /** Picture of a page, as PNG. */
  screenshot(page: Page, path: string): Promise<void>
  /** All the app has written to its standard output and error. */
  output(): string
  /** Quits as a person would and waits for the process to end. Rejects when it had to be killed. */
  quit(): Promise<void>
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>
}

/** Starts the built bundle on the host and resolves when the workstation's window shows a usable screen. */
export function launchApp(host: Host, options: LaunchOptions): Promise<AppDriver> {
  return host.kind === 'electron' ? launchElectron(host.executable, options) : launchStandin(options)
}

/** Waits until the app is no longer busy starting: the inbox, the welcome or a trouble screen is there. */
export async function usable(window: Page): Promise<void> {
  await window.locator('[data-testid="app"][aria-busy="false"]').waitFor({ timeout: 30_000 })
}
