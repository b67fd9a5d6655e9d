import type * as oauth from 'oauth4webapi'
import type { Connector, Site } from '../connectors/connector.ts'
import { AppError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import { createDiscovery, type Discovery, type ServerMetadata } from './discovery.ts'
import type { OAuthClient } from './model.ts'
import { newProof, proofAlgorithm } from './proof.ts'
import { type AuthorizationServer, authorizationServer, oauthOf } from './token-endpoint.ts'

/** Our way to the network, and what servers said of themselves before. */
export type ServerNetwork = Pick<AuthorizationServer, 'fetch' | 'timeoutMs' | 'trace'> & {
  /** Absent: servers that describe themselves are asked each time. */
  discovery?: Discovery | undefined
  clock: Clock
}

/**
 * The authorization server of one vendor site, asked for its addresses where the connector names only the issuer.
 * @throws AppError `not_supported`, `handshake_issuer_mismatch`, `vendor_*`, `offline`
 */
export async function resolveServer(
  connector: Connector,
  site: Site,
  client: OAuthClient,
  network: ServerNetwork,
): Promise<AuthorizationServer> {
  const server = authorizationServer(connector, site, client, network)
  const endpoints = oauthOf(connector).endpoints(site)
  if (!endpoints.discovered) return server
  const discovery = network.discovery ?? createDiscovery(network)
  const found = await discovery.of(endpoints.issuer)
  return { ...server, as: { ...server.as, ...addresses(found, connector) } }
}

/** The same, able to bind what it gives to a new key, where it offers that (RFC 9449 5.1). */
export async function resolveSigningServer(...what: Parameters<typeof resolveServer>): Promise<AuthorizationServer> {
  const server = await resolveServer(...what)
  const offered = server.as.dpop_signing_alg_values_supported?.includes(proofAlgorithm) === true
  return offered ? { ...server, proof: await newProof() } : server
}

function addresses(found: ServerMetadata, { name, signIn }: Connector): Partial<oauth.AuthorizationServer> {
  const byPerson =
    signIn.kind === 'oauth' && signIn.ways.some((way) => way === 'auth-window' || way === 'system-browser')
  if (byPerson && found.authorization_endpoint === undefined) {
    throw new AppError('vendor_bad_answer', `${name} does not say where people sign in.`, {
      action: 'Enter the addresses of its sign-in in the connector.',
      detail: 'no authorization_endpoint in its metadata',
    })
  }
  const told = Object.entries(found).filter(([key, value]) => value !== undefined && key !== 'scopes_supported')
  return Object.fromEntries(told)
}
