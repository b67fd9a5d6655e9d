import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Authority, startAuthority, testClient } from './support/authority.ts'
import { type Desk, openDesk, testConnector } from './support/desk.ts'

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
