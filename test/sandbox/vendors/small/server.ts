import type { SiteSpec } from '../../content/site.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { type ClientSpec, usersOf } from '../../directory.ts'
import { type Exchange, empty, formBody, json, jsonBody, type Refusal, type Reply } from '../../exchange.ts'
import { Authority, type AuthoritySpec, type Bearer } from '../../oauth/authority.ts'
import { requireProof } from '../../oauth/proof.ts'
import { matcher, type Route } from '../../router.ts'
import type { VendorServer, World } from '../../vendor.ts'

/** One authorised call of a small API. */
export interface SmallCall {
  exchange: Exchange
  params: Record<string, string>
  query: URLSearchParams
  store: SiteStore
  bearer: Bearer
  /** Place of the caller in the site's staff. */
  staff: number
}

/** What an invented small vendor is made of: the vendors that connectors described by data are tried with. */
export interface SmallSpec {
  id: string
  name: string
  colour: string
  sites: SiteSpec[]
  clients: ClientSpec[]
  scopes: Record<string, string>
  clientAuth: 'client_secret_basic' | 'client_secret_post'
  paths: { authorize: string; token: string; revoke?: string }
  /** What the server of one host offers beside that; absent: nothing. */
  offers?(host: string): Partial<Pick<AuthoritySpec, 'describesItself' | 'pushed' | 'proof' | 'device' | 'codeSeconds'>>
  tokenBody: 'form' | 'json'
  accessSeconds: number
  refreshSeconds: number
  rotatesRefresh: boolean
  picksSite: boolean
  /** The access token of a call; null when there is none. */
  token(exchange: Exchange): string | null
  /** The site a call is for; undefined for a host or path that is none. */
  siteOf(exchange: Exchange): string | undefined
  routes: Route<{ run(call: SmallCall): Reply; scope: string }>[]
  refuse: { unauthorised(): Refusal; forbidden(): Refusal; missing(): Refusal; tooMany(resetMs: number): Reply }
  /** Headers that tell the budget. */
  budget(spent: { max: number; remaining: number; resetMs: number }): Record<string, string>
  /** Files, by path; asked before the API. */
  file?(exchange: Exchange, stores: ReadonlyMap<string, SiteStore>): Reply | undefined
  conversationId(index: number): string
  conversationIndex(id: string): number | undefined
  messageId(index: number, seq: number): string
}

export class SmallServer implements VendorServer {
  readonly authorities: Authority[]
  readonly #spec: SmallSpec
  readonly #world: World
  readonly #find: ReturnType<typeof matcher<SmallSpec['routes'][number]['handler']>>

  constructor(spec: SmallSpec, world: World) {
    this.#spec = spec
    this.#world = world
    this.#find = matcher(spec.routes)
    const hosts = [...new Set(spec.sites.map((site) => site.authorityHost))]
    this.authorities = hosts.map((host) => smallAuthority(spec, host, world))
  }

  async answer(exchange: Exchange): Promise<Reply> {
    const { paths } = this.#spec
    const authority = this.authorities.find((known) => known.spec.host === exchange.host)
    const { pathname } = exchange.url
    if (authority && exchange.method === 'POST' && pathname === paths.token) return this.#tokens(authority, exchange)
    if (authority && exchange.method === 'POST' && pathname === paths.revoke) return revoke(authority, exchange)
    const page = authority ? await authority.page(exchange) : undefined
    const stores = new Map(
      this.#spec.sites.flatMap((site) => {
        const store = this.#world.stores.get(site.id)
        return store ? [[site.id, store] as const] : []
      }),
    )
    return page ?? this.#spec.file?.(exchange, stores) ?? this.#api(exchange)
  }

  conversationIndex = (_site: string, vendorId: string) => this.#spec.conversationIndex(vendorId)
  conversationId = (_site: string, index: number) => this.#spec.conversationId(index)
  messageId = (_site: string, index: number, seq: number) => this.#spec.messageId(index, seq)

  async #tokens(authority: Authority, exchange: Exchange): Promise<Reply> {
    const { tokenBody } = this.#spec
    const isJson = exchange.headers['content-type']?.includes('json') === true
    if (isJson !== (tokenBody === 'json'))
      return json(415, { error: 'invalid_request', error_description: `The body must be ${tokenBody}` })
    const given = isJson ? (jsonBody(exchange) ?? {}) : Object.fromEntries(formBody(exchange))
    const form = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)]))
    const { status, body, nonce, bearer } = await authority.token(exchange, form)
    if (!bearer) return json(status, { error: body.error, error_description: body.error_description }, nonce)
    const members = {
      access_token: body.access_token,
      refresh_token: body.refresh_token,
      expires_in: body.expires_in,
      token_type: body.token_type,
      scope: bearer.scopes.join(' '),
    }
    return json(200, members, nonce)
  }

  #api(exchange: Exchange): Reply {
    const spec = this.#spec
    const bearer = this.#bearer(exchange)
    const site = spec.siteOf(exchange)
    const store = site === undefined ? undefined : this.#world.stores.get(site)
    if (!store || bearer.site !== site) throw spec.refuse.missing()
    const spent = this.#world.limits.spend(site, `${spec.id}.api`)
    const headers = spec.budget(spent)
    if (!spent.ok) {
      const reply = spec.refuse.tooMany(spent.resetMs)
      return { ...reply, headers: { ...reply.headers, ...headers } }
    }
    const { match } = this.#find(exchange.method, exchange.url.pathname)
    if (!match) throw spec.refuse.missing()
    const { handler } = match.route
    if (!bearer.scopes.includes(handler.scope)) throw spec.refuse.forbidden()
    const staff = store.spec.staff.findIndex((person) => person.email === bearer.user.email)
    const call = { exchange, params: match.params, query: exchange.url.searchParams, store, bearer, staff }
    const reply = handler.run(call)
    return { ...reply, headers: { ...headers, ...reply.headers } }
  }

  #bearer(exchange: Exchange): Bearer {
    const value = this.#spec.token(exchange)
    for (const authority of this.authorities) {
      const found = value === null ? null : authority.check(value)
      if (found?.state !== 'live') continue
      if (found.jkt !== undefined) requireProof(exchange, value ?? '', found.jkt)
      return found
    }
    throw this.#spec.refuse.unauthorised()
  }
}

function smallAuthority(spec: SmallSpec, host: string, world: World): Authority {
  const sites = spec.sites.filter((site) => site.authorityHost === host)
  return new Authority(
    {
      vendor: spec.id,
      host,
      style: { vendorName: spec.name, title: sites[0]?.name ?? spec.name, colour: spec.colour },
      paths: spec.paths,
      clients: spec.clients.filter((client) => client.authorityHosts.includes(host)),
      clientAuth: spec.clientAuth,
      scopes: spec.scopes,
      users: usersOf(spec.id, spec.sites).filter((user) => user.authorityHost === host),
      siteNames: new Map(sites.map((site) => [site.id, site.name])),
      picksSite: spec.picksSite,
      refusesConsent: () => null,
      accessSeconds: () => spec.accessSeconds,
      refreshSeconds: () => spec.refreshSeconds,
      codeSeconds: 60,
      rotatesRefresh: spec.rotatesRefresh,
      accessTokenBits: 256,
      ...spec.offers?.(host),
    },
    world,
  )
}

/** RFC 7009: whatever is not known is revoked already. A refresh token takes its access tokens along. */
function revoke(authority: Authority, exchange: Exchange): Reply {
  const token = formBody(exchange).get('token')
  for (const kind of ['RefreshToken', 'AccessToken'] as const) {
    for (const bearer of authority.bearers(kind, {}))
      if (bearer.value === token) authority.ledger.revokeGrant(bearer.grantId)
  }
  return empty(200)
}

/** The conversation a path names. @throws Refusal of the vendor */
export function conversationOf(spec: Pick<SmallSpec, 'conversationIndex' | 'refuse'>, call: SmallCall): number {
  const index = spec.conversationIndex(call.params.id ?? '')
  if (index === undefined || !call.store.has(index)) throw spec.refuse.missing()
  return index
}

/** Newest change first, from a position; with what is hidden, which these APIs show as gone. */
export function newestFirst(
  store: SiteStore,
  from: number,
  limit: number,
  since = 0,
): { indexes: number[]; more: boolean } {
  const indexes: number[] = []
  let position = store.changes.size - 1 - from
  for (; position >= 0 && indexes.length < limit; position -= 1) {
    const index = store.changes.at(position)
    if (index === undefined || store.changes.changedAt(index) < since) return { indexes, more: false }
    indexes.push(index)
  }
  const next = store.changes.at(position)
  return { indexes, more: next !== undefined && store.changes.changedAt(next) >= since }
}

export const entriesAfterFirst = (store: SiteStore, index: number) =>
  store
    .entries(index)
    .slice(1)
    .filter((entry) => entry.kind !== 'event')
