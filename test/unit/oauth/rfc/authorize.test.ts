import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { connectors } from '../../../../main/connectors/registry.ts'
import { redirectUris } from '../../../../main/oauth/model.ts'
import { authorizationServer } from '../../../../main/oauth/token-endpoint.ts'
import { beginTransaction } from '../../../../main/oauth/transaction.ts'
import type { FetchPort } from '../../../../main/ports.ts'
import { type Authority, idp, startAuthority, testClient } from '../support/authority.ts'
import { type Desk, openDesk, passedOn, testConnector } from '../support/desk.ts'

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

const noFetch: FetchPort = () => Promise.reject(new Error('nothing is asked'))
const begin = (
  server = authorizationServer(testConnector(), { site: 'acme' }, testClient, { fetch: noFetch, timeoutMs: 1 }),
) => beginTransaction(server, { redirectUri: redirectUris.app, arrivesAt: redirectUris.app })

/** A sign-in in the browser that waits, and the link that answers it. */
async function waiting(user: string) {
  const shown = Promise.withResolvers<string>()
  desk.browser = async (url) => shown.resolve(url)
  const { attemptId } = desk.handshakes.connect({ ...desk.request, way: 'system-browser' })
  const url = await shown.promise
  await desk.reached(attemptId, 'waiting')
  return { attemptId, url, link: passedOn(await authority.visit(url, { user })) }
}
const withState = (link: string, state: string | null) => link.replace(/state=[^&]+/, `state=${state}`)
const stateOf = (link: string) => new URLSearchParams(link.split('?')[1]).get('state')

const oauthVendors = connectors.flatMap(({ id, signIn }) => (signIn.kind === 'oauth' ? [{ id, signIn }] : []))

test('O01 (RFC 8252 8.12): every vendor is signed in to by the system browser, and Google by it alone', () => {
  for (const { signIn } of oauthVendors) expect(signIn.ways).toContain('system-browser')
  expect(oauthVendors.find(({ id }) => id === 'gmail')?.signIn.ways).toEqual(['system-browser'])
})

test('O02 (RFC 7636 4.1): verifiers are 43 characters of base64url, challenges S256, and neither comes twice', async () => {
  const many = await Promise.all(Array.from({ length: 2_000 }, () => begin()))
  for (const { verifier, authorizeUrl } of many) {
    expect(verifier).toMatch(/^[\w-]{43}$/)
    expect(new URL(authorizeUrl).searchParams.get('code_challenge_method')).toBe('S256')
  }
  expect(new Set(many.map(({ verifier }) => verifier)).size).toBe(many.length)
})

test('O03 (RFC 7636 7.2): a server that refuses S256 ends the sign-in; `plain` is not tried', async () => {
  const shown: string[] = []
  desk.window = async ({ authorizeUrl, redirectUri }) => {
    shown.push(authorizeUrl)
    const state = new URL(authorizeUrl).searchParams.get('state')
    return {
      kind: 'redirected',
      url: `${redirectUri}?error=invalid_request&error_description=S256+not+supported&state=${state}`,
    }
  }
  expect((await desk.connect()).error).toMatchObject({ code: 'client_rejected' })
  expect(shown).toHaveLength(1)
  expect(shown[0]).not.toContain('plain')
})

test('O04 (RFC 9700 4.2.4): a state has 256 bits, is good once, also when it fails, and for ten minutes', async () => {
  const { attemptId, link } = await waiting('ada')
  expect(stateOf(link)).toMatch(/^[0-9a-f]{64}$/)
  const spoilt = link.replace(/code=[^&]+/, 'code=wrong')
  expect(desk.handshakes.receiveRedirect(spoilt)).toBeNull()
  expect((await desk.ended(attemptId)).step).toBe('failed')
  expect(desk.handshakes.receiveRedirect(link)).toMatchObject({ code: 'handshake_replayed' })
  const late = await waiting('ada')
  desk.clock.pass(10 * 60_000)
  desk.handshakes.receiveRedirect(late.link)
  expect((await desk.ended(late.attemptId)).error).toMatchObject({ code: 'handshake_expired' })
  expect(desk.accounts.list()).toEqual([])
})

test('O05 (RFC 9700 4.4): of two sign-ins at once, the answer for one cannot finish the other', async () => {
  const one = await waiting('ada')
  const other = await waiting('bob')
  desk.handshakes.receiveRedirect(withState(one.link, stateOf(other.link)))
  expect((await desk.ended(other.attemptId)).error).toMatchObject({ code: 'token_rejected' })
  desk.handshakes.receiveRedirect(one.link)
  await desk.ended(one.attemptId)
  expect(desk.accounts.list().every(({ identity }) => identity.vendorUserId === 'ada')).toBe(true)
})

test('O06 (RFC 9207 2.4): an answer of another issuer is refused, and one without `iss` where it was promised', async () => {
  for (const change of ['iss=https%3A%2F%2Fevil.example', 'iss=https%3A%2F%2Flogin.testdesk.example%2F']) {
    const { attemptId, link } = await waiting('ada')
    desk.handshakes.receiveRedirect(link.replace(/iss=[^&]+/, change))
    expect((await desk.ended(attemptId)).error).toMatchObject({ code: 'handshake_issuer_mismatch' })
  }
  const described = { ...described0, authorization_response_iss_parameter_supported: true }
  desk.close()
  desk = await openDesk({ authority, connector: discovering, fetch: describing(() => described) })
  const { attemptId, link } = await waiting('ada')
  desk.handshakes.receiveRedirect(link.replace(/&iss=[^&]+/, ''))
  expect((await desk.ended(attemptId)).error).toMatchObject({ code: 'handshake_issuer_mismatch' })
  expect(authority.tokenRequests).toEqual([])
})

test('O07 (RFC 8252 8.10): an answer at another address than the one that was sent is not taken', async () => {
  const { attemptId, link } = await waiting('ada')
  for (const other of [
    'app.manydesk://oauth/callback/',
    'app.manydesk://oauth/other',
    'app.manydesk2://oauth/callback',
  ]) {
    expect(desk.handshakes.receiveRedirect(link.replace('app.manydesk://oauth/callback', other))).not.toBeNull()
  }
  expect(desk.handshakes.receiveRedirect(link)).toBeNull()
  expect((await desk.ended(attemptId)).step).toBe('done')
  const sent = new URLSearchParams(authority.tokenRequests[0]?.body)
  expect(sent.get('redirect_uri')).toBe(redirectUris.handover)
})

const described0 = {
  issuer: idp,
  authorization_endpoint: `${idp}/authorize`,
  token_endpoint: `${idp}/token`,
}
const discovering = testConnector({
  endpoints: () => ({ issuer: idp, authorize: '', token: '', revoke: null, discovered: true }),
})
const describing =
  (describe: () => object): FetchPort =>
  async (input, init) =>
    String(input).includes('.well-known') ? Response.json(describe()) : authority.fetch(input, init)

test('O08 (RFC 9700 4.4.2): the code goes to the endpoint that was known before, whatever the server says afterwards', async () => {
  let told: object = described0
  const asked: string[] = []
  const network = describing(() => told)
  desk.close()
  desk = await openDesk({
    authority,
    connector: discovering,
    fetch: (input, init) => {
      asked.push(String(input instanceof Request ? input.url : input))
      return network(input, init)
    },
  })
  const { attemptId, link } = await waiting('ada')
  told = { ...described0, token_endpoint: 'https://evil.example/token' }
  desk.handshakes.receiveRedirect(`${link}&token_endpoint=https%3A%2F%2Fevil.example%2Ftoken`)
  expect((await desk.ended(attemptId)).step).toBe('done')
  expect(asked.filter((url) => url.includes('evil'))).toEqual([])
})

test('O12 (RFC 8252 7.1): the scheme is a reversed domain, and wherever a browser comes back to it PKCE protects the code', () => {
  expect(redirectUris.app).toMatch(/^[a-z]+\.[a-z.]+:\/\//)
  for (const { signIn } of oauthVendors) expect(signIn.pkce).toBe('S256')
})

test('O13 (RFC 8252 8.9): an answer nobody waits for starts nothing', () => {
  const link = `${redirectUris.app}?code=x&state=${'0'.repeat(64)}`
  expect(desk.handshakes.receiveRedirect(link)).toMatchObject({ code: 'handshake_state_mismatch' })
  expect([desk.handshakes.list(), desk.accounts.list(), authority.tokenRequests]).toEqual([[], [], []])
})

test('O14 (RFC 9700 4.2.4): a code whose answer was lost is not sent again', async () => {
  authority.nextTokenAnswers.push('lose')
  expect((await desk.connect()).step).toBe('failed')
  expect(authority.tokenRequests).toHaveLength(1)
})

test.each([
  'http://login.example/',
  'https://me:pw@login.example/',
  'javascript:alert(1)',
  'file:///usr/bin/true',
  'smb://host/x',
])('O15: nobody is sent to %s to sign in', async (authorize) => {
  const opened: string[] = []
  const endpoints = () => ({ issuer: idp, authorize, token: `${idp}/token`, revoke: null })
  desk.close()
  desk = await openDesk({ authority, connector: testConnector({ endpoints }) })
  desk.browser = async (url) => void opened.push(url)
  expect((await desk.connect({ way: 'system-browser' })).error).toMatchObject({ code: 'vendor_bad_answer' })
  expect(opened).toEqual([])
})

test('O16 (RFC 9700 4.4): another identity than the account had is never taken over silently', async () => {
  await desk.connect()
  const [account] = desk.accounts.list()
  desk.person = { user: 'mallory' }
  const view = await desk.ended(desk.handshakes.reconnect(account?.id ?? '').attemptId)
  expect(view.error).toMatchObject({ code: 'handshake_other_user' })
  expect(desk.accounts.list()).toEqual([account])
})

const root = join(import.meta.dirname, '../../../..')
const sources = ['main', 'preload', 'renderer', 'resources'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:tsx?|json|html)$/.test(file))
    .map((file) => ({ file, text: readFileSync(join(root, folder, file), 'utf8') })),
)

test('O18 (RFC 9700 2.1.2, 2.4): no code asks for the implicit or the password grant', () => {
  const forbidden =
    /grant_type['"]?\s*[:=,]\s*['"]password|response_type['"]?\s*[:=,]\s*['"](?:id_)?token|implicit(?:Authentication|Grant)/
  expect(sources.filter(({ text }) => forbidden.test(text)).map(({ file }) => file)).toEqual([])
})

test('O19 (RFC 8252 8.5): no client secret is shipped', () => {
  const shipped = /\bclient_?[sS]ecret['"]?\s*[:=]\s*['"][^'"<\s]{8,}['"]/
  // Trying a recorded answer needs the name of a secret, and no network ever sees it.
  const found = sources.filter(({ file, text }) => file !== 'oauth/try-token-answer.ts' && shipped.test(text))
  expect(found.map(({ file }) => file)).toEqual([])
})

test('O31 (RFC 9126): only the client and a reference travel in the browser, the request itself directly and once', async () => {
  const pushed: URLSearchParams[] = []
  const fetch: FetchPort = async (input, init) => {
    if (!String(input).endsWith('/par'))
      return describing(() => ({ ...described0, pushed_authorization_request_endpoint: `${idp}/par` }))(input, init)
    pushed.push(new URLSearchParams(String(init?.body)))
    return Response.json({ request_uri: `urn:example:${pushed.length}`, expires_in: 60 }, { status: 201 })
  }
  desk.close()
  desk = await openDesk({ authority, connector: discovering, fetch })
  const shown: URL[] = []
  desk.window = async ({ authorizeUrl }) => {
    shown.push(new URL(authorizeUrl))
    return { kind: 'closed' }
  }
  await desk.connect()
  await desk.connect()
  expect(shown.map(({ searchParams }) => Object.fromEntries(searchParams))).toEqual([
    { client_id: testClient.clientId, request_uri: 'urn:example:1' },
    { client_id: testClient.clientId, request_uri: 'urn:example:2' },
  ])
  expect(pushed.map((form) => form.get('code_challenge_method'))).toEqual(['S256', 'S256'])
  expect(new Set(pushed.map((form) => form.get('state'))).size).toBe(2)
})
