import { describe, expect, test } from 'vitest'
import { outlook } from '../../../main/connectors/outlook/index.ts'
import { tenantId } from '../../sandbox/vendors/outlook/sites.ts'
import type { Desk } from '../../unit/oauth/support/desk.ts'
import { deskThere } from './desk-there.ts'

const shared = 'care@tidewater.example'
const ella = 'ella.marsh@tidewater.example'
const oona = 'oona.laine@polarbikes.example'
const desktop = '5b7c1d2e-93a4-4f60-8b1c-2d7e6f5a4b39'
const web = 'c41f0a9d-6e58-4d27-a7b3-0f9c8e1d5a62'

const there = deskThere({ conversations: 500 })
let desk: Desk

const seen: string[] = []

async function openFor(email: string, press: 'allow' | 'deny' = 'allow'): Promise<Desk> {
  desk = await there.open(outlook, (url) => {
    seen.push(url)
    return there.visit(url, { email, press })
  })
  return desk
}

const connect = (site: Record<string, string>, client = there.client(desktop)) =>
  desk.connect({ vendor: 'outlook', site, client })

describe('signing in to Microsoft 365', () => {
  test.each([
    [
      'a desktop app without a secret, for a shared mailbox',
      desktop,
      ella,
      { mailbox: 'Care <CARE@tidewater.example>', tenant: '' },
      shared,
    ],
    [
      'a web app with a secret, in its own organisation',
      web,
      ella,
      { mailbox: shared, tenant: 'https://login.microsoftonline.com/Tidewater.example/' },
      shared,
    ],
    [
      'one organisation by its id, for the own mailbox',
      desktop,
      oona,
      { mailbox: '', tenant: tenantId('polarbikes.example') },
      oona,
    ],
  ] as const)(
    'works with %s, refreshes, and needs a person once the sign-in is withdrawn',
    async (_what, clientId, email, site, label) => {
      await openFor(email)
      const view = await connect(site, there.client(clientId))
      expect(view.error).toBeNull()
      const [account] = desk.accounts.list()
      if (!account) throw new Error('no account')
      expect(account.identity).toMatchObject({ email })
      expect(outlook.signIn.nameSite?.(account.identity)).toBe(label)
      expect(account.accessExpiresAt).toBe(desk.clock.now() + 3_600_000)
      const required = outlook.signIn.kind === 'oauth' ? outlook.signIn.scopes.filter((scope) => !scope.optional) : []
      expect(account.scopes).toEqual(expect.arrayContaining(required.map((scope) => scope.id)))
      expect(account.scopes).toContain('Mail.Send.Shared')

      const tokens = desk.grants.tokens(account.id)
      const first = await tokens.current()
      const second = await tokens.renew(first)
      expect(second).not.toBe(first)
      await there.sandbox.control.revoke({ user: email })
      await expect(tokens.renew(second)).rejects.toMatchObject({ code: 'needs_sign_in' })
      const again = await desk.ended(desk.handshakes.reconnect(account.id).attemptId)
      expect(again).toMatchObject({ step: 'done', accountId: account.id })
    },
  )

  test('asks for the account every time, for a code, and for what it needs', async () => {
    await openFor(ella)
    await connect({ mailbox: shared, tenant: '' })
    const url = new URL(seen.at(-1) ?? '')
    expect(url.pathname).toBe('/organizations/oauth2/v2.0/authorize')
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      prompt: 'select_account',
      response_mode: 'query',
      response_type: 'code',
      code_challenge_method: 'S256',
    })
    expect(url.searchParams.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining(['offline_access', 'Mail.ReadWrite', 'Mail.Send']),
    )
    const [request] = (await there.sandbox.control.requests({ path: '/organizations/oauth2/v2.0/token' })).slice(-1)
    const form = new URLSearchParams(request?.body)
    expect(form.get('scope')).toBe(url.searchParams.get('scope'))
    expect(form.has('client_secret')).toBe(false)
  })

  test('stays signed in when the answer to a refresh gets lost, because the older refresh token lives on', async () => {
    await openFor(ella)
    await connect({ mailbox: shared, tenant: '' })
    const [account] = desk.accounts.list()
    if (!account) throw new Error('no account')
    const tokens = desk.grants.tokens(account.id)
    const first = await tokens.current()
    await there.sandbox.control.fail({ kind: 'reset-after', target: { path: '/organizations/oauth2/v2.0/token' } })
    await tokens.renew(first).catch(() => undefined)
    await expect(tokens.renew(first)).resolves.not.toBe(first)
  })

  test('says who denied', async () => {
    await openFor(ella, 'deny')
    expect((await connect({ mailbox: shared, tenant: '' })).error).toMatchObject({ code: 'handshake_denied' })
  })

  test.each([
    ['a wrong secret', { clientId: web, clientSecret: 'wrong' }, 'Use its value'],
    ['no secret where one is needed', { clientId: web, clientSecret: null }, 'needs a client secret'],
    ['a secret where none is wanted', { clientId: desktop, clientSecret: 'extra' }, 'leave the secret empty'],
  ])('with %s says what to change at the registration', async (_what, client, words) => {
    await openFor(ella)
    const { error } = await connect({ mailbox: shared, tenant: '' }, client)
    expect(error).toMatchObject({ code: 'client_rejected', detail: expect.stringContaining(words) })
  })

  test('in the wrong organisation says so', async () => {
    await openFor(ella)
    const { error } = await connect({ mailbox: shared, tenant: 'polarbikes.example' })
    expect(error).toMatchObject({ code: 'client_rejected', detail: expect.stringContaining('AADSTS50020') })
  })

  test('at a mailbox the person may not open names the mailbox, and connects nothing', async () => {
    await openFor(oona)
    const { error } = await connect({ mailbox: shared, tenant: '' })
    expect(error).toMatchObject({ code: 'vendor_not_found', message: 'There is no mailbox at this address.' })
    expect(desk.accounts.list()).toEqual([])
  })

  test('keeps the own mailbox and a shared one of the same person apart', async () => {
    await openFor(ella)
    expect((await connect({ mailbox: shared, tenant: '' })).error).toBeNull()
    expect((await connect({ mailbox: shared, tenant: '' })).error).toMatchObject({
      code: 'handshake_already_connected',
    })
    // Ella has no mailbox of her own here: what is refused is the mailbox, not the second account.
    expect((await connect({ mailbox: '', tenant: '' })).error).toMatchObject({ code: 'vendor_not_found' })
  })

  test('cannot take a sign-in back, and says so', async () => {
    await openFor(ella)
    await connect({ mailbox: shared, tenant: '' })
    const [account] = desk.accounts.list()
    if (!account) throw new Error('no account')
    const revoke = there.revocation(desk, outlook)
    expect(await revoke(account)).toBe('not_offered')
  })
})
