import { expect, test } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import { unified } from '../../../main/connectors/model.ts'
import { AppError } from '../../../main/errors.ts'
import { createCustomers } from '../../../main/inbox/customers.ts'
import { acme, conversation, openTestStore, page } from './open-store.ts'
import { contextFor, scriptedVendor } from './scripted-vendor.ts'

const ada = { vendorId: 'c1', name: 'Ada Example', email: 'ada@mail.example', phone: null }
const known = unified({
  people: [ada],
  conversations: [
    conversation('order-1', { subject: 'Order 1', updatedAt: 1000 }),
    conversation('order-2', { subject: 'Order 2', updatedAt: 2000 }),
  ],
})

/** A helpdesk of brand-a with a question of Ada's, a shop of the same brand, and a shop of another one. */
async function setUp(answer: () => Promise<typeof known> = async () => known) {
  const { store } = await openTestStore()
  await store.putAccount({ ...acme, accountId: 'desk' })
  await store.applyPage(
    'desk',
    page([conversation('q1', { customer: ada }), conversation('q2', { customer: { ...ada, email: null } })]),
  )
  const asked: string[] = []
  const shop = (id: string): Connector =>
    Object.assign(scriptedVendor().connector, {
      async aboutCustomer(_ctx: unknown, who: { email: string | null }) {
        asked.push(`${id} ${who.email}`)
        return answer()
      },
    })
  const vendors: Record<string, Connector> = {
    desk: scriptedVendor().connector,
    shop: shop('shop'),
    foreign: shop('foreign'),
    resting: shop('resting'),
  }
  const state = { online: true, now: 0 }
  const customers = createCustomers({
    store,
    accounts: {
      list: () => [
        { id: 'desk', brandId: 'brand-a', state: 'connected' },
        { id: 'shop', brandId: 'brand-a', state: 'connected' },
        { id: 'foreign', brandId: 'brand-b', state: 'connected' },
        { id: 'resting', brandId: 'brand-a', state: 'paused' },
      ],
    },
    clock: { now: () => state.now, monotonic: () => state.now },
    isOnline: () => state.online,
    connectorFor: (id) => vendors[id] ?? scriptedVendor().connector,
    contextFor,
  })
  return { customers, asked, state }
}

test('a shop of the brand tells the newest orders of who writes, and no other brand is asked', async () => {
  const { customers, asked } = await setUp()
  const [record, ...more] = await customers.about('desk:q1')
  expect(record).toMatchObject({ accountId: 'shop', name: 'Ada Example', trouble: null })
  expect(record?.entries.map(({ subject }) => subject)).toEqual(['Order 2', 'Order 1'])
  expect(more).toEqual([])
  expect(asked).toEqual(['shop ada@mail.example'])
})

test('the same customer is asked about once a minute', async () => {
  const { customers, asked, state } = await setUp()
  await customers.about('desk:q1')
  await customers.about('desk:q1')
  expect(asked).toHaveLength(1)
  state.now = 61_000
  await customers.about('desk:q1')
  expect(asked).toHaveLength(2)
})

test('a shop that cannot be asked says why, and is asked again the next time', async () => {
  const { customers, asked } = await setUp(async () => {
    throw new AppError('vendor_failed', 'The shop has trouble.')
  })
  expect(await customers.about('desk:q1')).toMatchObject([{ accountId: 'shop', trouble: { code: 'vendor_failed' } }])
  await customers.about('desk:q1')
  expect(asked).toHaveLength(2)
})

test('nothing is asked offline, for somebody without an address, or for a conversation that is gone', async () => {
  const { customers, asked, state } = await setUp()
  expect(await customers.about('desk:q2')).toEqual([])
  expect(await customers.about('desk:gone')).toEqual([])
  state.online = false
  expect(await customers.about('desk:q1')).toEqual([])
  expect(asked).toEqual([])
})

test('a shop that does not know the customer is left out', async () => {
  const { customers } = await setUp(async () => unified({}))
  expect(await customers.about('desk:q1')).toEqual([])
})
