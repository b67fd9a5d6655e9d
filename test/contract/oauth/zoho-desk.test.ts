import { describe, expect, test } from 'vitest'
import { zohoDesk } from '../../../main/connectors/zoho-desk/index.ts'
import type { ConnectRequest } from '../../../main/oauth/model.ts'
import { SignInFlow } from '../../sandbox/sign-in.ts'
import type { Desk } from '../../unit/oauth/support/desk.ts'
import { covered } from '../coverage.ts'
import { deskThere } from './desk-there.ts'

const wiebke = 'wiebke.janssen@harbour.example'
const rafael = 'rafael.moya@harbour.example'
const nora = 'nora.whitfield@prairie.example'
const tea = '20081100'
const pottery = '20081103'
const cycles = '70492200'

const there = deskThere({ conversations: 2_000 })
let desk: Desk

interface Visit {
  email: string
  portal: string
  press?: 'allow' | 'deny'
  /** What somebody did to the address on its way back. */
  bend?: (url: URL) => void
}

async function openZoho({ email, portal, press = 'allow', bend }: Visit): Promise<void> {
  desk = await there.open(zohoDesk, async (url) => {
    const landing = new URL(await there.visit(url, { email, site: portal, press }))
    bend?.(landing)
    return landing.href
  })
}

const [everywhere, single] = ['1000.MANYDESKSANDBOX7F3A2C91D0E5', '1000.MANYDESKSINGLEDC02B6619FA4'].map((clientId) => {
  const client = () => there.sandbox.directory.clients.find((known) => known.clientId === clientId)
  return () => ({ clientId, clientSecret: client()?.clientSecret ?? null })
}) as [() => ConnectRequest['client'] & {}, () => ConnectRequest['client'] & {}]

const request = (site: Record<string, string>, client = everywhere()): ConnectRequest => ({
  vendor: 'zoho-desk',
  site,
  client,
  way: 'auth-window',
  redirect: 'handover',
})

async function account() {
  const [found] = desk.accounts.list()
  if (!found) throw new Error('no account')
  return found
}

describe('signing in to Zoho Desk', () => {
  test.each([
    ['eu', 'https://desk.zoho.eu/agent/harbourtea/', rafael, tea],
    ['us', 'us', nora, cycles],
  ])(
    'in the data centre %s, refreshes without a new refresh token, and is given back',
    async (dc, typed, email, portal) => {
      await openZoho({ email, portal })
      const view = await desk.connect(request({ dc: typed, portal: '' }))
      expect(view.error).toBeNull()
      const made = await account()
      expect(made).toMatchObject({ site: { dc }, identity: { siteKey: portal, email } })
      expect(made.siteLabel).toBe(dc === 'eu' ? 'desk.zoho.eu' : 'desk.zoho.com')
      expect(made.accessExpiresAt).toBe(desk.clock.now() + 3_600_000)
      expect(made.scopes).toEqual(expect.arrayContaining(['Desk.tickets.READ', 'Desk.search.READ']))

      const tokens = desk.grants.tokens(made.id)
      const first = await tokens.current()
      const second = await tokens.renew(first)
      expect(second).not.toBe(first)
      expect(await tokens.renew(second)).not.toBe(second)
      const living = (await there.sandbox.control.tokens({ site: portal })).filter((token) => token.kind === 'refresh')
      expect(living).toHaveLength(1)

      const revoke = there.revocation(desk, zohoDesk, () => {
        throw new Error('not needed')
      })
      expect(await revoke(made)).toBe('revoked')
      expect((await there.sandbox.control.tokens({ site: portal })).every((token) => token.state === 'revoked')).toBe(
        true,
      )
      const asked = await there.sandbox.control.requests({ method: 'POST', path: '/oauth/v2/token/revoke' })
      expect(asked.at(-1)?.query).toContain('token=')
      await expect(tokens.renew(await tokens.current())).rejects.toMatchObject({ code: 'needs_sign_in' })
      covered('zoho-desk', 'exercised', ['my_info'])
    },
  )

  test('begins in one data centre and ends in the one where the person lives', async () => {
    await openZoho({ email: rafael, portal: tea })
    await there.sandbox.control.clearRequests()
    const view = await desk.connect(request({ dc: 'us', portal: '' }))
    expect(view.error).toBeNull()
    expect(await account()).toMatchObject({ site: { dc: 'eu' }, siteLabel: 'desk.zoho.eu' })
    const redeemed = await there.sandbox.control.requests({ method: 'POST', path: '/oauth/v2/token' })
    expect(redeemed.map((each) => each.host)).toEqual(['accounts.zoho.eu'])
    const again = await desk.ended(desk.handshakes.reconnect((await account()).id).attemptId)
    expect(again).toMatchObject({ step: 'done' })
  })

  test.each([
    ['a stranger', (url: URL) => url.searchParams.set('accounts-server', 'https://accounts.zoho.eu.evil.example')],
    ['plain http', (url: URL) => url.searchParams.set('accounts-server', 'http://accounts.zoho.eu')],
    ['two servers', (url: URL) => url.searchParams.append('accounts-server', 'https://accounts.zoho.com')],
    ['two answers that differ', (url: URL) => url.searchParams.set('location', 'in')],
    ['an unknown place', (url: URL) => url.searchParams.set('location', 'mars')],
  ])('sends the secret nowhere when the answer names %s', async (_what, bend) => {
    await openZoho({ email: rafael, portal: tea, bend })
    await there.sandbox.control.clearRequests()
    const view = await desk.connect(request({ dc: 'eu', portal: '' }))
    expect(view.error).toMatchObject({ code: 'site_invalid' })
    expect(await there.sandbox.control.requests({ method: 'POST', path: '/oauth/v2/token' })).toEqual([])
  })

  test('takes the portal that was chosen on the page, also when it is not the first of the login', async () => {
    await openZoho({ email: wiebke, portal: pottery })
    const view = await desk.connect(request({ dc: 'eu', portal: '' }))
    expect(view.error).toBeNull()
    expect((await account()).identity).toMatchObject({ siteKey: pottery, name: 'Wiebke Janssen' })
  })

  test.each([
    ['Harbour Pottery', pottery],
    ['https://desk.zoho.eu/agent/harbourtea/shop', tea],
  ])('takes the portal %s by its name', async (portal, id) => {
    await openZoho({ email: wiebke, portal: id })
    const view = await desk.connect(request({ dc: 'eu', portal }))
    expect(view.error).toBeNull()
    expect((await account()).identity.siteKey).toBe(id)
  })

  test('says so when another portal was chosen than was asked for, and keeps nothing', async () => {
    await openZoho({ email: wiebke, portal: tea })
    const view = await desk.connect(request({ dc: 'eu', portal: 'harbourpottery' }))
    expect(view.error).toMatchObject({ code: 'site_invalid', message: expect.stringContaining('another portal') })
    expect(desk.accounts.list()).toEqual([])
  })

  test('names the portals there are when the one asked for is none of them', async () => {
    await openZoho({ email: wiebke, portal: tea })
    const view = await desk.connect(request({ dc: 'eu', portal: 'harborcoffee' }))
    expect(view.error).toMatchObject({ code: 'site_invalid', action: 'It has: harbourtea, harbourpottery.' })
  })

  test('says who denied', async () => {
    await openZoho({ email: nora, portal: cycles, press: 'deny' })
    expect((await desk.connect(request({ dc: 'us', portal: '' }))).error).toMatchObject({ code: 'handshake_denied' })
  })

  test('with a wrong secret says that it is the client, though Zoho answers with 200', async () => {
    await openZoho({ email: nora, portal: cycles })
    const client = { ...everywhere(), clientSecret: 'wrong' }
    const view = await desk.connect(request({ dc: 'us', portal: '' }, client))
    expect(view.error).toMatchObject({ code: 'client_rejected' })
    expect(desk.accounts.list()).toEqual([])
  })

  test('keeps the good token when a refresh is answered with an error and 200', async () => {
    await openZoho({ email: nora, portal: cycles })
    await desk.connect(request({ dc: 'us', portal: '' }))
    const tokens = desk.grants.tokens((await account()).id)
    const good = await tokens.current()
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ error: 'general_error' })
    await there.sandbox.control.fail({
      kind: 'status',
      status: 200,
      body,
      headers,
      times: 1,
      target: { path: '/oauth/v2/token' },
    })
    await expect(tokens.renew(good)).rejects.toMatchObject({ code: 'vendor_failed' })
    expect((await account()).state).toBe('connected')
    expect(await tokens.renew(good)).not.toBe(good)
  })

  test('too many refreshes are a pause and not the end of the sign-in', async () => {
    await openZoho({ email: nora, portal: cycles })
    await desk.connect(request({ dc: 'us', portal: '' }))
    const tokens = desk.grants.tokens((await account()).id)
    let held = await tokens.current()
    for (let each = 0; each < 10; each += 1) held = await tokens.renew(held)
    await expect(tokens.renew(held)).rejects.toMatchObject({ code: 'vendor_failed' })
    expect((await account()).state).toBe('connected')
  })

  test('signs nobody in for an hour only: without a refresh token it says what to do', async () => {
    await openZoho({
      email: nora,
      portal: cycles,
    })
    const offline = zohoDesk.signIn.kind === 'oauth' ? zohoDesk.signIn.authorizeParams : {}
    const kept = { ...offline }
    try {
      Object.assign(offline, { access_type: 'online' })
      const view = await desk.connect(request({ dc: 'us', portal: '' }))
      expect(view.error).toMatchObject({ code: 'vendor_bad_answer', action: expect.stringContaining('Connected apps') })
    } finally {
      Object.assign(offline, kept)
    }
  })

  test('a client without multi DC is refused in another data centre', async () => {
    await openZoho({ email: rafael, portal: tea })
    await expect(
      there.visit(
        new SignInFlow(there.network, there.sandbox.directory, {
          site: cycles,
          email: nora,
          clientId: single()?.clientId ?? '',
        }).authorizeUrl,
        { email: rafael, site: tea },
      ),
    ).rejects.toThrow('This app cannot be connected')
  })

  test('the 21st sign-in of one person and client ends the first, and nobody is told', async () => {
    const flow = () =>
      new SignInFlow(there.network, there.sandbox.directory, { site: cycles, email: 'theo.marsh@prairie.example' })
    const first = await flow().run()
    for (let each = 0; each < 20; each += 1) await flow().run()
    expect((await flow().refresh(first.refreshToken)).answer).toEqual({ error: 'invalid_code' })
  })

  test('a token of one data centre is unknown in the other', async () => {
    const { accessToken } = await new SignInFlow(there.network, there.sandbox.directory, {
      site: tea,
      email: rafael,
    }).run()
    const headers = { authorization: `Zoho-oauthtoken ${accessToken}`, orgId: tea }
    const [abroad, home] = ['desk.zoho.com', 'desk.zoho.eu'].map((host) =>
      there.network(`https://${host}/api/v1/myinfo`, { headers }),
    )
    expect([(await abroad)?.status, (await home)?.status]).toEqual([401, 200])
  })
})
