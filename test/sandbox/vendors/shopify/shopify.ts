import { type Exchange, empty, json, type Reply } from '../../exchange.ts'
import type { Authority } from '../../oauth/authority.ts'
import type { VendorServer, VendorSpec, World } from '../../vendor.ts'
import { flow } from './flow.ts'
import { answerGraphql } from './graphql.ts'
import { shopifyAuthority, shopifyPage, shopifyToken } from './oauth.ts'
import { shopifyClients, shopifySites } from './sites.ts'
import { fileHost, ShopifyWire } from './wire.ts'

const endpoint = /^\/admin\/api\/20\d\d-\d\d\/graphql\.json$/
const badToken = '[API] Invalid API key or access token (unrecognized login or wrong password)'

class ShopifyServer implements VendorServer {
  readonly authorities: Authority[]
  readonly #world: World
  readonly #wires = new Map<string, ShopifyWire>()

  constructor(world: World) {
    this.#world = world
    this.authorities = shopifySites.map((site) => shopifyAuthority(site, world))
    for (const site of shopifySites) {
      const store = world.stores.get(site.id)
      if (store) this.#wires.set(site.id, new ShopifyWire(store))
    }
  }

  async answer(exchange: Exchange): Promise<Reply> {
    if (exchange.host === fileHost) return this.#file(exchange)
    const wire = this.#wires.get(exchange.host)
    const authority = this.authorities.find((known) => known.spec.host === exchange.host)
    if (!wire || !authority) return json(404, { errors: 'Not Found' })
    const path = exchange.url.pathname
    if (path === '/admin/oauth/access_token' && exchange.method === 'POST') return shopifyToken(authority, exchange)
    if (endpoint.test(path) && exchange.method === 'POST') return this.#api(exchange, wire, authority)
    const page = await shopifyPage(authority, exchange)
    return page ?? json(404, { errors: 'Not Found' })
  }

  conversationIndex(site: string, vendorId: string): number | undefined {
    return this.#wires.get(site)?.orderIndex(vendorId)
  }

  conversationId(site: string, index: number): string {
    return String(this.#wires.get(site)?.orderNumber(index) ?? '')
  }

  messageId(site: string, index: number, seq: number): string {
    return String(this.#wires.get(site)?.messageNumber(index, seq) ?? '')
  }

  async #api(exchange: Exchange, wire: ShopifyWire, authority: Authority): Promise<Reply> {
    const given = exchange.headers['x-shopify-access-token']
    const bearer = typeof given === 'string' ? authority.check(given) : { state: 'unknown' as const }
    if (bearer.state !== 'live') return json(401, { errors: badToken })
    const staff = wire.store.spec.staff.findIndex((person) => person.email === bearer.user.email)
    const reply = await answerGraphql({ exchange, wire, bearer, limits: this.#world.limits, staff })
    const version = exchange.url.pathname.split('/')[3] ?? ''
    return { ...reply, headers: { ...reply.headers, 'x-shopify-api-version': version } }
  }

  #file(exchange: Exchange): Reply {
    const [, , , host = '', index, seq, place] = exchange.url.pathname.split('/')
    const wire = this.#wires.get(host)
    const file = wire?.store.has(Number(index)) ? wire.files(Number(index), Number(seq))[Number(place)] : undefined
    return file ? { status: 200, headers: { 'content-type': file.contentType }, body: file.bytes } : empty(404)
  }
}

/** Shopify: orders of two shops over GraphQL. Points as on the Basic plan: a bucket of 2,000 that fills by 100 a second, here in windows. */
export const shopify: VendorSpec = {
  id: 'shopify',
  flow,
  hosts: ['*.myshopify.com', fileHost],
  sites: shopifySites,
  clients: shopifyClients,
  limits: { 'shopify.points': { max: 2000, windowMs: 20_000 } },
  open: (world) => new ShopifyServer(world),
}
