import { afterEach, describe, expect, it } from 'vitest'
import { idp } from './support/authority.ts'
import { type Desk, openDesk, testConnector } from './support/desk.ts'

interface Scripted {
  /** Answers of the token endpoint, in order: an error code, or the token. */
  answers: (string | 'token' | 'lost')[]
  asked: URLSearchParams[]
  start?: Record<string, unknown>
}

const start = {
  device_code: 'device-canary',
  user_code: 'WDJB-MJHT',
  verification_uri: `${idp}/device`,
  verification_uri_complete: `${idp}/device?user_code=WDJB-MJHT`,
  expires_in: 900,
  interval: 5,
}

/** A vendor whose person answers on another device after some questions. */
function scripted(script: Scripted) {
  return async (input: string | URL | Request, init?: RequestInit) => {
    const request = new Request(input, init)
    const { pathname } = new URL(request.url)
    if (pathname === '/me') return Response.json({ id: 'ada' })
    const body = new URLSearchParams(await request.text())
    if (pathname === '/device_authorization') return Response.json({ ...start, ...script.start })
    script.asked.push(body)
    const answer = script.answers.shift() ?? 'authorization_pending'
    if (answer === 'lost') throw new TypeError('net::ERR_CONNECTION_RESET')
    if (answer === 'token') {
      return Response.json({ access_token: 'a1', refresh_token: 'r1', token_type: 'bearer', expires_in: 1800 })
    }
    return Response.json({ error: answer }, { status: 400 })
  }
}

const connector = testConnector({
  ways: ['auth-window', 'device'],
  endpoints: () => ({
    issuer: idp,
    authorize: `${idp}/authorize`,
    token: `${idp}/token`,
    revoke: null,
    device: `${idp}/device_authorization`,
  }),
})
const visit = async () => {
  throw new Error('nobody is sent to a page')
}

let desk: Desk
afterEach(() => desk.close())

async function open(script: Scripted) {
  desk = await openDesk({ authority: { fetch: scripted(script), visit }, connector })
  const waits: number[] = []
  desk.pause = async (ms) => void waits.push(ms)
  const begun = desk.handshakes.connect({ ...desk.request, way: 'device', redirect: null })
  return { waits, begun, end: () => desk.ended(begun.attemptId) }
}

describe('RFC 8628: signing in by a code', () => {
  it('shows the code and where to type it, asks until the person has answered, and connects', async () => {
    const script: Scripted = { answers: ['authorization_pending', 'authorization_pending', 'token'], asked: [] }
    const shown: unknown[] = []
    desk = await openDesk({ authority: { fetch: scripted(script), visit }, connector })
    desk.handshakes.onChange((view) => view.device && shown.push(view.device))
    const view = await desk.connect({ way: 'device', redirect: null })
    expect(view).toMatchObject({ step: 'done', error: null, device: null })
    expect(shown[0]).toEqual({
      userCode: 'WDJB-MJHT',
      url: `${idp}/device`,
      completeUrl: `${idp}/device?user_code=WDJB-MJHT`,
    })
    expect(JSON.stringify(shown)).not.toContain('device-canary')
    expect(script.asked.map((body) => body.get('grant_type'))).toEqual(
      Array(3).fill('urn:ietf:params:oauth:grant-type:device_code'),
    )
    expect(desk.accounts.list()[0]).toMatchObject({ way: 'device', redirect: null, state: 'connected' })
  })

  it('3.5: waits the interval between questions, and five seconds more for good after slow_down', async () => {
    const { waits, end } = await open({ answers: ['slow_down', 'authorization_pending', 'token'], asked: [] })
    expect(await end()).toMatchObject({ step: 'done' })
    expect(waits).toEqual([5_000, 10_000, 10_000])
  })

  it('3.5: goes on after a lost line', async () => {
    const { end } = await open({ answers: ['lost', 'token'], asked: [] })
    expect(await end()).toMatchObject({ step: 'done' })
  })

  it.each([
    ['access_denied', 'handshake_denied'],
    ['expired_token', 'handshake_expired'],
    ['invalid_client', 'client_rejected'],
  ])('3.5: %s ends it as %s', async (error, code) => {
    const { end } = await open({ answers: [error], asked: [] })
    expect((await end()).error?.code).toBe(code)
    expect(desk.accounts.list()).toEqual([])
  })

  it('stops asking when it is cancelled', async () => {
    const script: Scripted = { answers: [], asked: [] }
    const { begun, end } = await open(script)
    desk.pause = async () => desk.handshakes.cancel(begun.attemptId)
    expect((await end()).error?.code).toBe('handshake_cancelled')
    const asked = script.asked.length
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(script.asked.length).toBe(asked)
  })

  it('shows no address that is not plain https', async () => {
    const { end } = await open({ answers: [], asked: [], start: { verification_uri: 'javascript:alert(1)' } })
    expect((await end()).error?.code).toBe('vendor_bad_answer')
  })

  it('is not offered by a vendor that does not have it', async () => {
    desk = await openDesk({ authority: { fetch: scripted({ answers: [], asked: [] }), visit } })
    expect(() => desk.handshakes.connect({ ...desk.request, way: 'device', redirect: null })).toThrow(
      expect.objectContaining({ code: 'not_supported' }),
    )
  })
})
