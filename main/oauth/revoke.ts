import type { KyInstance } from 'ky'
import type { Account } from '../accounts/model.ts'
import type { Revoked } from '../accounts/removal.ts'
import type { Connector, Site, TokenSource } from '../connectors/connector.ts'
import { AppError, isAppError } from '../errors.ts'
import type { Clock, FetchPort, Log } from '../ports.ts'
import type { Clients } from './clients.ts'
import type { Discovery } from './discovery.ts'
import type { Grant, OAuthClient, Vault } from './model.ts'
import { grantProof, type Proof, provenFetch } from './proof.ts'
import { resolveServer } from './server.ts'
import { redeemRefreshToken, revokeToken } from './token-endpoint.ts'

/** An authorised client for calls outside of an account's own: the first call after signing in, and revocation. */
export type HttpFor = (request: {
  connector: Connector
  site: Site
  accountId: string
  tokens: TokenSource
}) => KyInstance

export interface RevocationPorts {
  fetch: FetchPort
  httpFor: HttpFor
  clock: Clock
  log: Log
  /** For each request, in milliseconds. */
  timeoutMs: number
  /** What authorization servers said of themselves before. */
  discovery?: Discovery | undefined
  /** Each revocation when it begins, and what came of it. */
  onRevocation?(of: RevokedGrant, stage: 'asked' | Revoked): void
}

/** Whose grant is given back. */
export interface RevokedGrant {
  accountId: string
  vendor: string
  site: string
  /** Set where the grant is not the account's own: who answered a sign-in that was not kept. */
  user?: string
}

interface Subject {
  connector: Connector
  site: Site
  accountId: string
  client: OAuthClient
  grant: Grant
  /** Set where the grant is not the account's own: who answered a sign-in that is not kept. */
  user?: string
}

/** Tells the vendor that a grant is given back (RFC 7009, or the vendor's own way). Never throws. */
export async function revokeGrant(ports: RevocationPorts, subject: Subject): Promise<Revoked> {
  const { connector, site, accountId, user } = subject
  const { signIn } = connector
  const tell = (stage: 'asked' | Revoked) =>
    ports.onRevocation?.(
      { accountId, vendor: connector.id, site: signIn.siteLabel(site), ...(user === undefined ? {} : { user }) },
      stage,
    )
  const answer = await askVendor(ports, subject, () => tell('asked'))
  tell(answer)
  return answer
}

/** `onAsk`: there is somebody to ask, and it is done now. */
async function askVendor(ports: RevocationPorts, subject: Subject, onAsk: () => void): Promise<Revoked> {
  const { connector } = subject
  try {
    if (connector.revoke) {
      onAsk()
      await vendorsOwnWay(ports, subject)
    } else if (!(await standardWay(ports, subject, onAsk))) return 'not_offered'
    return 'revoked'
  } catch (error) {
    // A grant the vendor no longer knows is as good as revoked.
    if (isAppError(error, 'token_rejected', 'needs_sign_in')) return 'revoked'
    ports.log.warn('The vendor could not be told that a sign-in was given back', { vendor: connector.id, error })
    return 'not_reached'
  }
}

/** False where the server has no such endpoint. */
async function standardWay(ports: RevocationPorts, subject: Subject, onAsk: () => void): Promise<boolean> {
  const { connector, site, client, grant } = subject
  const endpoints = connector.signIn.kind === 'oauth' ? connector.signIn.endpoints(site) : null
  if (endpoints === null || (!endpoints.discovered && endpoints.revoke === null)) return false
  const server = await resolveServer(connector, site, client, ports)
  if (server.as.revocation_endpoint === undefined) return false
  onAsk()
  const signal = AbortSignal.timeout(ports.timeoutMs * 2)
  if (grant.refreshToken === null) {
    await revokeToken(server, grant.accessToken, 'access_token', signal)
    return true
  }
  await revokeToken(server, grant.refreshToken, 'refresh_token', signal)
  await revokeToken(server, grant.accessToken, 'access_token', signal).catch((error: unknown) => {
    // RFC 7009 2.2.1: a server may take back refresh tokens only, which ends the access tokens by itself.
    if (!isAppError(error, 'not_supported')) throw error
  })
  return true
}

async function vendorsOwnWay(ports: RevocationPorts, subject: Subject): Promise<void> {
  const { connector, site, accountId, client } = subject
  const signal = AbortSignal.timeout(ports.timeoutMs * 3)
  let grant = subject.grant
  const now = ports.clock.now()
  // The vendor's own way is an API call and needs an access token that still works.
  if (grant.refreshToken !== null && grant.expiresAt !== null && grant.expiresAt < now + 10_000) {
    const server = { ...(await resolveServer(connector, site, client, ports)), proof: await grantProof(grant) }
    grant = await redeemRefreshToken(server, { ...grant, refreshToken: grant.refreshToken }, now, signal)
  }
  const http = ports.httpFor({
    connector,
    site,
    accountId,
    tokens: fixedToken(grant.accessToken, notAccepted(), await grantProof(grant)),
  })
  await connector.revoke?.({ http, site, signal })
}

/** The token source of one grant that is not (or no longer) kept by an account. `refused`: what a 401 means; `proof`: of a bound token. */
export function fixedToken(token: string, refused = notAccepted(), proof: Proof | null = null): TokenSource {
  return {
    current: async () => token,
    ...(proof ? { proven: async (used, fetch) => provenFetch(proof, used, fetch) } : {}),
    renew: async () => {
      throw refused
    },
  }
}

function notAccepted(): AppError {
  return new AppError('needs_sign_in', 'The vendor did not accept this sign-in.', { action: 'Sign in again.' })
}

/** For removing an account: revokes what the vault holds for it. Never throws. */
export function createAccountRevocation(
  ports: RevocationPorts & {
    vault: Vault
    clients: Clients
    connectorFor(vendor: string): Connector | null | undefined
  },
): (account: Account) => Promise<Revoked> {
  return async (account) => {
    const connector = ports.connectorFor(account.vendor)
    if (!connector) return 'not_offered'
    const notReached = (): Revoked => {
      ports.onRevocation?.({ accountId: account.id, vendor: account.vendor, site: account.siteLabel }, 'not_reached')
      return 'not_reached'
    }
    try {
      const answer = await ports.vault.readGrant(account.id)
      if (answer.kind !== 'found') return notReached()
      const client = await ports.clients.of(account)
      return await revokeGrant(ports, {
        connector,
        site: account.site,
        accountId: account.id,
        client,
        grant: answer.value,
      })
    } catch (error) {
      ports.log.warn('A sign-in could not be given back to its vendor', { accountId: account.id, error })
      return notReached()
    }
  }
}
