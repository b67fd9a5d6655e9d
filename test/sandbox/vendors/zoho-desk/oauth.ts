import { usersOf } from '../../directory.ts'
import { type Exchange, formBody, html, json, type Reply, redirect } from '../../exchange.ts'
import { Authority } from '../../oauth/authority.ts'
import { errorPage } from '../../oauth/pages.ts'
import type { World } from '../../vendor.ts'
import { type centres, zohoDeskClients, zohoDeskScopes, zohoDeskSites } from './sites.ts'

type Centre = (typeof centres)[number]

const everybody = usersOf('zoho-desk', zohoDeskSites)
/** Living refresh tokens of one person and client; one more ends the oldest without a word. */
const mostRefreshTokens = 20

/** The accounts server of one data centre. Its people, codes and tokens are unknown to the others. */
export class ZohoAccounts {
  readonly authority: Authority
  readonly centre: Centre
  readonly #world: World
  /** Who let which client in before: a refresh token comes at the first consent, and whenever consent is asked for. */
  readonly #known = new Set<string>()
  /** Authorization requests by the sign-in they became. */
  readonly #asked = new Map<string, string>()

  constructor(centre: Centre, world: World) {
    this.centre = centre
    this.#world = world
    const { accounts } = centre
    this.authority = new Authority(
      {
        vendor: 'zoho',
        host: accounts,
        style: { vendorName: 'Zoho', title: `Zoho Accounts (${centre.location.toUpperCase()})`, colour: '#0a7d34' },
        paths: { authorize: '/oauth/v2/auth', token: '/oauth/v2/token' },
        clients: zohoDeskClients.filter((client) => client.authorityHosts.includes(accounts)),
        clientAuth: 'client_secret_post',
        scopes: zohoDeskScopes,
        users: everybody.filter((user) => user.authorityHost === accounts),
        siteNames: new Map(zohoDeskSites.map((site) => [site.id, site.name])),
        picksSite: true,
        refusesConsent: () => null,
        accessSeconds: () => 3600,
        // No end is stated.
        refreshSeconds: () => 20 * 365 * 86_400,
        codeSeconds: 120,
        rotatesRefresh: false,
        accessTokenBits: 256,
        dressRedirect(url) {
          url.searchParams.set('location', centre.location)
          url.searchParams.set('accounts-server', `https://${accounts}`)
        },
        givesRefresh: (query, user, client) => this.#givesRefresh(query, `${user.email} ${client.clientId}`),
        dress: (raw) => `1000.${raw}`,
      },
      world,
    )
  }

  #givesRefresh(query: URLSearchParams, who: string): boolean {
    const first = !this.#known.has(who)
    this.#known.add(who)
    return query.get('access_type') === 'offline' && (first || query.get('prompt') === 'consent')
  }

  async page(exchange: Exchange): Promise<Reply | undefined> {
    const { pathname, searchParams } = exchange.url
    if (pathname === '/oauth/v2/auth') return this.#authorize(exchange)
    const [, uid = ''] = /^\/signin\/([^/]+)\/login$/.exec(pathname) ?? []
    const elsewhere = uid === '' ? undefined : this.#elsewhere(formBody(exchange).get('email') ?? '')
    // Who lives in another data centre is passed on to it, with the request as it was.
    if (elsewhere) return redirect(`https://${elsewhere}/oauth/v2/auth?${this.#asked.get(uid) ?? searchParams}`)
    return this.authority.page(exchange)
  }

  #elsewhere(email: string): string | undefined {
    const user = everybody.find((known) => known.email === email.trim().toLowerCase())
    return user && user.authorityHost !== this.centre.accounts ? user.authorityHost : undefined
  }

  /** Scopes stand between commas, and one unknown name refuses them all. */
  async #authorize(exchange: Exchange): Promise<Reply | undefined> {
    const url = new URL(exchange.url)
    const scopes = (url.searchParams.get('scope') ?? '').split(',')
    const unknown = scopes.find((scope) => !Object.hasOwn(zohoDeskScopes, scope))
    if (unknown !== undefined) {
      const detail = `Scope does not exist (invalid_oauthscope): ${unknown}`
      return html(400, errorPage(this.authority.spec.style, { title: 'Invalid OAuth Scope', detail }))
    }
    url.searchParams.set('scope', scopes.join(' '))
    const reply = await this.authority.page({ ...exchange, url })
    const [, uid] = /\/signin\/([^/?]+)$/.exec(String(reply?.headers.location ?? '')) ?? []
    if (uid) this.#asked.set(uid, exchange.url.searchParams.toString())
    return reply
  }

  /** Parameters are read from the query and the body. Errors come with 200, and only `access_token` tells success. */
  async token(exchange: Exchange): Promise<Reply> {
    const form = Object.fromEntries([...exchange.url.searchParams, ...formBody(exchange)])
    const client = this.authority.client(form.client_id ?? null)
    if (!client) return json(200, { error: 'invalid_client' })
    if (form.client_secret !== client.clientSecret) return json(200, { error: 'invalid_client_secret' })
    if (form.refresh_token && !this.#world.limits.spend(form.refresh_token, 'zoho-desk.refresh').ok)
      return json(400, {
        error: 'Access Denied',
        error_description: 'You have made too many requests continuously. Please try again after some time.',
        status: 'failure',
      })
    const { authorization: _, ...headers } = exchange.headers
    const { body, bearer } = await this.authority.token({ ...exchange, headers }, form)
    if (!bearer) return json(200, { error: wordOf(body) })
    this.#dropOldest(bearer.accountId, client.clientId)
    return json(200, {
      access_token: body.access_token,
      ...(form.refresh_token || !body.refresh_token ? {} : { refresh_token: body.refresh_token }),
      ...(form.refresh_token ? {} : { scope: bearer.scopes.join(' ') }),
      api_domain: 'https://www.zohoapis.com',
      token_type: 'Bearer',
      expires_in: 3600,
    })
  }

  #dropOldest(accountId: string, clientId: string): void {
    const { ledger } = this.authority
    const living = ledger
      .tokens('RefreshToken')
      .filter((token) => token.accountId === accountId && token.clientId === clientId && token.state === 'live')
    for (const token of living.slice(0, Math.max(0, living.length - mostRefreshTokens)))
      ledger.revokeGrant(token.grantId)
  }

  /** POST /oauth/v2/token/revoke?token=…: the refresh token ends all that came of it. */
  revoke(exchange: Exchange): Reply {
    const value = exchange.url.searchParams.get('token') ?? ''
    const { ledger } = this.authority
    const refresh = ledger.token('RefreshToken', value)
    const access = this.authority.check(value)
    if (refresh) ledger.revokeGrant(refresh.grantId)
    else if (access.state !== 'unknown') ledger.revoke('AccessToken', access.value)
    else return json(200, { error: 'invalid_token' })
    return json(200, { status: 'success' })
  }
}

function wordOf(body: Record<string, unknown>): string {
  if (body.error === 'invalid_grant')
    return /redirect_uri/.test(String(body.error_description)) ? 'invalid_redirect_uri' : 'invalid_code'
  return body.error === 'invalid_client' ? 'invalid_client' : 'general_error'
}
