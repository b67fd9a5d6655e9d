import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RateRules } from '../../../main/connectors/connector.ts'
import {
  type CallPriority,
  createRateBudget,
  newBucket,
  observe,
  refill,
  waitFor,
} from '../../../main/connectors/rate-limit.ts'

const rules: RateRules = {
  defaultLimit: 60,
  windowMs: 60_000,
  concurrency: 3,
  buckets: [{ name: 'lists', limit: 6, windowMs: 60_000, match: (_method, path) => path === '/lists' }],
  read(headers) {
    const remaining = Number(headers.get('remaining') ?? Number.NaN)
    return Number.isNaN(remaining) ? null : { remaining, limit: null, resetMs: Number(headers.get('reset')) || null }
  },
}

describe('the bucket', () => {
  it('never lets more through in any window than the vendor allows, after its first half', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 50, maxLength: 400 }), (pauses) => {
        let now = 0
        let state = newBucket(60, 60_000, 0)
        const sent: number[] = []
        for (const pause of pauses) {
          now += pause
          if (waitFor(state, 'interactive', now) > 0) continue
          state = { ...refill(state, now), tokens: refill(state, now).tokens - 1 }
          sent.push(now)
        }
        // Half a window of calls saved up, and what fills in evenly.
        for (const from of sent)
          expect(sent.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(30 + 54 + 1)
      }),
    )
  })

  it('keeps some calls back for the agent at the keyboard', () => {
    let state = newBucket(60, 60_000, 0)
    while (waitFor(state, 'background', 0) === 0) state = { ...state, tokens: state.tokens - 1 }
    expect(waitFor(state, 'interactive', 0)).toBe(0)
  })

  it('believes the vendor that nothing is left, until its own reset', () => {
    const state = observe(newBucket(60, 60_000, 0), { remaining: 0, limit: 60, resetMs: 12_000 }, 1000)
    expect(waitFor(state, 'interactive', 1000)).toBeGreaterThanOrEqual(12_000)
    expect(waitFor(state, 'interactive', 14_000)).toBe(0)
  })

  it('learns a larger limit from the headers', () => {
    expect(observe(newBucket(60, 60_000, 0), { remaining: 690, limit: 700, resetMs: null }, 0).limit).toBe(700)
  })

  it('holds nothing back when it learns that there is more than it thought', () => {
    const learned = observe(newBucket(200, 60_000, 0), { remaining: 2499, limit: 2500, resetMs: null }, 0)
    expect(waitFor(learned, 'background', 0)).toBe(0)
    const fewLeft = observe(newBucket(200, 60_000, 0), { remaining: 20, limit: 2500, resetMs: null }, 0)
    expect(waitFor(fewLeft, 'background', 0)).toBeGreaterThan(0)
  })
})

describe('the budget of an account', () => {
  beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 10, 23) }))
  afterEach(() => vi.useRealTimers())

  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  const forever = new AbortController().signal
  const call = (priority: CallPriority, path = '/x', maxWaitMs = 3_600_000, signal = forever) => ({
    method: 'GET',
    path,
    priority,
    maxWaitMs,
    signal,
  })

  function workbench() {
    const budget = createRateBudget(rules, clock)
    const order: string[] = []
    const run = async (name: string, priority: CallPriority, path?: string) => {
      const done = await budget.place(call(priority, path))
      order.push(name)
      return done
    }
    return { budget, order, run }
  }

  it('lets so many calls run at once as the vendor bears, and the next when one is done', async () => {
    const { order, run } = workbench()
    const done = await Promise.all(['a', 'b', 'c'].map((name) => run(name, 'background')))
    void run('d', 'background')
    await vi.advanceTimersByTimeAsync(0)
    expect(order).toEqual(['a', 'b', 'c'])
    done[0]?.()
    done[0]?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(order).toEqual(['a', 'b', 'c', 'd'])
  })

  it('starts what the agent waits for before what is only kept up to date', async () => {
    const { order, run } = workbench()
    const held = await Promise.all(['a', 'b', 'c'].map((name) => run(name, 'background')))
    void run('sync', 'background')
    void run('open thread', 'interactive')
    await vi.advanceTimersByTimeAsync(0)
    held[0]?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(order.at(-1)).toBe('open thread')
  })

  it('after "too many" holds the whole account for as long as was said, and tells until when', async () => {
    const { budget, order, run } = workbench()
    expect(budget.slowDown(call('interactive'), 30_000)).toBe(30_000)
    void run('a', 'interactive')
    expect(budget.waitUntil()).toBe(Date.now() + 30_000)
    await vi.advanceTimersByTimeAsync(29_000)
    expect(order).toEqual([])
    await vi.advanceTimersByTimeAsync(3000)
    expect(order).toEqual(['a'])
    expect(budget.waitUntil()).toBeNull()
  })

  it('holds back only the lists when only the lists have had too many', async () => {
    const { budget, order, run } = workbench()
    budget.slowDown(call('background', '/lists'), 30_000)
    void run('list', 'interactive', '/lists')
    void run('thread', 'interactive', '/x')
    await vi.advanceTimersByTimeAsync(100)
    expect(order).toEqual(['thread'])
  })

  it('waits longer each time where the vendor does not say how long, and never more than an hour', () => {
    const { budget } = workbench()
    const pauses = Array.from({ length: 12 }, () => budget.slowDown(call('background'), null))
    expect(Math.max(...pauses)).toBeLessThanOrEqual(5 * 60_000)
    expect(pauses[3] ?? 0).toBeGreaterThan(pauses[0] ?? 0)
    expect(budget.slowDown(call('background'), 9_999_999)).toBe(3_600_000)
  })

  it('refuses a wait that is too long for the caller, as nothing sent', async () => {
    const { budget } = workbench()
    budget.slowDown(call('background'), 60_000)
    await expect(budget.place(call('interactive', '/x', 20_000))).rejects.toMatchObject({
      code: 'rate_limited',
      outcome: 'not_sent',
    })
  })

  it('forgets a caller that gives up, and goes on with the others', async () => {
    const { budget, order, run } = workbench()
    budget.slowDown(call('background'), 5000)
    const stop = new AbortController()
    const given = budget.place(call('interactive', '/x', 60_000, stop.signal)).catch((reason: unknown) => reason)
    void run('b', 'background')
    stop.abort('left')
    expect(await given).toBe('left')
    await vi.advanceTimersByTimeAsync(20_000)
    expect(order).toEqual(['b'])
  })

  it('never blocks another account', async () => {
    const one = workbench()
    const other = workbench()
    one.budget.slowDown(call('background'), 3_600_000)
    void one.run('one', 'interactive')
    void other.run('other', 'background')
    await vi.advanceTimersByTimeAsync(0)
    expect([one.order, other.order]).toEqual([[], ['other']])
  })

  it('lets every call through in the end, whatever the order they come in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.constantFrom('interactive', 'background') as fc.Arbitrary<CallPriority>,
            fc.constantFrom('/x', '/lists'),
          ),
          { maxLength: 40 },
        ),
        async (calls) => {
          const { budget, order } = workbench()
          for (const [priority, path] of calls) {
            void budget.place(call(priority, path)).then((done) => {
              order.push(path)
              done()
            })
          }
          await vi.advanceTimersByTimeAsync(30 * 60_000)
          expect(order).toHaveLength(calls.length)
        },
      ),
      { numRuns: 25 },
    )
  })
})
