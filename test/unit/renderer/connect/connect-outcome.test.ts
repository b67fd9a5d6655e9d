import { describe, expect, it } from 'vitest'
import { type ErrorCode, errorCodes } from '../../../../preload/errors.ts'
import {
  outcomeOf,
  progressSteps,
  stepStates,
  timeLeft,
  upsertHandshake,
} from '../../../../renderer/state/connect-outcome.ts'
import { fakeHandshake } from './fake-vendor.ts'

const error = (code: ErrorCode) => ({ code, message: 'A sentence.', action: null, detail: null })
const fresh = { reconnect: false, hasOtherWay: true, hasForm: true, byKey: false }
const signInCodes = errorCodes.filter(
  (code) =>
    code.startsWith('handshake_') ||
    [
      'site_invalid',
      'client_missing',
      'token_rejected',
      'needs_sign_in',
      'client_rejected',
      'offline',
      'timeout',
      'vendor_unreachable',
    ].includes(code),
)

describe('outcomes of a sign-in', () => {
  it.each(signInCodes)('tells %s in its own words', (code) => {
    expect(outcomeOf(error(code), fresh).title).not.toBe(outcomeOf(error('internal'), fresh).title)
  })

  it.each(errorCodes)('always offers a next step and a way out for %s', (code) => {
    for (const reconnect of [false, true]) {
      const { next, kept } = outcomeOf(error(code), {
        reconnect,
        hasOtherWay: false,
        hasForm: !reconnect,
        byKey: false,
      })
      expect(next).toContain(reconnect ? 'show-accounts' : 'close')
      if (!reconnect) expect(next[0]).not.toBe('close')
      expect(new Set(next).size).toBe(next.length)
      expect(kept).toMatch(/\.$/)
    }
  })

  it('speaks of the code where a code ran out', () => {
    expect(outcomeOf(error('handshake_expired'), { ...fresh, byCode: true }).title).toBe('The code ran out')
    expect(outcomeOf(error('handshake_denied'), { ...fresh, byCode: true }).title).toBe('Access was not granted')
  })

  it('suggests the system browser where the window was closed and the vendor takes it', () => {
    expect(outcomeOf(error('handshake_closed'), fresh).next).toContain('other-way')
    expect(outcomeOf(error('handshake_closed'), { ...fresh, hasOtherWay: false }).next).not.toContain('other-way')
  })

  it('puts "Edit client" first when the client was rejected; a reconnect asks for the client of its account instead', () => {
    expect(outcomeOf(error('client_rejected'), fresh).next[0]).toBe('edit-client')
    const again = outcomeOf(error('client_rejected'), { ...fresh, reconnect: true, hasForm: false })
    expect(again.next).toEqual(['give-client', 'try-again', 'show-accounts'])
    expect(outcomeOf(error('client_rejected'), { ...fresh, reconnect: true, byKey: true }).next).not.toContain(
      'give-client',
    )
  })

  it('leads from a refused key to another one: the filled form, or the question for a new key', () => {
    const byKey = { reconnect: false, hasOtherWay: false, hasForm: true, byKey: true }
    expect(outcomeOf(error('needs_sign_in'), byKey)).toMatchObject({
      title: 'The key was not accepted',
      tone: 'warning',
      next: ['edit-client', 'try-again', 'close'],
    })
    const again = outcomeOf(error('needs_sign_in'), { ...byKey, reconnect: true, hasForm: false })
    expect(again.next).toEqual(['try-again', 'show-accounts'])
  })

  it.each(errorCodes)('says nothing of signing in where there is a key: %s', (code) => {
    if (code.startsWith('handshake_') && code !== 'handshake_cancelled') return
    for (const reconnect of [false, true]) {
      const { title, kept } = outcomeOf(error(code), {
        reconnect,
        hasOtherWay: false,
        hasForm: !reconnect,
        byKey: true,
      })
      expect(`${title} ${kept}`).not.toMatch(/sign/i)
    }
  })

  it('does not promise that typed values are kept when they are gone', () => {
    expect(outcomeOf(error('timeout'), fresh).kept).toContain('What you typed')
    expect(outcomeOf(error('timeout'), { ...fresh, hasForm: false }).kept).not.toContain('typed')
  })
})

describe('progress of a sign-in', () => {
  it('marks the steps before the current one as done and those after as ahead', () => {
    expect(stepStates('exchanging')).toEqual({
      preparing: 'done',
      waiting: 'done',
      exchanging: 'current',
      verifying: 'ahead',
      saving: 'ahead',
    })
    expect(Object.values(stepStates('done'))).toEqual(progressSteps.map(() => 'done'))
  })

  it('counts down in minutes and seconds and stops at zero', () => {
    expect(timeLeft(601_000, 1_000)).toBe('10:00')
    expect(timeLeft(601_000, 542_500)).toBe('0:59')
    expect(timeLeft(601_000, 700_000)).toBe('0:00')
  })

  it('replaces a known handshake and lists the newest first', () => {
    const first = fakeHandshake({ attemptId: 'a', startedAt: 1 })
    const second = fakeHandshake({ attemptId: 'b', startedAt: 2 })
    const list = upsertHandshake(upsertHandshake([], first), second)
    const next = upsertHandshake(list, { ...first, step: 'done' })
    expect(next.map(({ attemptId, step }) => [attemptId, step])).toEqual([
      ['b', 'waiting'],
      ['a', 'done'],
    ])
  })
})
