import type { ErrorShape } from '../../preload/errors.ts'
import type { RedirectKind, SignInWay, Site } from '../connectors/connector.ts'
import type { Identity } from '../connectors/model.ts'
import type { ProofKey } from './proof.ts'

/** Redirect URLs people register at a vendor. `handover` is the static page in resources/redirect, hosted by us. */
export const redirectUris: Record<RedirectKind, string> = {
  handover: 'https://connect.manydesk.app/oauth/callback',
  app: 'app.manydesk://oauth/callback',
  /** As it is registered: vendors that take it ignore the port. */
  loopback: 'http://127.0.0.1/oauth/callback',
}

export const loopbackPath = '/oauth/callback'

export const handshakeLifetimeMs = 10 * 60_000

/** The token set of one account. Only the vault and the authorised HTTP client ever hold one in clear. */
export interface Grant {
  accessToken: string
  refreshToken: string | null
  tokenType: string
  scopes: string[]
  /** Epoch milliseconds. */
  obtainedAt: number
  expiresAt: number | null
  refreshExpiresAt: number | null
  /** The key of the account that these tokens are bound to; absent: they are bearer tokens. */
  privateKey?: ProofKey | undefined
}

/** OAuth client of a vendor site, given by the person (kept in the vault) or by configuration. */
export interface OAuthClient {
  clientId: string
  clientSecret: string | null
}

/** Reading one vault entry. Only `found` and `absent` permit a later write; the others block it (design: never lose ciphertext). */
export type VaultAnswer<T> =
  | { kind: 'found'; value: T }
  | { kind: 'absent' }
  | { kind: 'locked'; reason: string }
  | { kind: 'damaged'; reason: string }

/** Grants and client secrets at rest: one sealed entry per account and kind. */
export interface Vault {
  readGrant(accountId: string): Promise<VaultAnswer<Grant>>
  /** Durable when it resolves (rotated token on disk before use). @throws AppError keyring_* / file_failed */
  writeGrant(accountId: string, grant: Grant): Promise<void>
  readClient(accountId: string): Promise<VaultAnswer<OAuthClient>>
  writeClient(accountId: string, client: OAuthClient): Promise<void>
  /** 32 bytes, derived by HKDF from the app key: 'database', 'outbox-journal', 'audit'. */
  purposeKey(purpose: 'database' | 'outbox-journal' | 'audit'): Promise<Uint8Array>
  remove(accountId: string): Promise<void>
  /** The grant alone: the client stays for signing in again. @throws AppError file_failed */
  removeGrant(accountId: string): Promise<void>
}

export type HandshakeStep = 'preparing' | 'waiting' | 'exchanging' | 'verifying' | 'saving' | 'done' | 'failed'

/** One way to sign in with the redirect it uses. */
export interface Rung {
  way: SignInWay
  redirect: RedirectKind | null
}

/** One run of an OAuth flow as others may see it: no state, code, verifier or token in it. */
export interface HandshakeView {
  attemptId: string
  vendor: string
  siteLabel: string
  way: SignInWay
  step: HandshakeStep
  /** Set for a reconnect, and when `done`. */
  accountId: string | null
  error: ErrorShape | null
  /** What to type where, while a device code is waited for. */
  device: { userCode: string; url: string; completeUrl: string | null } | null
  /** After a failure of the way itself: the next one, and its redirect. */
  next: Rung | null
  /** Who answered, once the vendor has told; for the audit log, the window does not get it. */
  answeredBy?: Pick<Identity, 'name' | 'siteKey' | 'vendorUserId'>
  startedAt: number
  expiresAt: number
}

export interface ConnectRequest {
  vendor: string
  site: Site
  /** Null: use the client from configuration. */
  client: OAuthClient | null
  way: SignInWay
  /** Null where there is no handshake (`way` is `key`). */
  redirect: RedirectKind | null
  /** The vendor's secret, for `way` `key`. */
  key?: string | undefined
}
