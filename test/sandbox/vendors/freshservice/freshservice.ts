import { type Exchange, empty, json, type Reply } from '../../exchange.ts'
import type { Authority, Bearer } from '../../oauth/authority.ts'
import { matcher, type Route } from '../../router.ts'
import type { VendorServer, VendorSpec, World } from '../../vendor.ts'
import { flow } from '../freshworks/flow.ts'
import { bearerOf, discovery } from '../freshworks/organisation.ts'
import type { Call } from './call.ts'
import { refuse } from './errors.ts'
import * as people from './people.ts'
import { freshserviceClients, freshserviceSites } from './sites.ts'
import * as tickets from './tickets.ts'
import { FreshserviceWire, storageHost } from './wire.ts'

interface Endpoint {
  run(call: Call): Reply | Promise<Reply>
  /** Null: any signed-in agent. */
  scope: string | null
  limit?: string
}

const scope = (name: string) => `freshservice.${name}`

const routes: Route<Endpoint>[] = [
  {
    method: 'GET',
    path: '/api/v2/tickets',
    handler: { run: tickets.listTickets, scope: scope('tickets.view'), limit: 'freshservice.lists' },
  },
  {
    method: 'GET',
    path: '/api/v2/tickets/filter',
    handler: { run: tickets.filterTickets, scope: scope('tickets.view'), limit: 'freshservice.lists' },
  },
  {
    method: 'GET',
    path: '/api/v2/tickets/{id}',
    handler: { run: tickets.showTicket, scope: scope('tickets.view'), limit: 'freshservice.tickets' },
  },
  {
    method: 'PUT',
    path: '/api/v2/tickets/{id}',
    handler: { run: tickets.updateTicket, scope: scope('tickets.edit'), limit: 'freshservice.tickets' },
  },
  {
    method: 'GET',
    path: '/api/v2/tickets/{id}/conversations',
    handler: { run: tickets.listConversations, scope: scope('tickets.conversations.view') },
  },
  {
    method: 'POST',
    path: '/api/v2/tickets/{id}/reply',
    handler: { run: tickets.reply, scope: scope('tickets.conversations.create') },
  },
  {
    method: 'POST',
    path: '/api/v2/tickets/{id}/notes',
    handler: { run: tickets.note, scope: scope('tickets.conversations.create') },
  },
  {
    method: 'GET',
    path: '/api/v2/agents',
    handler: { run: people.listAgents, scope: scope('agents.manage'), limit: 'freshservice.lists' },
  },
  { method: 'GET', path: '/api/v2/agents/me', handler: { run: people.me, scope: null } },
  { method: 'GET', path: '/api/v2/agents/{id}', handler: { run: people.showAgent, scope: scope('agents.manage') } },
  { method: 'GET', path: '/api/v2/groups', handler: { run: people.listGroups, scope: scope('agentgroups.manage') } },
  {
    method: 'GET',
    path: '/api/v2/requesters',
    handler: { run: people.listRequesters, scope: scope('requesters.view'), limit: 'freshservice.lists' },
  },
  {
    method: 'GET',
    path: '/api/v2/requesters/{id}',
    handler: { run: people.showRequester, scope: scope('requesters.view') },
  },
  {
    method: 'GET',
    path: '/api/v2/ticket_form_fields',
    handler: { run: people.listFormFields, scope: scope('tickets.fields.manage') },
  },
  {
    method: 'GET',
    path: '/api/v2/workspaces',
    handler: { run: people.listWorkspaces, scope: scope('workspaces.view') },
  },
]

const find = matcher(routes)

class FreshserviceServer implements VendorServer {
  /** Those of the organisations, which the products share. */
  readonly authorities: Authority[] = []
  readonly #world: World
  readonly #wires = new Map<string, FreshserviceWire>()

  constructor(world: World) {
    this.#world = world
    for (const site of freshserviceSites) {
      const store = world.stores.get(site.id)
      if (store) this.#wires.set(site.id, new FreshserviceWire(store))
    }
  }

  async answer(exchange: Exchange): Promise<Reply> {
    if (exchange.host === storageHost) return this.#stored(exchange)
    const wire = this.#wires.get(exchange.host)
    if (!wire) return empty(404)
    const path = exchange.url.pathname
    if (path === '/.well-known/oauth-authorization-server') return discovery(wire.store.spec.authorityHost)
    if (path === '/inline/attachment')
      return this.#file(wire, Number.parseInt(exchange.url.searchParams.get('token') ?? '', 36))
    if (path.startsWith('/api/v2/')) return this.#api(exchange, wire)
    return { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not found</h1>' }
  }

  conversationIndex(_site: string, vendorId: string): number | undefined {
    const index = Number(vendorId) - 1
    return Number.isInteger(index) ? index : undefined
  }

  conversationId(_site: string, index: number): string {
    return String(index + 1)
  }

  messageId(site: string, index: number, seq: number): string {
    return String(this.#wires.get(site)?.entryId(index, seq) ?? '')
  }

  async #api(exchange: Exchange, wire: FreshserviceWire): Promise<Reply> {
    const { match, pathKnown } = find(exchange.method, exchange.url.pathname)
    const bearer = this.#bearer(exchange, wire)
    const headers: Record<string, string> = { 'x-freshservice-api-version': 'latest=v2; requested=v2' }
    const over = this.#spend(exchange, wire.store.spec.id, match?.route.handler, headers)
    if (over) return { ...over, headers: { ...over.headers, ...headers } }
    if (!match) throw pathKnown ? refuse.method('GET, PUT, POST') : refuse.notFound()
    const { handler } = match.route
    if (handler.scope && !bearer.scopes.includes(handler.scope)) throw refuse.denied()
    const reply = await handler.run({
      exchange,
      params: match.params,
      query: exchange.url.searchParams,
      store: wire.store,
      wire,
      bearer,
      staff: wire.store.spec.staff.findIndex((person) => person.email === bearer.user.email),
    })
    return { ...reply, headers: { ...headers, ...reply.headers } }
  }

  #bearer(exchange: Exchange, wire: FreshserviceWire): Bearer {
    const found = bearerOf(this.#world, wire.store.spec, exchange.headers.authorization)
    if (found === 'none') throw refuse.credentials('invalid_credentials')
    if (found === 'expired') throw refuse.credentials('access_token_expired')
    if (found === 'invalid') throw refuse.credentials('access_token_invalid')
    return found
  }

  /** One credit a call, two more for each `include` of a list, one more for each of a single ticket. */
  #spend(
    exchange: Exchange,
    site: string,
    target: Endpoint | undefined,
    headers: Record<string, string>,
  ): Reply | undefined {
    const extras = (exchange.url.searchParams.get('include') ?? '').split(',').filter(Boolean).length
    const cost = 1 + extras * (target?.limit === 'freshservice.lists' ? 2 : 1)
    const all = this.#world.limits.spend(site, 'freshservice.api', cost)
    headers['x-ratelimit-total'] = String(all.max)
    headers['x-ratelimit-remaining'] = String(all.remaining)
    headers['x-ratelimit-used-currentrequest'] = String(cost)
    const own = all.ok && target?.limit ? this.#world.limits.spend(site, target.limit) : all
    if (own.ok) return undefined
    return json(
      429,
      { message: 'You have exceeded the limit of requests per minute' },
      { 'retry-after': String(Math.ceil(own.resetMs / 1000)) },
    )
  }

  #file(wire: FreshserviceWire, id: number): Reply {
    const { index, seq, place } = wire.filePlace(id)
    const file = wire.store.has(index) ? wire.store.entries(index)[seq]?.files[place] : undefined
    return file ? { status: 200, headers: { 'content-type': file.contentType }, body: file.bytes } : empty(404)
  }

  /** Pre-signed storage: the link is the credential, and a bearer token beside it is an error, as at the real one. */
  #stored(exchange: Exchange): Reply {
    const id = Number(exchange.url.pathname.split('/')[6])
    if (exchange.headers.authorization) {
      const body =
        '<?xml version="1.0"?><Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>'
      return { status: 400, headers: { 'content-type': 'application/xml' }, body }
    }
    if (exchange.url.searchParams.get('X-Amz-Signature') !== id.toString(36)) return empty(403)
    for (const wire of this.#wires.values()) {
      const reply = this.#file(wire, id)
      if (reply.status === 200) return reply
    }
    return empty(404)
  }
}

const minute = 60_000

/** Freshservice. Limits: those of the Enterprise plan with the second add-on. */
export const freshservice: VendorSpec = {
  id: 'freshservice',
  flow,
  hosts: ['*.freshservice.com', storageHost],
  sites: freshserviceSites,
  clients: freshserviceClients,
  limits: {
    'freshservice.api': { max: 2000, windowMs: minute },
    'freshservice.lists': { max: 480, windowMs: minute },
    'freshservice.tickets': { max: 600, windowMs: minute },
  },
  open: (world) => new FreshserviceServer(world),
}
