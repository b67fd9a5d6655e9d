import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { machineFolder } from '../../main/workstation/machine-folder.ts'
import { ControlClient, type WindowInfo } from '../standin/control-client.ts'
import { isAt, isToolbar, isWorkstation } from './addresses.ts'
import { networkSwitches, standinCommand } from './app-command.ts'
import { type AppDriver, type LaunchOptions, usable } from './driver.ts'
import { root } from './host.ts'
import { until, within } from './until.ts'

const quitLimitMs = 15_000

/** Starts the built bundle on the stand-in and attaches to its browser. */
export async function launchStandin(options: LaunchOptions): Promise<AppDriver> {
  mkdirSync(options.profile, { recursive: true })
  const debugPort = await freePort()
  const controlPort = await freePort()
  const [command, args] = withMachineFolder(options.machineFolder, commandLine(options, debugPort, controlPort))
  const child = spawn(command, args, {
    cwd: root,
    env: cleanEnvironment(options.profile),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = collectOutput(child)
  const died = once(child, 'exit').then(() => {
    throw new Error(`The app ended while it was starting.\n${output()}`)
  })
  try {
    return await Promise.race([attach(child, options, { debugPort, controlPort, output }), died])
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

function commandLine(options: LaunchOptions, debugPort: number, controlPort: number): string[] {
  const { args } = standinCommand([
    `--user-data-dir=${options.profile}`,
    `--standin-debug-port=${debugPort}`,
    `--standin-control=${controlPort}`,
    '--standin-browser',
    ...(options.visible ? [] : ['--headless']),
    ...(options.offline ? ['--standin-offline'] : []),
    ...(options.keyring ? [`--standin-safe-storage=${options.keyring}`] : []),
    ...networkSwitches(options.network),
    ...(options.args ?? []),
  ])
  return args
}

/** In a mount namespace of its own (unshare(1)), so that no other app of this machine sees the folder. `exec` keeps the process id. */
function withMachineFolder(folder: string | undefined, args: string[]): [command: string, args: string[]] {
  if (folder === undefined) return [process.execPath, args]
  mkdirSync(machineFolder('linux', {}), { recursive: true })
  const script = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'
  const inside = ['sh', '-c', script, 'sh', folder, machineFolder('linux', {}), process.execPath, ...args]
  return ['unshare', ['--mount', ...inside]]
}

/** An explicit environment: leaked switches of the caller have turned apps into something else before. */
function cleanEnvironment(profile: string): NodeJS.ProcessEnv {
  const { PATH, DISPLAY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR, LANG, TMPDIR, NODE_COMPILE_CACHE } = process.env
  const kept = { PATH, DISPLAY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR, LANG, TMPDIR, NODE_COMPILE_CACHE }
  const present = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined))
  // A home of its own: downloads of a test must not land among the person's.
  return { ...present, HOME: join(profile, 'home') }
}

interface Ends {
  debugPort: number
  controlPort: number
  output: () => string
}

async function attach(child: ChildProcess, options: LaunchOptions, ends: Ends): Promise<AppDriver> {
  const control = await ControlClient.connect(String(ends.controlPort), AbortSignal.timeout(30_000))
  await within('the app to be ready', 30_000, control.call('ready', {}))
  const browser = await until('the debugging port', () => tryAttach(ends.debugPort))
  const driver = new StandinDriver(child, control, browser, ends.output)
  await driver.findWindow()
  await usable(driver.window)
  if (options.visible) await driver.window.bringToFront()
  return driver
}

async function tryAttach(port: number): Promise<Browser | null> {
  try {
    return await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  } catch {
    return null
  }
}

class StandinDriver implements AppDriver {
  readonly kind = 'standin'
  readonly #child: ChildProcess
  readonly #control: ControlClient
  readonly #browser: Browser
  readonly #seen = new Set<string>()
  readonly output: () => string
  #window: Page | undefined

  constructor(child: ChildProcess, control: ControlClient, browser: Browser, output: () => string) {
    this.#child = child
    this.#control = control
    this.#browser = browser
    this.output = output
  }

  get pid(): number {
    return this.#child.pid ?? -1
  }

  get window(): Page {
    if (!this.#window) throw new Error('The workstation window was not found yet')
    return this.#window
  }

  async findWindow(): Promise<void> {
    this.#window = await this.#pageOf((info) => info.kind === 'window' && isWorkstation(info.url))
  }

  signInPage(host: string | RegExp): Promise<Page> {
    return this.#pageOf((info) => info.kind === 'view' && isAt(info.url, host), true)
  }

  browserPage(host: string | RegExp): Promise<Page> {
    return this.#pageOf((info) => info.kind === 'system-browser' && isAt(info.url, host), true)
  }

  async signInToolbars(): Promise<Page[]> {
    const windows = await this.#control.call('windows', {})
    const bars = windows.filter((info) => info.kind === 'window' && isToolbar(info.url))
    return Promise.all(bars.map((bar) => this.#pageOf((info) => info.targetId === bar.targetId)))
  }

  async closeSignInWindow(page: Page): Promise<void> {
    const { id } = await this.#infoOf(page)
    await this.#control.call('closeWindow', { id })
  }

  async openedLinks(): Promise<string[]> {
    return (await this.#control.call('journal', {})).openedExternally
  }

  async deepLink(url: string): Promise<void> {
    const args = this.#child.spawnargs.slice(1).filter((word) => !word.startsWith('--standin-'))
    const second = spawn(process.execPath, [...args, '--headless', url], { cwd: root, stdio: 'ignore' })
    await once(second, 'exit')
  }

  async setOffline(offline: boolean): Promise<void> {
    await this.#control.call('offline', { offline })
  }

  async setKeyring(mode: Parameters<AppDriver['setKeyring']>[0]): Promise<void> {
    await this.#control.call('safeStorage', { mode })
  }

  async power(event: Parameters<AppDriver['power']>[0]): Promise<void> {
    await this.#control.call('power', { event })
  }

  async screenshot(page: Page, path: string): Promise<void> {
    const info = await this.#infoOf(page)
    const shot = this.#control.call('screenshot', { id: info.id })
    const { png } = await within(`a picture of ${info.url}`, 20_000, shot)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, Buffer.from(png, 'base64'))
  }

  async quit(): Promise<void> {
    const ended = this.#ended()
    await this.#browser.close()
    await this.#control.call('quit', {}).catch(() => null)
    const stuck = setTimeout(() => this.#child.kill('SIGKILL'), quitLimitMs)
    const signal = await ended
    clearTimeout(stuck)
    if (signal === 'SIGKILL') throw new Error(`The app did not quit within ${quitLimitMs} ms.\n${this.output()}`)
  }

  async kill(): Promise<void> {
    const ended = this.#ended()
    this.#child.kill('SIGKILL')
    await ended
    await this.#browser.close().catch(() => undefined)
  }

  async #infoOf(page: Page): Promise<WindowInfo> {
    const targetId = await targetOf(page)
    const windows = await this.#control.call('windows', {})
    const info = windows.find((one) => one.targetId === targetId)
    if (!info) throw new Error('This window is already closed')
    return info
  }

  async #ended(): Promise<NodeJS.Signals | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.signalCode
    const [, signal] = (await once(this.#child, 'exit')) as [number | null, NodeJS.Signals | null]
    return signal
  }

  async #pageOf(matches: (info: WindowInfo) => boolean, onlyNew = false): Promise<Page> {
    return until('a window', async () => {
      const windows = await this.#control.call('windows', {})
      const info = windows.find((one) => matches(one) && !(onlyNew && this.#seen.has(one.targetId)))
      if (!info) return null
      const page = await this.#findPage(info.targetId)
      if (page && onlyNew) this.#seen.add(info.targetId)
      return page
    })
  }

  async #findPage(targetId: string): Promise<Page | null> {
    const pages = this.#browser.contexts().flatMap((context) => context.pages())
    for (const page of pages) if ((await targetOf(page)) === targetId) return page
    return null
  }
}

const targets = new WeakMap<Page, string>()

/** A page's id on the debugging port; null when it closed meanwhile. */
async function targetOf(page: Page): Promise<string | null> {
  const known = targets.get(page)
  if (known) return known
  try {
    const session = await within('a page to answer', 5_000, page.context().newCDPSession(page))
    const { targetInfo } = await within('a page to answer', 5_000, session.send('Target.getTargetInfo'))
    await session.detach()
    targets.set(page, targetInfo.targetId)
    return targetInfo.targetId
  } catch {
    return null
  }
}

function collectOutput(child: ChildProcess): () => string {
  const chunks: string[] = []
  child.stdout?.on('data', (chunk) => chunks.push(String(chunk)))
  child.stderr?.on('data', (chunk) => chunks.push(String(chunk)))
  return () => chunks.join('')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
