import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { AppError } from '../../../main/errors.ts'
import { type Authority, startAuthority, testClient } from './support/authority.ts'
import { type Desk, openDesk, passedOn, testConnector } from './support/desk.ts'

let authority: Authority
let desk: Desk
beforeAll(async () => {
  authority = await startAuthority()
})
afterAll(() => authority.close())
afterEach(() => desk.close())

const connector = testConnector({ redirects: ['loopback', 'handover', 'app'] })
const loopback = { way: 'system-browser', redirect: 'loopback' } as const

/** What a browser does with an http address of this computer. */
function browse(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
      .on('error', reject)
      .end()
  })
}

describe('the system browser and a port of this computer', () => {
  it('connects: the redirect names the port that is open for this sign-in', async () => {
    desk = await openDesk({ authority, connector })
    const opened: string[] = []
    desk.browser = async (url) => {
      opened.push(url)
      void authority.visit(url, desk.person).then(browse)
    }
    const view = await desk.connect(loopback)
    expect(view).toMatchObject({ step: 'done', error: null })
    expect(new URL(opened[0] ?? '').searchParams.get('redirect_uri')).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/,
    )
    expect(desk.accounts.list()[0]).toMatchObject({ ...loopback, state: 'connected' })
  })

  it('goes on waiting through forged answers, and takes the real one', async () => {
    desk = await openDesk({ authority, connector })
    const statuses: number[] = []
    desk.browser = async (url) => {
      void authority.visit(url, desk.person).then(async (landed) => {
        statuses.push(await browse(landed.replace(/state=[^&]+/, `state=${'0'.repeat(64)}`)))
        statuses.push(await browse(landed.replace('/oauth/callback', '/')))
        statuses.push(await browse(landed))
      })
    }
    expect(await desk.connect(loopback)).toMatchObject({ step: 'done' })
    expect(statuses).toEqual([404, 404, 200])
  })

  it('offers another way where the port cannot be opened', async () => {
    const blocked = {
      listen: async () => {
        throw new AppError('handshake_port_blocked', 'blocked')
      },
    }
    desk = await openDesk({ authority, connector, loopback: blocked })
    expect(await desk.connect(loopback)).toMatchObject({
      error: { code: 'handshake_port_blocked' },
      next: { way: 'system-browser', redirect: 'handover' },
    })
  })

  it('offers the port where links do not come back to the app, before any page is shown', async () => {
    desk = await openDesk({ authority, connector })
    desk.linksArrive = false
    const opened: string[] = []
    desk.browser = async (url) => void opened.push(url)
    expect(await desk.connect({ way: 'system-browser', redirect: 'handover' })).toMatchObject({
      error: { code: 'handshake_not_registered' },
      next: loopback,
    })
    expect(opened).toEqual([])
  })

  it('offers a window, not another link, when no browser has come back in time, and leaves nothing waiting', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    desk = await openDesk({ authority, connector })
    let link = ''
    desk.browser = async (url) => {
      link = passedOn(await authority.visit(url, desk.person))
    }
    const { attemptId } = desk.handshakes.connect({ ...desk.request, way: 'system-browser', redirect: 'handover' })
    await desk.reached(attemptId, 'waiting')
    vi.advanceTimersByTime(600_000)
    expect(await desk.ended(attemptId)).toMatchObject({
      error: { code: 'handshake_expired' },
      next: { way: 'auth-window' },
    })
    vi.useRealTimers()
    expect(link === '' || desk.handshakes.receiveRedirect(link) !== null).toBe(true)
    expect(desk.accounts.list()).toEqual([])
  })

  it('is offered where a vendor refuses windows of apps', async () => {
    desk = await openDesk({ authority, connector })
    desk.window = async () => ({ kind: 'refused' })
    expect(await desk.connect({ way: 'auth-window', redirect: 'handover' })).toMatchObject({
      error: { code: 'handshake_window_refused' },
      next: loopback,
    })
  })
})

describe('fifty sign-ins at the same time', () => {
  it('over all ways, answered in any order, twice, among forged ones: each lands on its own account', async () => {
    desk = await openDesk({ authority, connector })
    const ways = [
      { way: 'auth-window', redirect: 'handover' },
      { way: 'system-browser', redirect: 'handover' },
      { way: 'system-browser', redirect: 'app' },
      loopback,
    ] as const
    const windows = new Map<string, (url: string) => void>()
    let opened = Promise.withResolvers<string>()
    desk.window = ({ attemptId, authorizeUrl }) => {
      opened.resolve(authorizeUrl)
      return new Promise((resolve) => windows.set(attemptId, (url) => resolve({ kind: 'redirected', url })))
    }
    desk.browser = async (url) => opened.resolve(url)
    const runs: { attemptId: string; user: string; way: (typeof ways)[number]; page: string }[] = []
    for (let index = 0; index < 50; index += 1) {
      opened = Promise.withResolvers()
      const way = ways[index % ways.length] ?? loopback
      const { attemptId } = desk.handshakes.connect({ ...desk.request, ...way })
      runs.push({ attemptId, user: `user${index}`, way, page: await opened.promise })
    }
    expect(desk.handshakes.list().filter(({ step }) => step === 'waiting')).toHaveLength(50)
    const deliver = async (run: (typeof runs)[number], url: string) => {
      if (run.way.way === 'auth-window') windows.get(run.attemptId)?.(url)
      else if (run.way.redirect === 'loopback') await browse(url).catch(() => 0)
      else desk.handshakes.receiveRedirect(passedOn(url))
    }
    // From the last to the first, every third with a forgery before it, and each answer twice.
    for (const [index, run] of [...runs].reverse().entries()) {
      const landed = await authority.visit(run.page, { user: run.user })
      if (index % 3 === 0 && run.way.way !== 'auth-window') {
        await deliver(run, landed.replace(/state=[^&]+/, `state=${'f'.repeat(64)}`))
      }
      await deliver(run, landed)
      await deliver(run, landed)
    }
    for (const run of runs) {
      const view = await desk.ended(run.attemptId)
      expect([run.user, view.step, view.error]).toEqual([run.user, 'done', null])
      expect(desk.accounts.find(view.accountId ?? '')?.identity.vendorUserId).toBe(run.user)
    }
    expect(desk.accounts.list()).toHaveLength(50)
  }, 60_000)
})

describe('the trace of a sign-in', () => {
  it('tells every page, redirect, request and step, and none of its secrets', async () => {
    desk = await openDesk({ authority, connector })
    authority.reset()
    const seen: string[] = []
    desk.window = async ({ authorizeUrl }) => {
      const url = await authority.visit(authorizeUrl, desk.person)
      for (const address of [authorizeUrl, url]) {
        const { searchParams } = new URL(address)
        for (const name of ['state', 'code', 'code_challenge']) seen.push(searchParams.get(name) ?? '')
      }
      return { kind: 'redirected', url }
    }
    const { attemptId, accountId } = await desk.connect()
    const trace = desk.handshakes.trace(attemptId)
    expect(trace.map(({ kind, title }) => `${kind}: ${title}`)).toEqual([
      ...['step: Wait for the person', 'page: Show the sign-in page', 'redirect: The answer came back'],
      ...['step: Exchange the answer', 'request: Exchange the code for access', 'step: Make a first call'],
      ...['request: First call', 'step: Save the account', 'step: Connected'],
    ])
    expect(trace[4]).toMatchObject({ status: 200, sent: { grant_type: 'authorization_code' } })
    expect(trace[6]).toMatchObject({ status: 200, error: null })
    const grant = await desk.vault.readGrant(accountId ?? '')
    if (grant.kind !== 'found') throw new Error('no grant')
    const verifier = new URLSearchParams(authority.tokenRequests[0]?.body).get('code_verifier') ?? ''
    const secrets = [
      grant.value.accessToken,
      grant.value.refreshToken ?? '',
      testClient.clientSecret,
      verifier,
      ...seen,
    ]
    const text = JSON.stringify(trace)
    expect(secrets.filter((secret) => secret !== '').length).toBeGreaterThanOrEqual(7)
    for (const secret of secrets.filter((each) => each !== '')) expect(text).not.toContain(secret)
  })
})
