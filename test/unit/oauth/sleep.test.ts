import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { HeldGrant } from '../../../main/oauth/grant-observer.ts'
import { createGrants } from '../../../main/oauth/refresh.ts'
import { type Authority, startAuthority } from './support/authority.ts'
import { type Desk, openDesk, testConnector } from './support/desk.ts'

let authority: Authority
let desk: Desk
let accountId: string

beforeAll(async () => {
  authority = await startAuthority()
})
afterAll(() => authority.close())
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  authority.reset()
})
afterEach(() => {
  vi.useRealTimers()
  desk.close()
})

async function signedIn(refreshLifetimeDays: number) {
  desk = await openDesk({ authority, connector: testConnector({ refreshLifetimeDays }) })
  accountId = (await desk.connect()).accountId ?? ''
  authority.reset()
  await desk.grants.tokens(accountId).current()
}
const refreshes = () => vi.waitFor(() => expect(authority.tokenRequests).toHaveLength(1), { interval: 1 })

describe('going to sleep', () => {
  test('renews a sign-in that might end during it', async () => {
    await signedIn(1)
    desk.clock.pass(15 * 60_000)
    desk.grants.refreshSoon()
    await refreshes()
  })

  test('leaves alone what lives longer than a sleep, and what was just renewed', async () => {
    await signedIn(90)
    desk.clock.pass(15 * 60_000)
    desk.grants.refreshSoon()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(authority.tokenRequests).toEqual([])
    desk.close()
    await signedIn(1)
    desk.grants.refreshSoon()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(authority.tokenRequests).toEqual([])
  })
})

describe('waking', () => {
  test('spreads the renewals that became due, so that they do not all go at once', async () => {
    await signedIn(90)
    const planned: (number | null)[] = []
    const randoms = [0.1, 0.5, 0.9]
    for (const random of randoms) {
      const grants = createGrants({
        ...desk,
        connectorFor: () => testConnector(),
        fetch: authority.fetch,
        timeoutMs: 5_000,
        random: () => random,
        observer: {
          held: () => undefined,
          failed: () => undefined,
          ended: () => undefined,
          planned: (_, at) => planned.push(at),
        },
      })
      await grants.tokens(accountId).current()
      planned.length = 0
      desk.clock.sleep(8 * 3_600_000)
      grants.scheduleAll(20_000)
      await vi.advanceTimersByTimeAsync(0)
      expect(planned).toEqual([desk.clock.now() + random * 20_000])
      grants.close()
      desk.clock.setWall(desk.clock.now() - 8 * 3_600_000)
    }
    expect(authority.tokenRequests).toEqual([])
  })
})

describe('who watches a grant', () => {
  test('is told how it came, what is planned, what failed and how it ended', async () => {
    await signedIn(90)
    const told: unknown[] = []
    const grants = createGrants({
      ...desk,
      connectorFor: () => testConnector(),
      fetch: authority.fetch,
      timeoutMs: 5_000,
      random: () => 0.5,
      observer: {
        held: (_, { how, renewed }: HeldGrant) => told.push([how, renewed]),
        planned: (_, at) => at !== null && told.push(['planned', at > desk.clock.now()]),
        failed: (_, { code }) => told.push(['failed', code]),
        ended: () => told.push('ended'),
      },
    })
    const first = await grants.tokens(accountId).current()
    const renewed = await grants.tokens(accountId).renew(first)
    await vi.advanceTimersByTimeAsync(0)
    const answers = (status: number, body: object, times: number) => {
      for (let each = 0; each < times; each += 1) {
        authority.nextTokenAnswers.push((response) => {
          response.writeHead(status, { 'content-type': 'application/json' })
          response.end(JSON.stringify(body))
        })
      }
    }
    answers(503, {}, 2)
    await expect(grants.tokens(accountId).renew(renewed)).rejects.toMatchObject({ code: 'vendor_failed' })
    answers(400, { error: 'invalid_grant' }, 3)
    authority.nextTokenAnswers.shift()
    await expect(grants.tokens(accountId).renew(renewed)).rejects.toMatchObject({ code: 'needs_sign_in' })
    expect(told).toEqual([
      ['loaded', false],
      ['refreshed', true],
      ['planned', true],
      ['failed', 'vendor_failed'],
      'ended',
    ])
    expect(JSON.stringify(told)).not.toContain(renewed)
    grants.close()
  })
})
