import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLoopback } from '../../../../main/desktop/loopback.ts'
import { redact } from '../../../../main/diagnostics/redact.ts'
import { startLifetime, tooLittle } from '../../../../main/oauth/lifetime.ts'
import { newProof, provenFetch } from '../../../../main/oauth/proof.ts'
import { createAccountRevocation } from '../../../../main/oauth/revoke.ts'
import { compareScopes } from '../../../../main/oauth/scopes.ts'
import { vendorOutcome } from '../../../../main/oauth/sign-in-errors.ts'
import { account as accountShape, handshake as handshakeShape } from '../../../../preload/contract-shapes.ts'
import { localVendor } from '../../connectors/local-vendor.ts'
import { type Authority, startAuthority } from '../support/authority.ts'
import { bearer, type Desk, openDesk, testConnector } from '../support/desk.ts'
import { fakeClock, fakeLog } from '../support/fakes.ts'

let authority: Authority
let desk: Desk
let accountId: string
beforeAll(async () => {
  authority = await startAuthority()
})
afterAll(() => authority.close())
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  authority.reset()
  desk = await openDesk({ authority })
  accountId = (await desk.connect()).accountId ?? ''
  authority.reset()
})
afterEach(() => {
  vi.useRealTimers()
  desk.close()
})
const tokens = () => desk.grants.tokens(accountId)
const state = () => desk.accounts.find(accountId)?.state
const refused = (error: string) => (response: import('node:http').ServerResponse) => {
  response.writeHead(400, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error }))
}

test('O17 (RFC 9700 2.1): the address that waits for an answer sends nobody on, whatever its parameters say', async () => {
  const listener = await createLoopback(fakeLog()).listen('/oauth/callback', () => true)
  const answer = await new Promise<{ status?: number | undefined; location: unknown }>((resolve) =>
    request(
      `${listener.address}?state=x&redirect_uri=https://evil.example&next=//evil.example`,
      { agent: false },
      (response) => {
        response.resume()
        resolve({ status: response.statusCode, location: response.headers.location })
      },
    ).end(),
  )
  listener.close()
  expect(answer).toEqual({ status: 200, location: undefined })
})

test('O20 (RFC 9700 2.3): a scope that is not there after a refresh is seen', () => {
  const needs = [{ id: 'write', reason: 'Answer', optional: false }]
  expect(compareScopes(needs, ['read'], ['read', 'write'])).toMatchObject({ missing: needs, lost: ['write'] })
})

test('O21: fifty refused calls at once are one refresh', async () => {
  const old = await tokens().current()
  const renewed = await Promise.all(Array.from({ length: 50 }, () => tokens().renew(old)))
  expect(new Set(renewed).size).toBe(1)
  expect(authority.tokenRequests).toHaveLength(1)
})

test('O22 (RFC 9700 4.14): nobody gets a rotated token before it is on disk', async () => {
  const written = vi.spyOn(desk.vault, 'writeGrant')
  const token = await tokens().renew(await tokens().current())
  expect(written).toHaveBeenCalledTimes(1)
  await written.mock.results[0]?.value
  expect(await desk.vault.readGrant(accountId)).toMatchObject({ kind: 'found', value: { accessToken: token } })
})

test('O23 (RFC 9700 4.14.2): a lost answer is tried once more with the same token, then a person is asked', async () => {
  authority.nextTokenAnswers.push('lose')
  await expect(tokens().renew(await tokens().current())).rejects.toMatchObject({ code: 'needs_sign_in' })
  const used = authority.tokenRequests.map(({ body }) => new URLSearchParams(body).get('refresh_token'))
  expect(used).toHaveLength(2)
  expect(new Set(used).size).toBe(1)
  await expect(tokens().current()).rejects.toMatchObject({ code: 'needs_sign_in' })
  expect(authority.tokenRequests).toHaveLength(2)
  expect(desk.accounts.find(accountId)?.trouble).toMatchObject({ code: 'token_reused' })
})

test('O24 (RFC 9700 4.14.2): a refused refresh looks at the store first, marks the account once, and does not loop', async () => {
  authority.nextTokenAnswers.push(refused('invalid_grant'))
  const looked = vi.spyOn(desk.vault, 'readGrant')
  await expect(tokens().renew(await tokens().current())).rejects.toMatchObject({ code: 'needs_sign_in' })
  expect(looked).toHaveBeenCalled()
  for (let again = 0; again < 3; again += 1)
    await expect(tokens().current()).rejects.toMatchObject({ code: 'needs_sign_in' })
  expect(authority.tokenRequests).toHaveLength(1)
  expect(state()).toBe('needs_sign_in')
})

test.each([
  ['503', (response: import('node:http').ServerResponse) => response.writeHead(503).end()],
  ['a page of a hotel', (response: import('node:http').ServerResponse) => response.end('<html>Welcome</html>')],
  ['a cut line', (response: import('node:http').ServerResponse) => void response.destroy()],
])('O25: %s signs nobody out', async (_, answer) => {
  authority.nextTokenAnswers.push(answer, answer)
  await expect(tokens().renew(await tokens().current())).rejects.toBeDefined()
  expect(state()).toBe('connected')
  expect(await tokens().renew('rejected')).not.toBe('')
})

test('O26: a wall clock set back a day makes no token live longer, and sleep ends it in time', () => {
  const clock = fakeClock()
  const now = clock.now()
  const lifetime = startLifetime(
    {
      accessToken: 'a',
      refreshToken: 'r',
      tokenType: 'bearer',
      scopes: [],
      obtainedAt: now,
      expiresAt: now + 3_600_000,
      refreshExpiresAt: null,
    },
    clock,
  )
  clock.setWall(now - 86_400_000)
  clock.pass(3_600_000)
  expect(lifetime.left()).toBeLessThanOrEqual(0)
  clock.setWall(now)
  clock.sleep(8 * 3_600_000)
  expect(tooLittle(lifetime)).toBe(true)
})

test('O27 (RFC 9700 4.3): the token goes to hosts of the account only, and not along a redirect', async () => {
  vi.useRealTimers()
  const vendor = await localVendor((_, response) => {
    response.writeHead(307, { location: 'https://evil.example/steal' }).end()
  })
  await expect(vendor.http.get('things').json()).rejects.toBeDefined()
  await expect(vendor.http.get('https://evil.example/things').json()).rejects.toMatchObject({ code: 'bad_request' })
  expect(vendor.asked.filter(({ host }) => host === 'evil.example')).toEqual([])
  await vendor.close()
})

test('O28 (RFC 7009): removal gives back the refresh token, takes an unknown one as done, and says when nobody was reached', async () => {
  const account = desk.accounts.find(accountId)
  if (!account) throw new Error('no account')
  const { vault, clients, clock, log } = desk
  const connector = testConnector()
  const revocation = (fetch = authority.fetch) =>
    createAccountRevocation({
      ...{ vault, clients, clock, log, fetch, timeoutMs: 1_000, connectorFor: () => connector },
      httpFor: ({ tokens: source }) => bearer(fetch, source),
    })
  expect(await revocation(async () => new Response('', { status: 503 }))(account)).toBe('not_reached')
  const token = await tokens().current()
  expect(await revocation()(account)).toBe('revoked')
  expect(await authority.accepts(token)).toBe(false)
  expect(await revocation()(account)).toBe('revoked')
})

describe('O30 (RFC 9449)', () => {
  const claimsOf = (headers: HeadersInit | undefined) => {
    const [head = '', body = ''] = (new Headers(headers).get('dpop') ?? '').split('.')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
    return { head: read(head), body: read(body) }
  }

  test('O30: each request has a proof of its own, of its method, address and token, by one key', async () => {
    const sent: (HeadersInit | undefined)[] = []
    const send = provenFetch(await newProof(), 'token', async (_url, init) => {
      sent.push(init?.headers)
      return Response.json({})
    })
    await send('https://api.example/things?secret=1', { method: 'POST', headers: { authorization: 'Bearer token' } })
    await send('https://api.example/things', { method: 'GET' })
    const [one, other] = sent.map(claimsOf)
    expect(one?.body).toMatchObject({
      htm: 'POST',
      htu: 'https://api.example/things',
      ath: 'PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A',
    })
    expect(other?.body.jti).not.toBe(one?.body.jti)
    expect(other?.head.jwk).toEqual(one?.head.jwk)
    expect(one?.head.jwk.d).toBeUndefined()
    expect(sent.map((headers) => new Headers(headers).get('authorization'))).toEqual(['DPoP token', 'DPoP token'])
  })

  test('O30: a nonce that is asked for is sent once more and kept, the newest for each server; never asked twice', async () => {
    const asked: (string | undefined)[] = []
    const send = provenFetch(await newProof(), 'token', async (url, init) => {
      asked.push(`${new URL(String(url)).host} ${claimsOf(init?.headers).body.nonce}`)
      const nonce = String(url).includes('stubborn') ? `n${asked.length}` : 'n'
      const done = asked.at(-1) === 'api.example n'
      const challenge = { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': nonce }
      return new Response('{}', done ? {} : { status: 401, headers: challenge })
    })
    expect((await send('https://api.example/a')).status).toBe(200)
    expect((await send('https://api.example/b')).status).toBe(200)
    expect((await send('https://stubborn.example/a')).status).toBe(401)
    expect(asked).toEqual([
      'api.example undefined',
      'api.example n',
      'api.example n',
      'stubborn.example undefined',
      'stubborn.example n4',
    ])
  })
})

test('O32: neither a grant nor its key nor an address with a code leaves a secret in a log line', () => {
  const grant = {
    accessToken: 'canary-a',
    refreshToken: 'canary-r',
    privateKey: { d: 'canary-d' },
    assertion: 'canary-j',
  }
  const error = new Error('GET https://x.example/cb?code=canary-c&state=canary-s', { cause: grant })
  expect(JSON.stringify(redact({ grant, error, deep: [{ error }] }))).not.toContain('canary')
})

test('O33 (RFC 6749 5.2): an error is an outcome, and the words of the vendor are one short line of text', () => {
  const outcome = vendorOutcome('access_denied', `<b>No</b>\u202e\n${'x'.repeat(900)}`, 'Testdesk')
  expect(outcome.code).toBe('handshake_denied')
  expect(outcome.detail).not.toMatch(/[\n\u202e]/)
  expect(outcome.detail?.length).toBeLessThanOrEqual(220)
  expect(vendorOutcome('invalid_grant', null, 'Testdesk').code).toBe('token_rejected')
})

test('O34: no field of what the window learns of accounts and sign-ins is made for a secret', () => {
  const names = [...Object.keys(accountShape.shape), ...Object.keys(handshakeShape.shape)].join(' ')
  expect(names).not.toMatch(/token|secret|verifier|state_|\bcode\b|partition|clientId|privateKey/i)
  const view = JSON.stringify([desk.handshakes.list(), desk.accounts.list()])
  expect(view).not.toContain(desk.request.client?.clientSecret)
})
