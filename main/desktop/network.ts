import type { Net } from 'electron'
import { AppError } from '../errors.ts'
import type { FetchPort } from '../ports.ts'

/** How often Chromium is asked whether there is a network: it tells the main process only when asked. */
const lookEveryMs = 3000

function addressOf(input: string | URL | Request): string {
  return input instanceof Request ? input.url : String(input)
}

/**
 * `fetch` over Chromium's network stack: system proxy and certificates. Cookies are left out, because all accounts share this
 * stack and one account's cookie must never answer for another. Only https: Chromium's fetch would read files, too.
 */
export function createFetch(net: Pick<Net, 'fetch'>): FetchPort {
  return async (input, init) => {
    const address = addressOf(input)
    if (!URL.canParse(address) || new URL(address).protocol !== 'https:') {
      throw new AppError('bad_request', 'Manydesk only talks to vendors over https.')
    }
    const request = input instanceof URL ? input.href : input
    return net.fetch(request, { ...init, credentials: 'omit' })
  }
}

export interface OnlineState {
  online(): boolean
  /** Called on each change. Answers the function that ends it. */
  onChange(listener: (online: boolean) => void): () => void
  /** Looks at once, for example after sleep. */
  look(): void
  stop(): void
}

export function createOnlineState(net: Pick<Net, 'isOnline'>): OnlineState {
  const listeners = new Set<(online: boolean) => void>()
  let online = net.isOnline()
  const look = () => {
    const now = net.isOnline()
    if (now === online) return
    online = now
    for (const listener of listeners) listener(now)
  }
  const timer = setInterval(look, lookEveryMs)
  timer.unref()
  return {
    online: () => online,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    look,
    stop: () => clearInterval(timer),
  }
}
