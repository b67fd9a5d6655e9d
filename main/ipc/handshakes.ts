import type { Handshakes } from '../oauth/handshake.ts'
import type { Handlers } from './router.ts'

type HandshakeCalls =
  | 'accounts.connect'
  | 'accounts.reconnect'
  | 'accounts.handshakes'
  | 'accounts.cancelHandshake'
  | 'accounts.showHandshake'

export function handshakeHandlers(handshakes: () => Handshakes): Pick<Handlers, HandshakeCalls> {
  return {
    'accounts.connect': (request) => handshakes().connect(request),
    'accounts.reconnect': ({ accountId, ...again }) => handshakes().reconnect(accountId, again),
    'accounts.handshakes': () => handshakes().list(),
    'accounts.cancelHandshake': ({ attemptId }) => handshakes().cancel(attemptId),
    'accounts.showHandshake': ({ attemptId }) => handshakes().show(attemptId),
  }
}
