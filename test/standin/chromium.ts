import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { CdpConnection, type CdpSession, type Protocol } from './cdp.ts'
import { HANDLED_HOSTS } from './schemes.ts'
import { isAlive } from './single-instance.ts'
import type { Switches } from './switches.ts'

export interface PageTarget {
  targetId: string
  session: CdpSession
}

export interface PageWish {
  /** Browser context of the partition; undefined is the browser's default context. */
  contextId: string | undefined
  width: number
  height: number
  hidden: boolean
}

const PROFILE_PREFIX = 'standin-chromium-'
const SWEEP_DELAY_MS = 5000

/** Features that would put more processes, prompts or pop-ups between the app and its pages than Electron has. */
const DISABLED_FEATURES = [
  'AcceptCHFrame',
  'BackForwardCache',
  'DestroyProfileOnBrowserClose',
  'GlobalMediaControls',
  'IsolateOrigins',
  'IsolateSandboxedIframes',
  'LensOverlay',
  'MediaRouter',
  'OptimizationHints',
  'OriginKeyedProcessesByDefault',
  'PaintHolding',
  'Prerender2',
  'Translate',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxPopup',
  'site-per-process',
]

function chromiumArguments(switches: Switches, profile: string): string[] {
  const passed = new Map(switches.chromium)
  const rules = [passed.get('host-resolver-rules'), `MAP ${HANDLED_HOSTS} ~NOTFOUND`].filter(Boolean).join(',')
  const features = [...DISABLED_FEATURES, passed.get('disable-features')].filter(Boolean).join(',')
  passed.set('host-resolver-rules', rules)
  passed.set('disable-features', features)
  const needsSandboxOff = process.platform === 'linux' && process.getuid?.() === 0
  const flags = [
    '--remote-debugging-pipe',
    `--user-data-dir=${profile}`,
    '--no-startup-window',
    '--no-first-run',
    '--no-default-browser-check',
    '--no-service-autorun',
    '--disable-background-networking',
    '--disable-backgrounding-occluded-windows',
    '--disable-background-timer-throttling',
    '--disable-component-extensions-with-background-pages',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-infobars',
    '--disable-popup-blocking',
    '--disable-quic',
    '--disable-renderer-backgrounding',
    '--disable-search-engine-choice-screen',
    '--disable-site-isolation-trials',
    '--disable-sync',
    '--password-store=basic',
    '--use-mock-keychain',
    ...(switches.debugPort === undefined ? [] : [`--remote-debugging-port=${switches.debugPort}`]),
    ...(needsSandboxOff ? ['--no-sandbox', '--test-type'] : []),
    ...(switches.headless ? ['--headless', '--disable-gpu', '--hide-scrollbars'] : []),
  ]
  for (const [name, value] of passed) {
    if (name !== 'headless') flags.push(value === '' ? `--${name}` : `--${name}=${value}`)
  }
  return flags
}

/** Removes the profiles of apps that were killed, a while after start, when nobody waits for this process any more. */
function removeStaleProfiles(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^standin-chromium-(\d+)-/.exec(name)?.[1])
    if (pid && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

/** One Chromium process, owned: it ends with {@link close}, or by itself when this process dies. */
export class Chromium {
  readonly root: CdpSession
  readonly version: string
  readonly #connection: CdpConnection
  readonly #child: ChildProcess
  readonly #profile: string
  readonly #exited: Promise<void>
  readonly #attached = new Map<string, CdpSession>()
  #onPopup: (popup: PageTarget, openerId: string) => void = () => undefined
  #onTargetGone: (targetId: string) => void = () => undefined

  static async launch(switches: Switches): Promise<Chromium> {
    const profile = mkdtempSync(join(tmpdir(), `${PROFILE_PREFIX}${process.pid}-`))
    setTimeout(removeStaleProfiles, SWEEP_DELAY_MS).unref()
    const child = spawn(switches.chromiumPath, chromiumArguments(switches, profile), {
      // A group of its own, so that a signal meant for the app lets it save its partitions first.
      detached: true,
      stdio: ['ignore', 'ignore', process.env.STANDIN_VERBOSE ? 'inherit' : 'ignore', 'pipe', 'pipe'],
    })
    const [, , , output, input] = child.stdio as unknown as [null, null, null, Writable, Readable]
    const failed = new Promise<never>((_, reject) => child.once('error', reject))
    const connection = new CdpConnection(input, output)
    const { product } = await Promise.race([connection.root.send('Browser.getVersion'), failed])
    const chromium = new Chromium(connection, child, profile, product.replace(/^[^/]*\//, ''))
    await chromium.#watchTargets()
    return chromium
  }

  private constructor(connection: CdpConnection, child: ChildProcess, profile: string, version: string) {
    this.#connection = connection
    this.#child = child
    this.#profile = profile
    this.version = version
    this.root = connection.root
    this.#exited = new Promise((resolve) => child.once('exit', () => resolve()))
  }

  onPopup(listener: (popup: PageTarget, openerId: string) => void): void {
    this.#onPopup = listener
  }

  onTargetGone(listener: (targetId: string) => void): void {
    this.#onTargetGone = listener
  }

  onExit(listener: () => void): void {
    this.#exited.then(listener)
  }

  /** Opens a page at about:blank, held before its first step until `Runtime.runIfWaitingForDebugger`. */
  async createPage({ contextId, width, height, hidden }: PageWish): Promise<PageTarget> {
    const { targetId } = await this.root.send('Target.createTarget', {
      url: 'about:blank',
      newWindow: true,
      width,
      height,
      ...(hidden ? { background: true, windowState: 'minimized' as const } : {}),
      ...(contextId === undefined ? {} : { browserContextId: contextId }),
    })
    const session = this.#attached.get(targetId)
    if (!session) throw new Error('The browser opened a page without attaching to it')
    return { targetId, session }
  }

  async createContext(): Promise<string> {
    const { browserContextId } = await this.root.send('Target.createBrowserContext', { disposeOnDetach: true })
    return browserContextId
  }

  async close(): Promise<void> {
    const killTimer = setTimeout(() => this.#child.kill('SIGKILL'), 3000)
    this.root.send('Browser.close').catch(() => undefined)
    await this.#exited
    clearTimeout(killTimer)
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 3 })
  }

  async #watchTargets(): Promise<void> {
    this.root.on('Target.attachedToTarget', (event) => this.#attach(event))
    this.root.on('Target.targetDestroyed', ({ targetId }) => {
      this.#attached.delete(targetId)
      this.#onTargetGone(targetId)
    })
    await Promise.all([
      this.root.send('Target.setDiscoverTargets', { discover: true }),
      this.root.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true }),
    ])
  }

  #attach({ sessionId, targetInfo }: Protocol.Target.attachedToTargetPayload): void {
    const session = this.#connection.session(sessionId)
    if (targetInfo.type !== 'page') {
      session.tell('Runtime.runIfWaitingForDebugger')
      return
    }
    this.#attached.set(targetInfo.targetId, session)
    if (targetInfo.openerId) this.#onPopup({ targetId: targetInfo.targetId, session }, targetInfo.openerId)
  }
}
