import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import ky from 'ky'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { OAuthSignIn } from '../../../main/connectors/connector.ts'
import { createManifestConnector } from '../../../main/connectors/manifest/connector.ts'
import { parseManifest } from '../../../main/connectors/manifest/parse.ts'
import { revokeGrant } from '../../../main/oauth/revoke.ts'
import type { FetchPort } from '../../../main/ports.ts'
import { small } from '../connectors/manifest/small.ts'
import { api, idp } from './support/authority.ts'
import { type Desk, openDesk, testConnector } from './support/desk.ts'

/** A token endpoint that signs in clients, in a few lines: it records what was asked and answers what a test says. */
let asked: URLSearchParams[]
let answer: () => Response
let issued: number
/** What came to the revocation endpoint: how it was signed, and what it said. */
let revocations: string[]
const fetch: FetchPort = async (input, init) => {
  const request = new Request(input, init)
  const url = new URL(request.url)
  if (url.origin === api) return Response.json({ id: 'service' })
  if (url.pathname === '/revoke')
    revocations.push(`${request.headers.get('authorization')} ${await request.clone().text()}`)
  if (url.pathname === '/revoke') return new Response(null, { status: 200 })
  asked.push(new URLSearchParams(await request.text()))
  return answer()
}
const service = { note: 'Acts as the organisation.', sendsScope: true, params: {} }
let desk: Desk

const open = async (signIn: Partial<OAuthSignIn>) => {
  desk = await openDesk({
    authority: { fetch, visit: () => Promise.reject(new Error('nobody signs in')) },
    connector: testConnector({ clientAuth: 'body', redirects: ['handover'], ...signIn }),
  })
}

beforeEach(() => {
  asked = []
  revocations = []
  issued = 0
  answer = () => {
    issued += 1
    return Response.json({ access_token: `service-token-${issued}`, token_type: 'bearer', expires_in: 600 })
  }
})
afterEach(() => desk.close())

describe('client credentials (RFC 6749 4.4)', () => {
  const client = { clientId: 'org-client', clientSecret: 'org-secret' }
  beforeEach(() => open({ ways: ['auth-window', 'client-credentials'], service }))
  const connect = () => desk.connect({ client, way: 'client-credentials', redirect: null })

  test('connect an account without any page, and say so in its way', async () => {
    const view = await connect()
    expect(view).toMatchObject({ step: 'done', error: null })
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      grant_type: 'client_credentials',
      client_id: 'org-client',
      client_secret: 'org-secret',
      scope: 'tickets.read tickets.write tickets.delete',
    })
    expect(desk.accounts.list()).toMatchObject([{ way: 'client-credentials', redirect: null, refreshExpiresAt: null }])
  })

  test('are asked for again when the token ends, without a refresh token', async () => {
    await connect()
    const tokens = desk.grants.tokens(desk.accounts.list()[0]?.id ?? '')
    expect(await tokens.current()).toBe('service-token-1')
    desk.clock.pass(599_000)
    expect(await tokens.current()).toBe('service-token-2')
    expect(asked.map((form) => form.get('grant_type'))).toEqual(['client_credentials', 'client_credentials'])
  })

  test('that are refused later ask an administrator to act, once', async () => {
    await connect()
    const [account] = desk.accounts.list()
    const tokens = desk.grants.tokens(account?.id ?? '')
    answer = () => Response.json({ error: 'invalid_client' }, { status: 401 })
    await expect(tokens.renew('service-token-1')).rejects.toMatchObject({ code: 'needs_sign_in' })
    await expect(tokens.current()).rejects.toMatchObject({ code: 'needs_sign_in' })
    expect(asked).toHaveLength(2)
    expect(desk.accounts.list()[0]).toMatchObject({ state: 'needs_sign_in', trouble: { code: 'client_rejected' } })
  })

  test('are never offered in place of a person who could not sign in', async () => {
    desk.window = async () => ({ kind: 'closed' })
    const view = await desk.connect({ client })
    expect(view).toMatchObject({ error: { code: 'handshake_closed' }, next: null })
  })
})

describe('signed statements (RFC 7523)', () => {
  const keys = {
    RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  }
  const statement = () => ({ subject: 'mailbox@acme.example', keyId: 'k1', scopeInside: true })
  beforeEach(() => open({ ways: ['jwt-bearer'], service: { ...service, statement } }))

  test.each(['RS256', 'ES256'] as const)(
    'are signed with %s, name client, subject, audience and scope, and are used once',
    async (alg) => {
      const pem = String(keys[alg].privateKey.export({ format: 'pem', type: 'pkcs8' }))
      // As a one-line field gives it.
      const client = { clientId: 'robot@acme.example', clientSecret: pem.replaceAll('\n', ' ') }
      const view = await desk.connect({ client, way: 'jwt-bearer', redirect: null })
      expect(view.error).toBeNull()
      await desk.grants.tokens(desk.accounts.list()[0]?.id ?? '').renew('service-token-1')
      const statements = asked.map((form) => {
        expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
        expect([...form.keys()]).not.toContain('client_secret')
        const [head = '', body = '', signature = ''] = (form.get('assertion') ?? '').split('.')
        const key = createPublicKey(keys[alg].privateKey)
        const signed = Buffer.from(`${head}.${body}`)
        expect(verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))).toBe(
          true,
        )
        const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
        expect(read(head)).toEqual({ alg, typ: 'JWT', kid: 'k1' })
        return read(body)
      })
      const now = Math.floor(desk.clock.now() / 1000)
      expect(statements[0]).toEqual({
        iss: 'robot@acme.example',
        sub: 'mailbox@acme.example',
        aud: `${idp}/token`,
        iat: now,
        exp: now + 300,
        jti: expect.any(String),
        scope: 'tickets.read tickets.write tickets.delete',
      })
      expect(new Set(statements.map(({ jti }) => jti)).size).toBe(2)
      expect(JSON.stringify(desk.log.lines)).not.toContain(pem.split('\n')[1])
    },
  )

  test.each(['basic', 'body'] as const)(
    'never hand the private key over, not even to revoke (%s)',
    async (clientAuth) => {
      desk.close()
      await open({ ways: ['jwt-bearer'], clientAuth, service: { ...service, statement } })
      const pem = String(keys.ES256.privateKey.export({ format: 'pem', type: 'pkcs8' }))
      const client = { clientId: 'robot', clientSecret: pem }
      await desk.connect({ client, way: 'jwt-bearer', redirect: null })
      const accountId = desk.accounts.list()[0]?.id ?? ''
      const grant = await desk.vault.readGrant(accountId)
      if (grant.kind !== 'found') throw new Error('there is no grant')
      const { clock, log } = desk
      const connector = testConnector({ ways: ['jwt-bearer'], clientAuth, service: { ...service, statement } })
      const subject = { connector, site: { site: 'acme' }, accountId, client, grant: grant.value }
      const ports = { fetch, clock, log, timeoutMs: 1000, httpFor: () => ky }
      expect(await revokeGrant(ports, subject)).toBe('revoked')
      expect(revocations).toEqual([expect.stringMatching(/^null .*\btoken=service-token-1\b/)])
      expect(revocations[0]).not.toMatch(/secret|PRIVATE/)
    },
  )

  test.each([
    ['five hours ahead of ours', 5 * 3_600_000, 2, 'done'],
    ['a day behind ours', -86_400_000, 2, 'done'],
    ['right, and it says no to something else', 0, 1, 'failed'],
  ])('where the clock of the server is %s: %i ms', async (_name, aheadMs, tries, step) => {
    const pem = String(keys.ES256.privateKey.export({ format: 'pem', type: 'pkcs8' }))
    answer = () => {
      const there = desk.clock.now() + aheadMs
      const [, body = ''] = (asked.at(-1)?.get('assertion') ?? '').split('.')
      const { iat } = JSON.parse(Buffer.from(body, 'base64url').toString())
      const fits = aheadMs !== 0 && Math.abs(iat * 1000 - there) < 60_000
      const headers = { date: new Date(there).toUTCString() }
      if (!fits) return Response.json({ error: 'invalid_grant' }, { status: 400, headers })
      return Response.json({ access_token: 't1', token_type: 'bearer', expires_in: 600 }, { headers })
    }
    const view = await desk.connect({
      client: { clientId: 'robot', clientSecret: pem },
      ...{ way: 'jwt-bearer', redirect: null },
    })
    expect([view.step, asked.length]).toEqual([step, tries])
    const [account] = desk.accounts.list()
    if (account) expect(account.accessExpiresAt, 'lives by our clock').toBe(desk.clock.now() + 600_000)
  })

  test.each(['not a key', '-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----'])(
    'need a private key, not %j',
    async (clientSecret) => {
      const client = { clientId: 'robot', clientSecret }
      const view = await desk.connect({ client, way: 'jwt-bearer', redirect: null })
      expect(view.error).toMatchObject({ code: 'client_missing' })
      expect(asked).toEqual([])
    },
  )
})

describe('a manifest', () => {
  const withSignIn = (change: object) => {
    return parseManifest(JSON.stringify({ ...small, signIn: { ...small.signIn, ...change } }))
  }

  beforeEach(() => open({}))

  test.each([
    ['client_credentials', 'client-credentials'],
    ['jwt_bearer', 'jwt-bearer'],
  ])('with the grant %s is signed in to by nobody, and says so', (grant, way) => {
    const { manifest, faults } = withSignIn({ grant })
    expect(faults).toEqual([])
    const { signIn } = createManifestConnector(manifest as NonNullable<typeof manifest>)
    expect(signIn).toMatchObject({
      ways: [way],
      service: { note: expect.stringContaining('not under the name of a person') },
    })
  })

  test.each([
    [{ grant: 'client_credentials', clientAuthentication: 'none' }, 'needs a secret or a key'],
    [{ statement: { keyId: 'k' } }, 'Only the grant jwt_bearer'],
    [{ tokenUrl: undefined, issuer: 'https://login.example.com' }, 'stand together'],
    [{ tokenUrl: undefined, authorizeUrl: undefined, issuer: undefined }, 'Say where to sign in'],
    [{ tokenUrl: undefined, authorizeUrl: undefined, issuer: 'http://login.example.com' }, 'begins with https://'],
    [{ tokenUrl: undefined, authorizeUrl: undefined, issuer: 'https://login.example.com/?x=1' }, 'no ? and no #'],
  ])('with %j has a fault', (change, words) => {
    const { faults } = withSignIn(change)
    expect(faults.map(({ message }) => message).join(' ')).toContain(words)
  })
})
