import fc from 'fast-check'
import { calculatePKCECodeChallenge } from 'oauth4webapi'
import { describe, expect, test } from 'vitest'
import { redirectUris } from '../../../main/oauth/model.ts'
import { authorizationServer } from '../../../main/oauth/token-endpoint.ts'
import { beginTransaction, readRedirect, redirectParameters } from '../../../main/oauth/transaction.ts'
import { idp, testClient } from './support/authority.ts'
import { testConnector } from './support/desk.ts'

const atPage = { redirectUri: redirectUris.handover, arrivesAt: redirectUris.handover }
const atApp = { redirectUri: redirectUris.app, arrivesAt: redirectUris.app }

const server = (signIn: Parameters<typeof testConnector>[0] = {}) =>
  authorizationServer(testConnector(signIn), { site: 'acme' }, testClient, { fetch, timeoutMs: 1 })

test('the PKCE challenge is the one of RFC 7636 Appendix B', async () => {
  expect(await calculatePKCECodeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  )
})

test('a thousand transactions never share a state or a verifier', async () => {
  const begun = await Promise.all(Array.from({ length: 1_000 }, () => beginTransaction(server(), atPage)))
  expect(new Set(begun.map(({ state }) => state)).size).toBe(1_000)
  expect(new Set(begun.map(({ verifier }) => verifier)).size).toBe(1_000)
})

test('a vendor without PKCE gets no challenge, and extra parameters never replace those of the protocol', async () => {
  const signIn = {
    pkce: 'none' as const,
    authorizeParams: { state: 'fixed', redirect_uri: 'https://evil.example', prompt: 'select_account' },
  }
  const { authorizeUrl, state, verifier } = await beginTransaction(server(signIn), atPage)
  const parameters = new URL(authorizeUrl).searchParams
  expect(verifier).toBeNull()
  expect(parameters.has('code_challenge')).toBe(false)
  expect(parameters.get('state')).toBe(state)
  expect(parameters.get('redirect_uri')).toBe(redirectUris.handover)
  expect(parameters.get('prompt')).toBe('select_account')
})

test('optional scopes travel apart where the vendor takes them so, and with the others elsewhere', async () => {
  const asked = async (signIn: Parameters<typeof testConnector>[0]) => {
    const { searchParams } = new URL((await beginTransaction(server(signIn), atApp)).authorizeUrl)
    return [searchParams.get('scope'), searchParams.get('optional_scope')]
  }
  expect(await asked({})).toEqual(['tickets.read tickets.write', 'tickets.delete'])
  const { optionalScopeParameter: _, ...together } = testConnector().signIn
  const url = new URL(
    (
      await beginTransaction(
        authorizationServer({ ...testConnector(), signIn: together }, { site: 'acme' }, testClient, {
          fetch,
          timeoutMs: 1,
        }),
        atApp,
      )
    ).authorizeUrl,
  )
  expect(url.searchParams.get('scope')).toBe('tickets.read tickets.write tickets.delete')
})

test.each(['http://login.example/a', 'https://user:pw@login.example/a', 'file:///etc/passwd', 'javascript:alert(1)'])(
  'an authorization endpoint such as %s is refused',
  async (authorize) => {
    const endpoints = () => ({ issuer: idp, authorize, token: `${idp}/token`, revoke: null })
    await expect(beginTransaction(server({ endpoints }), atApp)).rejects.toMatchObject({
      code: 'vendor_bad_answer',
    })
  },
)

describe('a received address', () => {
  test('is read only when it is the expected one to the letter', () => {
    const base = redirectUris.app
    expect(redirectParameters(`${base}?code=a%20b&state=c`, base)?.get('code')).toBe('a b')
    for (const url of [
      base,
      `${base}#code=a`,
      `${base}/?code=a`,
      ` ${base}?code=a`,
      `${base.toUpperCase()}?code=a`,
      `x${base}?code=a`,
    ]) {
      expect(redirectParameters(url, base)).toBeNull()
    }
  })

  test('of any kind never throws anything but an outcome', async () => {
    const transaction = await beginTransaction(server(), atApp)
    const hostile = fc.oneof(
      fc.string(),
      fc.string().map((query) => `${redirectUris.app}?${query}`),
      fc.string().map((query) => `${redirectUris.app}?state=${transaction.state}&${query}`),
      fc.webUrl().map((url) => `${redirectUris.app}?state=${transaction.state}&iss=${encodeURIComponent(url)}`),
    )
    fc.assert(
      fc.property(hostile, (url) => {
        try {
          readRedirect(server(), transaction, url)
          expect(url).toContain('code=')
        } catch (error) {
          expect(error).toMatchObject({ name: 'AppError' })
        }
      }),
    )
  })
})
