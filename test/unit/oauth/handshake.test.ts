import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AppError } from '../../../main/errors.ts'
import { type Authority, idp, startAuthority, testClient } from './support/authority.ts'
import { type Desk, openDesk, passedOn, testConnector } from './support/desk.ts'

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

describe('connecting an account', () => {
  test.each([
    ['auth-window', 'handover'],
    ['auth-window', 'app'],
    ['system-browser', 'handover'],
    ['system-browser', 'app'],
  ] as const)('by %s with the %s redirect stores a working grant', async (way, redirect) => {
    const view = await desk.connect({ way, redirect })
    expect(view).toMatchObject({ step: 'done', error: null })
    const [account] = desk.accounts.list()
    expect(account).toMatchObject({
      id: view.accountId,
      state: 'connected',
      siteLabel: 'acme.testdesk.example',
      identity: { vendorUserId: 'ada', siteKey: 'acme' },
      clientId: testClient.clientId,
      scopes: ['tickets.read', 'tickets.write'],
      way,
      redirect,
    })
    expect(await authority.accepts(await desk.grants.tokens(account?.id ?? '').current())).toBe(true)
    expect(desk.cleared).toEqual([])
  })

  test('answers at once and then reports every step in order', async () => {
    const steps: string[] = []
    desk.handshakes.onChange((view) => steps.push(view.step))
    expect(desk.handshakes.connect(desk.request)).toMatchObject({ step: 'preparing', accountId: null })
    await desk.ended(desk.handshakes.list()[0]?.attemptId ?? '')
    expect(steps).toEqual(['waiting', 'exchanging', 'verifying', 'saving', 'done'])
  })

  test('uses a fresh state and PKCE S256 verifier of full length each time', async () => {
    const seen: URLSearchParams[] = []
    const walk = desk.window
    desk.window = (request) => {
      seen.push(new URL(request.authorizeUrl).searchParams)
      return walk(request)
    }
    await desk.connect()
    desk.person = { user: 'ben' }
    await desk.connect()
    const verifiers = authority.tokenRequests.map(
      (request) => new URLSearchParams(request.body).get('code_verifier') ?? '',
    )
    for (const [index, parameters] of seen.entries()) {
      expect(parameters.get('state')).toMatch(/^[0-9a-f]{64}$/)
      expect(parameters.get('code_challenge_method')).toBe('S256')
      expect(verifiers[index]).toMatch(/^[\w-]{43}$/)
      expect(parameters.get('code_challenge')).toBe(
        createHash('sha256')
          .update(verifiers[index] ?? '')
          .digest('base64url'),
      )
      expect(parameters.get('scope')).toBe('tickets.read tickets.write')
    }
    expect(new Set(seen.map((parameters) => parameters.get('state'))).size).toBe(2)
    expect(new Set(verifiers).size).toBe(2)
  })

  test('gives two users of one site accounts and session partitions of their own', async () => {
    await desk.connect()
    desk.person = { user: 'ben' }
    await desk.connect({ client: null })
    const [ada, ben] = desk.accounts.list()
    expect([ada?.identity.vendorUserId, ben?.identity.vendorUserId]).toEqual(['ada', 'ben'])
    expect(ada?.partition).toBe(`persist:account-${ada?.id}`)
    expect(ben?.partition).not.toBe(ada?.partition)
  })

  test('uses the client saved for another account of the same site when none is given', async () => {
    await desk.connect()
    desk.person = { user: 'ben' }
    const view = await desk.connect({ client: null })
    expect(view.step).toBe('done')
    expect(await desk.vault.readClient(view.accountId ?? '')).toMatchObject({ kind: 'found', value: testClient })
  })

  test('tells no secret in its views and log lines', async () => {
    const views: unknown[] = []
    desk.handshakes.onChange((view) => views.push(view))
    await desk.connect()
    const grant = await desk.vault.readGrant(desk.accounts.list()[0]?.id ?? '')
    if (grant.kind !== 'found') throw new Error('no grant')
    const told = JSON.stringify([views, desk.log.lines, desk.accounts.list()])
    const code = new URLSearchParams(authority.tokenRequests[0]?.body).get('code') ?? 'none'
    for (const secret of [grant.value.accessToken, grant.value.refreshToken ?? 'none', testClient.clientSecret, code]) {
      expect(secret.length).toBeGreaterThan(10)
      expect(told).not.toContain(secret)
    }
  })

  test('refuses a request it cannot start with the reason, before anything opens', () => {
    const attempt = (change: Partial<typeof desk.request>) => () =>
      desk.handshakes.connect({ ...desk.request, ...change })
    expect(attempt({ site: { site: '???' } })).toThrow(expect.objectContaining({ code: 'site_invalid' }))
    expect(attempt({ vendor: 'nobody' })).toThrow(expect.objectContaining({ code: 'not_found' }))
    expect(attempt({ client: { clientId: 'x', clientSecret: null } })).toThrow(
      expect.objectContaining({ code: 'client_missing' }),
    )
    expect(desk.handshakes.list()).toEqual([])
  })
})

describe('a handshake that does not end well', () => {
  const failed = async (change: Partial<typeof desk.request> = {}) => {
    const view = await desk.connect(change)
    expect(view.step).toBe('failed')
    expect(desk.accounts.list()).toEqual([])
    return view.error
  }

  test('denied at the consent page says so and clears the new session', async () => {
    desk.person = 'deny'
    expect(await failed()).toMatchObject({ code: 'handshake_denied', detail: 'access_denied: The person said no' })
    expect(desk.cleared).toHaveLength(1)
  })

  test.each([
    [{ kind: 'cancelled' }, 'handshake_cancelled'],
    [{ kind: 'closed' }, 'handshake_closed'],
    [{ kind: 'failed', reason: 'net::ERR_INTERNET_DISCONNECTED' }, 'offline'],
    [{ kind: 'failed', reason: 'net::ERR_CONNECTION_TIMED_OUT' }, 'timeout'],
    [{ kind: 'failed', reason: 'net::ERR_NAME_NOT_RESOLVED' }, 'vendor_unreachable'],
  ] as const)('when the window answers %j ends as %s', async (outcome, code) => {
    desk.window = async () => outcome
    expect(await failed()).toMatchObject({ code })
    expect(authority.tokenRequests).toEqual([])
  })

  test.each([
    ['another state', (url: string) => url.replace(/state=\w+/, 'state=abc'), 'handshake_state_mismatch'],
    ['no state', (url: string) => url.replace(/state=\w+&?/, ''), 'handshake_state_mismatch'],
    ['two states', (url: string) => `${url}&state=abc`, 'handshake_state_mismatch'],
    [
      'another issuer',
      (url: string) => url.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example'),
      'handshake_issuer_mismatch',
    ],
    ['no code', (url: string) => url.replace(/code=[^&]+&?/, ''), 'vendor_bad_answer'],
    ['two codes', (url: string) => `${url}&code=abc`, 'vendor_bad_answer'],
    [
      'another host',
      (url: string) => url.replace('connect.manydesk.app', 'connect.manydesk.app.evil.example'),
      'vendor_bad_answer',
    ],
    ['another path', (url: string) => url.replace('/callback?', '/callback/x?'), 'vendor_bad_answer'],
    ['another scheme', (url: string) => url.replace('https:', 'http:'), 'vendor_bad_answer'],
    ['a fragment', (url: string) => `${url}#x`, 'vendor_bad_answer'],
    ['control characters', (url: string) => `${url}\r\nx`, 'vendor_bad_answer'],
  ])('with a redirect that has %s redeems nothing', async (_, change, code) => {
    const walk = desk.window
    desk.window = async (request) => {
      const outcome = await walk(request)
      return outcome.kind === 'redirected' ? { kind: 'redirected', url: change(outcome.url) } : outcome
    }
    expect(await failed()).toMatchObject({ code })
    expect(authority.tokenRequests).toEqual([])
  })

  test('with an error text of the vendor shows at most 200 characters of it, on one line', async () => {
    desk.window = async ({ authorizeUrl, redirectUri }) => {
      const state = new URL(authorizeUrl).searchParams.get('state')
      const text = encodeURIComponent(`line\u202e\n${'x '.repeat(300)}`)
      return { kind: 'redirected', url: `${redirectUri}?state=${state}&error=server_error&error_description=${text}` }
    }
    const error = await failed()
    expect(error?.code).toBe('vendor_failed')
    expect(error?.detail?.length).toBeLessThanOrEqual(220)
    expect(error?.detail).not.toMatch(/[\n\u202e]/)
  })

  test('cancelled by the person closes the window', async () => {
    const opened = Promise.withResolvers<void>()
    desk.window = () => {
      opened.resolve()
      return new Promise(() => undefined)
    }
    const { attemptId } = desk.handshakes.connect(desk.request)
    await opened.promise
    desk.handshakes.show(attemptId)
    desk.handshakes.cancel(attemptId)
    expect(await desk.ended(attemptId)).toMatchObject({ step: 'failed', error: { code: 'handshake_cancelled' } })
    expect(desk.focused).toEqual([attemptId])
    expect(desk.closedWindows).toEqual([attemptId])
    expect(desk.cleared).toHaveLength(1)
  })

  test('expires after ten minutes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    desk.window = () => new Promise(() => undefined)
    const { attemptId } = desk.handshakes.connect(desk.request)
    await desk.reached(attemptId, 'waiting')
    vi.advanceTimersByTime(600_000 - 1)
    expect(desk.handshakes.list()[0]?.step).toBe('waiting')
    vi.advanceTimersByTime(1)
    expect(await desk.ended(attemptId)).toMatchObject({ error: { code: 'handshake_expired' } })
    expect(desk.closedWindows).toEqual([attemptId])
  })

  test('is expired when the computer slept through the ten minutes, though no timer fired', async () => {
    const walk = desk.window
    desk.window = async (request) => {
      const outcome = await walk(request)
      desk.clock.sleep(600_000)
      return outcome
    }
    expect(await failed()).toMatchObject({ code: 'handshake_expired' })
    expect(authority.tokenRequests).toEqual([])
  })

  test('when the browser cannot be opened says so', async () => {
    const { AppError } = await import('../../../main/errors.ts')
    desk.browser = async () => {
      throw new AppError('handshake_browser_failed', 'No browser opened.')
    }
    expect(await failed({ way: 'system-browser' })).toMatchObject({ code: 'handshake_browser_failed' })
  })

  test('because the person is connected already keeps the old grant and names the account', async () => {
    await desk.connect()
    const [account] = desk.accounts.list()
    const before = await desk.vault.readGrant(account?.id ?? '')
    const view = await desk.connect()
    expect(view.error).toMatchObject({ code: 'handshake_already_connected' })
    expect(view.error?.message).toContain('Name of ada')
    expect(desk.accounts.list()).toHaveLength(1)
    expect(await desk.vault.readGrant(account?.id ?? '')).toEqual(before)
    // Some vendors hold one grant for all sign-ins of a person: revoking the new one could end the old one.
    expect(await Promise.all(authority.issued.map(authority.accepts))).toEqual([true, true])
    expect(desk.cleared).toHaveLength(1)
  })

  test('because the first call to the vendor fails leaves no secret behind', async () => {
    const connector = testConnector({}, { identify: () => Promise.reject(new TypeError('anything')) })
    const other = await openDesk({ authority, connector })
    const view = await other.connect()
    expect(view.error?.code).toBe('internal')
    expect(other.accounts.list()).toEqual([])
    other.close()
  })

  test('because the disk is full while saving leaves neither account nor grant', async () => {
    const { AppError } = await import('../../../main/errors.ts')
    const accountIds: string[] = []
    desk.vault.writeGrant = async (accountId) => {
      accountIds.push(accountId)
      throw new AppError('store_full', 'The disk is full.')
    }
    expect(await failed()).toMatchObject({ code: 'store_full' })
    expect(await desk.vault.readClient(accountIds[0] ?? '')).toEqual({ kind: 'absent' })
  })
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

describe('signing in again', () => {
  const again = async (way?: 'auth-window' | 'system-browser') =>
    desk.ended(desk.handshakes.reconnect(desk.accounts.list()[0]?.id ?? '', { way }).attemptId)

  beforeEach(async () => {
    await desk.connect()
  })

  test.each(['auth-window', 'system-browser'] as const)(
    'by %s renews the grant of the same account in the same session',
    async (way) => {
      const [account] = desk.accounts.list()
      const old = await desk.grants.tokens(account?.id ?? '').current()
      desk.accounts.needSignIn(account?.id ?? '', { code: 'needs_sign_in', message: 'x', action: null, detail: null })
      const partitions: string[] = []
      const walk = desk.window
      desk.window = (request) => {
        partitions.push(request.partition)
        return walk(request)
      }
      expect(await again(way)).toMatchObject({ step: 'done', accountId: account?.id })
      expect(desk.accounts.list()).toMatchObject([{ id: account?.id, state: 'connected', trouble: null, way }])
      const renewed = await desk.grants.tokens(account?.id ?? '').current()
      expect(renewed).not.toBe(old)
      expect(await authority.accepts(renewed)).toBe(true)
      expect(partitions).toEqual(way === 'auth-window' ? [account?.partition] : [])
    },
  )

  test('as somebody else changes nothing, gives the new grant back, and forgets that session', async () => {
    const [account] = desk.accounts.list()
    const before = await desk.vault.readGrant(account?.id ?? '')
    desk.person = { user: 'mallory' }
    const view = await again()
    expect(view).toMatchObject({ step: 'failed', accountId: account?.id, error: { code: 'handshake_other_user' } })
    expect(view.error?.message).toContain('Name of mallory')
    expect(desk.accounts.list()).toEqual([account])
    expect(await desk.vault.readGrant(account?.id ?? '')).toEqual(before)
    expect(desk.cleared).toEqual([account?.partition])
    expect(await Promise.all(authority.issued.map(authority.accepts))).toEqual([true, false])
  })

  test('twice at the same time shows the one that runs', async () => {
    desk.window = () => new Promise(() => undefined)
    const [account] = desk.accounts.list()
    const first = desk.handshakes.reconnect(account?.id ?? '')
    await desk.reached(first.attemptId, 'waiting')
    expect(desk.handshakes.reconnect(account?.id ?? '').attemptId).toBe(first.attemptId)
    expect(desk.focused).toEqual([first.attemptId])
    desk.handshakes.cancel(first.attemptId)
    await desk.ended(first.attemptId)
  })

  test('to an account that is removed meanwhile leaves no secret', async () => {
    const [account] = desk.accounts.list()
    const walk = desk.window
    desk.window = async (request) => {
      const outcome = await walk(request)
      desk.accounts.beginRemoval(account?.id ?? '')
      await desk.vault.remove(account?.id ?? '')
      return outcome
    }
    expect(await again()).toMatchObject({ error: { code: 'not_found' } })
    expect(await desk.vault.readGrant(account?.id ?? '')).toEqual({ kind: 'absent' })
  })
})

describe('the token endpoint', () => {
  const answer = (status: number, body: string, type = 'application/json') => {
    authority.nextTokenAnswers.push((response) => {
      response.writeHead(status, { 'content-type': type })
      response.end(body)
    })
  }
  const json = (status: number, body: unknown) => answer(status, JSON.stringify(body))

  test.each([
    [400, { error: 'invalid_grant', error_description: 'expired' }, 'token_rejected'],
    [401, { error: 'invalid_client' }, 'client_rejected'],
    [400, { error: 'unauthorized_client' }, 'client_rejected'],
    [400, { error: 'invalid_request' }, 'client_rejected'],
    [403, { status: 'BAD_AUTH_CODE', message: 'missing or unknown auth code' }, 'token_rejected'],
    [401, { message: 'who are you' }, 'client_rejected'],
    [429, { error: 'slow_down' }, 'rate_limited'],
    [500, { error: 'server_error' }, 'vendor_failed'],
    [503, {}, 'vendor_failed'],
    [200, {}, 'vendor_bad_answer'],
    [200, { access_token: 7, token_type: 'bearer' }, 'vendor_bad_answer'],
    [200, { access_token: 'a', token_type: 'mac' }, 'vendor_bad_answer'],
    [302, {}, 'vendor_bad_answer'],
  ])('answering %i %j ends as %s', async (status, body, code) => {
    json(status, body)
    const view = await desk.connect()
    expect(view.error).toMatchObject({ code })
    expect(view.error?.message).not.toMatch(/invalid_|BAD_|grant/)
    expect(authority.tokenRequests).toHaveLength(1)
  })

  test.each([
    ['an HTML page with 200', 200, '<html>Please log in to the hotel network</html>', 'vendor_bad_answer'],
    ['an HTML page with 403', 403, '<html>blocked</html>', 'vendor_bad_answer'],
    ['an empty body', 200, '', 'vendor_bad_answer'],
    ['cut JSON', 200, '{"access_token":"x', 'vendor_bad_answer'],
    ['a body without end', 200, `{"access_token":"${'x'.repeat(400_000)}"}`, 'vendor_bad_answer'],
  ])('answering %s ends as a bad answer', async (_, status, body, code) => {
    answer(status, body, 'text/html')
    expect((await desk.connect()).error).toMatchObject({ code })
  })

  test('dropping the connection ends as unreachable, and the code is not sent again', async () => {
    authority.nextTokenAnswers.push((response) => response.destroy())
    expect((await desk.connect()).error).toMatchObject({ code: 'vendor_unreachable' })
    expect(authority.tokenRequests).toHaveLength(1)
  })

  test('not answering ends as a timeout', async () => {
    const other = await openDesk({ authority, timeoutMs: 50 })
    authority.nextTokenAnswers.push('hang')
    expect((await other.connect()).error).toMatchObject({ code: 'timeout' })
    other.close()
  })

  test('not answering is a timeout even when the network only says that it was stopped', async () => {
    const other = await openDesk({
      authority,
      timeoutMs: 50,
      fetch: (_, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () =>
            reject(new DOMException('The operation was aborted.', 'AbortError')),
          )
        }),
    })
    expect((await other.connect()).error).toMatchObject({ code: 'timeout' })
    other.close()
  })

  test('that never ends its answer is a timeout', async () => {
    const other = await openDesk({ authority, timeoutMs: 50 })
    authority.nextTokenAnswers.push((response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{"access_token":')
    })
    expect((await other.connect()).error).toMatchObject({ code: 'timeout' })
    other.close()
  })

  test('redirecting elsewhere is a bad answer, also where the network reports it as an error', async () => {
    const other = await openDesk({ authority, fetch: () => Promise.reject(new Error('Redirect was cancelled')) })
    expect((await other.connect()).error).toMatchObject({ code: 'vendor_bad_answer' })
    other.close()
  })

  test('can be left while it does not answer: cancelling ends the handshake at once', async () => {
    authority.nextTokenAnswers.push('hang')
    const { attemptId } = desk.handshakes.connect(desk.request)
    await desk.reached(attemptId, 'exchanging')
    desk.handshakes.cancel(attemptId)
    expect(await desk.ended(attemptId)).toMatchObject({ step: 'failed', error: { code: 'handshake_cancelled' } })
    expect(desk.accounts.list()).toEqual([])
  })

  test('is reached by the vendor name only: an error of the resolver ends as unreachable', async () => {
    const connector = testConnector({
      endpoints: () => ({
        issuer: idp,
        authorize: `${idp}/authorize`,
        token: 'https://gone.example/token',
        revoke: null,
      }),
    })
    const other = await openDesk({ authority, connector })
    expect((await other.connect()).error).toMatchObject({ code: 'vendor_unreachable' } satisfies Partial<AppError>)
    other.close()
  })

  test('may answer 201, null members, a list of scopes, a text lifetime and no type', async () => {
    const connector = testConnector(
      {},
      {
        identify: async ({ tokenAnswer }) => ({
          vendorUserId: String(tokenAnswer.user_id),
          siteKey: 's',
          name: 'N',
          email: null,
          role: null,
        }),
      },
    )
    const other = await openDesk({ authority, connector })
    json(201, {
      access_token: 'a',
      refresh_token: 'r',
      expires_in: '1800',
      scopes: ['x', 'y'],
      id_token: null,
      user_id: 293199,
    })
    const view = await other.connect()
    expect(view.error).toBeNull()
    expect(await other.vault.readGrant(view.accountId ?? '')).toMatchObject({
      value: { scopes: ['x', 'y'], expiresAt: other.clock.now() + 1_800_000, tokenType: 'bearer', refreshToken: 'r' },
    })
    expect(other.accounts.list()[0]?.identity.vendorUserId).toBe('293199')
    other.close()
  })

  test('gets a JSON body with numbers where the vendor wants one', async () => {
    const connector = testConnector(
      { tokenBody: 'json', clientAuth: 'body', tokenParams: { expires_in: '1800' } },
      { identify: async () => ({ vendorUserId: '1', siteKey: 's', name: 'N', email: null, role: null }) },
    )
    const sent: { type: string | null; body: string }[] = []
    const other = await openDesk({
      authority,
      connector,
      fetch: async (url, init) => {
        const request = new Request(url, init)
        sent.push({ type: request.headers.get('content-type'), body: await request.text() })
        return Response.json({ access_token: 'a', token_type: 'bearer' })
      },
    })
    expect((await other.connect()).step).toBe('done')
    expect(sent).toMatchObject([{ type: 'application/json' }])
    const body = JSON.parse(sent[0]?.body ?? '')
    expect(body).toMatchObject({
      grant_type: 'authorization_code',
      client_id: testClient.clientId,
      client_secret: testClient.clientSecret,
      expires_in: 1800,
    })
    other.close()
  })

  test('reads errors in the words of a vendor', async () => {
    const connector = testConnector({
      readTokenError: (_status, body) =>
        body.status === 'BAD_CLIENT_ID' ? { error: 'invalid_client', description: 'unknown app' } : null,
    })
    const other = await openDesk({ authority, connector })
    json(400, { status: 'BAD_CLIENT_ID', message: 'x' })
    expect((await other.connect()).error).toMatchObject({
      code: 'client_rejected',
      detail: 'invalid_client: unknown app',
    })
    other.close()
  })
})

describe('signing in again without the saved OAuth client', () => {
  const again = async (change?: Parameters<Desk['handshakes']['reconnect']>[1]) => {
    const [account] = desk.accounts.list()
    return desk.ended(desk.handshakes.reconnect(account?.id ?? '', change).attemptId)
  }
  beforeEach(async () => {
    await desk.connect()
    await desk.vault.remove(desk.accounts.list()[0]?.id ?? '')
  })

  test('asks for it, and keeps the one that is given', async () => {
    expect(await again()).toMatchObject({ step: 'failed', error: { code: 'client_missing' } })
    expect(await again({ client: testClient })).toMatchObject({ step: 'done' })
    expect(await desk.vault.readClient(desk.accounts.list()[0]?.id ?? '')).toEqual({ kind: 'found', value: testClient })
    expect(await again()).toMatchObject({ step: 'done' })
  })

  test('takes the one of another account at the same site', async () => {
    desk.person = { user: 'ben' }
    await desk.connect({ client: testClient })
    desk.person = { user: 'ada' }
    expect(await again()).toMatchObject({ step: 'done' })
  })

  test('still refuses another user than the account is for', async () => {
    desk.person = { user: 'ben' }
    expect(await again({ client: testClient })).toMatchObject({
      step: 'failed',
      error: { code: 'handshake_other_user' },
    })
    expect(await desk.vault.readClient(desk.accounts.list()[0]?.id ?? '')).toEqual({ kind: 'absent' })
  })
})
