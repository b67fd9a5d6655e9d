import { join } from 'node:path'
import type { ClearStorageDataOptions, Session as ElectronSession } from 'electron'
import { GuardedEmitter, NotImplementedError } from './absent.ts'
import { paths } from './app-paths.ts'
import { Certificates, type VerifyProc } from './certificates.ts'
import { Cookies } from './cookies.ts'
import { readLocalStorage, restoreLocalStorage } from './local-storage.ts'
import { netFetch } from './net-fetch.ts'
import type { Page } from './page.ts'
import { PartitionStore } from './partition-store.ts'
import { Permissions } from './permissions.ts'
import { ProtocolRegistry } from './protocol.ts'
import { runtime } from './runtime.ts'
import { defaultUserAgent } from './user-agent.ts'
import { WebRequest } from './web-request.ts'

type Implemented = Pick<
  ElectronSession,
  | 'clearStorageData'
  | 'clearAuthCache'
  | 'clearCache'
  | 'clearHostResolverCache'
  | 'clearData'
  | 'closeAllConnections'
  | 'flushStorageData'
  | 'getStoragePath'
  | 'getUserAgent'
  | 'isPersistent'
  | 'setCertificateVerifyProc'
  | 'resolveProxy'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setPermissionRequestHandler'
  | 'setProxy'
  | 'setSpellCheckerEnabled'
  | 'setUserAgent'
>

const SAVE_DELAY_MS = 150
const created = new Map<string, Session>()
let announce: (session: Session) => void = () => undefined

/** Hears of every session as it comes into being, for the app's `session-created`. */
export function onSessionCreated(listener: (session: Session) => void): void {
  announce = listener
}

/** The session of `partition` (`''` is the default one), made at the first question. */
export function sessionOf(partition: string): Session {
  const known = created.get(partition)
  if (known) return known
  const session = new Session(partition)
  created.set(partition, session)
  announce(session)
  return session
}

/** Writes every persistent partition to disk. */
export async function saveAllSessions(): Promise<void> {
  await Promise.all([...created.values()].map((session) => session.save()))
}

/** One partition: a browser context of its own, kept across runs in `Partitions/<name>` when it is persistent. */
export class Session extends GuardedEmitter implements Implemented {
  readonly partition: string
  readonly storagePath: string | null
  readonly protocol = new ProtocolRegistry()
  readonly webRequest = new WebRequest(() => this.emit('standin-requests-changed'))
  readonly cookies: Cookies
  readonly permissions: Permissions
  readonly certificates = new Certificates()
  readonly localStorage: Record<string, Record<string, string>>
  /** Pages alive in this partition, and every origin they have shown. */
  readonly pages = new Set<Page>()
  readonly origins = new Set<string>()
  readonly #store: PartitionStore
  #context: Promise<string | undefined> | undefined
  #userAgent: string | undefined
  #saveTimer: NodeJS.Timeout | undefined
  readonly #closing = new Set<Promise<void>>()

  constructor(partition: string) {
    super()
    this.setMaxListeners(0)
    this.partition = partition
    this.storagePath = storagePathOf(partition)
    this.#store = new PartitionStore(
      this.storagePath === null ? undefined : join(this.storagePath, 'standin-state.json'),
    )
    const state = this.#store.load()
    this.localStorage = state.localStorage
    const context = () => this.browserContext()
    this.cookies = new Cookies(context, () => this.save())
    this.permissions = new Permissions(context)
  }

  /** The browser context of this partition, undefined for the browser's own default one; restored before first use. */
  browserContext(): Promise<string | undefined> {
    this.#context ??= this.#openContext()
    return this.#context
  }

  async #openContext(): Promise<string | undefined> {
    const browser = await runtime.browser()
    const context = this.partition === '' ? undefined : await browser.createContext()
    this.#context = Promise.resolve(context)
    const scope = context === undefined ? {} : { browserContextId: context }
    browser.root.tell('Browser.setDownloadBehavior', { behavior: 'deny', eventsEnabled: true, ...scope })
    const { cookies } = this.#store.load()
    const live = cookies.filter((cookie) => cookie.expires > Date.now() / 1000)
    if (live.length > 0) await this.cookies.restore(live)
    await restoreLocalStorage(context, this.localStorage)
    return context
  }

  setCertificateVerifyProc(proc: VerifyProc | null): void {
    this.certificates.proc = proc
  }

  /** Saves soon, many changes at once. */
  saveSoon(): void {
    if (this.storagePath === null || this.#saveTimer) return
    this.#saveTimer = setTimeout(() => this.save().catch(() => undefined), SAVE_DELAY_MS)
    this.#saveTimer.unref()
  }

  /** Closes a page of this partition, once its local storage is known. */
  closePage(page: Page): void {
    this.pages.delete(page)
    const closing = this.#closePage(page)
      .catch(() => undefined)
      .finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }

  async #closePage(page: Page): Promise<void> {
    const [origin, items] = (this.isPersistent() ? await readLocalStorage(page) : undefined) ?? []
    if (origin && items && (origin in this.localStorage || Object.keys(items).length > 0)) {
      this.localStorage[origin] = items
      this.saveSoon()
    }
    const browser = await runtime.browser()
    await browser.root.send('Target.closeTarget', { targetId: page.targetId })
  }

  async save(): Promise<void> {
    await Promise.all(this.#closing)
    clearTimeout(this.#saveTimer)
    this.#saveTimer = undefined
    if (this.storagePath === null || !this.#context) return
    await this.#context
    this.#store.save({ cookies: await this.cookies.raw(), localStorage: this.localStorage })
  }

  isPersistent(): boolean {
    return this.storagePath !== null
  }

  getStoragePath(): string | null {
    return this.storagePath
  }

  fetch(input: string | Request, init?: RequestInit): Promise<Response> {
    return netFetch(this, input, init)
  }

  /** Clears the named storages everywhere, or all of them. `origin` and `quotas` are not implemented. */
  async clearStorageData(options?: ClearStorageDataOptions): Promise<void> {
    if (options?.origin) throw new NotImplementedError('session.clearStorageData with an origin')
    const kinds = options?.storages
    const clears = (kind: string) => kinds === undefined || kinds.some((name) => name === kind)
    await this.browserContext()
    await Promise.all(this.#closing)
    if (clears('cookies')) await this.cookies.clear()
    if (clears('localstorage')) for (const origin of Object.keys(this.localStorage)) delete this.localStorage[origin]
    // A context that is thrown away comes back from the file, which must not hold what was cleared.
    await this.save()
    if (kinds === undefined || clears('localstorage')) await this.#clearSites()
    await this.save()
  }

  /** Throws the whole context away while no page lives in it, otherwise empties the sites its pages can name. */
  async #clearSites(): Promise<void> {
    const [browser, browserContextId] = await Promise.all([runtime.browser(), this.browserContext()])
    if (this.pages.size === 0 && browserContextId !== undefined) {
      const cookies = await this.cookies.raw()
      this.#context = undefined
      await browser.root.send('Target.disposeBrowserContext', { browserContextId })
      await this.cookies.restore(cookies)
      return
    }
    const clear = { storageTypes: 'local_storage,indexeddb,cache_storage,service_workers' }
    const cleared = [...this.pages].flatMap(({ session }) =>
      [...this.origins].map((origin) => session.send('Storage.clearDataForOrigin', { origin, ...clear })),
    )
    await Promise.all(cleared)
  }

  async clearData(): Promise<void> {
    await this.clearStorageData()
  }

  async clearCache(): Promise<void> {
    this.emit('standin-clear-cache')
  }

  async clearAuthCache(): Promise<void> {
    // The browser never answers HTTP authentication here, so it remembers none.
  }

  async clearHostResolverCache(): Promise<void> {
    // Names are resolved anew for every connection the stand-in makes.
  }

  flushStorageData(): void {
    this.saveSoon()
  }

  async closeAllConnections(): Promise<void> {
    this.emit('standin-close-connections')
  }

  async setProxy(config: { mode?: string; proxyRules?: string; pacScript?: string }): Promise<void> {
    if (config.proxyRules || config.pacScript)
      throw new Error('session.setProxy with a proxy is not implemented on the stand-in')
  }

  async resolveProxy(_url: string): Promise<string> {
    return 'DIRECT'
  }

  getUserAgent(): string {
    return this.#userAgent ?? defaultUserAgent()
  }

  setUserAgent(userAgent: string): void {
    this.#userAgent = userAgent
  }

  setSpellCheckerEnabled(_enable: boolean): void {
    // Headless Chromium checks no spelling; there is nothing to switch.
  }

  setPermissionRequestHandler(handler: Parameters<ElectronSession['setPermissionRequestHandler']>[0]): void {
    this.permissions.setRequestHandler(handler)
  }

  setPermissionCheckHandler(handler: Parameters<ElectronSession['setPermissionCheckHandler']>[0]): void {
    this.permissions.setCheckHandler(handler)
  }

  setDevicePermissionHandler(_handler: unknown): void {
    // No page on the stand-in can reach USB, HID or serial devices, so nobody would be asked.
  }

  setDisplayMediaRequestHandler(_handler: unknown): void {
    // Screen capture is refused in the stand-in's browser before a handler could be asked.
  }
}

function storagePathOf(partition: string): string | null {
  if (partition === '') return paths.get('userData')
  const name = /^persist:(.+)$/s.exec(partition)?.[1]
  return name === undefined ? null : join(paths.get('userData'), 'Partitions', encodeURIComponent(name))
}
