import { randomBytes, randomUUID } from 'node:crypto'
import { type UserEntry, usersOf } from '../../directory.ts'
import { type Exchange, formBody, html, json, type Reply } from '../../exchange.ts'
import { Authority } from '../../oauth/authority.ts'
import { errorPage } from '../../oauth/pages.ts'
import type { World } from '../../vendor.ts'
import { graphHost, loginHost, outlookClients, outlookScopes, outlookSites, tenantId, tenantOf } from './sites.ts'

const lifeS = 3600
const day = 86_400
const fixedPath = '/organizations/oauth2/v2.0/authorize'
/** Ours only: the certified server does not see `offline_access`, which has rules of its own there. */
const offlineMark = 'sandbox_offline'

const tenants = [...new Set(outlookSites.map((site) => tenantOf(site.id)))]

/** The tenant a path names: a domain, or null for any. Undefined: there is no such tenant. */
function readTenant(name: string): string | null | undefined {
  if (['organizations', 'common'].includes(name)) return null
  return tenants.find((domain) => domain === name.toLowerCase() || tenantId(domain) === name.toLowerCase())
}

export function microsoftAuthority(world: World): Authority {
  return new Authority(
    {
      vendor: 'microsoft',
      host: loginHost,
      style: { vendorName: 'Microsoft', title: 'Microsoft 365', colour: '#0f6cbd' },
      paths: { authorize: fixedPath, token: '/organizations/oauth2/v2.0/token' },
      clients: outlookClients,
      clientAuth: 'client_secret_post',
      scopes: outlookScopes,
      users: usersOf('outlook', outlookSites),
      siteNames: new Map(outlookSites.map((site) => [site.id, tenantOf(site.id)])),
      picksSite: false,
      refusesConsent: () => null,
      accessSeconds: () => lifeS,
      refreshSeconds: () => 90 * day,
      codeSeconds: 600,
      rotatesRefresh: false,
      accessTokenBits: 2048,
      givesRefresh: (query) => query.has(offlineMark),
    },
    world,
  )
}

/** `/{tenant}/oauth2/v2.0/authorize` and the pages behind it. */
export async function microsoftPage(authority: Authority, exchange: Exchange): Promise<Reply | undefined> {
  const [, tenant] = /^\/([^/]+)\/oauth2\/v2\.0\/authorize$/.exec(exchange.url.pathname) ?? []
  if (tenant === undefined) return authority.page(exchange)
  const refuse = (detail: string) =>
    html(400, errorPage(authority.spec.style, { title: 'Sorry, but we are having trouble signing you in', detail }))
  if (readTenant(tenant) === undefined) return refuse(`AADSTS90002: Tenant '${tenant}' not found.`)
  const url = new URL(exchange.url)
  const query = url.searchParams
  const wanted = (query.get('scope') ?? '').split(' ').filter(Boolean)
  if (wanted.includes('offline_access')) query.set(offlineMark, '1')
  const plain = wanted
    .map(shortName)
    .filter((scope) => !['openid', 'profile', 'email', 'offline_access'].includes(scope))
  const strange = plain.filter((scope) => !Object.hasOwn(outlookScopes, scope))
  if (wanted.length === 0 || strange.length > 0)
    return refuse(`AADSTS70011: The provided value for the input parameter 'scope' is not valid: ${strange.join(' ')}`)
  if (!['query', null].includes(query.get('response_mode')))
    return refuse('AADSTS90014: response_mode is not supported here.')
  query.set('scope', plain.join(' '))
  // Everybody is asked which account to use, in any case.
  query.delete('prompt')
  query.delete('response_mode')
  url.pathname = fixedPath
  return authority.page({ ...exchange, url })
}

const shortName = (scope: string) => scope.replace(`https://${graphHost}/`, '')

interface Fault {
  error: string
  code: number
  words: string
}

const faults = {
  tenant: {
    error: 'invalid_request',
    code: 90002,
    words: 'Tenant not found. Check to make sure you have the correct tenant ID.',
  },
  app: { error: 'unauthorized_client', code: 700016, words: 'Application was not found in the directory.' },
  secretWanted: {
    error: 'invalid_client',
    code: 7000218,
    words: "The request body must contain: 'client_assertion' or 'client_secret'.",
  },
  secretWrong: { error: 'invalid_client', code: 7000215, words: 'Invalid client secret provided.' },
  secretUnwanted: {
    error: 'invalid_client',
    code: 700025,
    words: "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
  },
  scope: {
    error: 'invalid_scope',
    code: 70011,
    words: "The provided value for the input parameter 'scope' is not valid.",
  },
  otherTenant: {
    error: 'invalid_grant',
    code: 50020,
    words: 'User account from another identity provider does not exist in tenant.',
  },
  expired: { error: 'invalid_grant', code: 700082, words: 'The refresh token has expired due to inactivity.' },
  code: {
    error: 'invalid_grant',
    code: 70008,
    words: 'The provided authorization code or refresh token has expired due to inactivity.',
  },
} satisfies Record<string, Fault>

function faultReply({ error, code, words }: Fault): Reply {
  const trace = randomUUID()
  const correlation = randomUUID()
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`
  const lines = [
    `AADSTS${code}: ${words}`,
    `Trace ID: ${trace}`,
    `Correlation ID: ${correlation}`,
    `Timestamp: ${timestamp}`,
  ]
  const ids = { timestamp, trace_id: trace, correlation_id: correlation }
  return json(error === 'invalid_client' ? 401 : 400, {
    error,
    error_description: lines.join('\r\n'),
    error_codes: [code],
    ...ids,
  })
}

function refusalOf(authority: Authority, form: Record<string, string>, tenant: string): Fault | undefined {
  const client = authority.client(form.client_id ?? null)
  if (readTenant(tenant) === undefined) return faults.tenant
  if (!client) return faults.app
  if (client.clientSecret === null && form.client_secret !== undefined) return faults.secretUnwanted
  if (client.clientSecret !== null && form.client_secret === undefined) return faults.secretWanted
  if (client.clientSecret !== null && form.client_secret !== client.clientSecret) return faults.secretWrong
  const scopes = (form.scope ?? '').split(' ').filter(Boolean).map(shortName)
  const known = (scope: string) =>
    Object.hasOwn(outlookScopes, scope) || ['openid', 'profile', 'email', 'offline_access'].includes(scope)
  return scopes.every(known) ? undefined : faults.scope
}

/**
 * POST /{tenant}/oauth2/v2.0/token. Every refresh gives a refresh token that looks new, and the older ones stay good: the part before the
 * tilde is the same.
 */
export async function microsoftToken(
  authority: Authority,
  exchange: Exchange,
  world: World,
): Promise<Reply | undefined> {
  const [, tenant] = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(exchange.url.pathname) ?? []
  if (exchange.method !== 'POST' || tenant === undefined) return undefined
  const form = Object.fromEntries(formBody(exchange))
  const refusal = refusalOf(authority, form, tenant)
  if (refusal) return faultReply(refusal)
  const { scope: _, ...rest } = form
  const { authorization: __, ...headers } = exchange.headers
  const given = rest.refresh_token?.split('~', 1)[0]
  const { body, bearer } = await authority.token(
    { ...exchange, headers },
    given === undefined ? rest : { ...rest, refresh_token: given },
  )
  if (!bearer) return faultReply(form.grant_type === 'refresh_token' ? faults.expired : faults.code)
  if (!isHome(bearer.user, tenant)) return faultReply(faults.otherTenant)
  const raw = typeof body.refresh_token === 'string' ? body.refresh_token : given
  const refreshToken = raw === undefined ? null : `${raw}~${randomBytes(6).toString('base64url')}`
  if (refreshToken !== null) world.secrets.add('refresh_token', refreshToken)
  return json(200, {
    token_type: 'Bearer',
    // In the order and spelling of the service, not of the request; `offline_access` is never among them.
    scope: ['profile', 'openid', 'email', ...bearer.scopes.map((name) => `https://${graphHost}/${name}`)].join(' '),
    expires_in: body.expires_in,
    ext_expires_in: body.expires_in,
    access_token: body.access_token,
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
  })
}

const isHome = (user: UserEntry, tenant: string) => {
  const domain = readTenant(tenant)
  return domain === null || domain === tenantOf(user.email)
}
