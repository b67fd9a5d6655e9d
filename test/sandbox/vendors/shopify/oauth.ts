import { createHmac } from 'node:crypto'
import type { SiteSpec } from '../../content/site.ts'
import { type ClientSpec, usersOf } from '../../directory.ts'
import { type Exchange, formBody, isRecord, json, jsonBody, type Reply } from '../../exchange.ts'
import { Authority } from '../../oauth/authority.ts'
import type { World } from '../../vendor.ts'
import { shopifyClients, shopifyScopes, shopifySites } from './sites.ts'

const hour = 3600
const refreshSeconds = 90 * 24 * hour
const tokenPath = '/admin/oauth/access_token'

export function shopifyAuthority(site: SiteSpec, world: World): Authority {
  return new Authority(
    {
      vendor: 'shopify',
      host: site.authorityHost,
      style: { vendorName: 'Shopify', title: site.name, colour: '#14532d' },
      paths: { authorize: '/admin/oauth/authorize', token: tokenPath },
      clients: shopifyClients,
      clientAuth: 'client_secret_post',
      scopes: shopifyScopes,
      users: usersOf('shopify', shopifySites).filter((user) => user.authorityHost === site.authorityHost),
      siteNames: new Map([[site.id, site.name]]),
      picksSite: false,
      refusesConsent: (user) =>
        user.role === 'light' ? 'You do not have permission to install apps. Ask the owner of the store.' : null,
      // Without `expiring` a token lives until the app is removed.
      accessSeconds: (body) => (isExpiring(body) ? hour : 400 * 24 * hour),
      refreshSeconds: () => refreshSeconds,
      codeSeconds: 60,
      rotatesRefresh: true,
      accessTokenBits: 128,
      dress: (raw) => `shpat_${Buffer.from(raw).toString('hex')}`,
      dressRedirect: (url, { client }) => signRedirect(url, site, client),
    },
    world,
  )
}

const isExpiring = (body: Record<string, unknown>) =>
  String(body.expiring) === '1' || body.grant_type === 'refresh_token'

/** `host`, `shop`, `timestamp`, and the signature over all of it by the client's secret. */
function signRedirect(url: URL, site: SiteSpec, client: ClientSpec | undefined): void {
  const name = site.host.split('.')[0] ?? ''
  url.searchParams.set('host', Buffer.from(`admin.shopify.com/store/${name}`).toString('base64'))
  url.searchParams.set('shop', site.host)
  url.searchParams.set('timestamp', String(Math.floor(Date.now() / 1000)))
  const sorted = [...url.searchParams].sort(([a], [b]) => (a < b ? -1 : 1))
  const text = new URLSearchParams(sorted).toString()
  url.searchParams.set(
    'hmac',
    createHmac('sha256', client?.clientSecret ?? '')
      .update(text)
      .digest('hex'),
  )
}

/** The authorize page takes scopes with commas between them. */
export function shopifyPage(authority: Authority, exchange: Exchange): Promise<Reply | undefined> {
  const url = new URL(exchange.url)
  if (url.pathname === authority.spec.paths.authorize) {
    url.searchParams.set('response_type', 'code')
    url.searchParams.set('scope', (url.searchParams.get('scope') ?? '').replaceAll(',', ' '))
  }
  return authority.page({ ...exchange, url })
}

/** POST /admin/oauth/access_token, JSON or a form. The answer has no `token_type`, and its scopes have commas. */
export async function shopifyToken(authority: Authority, exchange: Exchange): Promise<Reply> {
  const isJson = exchange.headers['content-type']?.includes('json')
  const given = isJson ? jsonBody(exchange) : Object.fromEntries(formBody(exchange))
  if (!isRecord(given)) return json(400, { error: 'invalid_request', error_description: 'The body could not be read' })
  const form = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
  if (form.grant_type === 'client_credentials') return ofTheShop(authority, form)
  const { authorization: _, ...headers } = exchange.headers
  const { body, bearer } = await authority.token({ ...exchange, headers }, form)
  if (!bearer) return json(400, fault(form, String(body.error)))
  const lasting = isExpiring(form)
    ? { expires_in: body.expires_in, refresh_token: body.refresh_token, refresh_token_expires_in: refreshSeconds }
    : {}
  return json(200, { access_token: body.access_token, scope: bearer.scopes.join(','), ...lasting })
}

/** For shops of the organisation that owns the app: a token of a day, without refresh token and without a person. */
async function ofTheShop(authority: Authority, form: Record<string, string>): Promise<Reply> {
  const client = authority.client(form.client_id ?? '')
  if (!client || client.clientSecret !== form.client_secret) return json(400, { error: 'application_cannot_be_found' })
  const owner = authority.spec.users.find((user) => user.role === 'admin') ?? authority.spec.users[0]
  if (!owner) throw new Error('the shop has nobody')
  const { accessToken, bearer } = await authority.mint(client.clientId, owner, client.scopes, 86_399)
  return json(200, { access_token: accessToken, scope: bearer.scopes.join(','), expires_in: 86_399 })
}

function fault(form: Record<string, string>, error: string): Record<string, string> {
  if (error === 'invalid_client') return { error: 'application_cannot_be_found' }
  const what = form.grant_type === 'refresh_token' ? 'refresh_token' : 'authorization code'
  return { error: 'invalid_request', error_description: `The ${what} was not found or was already used` }
}
