import { toHar } from '../diagnostics/har.ts'
import { saveNewFile } from '../files/save-file.ts'
import type { Handshakes } from '../oauth/handshake.ts'
import { demand, type Enforcement } from '../policy/enforce.ts'
import type { Handlers } from './router.ts'

type HandshakeCalls =
  | 'accounts.connect'
  | 'accounts.reconnect'
  | 'accounts.handshakes'
  | 'accounts.trace'
  | 'accounts.saveTrace'
  | 'accounts.cancelHandshake'
  | 'accounts.showHandshake'

interface HandshakeParts {
  handshakes(): Handshakes
  version: string
  downloadsFolder: string
  /** A trace was saved as a file. */
  onExported(): void
  policy: Pick<Enforcement, 'mayExport'>
}

export function handshakeHandlers(parts: HandshakeParts): Pick<Handlers, HandshakeCalls> {
  const { handshakes, version, downloadsFolder, policy } = parts
  return {
    'accounts.trace': ({ attemptId }) => handshakes().trace(attemptId),
    async 'accounts.saveTrace'({ attemptId }) {
      demand(policy.mayExport())
      const har = JSON.stringify(toHar(handshakes().trace(attemptId), version), null, 2)
      const fileName = await saveNewFile(downloadsFolder, 'manydesk-sign-in.har', Buffer.from(har))
      parts.onExported()
      return { fileName, folder: downloadsFolder }
    },
    'accounts.connect': (request) => handshakes().connect(request),
    'accounts.reconnect': ({ accountId, ...again }) => handshakes().reconnect(accountId, again),
    'accounts.handshakes': () => handshakes().list(),
    'accounts.cancelHandshake': ({ attemptId }) => handshakes().cancel(attemptId),
    'accounts.showHandshake': ({ attemptId }) => handshakes().show(attemptId),
  }
}
