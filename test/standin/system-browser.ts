import type { Protocol } from './cdp.ts'
import { runtime } from './runtime.ts'
import { schemeOf } from './schemes.ts'

const INSIDE = new Set(['http', 'https', 'about', 'blob', 'data', 'javascript', 'chrome-error'])

/** The person's default browser: a context of its own, sharing no cookies with the app's partitions. */
export class SystemBrowser {
  readonly pages: string[] = []
  readonly #handOver: (url: string) => Promise<void>
  #context: Promise<string> | undefined

  constructor(handOver: (url: string) => Promise<void>) {
    this.#handOver = handOver
  }

  /** Opens `url` in a new page; a navigation from there to a scheme of another program is handed over, not loaded. */
  async open(url: string): Promise<void> {
    const browser = await runtime.browser()
    this.#context ??= browser.createContext()
    const contextId = await this.#context
    const { targetId, session } = await browser.createPage({ contextId, width: 1100, height: 800, hidden: false })
    this.pages.push(targetId)
    session.on('Fetch.requestPaused', (paused) => {
      const location = redirectOf(paused)
      const foreign = location !== undefined && !INSIDE.has(schemeOf(location))
      const { requestId } = paused
      if (!foreign) return session.tell('Fetch.continueRequest', { requestId })
      session.tell('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
      this.#handOver(location).catch(report)
    })
    session.on('Page.frameRequestedNavigation', ({ url: wanted }) => {
      if (!INSIDE.has(schemeOf(wanted))) this.#handOver(wanted).catch(report)
    })
    const enabled = session.send('Page.enable')
    const intercepted = session.send('Fetch.enable', {
      patterns: [{ urlPattern: '*', resourceType: 'Document', requestStage: 'Response' }],
    })
    session.tell('Runtime.runIfWaitingForDebugger')
    // A page that still waits would forget the navigation.
    await Promise.all([enabled, intercepted])
    session.tell('Page.navigate', { url })
  }
}

function redirectOf(paused: Protocol.Fetch.requestPausedPayload): string | undefined {
  const status = paused.responseStatusCode ?? 0
  const location = paused.responseHeaders?.find(({ name }) => name.toLowerCase() === 'location')?.value
  return status >= 300 && status < 400 && location ? new URL(location, paused.request.url).href : undefined
}

function report(error: Error): void {
  process.stderr.write(`[stand-in] ${error.message}\n`)
}
