import { describe, expect, it, vi } from 'vitest'
import { createCacheAge, storeWithinAge } from '../../../main/workstation/cache-age.ts'
import { createLog } from '../desktop/fakes.ts'
import { acme, conversation, message, openTestStore, page } from '../inbox/open-store.ts'
import { fakeClock } from '../oauth/support/fakes.ts'
import { policyOf } from '../policy/policies.ts'

const day = 24 * 60 * 60_000

async function setUp(maxAgeDays: number | null) {
  const { store } = await openTestStore()
  const clock = fakeClock()
  const policy = policyOf(maxAgeDays === null ? {} : { cache: { maxAgeDays } })
  const onPurged = vi.fn()
  const cacheAge = createCacheAge({ store, policy, clock, log: createLog(), onPurged })
  const aged = (id: string, days: number) =>
    conversation(id, {
      updatedAt: clock.now() - days * day,
      createdAt: clock.now() - days * day,
      customer: { vendorId: `customer-${id}`, name: `Kim ${id}`, email: `kim-${id}@example.com`, phone: null },
    })
  await store.putAccount(acme)
  const ids = async () => (await store.list({ limit: 50 })).rows.map(({ vendorId }) => vendorId).toSorted()
  return { store, clock, policy, cacheAge, onPurged, aged, ids }
}

describe('the greatest age of conversations on this computer', () => {
  it('takes away what has not changed for so long, with its messages, counts and search', async () => {
    const { store, cacheAge, onPurged, aged, ids } = await setUp(30)
    const messages = [message('old', 'm1', { bodyText: 'unforgettable' })]
    await store.applyPage('acme', page([aged('old', 31), aged('new', 29)], { messages }))
    await cacheAge.purge()
    expect(await ids()).toEqual(['new'])
    expect(await store.thread('acme:old')).toBeNull()
    expect((await store.counts()).total.all).toBe(1)
    expect((await store.list({ limit: 5, text: 'unforgettable' })).rows).toEqual([])
    expect(onPurged).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ accountIds: ['acme'], conversationIds: null }),
    )
  })

  it('keeps what has a draft or is not sent yet, however old', async () => {
    const { store, cacheAge, aged, ids } = await setUp(30)
    await store.applyPage('acme', page(['gone', 'drafted', 'queued'].map((id) => aged(id, 300))))
    await store.saveDraft({ conversationId: 'acme:drafted', kind: 'reply', bodyText: 'half an answer' })
    await store.enqueue('acme:queued', [{ kind: 'note', bodyText: 'later', bodyHtml: '<p>later</p>' }])
    await cacheAge.purge()
    expect(await ids()).toEqual(['drafted', 'queued'])
    expect(await store.draft('acme:drafted')).toMatchObject({ bodyText: 'half an answer' })
    expect(await store.outbox()).toHaveLength(1)
  })

  it('takes thousands of them', async () => {
    const { store, cacheAge, aged, ids } = await setUp(1)
    await store.applyPage('acme', page(Array.from({ length: 2_300 }, (_, at) => aged(`c${at}`, 2))))
    await cacheAge.purge()
    expect(await ids()).toEqual([])
  })

  it('takes nothing in that is too old already', async () => {
    const { store, clock, policy, aged, ids } = await setUp(30)
    await storeWithinAge(store, { policy, clock }).applyPage('acme', page([aged('old', 31), aged('new', 1)]))
    expect(await ids()).toEqual(['new'])
  })

  it('is without end where the policy does not say', async () => {
    const { store, clock, policy, cacheAge, onPurged, aged, ids } = await setUp(null)
    await storeWithinAge(store, { policy, clock }).applyPage('acme', page([aged('old', 3000)]))
    await cacheAge.purge()
    expect(await ids()).toEqual(['old'])
    expect(onPurged).not.toHaveBeenCalled()
  })
})
