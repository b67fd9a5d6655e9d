import type { Entry } from '../../content/conversations.ts'
import { decodeCursor, encodeCursor } from '../../content/paging.ts'
import type { SiteSpec, SiteStatus } from '../../content/site.ts'
import type { RowPatch, SiteStore } from '../../content/site-store.ts'
import { type ClientSpec, registeredRedirectUris } from '../../directory.ts'
import { type Exchange, json, jsonBody, Refusal, type Reply } from '../../exchange.ts'
import { inBody } from '../../flow.ts'
import { escapeHtml } from '../../html.ts'
import type { VendorSpec } from '../../vendor.ts'
import {
  conversationOf,
  entriesAfterFirst,
  newestFirst,
  type SmallCall,
  SmallServer,
  type SmallSpec,
} from '../small/server.ts'

/**
 * AutoTimer: time tracking. A query is a time entry that is missing or disputed, asked by its employee and answered by a reviewer. Opaque
 * cursors, ISO times, `{"error": {"code", "message"}}`, quota headers.
 */

const statuses: SiteStatus[] = [
  { id: 'submitted', label: 'Submitted', kind: 'new' },
  { id: 'open', label: 'In review', kind: 'open' },
  { id: 'waiting', label: 'Waiting for employee', kind: 'pending' },
  { id: 'parked', label: 'Parked until payroll', kind: 'hold' },
  { id: 'accepted', label: 'Accepted', kind: 'solved' },
  { id: 'rejected', label: 'Rejected', kind: 'closed' },
]

const site = (workspace: string, rest: Pick<SiteSpec, 'name' | 'staff' | 'languages'>): SiteSpec => ({
  id: `${workspace}.autotimer.example`,
  vendor: 'autotimer',
  host: `${workspace}.autotimer.example`,
  authorityHost: `${workspace}.autotimer.example`,
  supportEmail: `time@${workspace}.example`,
  business: ['invoice', 'booking'],
  share: 1,
  groups: [],
  statuses,
  brands: [rest.name],
  tags: ['payroll', 'overtime', 'travel'],
  ...rest,
})

export const autotimerSites: SiteSpec[] = [
  site('acme', {
    name: 'Acme Outdoor time',
    languages: { en: 3, de: 1 },
    staff: [
      { name: 'Rosa Lind', email: 'rosa.lind@acme.example', password: 'Stopwatch-Rosa-4410', role: 'agent' },
      { name: 'Emil Sand', email: 'emil.sand@acme.example', password: 'Punchcard-Emil-7723', role: 'agent' },
      { name: 'Greta Holt', email: 'greta.holt@acme.example', password: 'Overtime-Greta-1908', role: 'admin' },
    ],
  }),
  site('nova', {
    name: 'Nova Audio time',
    languages: { en: 1 },
    staff: [
      { name: 'Pia Lund', email: 'pia.lund@nova.example', password: 'Metronome-Pia-6631', role: 'agent' },
      { name: 'Theo Brandt', email: 'theo.brandt@nova.example', password: 'Tempo-Theo-2094', role: 'admin' },
    ],
  }),
]

const scopes = {
  'queries:read': 'Read questions about time entries',
  'queries:write': 'Answer questions about time entries',
  'people:read': 'See who works here',
}

const clients: ClientSpec[] = autotimerSites.map((each) => ({
  clientId: `atc_${each.host.split('.')[0]}_manydesk`,
  clientSecret: `atsecret-${each.host.split('.')[0]}-9d2c51e7`,
  name: 'Manydesk',
  authorityHosts: [each.authorityHost],
  redirectUris: registeredRedirectUris,
  scopes: Object.keys(scopes),
}))

const refusal = (status: number, code: string, message: string) =>
  new Refusal(json(status, { error: { code, message } }))
const refuse: SmallSpec['refuse'] = {
  unauthorised: () => refusal(401, 'token_invalid', 'The access token is expired or was withdrawn.'),
  forbidden: () => refusal(403, 'scope_missing', 'The client does not have this permission.'),
  missing: () => refusal(404, 'not_found', 'There is nothing here.'),
  tooMany: (resetMs) =>
    json(
      429,
      { error: { code: 'quota', message: 'Too many requests.' } },
      { 'retry-after': String(Math.ceil(resetMs / 1000)) },
    ),
}
const invalid = (message: string) => refusal(422, 'invalid', message)

const iso = (ms: number) => new Date(ms).toISOString()
const conversationId = (index: number) => `tq_${index + 1}`
const conversationIndex = (id: string) => {
  const index = Number(/^tq_(\d+)$/.exec(id)?.[1] ?? Number.NaN) - 1
  return Number.isInteger(index) && index >= 0 ? index : undefined
}
const messageId = (index: number, seq: number) => `tc_${index + 1}_${seq}`
const personId = (place: number) => `e${place + 1}`

const urgencies = { low: 0, normal: 1, high: 2, urgent: 3 } as const
const sources = { email: 'mail', web: 'web', chat: 'app' } as const

function query(store: SiteStore, index: number) {
  const row = store.row(index)
  const who = store.customer(row.customer)
  const [first] = store.entries(index)
  const missing = index % 2 === 0
  return {
    id: conversationId(index),
    type: missing ? 'missing' : 'disputed',
    title: row.subject,
    reason: first?.text ?? '',
    state: row.status,
    urgency: urgencies[row.priority ?? 'normal'],
    source: sources[row.channel],
    entry: {
      id: `te_${index + 1}`,
      date: iso(row.createdAt).slice(0, 10),
      project: { id: `p${(index % 5) + 1}`, name: ['Shop', 'Warehouse', 'Repairs', 'Office', 'Fair'][index % 5] },
      hours: missing ? null : 1 + (index % 8),
    },
    employee: { id: `s${row.customer + 1}`, name: who.name, email: who.email },
    reviewer: row.assignee === null ? null : person(store, row.assignee),
    labels: row.tags,
    withdrawn: store.hidden.has(index),
    answer_by: iso(row.createdAt + 5 * 86_400_000),
    created_at: iso(row.createdAt),
    updated_at: iso(row.updatedAt),
  }
}

function person(store: SiteStore, place: number) {
  const one = store.spec.staff[place]
  return { id: personId(place), name: one?.name ?? '', email: one?.email ?? '' }
}

function comment(store: SiteStore, index: number, entry: Entry) {
  const { author } = entry
  const who = author.kind === 'customer' ? store.customer(author.customer) : null
  return {
    id: messageId(index, entry.seq),
    author:
      author.kind === 'staff'
        ? { ...person(store, author.staff), type: 'reviewer' }
        : {
            id: who === null ? 'robot' : `s${who.number + 1}`,
            name: who?.name ?? 'AutoTimer',
            email: who?.email ?? null,
            type: who === null ? 'system' : 'employee',
          },
    text: entry.text,
    internal: entry.kind === 'note',
    created_at: iso(entry.at),
    files: entry.files.map((file, place) => ({
      id: `tf_${index + 1}_${entry.seq}_${place}`,
      name: file.name,
      type: file.contentType,
      bytes: file.bytes.length,
      url: `https://${store.spec.host}/files/tf_${index + 1}_${entry.seq}_${place}`,
    })),
  }
}

/** `limit` and the opaque `cursor`. @throws Refusal 422 */
function page(call: SmallCall): { from: number; limit: number } {
  const limit = Number(call.query.get('limit') ?? 50)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw invalid('limit must be 1 to 100')
  const cursor = call.query.get('cursor')
  if (cursor === null) return { from: 0, limit }
  const from = decodeCursor(cursor)
  if (typeof from !== 'number') throw invalid('cursor is not valid')
  return { from, limit }
}

const paging = (from: number, read: number, more: boolean) => ({ next: more ? encodeCursor(from + read) : null })

/** Newest change first; the cursor is a place in that order, so that rows that move come up twice and none is left out. */
function listQueries(call: SmallCall): Reply {
  const { from, limit } = page(call)
  const after = call.query.get('updated_after')
  const since = after === null ? 0 : Date.parse(after)
  if (Number.isNaN(since)) throw invalid('updated_after is not a time')
  const { indexes, more } = newestFirst(call.store, from, limit, since)
  const shown = indexes.filter((index) => call.query.get('include') === 'withdrawn' || !call.store.hidden.has(index))
  return json(200, {
    queries: shown.map((index) => query(call.store, index)),
    paging: { ...paging(from, indexes.length, more), total: call.store.size },
  })
}

function listComments(call: SmallCall): Reply {
  const index = conversationOf({ conversationIndex, refuse }, call)
  const { from, limit } = page(call)
  const all = entriesAfterFirst(call.store, index)
  const comments = all.slice(from, from + limit).map((entry) => comment(call.store, index, entry))
  return json(200, { comments, paging: paging(from, comments.length, from + limit < all.length) })
}

function addComment(call: SmallCall): Reply {
  const index = conversationOf({ conversationIndex, refuse }, call)
  const body = jsonBody(call.exchange)
  if (typeof body?.text !== 'string' || body.text.trim() === '') throw invalid('text is missing')
  if (typeof body.internal !== 'boolean') throw invalid('internal must be true or false')
  const entry = call.store.receive(index, body.internal ? 'note' : 'reply', call.staff, {
    text: body.text,
    html: `<p>${escapeHtml(body.text)}</p>`,
  })
  return json(201, { comment: comment(call.store, index, entry) })
}

function change(call: SmallCall): Reply {
  const index = conversationOf({ conversationIndex, refuse }, call)
  const body = jsonBody(call.exchange)
  if (!body) throw invalid('the body is not an object')
  const patch: RowPatch = {}
  const wasClosed = call.store.row(index).status === 'rejected'
  if (wasClosed) throw invalid('a rejected entry is closed for good')
  if ('state' in body) {
    if (!statuses.some((status) => status.id === body.state)) throw invalid('state is not known')
    patch.status = String(body.state)
  }
  if ('reviewer_id' in body) {
    const place =
      body.reviewer_id === null ? null : call.store.spec.staff.findIndex((_, at) => personId(at) === body.reviewer_id)
    if (place === -1) throw invalid('reviewer_id is nobody here')
    patch.assignee = place
  }
  if ('labels' in body) {
    if (!Array.isArray(body.labels)) throw invalid('labels must be a list')
    patch.tags = body.labels.map(String)
  }
  call.store.change(index, patch)
  return json(200, { query: query(call.store, index) })
}

function file(exchange: Exchange, stores: ReadonlyMap<string, SiteStore>): Reply | undefined {
  const [, number, seq, place] = /^\/files\/tf_(\d+)_(\d+)_(\d+)$/.exec(exchange.url.pathname) ?? []
  if (number === undefined) return undefined
  const found = stores.get(exchange.host)?.entries(Number(number) - 1)[Number(seq)]?.files[Number(place)]
  if (!found) return undefined
  return { status: 200, headers: { 'content-type': found.contentType }, body: found.bytes }
}

const spec: SmallSpec = {
  id: 'autotimer',
  name: 'AutoTimer',
  colour: '#8a4b08',
  sites: autotimerSites,
  clients,
  scopes,
  clientAuth: 'client_secret_post',
  paths: { authorize: '/oauth/authorize', token: '/oauth/token', revoke: '/oauth/revoke' },
  tokenBody: 'json',
  accessSeconds: 3600,
  refreshSeconds: 60 * 86_400,
  rotatesRefresh: true,
  picksSite: false,
  token: (exchange) => /^Bearer (.+)$/.exec(exchange.headers.authorization ?? '')?.[1] ?? null,
  siteOf: (exchange) => exchange.host,
  refuse,
  budget: ({ max, remaining, resetMs }) => ({
    'x-quota-limit': String(max),
    'x-quota-remaining': String(remaining),
    'x-quota-reset': String(Math.ceil(resetMs / 1000)),
  }),
  file,
  conversationId,
  conversationIndex,
  messageId,
  routes: [
    {
      method: 'GET',
      path: '/api/v1/me',
      handler: {
        scope: 'queries:read',
        run: (call) =>
          json(200, {
            user: { ...person(call.store, call.staff), role: call.bearer.user.role === 'admin' ? 'owner' : 'employee' },
          }),
      },
    },
    { method: 'GET', path: '/api/v1/time-queries', handler: { scope: 'queries:read', run: listQueries } },
    {
      method: 'GET',
      path: '/api/v1/time-queries/{id}',
      handler: {
        scope: 'queries:read',
        run: (call) => json(200, { query: query(call.store, conversationOf({ conversationIndex, refuse }, call)) }),
      },
    },
    { method: 'PATCH', path: '/api/v1/time-queries/{id}', handler: { scope: 'queries:write', run: change } },
    {
      method: 'GET',
      path: '/api/v1/time-queries/{id}/comments',
      handler: { scope: 'queries:read', run: listComments },
    },
    {
      method: 'POST',
      path: '/api/v1/time-queries/{id}/comments',
      handler: { scope: 'queries:write', run: addComment },
    },
    {
      method: 'GET',
      path: '/api/v1/employees',
      handler: {
        scope: 'people:read',
        run: (call) =>
          json(200, {
            employees: call.store.spec.staff.map((_, place) => ({ ...person(call.store, place), active: true })),
            paging: { next: null },
          }),
      },
    },
  ],
}

export const autotimer: VendorSpec = {
  id: spec.id,
  hosts: ['*.autotimer.example'],
  sites: autotimerSites,
  clients,
  limits: { 'autotimer.api': { max: 240, windowMs: 60_000 } },
  flow: {
    authorizeUrl: (at) => `https://${at.authorityHost}/oauth/authorize`,
    scopes: (client) => client.scopes,
    token: (at, standard, client) => ({
      url: `https://${at.authorityHost}/oauth/token`,
      json: { ...standard, ...inBody(client) },
    }),
  },
  open: (world) => new SmallServer(spec, world),
}
