import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { _electron, type Browser, chromium, type ElectronApplication, type Page } from 'playwright'
import { isAt, isToolbar, isWorkstation } from './addresses.ts'
import { electronCommand, networkSwitches } from './app-command.ts'
import { type AppDriver, type LaunchOptions, usable } from './driver.ts'
import { root } from './host.ts'
import { until } from './until.ts'

const quitLimitMs = 15_000

/** Starts the built bundle on real Electron through Playwright's Electron driver. */
export async function launchElectron(executable: string, options: LaunchOptions): Promise<AppDriver> {
  if (options.keyring) throw new Error('The keyring cannot be played on real Electron')
  mkdirSync(options.profile, { recursive: true })
  const args = commandLine(executable, options)
  const app = await _electron.launch({ executablePath: executable, args, cwd: root, env: cleanEnvironment() })
  const driver = new ElectronDriver(app, executable, args, options)
  try {
    await driver.begin()
    return driver
  } catch (error) {
    await driver.kill()
    throw error
  }
}

function commandLine(executable: string, options: LaunchOptions): string[] {
  const cut = ['--host-resolver-rules=MAP * ~NOTFOUND']
  const { args } = electronCommand(executable, [
    '--disable-dev-shm-usage',
    '--password-store=basic',
    '--use-mock-keychain',
    `--user-data-dir=${options.profile}`,
    ...(options.offline ? cut : networkSwitches(options.network)),
  ])
  return [...args, ...(options.args ?? [])]
}

function cleanEnvironment(): Record<string, string> {
  const names = [
    'PATH',
    'HOME',
    'DISPLAY',
    'WAYLAND_DISPLAY',
    'XDG_RUNTIME_DIR',
    'LANG',
    'TMPDIR',
    'SystemRoot',
    'APPDATA',
  ]
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}

class ElectronDriver implements AppDriver {
  readonly kind = 'electron'
  readonly #app: ElectronApplication
  readonly #executable: string
  readonly #args: string[]
  readonly #options: LaunchOptions
  readonly #seen = new Set<Page>()
  readonly #written: string[] = []
  #window: Page | undefined
  #browser: Browser | undefined

  constructor(app: ElectronApplication, executable: string, args: string[], options: LaunchOptions) {
    this.#app = app
    this.#executable = executable
    this.#args = args
    this.#options = options
    app.process().stdout?.on('data', (chunk) => this.#written.push(String(chunk)))
    app.process().stderr?.on('data', (chunk) => this.#written.push(String(chunk)))
  }

  get pid(): number {
    return this.#app.process().pid ?? -1
  }

  get window(): Page {
    if (!this.#window) throw new Error('The workstation window was not found yet')
    return this.#window
  }

  /** Records links handed to the system, since a browser outside of the driver's reach would open otherwise. */
  async begin(): Promise<void> {
    await this.#app.evaluate(({ shell }) => {
      const opened: string[] = []
      Reflect.set(globalThis, 'openedLinks', opened)
      shell.openExternal = async (url) => {
        opened.push(url)
      }
    })
    this.#window = await until('the workstation window', () =>
      this.#app.windows().find((page) => isWorkstation(page.url())),
    )
    await usable(this.#window)
  }

  signInPage(host: string | RegExp): Promise<Page> {
    return this.#take(() => this.#app.windows(), host)
  }

  async browserPage(host: string | RegExp): Promise<Page> {
    await until('a link for the system browser', async () => (await this.openedLinks()).length > 0)
    const url = (await this.openedLinks()).at(-1) ?? ''
    const page = await (await this.#systemBrowser()).newPage({ ignoreHTTPSErrors: true })
    page.on('request', (request) => this.#followToApp(request.url()))
    await page.goto(url)
    return this.#take(() => [page], host)
  }

  async signInToolbars(): Promise<Page[]> {
    return this.#app.windows().filter((page) => isToolbar(page.url()))
  }

  async closeSignInWindow(page: Page): Promise<void> {
    const url = page.url()
    await this.#app.evaluate(({ BrowserWindow, webContents }, wanted) => {
      const contents = webContents.getAllWebContents().find((one) => one.getURL() === wanted)
      const owner = BrowserWindow.getAllWindows().find((window) =>
        window.contentView.children.some((view) => 'webContents' in view && view.webContents === contents),
      )
      owner?.close()
    }, url)
  }

  openedLinks(): Promise<string[]> {
    return this.#app.evaluate(() => Reflect.get(globalThis, 'openedLinks') as string[])
  }

  async deepLink(url: string): Promise<void> {
    if (process.platform === 'darwin') {
      await this.#app.evaluate(({ app }, link) => app.emit('open-url', { preventDefault: () => undefined }, link), url)
      return
    }
    const second = spawn(this.#executable, [...this.#args, url], {
      cwd: root,
      env: cleanEnvironment(),
      stdio: 'ignore',
    })
    await once(second, 'exit')
  }

  /** Chromium's own offline mode would not reach main's requests, so each session is told. */
  async setOffline(offline: boolean): Promise<void> {
    await this.#app.evaluate(({ session }, cut) => {
      const conditions = cut ? { offline: true } : { offline: false }
      session.defaultSession.enableNetworkEmulation(conditions)
    }, offline)
  }

  setKeyring(): Promise<void> {
    return Promise.reject(new Error('The keyring cannot be played on real Electron'))
  }

  power(): Promise<void> {
    return Promise.reject(new Error('Power events cannot be played on real Electron'))
  }

  async screenshot(page: Page, path: string): Promise<void> {
    mkdirSync(dirname(path), { recursive: true })
    await page.screenshot({ path })
  }

  output(): string {
    return this.#written.join('')
  }

  async quit(): Promise<void> {
    await this.#browser?.close()
    const child = this.#app.process()
    const stuck = setTimeout(() => child.kill('SIGKILL'), quitLimitMs)
    await this.#app.close()
    clearTimeout(stuck)
    if (child.signalCode === 'SIGKILL') throw new Error(`The app did not quit within ${quitLimitMs} ms.`)
  }

  async kill(): Promise<void> {
    const child = this.#app.process()
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    await this.#browser?.close()
  }

  #followToApp(url: string): void {
    if (url.startsWith('app.manydesk:')) void this.deepLink(url)
  }

  async #systemBrowser(): Promise<Browser> {
    const rules = this.#options.network?.hostResolverRules
    this.#browser ??= await chromium.launch({ args: rules ? [`--host-resolver-rules=${rules}`] : [] })
    return this.#browser
  }

  #take(pages: () => Page[], host: string | RegExp): Promise<Page> {
    return until(`a page at ${host}`, () => {
      const page = pages().find((one) => !this.#seen.has(one) && isAt(one.url(), host))
      if (page) this.#seen.add(page)
      return page
    })
  }
}
