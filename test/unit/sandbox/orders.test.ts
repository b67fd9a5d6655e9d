import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ChangeOrder } from '../../sandbox/content/change-order.ts'
import { type Ordered, pageAfter, pageAt, without } from '../../sandbox/content/paging.ts'
import { SiteStore } from '../../sandbox/content/site-store.ts'
import { Timeline } from '../../sandbox/content/timeline.ts'
import { zendeskSites } from '../../sandbox/vendors/zendesk/sites.ts'

const endsAt = Date.UTC(2026, 0, 31)

function store(size: number): SiteStore {
  const [spec] = zendeskSites
  if (!spec) throw new Error('no site')
  return new SiteStore(spec, { seed: 7, size, endsAt })
}

function all(order: Ordered): number[] {
  return Array.from({ length: order.size }, (_, position) => order.at(position) ?? -1)
}

const sizes = fc.integer({ min: 0, max: 400 })

describe('timeline', () => {
  test('every conversation has one place in change order, and changes later than it began', () => {
    fc.assert(
      fc.property(sizes, fc.string(), (size, seed) => {
        const timeline = new Timeline({ size, endsAt, seed })
        const ranked = Array.from({ length: size }, (_, rank) => timeline.atRank(rank))
        expect([...ranked].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i))
        ranked.forEach((index, rank) => {
          expect(timeline.rank(index)).toBe(rank)
          expect(timeline.changedAt(index)).toBeGreaterThan(timeline.createdAt(index))
          expect(timeline.changedAt(index)).toBeLessThanOrEqual(endsAt)
        })
      }),
      { numRuns: 30 },
    )
  })

  test('both orders ascend in time, without two equal moments', () => {
    const timeline = new Timeline({ size: 500, endsAt, seed: 'x' })
    for (let i = 1; i < 500; i++) {
      expect(timeline.createdAt(i)).toBeGreaterThan(timeline.createdAt(i - 1))
      expect(timeline.changedAt(timeline.atRank(i))).toBeGreaterThan(timeline.changedAt(timeline.atRank(i - 1)))
    }
  })

  test('the newest change of a million conversations lies as near to the end as that of two thousand', () => {
    const hour = 3_600_000
    for (const size of [2_000, 1_000_000]) {
      const timeline = new Timeline({ size, endsAt, seed: 'x' })
      expect(endsAt - timeline.changedAt(timeline.atRank(size - 1))).toBeLessThan(hour)
    }
  })
})

describe('change order', () => {
  test('agrees with sorting by last change, whatever was touched in between', () => {
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(420), { maxLength: 40 }), fc.nat(100), (size, touches, probe) => {
        const timeline = new Timeline({ size, endsAt, seed: 's' })
        const order = new ChangeOrder(timeline)
        const known = new Map(Array.from({ length: size }, (_, i) => [i, timeline.changedAt(i)]))
        touches.forEach((touched, i) => {
          order.touch(touched, endsAt + 1 + i)
          known.set(touched, endsAt + 1 + i)
        })
        const expected = [...known].sort((a, b) => a[1] - b[1])
        expect(all(order)).toEqual(expected.map(([index]) => index))
        for (const time of [
          expected[probe % Math.max(1, expected.length)]?.[1] ?? 0,
          endsAt - probe * 7_000_000,
          endsAt + probe,
        ]) {
          expect(order.since(time)).toBe(expected.filter(([, at]) => at < time).length)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('changes since a moment, in order of creation, are exactly those a full look would find', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.array(fc.nat(399), { maxLength: 12 }),
        fc.double({ min: -0.1, max: 1.1, noNaN: true }),
        fc.boolean(),
        (size, touches, part, opened) => {
          const site = store(size)
          for (const touched of touches) if (touched < size) site.change(touched, { subject: 'new' })
          if (opened) site.open('A', 'B')
          const span = endsAt - site.createdSince(0)
          const time = size > 0 ? site.row(0).createdAt + part * (endsAt - site.row(0).createdAt) : span
          const found = site.changedSince(time)
          const expected = Array.from({ length: site.size }, (_, i) => i).filter(
            (i) => site.changes.changedAt(i) >= time,
          )
          expect(all(found)).toEqual(expected)
          for (const key of [0, 100, size]) expect(found.since(key)).toBe(expected.filter((i) => i < key).length)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('paging', () => {
  test('pages by key give every row once, in both directions', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 60 }), fc.boolean(), (size, limit, descending) => {
        const { changes } = store(size)
        const seen: number[] = []
        let after: number | undefined
        for (;;) {
          const slice = pageAfter(changes, { limit, descending, after })
          seen.push(...slice.indexes)
          if (!slice.more) break
          after = slice.lastKey
        }
        expect(seen).toEqual(descending ? all(changes).reverse() : all(changes))
      }),
      { numRuns: 40 },
    )
  })

  test('rows touched between two pages are met again, and none of the others is skipped', () => {
    const site = store(300)
    const first = pageAfter(site.changes, { limit: 100, descending: true })
    site.change(first.indexes[3] ?? 0, { subject: 'again' })
    site.change(7, { subject: 'moved ahead' })
    const seen = new Set(first.indexes)
    let after = first.lastKey
    for (let more = true; more; ) {
      const slice = pageAfter(site.changes, { limit: 100, descending: true, after })
      for (const index of slice.indexes) seen.add(index)
      after = slice.lastKey
      more = slice.more
    }
    expect(seen.size).toBeGreaterThanOrEqual(299)
    expect(pageAfter(site.changes, { limit: 1, descending: true }).indexes).toEqual([7])
  })

  test('hidden rows are left out at every position', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(299), { maxLength: 30 }), (hidden) => {
        const { changes } = store(300)
        const kept = without(changes, [...new Set(hidden)])
        expect(all(kept)).toEqual(all(changes).filter((index) => !hidden.includes(index)))
        expect(pageAt(kept, { offset: kept.size - 3, limit: 10, descending: false }).more).toBe(false)
      }),
      { numRuns: 30 },
    )
  })

  test('a page of a million rows looks at as many places as a page of two thousand', () => {
    const looks = [2_000, 1_000_000].map((size) => {
      const { changes } = store(size)
      let count = 0
      const counted: Ordered = {
        size: changes.size,
        at: (position) => {
          count++
          return changes.at(position)
        },
        key: (index) => changes.key(index),
        since: (key) => changes.since(key),
      }
      const first = pageAfter(counted, { limit: 100, descending: true })
      pageAfter(counted, { limit: 100, descending: true, after: first.lastKey })
      return count
    })
    expect(looks[1]).toBe(looks[0])
  })
})

describe('customers', () => {
  test('the conversations of a customer are those whose row names the customer', () => {
    const site = store(900)
    for (const number of [0, 1, 57, 224]) {
      const expected = Array.from({ length: 900 }, (_, i) => i).filter((i) => site.row(i).customer === number)
      expect(site.byCustomer(number)).toEqual(expected)
    }
  })

  test('a customer is found again by e-mail address', () => {
    const site = store(900)
    const customer = site.customer(12)
    expect(site.customerByEmail(customer.email.toUpperCase())).toEqual(customer)
    expect(site.customerByEmail('nobody@example.com')).toBeUndefined()
  })
})
