import '../oauth/support/plain-node.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCallCounts, hoursKept } from '../../../main/health/call-counts.ts'
import { createClockSkew } from '../../../main/health/clock-skew.ts'
import { notCurrent } from '../../../main/health/not-current.ts'
import { observedFetch } from '../../../main/health/observed-fetch.ts'
import { learnedAge, openSignInLog } from '../../../main/health/sign-in-log.ts'
import { fakeClock, tempFolder } from '../oauth/support/fakes.ts'
import { day, grantLife, hour, minute, start } from './facts.ts'

describe('calls per hour', () => {
  test('are kept for a day, each hour for itself, and failed ones apart', () => {
    const counts = createCallCounts()
    counts.note('a', 'good', start)
    counts.note('a', 'failed', start + 10)
    counts.note('a', 'good', start + 2 * hour)
    const { calls, failed, lastSuccessAt } = counts.of('a', start + 3 * hour)
    expect(calls.slice(-4)).toEqual([2, 0, 1, 0])
    expect(failed.slice(-4)).toEqual([1, 0, 0, 0])
    expect(lastSuccessAt).toBe(start + 2 * hour)
    expect(counts.of('a', start + day + hour).calls.slice(0, 2)).toEqual([1, 0])
    expect(counts.of('a', start + 3 * day).calls).toEqual(new Array(hoursKept).fill(0))
  })

  test('of one account say nothing of another', () => {
    const counts = createCallCounts()
    counts.note('a', 'good', start)
    expect(counts.of('b', start)).toMatchObject({ lastSuccessAt: null })
  })

  test('never exceed what was called, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: start - 3 * day, max: start + 3 * day }), { maxLength: 60 }), (times) => {
        const counts = createCallCounts()
        for (const time of times) counts.note('a', 'good', time)
        const { calls } = counts.of('a', Math.max(start, ...times))
        expect(calls).toHaveLength(hoursKept)
        expect(calls.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(times.length)
        expect(Math.min(...calls)).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

const dated = (at: number, more: Record<string, string> = {}) =>
  new Headers({ date: new Date(at).toUTCString(), ...more })

describe('the clock of this computer', () => {
  test('is measured against the dates of answers, to the second', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -400 * day, max: 400 * day }),
        fc.integer({ min: 0, max: 2000 }),
        (ahead, tookMs) => {
          const clock = fakeClock()
          const skew = createClockSkew(clock)
          expect(skew.aheadMs()).toBeNull()
          const now = clock.now()
          skew.note('one', dated(now + tookMs / 2 - ahead), now, now + tookMs)
          expect(Math.abs((skew.aheadMs() ?? Number.NaN) - ahead)).toBeLessThanOrEqual(1000)
        },
      ),
    )
  })

  test('is not judged by one server whose own clock is wrong', () => {
    const clock = fakeClock()
    const skew = createClockSkew(clock)
    const now = clock.now()
    for (const [host, at] of [
      ['one', now],
      ['two', now],
      ['wrong', now - 5 * hour],
    ] as const)
      skew.note(host, dated(at), now, now)
    expect(Math.abs(skew.aheadMs() ?? 0)).toBeLessThan(1000)
  })

  test('is not told by copies of caches, slow answers and answers without a date', () => {
    const clock = fakeClock()
    const skew = createClockSkew(clock)
    const now = clock.now()
    skew.note('cached', dated(now - hour, { age: '3600' }), now, now)
    skew.note('slow', dated(now - hour), now, now + 61_000)
    skew.note('undated', new Headers(), now, now)
    expect(skew.aheadMs()).toBeNull()
  })

  test('is unknown again after a sleep or when somebody set it, until the next answer', () => {
    const clock = fakeClock()
    const skew = createClockSkew(clock)
    const answer = (ahead = 0) => skew.note('one', dated(clock.now() - ahead), clock.now(), clock.now())
    answer()
    clock.sleep(8 * hour)
    expect(skew.aheadMs()).toBeNull()
    answer()
    clock.setWall(clock.now() + 3 * hour)
    expect(skew.aheadMs()).toBeNull()
    answer(3 * hour)
    expect(Math.round((skew.aheadMs() ?? 0) / minute)).toBe(180)
  })
})

describe('an account is not current', () => {
  const idle = { phase: 'idle', waitUntil: null } as const
  const at = (
    state: 'connected' | 'needs_sign_in' | 'paused',
    age: number | null,
    sync: Parameters<typeof notCurrent>[1],
    runningMs = day,
  ) => notCurrent({ state, lastSyncAt: age === null ? null : start - age }, sync, start, runningMs)

  test('from the moment its sign-in is lost, since it was last read', () => {
    expect(at('needs_sign_in', minute, idle)).toEqual({ since: start - minute, reason: 'signed_out' })
    expect(at('needs_sign_in', null, idle)).toEqual({ since: null, reason: 'signed_out' })
    expect(at('paused', day, idle)).toMatchObject({ reason: 'paused' })
  })

  test('when reading fails, the network is gone or the vendor pauses it, but not for a short interruption', () => {
    const failing = { phase: 'failing', waitUntil: start } as const
    const offline = { phase: 'waiting', waitUntil: null } as const
    const throttled = { phase: 'waiting', waitUntil: start + minute } as const
    expect([
      at('connected', 4 * minute, failing),
      at('connected', 4 * minute, offline),
      at('connected', 14 * minute, throttled),
    ]).toEqual([null, null, null])
    expect(at('connected', 6 * minute, failing)).toMatchObject({ reason: 'failing', since: start - 6 * minute })
    expect(at('connected', 6 * minute, offline)).toMatchObject({ reason: 'offline' })
    expect(at('connected', 16 * minute, throttled)).toMatchObject({ reason: 'throttled' })
  })

  test('when it is behind without any reason, except in the first moments of a start', () => {
    expect(at('connected', 8 * hour, idle, minute)).toBeNull()
    expect(at('connected', 8 * hour, idle)).toMatchObject({ reason: 'behind' })
    expect(at('connected', minute, idle)).toBeNull()
    expect(at('connected', null, { phase: 'first-fill', waitUntil: null })).toBeNull()
  })
})

describe('lifetimes', () => {
  test('are learned from two ends in a row at the same age', () => {
    expect(learnedAge([])).toBeNull()
    expect(learnedAge([7 * day])).toBeNull()
    expect(learnedAge([7 * day, 7.2 * day])).toBe(7 * day)
    expect(learnedAge([7 * day, 7 * day, 3 * day])).toBeNull()
    expect(learnedAge([minute, minute])).toBeNull()
  })
})

describe('the log of sign-ins', () => {
  test('knows after a crash when a refresh token that stays came, and the date of a secret', () => {
    const folder = tempFolder()
    const log = openSignInLog(folder.documents('settings'))
    const grant = grantLife({ rotates: false })
    log.noteGrant('a', grant)
    log.setSecretExpiry('zendesk client', start + day)
    const again = openSignInLog(folder.documents('settings'))
    expect(again.grant('a')).toEqual(grant)
    expect(again.secretExpiresAt('zendesk client')).toBe(start + day)
    again.forget('a')
    expect(openSignInLog(folder.documents('settings')).grant('a')).toBeNull()
    folder.remove()
  })
})

describe('the network, watched', () => {
  const told: (number | null)[] = []
  const watch = (fetch: () => Promise<Response>) =>
    observedFetch(
      fetch,
      fakeClock(),
      ({ host, response }) => void told.push(host === 'a.example' ? (response?.status ?? null) : -1),
    )

  test('tells of each answer and of each failure, and passes both on', async () => {
    told.length = 0
    const answer = new Response('x', { status: 404 })
    expect(await watch(async () => answer)('https://a.example/x')).toBe(answer)
    const broken = new TypeError('gone')
    await expect(watch(() => Promise.reject(broken))('https://a.example/x')).rejects.toBe(broken)
    expect(told).toEqual([404, null])
  })

  test('tells nothing of what its caller stopped', async () => {
    told.length = 0
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(watch(() => Promise.reject(signal.reason))('https://a.example/x', { signal })).rejects.toThrow(
      'enough',
    )
    expect(told).toEqual([])
  })
})
