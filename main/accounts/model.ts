import type { ErrorShape } from '../../preload/errors.ts'
import type { RedirectKind, SignInWay, Site } from '../connectors/connector.ts'
import type { Identity } from '../connectors/model.ts'

/** What the customer sees. */
export interface Brand {
  id: string
  name: string
  /** `#rrggbb` as chosen; the renderer adjusts it for contrast. */
  color: string
  /** One to three characters for the rail tile. */
  monogram: string
  /** Shown in "Replying as … from …". */
  replyName: string
  replyAddress: string
  signature: string
  /** Order on the rail. */
  position: number
}

export type AccountState = 'connected' | 'needs_sign_in' | 'paused'

/** One signed-in identity at one vendor site. No secret in it: the grant and the client secret are in the vault. */
export interface Account {
  id: string
  vendor: string
  site: Site
  siteLabel: string
  identity: Identity
  /** Null until the person has named a brand. */
  brandId: string | null
  /** The vendor's own brand key -> brand id, for accounts that serve several brands. */
  routing: Record<string, string>
  state: AccountState
  /** Why the account needs attention, in words; null when all is well. */
  trouble: ErrorShape | null
  clientId: string
  way: SignInWay
  /** Null where there is no handshake. */
  redirect: RedirectKind | null
  scopes: string[]
  /** Epoch milliseconds, null where unknown. Copied from the grant for showing. */
  accessExpiresAt: number | null
  refreshExpiresAt: number | null
  connectedAt: number
  lastSyncAt: number | null
  /** Session partition: `persist:account-<id>`. */
  partition: string
}
