import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import type { ConnectRequest } from '../../../main/oauth/model.ts'
import type { FetchPort } from '../../../main/ports.ts'
import { policyOf, unrestricted } from '../policy/policies.ts'
import { type Authority, api, idp, startAuthority, testClient } from './support/authority.ts'
import { type Desk, openDesk, passedOn, testConnector } from './support/desk.ts'

/** Whoever signs in, and wherever: the account gets back the user and the site it had, or nothing changes. */

let authority: Authority
let desk: Desk
/** The site the vendor says that the next sign-in is of. */
let site = 'acme'
/** What the organisation allows now. */
let rules = unrestricted()
/** Who answers where no page of the authority is shown. */
let elsewhere = 'ada'

beforeAll(async () => {
  authority = await startAuthority()
})
afterAll(() => authority.close())
beforeEach(() => {
  authority.reset()
  site = 'acme'
  elsewhere = 'ada'
})
afterEach(() => desk.close())

const endpoints = {
  issuer: idp,
  authorize: `${idp}/authorize`,
  token: `${idp}/token`,
  revoke: `${idp}/revoke`,
  device: `${idp}/device`,
}

const connector = (): Connector =>
  testConnector(
    {
      ways: ['auth-window', 'system-browser', 'device', 'client-credentials'],
      redirects: ['handover', 'app', 'loopback'],
      endpoints: () => endpoints,
      service: { note: 'Acts as the organisation.', sendsScope: true, params: {} },
    },
    {
      async identify({ http }) {
        const { id } = await http.get<{ id: string }>(`${api}/me`).json()
        return { vendorUserId: id, siteKey: site, name: `Name of ${id}`, email: `${id}@example.com`, role: null }
      },
    },
  )

/** The ways without a page of the authority are answered here; everything else reaches it. */
const fetch: FetchPort = async (input, init) => {
  const sent = new Request(input, init)
  const { pathname } = new URL(sent.url)
  const form = new URLSearchParams(sent.method === 'POST' ? await sent.clone().text() : '')
  if (pathname === '/device') {
    const device = {
      device_code: 'd',
      user_code: 'WDJB',
      verification_uri: `${idp}/code`,
      expires_in: 900,
      interval: 1,
    }
    return Response.json(device)
  }
  if (/device_code|client_credentials/.test(form.get('grant_type') ?? '')) {
    return Response.json({ access_token: `of-${elsewhere}`, refresh_token: 'r', token_type: 'bearer', expires_in: 900 })
  }
  const bearer = /^Bearer of-(\w+)$/.exec(sent.headers.get('authorization') ?? '')?.[1]
  if (pathname === '/me' && bearer) return Response.json({ id: bearer })
  return authority.fetch(input, init)
}

const browse = (url: string) =>
  new Promise<void>((resolve) => request(url, { agent: false }, (answer) => answer.resume().on('end', resolve)).end())

beforeEach(async () => {
  rules = unrestricted()
  const policy = new Proxy(rules, { get: (_, name: keyof typeof rules) => rules[name] })
  desk = await openDesk({ authority, connector: connector(), fetch, policy })
  desk.browser = async (url) => {
    const landed = await authority.visit(url, desk.person)
    if (landed.startsWith('http:')) void browse(landed)
    else desk.handshakes.receiveRedirect(passedOn(landed))
  }
})

const as = (user: string) => {
  desk.person = { user }
  elsewhere = user
}
const connect = (how: Pick<ConnectRequest, 'way' | 'redirect'> = ways[0]) =>
  desk.connect({ client: testClient, ...how })
const again = (more = {}) => desk.ended(desk.handshakes.reconnect(only().id, more).attemptId)
const only = () => {
  const [account, ...others] = desk.accounts.list()
  if (!account || others.length > 0) throw new Error(`there are ${desk.accounts.list().length} accounts`)
  return account
}
const lose = () =>
  desk.accounts.needSignIn(only().id, { code: 'needs_sign_in', message: 'x', action: null, detail: null })

const ways = [
  { way: 'auth-window', redirect: 'handover' },
  { way: 'system-browser', redirect: 'handover' },
  { way: 'system-browser', redirect: 'app' },
  { way: 'system-browser', redirect: 'loopback' },
  { way: 'device', redirect: null },
  { way: 'client-credentials', redirect: null },
] as const

describe.each(ways)('by $way and $redirect', (how) => {
  beforeEach(async () => {
    as('ada')
    expect((await connect(how)).error).toBeNull()
  })

  test('another user changes nothing and is told apart from another site', async () => {
    const before = [only(), await desk.vault.readGrant(only().id)]
    as('mallory')
    const view = await again()
    expect(view.error).toMatchObject({
      code: 'handshake_other_user',
      message: expect.stringContaining('Name of mallory'),
    })
    expect([only(), await desk.vault.readGrant(only().id)]).toEqual(before)
  })

  test('another site of the same user changes nothing and is told apart from another user', async () => {
    const before = [only(), await desk.vault.readGrant(only().id)]
    site = 'umbrella'
    const view = await again()
    expect(view.error).toMatchObject({ code: 'handshake_other_site', message: expect.stringContaining('umbrella') })
    expect([only(), await desk.vault.readGrant(only().id)]).toEqual(before)
  })

  test('the same user of another site is another account when it is connected', async () => {
    site = 'umbrella'
    expect((await connect(how)).error).toBeNull()
    expect(desk.accounts.list().map(({ identity }) => identity.siteKey)).toEqual(['acme', 'umbrella'])
  })

  test('signing in twice as the same user makes no second account', async () => {
    const { id } = only()
    expect((await connect(how)).error).toMatchObject({ code: 'handshake_already_connected' })
    expect(only().id).toBe(id)
  })

  test('signing in anew as a user whose account lost its sign-in brings that account back', async () => {
    desk.accounts.setBrand(only().id, 'brand-1')
    lose()
    const { id, partition } = only()
    const view = await connect(how)
    expect(view).toMatchObject({ step: 'done', accountId: id })
    expect(only()).toMatchObject({ id, partition, brandId: 'brand-1', state: 'connected', trouble: null })
  })

  test.each(ways)('%o does not, where the organisation has locked the account', async (how) => {
    as('ada')
    await connect(how)
    lose()
    rules = policyOf({ lockedAccounts: [{ against: ['reconnect'] }] })
    expect((await connect(how)).error).toMatchObject({ code: 'policy_forbids' })
    expect(only()).toMatchObject({ state: 'needs_sign_in' })
  })
})

describe('switching the user', () => {
  beforeEach(async () => {
    as('ada')
    await connect()
    desk.accounts.setBrand(only().id, 'brand-1')
  })

  test('keeps account and brand, asks at the vendor anew, and has the new user', async () => {
    const { id, partition } = only()
    const before = await desk.vault.readGrant(id)
    as('bob')
    expect((await again({ switchUser: true })).error).toBeNull()
    expect(only()).toMatchObject({ id, brandId: 'brand-1', identity: { vendorUserId: 'bob' }, state: 'connected' })
    expect(desk.cleared).toEqual([partition])
    expect(await desk.vault.readGrant(id)).not.toEqual(before)
  })

  test('to another site is refused, and to a user who has an account as well', async () => {
    as('bob')
    await connect()
    const [ada] = desk.accounts.list()
    const toBob = await desk.ended(desk.handshakes.reconnect(ada?.id ?? '', { switchUser: true }).attemptId)
    expect(toBob.error).toMatchObject({ code: 'handshake_already_connected' })
    as('carl')
    site = 'umbrella'
    const away = await desk.ended(desk.handshakes.reconnect(ada?.id ?? '', { switchUser: true }).attemptId)
    expect(away.error).toMatchObject({ code: 'handshake_other_site' })
    expect(desk.accounts.list().map(({ identity }) => identity.vendorUserId)).toEqual(['ada', 'bob'])
  })

  test.each(['remove', 'reconnect'] as const)(
    'is refused where the organisation keeps the account (against: %s)',
    (against) => {
      rules = policyOf({ lockedAccounts: [{ against: [against] }] })
      expect(() => desk.handshakes.reconnect(only().id, { switchUser: true })).toThrow(
        expect.objectContaining({ code: 'policy_forbids' }),
      )
    },
  )

  test('is refused at its end where the organisation has locked the account meanwhile', async () => {
    const { id } = only()
    const before = await desk.vault.readGrant(id)
    as('bob')
    const { attemptId } = desk.handshakes.reconnect(id, { switchUser: true })
    rules = policyOf({ lockedAccounts: [{ against: ['remove'] }] })
    expect((await desk.ended(attemptId)).error).toMatchObject({ code: 'policy_forbids' })
    expect(only().identity.vendorUserId).toBe('ada')
    expect(await desk.vault.readGrant(id)).toEqual(before)
  })

  test('is never what a plain sign-in does', async () => {
    as('bob')
    expect((await again()).error).toMatchObject({ code: 'handshake_other_user' })
    expect(only().identity.vendorUserId).toBe('ada')
  })
})

describe('asking for one more right', () => {
  const asked: string[] = []
  beforeEach(async () => {
    asked.length = 0
    const scopes = [
      { id: 'tickets.read', reason: 'Read tickets', optional: false },
      { id: 'tickets.write', reason: 'Answer tickets', optional: true },
      { id: 'tickets.delete', reason: 'Delete tickets', optional: true },
    ]
    const { optionalScopeParameter: _, ...signIn } = testConnector({ scopes }).signIn
    desk.close()
    const policy = new Proxy(rules, { get: (_, name: keyof typeof rules) => rules[name] })
    desk = await openDesk({ authority, connector: { ...connector(), signIn }, fetch, policy })
    const walk = desk.window
    desk.window = (shown) => {
      asked.push(new URL(shown.authorizeUrl).searchParams.get('scope') ?? '')
      return walk(shown)
    }
    as('ada')
    expect((await connect()).error).toBeNull()
    desk.accounts.noteGrant(only().id, { scopes: ['tickets.read'], accessExpiresAt: null, refreshExpiresAt: null })
  })

  test('asks for what there is and for it alone, and the account then has it', async () => {
    expect((await again({ scopes: ['tickets.write'] })).error).toBeNull()
    expect(asked.at(-1)).toBe('tickets.read tickets.write')
    expect(only().scopes).toEqual(['tickets.read', 'tickets.write'])
  })

  test('that is not given leaves the former grant at work, and says what was not given', async () => {
    const before = await desk.vault.readGrant(only().id)
    const view = await again({ scopes: ['tickets.delete'] })
    expect(view.error).toMatchObject({
      code: 'handshake_scope_missing',
      action: expect.stringContaining('Delete tickets'),
    })
    expect(await desk.vault.readGrant(only().id)).toEqual(before)
    expect(only()).toMatchObject({ state: 'connected', scopes: ['tickets.read'] })
  })

  test('that the organisation forbids is refused by its name, and what it forbids of the former ones is not missed', async () => {
    rules = policyOf({ scopes: [{ vendor: 'testdesk', allowed: ['tickets.read', 'tickets.write'] }] })
    expect(() => desk.handshakes.reconnect(only().id, { scopes: ['tickets.delete'] })).toThrow(
      expect.objectContaining({ code: 'policy_forbids', message: expect.stringContaining('tickets.delete') }),
    )
    const scopes = ['tickets.read', 'tickets.delete']
    desk.accounts.noteGrant(only().id, { scopes, accessExpiresAt: null, refreshExpiresAt: null })
    expect((await again({ scopes: ['tickets.write'] })).error).toBeNull()
    expect(only().scopes).toEqual(['tickets.read', 'tickets.write'])
  })

  test('that the connector does not know is refused before anything is shown', () => {
    expect(() => desk.handshakes.reconnect(only().id, { scopes: ['everything'] })).toThrow(
      expect.objectContaining({ code: 'bad_request' }),
    )
    expect(asked).toHaveLength(1)
  })
})
