import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { gmail } from '../../../main/connectors/gmail/index.ts'
import { mailScope } from '../../../main/connectors/gmail/sign-in.ts'
import { createAccountHttp } from '../../../main/connectors/http.ts'
import { createRateBudget } from '../../../main/connectors/rate-limit.ts'
import { createAccountRevocation } from '../../../main/oauth/revoke.ts'
import type { FetchPort } from '../../../main/ports.ts'
import { PocketBrowser } from '../../sandbox/browser.ts'
import { sandboxFetch } from '../../sandbox/client.ts'
import { registeredRedirectUris } from '../../sandbox/directory.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { SignInFlow } from '../../sandbox/sign-in.ts'
import { type Desk, openDesk } from '../../unit/oauth/support/desk.ts'
import { fakeClock, fakeLog } from '../../unit/oauth/support/fakes.ts'

const tern = 'support@tern-cycles.example'
const juniper = 'care@juniper-home.example'

let sandbox: Sandbox
let network: ReturnType<typeof sandboxFetch>
let desk: Desk

beforeAll(async () => {
  sandbox = await startSandbox({ conversations: 2_000, seed: 1 })
  network = sandboxFetch(sandbox)
})
afterAll(async () => {
  await network.close()
  await sandbox.close()
})
afterEach(() => desk?.close())

const fetchThere: FetchPort = async (input, init) => {
  const request = new Request(input, init)
  const response = await network.fetch(request.url, {
    method: request.method,
    headers: [...request.headers],
    redirect: request.redirect,
    signal: init?.signal ?? request.signal,
    ...(request.body ? { body: await request.text() } : {}),
  })
  return new Response([204, 304].includes(response.status) ? null : await response.arrayBuffer(), {
    status: response.status,
    headers: [...response.headers],
  })
}

/** The authorization requests the person was led to. */
const visited: URL[] = []

/** Signs in on Google's pages. `untick`: boxes that are left empty. */
async function visit(url: string, email: string, how: { deny?: boolean; untick?: string[] }): Promise<string> {
  visited.push(new URL(url))
  const browser = new PocketBrowser(network.fetch, registeredRedirectUris)
  const password = sandbox.directory.users.find((known) => known.email === email)?.password ?? ''
  let landing = await browser.open(url)
  if (landing.kind === 'page') landing = await browser.submit(landing.page, 'login', { email, password })
  const boxes = Object.fromEntries((how.untick ?? []).map((scope) => [`grant:${scope}`, '']))
  if (landing.kind === 'page') landing = await browser.submit(landing.page, how.deny ? 'deny' : 'allow', boxes)
  if (landing.kind !== 'redirected') throw new Error(`the pages ended at ${landing.page.url}: ${landing.page.html}`)
  return landing.url.href
}

const http = (
  clock: ReturnType<typeof fakeClock>,
  request: Omit<Parameters<typeof createAccountHttp>[0], 'fetch' | 'clock' | 'log' | 'budget'>,
) =>
  createAccountHttp({
    ...request,
    fetch: fetchThere,
    clock,
    log: fakeLog(),
    budget: createRateBudget(gmail.rate, clock),
    priority: 'interactive',
  })

/** Who sits at the browser. */
let person = tern

async function open(email: string, how: { deny?: boolean; untick?: string[] } = {}, connector = gmail): Promise<Desk> {
  person = email
  const clock = fakeClock(Date.now())
  desk = await openDesk({
    connector,
    authority: { fetch: fetchThere, visit: (url: string) => visit(url, person, how) },
    httpFor: (request) => http(clock, request),
  })
  return desk
}

const client = (place: number) => {
  const found = sandbox.directory.clients.filter((known) => known.vendor === 'gmail')[place]
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
    await sandbox.control.revoke({ site: tern })
    await expect(tokens.renew(third)).rejects.toMatchObject({ code: 'needs_sign_in' })
    const again = await desk.ended(desk.handshakes.reconnect(id).attemptId)
    expect(again).toMatchObject({ step: 'done', accountId: id })
  })

  test('is given back at Google: the grant of this app is over', async () => {
    await open(juniper)
    await desk.connect(request())
    const account = onlyAccount()
    const { vault, clients, clock, log } = desk
    const revoke = createAccountRevocation({
      ...{ vault, clients, clock, log, fetch: fetchThere, timeoutMs: 5_000 },
      connectorFor: () => gmail,
      httpFor: (call) => http(clock, call),
    })
    expect(await revoke(account)).toBe('revoked')
    const live = (await sandbox.control.tokens({ site: juniper })).filter((token) => token.state === 'live')
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
    const { answer } = await new SignInFlow(network.fetch, sandbox.directory, {
      ...{ site: juniper, email: juniper },
      clientId: client(1).clientId,
    }).run()
    expect(answer.refresh_token_expires_in).toBe(7 * 86_400 - 1)
    await open(juniper)
    await desk.connect(request(1))
    expect(onlyAccount().identity.email).toBe(juniper)
  })

  test('says who denied', async () => {
    await open(tern, { deny: true })
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
