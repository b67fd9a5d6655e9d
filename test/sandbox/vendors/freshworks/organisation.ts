import { createHmac, randomBytes } from 'node:crypto'
import type { SiteSpec } from '../../content/site.ts'
import { type ClientSpec, usersOf } from '../../directory.ts'
import { json, type Reply } from '../../exchange.ts'
import { Authority, type Bearer } from '../../oauth/authority.ts'
import type { TokenRecord } from '../../oauth/ledger.ts'
import type { World } from '../../vendor.ts'
import { freshchatClients, freshchatScopes, freshchatSites } from '../freshchat/sites.ts'
import { freshsalesClients, freshsalesScopes, freshsalesSites } from '../freshsales/sites.ts'
import { freshserviceClients, freshserviceScopes, freshserviceSites } from '../freshservice/sites.ts'

/** What signs in at the organisations: the accounts, clients and permissions of all products together. */
const sites: SiteSpec[] = [...freshserviceSites, ...freshchatSites, ...freshsalesSites]
const clients: ClientSpec[] = [...freshserviceClients, ...freshchatClients, ...freshsalesClients]
const scopes: Record<string, string> = { ...freshserviceScopes, ...freshchatScopes, ...freshsalesScopes }

const signingKey = randomBytes(32)

/** The vendor's access token is a JWT; the opaque token it stands for rides in `jti`. */
function asJwt(orgHost: string, raw: string, token: TokenRecord, site: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = {
    iss: `https://${orgHost}`,
    aud: site,
    sub: '700100200300',
    user: token.accountId,
    organisation_domain: orgHost,
    organisation_id: '214365870921435',
    bundle_id: '65001',
    app_id: token.clientId,
    ext_oauth: true,
    scope: token.scopes,
    iat: token.issuedAt,
    exp: token.expiresAt,
    jti: raw,
  }
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${text}.${createHmac('sha256', signingKey).update(text).digest('base64url')}`
}

function organisation(host: string, world: World): Authority {
  const own = sites.filter((site) => site.authorityHost === host)
  return new Authority(
    {
      vendor: 'freshworks',
      host,
      style: { vendorName: 'Freshworks', title: host.split('.')[0] ?? host, colour: '#2c5cc5' },
      paths: { authorize: '/org/oauth/v2/authorize', token: '/org/oauth/v2/token' },
      clients: clients.filter((client) => client.authorityHosts.includes(host)),
      clientAuth: 'client_secret_basic',
      scopes,
      users: usersOf('freshworks', own),
      siteNames: new Map(own.map((site) => [site.id, site.name])),
      picksSite: true,
      refusesConsent: () => null,
      accessSeconds: () => 1800,
      refreshSeconds: () => 365 * 86_400,
      codeSeconds: 60,
      rotatesRefresh: true,
      accessTokenBits: 256,
      dress: (raw, token, site) => asJwt(host, raw, token, site),
    },
    world,
  )
}

const known = new WeakMap<World, Map<string, Authority>>()

/** The authorisation servers of one sandbox, by host: each organisation has one, which all its products share. */
export function organisations(world: World): ReadonlyMap<string, Authority> {
  const hosts = [...new Set(sites.map((site) => site.authorityHost))]
  const found = known.get(world) ?? new Map(hosts.map((host) => [host, organisation(host, world)]))
  known.set(world, found)
  return found
}

/** The grant behind a bearer token, where it is good for this site; else what is wrong with it. */
export function bearerOf(
  world: World,
  site: SiteSpec,
  authorization: string | undefined,
): Bearer | 'none' | 'expired' | 'invalid' {
  const given = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
  if (!given) return 'none'
  const found = organisations(world).get(site.authorityHost)?.check(given)
  if (found?.state === 'expired') return 'expired'
  return found?.state === 'live' && found.site === site.id ? found : 'invalid'
}

/** The discovery document a product host serves, so that the organisation's host can be learned from it. */
export function discovery(orgHost: string): Reply {
  const origin = `https://${orgHost}`
  return json(200, {
    issuer: origin,
    authorization_endpoint: `${origin}/org/oauth/v2/authorize`,
    token_endpoint: `${origin}/org/oauth/v2/token`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: Object.keys(scopes),
  })
}
