import { beforeEach, describe, expect, test } from 'vitest'
import { createAccountHttp } from '../../../main/connectors/http.ts'
import { createManifestConnector } from '../../../main/connectors/manifest/connector.ts'
import { parseManifest } from '../../../main/connectors/manifest/parse.ts'
import { createRateBudget } from '../../../main/connectors/rate-limit.ts'
import { PocketBrowser } from '../../sandbox/browser.ts'
import { apiNonce } from '../../sandbox/oauth/proof.ts'
import { sealdeskManifest } from '../../sandbox/vendors/sealdesk/sealdesk.ts'
import { type Desk, passedOn } from '../../unit/oauth/support/desk.ts'
import { deskThere } from './desk-there.ts'

const there = deskThere({ conversations: 500 })
const { manifest } = parseManifest(sealdeskManifest())
if (!manifest) throw new Error('the manifest has faults')
const connector = createManifestConnector(manifest)
const client = { clientId: 'seal-public-manydesk', clientSecret: null }
const host = (kind: string) => `id-${kind}.sealdesk.example`
let desk: Desk
let shown: URL[]

beforeEach(async () => {
  shown = []
  desk = await there.open(connector, (url) => {
    shown.push(new URL(url))
    const kind = /id-(\w+)\./.exec(url)?.[1] ?? ''
    return there.visit(url, { email: `vera.lund@${kind}.example` })
  })
})

const connect = (kind: string, way: 'auth-window' | 'system-browser' = 'auth-window') =>
  desk.connect({ vendor: 'sealdesk', site: { shop: kind }, client, way, redirect: 'handover' })

async function account() {
  const [found] = desk.accounts.list()
  if (!found) throw new Error('no account')
  const saved = await desk.vault.readGrant(found.id)
  if (saved.kind !== 'found') throw new Error('no grant')
  return { ...found, grant: saved.value }
}

/** The client an account's own calls go through. */
async function api(kind: string) {
  const { id } = await account()
  const { clock, log, grants } = desk
  const tokens = grants.tokens(id)
  const budget = createRateBudget(connector.rate, clock)
  return createAccountHttp({
    ...{ connector, site: { shop: kind }, accountId: id, tokens, clock, log, budget },
    fetch: there.fetch,
  })
}

describe.each(['strict', 'open'])('a server where pushed requests and bound tokens are %s', (kind) => {
  test.each(['auth-window', 'system-browser'] as const)(
    'signs in by %s with only a reference in the browser',
    async (way) => {
      const view = await connect(kind, way)
      expect(view.error).toBeNull()
      expect([...(shown[0]?.searchParams.keys() ?? [])].sort()).toEqual(['client_id', 'request_uri'])
      const { grant, identity } = await account()
      expect(identity.email).toBe(`vera.lund@${kind}.example`)
      expect(grant.tokenType).toBe('dpop')
      expect(grant.privateKey).toMatchObject({ kty: 'EC', crv: 'P-256' })
    },
  )

  test('takes calls, a changed nonce, and a refresh with the one key of the account', async () => {
    await connect(kind)
    const before = await account()
    const http = await api(kind)
    const me = () => http.get(`shops/${kind}/me`).json<{ data: { id: string } }>()
    expect((await me()).data.id).toBe(`vera.lund@${kind}.example`)
    apiNonce.current = `${apiNonce.current}+`
    expect((await me()).data.id).toBe(`vera.lund@${kind}.example`)
    const tokens = desk.grants.tokens(before.id)
    const renewed = await tokens.renew(before.grant.accessToken)
    expect(renewed).not.toBe(before.grant.accessToken)
    const after = await account()
    expect(after.grant.privateKey).toEqual(before.grant.privateKey)
    expect((await me()).data.id).toBe(`vera.lund@${kind}.example`)
  })

  test('gives two accounts two keys, and none of them reaches the log', async () => {
    await connect(kind)
    const first = await account()
    desk.accounts.beginRemoval(first.id)
    await connect(kind)
    const second = await account()
    expect(second.grant.privateKey?.d).not.toBe(first.grant.privateKey?.d)
    const lines = JSON.stringify([
      desk.log.lines,
      there.log.lines,
      desk.handshakes.list().map((view) => desk.handshakes.trace(view.attemptId)),
    ])
    for (const secret of [first.grant.privateKey?.d, second.grant.privateKey?.d, second.grant.accessToken])
      expect(lines).not.toContain(secret)
  })
})

test('a token that was stolen without its key opens nothing', async () => {
  await connect('strict')
  const { grant } = await account()
  for (const scheme of ['DPoP', 'Bearer']) {
    const answer = await there.fetch('https://api.sealdesk.example/shops/strict/me', {
      headers: { authorization: `${scheme} ${grant.accessToken}` },
    })
    expect(answer.status).toBe(401)
  }
})

test('a server that offers neither is used as ever: a full request and a bearer token', async () => {
  expect((await connect('plain')).error).toBeNull()
  expect(shown[0]?.searchParams.get('code_challenge_method')).toBe('S256')
  expect(shown[0]?.searchParams.has('request_uri')).toBe(false)
  const { grant } = await account()
  expect(grant.tokenType).toBe('bearer')
  expect(grant.privateKey).toBeUndefined()
})

test('a server that lists its prompts is made to ask who signs in, and what the app may do', async () => {
  await connect('plain')
  const { id } = await account()
  await desk.ended(desk.handshakes.reconnect(id, { askRights: true }).attemptId)
  await desk.ended(desk.handshakes.reconnect(id, { switchUser: true }).attemptId)
  expect(shown.map(({ searchParams }) => searchParams.get('prompt'))).toEqual([null, 'consent', 'login'])
  expect(await account()).toMatchObject({ id, state: 'connected' })
})

test('RFC 9126: a page that is opened again has a reference of its own, and the first one need not work any more', async () => {
  const pages: string[] = []
  const seen = Promise.withResolvers<void>()
  desk.browser = async (url) => {
    pages.push(url)
    seen.resolve()
  }
  const request = { vendor: 'sealdesk', site: { shop: 'strict' }, client, redirect: 'handover' as const }
  const { attemptId } = desk.handshakes.connect({ ...request, way: 'system-browser' })
  await seen.promise
  // Looked at and left, which uses the reference up at many servers.
  await desk.handshakes.show(attemptId)
  const references = pages.map((page) => new URL(page).searchParams.get('request_uri'))
  expect(new Set(references).size).toBe(2)
  const landed = await there.visit(pages[1] ?? '', { email: 'vera.lund@strict.example' })
  expect(desk.handshakes.receiveRedirect(passedOn(landed))).toBeNull()
  expect(await desk.ended(attemptId)).toMatchObject({ step: 'done', error: null })
})

test('the sign-in is given back at the discovered address', async () => {
  await connect('strict')
  const [found] = desk.accounts.list()
  if (!found) throw new Error('no account')
  expect(await there.revocation(desk, connector)(found)).toBe('revoked')
})

test('a server that describes another one is not signed in at', async () => {
  const lying = (await there.fetch(`https://${host('plain')}/.well-known/openid-configuration`)).status
  expect(lying).toBe(200)
  const wrong = createManifestConnector({
    ...manifest,
    signIn: { ...manifest.signIn, issuer: 'https://id-plain.sealdesk.example/' } as typeof manifest.signIn,
  })
  desk = await there.open(wrong, () => Promise.reject(new Error('no page may be shown')))
  const view = await desk.connect({ vendor: 'sealdesk', site: { shop: 'plain' }, client })
  expect(view.error).toMatchObject({ code: 'handshake_issuer_mismatch' })
})

describe('RFC 8628: a server that lists its device_authorization_endpoint', () => {
  /** What the person does on another device with the address that is shown. */
  async function answer(url: string, press: 'allow' | 'deny'): Promise<void> {
    const browser = new PocketBrowser(there.network, [])
    const password = there.sandbox.directory.users.find(({ email }) => email === 'vera.lund@open.example')?.password
    let landing = await browser.open(url)
    const steps: [string, Record<string, string>][] = [
      ['device', {}],
      ['device', {}],
      ['login', { email: 'vera.lund@open.example', password: password ?? '' }],
      [press, {}],
    ]
    for (const [step, fields] of steps) {
      if (landing.kind === 'page') landing = await browser.submit(landing.page, step, fields)
    }
  }

  async function begin(kind = 'open') {
    const request = { ...desk.request, vendor: 'sealdesk', site: { shop: kind }, client, way: 'device' as const }
    const { attemptId } = desk.handshakes.connect({ ...request, redirect: null })
    const waiting = await desk.reached(attemptId, 'waiting')
    return { attemptId, device: waiting.device, error: waiting.error }
  }

  test('signs in by a code that is typed elsewhere, with tokens bound to a key', async () => {
    let polls = 0
    const waits: number[] = []
    desk.pause = async (ms) => {
      waits.push(ms)
      polls += 1
      if (polls === 2) await there.sandbox.control.fail(slowDown)
      if (polls === 4) await answer(device?.completeUrl ?? '', 'allow')
    }
    const { attemptId, device } = await begin()
    expect(device?.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/)
    expect(device?.url).toBe(`https://${host('open')}/device`)
    expect(await desk.ended(attemptId)).toMatchObject({ step: 'done', error: null })
    expect(waits, 'pending, slow_down, pending, the token').toEqual([1_000, 1_000, 6_000, 6_000])
    expect(await account()).toMatchObject({ way: 'device', redirect: null, grant: { tokenType: 'dpop' } })
  })

  test('tells that the person said no, and that the code ran out', async () => {
    const gate = Promise.withResolvers<void>()
    desk.pause = () => gate.promise
    const denied = await begin()
    await answer(denied.device?.completeUrl ?? '', 'deny')
    gate.resolve()
    expect((await desk.ended(denied.attemptId)).error?.code).toBe('handshake_denied')

    desk.pause = () => there.sandbox.control.expireCodes()
    const late = await begin()
    expect((await desk.ended(late.attemptId)).error).toMatchObject({
      code: 'handshake_expired',
      action: 'Get a new code, then type it within the time that is shown.',
    })
    expect(desk.accounts.list()).toEqual([])
  })

  test('a server without it is told so, and the next way is offered', async () => {
    const { attemptId } = await begin('plain')
    expect(await desk.ended(attemptId)).toMatchObject({
      error: { code: 'not_supported' },
      next: { way: 'auth-window', redirect: 'handover' },
    })
  })
})

const slowDown = {
  kind: 'status' as const,
  status: 400,
  body: '{"error":"slow_down"}',
  target: { host: host('open'), method: 'POST', path: '/oauth2/token' },
}
