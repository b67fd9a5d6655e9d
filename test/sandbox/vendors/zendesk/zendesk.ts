import { type Exchange, empty, json, type Reply, redirect } from '../../exchange.ts'
import type { Authority, Bearer } from '../../oauth/authority.ts'
import { matcher, type Route } from '../../router.ts'
import type { VendorServer, VendorSpec, World } from '../../vendor.ts'
import type { Call } from './call.ts'
import { refuse, tooMany } from './errors.ts'
import { flow } from './flow.ts'
import { incrementalTickets, listTickets, searchTickets, showMany } from './lists.ts'
import { applyMacro, listActiveMacros } from './macros.ts'
import { zendeskAuthority, zendeskToken } from './oauth.ts'
import * as people from './people.ts'
import { zendeskClients, zendeskSites } from './sites.ts'
import { listAudits, listComments, showTicket, ticketTags, updateTicket } from './ticket.ts'
import { ZendeskWire } from './wire.ts'

/** Where attachments are really fetched from: a host of another name, which must never see the bearer token. */
const contentHost = 'p5.zdusercontent.com'

interface Endpoint {
  run(call: Call): Reply
  /** Narrow scope that is enough; `read` or `write` always is. */
  scope?: string
  limit?: string
}

const endpoint = (run: Endpoint['run'], scope?: string, limit?: string): Endpoint => ({
  run,
  ...(scope ? { scope } : {}),
  ...(limit ? { limit } : {}),
})

const routes: Route<Endpoint>[] = [
  { method: 'GET', path: '/api/v2/tickets', handler: endpoint(listTickets, 'tickets', 'zendesk.tickets-index') },
  { method: 'GET', path: '/api/v2/tickets/show_many', handler: endpoint(showMany, 'tickets') },
  { method: 'GET', path: '/api/v2/tickets/{id}', handler: endpoint(showTicket, 'tickets') },
  { method: 'PUT', path: '/api/v2/tickets/{id}', handler: endpoint(updateTicket, 'tickets', 'zendesk.update') },
  { method: 'GET', path: '/api/v2/tickets/{id}/comments', handler: endpoint(listComments, 'tickets') },
  { method: 'GET', path: '/api/v2/tickets/{id}/audits', handler: endpoint(listAudits, 'tickets') },
  ...['GET', 'PUT', 'POST', 'DELETE'].map((method) => ({
    method,
    path: '/api/v2/tickets/{id}/tags',
    handler: endpoint(ticketTags, 'tickets'),
  })),
  {
    method: 'GET',
    path: '/api/v2/incremental/tickets/cursor',
    handler: endpoint(incrementalTickets, 'tickets', 'zendesk.incremental'),
  },
  {
    method: 'GET',
    path: '/api/v2/incremental/users/cursor',
    handler: endpoint(people.incrementalUsers, 'users', 'zendesk.incremental'),
  },
  { method: 'GET', path: '/api/v2/search', handler: endpoint((call) => searchTickets(call, false)) },
  {
    method: 'GET',
    path: '/api/v2/search/export',
    handler: endpoint((call) => searchTickets(call, true), undefined, 'zendesk.search-export'),
  },
  { method: 'GET', path: '/api/v2/users', handler: endpoint(people.listUsers, 'users') },
  { method: 'GET', path: '/api/v2/users/me', handler: endpoint(people.me, 'users') },
  { method: 'GET', path: '/api/v2/users/show_many', handler: endpoint(people.showManyUsers, 'users') },
  { method: 'GET', path: '/api/v2/users/search', handler: endpoint(people.searchUsers, 'users') },
  { method: 'GET', path: '/api/v2/users/{id}', handler: endpoint(people.showUser, 'users') },
  { method: 'GET', path: '/api/v2/groups', handler: endpoint(people.listGroups) },
  { method: 'GET', path: '/api/v2/groups/assignable', handler: endpoint(people.listGroups) },
  { method: 'GET', path: '/api/v2/brands', handler: endpoint(people.listBrands) },
  { method: 'GET', path: '/api/v2/macros/active', handler: endpoint(listActiveMacros) },
  { method: 'GET', path: '/api/v2/tickets/{id}/macros/{macro}/apply', handler: endpoint(applyMacro) },
  { method: 'GET', path: '/api/v2/custom_statuses', handler: endpoint(people.listCustomStatuses) },
  { method: 'POST', path: '/api/v2/uploads', handler: endpoint(people.upload) },
  { method: 'GET', path: '/api/v2/attachments/{id}', handler: endpoint(people.showAttachment) },
  { method: 'GET', path: '/api/v2/oauth/tokens/current', handler: endpoint(people.currentToken) },
  { method: 'DELETE', path: '/api/v2/oauth/tokens/current', handler: endpoint(people.revokeCurrent) },
]

const find = matcher(routes)

class ZendeskServer implements VendorServer {
  readonly authorities: Authority[]
  readonly #world: World
  readonly #wires = new Map<string, ZendeskWire>()

  constructor(world: World) {
    this.#world = world
    this.authorities = zendeskSites.map((site) => zendeskAuthority(site, world))
    for (const site of zendeskSites) {
      const store = world.stores.get(site.id)
      if (store) this.#wires.set(site.id, new ZendeskWire(store))
    }
  }

  async answer(exchange: Exchange): Promise<Reply> {
    if (exchange.host === contentHost) return this.#content(exchange)
    const wire = this.#wires.get(exchange.host)
    const authority = this.authorities.find((known) => known.spec.host === exchange.host)
    if (!wire || !authority)
      return {
        status: 404,
        headers: { 'content-type': 'text/html' },
        body: '<h1>Oops, this help desk no longer exists</h1>',
      }
    const path = exchange.url.pathname
    if (path === '/oauth/tokens' && exchange.method === 'POST') return zendeskToken(authority, exchange)
    if (path.startsWith('/attachments/token/')) return this.#attachment(exchange)
    if (path.startsWith('/api/v2/')) return this.#api(exchange, wire, authority)
    return (
      (await authority.page(exchange)) ?? {
        status: 404,
        headers: { 'content-type': 'text/html' },
        body: '<h1>Page not found</h1>',
      }
    )
  }

  conversationIndex(_site: string, vendorId: string): number | undefined {
    const index = Number(vendorId) - 1
    return Number.isInteger(index) ? index : undefined
  }

  conversationId(_site: string, index: number): string {
    return String(index + 1)
  }

  messageId(site: string, index: number, seq: number): string {
    return String(this.#wires.get(site)?.ids.comment(index, seq) ?? '')
  }

  #api(exchange: Exchange, wire: ZendeskWire, authority: Authority): Reply {
    const path = exchange.url.pathname.replace(/\.json$/, '')
    const { match } = find(exchange.method, path)
    if (!match) throw refuse.badEndpoint()
    if (path === '/api/v2/users/me' && !exchange.headers.authorization) return anonymous()
    const bearer = bearerOf(exchange, authority)
    const headers: Record<string, string> = {}
    const over = this.#spend(wire.store.spec.id, match.route.handler, headers)
    if (over) return { ...over, headers: { ...over.headers, ...headers } }
    checkScope(exchange.method, match.route.handler, bearer)
    const reply = match.route.handler.run({
      exchange,
      params: match.params,
      query: exchange.url.searchParams,
      store: wire.store,
      wire,
      bearer,
      authority,
      limits: this.#world.limits,
      staff: wire.store.spec.staff.findIndex((person) => person.email === bearer.user.email),
      exportLagMs: this.#world.exportLagMs(),
    })
    return { ...reply, headers: { ...headers, ...reply.headers } }
  }

  /** Takes the call from the account's budget, and from the endpoint's own where it has one. */
  #spend(site: string, target: Endpoint, headers: Record<string, string>): Reply | undefined {
    const all = this.#world.limits.spend(site, 'zendesk.api')
    headers['x-rate-limit'] = headers['ratelimit-limit'] = String(all.max)
    headers['x-rate-limit-remaining'] = headers['ratelimit-remaining'] = String(all.remaining)
    headers['ratelimit-reset'] = String(Math.ceil(all.resetMs / 1000))
    if (!all.ok) return tooMany(Math.ceil(all.resetMs / 1000))
    if (!target.limit) return undefined
    const own = this.#world.limits.spend(site, target.limit)
    const reset = Math.ceil(own.resetMs / 1000)
    if (target.limit === 'zendesk.tickets-index') {
      headers['zendesk-ratelimit-tickets-index'] = `total=${own.max}; remaining=${own.remaining}; resets=${reset}`
    }
    return own.ok ? undefined : tooMany(reset)
  }

  #attachment(exchange: Exchange): Reply {
    const token = exchange.url.pathname.split('/')[3] ?? ''
    return redirect(
      `https://${contentHost}/attachment/${exchange.host}/${token}/?name=${exchange.url.searchParams.get('name') ?? ''}`,
    )
  }

  #content(exchange: Exchange): Reply {
    const [, , host = '', token = ''] = exchange.url.pathname.split('/')
    const wire = this.#wires.get(host)
    const place = wire?.ids.attachmentPlace(Number(Buffer.from(token, 'base64url').toString()))
    const file =
      wire && place && wire.store.has(place.index)
        ? wire.store.entries(place.index)[place.seq]?.files[place.place]
        : undefined
    if (!file) return empty(404)
    return { status: 200, headers: { 'content-type': file.contentType }, body: file.bytes }
  }
}

function anonymous(): Reply {
  return json(200, {
    user: { id: null, url: null, name: 'Anonymous user', email: 'invalid@example.com', role: 'end-user', active: true },
  })
}

function bearerOf(exchange: Exchange, authority: Authority): Bearer {
  const given = /^Bearer (.+)$/i.exec(exchange.headers.authorization ?? '')?.[1]
  if (!given) throw refuse.unauthenticated()
  const found = authority.check(given)
  if (found.state !== 'live') throw refuse.badToken()
  return found
}

function checkScope(method: string, target: Endpoint, bearer: Bearer): void {
  const right = method === 'GET' ? 'read' : 'write'
  const enough = bearer.scopes.includes(right) || (target.scope && bearer.scopes.includes(`${target.scope}:${right}`))
  if (!enough) throw refuse.forbidden('You do not have access to this page. The token is missing a required scope.')
}

const minute = 60_000

/** Zendesk Support. Limits: those of the Enterprise Plus plan with the high-volume add-on. */
export const zendesk: VendorSpec = {
  id: 'zendesk',
  flow,
  hosts: ['*.zendesk.com', '*.zdusercontent.com'],
  sites: zendeskSites,
  clients: zendeskClients,
  limits: {
    'zendesk.api': { max: 2500, windowMs: minute },
    'zendesk.tickets-index': { max: 100, windowMs: minute },
    'zendesk.incremental': { max: 30, windowMs: minute },
    'zendesk.update': { max: 300, windowMs: minute },
    'zendesk.search-export': { max: 100, windowMs: minute },
  },
  open: (world) => new ZendeskServer(world),
}
