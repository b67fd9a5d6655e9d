import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createAccountHttp } from '../../../main/connectors/http.ts'
import { outlook } from '../../../main/connectors/outlook/index.ts'
import { createRateBudget } from '../../../main/connectors/rate-limit.ts'
import { createAccountRevocation } from '../../../main/oauth/revoke.ts'
import type { FetchPort } from '../../../main/ports.ts'
import { PocketBrowser } from '../../sandbox/browser.ts'
import { sandboxFetch } from '../../sandbox/client.ts'
import { registeredRedirectUris } from '../../sandbox/directory.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { tenantId } from '../../sandbox/vendors/outlook/sites.ts'
import type { Person } from '../../unit/oauth/support/authority.ts'
import { type Desk, openDesk } from '../../unit/oauth/support/desk.ts'
import { fakeClock, fakeLog } from '../../unit/oauth/support/fakes.ts'

const shared = 'care@tidewater.example'
const ella = 'ella.marsh@tidewater.example'
const oona = 'oona.laine@polarbikes.example'
const desktop = '5b7c1d2e-93a4-4f60-8b1c-2d7e6f5a4b39'
const web = 'c41f0a9d-6e58-4d27-a7b3-0f9c8e1d5a62'

let sandbox: Sandbox
let network: ReturnType<typeof sandboxFetch>
let desk: Desk

beforeAll(async () => {
  sandbox = await startSandbox({ conversations: 500, seed: 1 })
  network = sandboxFetch(sandbox)
})
afterAll(async () => {
  await network.close()
  await sandbox.close()
})
afterEach(() => desk.close())

/** Undici's fetch with the types and the Request of the platform. */
const fetchThere: FetchPort = async (input, init) => {
  const request = new Request(input, init)
  const response = await network.fetch(request.url, {
    method: request.method,
    headers: [...request.headers],
    redirect: request.redirect,
    signal: init?.signal ?? request.signal,
    ...(request.body ? { body: await request.text() } : {}),
  })
  const { status, headers } = response
  return new Response([204, 304].includes(status) ? null : await response.arrayBuffer(), {
    status,
    headers: [...headers],
  })
}

/** Signs in on the real pages and answers where the browser is sent. */
async function visit(authorizeUrl: string, email: string, press: 'allow' | 'deny'): Promise<string> {
  const browser = new PocketBrowser(network.fetch, registeredRedirectUris)
  const user = sandbox.directory.users.find((known) => known.email === email && known.vendor === 'outlook')
  let landing = await browser.open(authorizeUrl)
  for (const [step, fields] of [
    ['login', { email, password: user?.password ?? '' }],
    [press, {}],
  ] as const) {
    if (landing.kind === 'redirected') break
    if (landing.page.html.includes(`/${step}"`)) landing = await browser.submit(landing.page, step, fields)
  }
  if (landing.kind !== 'redirected') throw new Error(`the pages ended at ${landing.page.url}: ${landing.page.html}`)
  return landing.url.href
}

const seen: string[] = []

async function openFor(email: string, press: 'allow' | 'deny' = 'allow'): Promise<Desk> {
  const clock = fakeClock(Date.now())
  desk = await openDesk({
    connector: outlook,
    authority: {
      fetch: fetchThere,
      visit: (url: string, _person: Person) => {
        seen.push(url)
        return visit(url, email, press)
      },
    },
    httpFor: (request) =>
      createAccountHttp({
        ...request,
        fetch: fetchThere,
        clock,
        log: fakeLog(),
        budget: createRateBudget(outlook.rate, clock),
        priority: 'interactive',
      }),
  })
  return desk
}

const clientOf = (clientId: string) => {
  const client = sandbox.directory.clients.find((known) => known.clientId === clientId)
  if (!client) throw new Error(`no client ${clientId}`)
  return { clientId, clientSecret: client.clientSecret }
}
const connect = (site: Record<string, string>, client = clientOf(desktop)) =>
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
      const view = await connect(site, clientOf(clientId))
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
      await sandbox.control.revoke({ user: email })
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
    const [request] = (await sandbox.control.requests({ path: '/organizations/oauth2/v2.0/token' })).slice(-1)
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
    await sandbox.control.fail({ kind: 'reset-after', target: { path: '/organizations/oauth2/v2.0/token' } })
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
    const { vault, clients, clock, log } = desk
    const budget = () => createRateBudget(outlook.rate, clock)
    const revoke = createAccountRevocation({
      ...{ vault, clients, clock, log, fetch: fetchThere, timeoutMs: 5_000 },
      connectorFor: () => outlook,
      httpFor: (call) =>
        createAccountHttp({ ...call, fetch: fetchThere, clock, log, budget: budget(), priority: 'interactive' }),
    })
    expect(await revoke(account)).toBe('not_offered')
  })
})
