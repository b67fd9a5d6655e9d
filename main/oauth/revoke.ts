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
}

interface Subject {
  connector: Connector
  site: Site
  accountId: string
  client: OAuthClient
  grant: Grant
}

/** Tells the vendor that a grant is given back (RFC 7009, or the vendor's own way). Never throws. */
export async function revokeGrant(ports: RevocationPorts, subject: Subject): Promise<Revoked> {
  const { connector, site } = subject
  const { signIn } = connector
  const endpoints = signIn.kind === 'oauth' ? signIn.endpoints(site) : null
  const offered =
    connector.revoke !== undefined || (endpoints !== null && (endpoints.discovered || endpoints.revoke !== null))
  if (!offered) return 'not_offered'
  try {
    if (connector.revoke) await vendorsOwnWay(ports, subject)
    else if (!(await standardWay(ports, subject))) return 'not_offered'
    return 'revoked'
  } catch (error) {
    // A grant the vendor no longer knows is as good as revoked.
    if (isAppError(error, 'token_rejected', 'needs_sign_in')) return 'revoked'
    ports.log.warn('The vendor could not be told that a sign-in was given back', { vendor: connector.id, error })
    return 'not_reached'
  }
}

/** False where the server has no such endpoint. */
async function standardWay(ports: RevocationPorts, { connector, site, client, grant }: Subject): Promise<boolean> {
  const server = await resolveServer(connector, site, client, ports)
  if (server.as.revocation_endpoint === undefined) return false
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
    try {
      const answer = await ports.vault.readGrant(account.id)
      if (answer.kind !== 'found') return 'not_reached'
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
      return 'not_reached'
    }
  }
}
