import { createHmac, randomBytes } from 'node:crypto'
import { usersOf } from '../../directory.ts'
import { type Exchange, formBody, html, json, jsonBody, type Reply } from '../../exchange.ts'
import { Authority } from '../../oauth/authority.ts'
import type { TokenRecord } from '../../oauth/ledger.ts'
import { errorPage } from '../../oauth/pages.ts'
import type { World } from '../../vendor.ts'
import { freshserviceClients, freshserviceScopes, freshserviceSites } from './sites.ts'

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

/** One organisation: its people sign in here and pick one of the organisation's product accounts. */
export function freshworksAuthority(orgHost: string, world: World): Authority {
  const sites = freshserviceSites.filter((site) => site.authorityHost === orgHost)
  return new Authority(
    {
      vendor: 'freshworks',
      host: orgHost,
      style: { vendorName: 'Freshworks', title: orgHost.split('.')[0] ?? orgHost, colour: '#2c5cc5' },
      paths: { authorize: '/org/oauth/v2/authorize', token: '/org/oauth/v2/token' },
      clients: freshserviceClients.filter((client) => client.authorityHosts.includes(orgHost)),
      clientAuth: 'client_secret_basic',
      scopes: freshserviceScopes,
      users: usersOf('freshservice', freshserviceSites).filter((user) => user.authorityHost === orgHost),
      siteNames: new Map(sites.map((site) => [site.id, site.name])),
      picksSite: true,
      refusesConsent: () => null,
      accessSeconds: () => 1800,
      refreshSeconds: () => 365 * 86_400,
      codeSeconds: 60,
      rotatesRefresh: true,
      accessTokenBits: 256,
      dress: (raw, token, site) => asJwt(orgHost, raw, token, site),
    },
    world,
  )
}

/** GET /org/oauth/v2/authorize: refuses what the vendor refuses before the certified server sees it. */
export async function freshworksPage(authority: Authority, exchange: Exchange): Promise<Reply | undefined> {
  const query = exchange.url.searchParams
  if (exchange.url.pathname === authority.spec.paths.authorize) {
    const fault = query.has('resource')
      ? 'invalid_id: invalid identifier value'
      : !/^[a-zA-Z0-9_-]{8,}$/.test(query.get('state') ?? '')
        ? 'invalid_request: state is mandatory'
        : undefined
    if (fault) return html(400, errorPage(authority.spec.style, { title: 'Authorisation failed', detail: fault }))
  }
  return authority.page(exchange)
}

/** POST /org/oauth/v2/token: Basic only; a secret in the body is refused. Form and JSON are both read. */
export async function freshworksToken(authority: Authority, exchange: Exchange): Promise<Reply> {
  const isJson = exchange.headers['content-type']?.includes('json')
  const given: Record<string, unknown> = isJson ? (jsonBody(exchange) ?? {}) : Object.fromEntries(formBody(exchange))
  if (given.resource !== undefined)
    return json(400, { error: 'invalid_id', error_description: 'invalid identifier value' })
  if (given.client_secret !== undefined || !exchange.headers.authorization?.startsWith('Basic ')) {
    return json(401, {
      error: 'invalid_client',
      error_description: 'client authentication must use the Authorization header',
    })
  }
  const form: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) if (name !== 'client_id') form[name] = String(value)
  const { status, body, bearer } = await authority.token(exchange, form)
  if (!bearer) return json(status, { error: body.error, error_description: body.error_description })
  return json(200, {
    access_token: body.access_token,
    refresh_token: body.refresh_token,
    expires_in: 1800,
    token_type: 'bearer',
    scope: bearer.scopes.join(' '),
  })
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
    scopes_supported: Object.keys(freshserviceScopes),
  })
}
