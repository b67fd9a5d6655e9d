import type { Entry } from '../../content/conversations.ts'
import type { SiteSpec, SiteStatus } from '../../content/site.ts'
import type { RowPatch, SiteStore } from '../../content/site-store.ts'
import { type ClientSpec, registeredRedirectUris } from '../../directory.ts'
import { isRecord, json, jsonBody, Refusal, type Reply } from '../../exchange.ts'
import { htmlToText } from '../../html.ts'
import type { VendorSpec } from '../../vendor.ts'
import { conversationOf, newestFirst, type SmallCall, SmallServer, type SmallSpec } from '../small/server.ts'

/**
 * Larkdesk: an invented helpdesk. Numbered pages without any filter by time, times in milliseconds, numbers for statuses, the token in a
 * header of its own, entries inside of the case, HTTP Basic at the token URL, and 200 with `"ok": false` for what it refuses.
 */

const statuses: SiteStatus[] = [
  { id: '1', label: 'Untouched', kind: 'new' },
  { id: '2', label: 'In work', kind: 'open' },
  { id: '3', label: 'With the caller', kind: 'pending' },
  { id: '4', label: 'Paused', kind: 'hold' },
  { id: '5', label: 'Done', kind: 'solved' },
  { id: '6', label: 'Filed', kind: 'closed' },
]

const site = (region: string, rest: Pick<SiteSpec, 'name' | 'staff' | 'languages'>): SiteSpec => ({
  id: `larkdesk-${region}`,
  vendor: 'larkdesk',
  host: `api-${region}.larkdesk.example`,
  authorityHost: `login-${region}.larkdesk.example`,
  supportEmail: `desk@${region}.larkdesk.example`,
  business: ['login', 'defect'],
  share: 1,
  groups: [],
  statuses,
  brands: [rest.name],
  tags: ['loud', 'vip'],
  ...rest,
})

export const larkdeskSites: SiteSpec[] = [
  site('eu', {
    name: 'Lark Europe',
    languages: { en: 1, fr: 1 },
    staff: [
      { name: 'Ilse Kram', email: 'ilse.kram@lark.example', password: 'Feather-Ilse-3381', role: 'agent' },
      { name: 'Bruno Falk', email: 'bruno.falk@lark.example', password: 'Perch-Bruno-5512', role: 'admin' },
    ],
  }),
  site('us', {
    name: 'Lark America',
    languages: { en: 1 },
    staff: [
      { name: 'Dana Moss', email: 'dana.moss@lark.example', password: 'Canopy-Dana-9047', role: 'agent' },
      { name: 'Owen Tate', email: 'owen.tate@lark.example', password: 'Nest-Owen-7120', role: 'admin' },
    ],
  }),
]

const scopes = { cases: 'Read and answer cases', team: 'See your team' }

const clients: ClientSpec[] = larkdeskSites.map((each) => ({
  clientId: `lark-${each.id.slice(-2)}-manydesk`,
  clientSecret: `larksecret:${each.id.slice(-2)}/7b1f+20`,
  name: 'Manydesk',
  authorityHosts: [each.authorityHost],
  redirectUris: registeredRedirectUris,
  scopes: Object.keys(scopes),
}))

const refusal = (status: number, reason: string) => new Refusal(json(status, { ok: false, reason }))
const refuse: SmallSpec['refuse'] = {
  unauthorised: () => refusal(401, 'sign in again'),
  forbidden: () => refusal(403, 'your app may not do this'),
  missing: () => refusal(404, 'no such thing'),
  tooMany: (resetMs) =>
    json(429, { ok: false, reason: 'slow down' }, { 'retry-after': String(Math.ceil(resetMs / 1000)) }),
}
/** What this API does in place of a 4xx. */
const no = (reason: string) => json(200, { ok: false, reason })

const conversationIndex = (id: string) => (/^\d+$/.test(id) ? Number(id) - 5001 : undefined)
const messageId = (index: number, seq: number) => `${index + 5001}-${seq}`
const levels = ['low', 'normal', 'high', 'urgent'] as const

function member(store: SiteStore, place: number) {
  const [first = '', ...rest] = (store.spec.staff[place]?.name ?? '').split(' ')
  return { id: place + 71, first, last: rest.join(' '), mail: store.spec.staff[place]?.email }
}

function caseOf(store: SiteStore, index: number) {
  const row = store.row(index)
  const who = store.customer(row.customer)
  const spoken = store.entries(index).filter((entry) => entry.kind !== 'event')
  const last = spoken.at(-1)
  return {
    number: index + 5001,
    topic: row.subject,
    excerpt: (last?.text ?? '').slice(0, 160),
    status: Number(row.status),
    level: levels.indexOf(row.priority ?? 'normal') + 1,
    via: { email: 'mail', web: 'form', chat: 'chat' }[row.channel],
    caller: { id: row.customer + 90_001, name: who.name, mail: who.email, phone: who.phone },
    owner: row.assignee === null ? null : row.assignee + 71,
    marks: row.tags.join(', '),
    last_by: last?.author.kind === 'customer' ? 'caller' : 'team',
    deleted: store.hidden.has(index),
    created: row.createdAt,
    changed: row.updatedAt,
  }
}

function entryOf(store: SiteStore, index: number, entry: Entry) {
  const { author } = entry
  const who = author.kind === 'customer' ? store.customer(author.customer) : null
  const by =
    author.kind === 'staff'
      ? {
          kind: 'team',
          id: author.staff + 71,
          name: store.spec.staff[author.staff]?.name,
          mail: store.spec.staff[author.staff]?.email,
        }
      : {
          kind: who === null ? 'robot' : 'caller',
          id: who === null ? 0 : who.number + 90_001,
          name: who?.name,
          mail: who?.email,
        }
  return {
    id: messageId(index, entry.seq),
    visible: entry.kind === 'reply',
    by,
    at: entry.at,
    html: entry.html,
    files: entry.files.map((file, place) => ({
      id: `${messageId(index, entry.seq)}-${place}`,
      file: file.name,
      mime: file.contentType,
      length: file.bytes.length,
      inline: file.inline,
      link: `https://${store.spec.host}/files/${messageId(index, entry.seq)}-${place}`,
    })),
  }
}

function listCases(call: SmallCall): Reply {
  const page = Number(call.query.get('page') ?? 1)
  const size = Number(call.query.get('per_page') ?? 20)
  if (!(page >= 1) || !(size >= 1 && size <= 50))
    return json(400, { ok: false, reason: 'page or per_page is out of range' })
  const { indexes } = newestFirst(call.store, (page - 1) * size, size)
  return json(200, { ok: true, cases: indexes.map((index) => caseOf(call.store, index)) })
}

const indexOf = (call: SmallCall) => conversationOf({ conversationIndex, refuse }, call)

function showCase(call: SmallCall): Reply {
  const index = indexOf(call)
  const entries = call.store.entries(index).filter((entry) => entry.kind !== 'event')
  return json(200, {
    ok: true,
    case: { ...caseOf(call.store, index), entries: entries.map((entry) => entryOf(call.store, index, entry)) },
  })
}

function addEntry(call: SmallCall): Reply {
  const index = indexOf(call)
  const given = jsonBody(call.exchange)?.entry
  if (!isRecord(given) || typeof given.html !== 'string' || typeof given.visible !== 'boolean')
    return no('entry is not complete')
  if (call.store.row(index).status === '6') return no('a filed case takes no entries')
  const entry = call.store.receive(index, given.visible ? 'reply' : 'note', call.staff, {
    html: given.html,
    text: htmlToText(given.html),
  })
  return json(200, { ok: true, entry: entryOf(call.store, index, entry) })
}

function changeCase(call: SmallCall): Reply {
  const index = indexOf(call)
  const body = jsonBody(call.exchange) ?? {}
  const patch: RowPatch = {}
  if ('status' in body) {
    if (typeof body.status !== 'number' || !statuses.some((status) => status.id === String(body.status)))
      return no('no such status')
    patch.status = String(body.status)
  }
  if ('level' in body) {
    const level = typeof body.level === 'number' ? levels[body.level - 1] : undefined
    if (level === undefined) return no('no such level')
    patch.priority = level
  }
  if ('owner' in body) {
    const place = body.owner === null ? null : typeof body.owner === 'number' ? body.owner - 71 : -1
    if (place !== null && call.store.spec.staff[place] === undefined) return no('no such member')
    patch.assignee = place
  }
  call.store.change(index, patch)
  return json(200, { ok: true, case: caseOf(call.store, index) })
}

const spec: SmallSpec = {
  id: 'larkdesk',
  name: 'Larkdesk',
  colour: '#2e6f40',
  sites: larkdeskSites,
  clients,
  scopes,
  clientAuth: 'client_secret_basic',
  paths: { authorize: '/authorize', token: '/token' },
  tokenBody: 'form',
  accessSeconds: 1800,
  refreshSeconds: 30 * 86_400,
  rotatesRefresh: false,
  picksSite: false,
  token: (exchange) => {
    const value = exchange.headers['x-lark-token']
    return typeof value === 'string' && exchange.headers['x-lark-app'] === 'Manydesk' ? value : null
  },
  siteOf: (exchange) => larkdeskSites.find((each) => each.host === exchange.host)?.id,
  refuse,
  budget: () => ({}),
  file(exchange, stores) {
    const [, number, seq, place] = /^\/files\/(\d+)-(\d+)-(\d+)$/.exec(exchange.url.pathname) ?? []
    const store = [...stores.values()].find((each) => each.spec.host === exchange.host)
    const found = store?.entries(Number(number) - 5001)[Number(seq)]?.files[Number(place)]
    return found && { status: 200, headers: { 'content-type': found.contentType }, body: found.bytes }
  },
  conversationId: (index) => String(index + 5001),
  conversationIndex,
  messageId,
  routes: [
    {
      method: 'GET',
      path: '/v3/session',
      handler: {
        scope: 'cases',
        run: (call) =>
          json(200, {
            member: { ...member(call.store, call.staff), rights: call.bearer.user.role },
            desk: call.store.spec.name,
          }),
      },
    },
    { method: 'GET', path: '/v3/cases', handler: { scope: 'cases', run: listCases } },
    { method: 'GET', path: '/v3/cases/{id}', handler: { scope: 'cases', run: showCase } },
    { method: 'PUT', path: '/v3/cases/{id}', handler: { scope: 'cases', run: changeCase } },
    { method: 'POST', path: '/v3/cases/{id}/entries', handler: { scope: 'cases', run: addEntry } },
    {
      method: 'GET',
      path: '/v3/team',
      handler: {
        scope: 'team',
        run: (call) => json(200, { members: call.store.spec.staff.map((_, place) => member(call.store, place)) }),
      },
    },
  ],
}

export const larkdesk: VendorSpec = {
  id: spec.id,
  hosts: ['*.larkdesk.example'],
  sites: larkdeskSites,
  clients,
  limits: { 'larkdesk.api': { max: 600, windowMs: 60_000 } },
  flow: {
    authorizeUrl: (at) => `https://${at.authorityHost}/authorize`,
    scopes: (client) => client.scopes,
    token: (at, standard, client) => ({
      url: `https://${at.authorityHost}/token`,
      form: standard,
      basic: `${encodeURIComponent(client.clientId)}:${encodeURIComponent(client.clientSecret ?? '')}`,
    }),
  },
  open: (world) => new SmallServer(spec, world),
}
