import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { OAuthSignIn } from '../../../main/connectors/connector.ts'
import { shopify } from '../../../main/connectors/shopify/index.ts'
import { signIn } from '../../../main/connectors/shopify/sign-in.ts'
import { SignInFlow } from '../../sandbox/sign-in.ts'
import { deskThere } from './desk-there.ts'

const there = deskThere({ perShare: 40 })

const site = 'acme-gear.myshopify.com'
const client = { clientId: 'f3a91c5e7d2b4086a1c9e5d7b3f80214', clientSecret: 'shpss_sandbox_6b1de0c9a7f24583' }

/** What somebody in between does with the answer. */
type Bend = (url: URL) => void

const asItIs: Bend = () => undefined

const open = (email = 'tim.okoye@acme-gear.example', press: 'allow' | 'deny' = 'allow', bend: Bend = asItIs) =>
  there.open(shopify, async (url) => {
    const landing = new URL(await there.visit(url, { email, press }))
    bend(landing)
    return landing.href
  })

const request = { vendor: 'shopify', site: { shop: 'https://admin.shopify.com/store/acme-gear/orders' }, client }

describe('signing in to Shopify', () => {
  test.each(['auth-window', 'system-browser'] as const)(
    'works by %s, refreshes with a new pair, and notices that the app was uninstalled',
    async (way) => {
      const open_ = await open()
      const view = await open_.connect({ ...request, way, redirect: 'handover' })
      expect(view.error).toBeNull()
      const [account] = open_.accounts.list()
      if (!account) throw new Error('no account')
      expect(account.identity).toMatchObject({ siteKey: site, name: 'Acme Gear Shop', email: 'shop@acme-gear.example' })
      expect(account.site).toEqual({ shop: 'acme-gear' })
      expect(account.accessExpiresAt).toBe(open_.clock.now() + 3600 * 1000)
      expect(account.refreshExpiresAt).toBe(open_.clock.now() + 90 * 86_400_000)
      const required = signIn.scopes.filter((scope) => !scope.optional).map((scope) => scope.id)
      expect(account.scopes).toEqual(expect.arrayContaining(required))

      const tokens = open_.grants.tokens(account.id)
      const first = await tokens.current()
      const second = await tokens.renew(first)
      expect(second).not.toBe(first)
      await there.sandbox.control.revoke({ site })
      await expect(tokens.renew(second)).rejects.toMatchObject({ code: 'needs_sign_in' })
      const again = await open_.ended(open_.handshakes.reconnect(account.id).attemptId)
      expect(again).toMatchObject({ step: 'done', accountId: account.id })
    },
  )

  test('asks for scopes with commas, for tokens that expire, and sends everything to the shop', async () => {
    await there.sandbox.control.clearRequests()
    await (await open()).connect(request)
    const asked = (await there.sandbox.control.requests({ host: site, path: '/admin/oauth/authorize' }))[0]
    const query = new URLSearchParams(asked?.query)
    expect(query.get('scope')?.split(',')).toEqual(signIn.scopes.map((scope) => scope.id))
    const [token] = await there.sandbox.control.requests({ host: site, path: '/admin/oauth/access_token' })
    expect(JSON.parse(token?.body ?? '')).toMatchObject({ expiring: 1, client_id: client.clientId })
    const [call] = await there.sandbox.control.requests({ host: site, path: '/admin/api' })
    expect(call?.headers['x-shopify-access-token']).toMatch(/^shpat_/)
    expect(call?.headers.authorization).toBeUndefined()
  })

  test.each<[string, Bend]>([
    ['names another shop', (url) => url.searchParams.set('shop', 'nova-vinyl.myshopify.com')],
    ['has another code', (url) => url.searchParams.set('code', '0'.repeat(32))],
    ['has no signature', (url) => url.searchParams.delete('hmac')],
    ['has another signature', (url) => url.searchParams.set('hmac', '0'.repeat(64))],
    ['has two signatures', (url) => url.searchParams.append('hmac', '0'.repeat(64))],
    ['has one more parameter', (url) => url.searchParams.set('more', '1')],
  ])('is refused when the answer %s, and nothing is redeemed', async (_what, bend) => {
    await there.sandbox.control.clearRequests()
    const view = await (await open(undefined, 'allow', bend)).connect(request)
    expect(view.error).toMatchObject({ code: 'handshake_state_mismatch' })
    expect(await there.sandbox.control.requests({ path: '/admin/oauth/access_token' })).toEqual([])
  })

  test('says who denied', async () => {
    const view = await (await open(undefined, 'deny')).connect(request)
    expect(view.error).toMatchObject({ code: 'handshake_denied' })
  })

  test('does not let somebody in who may not install apps', async () => {
    const lea = { site, email: 'lea.fink@acme-gear.example' }
    const page = await new SignInFlow(there.network, there.sandbox.directory, lea).consent()
    expect(page.html).toContain('permission to install apps')
    expect(page.html).not.toContain('/allow"')
  })

  test('notices a wrong secret by the signature, and reads the words for an unknown client and an ended grant', async () => {
    const unknown = await (await open()).connect({ ...request, client: { ...client, clientSecret: 'wrong' } })
    // The signature of the answer was made with the right secret: it does not fit already.
    expect(unknown.error).toMatchObject({ code: 'handshake_state_mismatch' })
    const { readTokenError } = signIn
    expect(readTokenError?.(400, { error: 'application_cannot_be_found' })).toMatchObject({ error: 'invalid_client' })
    expect(
      readTokenError?.(400, { error: 'invalid_request', error_description: 'The refresh_token was already used' }),
    ).toMatchObject({ error: 'invalid_grant' })
  })
})

describe('the signature of the answer', () => {
  const secret = 'hush'
  const verify = (parameters: URLSearchParams, key: string | null = secret) =>
    (signIn as OAuthSignIn).verifyRedirect?.({ shop: 'acme' }, parameters, key)
  const parameters = (text: (sorted: [string, string][]) => string) => {
    const values: [string, string][] = [
      ['code', 'a1'],
      ['host', 'YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvYWNtZQ=='],
      ['shop', 'acme.myshopify.com'],
      ['state', 'b2'],
      ['timestamp', '1770000000'],
    ]
    const hmac = createHmac('sha256', secret).update(text(values)).digest('hex')
    return new URLSearchParams([...values.reverse(), ['hmac', hmac]])
  }

  test('is good in both spellings that the vendor uses, whatever the order', () => {
    expect(verify(parameters((sorted) => sorted.map(([key, value]) => `${key}=${value}`).join('&')))).toBe(true)
    expect(verify(parameters((sorted) => new URLSearchParams(sorted).toString()))).toBe(true)
  })

  test('is bad with another secret, without one, and over other words', () => {
    const good = parameters((sorted) => new URLSearchParams(sorted).toString())
    expect(verify(good, 'other')).toBe(false)
    expect(verify(good, null)).toBe(false)
    expect(verify(parameters(() => 'code=a1'))).toBe(false)
  })
})

describe('as the organisation that owns the shop', () => {
  test('signs nobody in, holds a token of a day without a refresh token, and asks for the next one', async () => {
    const desk = await there.open(shopify, () => Promise.reject(new Error('nobody signs in')))
    const client = there.client('f3a91c5e7d2b4086a1c9e5d7b3f80214')
    const way = { way: 'client-credentials', redirect: null } as const
    const view = await desk.connect({ vendor: 'shopify', site: { shop: 'acme-gear' }, client, ...way })
    expect(view.error).toBeNull()
    const [account] = desk.accounts.list()
    expect(account).toMatchObject({
      ...way,
      refreshExpiresAt: null,
      identity: { vendorUserId: expect.stringMatching(/^shop:/) },
    })
    expect(account?.accessExpiresAt).toBe(desk.clock.now() + 86_399_000)
    const tokens = desk.grants.tokens(account?.id ?? '')
    const first = await tokens.current()
    expect(await tokens.renew(first)).not.toBe(first)
  })

  test('says that it is the client when it is', async () => {
    const desk = await there.open(shopify, () => Promise.reject(new Error('nobody signs in')))
    const client = { ...there.client('f3a91c5e7d2b4086a1c9e5d7b3f80214'), clientSecret: 'wrong' }
    const view = await desk.connect({
      ...{ vendor: 'shopify', site: { shop: 'acme-gear' }, client },
      ...{ way: 'client-credentials', redirect: null },
    })
    expect(view.error).toMatchObject({ code: 'client_rejected' })
  })
})

describe('the address of a shop', () => {
  const [field] = signIn.fields
  test.each([
    ['acme', 'acme'],
    [' ACME.myshopify.com ', 'acme'],
    ['https://acme.myshopify.com/admin/orders?x=1', 'acme'],
    ['https://admin.shopify.com/store/acme-2/orders', 'acme-2'],
    ['admin.shopify.com/store/acme', 'acme'],
  ])('%s is %s', (text, shop) => {
    expect(field?.normalise(text)).toBe(shop)
  })

  test.each(['', 'shop.acme.example', 'acme.myshopify.com.evil.example', 'https://admin.shopify.com/', 'a b'])(
    '%s is refused',
    (text) => {
      expect(() => field?.normalise(text)).toThrow(expect.objectContaining({ code: 'site_invalid' }))
    },
  )
})
