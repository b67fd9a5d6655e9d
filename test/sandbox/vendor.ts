import type { SiteSpec } from './content/site.ts'
import type { SiteStore } from './content/site-store.ts'
import type { ClientSpec } from './directory.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { VendorFlow } from './flow.ts'
import type { Limit, RateLimits } from './limits.ts'
import type { Authority } from './oauth/authority.ts'
import type { Passwords } from './oauth/passwords.ts'
import type { Secrets } from './oauth/secrets.ts'
import type { Troubles } from './troubles.ts'

/** What a vendor's part of the sandbox is given to work with. */
export interface World {
  seed: number
  stores: ReadonlyMap<string, SiteStore>
  limits: RateLimits
  passwords: Passwords
  secrets: Secrets
  troubles: Troubles
  /** How long a change stays out of exports and search indexes, in milliseconds. */
  exportLagMs(): number
}

/** One vendor in the sandbox: the only thing `sandbox.ts` knows of it. */
export interface VendorSpec {
  id: string
  /**
   * Host patterns, `*.zendesk.com` or `api.hubapi.com`, in the form Chromium's host rules and certificates take. A path may follow
   * (`*.myfreshworks.com/crm/sales`), where products share a host: the longest pattern that fits answers.
   */
  hosts: string[]
  sites: SiteSpec[]
  clients: ClientSpec[]
  limits: Record<string, Limit>
  /** Null for a vendor without OAuth: `keys` then says what signs calls. */
  flow: VendorFlow | null
  /** Secrets people paste in place of signing in, by site and person. */
  keys?: { site: string; email: string; key: string }[]
  open(world: World): VendorServer
}

export interface VendorServer {
  /** Authorisation servers, one per host that signs people in. */
  authorities: Authority[]
  answer(exchange: Exchange): Promise<Reply>
  /** Number of a conversation from the id its vendor gave it, and back. */
  conversationIndex(site: string, vendorId: string): number | undefined
  conversationId(site: string, index: number): string
  /** The id the vendor gives the entry `seq` of a conversation. */
  messageId(site: string, index: number, seq: number): string
}
