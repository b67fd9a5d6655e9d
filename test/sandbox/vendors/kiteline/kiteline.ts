import type { Entry } from '../../content/conversations.ts'
import type { SiteSpec, SiteStatus } from '../../content/site.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { type ClientSpec, registeredRedirectUris } from '../../directory.ts'
import { type Exchange, formBody, json, Refusal, type Reply } from '../../exchange.ts'
import { escapeHtml } from '../../html.ts'
import type { VendorSpec } from '../../vendor.ts'
import { conversationOf, type SmallCall, SmallServer, type SmallSpec } from '../small/server.ts'

/**
 * Kiteline: an invented shop. One host for all shops with the shop in the path, lists by rising change with a Link header, times in seconds,
 * forms in place of JSON, a public client, and envelopes in the style of JSON:API.
 */

const statuses: SiteStatus[] = [
  { id: 'fresh', label: 'Unanswered', kind: 'new' },
  { id: 'talking', label: 'In conversation', kind: 'open' },
  { id: 'answered', label: 'Answered', kind: 'pending' },
  { id: 'closed', label: 'Closed', kind: 'closed' },
]

const site = (shop: string, rest: Pick<SiteSpec, 'name' | 'staff' | 'languages'>): SiteSpec => ({
  id: `kiteline-${shop}`,
  vendor: 'kiteline',
  host: 'api.kiteline.example',
  authorityHost: 'id.kiteline.example',
  supportEmail: `shop@${shop}.example`,
  business: ['parcel', 'refund'],
  share: 1,
  groups: [],
  statuses,
  brands: [rest.name],
  tags: ['gift', 'abroad'],
  ...rest,
})

export const kitelineSites: SiteSpec[] = [
  site('acme', {
    name: 'Acme kites',
    languages: { en: 2, ja: 1 },
    staff: [
      { name: 'Nora Quist', email: 'nora.quist@acme.example', password: 'Breeze-Nora-2817', role: 'agent' },
      { name: 'Felix Arndt', email: 'felix.arndt@acme.example', password: 'Spool-Felix-6604', role: 'admin' },
    ],
  }),
  site('gale', {
    name: 'Gale sails',
    languages: { en: 1 },
    staff: [{ name: 'Yuki Moran', email: 'yuki.moran@gale.example', password: 'Jib-Yuki-4459', role: 'admin' }],
  }),
]

const scopes = { 'questions.read': 'Read questions of customers', 'questions.write': 'Answer questions' }

const clients: ClientSpec[] = [
  {
    clientId: 'kl-public-manydesk',
    clientSecret: null,
    name: 'Manydesk',
    authorityHosts: ['id.kiteline.example'],
    redirectUris: registeredRedirectUris,
    scopes: Object.keys(scopes),
  },
]

const refusal = (status: number, code: string, detail: string) =>
  new Refusal(json(status, { errors: [{ code, detail }] }))
const refuse: SmallSpec['refuse'] = {
  unauthorised: () => refusal(401, 'signed_out', 'The token does not work any more.'),
  forbidden: () => refusal(403, 'forbidden', 'The app may not do this.'),
  missing: () => refusal(404, 'missing', 'There is no such thing.'),
  tooMany: (resetMs) =>
    json(
      429,
      { errors: [{ code: 'slow', detail: 'Too fast.' }] },
      { 'retry-after': String(Math.ceil(resetMs / 1000)) },
    ),
}

const conversationIndex = (id: string) => {
  const index = Number(/^q-(\d+)$/.exec(id)?.[1] ?? Number.NaN)
  return Number.isInteger(index) ? index : undefined
}
const conversationId = (index: number) => `q-${index}`
const messageId = (index: number, seq: number) => `q-${index}.${seq}`
const seconds = (ms: number) => Math.floor(ms / 1000)
const shopOf = (store: SiteStore) => store.spec.id.slice('kiteline-'.length)

function question(store: SiteStore, index: number) {
  const row = store.row(index)
  const who = store.customer(row.customer)
  return {
    type: 'question',
    id: conversationId(index),
    attributes: {
      about: row.subject,
      state: store.hidden.has(index) ? 'erased' : row.status,
      order: 80_000 + index,
      buyer: { ref: `b${row.customer}`, name: who.name, email: who.email },
      labels: row.tags,
      asked: seconds(row.createdAt),
      changed: seconds(row.updatedAt),
    },
    links: { page: `https://kiteline.example/${shopOf(store)}/questions/${conversationId(index)}` },
  }
}

function message(store: SiteStore, index: number, entry: Entry) {
  const { author } = entry
  const who = author.kind === 'customer' ? store.customer(author.customer) : null
  const staff = author.kind === 'staff' ? store.spec.staff[author.staff] : undefined
  const from =
    who !== null
      ? { side: 'buyer', ref: `b${who.number}`, name: who.name, email: who.email }
      : {
          side: staff ? 'shop' : 'robot',
          ref: staff?.email ?? 'robot',
          name: staff?.name ?? 'Kiteline',
          email: staff?.email ?? null,
        }
  return {
    type: entry.kind === 'reply' ? 'message' : entry.kind === 'note' ? 'memo' : 'change',
    id: messageId(index, entry.seq),
    attributes: { body: entry.text, at: seconds(entry.at), from },
  }
}

/** Answers of a list, with the Link header to its next page. */
function linked(call: SmallCall, data: unknown[], next: Record<string, string> | null): Reply {
  if (next === null) return json(200, { data })
  const url = new URL(call.exchange.url)
  for (const [name, value] of Object.entries(next)) url.searchParams.set(name, value)
  return json(200, { data }, { link: `<${url.href}>; rel="next", <https://kiteline.example/help>; rel="help"` })
}

/** By rising change, each once: `after` names the change a page ended with. */
function listQuestions(call: SmallCall): Reply {
  const take = Math.min(100, Number(call.query.get('take') ?? 25))
  const since = Number(call.query.get('changed_since') ?? 0) * 1000
  const after = call.query.get('after') === null ? null : Number(call.query.get('after'))
  const { changes } = call.store
  let position = changes.since(Math.max(since, after === null ? 0 : after + 1))
  const indexes: number[] = []
  for (; position < changes.size && indexes.length < take; position += 1) {
    const index = changes.at(position)
    if (index !== undefined) indexes.push(index)
  }
  const last = indexes.at(-1)
  const more = position < changes.size && last !== undefined
  return linked(
    call,
    indexes.map((index) => question(call.store, index)),
    more ? { after: String(changes.changedAt(last)) } : null,
  )
}

const indexOf = (call: SmallCall) => conversationOf({ conversationIndex, refuse }, call)

function listMessages(call: SmallCall): Reply {
  const index = indexOf(call)
  const from = Number(call.query.get('from') ?? 0)
  const all = call.store.entries(index)
  const shown = all.slice(from, from + 3)
  return linked(
    call,
    shown.map((entry) => message(call.store, index, entry)),
    from + 3 < all.length ? { from: String(from + 3) } : null,
  )
}

function send(call: SmallCall): Reply {
  const index = indexOf(call)
  const body = formBody(call.exchange).get('body')
  if (!body) throw refusal(422, 'empty', 'There is nothing to send.')
  const entry = call.store.receive(index, 'reply', call.staff, { text: body, html: `<p>${escapeHtml(body)}</p>` })
  return json(201, { data: message(call.store, index, entry) })
}

function setState(call: SmallCall): Reply {
  const index = indexOf(call)
  const state = formBody(call.exchange).get('state') ?? ''
  if (!statuses.some((status) => status.id === state)) throw refusal(422, 'state', 'There is no such state.')
  call.store.change(index, { status: state })
  return json(200, { data: question(call.store, index) })
}

function setLabels(call: SmallCall): Reply {
  const index = indexOf(call)
  const labels = formBody(call.exchange).get('labels') ?? ''
  call.store.change(index, { tags: labels.split(',').filter(Boolean) })
  return json(200, { data: question(call.store, index) })
}

const read = 'questions.read'
const write = 'questions.write'
const at = (path: string) => `/shops/{shop}${path}`

export const spec: SmallSpec = {
  id: 'kiteline',
  name: 'Kiteline',
  colour: '#1f5f99',
  sites: kitelineSites,
  clients,
  scopes,
  clientAuth: 'client_secret_post',
  paths: { authorize: '/oauth2/authorize', token: '/oauth2/token', revoke: '/oauth2/revoke' },
  tokenBody: 'form',
  accessSeconds: 1800,
  refreshSeconds: 90 * 86_400,
  rotatesRefresh: true,
  picksSite: false,
  token: (exchange) => /^Bearer (.+)$/.exec(exchange.headers.authorization ?? '')?.[1] ?? null,
  siteOf: (exchange: Exchange) => {
    const shop = /^\/shops\/([^/]+)\//.exec(exchange.url.pathname)?.[1]
    return exchange.host === 'api.kiteline.example' && shop !== undefined ? `kiteline-${shop}` : undefined
  },
  refuse,
  budget: ({ max, remaining, resetMs }) => ({
    'ratelimit-limit': String(max),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(Math.ceil(resetMs / 1000)),
  }),
  conversationId,
  conversationIndex,
  messageId,
  routes: [
    {
      method: 'GET',
      path: at('/me'),
      handler: {
        scope: read,
        run: (call) =>
          json(200, {
            data: {
              id: call.bearer.user.email,
              attributes: { name: call.bearer.user.name, email: call.bearer.user.email },
            },
          }),
      },
    },
    { method: 'GET', path: at('/questions'), handler: { scope: read, run: listQuestions } },
    {
      method: 'GET',
      path: at('/questions/{id}'),
      handler: { scope: read, run: (call) => json(200, { data: question(call.store, indexOf(call)) }) },
    },
    { method: 'GET', path: at('/questions/{id}/messages'), handler: { scope: read, run: listMessages } },
    { method: 'POST', path: at('/questions/{id}/messages'), handler: { scope: write, run: send } },
    { method: 'POST', path: at('/questions/{id}/state'), handler: { scope: write, run: setState } },
    { method: 'PUT', path: at('/questions/{id}/labels'), handler: { scope: write, run: setLabels } },
  ],
}

export const kiteline: VendorSpec = {
  id: spec.id,
  hosts: ['*.kiteline.example'],
  sites: kitelineSites,
  clients,
  limits: { 'kiteline.api': { max: 300, windowMs: 60_000 } },
  flow: {
    authorizeUrl: (where) => `https://${where.authorityHost}/oauth2/authorize`,
    scopes: (client) => client.scopes,
    token: (where, standard, client) => ({
      url: `https://${where.authorityHost}/oauth2/token`,
      form: { ...standard, client_id: client.clientId },
    }),
  },
  open: (world) => new SmallServer(spec, world),
}
