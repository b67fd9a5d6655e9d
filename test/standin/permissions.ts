import type { Session as ElectronSession } from 'electron'
import type { Protocol } from './cdp.ts'
import { runtime } from './runtime.ts'
import { toBrowserUrl } from './schemes.ts'
import type { WebContents } from './web-contents.ts'

type RequestHandler = Parameters<ElectronSession['setPermissionRequestHandler']>[0]
type CheckHandler = Parameters<ElectronSession['setPermissionCheckHandler']>[0]
type Permission = Parameters<NonNullable<CheckHandler>>[1]

/** Electron's permission names and the browser's names for the same. */
const BROWSER_NAMES: Record<string, string[]> = {
  'clipboard-read': ['clipboard-read'],
  'display-capture': ['display-capture'],
  geolocation: ['geolocation'],
  'idle-detection': ['idle-detection'],
  media: ['camera', 'microphone'],
  midi: ['midi'],
  notifications: ['notifications'],
}

/**
 * The permission handlers of one session. As in Electron everything is granted while no handler is set. The check handler
 * decides what `navigator.permissions` shows when a document starts; the request handler is asked when a page asks.
 */
export class Permissions {
  readonly #context: () => Promise<string | undefined>
  #onRequest: RequestHandler = null
  #onCheck: CheckHandler = null
  /** Origins whose settings are up to date with the handlers. */
  readonly #prepared = new Set<string>()

  constructor(context: () => Promise<string | undefined>) {
    this.#context = context
  }

  setRequestHandler(handler: RequestHandler): void {
    this.#onRequest = handler
    this.#prepared.clear()
  }

  setCheckHandler(handler: CheckHandler): void {
    this.#onCheck = handler
    this.#prepared.clear()
  }

  /** Sets what the browser answers for `origin` before its document starts. */
  async prepare(contents: WebContents, origin: string, requestingUrl: string): Promise<void> {
    if (this.#prepared.has(origin)) return
    this.#prepared.add(origin)
    const settings = Object.keys(BROWSER_NAMES).map((name) => {
      const granted = this.#check(contents, name, origin, requestingUrl)
      // A session with only a request handler must be asked, so the browser may not grant by itself.
      const open = this.#onRequest && !this.#onCheck ? 'prompt' : 'granted'
      return this.#set(name, browserOrigin(origin), granted ? open : 'denied')
    })
    await Promise.all(settings)
  }

  /** Asks the handler for a page's request and makes the browser answer accordingly. */
  async request(contents: WebContents, permission: string, origin: string, requestingUrl: string): Promise<boolean> {
    const granted = await this.ask(contents, permission, requestingUrl)
    await this.#set(permission, browserOrigin(origin), granted ? 'granted' : 'denied')
    return granted
  }

  /** The handler's decision alone. */
  async ask(contents: WebContents, permission: string, requestingUrl: string, extra: object = {}): Promise<boolean> {
    const handler = this.#onRequest
    if (!handler) return true
    const details = { requestingUrl, isMainFrame: true, ...extra }
    return new Promise((resolve) => {
      Reflect.apply(handler, undefined, [contents, permission, resolve, details])
    })
  }

  #check(contents: WebContents, permission: string, origin: string, requestingUrl: string): boolean {
    const handler = this.#onCheck
    if (!handler) return true
    const details = { requestingUrl, isMainFrame: true, securityOrigin: `${origin}/` }
    return Boolean(Reflect.apply(handler, undefined, [contents, permission as Permission, `${origin}/`, details]))
  }

  async #set(permission: string, origin: string, setting: 'granted' | 'denied' | 'prompt'): Promise<void> {
    const [browser, browserContextId] = await Promise.all([runtime.browser(), this.#context()])
    const names = BROWSER_NAMES[permission] ?? []
    const context = browserContextId === undefined ? {} : { browserContextId }
    const sent = names.map((name) =>
      browser.root.send('Browser.setPermission', {
        permission: { name },
        setting,
        origin,
        ...context,
      } as Protocol.Browser.setPermissionParameters),
    )
    await Promise.allSettled(sent)
  }
}

function browserOrigin(origin: string): string {
  return new URL(toBrowserUrl(`${origin}/`)).origin
}
