import { expect, it } from 'vitest'
import { aboutCustomer } from '../../../main/connectors/shopify/customer.ts'
import { documents } from '../../../main/connectors/shopify/documents.ts'
import { shopify } from '../../../main/connectors/shopify/index.ts'
import { covered } from '../coverage.ts'
import { requestFaults, vendorSchema } from '../sandbox/graphql-schema.ts'
import { open } from './connected.ts'
import { doEverything } from './everything.ts'

const site = 'nova-vinyl.myshopify.com'

it('every document fits the schema, fields, arguments and fragments alike', async () => {
  const schema = vendorSchema('specs/shopify.graphql')
  if (schema === undefined) return
  for (const document of Object.values(documents)) {
    const { validate, parse } = await import('graphql')
    expect([document.name, validate(schema, parse(document.text)).map((fault) => fault.message)]).toEqual([
      document.name,
      [],
    ])
  }
  covered('shopify', 'described', [
    ...['shop', 'orders', 'order', 'disputes', 'customers', 'order_update', 'order_close', 'order_open', 'tags_add'],
    'tags_remove',
  ])
})

it('every request the connector can make is valid with its variables, and every document is met', async () => {
  const schema = vendorSchema('specs/shopify.graphql')
  if (schema === undefined) return
  const ben = { site, email: 'ben.hale@nova-vinyl.example' }
  const account = await open(shopify, { shop: 'nova-vinyl' }, ben, 130)
  try {
    const [id = ''] = await account.sandbox.control.conversationIds(site, { limit: 1 })
    const { customer } = (await shopify.thread(account.ctx, id)).conversation ?? { customer: null }
    await aboutCustomer(account.ctx, { email: customer?.email ?? null, phone: null })
    await aboutCustomer(account.ctx, { email: null, phone: '+44 20 7946 0000' })
    await doEverything(shopify, account.ctx, { shop: 'nova-vinyl' }, [
      (row) => row.commands?.includes('status') ?? true,
    ])
    // It offers no "pending" to close with: closing is asked for by itself.
    const one = (await shopify.thread(account.ctx, id)).conversation
    if (one === null) throw new Error('a thread tells its order')
    await shopify.execute(account.ctx, one, { kind: 'status', status: 'closed', vendorStatusId: 'closed' })
    const requests = (await account.sandbox.control.requests({ host: site, path: '/admin/api' })).map(
      (request) =>
        JSON.parse(request.body) as { query: string; operationName: string; variables: Record<string, unknown> },
    )
    const faults = await Promise.all(requests.map((request) => requestFaults(schema, request)))
    expect([...new Set(faults.flat())]).toEqual([])
    expect([...new Set(requests.map((request) => request.operationName))].sort()).toEqual(
      Object.values(documents)
        .map((document) => document.name)
        .sort(),
    )
    covered('shopify', 'described', ['note', 'status', 'tags'])
  } finally {
    await account.close()
  }
}, 60_000)
