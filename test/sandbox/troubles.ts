import type { Reply } from './exchange.ts'
import { type Exchange, redirect } from './exchange.ts'

/** What is wrong around the vendors (the network, the clock) and with what somebody registered or forbade there. */
export class Troubles {
  /** How far the `Date` of every answer is from the true time. */
  clockSkewMs = 0
  /** A network that answers every request with the way to its own login page. */
  captivePortal: string | null = null
  /** Name of the authority of a proxy that opens every connection with a certificate of its own. */
  proxyIssuer: string | null = null
  /** Redirect URLs registered for a client, in place of the usual ones. */
  readonly redirects = new Map<string, readonly string[]>()
  /** Hosts of authorisation servers where an administrator lets no app in. */
  readonly closedByAdmin = new Set<string>()
  /** Hosts of authorisation servers that the browser does not let keep cookies. */
  readonly cookiesBlocked = new Set<string>()

  clear(): void {
    this.clockSkewMs = 0
    this.captivePortal = null
    this.proxyIssuer = null
    for (const each of [this.redirects, this.closedByAdmin, this.cookiesBlocked]) each.clear()
  }

  /** The time that servers tell. */
  date(now: number): string {
    return new Date(now + this.clockSkewMs).toUTCString()
  }

  /** What the network answers in the vendor's place, or undefined where it lets the request through. */
  inTheWay({ host }: Exchange): Reply | undefined {
    return this.captivePortal === null || host === this.captivePortal
      ? undefined
      : redirect(`https://${this.captivePortal}/login?from=${encodeURIComponent(host)}`)
  }
}
