import type { CdpSession, Protocol } from './cdp.ts'
import type { PageTarget } from './chromium.ts'
import { FrameTree } from './frames.ts'
import { nativeTheme } from './native-theme.ts'
import { runtime } from './runtime.ts'
import { HANDLED_HOSTS } from './schemes.ts'
import type { Session } from './session.ts'
import { BINDING, ISOLATED_WORLD, worldScripts } from './world-source.ts'

let lastProcessId = 100

/** The browser's side of one webContents: its protocol session, set up before the page's first step. */
export class Page {
  readonly targetId: string
  readonly session: CdpSession
  readonly frames: FrameTree
  readonly #partition: Session
  readonly #children = new Set<CdpSession>()
  #windowId: Promise<number> | undefined

  constructor(target: PageTarget, partition: Session) {
    this.targetId = target.targetId
    this.session = target.session
    this.#partition = partition
    lastProcessId += 1
    this.frames = new FrameTree(target.targetId, lastProcessId)
  }

  /**
   * Enables everything the stand-in listens to, installs the worlds, and lets the page go. Settles when the page answers: a
   * navigation asked of a page that still waits would be forgotten.
   */
  async start(preloadPath: string | undefined, onChild: (child: CdpSession) => void): Promise<void> {
    const { session } = this
    const scripts = worldScripts(preloadPath)
    session.on('Target.attachedToTarget', ({ sessionId }) => {
      const child = session.connection.session(sessionId)
      this.#children.add(child)
      onChild(child)
      const release = () => child.tell('Runtime.runIfWaitingForDebugger')
      child.send('Fetch.enable', { patterns: this.#patterns() }).then(release, release)
    })
    const enabled = session.send('Page.enable')
    session.tell('Page.setLifecycleEventsEnabled', { enabled: true })
    session.tell('Runtime.enable')
    session.tell('Network.enable')
    session.tell('DOMStorage.enable')
    session.tell('Runtime.addBinding', { name: BINDING, executionContextName: ISOLATED_WORLD })
    session.tell('Page.addScriptToEvaluateOnNewDocument', { source: scripts.isolated, worldName: ISOLATED_WORLD })
    session.tell('Page.addScriptToEvaluateOnNewDocument', { source: scripts.main })
    session.tell('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true })
    session.tell('Emulation.setFocusEmulationEnabled', { enabled: true })
    session.tell('Network.setUserAgentOverride', { userAgent: this.#partition.getUserAgent() })
    this.applyOffline()
    this.applyColours()
    const intercepted = session.send('Fetch.enable', { patterns: this.#patterns() })
    session.tell('Runtime.runIfWaitingForDebugger')
    await Promise.all([enabled, intercepted])
  }

  /** Documents are always stopped for the app's vetoes, other requests only where the session has web-request hooks. */
  applyInterception(): void {
    for (const session of [this.session, ...this.#children])
      session.tell('Fetch.enable', { patterns: this.#patterns() })
  }

  applyOffline(): void {
    const conditions = { offline: runtime.offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 }
    this.session.tell('Network.emulateNetworkConditions', conditions)
  }

  applyColours(): void {
    const value = nativeTheme.shouldUseDarkColors ? 'dark' : 'light'
    this.session.tell('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] })
  }

  /** Moves the browser's window of this page, or changes its state. Only on a display. */
  async placeWindow(bounds: Protocol.Browser.Bounds): Promise<void> {
    const windowId = await this.#window()
    await this.session.connection.root.send('Browser.setWindowBounds', { windowId, bounds })
  }

  /** Gives the page a size: the viewport itself while headless, where windows have no screen to be sized on. */
  async resize(width: number, height: number): Promise<void> {
    if (!runtime.switches.headless) return this.sizeWindow(width, height)
    const metrics = { width: Math.round(width), height: Math.round(height), deviceScaleFactor: 0, mobile: false }
    await this.session.send('Emulation.setDeviceMetricsOverride', metrics)
  }

  /** Sizes the browser's window so that the page itself gets this many pixels. Only on a display. */
  async sizeWindow(width: number, height: number): Promise<void> {
    const windowId = await this.#window()
    const size = { width: Math.round(width), height: Math.round(height) }
    await this.session.connection.root.send('Browser.setContentsSize', { windowId, ...size })
  }

  /** Size of the page as it is now, in CSS pixels. */
  async size(): Promise<{ width: number; height: number }> {
    const { cssLayoutViewport } = await this.session.send('Page.getLayoutMetrics')
    return { width: cssLayoutViewport.clientWidth, height: cssLayoutViewport.clientHeight }
  }

  #window(): Promise<number> {
    this.#windowId ??= this.session.connection.root
      .send('Browser.getWindowForTarget', { targetId: this.targetId })
      .then(({ windowId }) => windowId)
    return this.#windowId
  }

  #patterns() {
    const { webRequest } = this.#partition
    const response = { urlPattern: '*', requestStage: 'Response' as const }
    const documents = [
      { urlPattern: '*', resourceType: 'Document' as const },
      { urlPattern: '*/favicon.ico', resourceType: 'Other' as const },
    ]
    return [
      ...(webRequest.active ? [{ urlPattern: '*' }] : [...documents, { urlPattern: `https://${HANDLED_HOSTS}/*` }]),
      webRequest.watchesResponses ? response : { ...response, resourceType: 'Document' as const },
    ]
  }
}
