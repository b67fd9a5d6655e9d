import { decodeCursor, encodeCursor } from '../../content/paging.ts'
import { type Exchange, empty, isRecord, json, jsonBody, Refusal, type Reply } from '../../exchange.ts'
import type { VendorServer, VendorSpec, World } from '../../vendor.ts'
import { providerOf } from './proof.ts'
import { appleSites, fileHost, gatewayHost, providers } from './sites.ts'
import { AppleWire } from './wire.ts'

const refuse = (status: number, message: string) => new Refusal(json(status, { error: String(status), message }))

/** The gateway of a provider in the form of docs/vendors/apple-messages.md, and Apple's store of files behind it. */
class GatewayServer implements VendorServer {
  readonly authorities = []
  readonly #world: World
  readonly #wires = new Map<string, AppleWire>()

  constructor(world: World) {
    this.#world = world
    for (const site of appleSites) {
      const store = world.stores.get(site.id)
      if (store) this.#wires.set(site.id, new AppleWire(store))
    }
    for (const { secret } of providers) world.secrets.add('client_secret', secret)
  }

  async answer(exchange: Exchange): Promise<Reply> {
    if (exchange.host === fileHost) return this.#file(exchange)
    const provider = providerOf(exchange)
    const call = `${exchange.method} ${exchange.url.pathname}`
    if (!['GET /v1/messages', 'POST /v1/message', 'GET /v1/preDownload'].includes(call))
      throw refuse(404, 'no such call')
    const site = exchange.method === 'POST' || call.endsWith('preDownload') ? exchange.headers['source-id'] : null
    const wire = this.#wires.get(String(site ?? exchange.url.searchParams.get('business-id')))
    if (!wire) throw refuse(404, 'unknown Business ID')
    const spent = this.#world.limits.spend(wire.store.spec.id, 'apple-messages.api')
    if (!spent.ok) return json(429, { error: '429' }, { 'retry-after': String(Math.ceil(spent.resetMs / 1000)) })
    if (call === 'GET /v1/messages') return list(wire, exchange.url.searchParams)
    if (call === 'GET /v1/preDownload') return this.#permit(wire, exchange)
    if (!provider.writes) throw new Refusal(json(405, { error: 'read_only', message: 'This secret may only read.' }))
    return send(wire, exchange)
  }

  conversationIndex(site: string, vendorId: string): number | undefined {
    return this.#wires.get(site)?.customerIndex(vendorId)
  }

  conversationId(site: string, index: number): string {
    return this.#wires.get(site)?.customerId(index) ?? ''
  }

  messageId(site: string, index: number, seq: number): string {
    return this.#wires.get(site)?.messageId(index, seq) ?? ''
  }

  #permit(wire: AppleWire, exchange: Exchange): Reply {
    const { url, signature, owner } = exchange.headers
    const [, , , index, seq, place] = new URL(String(url)).pathname.split('/').map(Number)
    const known = wire.signature(index ?? -1, seq ?? -1, place ?? -1)
    if (!wire.store.has(index ?? -1) || signature !== known || !owner) throw refuse(400, 'a header is missing or wrong')
    const permit = encodeCursor({ site: wire.store.spec.id, index, seq, place })
    return json(200, { 'download-url': `https://${fileHost}/dl/${permit}` })
  }

  /** The address itself is the permit. */
  #file(exchange: Exchange): Reply {
    const permit = decodeCursor(exchange.url.pathname.replace('/dl/', ''))
    if (!isRecord(permit)) return empty(403)
    const wire = this.#wires.get(String(permit.site))
    const bytes = wire?.encrypted(Number(permit.index), Number(permit.seq), Number(permit.place))
    return bytes ? { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: bytes } : empty(404)
  }
}

function keyOf(cursor: string): string {
  const read = decodeCursor(cursor)
  if (!isRecord(read) || typeof read.k !== 'string') throw refuse(400, 'the cursor is not one of this gateway')
  return read.k
}

/** GET /v1/messages */
function list(wire: AppleWire, query: URLSearchParams): Reply {
  const [before, after, customer, id] = ['before', 'after', 'customer-id', 'id'].map((name) => query.get(name))
  const limit = Math.min(200, Math.max(1, Number(query.get('limit') ?? 100)))
  const index = customer ? wire.customerIndex(customer) : undefined
  if (customer && index === undefined) return json(200, { messages: [], older: null, newer: null, more: false })
  const kept = index === undefined ? wire.all() : wire.of(index)
  const cursor = (key: string | undefined) => (key === undefined ? null : encodeCursor({ k: key }))
  if (id) {
    const messages = kept.filter((each) => each.record.body.id === id).map((each) => each.record)
    return json(200, { messages, older: null, newer: null, more: false })
  }
  if (after) {
    const later = kept.filter((each) => each.key > keyOf(after))
    const page = later.slice(0, limit)
    const newer = cursor(page.at(-1)?.key) ?? after
    return json(200, { messages: page.map((each) => each.record), older: null, newer, more: later.length > limit })
  }
  const earlier = before ? kept.filter((each) => each.key < keyOf(before)) : kept
  const page = earlier.slice(-limit).reverse()
  const older = earlier.length > limit ? cursor(page.at(-1)?.key) : null
  const newer = before ? null : cursor(kept.at(-1)?.key ?? '0')
  return json(200, { messages: page.map((each) => each.record), older, newer, more: older !== null })
}

/** POST /v1/message: empty answer. A repeated id is the same message. */
function send(wire: AppleWire, exchange: Exchange): Reply {
  const { id, 'destination-id': destination } = exchange.headers
  const body = jsonBody(exchange)
  if (!body || typeof id !== 'string' || body.id !== id) throw refuse(400, 'the id is missing, or not that of the body')
  const index = wire.customerIndex(String(destination))
  if (index === undefined || body.destinationId !== destination) throw refuse(404, 'unknown destination')
  if (body.sourceId !== wire.store.spec.id) throw refuse(400, 'sourceId is not the Business ID')
  if ([...wire.sent.values()].some((known) => known.id === id)) return empty(200)
  if (wire.isClosed(index))
    throw new Refusal(json(409, { error: 'closed', message: 'The customer ended the conversation.' }))
  const text = textOf(body)
  const entry = wire.store.receive(index, 'reply', 0, { html: text, text })
  wire.sent.set(`${index}:${entry.seq}`, { id, body })
  wire.store.change(index, { status: 'pending' })
  return empty(200)
}

/** Certification forbids plain addresses in a text. @throws Refusal 400 */
function textOf(body: Record<string, unknown>): string {
  if (body.type === 'text' && typeof body.body === 'string' && body.body.trim() !== '') {
    if (/https?:\/\//.test(body.body)) throw refuse(400, 'addresses are sent as rich links')
    return body.body
  }
  const link = isRecord(body.richLinkData) ? body.richLinkData : {}
  if (
    body.type !== 'richLink' ||
    typeof link.url !== 'string' ||
    typeof link.title !== 'string' ||
    !isRecord(link.assets)
  )
    throw refuse(400, 'a field of the message is missing')
  return link.url
}

export const appleMessages: VendorSpec = {
  id: 'apple-messages',
  flow: null,
  hosts: [gatewayHost, fileHost],
  sites: appleSites,
  clients: [],
  keys: appleSites.flatMap((site) => providers.map(({ email, secret }) => ({ site: site.id, email, key: secret }))),
  limits: { 'apple-messages.api': { max: 600, windowMs: 60_000 } },
  open: (world) => new GatewayServer(world),
}
