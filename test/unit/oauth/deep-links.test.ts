import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Authority, startAuthority } from './support/authority.ts'
import { type Desk, openDesk, passedOn } from './support/desk.ts'

let authority: Authority
let desk: Desk

beforeAll(async () => {
  authority = await startAuthority()
})
afterAll(() => authority.close())
beforeEach(async () => {
  authority.reset()
  desk = await openDesk({ authority })
})
afterEach(() => {
  vi.useRealTimers()
  desk.close()
})

describe('links from outside', () => {
  const waiting = async () => {
    const address = Promise.withResolvers<string>()
    desk.browser = async (url) => address.resolve(url)
    const { attemptId } = desk.handshakes.connect({ ...desk.request, way: 'system-browser' })
    return { attemptId, link: passedOn(await authority.visit(await address.promise, desk.person)) }
  }
  const dropped = (url: string): string | undefined => desk.handshakes.receiveRedirect(url)?.code

  test.each([
    '',
    'app.manydesk://oauth/callback',
    'app.manydesk://oauth/callback?code=x',
    'app.manydesk://oauth/callback?code=x&state=',
    'app.manydesk://oauth/callback/?code=x&state=y',
    'app.manydesk:oauth/callback?code=x&state=y',
    'APP.MANYDESK://oauth/callback?code=x&state=y',
    'app.manydesk://oauth@evil/callback?code=x&state=y',
    'https://connect.manydesk.app/oauth/callback?code=x&state=y',
    `app.manydesk://oauth/callback?state=y&code=${'x'.repeat(20_000)}`,
    'app.manydesk://oauth/callback?code=x&state=y --inspect',
    'app.manydesk://oauth/callback?code=x&state=y\u0000',
  ])('of the form %j are dropped with a log line that does not quote them', (url) => {
    expect(dropped(url)).toBe('bad_request')
    expect(desk.log.lines.at(-1)?.message).toBe('A link to Manydesk was dropped')
    expect(JSON.stringify(desk.log.lines)).not.toContain('state=y')
  })

  test('that nobody waits for are dropped and start nothing', async () => {
    expect(dropped('app.manydesk://oauth/callback?code=x&state=y')).toBe('handshake_state_mismatch')
    expect(desk.handshakes.list()).toEqual([])
  })

  test('with a foreign state do not end the handshake that waits', async () => {
    const { attemptId, link } = await waiting()
    expect(dropped(link.replace(/state=\w+/, 'state=0'))).toBe('handshake_state_mismatch')
    expect(dropped(link)).toBeUndefined()
    expect((await desk.ended(attemptId)).step).toBe('done')
  })

  test('that come twice are redeemed once', async () => {
    const { attemptId, link } = await waiting()
    expect(dropped(link)).toBeUndefined()
    expect(dropped(link)).toBe('handshake_replayed')
    expect((await desk.ended(attemptId)).step).toBe('done')
    expect(dropped(link)).toBe('handshake_replayed')
    expect(authority.tokenRequests).toHaveLength(1)
  })

  test('are used up even when they fail', async () => {
    const { attemptId, link } = await waiting()
    const state = /state=\w+/.exec(link)?.[0]
    expect(dropped(`app.manydesk://oauth/callback?error=access_denied&${state}`)).toBeUndefined()
    expect(await desk.ended(attemptId)).toMatchObject({ error: { code: 'handshake_denied' } })
    expect(dropped(link)).toBe('handshake_replayed')
    expect(authority.tokenRequests).toEqual([])
  })

  test('with the state of a sign-in window are not taken: that answer comes through the window', async () => {
    const address = Promise.withResolvers<string>()
    desk.window = async ({ authorizeUrl }) => {
      address.resolve(authorizeUrl)
      return new Promise(() => undefined)
    }
    const { attemptId } = desk.handshakes.connect(desk.request)
    const link = passedOn(await authority.visit(await address.promise, desk.person))
    expect(dropped(link)).toBe('handshake_state_mismatch')
    desk.handshakes.cancel(attemptId)
    await desk.ended(attemptId)
  })

  test('that bring the code of another handshake are refused, since PKCE binds a code to its handshake', async () => {
    const first = await waiting()
    const second = await waiting()
    const code = /code=[^&]+/.exec(first.link)?.[0] ?? ''
    expect(dropped(second.link.replace(/code=[^&]+/, code))).toBeUndefined()
    expect(await desk.ended(second.attemptId)).toMatchObject({ error: { code: 'token_rejected' } })
    expect(dropped(first.link)).toBeUndefined()
    expect(await desk.ended(first.attemptId)).toMatchObject({ error: { code: 'handshake_replayed' } })
  })
})
