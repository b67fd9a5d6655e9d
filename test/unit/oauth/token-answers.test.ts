import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AppError } from '../../../main/errors.ts'
import { type Authority, idp, startAuthority, testClient } from './support/authority.ts'
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
