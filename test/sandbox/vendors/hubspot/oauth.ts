import { randomUUID } from 'node:crypto'
import { usersOf } from '../../directory.ts'
import { type Exchange, empty, formBody, html, json, type Reply } from '../../exchange.ts'
import { Authority } from '../../oauth/authority.ts'
import { errorPage } from '../../oauth/pages.ts'
import type { World } from '../../vendor.ts'
import { appHost, hubspotClients, hubspotScopes, hubspotSites } from './sites.ts'
import type { HubspotWire } from './wire.ts'

export function hubspotAuthority(world: World): Authority {
  return new Authority(
    {
      vendor: 'hubspot',
      host: appHost,
      style: { vendorName: 'HubSpot', title: 'HubSpot', colour: '#d1451f' },
      paths: { authorize: '/oauth/authorize', token: '/oauth/token' },
      clients: hubspotClients,
      clientAuth: 'client_secret_post',
      scopes: hubspotScopes,
      users: usersOf('hubspot', hubspotSites),
      siteNames: new Map(hubspotSites.map((site) => [site.id, `${site.name} (${site.id})`])),
      picksSite: false,
      refusesConsent: (user) =>
        user.role === 'light'
          ? 'You need Super Admin or Marketplace Access permission to connect this app. Ask your administrator.'
          : null,
      accessSeconds: () => 1800,
      refreshSeconds: () => 380 * 86_400,
      codeSeconds: 60,
      rotatesRefresh: false,
      accessTokenBits: 1860,
    },
    world,
  )
}

/** The authorize page: `/oauth/authorize`, or `/oauth/{hubId}/authorize`, which names the portal. */
export async function hubspotPage(authority: Authority, exchange: Exchange): Promise<Reply | undefined> {
  const named = /^\/oauth\/(\d+)\/authorize$/.exec(exchange.url.pathname)
  if (exchange.url.pathname !== authority.spec.paths.authorize && !named) return authority.page(exchange)
  const url = new URL(exchange.url)
  if (named) url.pathname = authority.spec.paths.authorize
  const query = url.searchParams
  query.set('response_type', 'code')
  const declared = authority.client(query.get('client_id'))?.scopes
  const wanted = (query.get('scope') ?? '').split(' ').filter(Boolean)
  const strange = declared ? wanted.filter((scope) => !declared.includes(scope)) : []
  if (wanted.length === 0 || strange.length > 0) {
    const detail =
      strange.length > 0 ? `Scopes the app does not declare: ${strange.join(', ')}` : 'The scope parameter is missing.'
    return html(400, errorPage(authority.spec.style, { title: 'Authorization failed', detail }))
  }
  // Optional scopes that the portal or the app lacks are dropped without a word.
  const optional = (query.get('optional_scope') ?? '').split(' ').filter((scope) => declared?.includes(scope))
  query.set('scope', [...new Set([...wanted, ...optional])].join(' '))
  query.delete('optional_scope')
  return authority.page({ ...exchange, url })
}

const words: Record<string, { status: string; message: string }> = {
  invalid_client: { status: 'BAD_CLIENT_ID', message: 'missing or invalid client id or secret' },
  authorization_code: { status: 'BAD_AUTH_CODE', message: 'missing or unknown auth code' },
  refresh_token: { status: 'BAD_REFRESH_TOKEN', message: 'missing or invalid refresh token' },
  redirect: {
    status: 'MISMATCH_REDIRECT_URI_AUTH_CODE',
    message: 'redirect URI does not match the one used when the auth code was created',
  },
}

function tokenFault(form: Record<string, string>, body: Record<string, unknown>, legacy: boolean): Reply {
  const error = String(body.error)
  const detail = String(body.error_description ?? '')
  const kind = error === 'invalid_client' ? error : /redirect_uri/.test(detail) ? 'redirect' : (form.grant_type ?? '')
  const known = words[kind] ?? { status: 'BAD_REQUEST', message: detail }
  const standard = legacy ? {} : { error, error_description: known.message }
  return json(400, { ...known, correlationId: randomUUID(), ...standard })
}

/** The token endpoints. Everything is in the body as a form; nothing may stand in the query. */
export async function hubspotToken(
  authority: Authority,
  exchange: Exchange,
  userIdOf: (site: string, email: string) => number,
): Promise<Reply> {
  const legacy = exchange.url.pathname === '/oauth/v1/token'
  const form = Object.fromEntries(formBody(exchange))
  if (!legacy && exchange.url.search !== '')
    return json(400, {
      status: 'BAD_REQUEST',
      message: 'parameters must be sent in the body',
      correlationId: randomUUID(),
    })
  const { authorization: _, ...headers } = exchange.headers
  const { status, body, bearer } = await authority.token({ ...exchange, headers }, form)
  if (status !== 200 || !bearer) return tokenFault(form, body, legacy)
  const common = {
    token_type: 'bearer',
    access_token: body.access_token,
    refresh_token: body.refresh_token,
    expires_in: body.expires_in,
  }
  if (legacy) return json(200, common)
  const user = userIdOf(bearer.site, bearer.user.email)
  return json(200, {
    ...common,
    hub_id: Number(bearer.site),
    user_id: user,
    scopes: bearer.scopes,
    token_use: 'access_token',
    id_token: null,
  })
}

export async function hubspotIntrospect(
  authority: Authority,
  exchange: Exchange,
  wires: ReadonlyMap<string, HubspotWire>,
): Promise<Reply> {
  const form = Object.fromEntries(formBody(exchange))
  const { status, body } = await authority.introspect(exchange, form)
  if (status !== 200) return tokenFault(form, body, false)
  const value = form.token ?? ''
  const refresh = authority.ledger.token('RefreshToken', value)
  const record = refresh ?? authority.ledger.token('AccessToken', value)
  const user = record && authority.user(record.accountId)
  if (body.active !== true || !record || !user) return json(200, { active: false })
  const site = authority.siteOf(record.grantId, user)
  const wire = wires.get(site)
  const place = wire?.store.spec.staff.findIndex((person) => person.email === user.email) ?? 0
  return json(200, {
    active: true,
    token_use: refresh ? 'refresh_token' : 'access_token',
    token_type: 'bearer',
    client_id: record.clientId,
    app_id: 18_221_010,
    hub_id: Number(site),
    hub_domain: `${wire?.store.spec.name.toLowerCase().replaceAll(' ', '-')}.example`,
    user: user.email,
    user_id: wire?.userId(place),
    scopes: record.scopes,
    expires_in: record.expiresAt - Math.floor(Date.now() / 1000),
    is_private_distribution: false,
  })
}

/** Revoking a refresh token ends the grant; revoking an access token ends that token. The app stays installed. */
export async function hubspotRevoke(authority: Authority, exchange: Exchange): Promise<Reply> {
  const form = Object.fromEntries(formBody(exchange))
  const { status, body } = await authority.introspect(exchange, form)
  if (status !== 200) return tokenFault(form, body, false)
  const refresh = authority.ledger.token('RefreshToken', form.token ?? '')
  if (refresh) authority.ledger.revokeGrant(refresh.grantId)
  else authority.ledger.revoke('AccessToken', form.token ?? '')
  return empty(204)
}

/** DELETE /oauth/v1/refresh-tokens/{token}: the old way; the token itself is the proof. */
export function revokeLegacy(authority: Authority, token: string): Reply {
  const refresh = authority.ledger.token('RefreshToken', token)
  if (!refresh)
    return json(404, { status: 'BAD_REFRESH_TOKEN', message: 'refresh token not found', correlationId: randomUUID() })
  authority.ledger.revokeGrant(refresh.grantId)
  return empty(204)
}
