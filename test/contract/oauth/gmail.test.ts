import { describe, expect, test } from 'vitest'
import { gmail } from '../../../main/connectors/gmail/index.ts'
import { mailScope } from '../../../main/connectors/gmail/sign-in.ts'
import { SignInFlow } from '../../sandbox/sign-in.ts'
import type { Desk } from '../../unit/oauth/support/desk.ts'
import { deskThere, type Visitor } from './desk-there.ts'

const tern = 'support@tern-cycles.example'
const juniper = 'care@juniper-home.example'

const there = deskThere({ conversations: 2_000 })
let desk: Desk

/** The authorization requests the person was led to. */
const visited: URL[] = []

/** Who sits at the browser. */
let person = tern

async function open(email: string, how: Omit<Visitor, 'email'> = {}, connector = gmail): Promise<Desk> {
  person = email
  desk = await there.open(connector, (url) => {
    visited.push(new URL(url))
    return there.visit(url, { email: person, ...how })
  })
  return desk
}

const client = (place: number) => {
  const found = there.sandbox.directory.clients.filter((known) => known.vendor === 'gmail')[place]
  if (!found) throw new Error('no such client')
  return { clientId: found.clientId, clientSecret: found.clientSecret }
}
const request = (place = 0) => ({
  ...{ vendor: 'gmail', site: {}, client: client(place) },
  ...{ way: 'system-browser' as const, redirect: 'handover' as const },
})

function onlyAccount() {
  const [account] = desk.accounts.list()
  if (!account) throw new Error('no account')
  return account
}

describe('signing in at Google', () => {
  test('opens the system browser, asks for consent and offline access, and knows the mailbox', async () => {
    await open(tern)
    const view = await desk.connect(request())
    expect(view.error).toBeNull()
    expect(view.step).toBe('done')
    const query = visited.at(-1)?.searchParams
    expect(Object.fromEntries(query ?? [])).toMatchObject({
      ...{ access_type: 'offline', prompt: 'select_account consent', code_challenge_method: 'S256' },
      redirect_uri: 'https://connect.manydesk.app/oauth/callback',
      scope: `${mailScope} openid email`,
    })
    const account = onlyAccount()
    expect(account.identity).toMatchObject({ email: tern, name: 'Tern Cycles', siteKey: 'mail.google.com' })
    expect(account.identity.vendorUserId).toMatch(/^\d{21}$/)
    expect(gmail.signIn.nameSite?.(account.identity)).toBe(tern)
  })

  test('reads scope names in the short form although Google answers the long one', async () => {
    await open(tern)
    await desk.connect(request())
    expect([...onlyAccount().scopes].sort()).toEqual([mailScope, 'email', 'openid'].sort())
  })

  test('an embedded window is not a way', () => {
    expect(gmail.signIn).toMatchObject({ ways: ['system-browser'], redirects: ['handover', 'loopback'] })
  })

  test('refreshes without a new refresh token, and needs a person once access was taken away', async () => {
    await open(tern)
    await desk.connect(request())
    const { id } = onlyAccount()
    const tokens = desk.grants.tokens(id)
    const first = await tokens.current()
    const second = await tokens.renew(first)
    const third = await tokens.renew(second)
    expect(new Set([first, second, third]).size).toBe(3)
    await there.sandbox.control.revoke({ site: tern })
    await expect(tokens.renew(third)).rejects.toMatchObject({ code: 'needs_sign_in' })
    const again = await desk.ended(desk.handshakes.reconnect(id).attemptId)
    expect(again).toMatchObject({ step: 'done', accountId: id })
  })

  test('is given back at Google: the grant of this app is over', async () => {
    await open(juniper)
    await desk.connect(request())
    const account = onlyAccount()
    const revoke = there.revocation(desk, gmail)
    expect(await revoke(account)).toBe('revoked')
    const live = (await there.sandbox.control.tokens({ site: juniper })).filter((token) => token.state === 'live')
    expect(live).toEqual([])
  })

  test('with the box for the mail left unticked, says so and keeps nothing', async () => {
    await open(tern, { untick: [mailScope] })
    const view = await desk.connect(request())
    expect(view.error).toMatchObject({ code: 'handshake_denied', action: expect.stringMatching(/tick every box/) })
    expect(desk.accounts.list()).toEqual([])
  })

  test('a second consent without prompt=consent brings no refresh token: what to do is said', async () => {
    const asked = { ...gmail, signIn: { ...gmail.signIn, authorizeParams: { access_type: 'offline' } } } as typeof gmail
    await open(tern, {}, asked)
    const view = await desk.connect(request())
    expect(view.error).toMatchObject({
      code: 'vendor_bad_answer',
      action: expect.stringMatching(/myaccount\.google\.com\/connections/),
    })
  })

  test('an app in testing is told that its refresh token lives for seven days', async () => {
    const { answer } = await new SignInFlow(there.network, there.sandbox.directory, {
      ...{ site: juniper, email: juniper },
      clientId: client(1).clientId,
    }).run()
    expect(answer.refresh_token_expires_in).toBe(7 * 86_400 - 1)
    await open(juniper)
    await desk.connect(request(1))
    expect(onlyAccount().identity.email).toBe(juniper)
  })

  test('says who denied', async () => {
    await open(tern, { press: 'deny' })
    expect((await desk.connect(request())).error).toMatchObject({ code: 'handshake_denied' })
  })

  test('with a wrong secret says that it is the client', async () => {
    await open(tern)
    const view = await desk.connect({ ...request(), client: { ...client(0), clientSecret: 'wrong' } })
    expect(view.error).toMatchObject({ code: 'client_rejected' })
  })

  test('the mailbox of another company cannot take the place of the one that was connected', async () => {
    await open(tern)
    await desk.connect(request())
    const { id } = onlyAccount()
    person = juniper
    const again = await desk.ended(desk.handshakes.reconnect(id).attemptId)
    expect(again.error).toMatchObject({ code: 'handshake_other_user' })
    expect(desk.accounts.list().map((account) => account.identity.email)).toEqual([tern])
  })
})
