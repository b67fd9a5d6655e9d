import { randomBytes } from 'node:crypto'
import { encodeCursor } from '../../content/paging.ts'
import { empty, json, type Reply } from '../../exchange.ts'
import { type Call, isAdmin } from './call.ts'
import { refuse } from './errors.ts'
import { cursorList, keyOf } from './pages.ts'
import { iso } from './wire.ts'

export function me(call: Call): Reply {
  return json(200, { user: call.wire.staff(call.staff) })
}

export function listUsers(call: Call): Reply {
  const roles = [...call.query.getAll('role[]'), ...call.query.getAll('role')]
  const staff = call.store.spec.staff.map((_, place) => call.wire.staff(place))
  const customers = () =>
    Array.from({ length: Math.min(500, call.store.customers) }, (_, number) => call.wire.customer(number))
  const all = roles.length === 0 || roles.includes('end-user') ? [...staff, ...customers()] : staff
  const users = all.filter((user) => roles.length === 0 || roles.includes(String(user.role)))
  const { items, meta, links } = cursorList(call, users)
  return json(200, { users: items, meta, links })
}

/** GET /api/v2/incremental/users/cursor: admins only; staff first, then requesters. */
export function incrementalUsers(call: Call): Reply {
  if (!isAdmin(call)) throw refuse.forbidden('You do not have access to this page.')
  const cursor = call.query.get('cursor')
  const start = cursor === null ? 0 : keyOf(cursor) + 1
  const staff = call.store.spec.staff.length
  const end = Math.min(start + 1000, staff + call.store.customers)
  const users = Array.from({ length: Math.max(0, end - start) }, (_, i) =>
    start + i < staff ? call.wire.staff(start + i) : call.wire.customer(start + i - staff),
  )
  const next = encodeCursor({ k: start + users.length - 1 })
  const url = new URL(call.exchange.url)
  url.searchParams.delete('start_time')
  url.searchParams.set('cursor', next)
  const done = end === staff + call.store.customers
  return json(200, {
    users,
    after_cursor: next,
    after_url: url.href,
    before_cursor: null,
    before_url: null,
    end_of_stream: done,
  })
}

export function showUser(call: Call): Reply {
  const user = call.wire.user(Number((call.params.id ?? '').replace(/\.json$/, '')))
  if (!user) throw refuse.notFound()
  return json(200, { user })
}

export function showManyUsers(call: Call): Reply {
  const ids = (call.query.get('ids') ?? '').split(',').map(Number)
  if (ids.length > 100) throw refuse.badRequest('Invalid attribute', 'at most 100 ids')
  const users = ids.flatMap((id) => call.wire.user(id) ?? [])
  return json(200, { users, count: users.length, next_page: null, previous_page: null })
}

export function searchUsers(call: Call): Reply {
  const words = (call.query.get('query') ?? '').replace(/^email:/, '').toLowerCase()
  const staff = call.store.spec.staff.flatMap((person, place) =>
    `${person.name} ${person.email}`.toLowerCase().includes(words) ? [call.wire.staff(place)] : [],
  )
  const customer = call.store.customerByEmail(words)
  const users = [...staff, ...(customer ? [call.wire.customer(customer.number)] : [])]
  return json(200, { users, count: users.length, next_page: null, previous_page: null })
}

export function listGroups(call: Call): Reply {
  const all = call.store.spec.groups.map((_, place) => call.wire.group(place))
  const { items, meta, links } = cursorList(call, all)
  return json(200, { groups: items, meta, links })
}

export function listBrands(call: Call): Reply {
  const brands = call.store.spec.brands.map((name, place) => ({
    id: call.wire.ids.brand(place),
    name,
    active: true,
    default: place === 0,
    subdomain: call.store.spec.host.split('.')[0],
    brand_url: `https://${call.store.spec.host}`,
    has_help_center: false,
    created_at: '2024-03-01T09:00:00Z',
    updated_at: '2024-03-01T09:00:00Z',
  }))
  return json(200, { brands, count: brands.length, next_page: null, previous_page: null })
}

export function listCustomStatuses(call: Call): Reply {
  return json(200, { custom_statuses: call.wire.customStatuses() })
}

/** POST /api/v2/uploads?filename=…: raw bytes; the token is good for one comment. */
export function upload(call: Call): Reply {
  const name = call.query.get('filename')
  if (!name) throw refuse.invalid('filename', 'Filename: cannot be blank')
  if (call.exchange.body.length > 50 * 1024 * 1024)
    return json(413, { error: 'AttachmentTooLarge', description: 'Attachment is too large' })
  const token = call.query.get('token') ?? randomBytes(12).toString('base64url')
  const contentType = call.exchange.headers['content-type'] ?? 'application/octet-stream'
  const file = { name, contentType, inline: false, bytes: call.exchange.body }
  const files = [...(call.store.uploads.get(token) ?? []), file]
  call.store.uploads.set(token, files)
  const shown = files.map((held, place) =>
    call.wire.attachment(call.wire.ids.attachment(9_000_000, call.store.uploads.size, place), held),
  )
  return json(201, { upload: { token, attachment: shown.at(-1), attachments: shown } })
}

export function showAttachment(call: Call): Reply {
  const id = Number((call.params.id ?? '').replace(/\.json$/, ''))
  const { index, seq, place } = call.wire.ids.attachmentPlace(id)
  const file = call.store.has(index) ? call.store.entries(index)[seq]?.files[place] : undefined
  if (!file) throw refuse.notFound()
  return json(200, { attachment: call.wire.attachment(id, file) })
}

export function currentToken(call: Call): Reply {
  const { bearer } = call
  return json(200, {
    token: {
      id: bearer.issuedAt,
      url: `https://${call.store.spec.host}/api/v2/oauth/tokens/${bearer.issuedAt}.json`,
      user_id: call.wire.ids.staff(call.staff),
      client_id: 7001,
      token: bearer.value.slice(0, 10),
      refresh_token: null,
      scopes: bearer.scopes,
      created_at: iso(bearer.issuedAt * 1000),
      used_at: iso(call.exchange.at),
      expires_at: iso(bearer.expiresAt * 1000),
      refresh_token_expires_at: null,
    },
  })
}

/** DELETE /api/v2/oauth/tokens/current: the token and its refresh token are gone at once. */
export function revokeCurrent(call: Call): Reply {
  call.authority.ledger.revokeGrant(call.bearer.grantId)
  return empty(204)
}
