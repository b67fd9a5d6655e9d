import type { Shell } from 'electron'
import { AppError } from '../errors.ts'
import type { BrowserPort } from '../ports.ts'
import { checkExternalUrl } from './external-url.ts'

/** The single place from which an address is handed to the operating system. */
export function createBrowser(shell: Pick<Shell, 'openExternal'>, linksArrive: () => boolean): BrowserPort {
  return {
    linksArrive,
    async openExternal(text) {
      const url = checkExternalUrl(text)
      try {
        await shell.openExternal(url)
      } catch (cause) {
        throw new AppError('handshake_browser_failed', 'Your browser could not be opened.', {
          action: 'Check that a default browser is set, then try again.',
          cause,
        })
      }
    },
  }
}
