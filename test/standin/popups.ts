import type { HandlerDetails, WindowOpenHandlerResponse } from 'electron'
import { NotImplementedError } from './absent.ts'
import type { Protocol } from './cdp.ts'
import type { PageTarget } from './chromium.ts'
import type { Page } from './page.ts'
import { toAppUrl } from './schemes.ts'

export type OpenHandler = (details: HandlerDetails) => WindowOpenHandlerResponse

/** Windows one page asks for: the app's handler decides, and everything but refusing is missing here. */
export class Popups {
  readonly #wishes: Protocol.Page.windowOpenPayload[] = []
  handler: OpenHandler | undefined

  watch({ session }: Page): void {
    session.on('Page.windowOpen', (wish) => this.#wishes.push(wish))
  }

  /** Asks the handler about a page the browser has opened and holds, and takes it away again before it requests anything. */
  decide(popup: PageTarget, openerUrl: string): void {
    const { url = '', windowName = '', windowFeatures = [] } = this.#wishes.shift() ?? {}
    const sized = windowFeatures.some((feature) => /^(width|height|popup)/.test(feature))
    const answer = this.handler?.({
      url: toAppUrl(url),
      frameName: windowName === '_blank' ? '' : windowName,
      features: windowFeatures.join(','),
      disposition: sized ? 'new-window' : 'foreground-tab',
      referrer: { url: openerUrl, policy: 'default' },
    })
    dismiss(popup, /^https?:/i.test(url))
    if (answer?.action !== 'deny') {
      throw new NotImplementedError('Opening a window from a page (setWindowOpenHandler: allow)')
    }
  }
}

/**
 * Takes the new page away. It has to run first, since its opener's script stands still until then; and its request has to
 * be refused before it is closed, since closing lets go of requests that are only held.
 */
function dismiss({ session, targetId }: PageTarget, requests: boolean): void {
  const close = () => session.connection.root.tell('Target.closeTarget', { targetId })
  session.on('Fetch.requestPaused', ({ requestId }) => {
    session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' }).then(close, close)
  })
  const release = () => {
    session.tell('Runtime.runIfWaitingForDebugger')
    if (!requests) close()
  }
  session.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }).then(release, release)
}
