import type { EventEmitter } from 'node:events'
import type { Protocol } from './cdp.ts'
import { eventWith } from './event.ts'
import { netError } from './net-errors.ts'
import type { Page } from './page.ts'
import { isStandardScheme, schemeOf, toAppUrl, toBrowserUrl } from './schemes.ts'

const BROWSER_SCHEMES = new Set(['http', 'https', 'about', 'blob', 'data', 'javascript', 'file', 'chrome-error'])

/** True where the operating system, not the browser, would have to open the address. */
export function isForeign(url: string): boolean {
  return !BROWSER_SCHEMES.has(schemeOf(url)) && !isStandardScheme(schemeOf(url))
}

function withoutHash(url: string): string {
  return url.replace(/#.*$/s, '')
}

interface Owner {
  /** The webContents, which emits what happens. */
  emitter: EventEmitter
  openForeign(url: string): void
  committed(): void
}

/**
 * Turns the browser's reports about one page into Electron's navigation events, in Electron's order:
 * did-start-navigation, will-frame-navigate, will-navigate, will-redirect, did-redirect-navigation, did-frame-navigate,
 * did-navigate, then loading events.
 */
export class Navigation {
  readonly #page: Page
  readonly #owner: Owner
  /** What the app itself, or going through history, is about to load in the main frame. All else is the page's wish. */
  readonly #expected = new Set<string>()
  readonly #answers = new Map<string, { status: number; text: string }>()
  readonly #started = new Map<string, { frameId: string; url: string }>()
  readonly #failed = new Set<string>()
  loading = false

  constructor(page: Page, owner: Owner) {
    this.#page = page
    this.#owner = owner
    const { session } = page
    session.on('Page.frameAttached', ({ frameId, parentFrameId }) => page.frames.attach(frameId, parentFrameId))
    session.on('Page.frameDetached', ({ frameId, reason }) => {
      if (reason === 'remove') page.frames.detach(frameId)
    })
    session.on('Page.frameStartedNavigating', (event) => this.#onStarted(event))
    session.on('Page.frameNavigated', ({ frame }) => this.#onCommitted(frame))
    session.on('Page.navigatedWithinDocument', (event) => this.#onWithinDocument(event))
    session.on('Page.frameStartedLoading', ({ frameId }) => this.#onLoading(frameId, true))
    session.on('Page.frameStoppedLoading', ({ frameId }) => this.#onLoading(frameId, false))
    session.on('Page.domContentEventFired', () => this.#emit('dom-ready'))
    session.on('Page.loadEventFired', () => this.#onLoaded())
    session.on('Network.responseReceived', ({ requestId, type, response }) => {
      if (type === 'Document') this.#answers.set(requestId, { status: response.status, text: response.statusText })
    })
    session.on('Network.loadingFailed', (event) => this.#onFailed(event))
  }

  /** The app itself loads `url` in the main frame: no will-navigate for it. */
  expect(url: string): void {
    this.#expected.add(withoutHash(url))
  }

  /** The load is over, or never began. */
  unexpect(url: string): void {
    this.#expected.delete(withoutHash(url))
  }

  /** Asks the app about a document request; false means it must not be sent. */
  allows(frameId: string, url: string): boolean {
    if (this.#page.frames.isMain(frameId) && this.#expected.delete(withoutHash(url))) return true
    return this.#askNavigate(frameId, url)
  }

  /** Asks the app about a redirect of a document request; false means it must not be followed. */
  allowsRedirect(frameId: string, url: string): boolean {
    if (!this.#ask('will-redirect', frameId, url)) return false
    this.#emitDetails('did-redirect-navigation', frameId, url)
    return true
  }

  hasFailed(loaderId: string): boolean {
    return this.#failed.has(loaderId)
  }

  #askNavigate(frameId: string, url: string): boolean {
    const details = this.#details(frameId, url)
    this.#owner.emitter.emit('will-frame-navigate', details)
    if (details.defaultPrevented) return false
    return !this.#page.frames.isMain(frameId) || this.#ask('will-navigate', frameId, url)
  }

  #ask(name: string, frameId: string, url: string): boolean {
    return !this.#emitDetails(name, frameId, url).defaultPrevented
  }

  #emitDetails(name: string, frameId: string, url: string, isSameDocument = false) {
    const details = this.#details(frameId, url, isSameDocument)
    const [isMainFrame, ...ids] = this.#place(frameId)
    this.#owner.emitter.emit(name, details, url, isSameDocument, isMainFrame, ...ids)
    return details
  }

  #details(frameId: string, url: string, isSameDocument = false) {
    const frame = this.#page.frames.get(frameId)
    return eventWith({ url, isSameDocument, isMainFrame: this.#page.frames.isMain(frameId), frame, initiator: frame })
  }

  #place(frameId: string): [boolean, number, number] {
    const frame = this.#page.frames.get(frameId)
    return [this.#page.frames.isMain(frameId), frame.processId, frame.routingId]
  }

  #emit(name: string, ...values: unknown[]): void {
    this.#owner.emitter.emit(name, eventWith({}), ...values)
  }

  #onStarted({ frameId, url, loaderId, navigationType }: Protocol.Page.frameStartedNavigatingPayload): void {
    const appUrl = toAppUrl(url)
    this.#started.set(loaderId, { frameId, url: appUrl })
    const sameDocument = /sameDocument/i.test(navigationType)
    this.#emitDetails('did-start-navigation', frameId, appUrl, sameDocument)
    if (sameDocument) return
    // Going through history is never asked about.
    if (/^(history|restore)/.test(navigationType) && this.#page.frames.isMain(frameId)) this.expect(appUrl)
    const ownScheme = isStandardScheme(schemeOf(url))
    if (!(ownScheme || isForeign(url)) || !this.allows(frameId, url)) return
    if (ownScheme) this.#page.session.tell('Page.navigate', { url: toBrowserUrl(url), frameId })
    else this.#owner.openForeign(url)
  }

  #onCommitted(raw: Protocol.Page.Frame): void {
    const frame = this.#page.frames.commit(raw)
    const main = raw.parentId === undefined
    if (raw.unreachableUrl !== undefined) return
    const { status = 200, text = 'OK' } = this.#answers.get(raw.loaderId) ?? {}
    this.#answers.delete(raw.loaderId)
    this.#started.delete(raw.loaderId)
    if (main) this.#owner.committed()
    if (main) this.unexpect(frame.url)
    this.#emit('did-frame-navigate', frame.url, status, text, main, frame.processId, frame.routingId)
    if (main) this.#emit('did-navigate', frame.url, status, text)
  }

  #onWithinDocument({ frameId, url }: Protocol.Page.navigatedWithinDocumentPayload): void {
    const frame = this.#page.frames.get(frameId)
    frame.url = toAppUrl(url)
    this.#emit('did-navigate-in-page', frame.url, ...this.#place(frameId))
  }

  #onLoading(frameId: string, loading: boolean): void {
    if (!this.#page.frames.isMain(frameId) || this.loading === loading) return
    this.loading = loading
    this.#emit(loading ? 'did-start-loading' : 'did-stop-loading')
  }

  #onLoaded(): void {
    this.#emit('did-frame-finish-load', ...this.#place(this.#page.targetId))
    this.#emit('did-finish-load')
  }

  #onFailed({ requestId, type, errorText, canceled }: Protocol.Network.loadingFailedPayload): void {
    const started = this.#started.get(requestId)
    if (type !== 'Document' || !started) return
    this.#started.delete(requestId)
    this.#failed.add(requestId)
    this.reportFailure(started.frameId, canceled ? 'net::ERR_ABORTED' : errorText, started.url)
  }

  /** Reports a document that could not be loaded, by Chromium's error name. */
  reportFailure(frameId: string, errorText: string, url: string): void {
    const [code, name] = netError(errorText)
    const values = [code, name, toAppUrl(url), ...this.#place(frameId)] as const
    this.#emit('did-fail-provisional-load', ...values)
    // Electron does not call a cancelled load a failure.
    if (code !== -3) this.#emit('did-fail-load', ...values)
  }
}
