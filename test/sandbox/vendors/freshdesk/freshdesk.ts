import { type Exchange, empty, json, type Reply } from '../../exchange.ts'
import { matcher, type Route } from '../../router.ts'
import type { VendorServer, VendorSpec, World } from '../../vendor.ts'
import { refuse } from '../freshservice/errors.ts'
import type { Call } from './call.ts'
import * as people from './people.ts'
import { freshdeskKeys, freshdeskSites } from './sites.ts'
import * as tickets from './tickets.ts'
import { FreshdeskWire, storageHost } from './wire.ts'

interface Endpoint {
  run(call: Call): Reply | Promise<Reply>
  limit?: string
}

const routes: Route<Endpoint>[] = [
  { method: 'GET', path: '/api/v2/tickets', handler: { run: tickets.listTickets, limit: 'freshdesk.lists' } },
  { method: 'GET', path: '/api/v2/tickets/{id}', handler: { run: tickets.showTicket } },
  { method: 'PUT', path: '/api/v2/tickets/{id}', handler: { run: tickets.updateTicket, limit: 'freshdesk.updates' } },
  { method: 'GET', path: '/api/v2/tickets/{id}/conversations', handler: { run: tickets.listConversations } },
  { method: 'POST', path: '/api/v2/tickets/{id}/reply', handler: { run: tickets.reply } },
  { method: 'POST', path: '/api/v2/tickets/{id}/notes', handler: { run: tickets.note } },
  { method: 'GET', path: '/api/v2/agents', handler: { run: people.listAgents } },
  { method: 'GET', path: '/api/v2/agents/me', handler: { run: people.me } },
  { method: 'GET', path: '/api/v2/groups', handler: { run: people.listGroups } },
  { method: 'GET', path: '/api/v2/products', handler: { run: people.listProducts } },
  { method: 'GET', path: '/api/v2/contacts', handler: { run: people.listContacts } },
  { method: 'GET', path: '/api/v2/contacts/{id}', handler: { run: people.showContact } },
  { method: 'GET', path: '/api/v2/ticket_fields', handler: { run: people.listFields } },
]

const find = matcher(routes)

class FreshdeskServer implements VendorServer {
  readonly authorities = []
  readonly #world: World
  readonly #wires = new Map<string, FreshdeskWire>()

  constructor(world: World) {
    this.#world = world
    for (const { key } of freshdeskKeys) world.secrets.add('access_token', key)
    for (const site of freshdeskSites) {
      const store = world.stores.get(site.id)
      if (store) this.#wires.set(site.id, new FreshdeskWire(store))
    }
  }

  async answer(exchange: Exchange): Promise<Reply> {
    if (exchange.host === storageHost) return this.#stored(exchange)
    const wire = this.#wires.get(exchange.host)
    if (!wire) return empty(404)
    const path = exchange.url.pathname
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

  async #api(exchange: Exchange, wire: FreshdeskWire): Promise<Reply> {
    const { match, pathKnown } = find(exchange.method, exchange.url.pathname)
    const headers: Record<string, string> = { 'x-freshdesk-api-version': 'latest=v2; requested=v2' }
    const over = this.#spend(exchange, wire.store.spec.id, match?.route.handler, headers)
    if (over) return { ...over, headers: { ...over.headers, ...headers } }
    const staff = this.#caller(exchange, wire)
    const person = wire.store.spec.staff[staff]
    if (!person) throw refuse.credentials('invalid_credentials')
    if (!match) throw pathKnown ? refuse.method('GET, PUT, POST') : refuse.notFound()
    const { params, route } = match
    const { store } = wire
    const reply = await route.handler.run({
      exchange,
      params,
      query: exchange.url.searchParams,
      store,
      wire,
      person,
      staff,
    })
    return { ...reply, headers: { ...headers, ...reply.headers } }
  }

  /** HTTP Basic: the key is the user name, and the password does not matter. -1 for nobody. */
  #caller(exchange: Exchange, wire: FreshdeskWire): number {
    const given = /^Basic (.+)$/i.exec(exchange.headers.authorization ?? '')?.[1] ?? ''
    const [key] = Buffer.from(given, 'base64').toString('utf8').split(':')
    const { id, staff } = wire.store.spec
    const owner = freshdeskKeys.find((each) => each.site === id && each.key === key)?.email
    return staff.findIndex((person) => person.email === owner)
  }

  /** One credit a call, refused ones too; two more for each `include` of a list, one more for each of a single ticket. */
  #spend(
    exchange: Exchange,
    site: string,
    target: Endpoint | undefined,
    headers: Record<string, string>,
  ): Reply | undefined {
    const extras = (exchange.url.searchParams.get('include') ?? '').split(',').filter(Boolean).length
    const cost = 1 + extras * (target?.limit === 'freshdesk.lists' ? 2 : 1)
    const all = this.#world.limits.spend(site, 'freshdesk.api', cost)
    headers['x-ratelimit-total'] = String(all.max)
    headers['x-ratelimit-remaining'] = String(all.remaining)
    headers['x-ratelimit-used-currentrequest'] = String(cost)
    const own = all.ok && target?.limit ? this.#world.limits.spend(site, target.limit) : all
    if (own.ok) return undefined
    const wait = String(Math.ceil(own.resetMs / 1000))
    return json(429, { message: 'You have exceeded the limit of requests per minute' }, { 'retry-after': wait })
  }

  #file(wire: FreshdeskWire, id: number): Reply {
    const { index, seq, place } = wire.filePlace(id)
    const file = wire.store.has(index) ? wire.store.entries(index)[seq]?.files[place] : undefined
    return file ? { status: 200, headers: { 'content-type': file.contentType }, body: file.bytes } : empty(404)
  }

  /** Pre-signed storage: the link is the credential, and it wants no other. */
  #stored(exchange: Exchange): Reply {
    const id = Number(exchange.url.pathname.split('/')[5])
    if (exchange.headers.authorization) return empty(400)
    if (exchange.url.searchParams.get('Signature') !== id.toString(36)) return empty(403)
    for (const wire of this.#wires.values()) {
      const reply = this.#file(wire, id)
      if (reply.status === 200) return reply
    }
    return empty(404)
  }
}

const minute = 60_000

/** Freshdesk. Limits: those of the Enterprise plan with the second add-on. */
export const freshdesk: VendorSpec = {
  id: 'freshdesk',
  flow: null,
  keys: freshdeskKeys,
  hosts: ['*.freshdesk.com', storageHost],
  sites: freshdeskSites,
  clients: [],
  limits: {
    'freshdesk.api': { max: 2000, windowMs: minute },
    'freshdesk.lists': { max: 400, windowMs: minute },
    'freshdesk.updates': { max: 800, windowMs: minute },
  },
  open: (world) => new FreshdeskServer(world),
}
