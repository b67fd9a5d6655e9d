import { spawn } from 'node:child_process'
import type { App as ElectronApp } from 'electron'
import { GuardedEmitter, guard } from './absent.ts'
import { appPackage, appPath, paths } from './app-paths.ts'
import { onLastWindowClosed, openWindows } from './base-window.ts'
import { onContentsCreated } from './contents-registry.ts'
import { eventWith } from './event.ts'
import { protocolsReady } from './protocol.ts'
import { runtime } from './runtime.ts'
import { onSessionCreated, saveAllSessions } from './session.ts'
import { type HandOver, SingleInstance } from './single-instance.ts'
import { protocolClients } from './system-open.ts'
import { routeTargets } from './target-routes.ts'
import { setChromiumVersion } from './user-agent.ts'

type Implemented = Pick<
  ElectronApp,
  | 'clearRecentDocuments'
  | 'disableHardwareAcceleration'
  | 'enableSandbox'
  | 'exit'
  | 'focus'
  | 'getAppPath'
  | 'getBadgeCount'
  | 'getLocale'
  | 'getName'
  | 'getPreferredSystemLanguages'
  | 'getSystemLocale'
  | 'getVersion'
  | 'hasSingleInstanceLock'
  | 'isDefaultProtocolClient'
  | 'isPackaged'
  | 'isReady'
  | 'quit'
  | 'relaunch'
  | 'releaseSingleInstanceLock'
  | 'removeAsDefaultProtocolClient'
  | 'requestSingleInstanceLock'
  | 'setAboutPanelOptions'
  | 'setAppUserModelId'
  | 'setAsDefaultProtocolClient'
  | 'setBadgeCount'
  | 'setName'
  | 'setPath'
  | 'userAgentFallback'
  | 'whenReady'
>

const commandLine = {
  appendSwitch: (name: string, value = '') => {
    runtime.switches.chromium.set(name, value)
  },
  appendArgument: (_value: string) => undefined,
  hasSwitch: (name: string) => runtime.switches.chromium.has(name) || process.argv.includes(`--${name}`),
  getSwitchValue: (name: string) => runtime.switches.chromium.get(name) ?? '',
  removeSwitch: (name: string) => {
    runtime.switches.chromium.delete(name)
  },
}

/** Electron's `app`: the life of the process, its directories and its place among other processes. */
class App extends GuardedEmitter implements Implemented {
  readonly isPackaged = false
  readonly commandLine = guard('app.commandLine', commandLine)
  readonly dock = undefined
  userAgentFallback = ''
  readonly #instance = new SingleInstance()
  readonly #ready = Promise.withResolvers<void>()
  #isReady = false
  #sandboxed = false
  #quitting = false
  #exiting = false
  #pendingLinks: HandOver[] = []

  constructor() {
    super()
    this.setMaxListeners(0)
    onSessionCreated((session) => this.emit('session-created', session))
    onContentsCreated((contents) => {
      this.emit('web-contents-created', eventWith({}), contents)
      contents.on('render-process-gone', (event, details) => this.emit('render-process-gone', event, contents, details))
    })
    onLastWindowClosed(() => this.#onAllClosed())
  }

  get name(): string {
    return paths.name
  }

  set name(name: string) {
    paths.name = name
  }

  /** Called once the entry script has run: starts the browser and makes the app ready. */
  async becomeReady(): Promise<void> {
    if (this.#exiting || this.#quitting) return
    this.emit('will-finish-launching')
    const browser = await runtime.browser()
    if (this.#exiting) return
    setChromiumVersion(browser.version)
    routeTargets(browser)
    browser.onExit(() => this.#onBrowserGone())
    protocolsReady()
    this.#isReady = true
    this.emit('ready', eventWith({}), {})
    this.#ready.resolve()
    for (const handOver of this.#pendingLinks.splice(0)) this.#onSecond(handOver)
  }

  isReady(): boolean {
    return this.#isReady
  }

  whenReady(): Promise<void> {
    return this.#ready.promise
  }

  getPath(name: string): string {
    return paths.get(name)
  }

  setPath(name: string, path: string): void {
    paths.set(name, path)
  }

  getAppPath(): string {
    return appPath
  }

  getName(): string {
    return paths.name
  }

  setName(name: string): void {
    paths.name = name
  }

  getVersion(): string {
    return appPackage.version ?? process.versions.electron ?? ''
  }

  getLocale(): string {
    return this.#isReady ? 'en-US' : ''
  }

  getSystemLocale(): string {
    return this.getLocale()
  }

  getPreferredSystemLanguages(): string[] {
    return ['en-US']
  }

  enableSandbox(): void {
    if (this.#isReady) throw new Error('app.enableSandbox() can only be called before app is ready')
    this.#sandboxed = true
  }

  /** For tests of the start-up order; Electron has no such question. */
  get sandboxEnabled(): boolean {
    return this.#sandboxed
  }

  disableHardwareAcceleration(): void {
    if (this.#isReady) throw new Error('app.disableHardwareAcceleration() can only be called before app is ready')
    commandLine.appendSwitch('disable-gpu')
  }

  requestSingleInstanceLock(additionalData: Record<string, unknown> = {}): boolean {
    const handOver = { argv: process.argv, workingDirectory: process.cwd(), additionalData }
    return this.#instance.request(paths.get('userData'), handOver, (second) => this.#onSecond(second))
  }

  hasSingleInstanceLock(): boolean {
    return this.#instance.held
  }

  releaseSingleInstanceLock(): void {
    this.#instance.release()
  }

  #onSecond(handOver: HandOver): void {
    if (!this.#isReady) {
      this.#pendingLinks.push(handOver)
      return
    }
    this.emit('second-instance', eventWith({}), handOver.argv, handOver.workingDirectory, handOver.additionalData)
  }

  setAsDefaultProtocolClient(protocol: string, _path?: string, args: string[] = []): boolean {
    protocolClients.set(protocol.toLowerCase(), args)
    return true
  }

  isDefaultProtocolClient(protocol: string): boolean {
    return protocolClients.has(protocol.toLowerCase())
  }

  removeAsDefaultProtocolClient(protocol: string): boolean {
    return protocolClients.delete(protocol.toLowerCase())
  }

  setAppUserModelId(_id: string): void {
    // Only Windows knows application model ids.
  }

  setAboutPanelOptions(_options: object): void {
    // The about panel is never shown here.
  }

  clearRecentDocuments(): void {
    // The stand-in keeps no list of recent documents.
  }

  focus(): void {
    openWindows()[0]?.focus()
  }

  setBadgeCount(count = 0): boolean {
    runtime.journal.badge = count
    return true
  }

  getBadgeCount(): number {
    return runtime.journal.badge
  }

  relaunch(options: { args?: string[]; execPath?: string } = {}): void {
    const args = options.args ?? process.argv.slice(1)
    const command = [...process.execArgv, ...args]
    process.once('exit', () => {
      spawn(options.execPath ?? process.execPath, command, { stdio: 'ignore', detached: true }).unref()
    })
  }

  #onAllClosed(): void {
    if (this.#quitting || this.#exiting) return
    if (this.listenerCount('window-all-closed') === 0) {
      this.quit()
      return
    }
    this.emit('window-all-closed')
  }

  /** before-quit, close of every window, will-quit, quit; each step but the last can be prevented. */
  quit(): void {
    if (this.#exiting) return
    const before = eventWith({})
    this.emit('before-quit', before)
    if (before.defaultPrevented) return
    this.#quitting = true
    for (const window of openWindows()) {
      if (!window.isDestroyed()) window.close()
    }
    if (openWindows().length > 0) {
      this.#quitting = false
      return
    }
    const will = eventWith({})
    this.emit('will-quit', will)
    this.#quitting = false
    if (!will.defaultPrevented) this.exit(0)
  }

  /** Ends at once, asking nobody; only `quit` is still emitted. */
  exit(exitCode = 0): void {
    if (this.#exiting) return
    this.#exiting = true
    for (const window of openWindows()) window.destroy()
    const saved = runtime.browserStarted ? saveAllSessions() : Promise.resolve()
    this.emit('quit', eventWith({}), exitCode)
    saved
      .catch((error: Error) => process.stderr.write(`[stand-in] partitions not saved: ${error.message}\n`))
      .then(() => Promise.all([runtime.closeBrowser(), this.#instance.handedOver()]))
      .catch(() => undefined)
      .finally(() => {
        this.#instance.release()
        process.exit(exitCode)
      })
  }

  #onBrowserGone(): void {
    if (this.#exiting) return
    process.stderr.write('[stand-in] the browser ended by itself\n')
    this.#exiting = true
    this.#instance.release()
    process.exit(1)
  }
}

export const app = new App()
