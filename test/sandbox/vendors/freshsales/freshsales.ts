import { type Exchange, empty, html, json, type Reply } from '../../exchange.ts'
import type { Authority, Bearer } from '../../oauth/authority.ts'
import { matcher, type Route } from '../../router.ts'
import type { VendorServer, VendorSpec, World } from '../../vendor.ts'
import { flow } from '../freshworks/flow.ts'
import { bearerOf } from '../freshworks/organisation.ts'
import type { Call } from './call.ts'
import { refuse } from './errors.ts'
import * as lists from './lists.ts'
import * as records from './records.ts'
import { freshsalesClients, freshsalesSites } from './sites.ts'
import { FreshsalesWire } from './wire.ts'

interface Endpoint {
  run(call: Call): Reply
  scope: string
}

const route = (method: string, path: string, scope: string, run: Endpoint['run']): Route<Endpoint> => ({
  method,
  path: `/crm/sales/api${path}`,
  handler: { run, scope: `freshsales.${scope}` },
})

const find = matcher([
  route('GET', '/deals/filters', 'deals.filters.view', lists.dealFilters),
  route('GET', '/deals/view/{view}', 'deals.view', lists.dealView),
  route('POST', '/filtered_search/deal', 'deals.view', lists.searchDeals),
  route('GET', '/deals/{id}', 'deals.view', records.showDeal),
  route('PUT', '/deals/{id}', 'deals.edit', records.updateDeal),
  route('GET', '/deals/{id}/notes', 'deals.view', records.dealNotes),
  route('GET', '/tasks', 'tasks.view', lists.taskList),
  route('GET', '/tasks/{id}', 'tasks.view', records.showTask),
  route('PUT', '/tasks/{id}', 'tasks.edit', records.updateTask),
  route('GET', '/contacts/filters', 'contacts.filters.view', lists.contactFilters),
  route('GET', '/contacts/view/{view}', 'contacts.view', lists.contactView),
  route('GET', '/contacts/{id}', 'contacts.view', records.showContact),
  route('PUT', '/contacts/{id}', 'contacts.edit', records.updateContact),
  route('GET', '/contacts/{id}/notes', 'contacts.view', records.contactNotes),
  route('POST', '/notes', 'notes.create', records.createNote),
  route('GET', '/selector/owners', 'deals.view', lists.owners),
  route('GET', '/selector/deal_pipelines', 'deals.view', lists.pipelines),
])

class FreshsalesServer implements VendorServer {
  /** Those of the organisations, which the products share. */
  readonly authorities: Authority[] = []
  readonly #world: World
  readonly #wires = new Map<string, FreshsalesWire>()

  constructor(world: World) {
    this.#world = world
    for (const site of freshsalesSites) {
      const store = world.stores.get(site.id)
      if (store) this.#wires.set(site.id, new FreshsalesWire(store))
    }
  }

  async answer(exchange: Exchange): Promise<Reply> {
    const wire = this.#wires.get(exchange.host)
    if (!wire) return empty(404)
    const isApi = exchange.url.pathname.startsWith('/crm/sales/api/')
    return isApi ? this.#api(exchange, wire) : html(200, `<h1>${wire.store.spec.name}</h1>`)
  }

  conversationIndex(site: string, vendorId: string): number | undefined {
    return this.#wires.get(site)?.indexOfKey(vendorId)
  }

  /** Deals and tasks have ids of their own: `deal:…` or `task:…` says which. */
  conversationId(site: string, index: number): string {
    return this.#wires.get(site)?.keyOf(index) ?? ''
  }

  messageId(site: string, index: number, seq: number): string {
    return `note:${this.#wires.get(site)?.noteId(index, seq) ?? ''}`
  }

  #api(exchange: Exchange, wire: FreshsalesWire): Reply {
    const bearer = this.#bearer(exchange, wire)
    const spent = this.#world.limits.spend(wire.store.spec.id, 'freshsales.api')
    if (!spent.ok) {
      const retry = { 'retry-after': String(Math.ceil(spent.resetMs / 1000)) }
      return json(429, { errors: { code: 429, message: ['You have exceeded the limit of requests per hour'] } }, retry)
    }
    const { match } = find(exchange.method, exchange.url.pathname)
    if (!match) throw refuse.notFound()
    const { run, scope } = match.route.handler
    if (!bearer.scopes.includes(scope)) throw refuse.denied()
    const { store } = wire
    const staff = store.spec.staff.findIndex((person) => person.email === bearer.user.email)
    return run({ exchange, params: match.params, query: exchange.url.searchParams, store, wire, bearer, staff })
  }

  #bearer(exchange: Exchange, wire: FreshsalesWire): Bearer {
    const found = bearerOf(this.#world, wire.store.spec, exchange.headers.authorization)
    if (typeof found === 'string') throw refuse.credentials()
    return found
  }
}

/** Freshsales, whose API shares its hosts with the sign-in of the organisations. Limit: that of the largest plan. */
export const freshsales: VendorSpec = {
  id: 'freshsales',
  flow,
  hosts: ['*.myfreshworks.com/crm/sales'],
  sites: freshsalesSites,
  clients: freshsalesClients,
  limits: { 'freshsales.api': { max: 5000, windowMs: 3_600_000 } },
  open: (world) => new FreshsalesServer(world),
}
