import { beforeEach, describe, expect, test } from 'vitest'
import { createDiscovery } from '../../../main/oauth/discovery.ts'
import type { FetchPort } from '../../../main/ports.ts'
import { fakeClock } from './support/fakes.ts'

const issuer = 'https://login.example.com/tenant'
const document = {
  issuer,
  authorization_endpoint: 'https://login.example.com/tenant/authorize',
  token_endpoint: 'https://tokens.example.com/token',
  pushed_authorization_request_endpoint: 'https://login.example.com/par',
  dpop_signing_alg_values_supported: ['ES256'],
  something_else: { large: true },
}
const oauthPlace = 'https://login.example.com/.well-known/oauth-authorization-server/tenant'
const oidcPlace = 'https://login.example.com/tenant/.well-known/openid-configuration'

let asked: string[]
let pages: Record<string, () => Response | Promise<Response>>
let clock: ReturnType<typeof fakeClock>
const fetch: FetchPort = async (input) => {
  asked.push(String(input))
  return (pages[String(input)] ?? (() => new Response('not here', { status: 404 })))()
}
const discovery = () => createDiscovery({ fetch, clock, timeoutMs: 1_000 })

beforeEach(() => {
  asked = []
  pages = { [oauthPlace]: () => Response.json(document) }
  clock = fakeClock()
})

test('the description of RFC 8414 is read where its path says, and only what is used is kept', async () => {
  const { something_else: _, ...used } = document
  expect(await discovery().of(issuer)).toEqual(used)
  expect(asked).toEqual([oauthPlace])
})

test('a server with only the OpenID Connect document is understood as well', async () => {
  pages = { [oidcPlace]: () => Response.json(document) }
  expect(await discovery().of(issuer)).toMatchObject({ token_endpoint: document.token_endpoint })
  expect(asked).toEqual([oauthPlace, oidcPlace])
})

test('it is asked for once, by many at a time, and again after a day', async () => {
  const one = discovery()
  await Promise.all([one.of(issuer), one.of(issuer), one.of(issuer)])
  await one.of(issuer)
  expect(asked).toHaveLength(1)
  clock.pass(86_400_001)
  await one.of(issuer)
  expect(asked).toHaveLength(2)
})

test('while the server cannot be reached, what it said before serves; what it says wrongly does not', async () => {
  const one = discovery()
  await one.of(issuer)
  clock.pass(86_400_001)
  pages[oauthPlace] = () => Promise.reject(new TypeError('net::ERR_CONNECTION_REFUSED'))
  expect((await one.of(issuer)).issuer).toBe(issuer)
  pages[oauthPlace] = () => Response.json({ ...document, issuer: 'https://evil.example' })
  await expect(one.of(issuer)).rejects.toMatchObject({ code: 'handshake_issuer_mismatch' })
})

describe('nothing is signed in at', () => {
  test.each([`${issuer}/`, 'https://login.example.com', 'https://LOGIN.example.com/tenant', undefined])(
    'a server that calls itself %j',
    async (told) => {
      pages[oauthPlace] = () => Response.json({ ...document, issuer: told })
      await expect(discovery().of(issuer)).rejects.toMatchObject({ code: 'handshake_issuer_mismatch' })
    },
  )

  test.each([
    'http://login.example.com',
    'https://me@login.example.com',
    'https://login.example.com/?a=1',
    'file:///etc',
    '',
  ])('an issuer like %j', async (bad) => {
    await expect(discovery().of(bad)).rejects.toMatchObject({ code: 'site_invalid' })
    expect(asked).toEqual([])
  })

  test.each([
    { token_endpoint: 'http://tokens.example.com/token' },
    { authorization_endpoint: 'https://user:pass@login.example.com/' },
    { authorization_endpoint: 'file:///usr/bin/true' },
    { token_endpoint: undefined },
    { pushed_authorization_request_endpoint: 'javascript:alert(1)' },
  ])('a description with %j', async (change) => {
    pages[oauthPlace] = () => Response.json({ ...document, ...change })
    await expect(discovery().of(issuer)).rejects.toMatchObject({ code: 'vendor_bad_answer' })
  })

  test('a page in place of a description, or one without end', async () => {
    pages[oauthPlace] = () => new Response('<html>', { headers: { 'content-type': 'text/html' } })
    pages[oidcPlace] = () => new Response(JSON.stringify({ ...document, filler: 'x'.repeat(300_000) }))
    await expect(discovery().of(issuer)).rejects.toMatchObject({ code: 'vendor_bad_answer' })
  })

  test('a server in trouble, which is asked again later', async () => {
    pages[oauthPlace] = () => new Response('', { status: 503 })
    await expect(discovery().of(issuer)).rejects.toMatchObject({ code: 'vendor_failed' })
    expect(asked).toEqual([oauthPlace])
  })
})
