import { type Exchange, empty, json, type Reply } from '../../exchange.ts'
import type { Authority, Bearer } from '../../oauth/authority.ts'
import { matcher, type Route } from '../../router.ts'
import type { VendorServer, VendorSpec, World } from '../../vendor.ts'
import type { Call } from './call.ts'
import { refuse } from './errors.ts'
import { flow } from './flow.ts'
import { ZohoAccounts } from './oauth.ts'
import { searchTickets } from './search.ts'
import * as setup from './setup.ts'
import { centres, zohoDeskClients, zohoDeskSites } from './sites.ts'
import * as tickets from './tickets.ts'
import { ZohoDeskWire } from './wire.ts'

interface Endpoint {
  run(call: Call): Reply
  /** All of them are needed. */
  scopes: string[]
  /** Query parameters it knows; any other is refused. */
  query: string[]
  /** Credits of the day. */
  cost: number
}

const route = (
  method: string,
  path: string,
  run: Endpoint['run'],
  scopes: string,
  query = '',
  cost = 1,
): Route<Endpoint> => ({
  method,
  path: `/api/v1${path}`,
  handler: {
    run,
    scopes: scopes.split(' ').map((name) => `Desk.${name}`),
    query: query.split(' ').filter(Boolean),
    cost,
  },
})

const ticket = '/tickets/{ticketId}'
const ranges = 'modifiedTimeRange createdTimeRange customerResponseTimeRange dueDateRange'
const settings = 'basic.READ settings.READ'

const routes: Route<Endpoint>[] = [
  route('GET', '/organizations', setup.listOrganizations, 'basic.READ'),
  route('GET', '/myinfo', setup.myInfo, 'basic.READ'),
  route('GET', '/agents', setup.listAgents, settings, 'from limit status include searchStr', 3),
  route('GET', '/departments', setup.listDepartments, settings, 'from limit isEnabled searchStr', 3),
  route('GET', '/teams', setup.listTeams, settings, 'from limit', 3),
  route('GET', '/organizationFields', setup.listFields, 'settings.READ', 'module departmentId'),
  route('GET', '/mailReplyAddress', setup.listFromAddresses, settings, 'departmentId isActive from limit', 3),
  route('GET', '/recycleBin', setup.listRecycleBin, 'settings.READ', 'from limit sortBy departmentId include', 3),
  route('GET', '/contacts', setup.listContacts, 'contacts.READ', 'from limit sortBy include', 3),
  route('GET', '/contacts/{contactId}', setup.showContact, 'contacts.READ', 'include'),
  route(
    'GET',
    '/tickets',
    tickets.listTickets,
    'tickets.READ',
    'from limit departmentId status sortBy include receivedInDays',
    3,
  ),
  route(
    'GET',
    '/tickets/search',
    searchTickets,
    'tickets.READ search.READ',
    `from limit sortBy ${ranges} departmentId status tag id ticketNumber`,
    3,
  ),
  route('GET', ticket, tickets.showTicket, 'tickets.READ', 'include'),
  route('PATCH', ticket, tickets.updateTicket, 'tickets.UPDATE', 'disableClosureNotification'),
  route('GET', `${ticket}/conversations`, tickets.listConversations, 'tickets.READ', 'from limit', 3),
  route('GET', `${ticket}/threads`, tickets.listThreads, 'tickets.READ', 'from limit sortBy', 3),
  route('GET', `${ticket}/threads/{threadId}`, tickets.showThread, 'tickets.READ', 'include'),
  route(
    'GET',
    `${ticket}/latestThread`,
    tickets.latestThread,
    'tickets.READ',
    'needPublic needIncomingThread threadStatus include',
  ),
  route(
    'GET',
    `${ticket}/threads/{threadId}/attachments/{attachmentId}/content`,
    tickets.attachment,
    'tickets.READ',
    'orgId',
  ),
  route('POST', `${ticket}/sendReply`, tickets.sendReply, 'tickets.UPDATE', 'isPrivate sendImmediately'),
  route('GET', `${ticket}/comments`, tickets.listComments, 'tickets.READ', 'from limit sortBy include', 3),
  route('POST', `${ticket}/comments`, tickets.addComment, 'tickets.UPDATE'),
  route('GET', `${ticket}/tags`, tickets.listTags, 'tickets.READ'),
  route('POST', `${ticket}/associateTag`, tickets.associateTag, 'tickets.CREATE'),
  route('POST', `${ticket}/dissociateTag`, tickets.dissociateTag, 'tickets.CREATE'),
]

const find = matcher(routes)

class ZohoDeskServer implements VendorServer {
  readonly authorities: Authority[]
  readonly #accounts: ZohoAccounts[]
  readonly #world: World
  readonly #wires = new Map<string, ZohoDeskWire>()

  constructor(world: World) {
    this.#world = world
    this.#accounts = centres.map((centre) => new ZohoAccounts(centre, world))
    this.authorities = this.#accounts.map(({ authority }) => authority)
    for (const site of zohoDeskSites) {
      const store = world.stores.get(site.id)
      if (store) this.#wires.set(site.id, new ZohoDeskWire(store))
    }
  }

  async answer(exchange: Exchange): Promise<Reply> {
    const accounts = this.#accounts.find(({ centre }) => centre.accounts === exchange.host)
    if (accounts) return this.#signIn(exchange, accounts)
    const desk = this.#accounts.find(({ centre }) => centre.desk === exchange.host)
    if (desk && exchange.url.pathname.startsWith('/api/v1/')) return this.#api(exchange, desk)
    return { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not found</h1>' }
  }

  conversationIndex(site: string, vendorId: string): number | undefined {
    return this.#wires.get(site)?.ticketIndex(vendorId)
  }

  conversationId(site: string, index: number): string {
    return this.#wires.get(site)?.ticketId(index) ?? ''
  }

  messageId(site: string, index: number, seq: number): string {
    const wire = this.#wires.get(site)
    const entry = wire?.store.entries(index)[seq]
    return wire && entry ? wire.entryId(index, entry) : ''
  }

  async #signIn(exchange: Exchange, accounts: ZohoAccounts): Promise<Reply> {
    const { pathname } = exchange.url
    if (exchange.method === 'POST' && pathname === '/oauth/v2/token') return accounts.token(exchange)
    if (exchange.method === 'POST' && pathname === '/oauth/v2/token/revoke') return accounts.revoke(exchange)
    return (await accounts.page(exchange)) ?? empty(404)
  }

  #api(exchange: Exchange, desk: ZohoAccounts): Reply {
    const bearer = bearerOf(exchange, desk)
    const { match, pathKnown } = find(exchange.method, exchange.url.pathname)
    if (!match) throw pathKnown ? refuse.method() : refuse.notFound()
    const { handler, path } = { ...match.route }
    const wire = this.#wires.get(bearer.site)
    const orgId = exchange.headers.orgid ?? exchange.url.searchParams.get('orgId')
    if (!wire || (orgId !== bearer.site && path !== '/api/v1/organizations')) throw refuse.portal()
    if (!handler.scopes.every((scope) => bearer.scopes.includes(scope))) throw refuse.scope()
    const { headers, over } = this.#spend(bearer.site, handler.cost)
    if (over) return { ...over, headers: { ...over.headers, ...headers } }
    const query = exchange.url.searchParams
    const strange = [...query.keys()].find((name) => !handler.query.includes(name) && name !== 'orgId')
    if (strange !== undefined) throw refuse.extra(strange)
    const staff = wire.store.spec.staff.findIndex((person) => person.email === bearer.user.email)
    const indexedUntil = Date.now() - this.#world.exportLagMs()
    const fresh = this.#world.exportLagMs() === 0 ? Number.POSITIVE_INFINITY : indexedUntil
    const reply = handler.run({
      exchange,
      params: match.params,
      query,
      store: wire.store,
      wire,
      bearer,
      staff,
      indexedUntil: fresh,
    })
    return { ...reply, headers: { ...headers, ...reply.headers } }
  }

  /** Credits of the day, and calls at the same moment, which here are calls of the same second. */
  #spend(site: string, cost: number): { headers: Record<string, string>; over: Reply | null } {
    const burst = this.#world.limits.spend(site, 'zoho-desk.burst')
    if (!burst.ok) {
      const message = 'The number of concurrent calls exceeds the limit of your portal.'
      return { headers: {}, over: json(429, { errorCode: 'TOO_MANY_REQUESTS', message }) }
    }
    const day = this.#world.limits.spend(site, 'zoho-desk.credits', cost)
    const headers = {
      'x-rate-limit-request-weight-v3': String(cost),
      'x-rate-limit-remaining-v3': String(day.remaining),
    }
    if (day.ok) return { headers, over: null }
    const body = { errorCode: 'THRESHOLD_EXCEEDED', message: 'The API credits of your portal for today are used up.' }
    return { headers, over: json(429, body, { 'retry-after': String(Math.ceil(day.resetMs / 1000)) }) }
  }
}

/** Both forms of the header are taken. A token of another data centre is unknown. @throws Refusal 401 */
function bearerOf(exchange: Exchange, desk: ZohoAccounts): Bearer {
  const given = /^(?:Zoho-oauthtoken|Bearer) (.+)$/i.exec(exchange.headers.authorization ?? '')?.[1]
  const found = given === undefined ? undefined : desk.authority.check(given)
  if (found?.state !== 'live') throw refuse.token()
  return found
}

/** Zoho Desk in two data centres. Limits: the Professional edition with 10 agents. */
export const zohoDesk: VendorSpec = {
  id: 'zoho-desk',
  flow,
  hosts: centres.flatMap(({ accounts, desk }) => [accounts, desk]),
  sites: zohoDeskSites,
  clients: zohoDeskClients,
  limits: {
    'zoho-desk.credits': { max: 80_000, windowMs: 24 * 60 * 60_000 },
    'zoho-desk.burst': { max: 200, windowMs: 1000 },
    'zoho-desk.refresh': { max: 10, windowMs: 10 * 60_000 },
  },
  open: (world) => new ZohoDeskServer(world),
}
