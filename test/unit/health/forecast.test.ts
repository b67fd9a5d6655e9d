import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { forecast, isAlarm } from '../../../main/health/forecast.ts'
import type { AccountFacts } from '../../../main/health/model.ts'
import { day, factsOf, grantLife, hour, minute, start } from './facts.ts'

const alarms = (facts: AccountFacts, now: number) => forecast(facts, now).filter(isAlarm)
const limits = (facts: AccountFacts, now: number) => alarms(facts, now).map(({ limit }) => limit)

/** A sign-in of this length that nothing renews, with an access token of an hour at most. */
const fixed = (lifeMs: number, change: Partial<AccountFacts> = {}) =>
  factsOf({ grant: grantLife({ rotates: false, refreshExpiresAt: start + lifeMs }), ...change })

describe('an end that is known', () => {
  test.each([
    ['an hour', hour, 20 * minute],
    ['24 hours', 24 * hour, 8 * hour],
    ['7 days', 7 * day, 56 * hour],
    ['90 days', 90 * day, 14 * day],
  ])('after %s is announced a third of that before, at most two weeks, and becomes urgent', (_name, lifeMs, leadMs) => {
    const facts = fixed(lifeMs)
    const end = start + lifeMs
    expect(alarms(facts, end - leadMs - minute)).toEqual([])
    expect(alarms(facts, end - leadMs)).toMatchObject([{ limit: 'refresh_age', at: end, severity: 'soon' }])
    expect(alarms(facts, end - minute)).toMatchObject([{ severity: 'urgent' }])
    expect(alarms(facts, end)).toMatchObject([{ severity: 'broken' }])
  })

  test('of access that cannot be renewed is one although it is short', () => {
    const facts = factsOf({ grant: grantLife({ renewable: false, refreshExpiresAt: null }), nextRefreshAt: null })
    expect(forecast(facts, start)).toMatchObject([{ limit: 'access', severity: 'later', at: start + hour }])
    expect(limits(facts, start + 45 * minute)).toEqual(['access'])
  })

  test('that the next renewal will move away is none to warn of, and one to warn of when the account rests', () => {
    const grant = grantLife({ refreshExpiresAt: start + 2 * hour })
    const late = start + 110 * minute
    const facts = factsOf({ grant, nextRefreshAt: late + minute })
    expect(alarms(facts, late)).toEqual([])
    expect(alarms({ ...facts, state: 'paused', nextRefreshAt: null }, late)).toMatchObject([
      { limit: 'refresh_idle', remedy: { kind: 'resume' } },
    ])
  })

  test('of a client secret is announced a month before, by the day its maker entered, and never called broken', () => {
    const facts = factsOf({ grant: null, secretExpiresAt: start + 100 * day })
    expect(limits(facts, start + 69 * day)).toEqual([])
    expect(alarms(facts, start + 70 * day)).toMatchObject([
      { limit: 'client_secret', severity: 'soon', certainty: 'entered' },
    ])
    expect(alarms(facts, start + 101 * day)).toMatchObject([{ severity: 'urgent' }])
  })

  test('by not being used counts from the last renewal', () => {
    const facts = factsOf({
      grant: grantLife({ rotates: false, refreshExpiresAt: null }),
      limits: { refreshDays: null, idleDays: 182, testModeDays: null },
      state: 'paused',
      nextRefreshAt: null,
    })
    expect(limits(facts, start + 167 * day)).toEqual([])
    expect(alarms(facts, start + 169 * day)).toMatchObject([{ limit: 'refresh_idle', certainty: 'documented' }])
  })
})

describe('a client that may be in testing', () => {
  const possible = factsOf({
    grant: grantLife({ rotates: false, refreshExpiresAt: null }),
    limits: { refreshDays: null, idleDays: null, testModeDays: 7 },
  })

  test('is named as possible, which is no warning, until the sign-in has lived longer', () => {
    expect(forecast(possible, start + 6 * day)).toMatchObject([
      { limit: 'test_mode', certainty: 'possible', severity: 'later' },
    ])
    expect(forecast(possible, start + 8 * day)).toEqual([])
  })

  test('is warned of once two sign-ins have ended like that', () => {
    const learned = { ...possible, learnedAgeMs: 7 * day }
    expect(alarms(learned, start + 6 * day)).toMatchObject([{ certainty: 'learned', at: start + 7 * day }])
  })

  test('is known where the vendor tells the end', () => {
    const told = { ...possible, grant: grantLife({ rotates: false, refreshExpiresAt: start + 7 * day - 1000 }) }
    expect(alarms(told, start + 5 * day)).toMatchObject([{ limit: 'test_mode', certainty: 'told' }])
  })
})

describe('what is no warning', () => {
  test('a renewal that fails for a short time, or twice', () => {
    const now = start + 2 * hour
    expect(alarms(factsOf({ failing: { since: now - 20 * minute, count: 9 } }), now)).toEqual([])
    expect(alarms(factsOf({ failing: { since: now - 2 * hour, count: 2 } }), now)).toEqual([])
    expect(limits(factsOf({ failing: { since: now - 31 * minute, count: 3 } }), now)).toEqual(['renewal'])
  })

  test('a clock that is off by less than five minutes', () => {
    expect(limits(factsOf({ clockAheadMs: -4 * minute }), start)).toEqual([])
    expect(limits(factsOf({ clockAheadMs: -6 * minute }), start)).toEqual(['clock'])
    expect(alarms(factsOf({ clockAheadMs: 3 * hour }), start)).toMatchObject([
      { severity: 'urgent', sentence: 'The clock of this computer is 3 hours ahead.' },
    ])
  })

  test('a key, which has no end of its own', () => {
    expect(forecast(factsOf({ signIn: 'key', grant: null }), start)).toEqual([])
  })
})

describe('what is so already', () => {
  test('a missing scope is named in plain words', () => {
    const [first] = forecast(factsOf({ missingScopes: ['Answer tickets'] }), start)
    expect(first).toMatchObject({
      limit: 'scopes',
      sentence: 'Scope missing: Answer tickets.',
      remedy: { kind: 'reconnect' },
    })
  })

  test('a lost sign-in stands before all else, and its old dates are not told any more', () => {
    const facts = fixed(7 * day, { state: 'needs_sign_in', missingScopes: ['Answer tickets'] })
    expect(forecast(facts, start + 8 * day)).toMatchObject([{ limit: 'sign_in', severity: 'broken' }])
  })
})

describe('for all lives and clocks', () => {
  const lives = fc.integer({ min: hour, max: 400 * day })
  const rank = { later: 0, soon: 1, urgent: 2, broken: 3 }

  test('a warning comes before the end, never ends before it, and only grows worse', () => {
    fc.assert(
      fc.property(lives, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (lifeMs, parts) => {
        const facts = fixed(lifeMs)
        const times = [...parts].sort((a, b) => a - b).map((part) => start + Math.floor(part * lifeMs))
        const ranks = times.map((now) => Math.max(...forecast(facts, now).map(({ severity }) => rank[severity])))
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b))
        expect(alarms(facts, start + lifeMs - 10 * minute)).toHaveLength(1)
        expect(alarms(facts, start + Math.floor(lifeMs / 2))).toEqual([])
      }),
    )
  })

  test('a clock that was set wrong by hours after signing in changes neither how bad it is nor what is left', () => {
    fc.assert(
      fc.property(
        lives,
        fc.integer({ min: -48 * hour, max: 48 * hour }),
        fc.integer({ min: 0, max: 400 * day }),
        (lifeMs, wrongMs, age) => {
          const facts = fixed(lifeMs)
          const right = forecast(facts, start + age).filter(({ limit }) => limit !== 'clock')
          const wrong = forecast({ ...facts, clockAheadMs: wrongMs }, start + age + wrongMs).filter(
            ({ limit }) => limit !== 'clock',
          )
          expect(wrong).toEqual(right.map((each) => ({ ...each, at: (each.at ?? 0) + wrongMs })))
        },
      ),
    )
  })

  test('the worst stands first', () => {
    const facts = fc.record({
      secretExpiresAt: fc.integer({ min: start - day, max: start + 60 * day }),
      clockAheadMs: fc.integer({ min: -9 * hour, max: 9 * hour }),
    })
    fc.assert(
      fc.property(facts, lives, (change, lifeMs) => {
        const ranks = forecast(fixed(lifeMs, change), start).map(({ severity }) => rank[severity])
        expect(ranks).toEqual([...ranks].sort((a, b) => b - a))
      }),
    )
  })
})
