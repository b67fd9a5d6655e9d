import type { WebContents as ElectronContents, LoadURLOptions, WebPreferences } from 'electron'
import { GuardedEmitter, guard, NotImplementedError } from './absent.ts'
import type { Protocol } from './cdp.ts'
import type { PageTarget } from './chromium.ts'
import { addContents, nextContentsId, removeContents } from './contents-registry.ts'
import { eventWith } from './event.ts'
import type { Frame } from './frames.ts'
import { IpcMain } from './ipc-main.ts'
import { mirrorLocalStorage } from './local-storage-mirror.ts'
import { nativeImage } from './native-image.ts'
import { nativeTheme } from './native-theme.ts'
import { Navigation } from './navigation.ts'
import { NavigationHistory } from './navigation-history.ts'
import { netError } from './net-errors.ts'
import { Page } from './page.ts'
import { pageError, watchConsole } from './page-console.ts'
import { type OpenHandler, Popups } from './popups.ts'
import { PreloadHost } from './preload-host.ts'
import { RequestGate } from './requests.ts'
import { runtime } from './runtime.ts'
import { toAppUrl, toBrowserUrl } from './schemes.ts'
import { type Session, sessionOf } from './session.ts'
import { openWithSystem } from './system-open.ts'
import { supportedPreferences } from './web-preferences.ts'

type Implemented = Pick<
  ElectronContents,
  | 'capturePage'
  | 'close'
  | 'focus'
  | 'forcefullyCrashRenderer'
  | 'getProcessId'
  | 'getTitle'
  | 'getURL'
  | 'getUserAgent'
  | 'isCrashed'
  | 'isDestroyed'
  | 'isDevToolsOpened'
  | 'isFocused'
  | 'isLoading'
  | 'isLoadingMainFrame'
  | 'loadURL'
  | 'reload'
  | 'send'
  | 'setBackgroundThrottling'
  | 'setVisualZoomLevelLimits'
  | 'setWindowOpenHandler'
  | 'stop'
>
export type ContentsKind = 'window' | 'view'

export interface ContentsWish {
  kind: ContentsKind
  preferences: WebPreferences
  width: number
  height: number
  hidden: boolean
}

/** One page and all that Electron lets an app know and decide about it. */
export class WebContents extends GuardedEmitter implements Implemented {
  readonly id: number
  readonly kind: ContentsKind
  readonly session: Session
  readonly ipc = new IpcMain()
  readonly hostWebContents = null
  readonly opener = null
  readonly navigationHistory = new NavigationHistory(() => this.opened)
  /** Settles when the browser page exists and is set up. */
  readonly opened: Promise<Page>
  targetId = ''
  #page: Page | undefined
  #navigation: Navigation | undefined
  #preload: PreloadHost | undefined
  readonly #popups = new Popups()
  #title = ''
  #destroyed = false
  #crashed = false

  constructor(wish: ContentsWish) {
    super()
    this.setMaxListeners(0)
    this.id = nextContentsId()
    this.kind = wish.kind
    const { session, partition } = supportedPreferences(wish.preferences)
    this.session = (session as unknown as Session | undefined) ?? sessionOf(partition ?? '')
    this.opened = this.#open(wish)
    this.opened.catch(() => undefined)
    addContents(this)
  }

  async #open(wish: ContentsWish): Promise<Page> {
    const [browser, contextId] = await Promise.all([runtime.browser(), this.session.browserContext()])
    const target = await browser.createPage({ contextId, ...wish })
    const page = new Page(target, this.session)
    if (this.#destroyed) {
      browser.root.tell('Target.closeTarget', { targetId: target.targetId })
      throw new Error('Object has been destroyed')
    }
    this.targetId = target.targetId
    this.#page = page
    this.session.pages.add(page)
    await this.#connect(page, wish.preferences.preload)
    return page
  }

  #connect(page: Page, preloadPath: string | undefined): Promise<void> {
    const navigation = new Navigation(page, {
      emitter: this,
      openForeign: (url) => this.#openForeign(url),
      committed: () => {
        this.#crashed = false
        this.session.saveSoon()
      },
    })
    const gate = new RequestGate(this.session, navigation, {
      prepare: (url) => this.#prepare(url),
      openForeign: (url) => this.#openForeign(url),
      details: (paused) => this.#requestDetails(paused),
    })
    this.#navigation = navigation
    this.#preload = new PreloadHost(page, {
      sender: this,
      ipc: this.ipc,
      onTitle: (title) => this.#onTitle(title),
      onCloseAsked: () => this.emit('standin-close-asked'),
      onPermission: (permission) => this.#askPermission(permission),
      onPreloadError: (error) => this.emit('preload-error', eventWith({}), preloadPath, error),
    })
    gate.watch(page.session)
    this.#watchPage(page)
    const refresh = () => page.applyInterception()
    const offline = () => page.applyOffline()
    const colours = () => page.applyColours()
    this.session.on('standin-requests-changed', refresh)
    runtime.network.on('changed', offline)
    nativeTheme.on('updated', colours)
    this.once('destroyed', () => {
      this.session.off('standin-requests-changed', refresh)
      runtime.network.off('changed', offline)
      nativeTheme.off('updated', colours)
    })
    return page.start(preloadPath, (child) => gate.watch(child))
  }

  #watchPage(page: Page): void {
    const { session } = page
    session.on('Page.javascriptDialogOpening', ({ type }) => {
      session.tell('Page.handleJavaScriptDialog', { accept: type === 'alert' || type === 'beforeunload' })
    })
    session.on('Page.lifecycleEvent', ({ name, frameId }) => {
      if (frameId === page.targetId && name === 'firstPaint') this.emit('standin-first-paint')
    })
    session.on('Page.frameResized', () => {
      page.size().then(
        ({ width, height }) => this.emit('standin-resized', width, height),
        () => undefined,
      )
    })
    session.on('Inspector.targetCrashed', () => this.#onCrash())
    this.#popups.watch(page)
    mirrorLocalStorage(page, this.session)
    watchConsole(page, (line) => this.emit('console-message', eventWith({ ...line, frame: page.frames.main })))
  }

  async #prepare(url: string): Promise<void> {
    const [origin] = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]+/i.exec(url) ?? []
    if (origin === undefined) return
    this.session.origins.add(new URL(toBrowserUrl(`${origin}/`)).origin)
    await this.session.permissions.prepare(this, origin, url)
  }

  async #askPermission(permission: string): Promise<boolean> {
    const { origin, url } = this.mainFrame
    return this.session.permissions.request(this, permission, origin, url)
  }

  #openForeign(url: string): void {
    const details = { externalURL: url }
    this.session.permissions
      .ask(this, 'openExternal', this.getURL(), details)
      .then((granted) => (granted ? openWithSystem(url) : undefined))
      .catch((error: Error) => process.stderr.write(`[stand-in] ${error.message}\n`))
  }

  #requestDetails(paused: Protocol.Fetch.requestPausedPayload): object {
    const types: Record<string, string> = { Document: 'mainFrame', Stylesheet: 'stylesheet', XHR: 'xhr', Fetch: 'xhr' }
    const isSub = paused.resourceType === 'Document' && paused.frameId !== this.targetId
    const kind = types[paused.resourceType] ?? paused.resourceType.toLowerCase()
    return {
      id: Number(/\d+/.exec(paused.requestId)?.[0] ?? 0),
      webContentsId: this.id,
      webContents: this,
      frame: this.#page?.frames.get(paused.frameId),
      resourceType: isSub ? 'subFrame' : kind,
      referrer: toAppUrl(String((paused.request.headers as Record<string, string>).Referer ?? '')),
      timestamp: Date.now(),
    }
  }

  get mainFrame(): Frame {
    if (!this.#page) throw new NotImplementedError('webContents.mainFrame before the page exists')
    return this.#page.frames.main
  }

  /** Resolves when the page has loaded, rejects with Electron's error (code, errno, url) when it has not. */
  async loadURL(url: string, _options?: LoadURLOptions): Promise<void> {
    const page = await this.opened
    this.#navigation?.expect(url)
    const loaded = this.#nextLoad()
    const target = toBrowserUrl(url)
    const refusal = await page.session.send('Page.navigate', { url: target }).then(
      ({ errorText, loaderId }) => {
        if (loaderId === undefined) loaded.cancel()
        if (errorText && !this.#navigation?.hasFailed(loaderId ?? '')) {
          this.#navigation?.reportFailure(page.targetId, errorText, url)
        }
        return errorText
      },
      () => (this.#destroyed ? 'net::ERR_FAILED' : 'net::ERR_INVALID_URL'),
    )
    this.#navigation?.unexpect(url)
    if (!refusal) return loaded.promise
    loaded.cancel()
    const [errno, code] = netError(refusal)
    throw Object.assign(new Error(`${code} (${errno}) loading '${url}'`), { errno, code, url })
  }

  /** The load event of the next document, registered before the navigation so that none can slip by. */
  #nextLoad(): { promise: Promise<void>; cancel(): void } {
    const { promise, resolve } = Promise.withResolvers<void>()
    const finish = () => resolve()
    const committed = () => this.once('did-finish-load', finish)
    this.once('did-navigate', committed)
    this.once('destroyed', finish)
    const cancel = () => {
      this.off('did-navigate', committed)
      this.off('did-finish-load', finish)
      resolve()
    }
    return { promise, cancel }
  }

  getURL(): string {
    return this.#page?.frames.main.url ?? ''
  }

  getTitle(): string {
    return this.#title
  }

  isLoading(): boolean {
    return this.#navigation?.loading ?? true
  }

  isLoadingMainFrame(): boolean {
    return this.isLoading()
  }

  stop(): void {
    this.#page?.session.tell('Page.stopLoading')
  }

  reload(): void {
    this.#navigation?.expect(this.getURL())
    this.#page?.session.tell('Page.reload')
  }

  reloadIgnoringCache(): void {
    this.#navigation?.expect(this.getURL())
    this.#page?.session.tell('Page.reload', { ignoreCache: true })
  }

  send(channel: string, ...values: unknown[]): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed')
    this.#preload?.send(channel, values)
  }

  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    // Not a step later than asked: a message sent after this call must find the code running.
    const { session } = this.#page ?? (await this.opened)
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression: code,
      userGesture,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails) throw pageError(exceptionDetails)
    return result.value
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#popups.handler = handler
  }

  getUserAgent(): string {
    return this.session.getUserAgent()
  }

  getProcessId(): number {
    return this.#page?.frames.main.processId ?? 0
  }

  setBackgroundThrottling(_allowed: boolean): void {
    // The stand-in's browser never throttles.
  }

  async setVisualZoomLevelLimits(_minimum: number, _maximum: number): Promise<void> {
    // A page on the stand-in cannot be pinched, so every limit holds.
  }

  resize(width: number, height: number): void {
    this.opened.then((page) => page.resize(width, height)).catch(() => undefined)
  }

  isFocused(): boolean {
    return this.#focused
  }

  #focused = false

  focus(): void {
    this.#page?.session.tell('Page.bringToFront')
  }

  /** The window tells its page that it gained or lost the focus. */
  onFocus(focused: boolean): void {
    if (this.#focused === focused) return
    this.#focused = focused
    this.emit(focused ? 'focus' : 'blur', eventWith({}))
  }

  isDevToolsOpened(): boolean {
    return false
  }

  isCrashed(): boolean {
    return this.#crashed
  }

  forcefullyCrashRenderer(): void {
    this.#page?.session.send('Page.crash').catch(() => undefined)
  }

  // biome-ignore lint/suspicious/noExplicitAny: NativeImage of Electron has members the stand-in's image lacks.
  async capturePage(): Promise<any> {
    const page = await this.opened
    const { data } = await page.session.send('Page.captureScreenshot', { format: 'png' })
    return nativeImage.createFromBuffer(Buffer.from(data, 'base64'))
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  close(): void {
    this.destroy()
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#end()
    if (this.#page) this.session.closePage(this.#page)
  }

  /** The browser's page went away by itself: closed by script, by the person, or with the browser. */
  onGone(): void {
    if (this.#destroyed) return
    this.#end()
  }

  #end(): void {
    this.#destroyed = true
    removeContents(this)
    if (this.#page) this.session.pages.delete(this.#page)
    this.#page?.frames.destroyAll()
    this.emit('destroyed')
  }

  #onTitle(title: string): void {
    const shown = title || this.getURL()
    if (shown === this.#title) return
    this.#title = shown
    this.emit('page-title-updated', eventWith({}), shown, title !== '')
  }

  onPopup(popup: PageTarget): void {
    this.#popups.decide(popup, this.getURL())
  }

  hasFrame(frameId: string): boolean {
    return this.#page?.frames.has(frameId) ?? false
  }

  /** The browser refuses every download by itself; the app is asked, but its only possible answer here is no. */
  onDownload(url: string, filename: string): void {
    const event = eventWith({})
    const item = { getURL: () => url, getFilename: () => filename, cancel: () => undefined }
    this.session.emit('will-download', event, guard('DownloadItem', item), this)
    if (!event.defaultPrevented) throw new NotImplementedError('Downloading a file (will-download not prevented)')
  }

  #onCrash(): void {
    this.#crashed = true
    this.emit('render-process-gone', eventWith({}), { reason: 'crashed', exitCode: 139 })
  }
}
