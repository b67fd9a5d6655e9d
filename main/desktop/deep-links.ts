import type { Clock, Log } from '../ports.ts'

/** Reverse-domain scheme of RFC 8252 7.1, a constant: nothing may ever write another one into the system. */
export const linkScheme = 'app.manydesk'

const maxLinkLength = 8192
const maxWaiting = 20
const windowMs = 10_000
const maxPerWindow = 20

/** The link among the arguments of a start. Chromium may reorder and add arguments, so its position says nothing. */
export function linkFromArguments(argv: readonly string[]): string | null {
  return argv.findLast(isLink) ?? null
}

function isLink(text: string): boolean {
  return text.length <= maxLinkLength && text.toLowerCase().startsWith(`${linkScheme}:`) && URL.canParse(text)
}

export interface DeepLinks {
  /** A link from open-url, a second instance or the first start. Its text never reaches the log. */
  offer(link: string): void
  /** Delivers what waited, then everything that comes. Call it when services are up or have failed. */
  deliverTo(listener: (link: string) => void): void
}

/** Links wait until somebody takes them; floods are dropped with one line a second (security fault 7). */
export function createDeepLinks(options: { clock: Clock; log: Log }): DeepLinks {
  const { clock, log } = options
  const waiting: string[] = []
  let listener: ((link: string) => void) | null = null
  let arrivals: number[] = []
  let lastComplaint = Number.NEGATIVE_INFINITY

  const drop = (reason: string) => {
    const now = clock.monotonic()
    if (now - lastComplaint < 1000) return
    lastComplaint = now
    log.warn('A link from outside was dropped', { reason })
  }

  const withinRate = (): boolean => {
    const now = clock.monotonic()
    arrivals = arrivals.filter((time) => now - time < windowMs)
    if (arrivals.length >= maxPerWindow) return false
    arrivals.push(now)
    return true
  }

  return {
    offer(link) {
      if (!isLink(link)) return drop('not one of ours')
      if (!withinRate()) return drop('too many at once')
      if (listener !== null) return listener(link)
      if (waiting.length >= maxWaiting) return drop('too many waiting')
      waiting.push(link)
    },
    deliverTo(next) {
      listener = next
      for (const link of waiting.splice(0)) next(link)
    },
  }
}
