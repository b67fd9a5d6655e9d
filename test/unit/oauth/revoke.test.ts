import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import { AppError } from '../../../main/errors.ts'
import { createAccountRevocation } from '../../../main/oauth/revoke.ts'
import type { FetchPort } from '../../../main/ports.ts'
import { type Authority, api, idp, startAuthority } from './support/authority.ts'
import { bearer, type Desk, openDesk, testConnector } from './support/desk.ts'

let authority: Authority
let desk: Desk

beforeAll(async () => {
  authority = await startAuthority()
})
afterAll(() => authority.close())
beforeEach(async () => {
  authority.reset()
  desk = await openDesk({ authority })
  await desk.connect()
})
afterEach(() => desk.close())

function revoke(connector: Connector = testConnector(), fetch: FetchPort = authority.fetch) {
  const [account] = desk.accounts.list()
  if (!account) throw new Error('no account')
  const { vault, clients, clock, log } = desk
  const ports = { vault, clients, clock, log, fetch, timeoutMs: 1_000 }
  return createAccountRevocation({
    ...ports,
    connectorFor: () => connector,
    httpFor: ({ tokens }) => bearer(fetch, tokens),
  })(account)
}

describe('giving a grant back', () => {
  test('ends it at the vendor', async () => {
    expect(await Promise.all(authority.issued.map(authority.accepts))).toEqual([true])
    expect(await revoke()).toBe('revoked')
    expect(await Promise.all(authority.issued.map(authority.accepts))).toEqual([false])
  })

  test('twice is done, since an unknown token is a success', async () => {
    expect(await revoke()).toBe('revoked')
    expect(await revoke()).toBe('revoked')
  })

  test('that a vendor does not offer says so', async () => {
    const endpoints = () => ({ issuer: idp, authorize: `${idp}/authorize`, token: `${idp}/token`, revoke: null })
    expect(await revoke(testConnector({ endpoints }))).toBe('not_offered')
  })

  test.each([
    ['the network is gone', async () => Promise.reject(new TypeError('fetch failed'))],
    ['the vendor answers 503', async () => new Response('', { status: 503 })],
    ['the vendor does not know the client', async () => Response.json({ error: 'invalid_client' }, { status: 401 })],
  ])('when %s says that the vendor was not reached', async (_, fetch) => {
    expect(await revoke(testConnector(), fetch)).toBe('not_reached')
  })

  test.each([200, 204])('counts an empty %i as done', async (status) => {
    expect(await revoke(testConnector(), async () => new Response(null, { status }))).toBe('revoked')
  })

  test('counts as done when the vendor takes back refresh tokens only, not when it takes back none', async () => {
    const refusing =
      (hints: string[]): FetchPort =>
      async (_, init) => {
        const hint = new URLSearchParams(String(init?.body)).get('token_type_hint') ?? ''
        return hints.includes(hint)
          ? Response.json({ error: 'unsupported_token_type' }, { status: 400 })
          : new Response()
      }
    expect(await revoke(testConnector(), refusing(['access_token']))).toBe('revoked')
    expect(await revoke(testConnector(), refusing(['access_token', 'refresh_token']))).toBe('not_reached')
  })

  test('without a readable grant does not claim anything', async () => {
    await desk.vault.remove(desk.accounts.list()[0]?.id ?? '')
    expect(await revoke()).toBe('not_reached')
  })
})

describe("a vendor's own way", () => {
  test('is called with a token that works, refreshed first where it has ended', async () => {
    const seen: unknown[] = []
    const connector = testConnector(
      {},
      { revoke: async ({ http }) => void seen.push(await http.get(`${api}/me`).json()) },
    )
    desk.clock.pass(1_800_000)
    expect(await revoke(connector)).toBe('revoked')
    expect(seen).toEqual([{ id: 'ada' }])
    expect(authority.issued).toHaveLength(2)
  })

  test('that finds the grant ended already is done', async () => {
    const connector = testConnector({}, { revoke: () => Promise.reject(new AppError('needs_sign_in', 'x')) })
    expect(await revoke(connector)).toBe('revoked')
  })

  test('that fails says that the vendor was not reached', async () => {
    expect(await revoke(testConnector({}, { revoke: () => Promise.reject(new Error('x')) }))).toBe('not_reached')
  })
})
