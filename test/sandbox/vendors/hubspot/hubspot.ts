import { type Exchange, empty, type Reply, redirect } from '../../exchange.ts'
import type { Authority, Bearer } from '../../oauth/authority.ts'
import { matcher, type Route } from '../../router.ts'
import type { VendorServer, VendorSpec, World } from '../../vendor.ts'
import type { Call } from './call.ts'
import * as crm from './crm.ts'
import { refuse, tooMany } from './errors.ts'
import { flow } from './flow.ts'
import { hubspotAuthority, hubspotIntrospect, hubspotPage, hubspotRevoke, hubspotToken, revokeLegacy } from './oauth.ts'
import { searchObjects } from './search.ts'
import * as setup from './setup.ts'
import { apiHost, appHost, hubspotClients, hubspotSites } from './sites.ts'
import * as threads from './threads.ts'
import { fileHost, HubspotWire } from './wire.ts'

interface Endpoint {
  run(call: Call): Reply | Promise<Reply>
  scope: string | null
  /** CRM search has a budget of its own, and answers without rate headers. */
  search?: boolean
}

const route = (
  method: string,
  path: string,
  run: Endpoint['run'],
  scope: string | null,
  search = false,
): Route<Endpoint> => ({
  method,
  path,
  handler: { run, scope, search },
})

const conversations = '/conversations/v3/conversations'
const read = 'conversations.read'
const write = 'conversations.write'
const people = 'crm.objects.contacts.read'

const routes: Route<Endpoint>[] = [
  route('GET', '/account-info/v3/details', setup.accountDetails, null),
  route('GET', `${conversations}/inboxes`, setup.listInboxes, read),
  route('GET', `${conversations}/channels`, setup.listChannels, read),
  route('GET', `${conversations}/channel-accounts`, setup.listChannelAccounts, read),
  route('GET', `${conversations}/threads`, threads.listThreads, read),
  route('GET', `${conversations}/threads/{id}`, threads.showThread, read),
  route('PATCH', `${conversations}/threads/{id}`, threads.patchThread, write),
  route('DELETE', `${conversations}/threads/{id}`, threads.deleteThread, write),
  route('PUT', '/conversations/conversations/v3/threads/{id}/assignee', threads.assignThread, write),
  route('DELETE', '/conversations/conversations/v3/threads/{id}/assignee', threads.assignThread, write),
  route('GET', `${conversations}/threads/{id}/messages`, threads.listMessages, read),
  route('POST', `${conversations}/threads/{id}/messages`, threads.postMessage, write),
  route('GET', `${conversations}/threads/{id}/messages/{message}`, threads.showMessage, read),
  route('GET', `${conversations}/threads/{id}/messages/{message}/original-content`, threads.originalContent, read),
  route('GET', `${conversations}/actors/{id}`, threads.showActor, read),
  route('POST', `${conversations}/actors/batch/read`, threads.readActors, read),
  route('GET', '/crm/v3/objects/tickets', (call) => crm.listObjects(call, 'ticket'), 'tickets'),
  route('POST', '/crm/v3/objects/tickets', crm.createTicket, 'tickets'),
  route('POST', '/crm/v3/objects/tickets/search', (call) => searchObjects(call, 'ticket'), 'tickets', true),
  route('POST', '/crm/v3/objects/tickets/batch/read', (call) => crm.readObjects(call, 'ticket'), 'tickets'),
  route('GET', '/crm/v3/objects/tickets/{id}', (call) => crm.showObject(call, 'ticket'), 'tickets'),
  route('PATCH', '/crm/v3/objects/tickets/{id}', crm.patchTicket, 'tickets'),
  route('GET', '/crm/v3/objects/contacts', (call) => crm.listObjects(call, 'contact'), people),
  route('POST', '/crm/v3/objects/contacts/search', (call) => searchObjects(call, 'contact'), people, true),
  route('POST', '/crm/v3/objects/contacts/batch/read', (call) => crm.readObjects(call, 'contact'), people),
  route('GET', '/crm/v3/objects/contacts/{id}', (call) => crm.showObject(call, 'contact'), people),
  route('POST', '/crm/v3/objects/notes', setup.createNote, 'crm.objects.contacts.write'),
  route('GET', '/crm/v3/owners', crm.listOwners, 'crm.objects.owners.read'),
  route('GET', '/crm/v3/pipelines/{kind}', setup.listPipelines, 'tickets'),
  route('POST', '/files/v3/files', setup.uploadFile, 'files'),
  route('GET', '/files/v3/files/{id}/signed-url', setup.signedUrl, 'files'),
]

const find = matcher(routes)
const tokenPaths = new Set(['/oauth/2026-03/token', '/oauth/2026-09/token', '/oauth/v3/token', '/oauth/v1/token'])

class HubspotServer implements VendorServer {
  readonly authorities: Authority[]
  readonly #authority: Authority
  readonly #world: World
  readonly #wires = new Map<string, HubspotWire>()

  constructor(world: World) {
    this.#world = world
    this.#authority = hubspotAuthority(world)
    this.authorities = [this.#authority]
    for (const site of hubspotSites) {
      const store = world.stores.get(site.id)
      if (store) this.#wires.set(site.id, new HubspotWire(store))
    }
  }

  async answer(exchange: Exchange): Promise<Reply> {
    if (exchange.host === fileHost) return this.#file(exchange)
    if (exchange.host === apiHost)
      return exchange.url.pathname.startsWith('/oauth/') ? this.#oauth(exchange) : this.#api(exchange)
    if (exchange.host === 'app-eu1.hubspot.com')
      return redirect(`https://${appHost}${exchange.url.pathname}${exchange.url.search}`)
    const page = exchange.host === appHost ? await hubspotPage(this.#authority, exchange) : undefined
    return page ?? { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Page not found</h1>' }
  }

  conversationIndex(site: string, vendorId: string): number | undefined {
    const index = this.#wires.get(site)?.threadIndex(vendorId)
    return Number.isInteger(index) ? index : undefined
  }

  conversationId(site: string, index: number): string {
    return this.#wires.get(site)?.threadId(index) ?? ''
  }

  messageId(site: string, index: number, seq: number): string {
    return this.#wires.get(site)?.messageId(index, seq) ?? ''
  }

  async #oauth(exchange: Exchange): Promise<Reply> {
    const path = exchange.url.pathname
    if (exchange.method === 'POST' && tokenPaths.has(path)) {
      return hubspotToken(this.#authority, exchange, (site, email) => {
        const wire = this.#wires.get(site)
        return wire?.userId(wire.store.spec.staff.findIndex((person) => person.email === email)) ?? 0
      })
    }
    if (exchange.method === 'POST' && path.endsWith('/token/introspect'))
      return hubspotIntrospect(this.#authority, exchange, this.#wires)
    if (exchange.method === 'POST' && path.endsWith('/token/revoke')) return hubspotRevoke(this.#authority, exchange)
    const legacy = /^\/oauth\/v1\/refresh-tokens\/(.+)$/.exec(path)
    if (exchange.method === 'DELETE' && legacy) return revokeLegacy(this.#authority, legacy[1] ?? '')
    throw refuse.noPath()
  }

  async #api(exchange: Exchange): Promise<Reply> {
    const { match, pathKnown } = find(exchange.method, exchange.url.pathname)
    if (!match) throw pathKnown ? refuse.method() : refuse.noPath()
    const bearer = this.#bearer(exchange)
    const wire = this.#wires.get(bearer.site)
    if (!wire) throw refuse.badToken()
    const { handler } = match.route
    const headers: Record<string, string> = {}
    const spent = this.#world.limits.spend(bearer.site, handler.search ? 'hubspot.search' : 'hubspot.api')
    if (!handler.search) {
      headers['x-hubspot-ratelimit-max'] = String(spent.max)
      headers['x-hubspot-ratelimit-remaining'] = String(spent.remaining)
      headers['x-hubspot-ratelimit-interval-milliseconds'] = '10000'
    }
    if (!spent.ok) {
      const over = tooMany(handler.search ? 'SECONDLY' : 'TEN_SECONDLY_ROLLING')
      return { ...over, headers: { ...over.headers, ...headers } }
    }
    if (handler.scope && !bearer.scopes.includes(handler.scope)) throw refuse.scopes([handler.scope])
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

  #bearer(exchange: Exchange): Bearer {
    const given = /^Bearer (.+)$/i.exec(exchange.headers.authorization ?? '')?.[1]
    if (!given) throw refuse.missingToken()
    const found = this.#authority.check(given)
    if (found.state === 'expired') throw refuse.expired(Math.max(0, Math.floor(Date.now() / 1000) - found.expiresAt))
    if (found.state !== 'live') throw refuse.badToken()
    return found
  }

  /** The file store: the signature in the link opens the file, a token is neither needed nor looked at. */
  #file(exchange: Exchange): Reply {
    const [, , portal = '', id = ''] = exchange.url.pathname.split('/')
    const wire = this.#wires.get(portal)
    if (!wire || exchange.url.searchParams.get('Signature') !== Number(id).toString(36)) return empty(403)
    const { index, seq, place } = wire.filePlace(id)
    const seeded = wire.store.has(index) ? wire.store.entries(index)[seq]?.files[place] : undefined
    const file = wire.store.uploads.get(id)?.[0] ?? seeded
    return file ? { status: 200, headers: { 'content-type': file.contentType }, body: file.bytes } : empty(404)
  }
}

/** HubSpot: conversations and CRM. Limits: a privately distributed app on the Professional plan. */
export const hubspot: VendorSpec = {
  id: 'hubspot',
  flow,
  hosts: ['app.hubspot.com', 'app-eu1.hubspot.com', apiHost, '*.hubspotusercontent-eu1.net'],
  sites: hubspotSites,
  clients: hubspotClients,
  limits: {
    'hubspot.api': { max: 190, windowMs: 10_000 },
    'hubspot.search': { max: 5, windowMs: 1000 },
  },
  open: (world) => new HubspotServer(world),
}
