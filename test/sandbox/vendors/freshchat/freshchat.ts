import { type Exchange, empty, html, json, type Reply } from '../../exchange.ts'
import type { Authority, Bearer } from '../../oauth/authority.ts'
import { matcher, type Route } from '../../router.ts'
import type { VendorServer, VendorSpec, World } from '../../vendor.ts'
import { flow } from '../freshworks/flow.ts'
import { bearerOf } from '../freshworks/organisation.ts'
import type { Call } from './call.ts'
import * as conversations from './conversations.ts'
import { refuse } from './errors.ts'
import * as people from './people.ts'
import { freshchatClients, freshchatSites } from './sites.ts'
import { FreshchatWire, storageHost } from './wire.ts'

interface Endpoint {
  run(call: Call): Reply
  /** Null: anybody signed in. */
  scope: string | null
}

const route = (method: string, path: string, scope: string | null, run: Endpoint['run']): Route<Endpoint> => ({
  method,
  path: `/v2${path}`,
  handler: { run, scope: scope === null ? null : `freshchat.${scope}` },
})

const find = matcher([
  route('GET', '/accounts/configuration', null, people.account),
  route('GET', '/users', 'users.view', people.listUsers),
  route('GET', '/users/{id}', 'users.view', people.showUser),
  route('GET', '/users/{id}/conversations', 'conversations.view', people.conversationsOfUser),
  route('GET', '/conversations/fields', 'conversations.view', conversations.listFields),
  route('GET', '/conversations/{id}', 'conversations.view', conversations.showConversation),
  route('PUT', '/conversations/{id}', 'conversations.edit', conversations.updateConversation),
  route('GET', '/conversations/{id}/messages', 'conversations.view', conversations.listMessages),
  route('POST', '/conversations/{id}/messages', 'conversations.create', conversations.sendMessage),
  route('GET', '/agents', 'agents.view', people.listAgents),
  route('GET', '/agents/{id}', 'agents.view', people.showAgent),
  route('GET', '/groups', 'groups.view', people.listGroups),
  route('GET', '/channels', 'channels.view', people.listChannels),
])

class FreshchatServer implements VendorServer {
  /** Those of the organisations, which the products share. */
  readonly authorities: Authority[] = []
  readonly #world: World
  readonly #wires = new Map<string, FreshchatWire>()

  constructor(world: World) {
    this.#world = world
    for (const site of freshchatSites) {
      const store = world.stores.get(site.id)
      if (store) this.#wires.set(site.id, new FreshchatWire(store))
    }
  }

  async answer(exchange: Exchange): Promise<Reply> {
    if (exchange.host === storageHost) return this.#stored(exchange)
    const wire = this.#wires.get(exchange.host)
    if (!wire) return empty(404)
    const { pathname } = exchange.url
    return pathname.startsWith('/v2/') ? this.#api(exchange, wire) : html(404, '<h1>Not found</h1>')
  }

  conversationIndex(site: string, vendorId: string): number | undefined {
    return this.#wires.get(site)?.numberOf(vendorId, 'c')
  }

  conversationId(site: string, index: number): string {
    return this.#wires.get(site)?.conversationId(index) ?? ''
  }

  messageId(site: string, index: number, seq: number): string {
    return this.#wires.get(site)?.messageId(index, seq) ?? ''
  }

  #api(exchange: Exchange, wire: FreshchatWire): Reply {
    const bearer = this.#bearer(exchange, wire)
    const { id } = wire.store.spec
    const spent = this.#world.limits.spend(id, 'freshchat.api')
    const headers = {
      date: new Date().toUTCString(),
      'x-ratelimit-limit': String(spent.max),
      'x-ratelimit-remaining': String(spent.remaining),
      'x-ratelimit-reset': String(Math.ceil((Date.now() + spent.resetMs) / 1000)),
    }
    if (!spent.ok)
      return json(429, { code: 429, status: 'TOO_MANY_REQUESTS', message: 'API rate limit exceeded' }, headers)
    const { match, pathKnown } = find(exchange.method, exchange.url.pathname)
    if (!match) return empty(pathKnown ? 405 : 404)
    const { scope, run } = match.route.handler
    if (scope !== null && !bearer.scopes.includes(scope)) throw refuse.denied()
    const { store } = wire
    const staff = store.spec.staff.findIndex((person) => person.email === bearer.user.email)
    const query = exchange.url.searchParams
    const reply = run({ exchange, params: match.params, query, store, wire, bearer, staff })
    return { ...reply, headers: { ...headers, ...reply.headers } }
  }

  #bearer(exchange: Exchange, wire: FreshchatWire): Bearer {
    const found = bearerOf(this.#world, wire.store.spec, exchange.headers.authorization)
    if (typeof found === 'string') throw refuse.credentials()
    return found
  }

  /** `/{host}/{index}/{seq}/{place}/{name}`; a token beside the address is an error, as at the real storage. */
  #stored(exchange: Exchange): Reply {
    const [, host = '', index, seq, place] = exchange.url.pathname.split('/')
    if (exchange.headers.authorization)
      return { status: 400, headers: { 'content-type': 'application/xml' }, body: '<Error/>' }
    const store = this.#wires.get(host)?.store
    if (!store?.has(Number(index))) return empty(404)
    const file = store.entries(Number(index))[Number(seq)]?.files[Number(place)]
    return file ? { status: 200, headers: { 'content-type': file.contentType }, body: file.bytes } : empty(404)
  }
}

/** Freshchat. Its limits are not published: what is here is a guess. */
export const freshchat: VendorSpec = {
  id: 'freshchat',
  flow,
  hosts: ['*.freshchat.com', storageHost],
  sites: freshchatSites,
  clients: freshchatClients,
  limits: { 'freshchat.api': { max: 1200, windowMs: 60_000 } },
  open: (world) => new FreshchatServer(world),
}
