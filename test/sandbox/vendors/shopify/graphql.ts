import { type DocumentNode, execute, GraphQLError, parse, validate } from 'graphql'
import { decodeCursor, encodeCursor, type Ordered, pageAfter } from '../../content/paging.ts'
import { type Exchange, isRecord, json, jsonBody, type Reply } from '../../exchange.ts'
import type { RateLimits, Spent } from '../../limits.ts'
import type { Bearer } from '../../oauth/authority.ts'
import { requestedCost } from './cost.ts'
import { schema } from './schema.ts'
import { AccessDenied, iso, type ShopifyWire } from './wire.ts'

export interface Call {
  exchange: Exchange
  wire: ShopifyWire
  bearer: Bearer
  limits: RateLimits
  staff: number
}

/** A query may not cost more, however full the bucket. */
const mostPoints = 1000

/** POST graphql.json: what is wrong with a call is told with HTTP 200. */
export async function answerGraphql(call: Call): Promise<Reply> {
  const body = jsonBody(call.exchange)
  const query = typeof body?.query === 'string' ? body.query : null
  if (query === null) return json(400, { errors: { query: 'Required parameter missing or invalid' } })
  const variables = isRecord(body?.variables) ? body.variables : {}
  let document: DocumentNode
  try {
    document = parse(query)
  } catch (error) {
    return json(200, { errors: [{ message: error instanceof Error ? error.message : 'unreadable' }] })
  }
  const faults = validate(schema, document)
  if (faults.length > 0) return json(200, { errors: faults.map((fault) => fault.toJSON()) })
  const cost = requestedCost(document, variables)
  if (cost > mostPoints)
    return json(
      200,
      refused(
        'MAX_COST_EXCEEDED',
        `Query cost is ${cost}, which exceeds the single query max cost limit (${mostPoints}).`,
      ),
    )
  const spent = call.limits.spend(call.wire.store.spec.id, 'shopify.points', cost)
  if (!spent.ok) return json(200, { ...refused('THROTTLED', 'Throttled'), ...told(cost, null, spent) })
  const result = await execute({ schema, document, variableValues: variables, rootValue: rootOf(call) })
  const errors = result.errors?.map(withCode)
  return json(200, {
    data: result.data ?? null,
    ...(errors ? { errors } : {}),
    ...told(cost, Math.ceil(cost / 3), spent),
  })
}

const refused = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] })

function withCode(error: GraphQLError) {
  const denied = error.originalError instanceof AccessDenied ? error.originalError : null
  const extensions = denied ? { code: 'ACCESS_DENIED', requiredAccess: `\`${denied.scope}\` access scope.` } : {}
  return { ...error.toJSON(), extensions }
}

function told(requested: number, actual: number | null, spent: Spent) {
  const restoreRate = Math.max(1, Math.round(spent.max / 20))
  const throttleStatus = { maximumAvailable: spent.max, currentlyAvailable: spent.remaining, restoreRate }
  return { extensions: { cost: { requestedQueryCost: requested, actualQueryCost: actual, throttleStatus } } }
}

/** `write_orders` includes `read_orders`. */
const may = (bearer: Bearer) => (scope: string) =>
  bearer.scopes.includes(scope) || bearer.scopes.includes(scope.replace(/^read_/, 'write_'))

function rootOf(call: Call) {
  const { wire, bearer } = call
  const { store } = wire
  const can = may(bearer)
  const need = (field: string, scope: string) => {
    if (!can(scope)) throw new AccessDenied(field, scope)
  }
  const find = (id: string) => {
    const index = wire.orderIndex(id)
    return index === undefined || store.hidden.has(index) ? undefined : index
  }
  const change = (id: string, act: (index: number) => void) => {
    need('order', 'write_orders')
    const index = find(id)
    if (index === undefined)
      return { order: null, node: null, userErrors: [{ field: ['id'], message: 'Order does not exist' }] }
    act(index)
    const order = wire.order(index, can)
    return { order, node: order, userErrors: [] }
  }
  return {
    shop: {
      id: `gid://shopify/Shop/${wire.orderNumber(0) % 1_000_000_007}`,
      name: store.spec.name,
      email: `owner@${store.spec.supportEmail.split('@')[1]}`,
      contactEmail: store.spec.supportEmail,
      myshopifyDomain: store.spec.host,
      url: `https://${store.spec.host}`,
      plan: { publicDisplayName: 'Basic' },
    },
    currentAppInstallation: { accessScopes: bearer.scopes.map((handle) => ({ handle })) },
    orders: (args: OrdersArgs) => {
      need('orders', 'read_orders')
      return listOrders(wire, args, can)
    },
    order: ({ id }: { id: string }) => {
      need('order', 'read_orders')
      const index = find(id)
      return index === undefined ? null : wire.order(index, can)
    },
    customers: ({ query }: { query: string }) => {
      need('customers', 'read_customers')
      const email = /email:"([^"]+)"/.exec(query)?.[1]
      const found = email ? store.customerByEmail(email) : undefined
      return { nodes: found ? [wire.customer(found, can)] : [] }
    },
    disputes: ({ first }: { first: number }) => {
      need('disputes', 'read_shopify_payments_disputes')
      return { nodes: wire.disputed(first).map((index) => wire.dispute(index, can)) }
    },
    nodes: ({ ids }: { ids: string[] }) =>
      ids.map((id) => {
        const dispute = can('read_shopify_payments_disputes') ? wire.disputeIndex(id) : undefined
        return dispute === undefined ? null : wire.dispute(dispute, can)
      }),
    orderUpdate: ({ input }: { input: { id: string; note?: string | null } }) =>
      change(input.id, (index) => writeNote(call, index, input.note ?? '')),
    orderClose: ({ input }: { input: { id: string } }) =>
      change(input.id, (index) => store.change(index, { status: 'closed' })),
    orderOpen: ({ input }: { input: { id: string } }) =>
      change(input.id, (index) => store.change(index, { status: 'open' })),
    tagsAdd: ({ id, tags }: { id: string; tags: string[] }) =>
      change(id, (index) => store.change(index, { tags: [...new Set([...store.row(index).tags, ...tags])] })),
    tagsRemove: ({ id, tags }: { id: string; tags: string[] }) =>
      change(id, (index) => store.change(index, { tags: store.row(index).tags.filter((tag) => !tags.includes(tag)) })),
  }
}

/** The field is overwritten. What is new against before counts as received. */
function writeNote(call: Call, index: number, note: string): void {
  const { wire, staff } = call
  const before = wire.note(index) ?? ''
  const text = note.startsWith(before) ? note.slice(before.length).trim() : note
  wire.notes.set(index, note)
  const entry = wire.store.receive(index, 'note', staff, { html: text, text })
  wire.inNote.add(`${index}:${entry.seq}`)
}

interface OrdersArgs {
  first: number
  after?: string | null
  query?: string | null
  sortKey: string
  reverse: boolean
}

function listOrders(wire: ShopifyWire, args: OrdersArgs, can: (scope: string) => boolean) {
  const { store } = wire
  const order: Ordered = args.sortKey === 'UPDATED_AT' ? store.changes : store.creations
  const { keep, since } = filterOf(wire, args.query ?? '')
  const decoded = args.after ? decodeCursor(args.after) : undefined
  const seen = isRecord(decoded) ? Number(decoded.k) : undefined
  const from = args.sortKey === 'UPDATED_AT' && since !== undefined ? since - 1 : undefined
  const start = seen ?? (args.reverse ? undefined : from)
  const slice = pageAfter(order, { limit: args.first, descending: args.reverse, after: start, keep })
  const last = slice.indexes.at(-1)
  return {
    nodes: slice.indexes.map((index) => wire.order(index, can)),
    pageInfo: { hasNextPage: slice.more, endCursor: last === undefined ? null : encodeCursor({ k: order.key(last) }) },
  }
}

/** Understands `status`, `created_at` and `updated_at`. */
function filterOf(wire: ShopifyWire, query: string): { keep(index: number): boolean; since?: number } {
  const { store } = wire
  const tests: ((index: number) => boolean)[] = [(index) => !store.hidden.has(index)]
  let since: number | undefined
  for (const [, field, operator, value = ''] of query.matchAll(/(\w+):(>=|<=)?'?([^'\s]+)'?/g)) {
    const time = Date.parse(value)
    const of = (index: number) => {
      const row = store.row(index)
      return Date.parse(iso(field === 'created_at' ? row.createdAt : row.updatedAt))
    }
    if (field === 'status') tests.push((index) => store.row(index).status === value)
    else if (field === 'created_at' || field === 'updated_at') {
      if (Number.isNaN(time)) throw new GraphQLError(`Invalid search: ${field}`)
      tests.push((index) => (operator === '<=' ? of(index) <= time : of(index) >= Math.floor(time / 1000) * 1000))
      if (field === 'updated_at' && operator === '>=') since = Math.floor(time / 1000) * 1000
    }
  }
  const keep = (index: number) => tests.every((test) => test(index))
  return since === undefined ? { keep } : { keep, since }
}
