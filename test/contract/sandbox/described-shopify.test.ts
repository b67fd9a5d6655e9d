import { expect, test } from 'vitest'
import { documents } from '../../../main/connectors/shopify/documents.ts'
import { answerOf, sandboxBench } from './api.ts'
import { answerFaults, vendorSchema } from './graphql-schema.ts'

const site = 'acme-gear.myshopify.com'
const url = `https://${site}/admin/api/2026-04/graphql.json`
const bench = sandboxBench({ perShare: 70 })

test('every answer fits the schema of the Admin API, and errors have the documented shape', async () => {
  const schema = vendorSchema('specs/shopify.graphql')
  if (schema === undefined) return
  await bench.sandbox.control.setRateLimit(site, 'shopify.points', { max: 100_000, windowMs: 60_000 })
  const rosa = await bench.api(site, 'rosa.weber@acme-gear.example')
  expect(rosa.signedIn.answer).toEqual({
    access_token: expect.stringMatching(/^shpat_[0-9a-f]+$/),
    scope: expect.stringMatching(/^[a-z_]+(,[a-z_]+)+$/),
    expires_in: 3600,
    refresh_token: expect.any(String),
    refresh_token_expires_in: 7_776_000,
  })
  const faults: string[] = []
  const met = new Set<string>()
  const send = async (query: string, variables: Record<string, unknown>, token = rosa.signedIn.accessToken) => {
    const answer = await answerOf(
      await bench.fetch(url, {
        method: 'POST',
        headers: { 'x-shopify-access-token': token, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      }),
    )
    faults.push(...(await answerFaults(schema, { query, variables }, answer.body?.data)))
    return answer
  }
  const ask = async (document: { name: string; text: string }, variables: Record<string, unknown>) => {
    met.add(document.name)
    const answer = await send(document.text, variables)
    expect(answer.body.errors).toBeUndefined()
    expect(answer.body.extensions.cost.throttleStatus).toMatchObject({ maximumAvailable: 100_000 })
    return answer.body.data
  }

  await ask(documents.shop, {})
  const list = { first: 15, after: null, query: null, sortKey: 'UPDATED_AT', reverse: true }
  const { orders } = await ask(documents.orders, list)
  expect(orders.nodes).toHaveLength(15)
  const second = await ask(documents.orders, { ...list, after: orders.pageInfo.endCursor })
  const ids = (page: { nodes: { id: string }[] }) => page.nodes.map((node) => node.id)
  expect(ids(second.orders).some((id) => ids(orders).includes(id))).toBe(false)
  await ask(documents.orders, { ...list, query: "updated_at:>='2020-01-01T00:00:00Z'", reverse: false })
  for (const id of ids(orders)) {
    await ask(documents.order, { id })
    await ask(documents.events, { id, after: null })
    await ask(documents.note, { id })
  }
  const [id = ''] = ids(orders)
  const { disputes } = await ask(documents.disputes, { first: 5 })
  expect(disputes.nodes.length).toBeGreaterThan(0)
  await ask(documents.disputeDetails, { ids: [disputes.nodes[0].id] })
  const email = orders.nodes[0].customer.defaultEmailAddress.emailAddress
  await ask(documents.customers, { query: `email:"${email}"` })
  await ask(documents.update, { input: { id, note: 'Ring twice' } })
  await ask(documents.close, { input: { id } })
  await ask(documents.open, { input: { id } })
  await ask(documents.addTags, { id, tags: ['one'] })
  const { tagsRemove } = await ask(documents.removeTags, { id, tags: ['one'] })
  expect(tagsRemove.userErrors).toEqual([])
  expect([...met].sort()).toEqual(
    Object.values(documents)
      .map((document) => document.name)
      .sort(),
  )

  const gone = await send(documents.close.text, { input: { id: 'gid://shopify/Order/1' } })
  expect(gone.body.data.orderClose).toMatchObject({ order: null, userErrors: [{ field: ['id'] }] })
  expect(
    (await send('{ orders(first: 250) { nodes { id returns(first: 50) { nodes { id } } } } }', {})).body,
  ).toMatchObject({
    errors: [{ extensions: { code: 'MAX_COST_EXCEEDED' } }],
  })
  expect((await send('{ nonsense }', {})).body.errors[0].message).toContain('nonsense')
  expect(await send('{ shop { id } }', {}, 'shpat_00')).toMatchObject({
    status: 401,
    body: { errors: expect.any(String) },
  })
  await bench.sandbox.control.setRateLimit(site, 'shopify.points', { max: 1, windowMs: 60_000 })
  const throttled = await send(documents.orders.text, list)
  expect(throttled).toMatchObject({ status: 200, body: { errors: [{ extensions: { code: 'THROTTLED' } }] } })
  expect(throttled.body.extensions.cost.throttleStatus.restoreRate).toBeGreaterThan(0)
  expect(faults).toEqual([])
})

test('the vendor check itself finds a wrong enum, a missing field and one too many', async () => {
  const schema = vendorSchema('specs/shopify.graphql')
  if (schema === undefined) return
  const query = '{ order(id: "1") { id returnStatus } }'
  const check = (order: unknown) => answerFaults(schema, { query, variables: {} }, { order })
  expect(await check({ id: 'gid://shopify/Order/1', returnStatus: 'NO_RETURN' })).toEqual([])
  expect(await check({ id: 'gid://shopify/Order/1', returnStatus: 'MAYBE' })).toHaveLength(1)
  expect(await check({ id: 'gid://shopify/Order/1' })).toHaveLength(1)
  expect(await check({ id: 'gid://shopify/Order/1', returnStatus: 'NO_RETURN', more: 1 })).toHaveLength(1)
})
