import type { Exchange, Reply } from '../../exchange.ts'
import type { Authority, Bearer } from '../../oauth/authority.ts'
import { matcher, type Route } from '../../router.ts'
import type { VendorServer, VendorSpec, World } from '../../vendor.ts'
import { answerBatch } from './batch.ts'
import type { Call } from './call.ts'
import { refuse } from './errors.ts'
import { flow } from './flow.ts'
import { gmailAuthority, gmailPage, gmailRevoke, gmailToken, userInfo } from './oauth.ts'
import { sendMessage } from './send.ts'
import { apiHost, authHost, gmailClients, gmailSites, modifyScope, openIdHost, readScope, tokenHost } from './sites.ts'
import * as threads from './threads.ts'
import { GmailWire } from './wire.ts'

interface Endpoint {
  run(call: Call): Reply | Promise<Reply>
  /** Quota units. */
  cost: number
  reads: boolean
}

const route = (method: string, path: string, run: Endpoint['run'], cost: number): Route<Endpoint> => ({
  method,
  path: `/gmail/v1/users/{user}/${path}`,
  handler: { run, cost, reads: method === 'GET' },
})

const find = matcher([
  route('GET', 'profile', threads.showProfile, 1),
  route('GET', 'labels', threads.listLabels, 1),
  route('POST', 'labels', threads.createLabel, 5),
  route('GET', 'settings/sendAs', threads.listSendAs, 1),
  route('GET', 'history', threads.listHistory, 2),
  route('GET', 'threads', threads.listThreads, 10),
  route('GET', 'threads/{id}', threads.showThread, 10),
  route('POST', 'threads/{id}/modify', threads.modifyThread, 10),
  route('GET', 'messages', threads.listMessages, 5),
  route('POST', 'messages/send', sendMessage, 100),
  route('GET', 'messages/{id}', threads.showMessage, 5),
  route('GET', 'messages/{message}/attachments/{id}', threads.showAttachment, 5),
])

class GmailServer implements VendorServer {
  readonly authorities: Authority[]
  readonly #authority: Authority
  readonly #world: World
  readonly #wires = new Map<string, GmailWire>()

  constructor(world: World) {
    this.#world = world
    this.#authority = gmailAuthority(world)
    this.authorities = [this.#authority]
    for (const site of gmailSites) {
      const store = world.stores.get(site.id)
      if (store) this.#wires.set(site.id, new GmailWire(store))
    }
  }

  async answer(exchange: Exchange): Promise<Reply> {
    const { method, url, host } = exchange
    if (host === tokenHost && method === 'POST' && url.pathname === '/token')
      return gmailToken(this.#authority, exchange)
    if (host === tokenHost && method === 'POST' && url.pathname === '/revoke')
      return gmailRevoke(this.#authority, exchange)
    if (host === apiHost && method === 'POST' && url.pathname === '/batch/gmail/v1')
      return answerBatch(exchange, (call) => this.#api(call))
    if (host === apiHost) return this.#api(exchange)
    if (host === openIdHost && url.pathname === '/v1/userinfo') return userInfo(this.#bearer(exchange))
    const page = host === authHost ? await gmailPage(this.#authority, exchange) : undefined
    return page ?? { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not Found</h1>' }
  }

  conversationIndex(site: string, vendorId: string): number | undefined {
    return this.#wires.get(site)?.place(vendorId)?.index
  }

  conversationId(site: string, index: number): string {
    return this.#wires.get(site)?.threadId(index) ?? ''
  }

  messageId(site: string, index: number, seq: number): string {
    return this.#wires.get(site)?.messageId(index, seq) ?? ''
  }

  async #api(exchange: Exchange): Promise<Reply> {
    const bearer = this.#bearer(exchange)
    const wire = this.#wires.get(bearer.site)
    const { match } = find(exchange.method, exchange.url.pathname)
    if (!match || !wire) throw refuse.method()
    const { run, cost, reads } = match.route.handler
    const may = bearer.scopes.includes(modifyScope) || (reads && bearer.scopes.includes(readScope))
    if (!may) throw refuse.scope()
    if (!['me', wire.address].includes(match.params.user ?? '')) throw refuse.notFound()
    if (!this.#world.limits.spend(bearer.site, 'gmail.units', cost).ok) throw refuse.quota()
    const { searchParams: query } = exchange.url
    return run({ exchange, params: match.params, query, store: wire.store, wire, bearer })
  }

  #bearer(exchange: Exchange): Bearer {
    const given = /^Bearer (.+)$/i.exec(exchange.headers.authorization ?? '')?.[1]
    const found = given === undefined ? undefined : this.#authority.check(given)
    if (found === undefined || found.state !== 'live') throw refuse.credentials()
    return found
  }
}

export const gmail: VendorSpec = {
  id: 'gmail',
  hosts: [authHost, tokenHost, apiHost, openIdHost],
  sites: gmailSites,
  clients: gmailClients,
  limits: { 'gmail.units': { max: 15_000, windowMs: 60_000 } },
  flow,
  open: (world) => new GmailServer(world),
}
