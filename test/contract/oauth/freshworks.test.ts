import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import { freshchat } from '../../../main/connectors/freshchat/index.ts'
import { freshsales } from '../../../main/connectors/freshsales/index.ts'
import { createAccountHttp } from '../../../main/connectors/http.ts'
import { createRateBudget } from '../../../main/connectors/rate-limit.ts'
import type { FetchPort } from '../../../main/ports.ts'
import { PocketBrowser } from '../../sandbox/browser.ts'
import { sandboxFetch } from '../../sandbox/client.ts'
import { registeredRedirectUris } from '../../sandbox/directory.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { type Desk, openDesk } from '../../unit/oauth/support/desk.ts'
import { fakeClock, fakeLog } from '../../unit/oauth/support/fakes.ts'

let sandbox: Sandbox
let network: ReturnType<typeof sandboxFetch>
let desk: Desk

beforeAll(async () => {
  sandbox = await startSandbox({ conversations: 400, seed: 1 })
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
  const body = [204, 304].includes(response.status) ? null : await response.arrayBuffer()
  return new Response(body, { status: response.status, headers: [...response.headers] })
}

/** Signs in on the pages of the organisation, and picks one of its accounts. */
async function visit(authorizeUrl: string, email: string, picked: string, press: 'allow' | 'deny'): Promise<string> {
  const browser = new PocketBrowser(network.fetch, registeredRedirectUris)
  const user = sandbox.directory.users.find((known) => known.email === email)
  let landing = await browser.open(authorizeUrl)
  for (const [step, fields] of [
    ['login', { email, password: user?.password ?? '' }],
    ['choose', { site: picked }],
    [press, {}],
  ] as const) {
    if (landing.kind === 'redirected') break
    if (landing.page.html.includes(`/${step}"`)) landing = await browser.submit(landing.page, step, fields)
  }
  if (landing.kind !== 'redirected') throw new Error(`the pages ended at ${landing.page.url}: ${landing.page.html}`)
  return landing.url.href
}

async function open(connector: Connector, email: string, picked: string, press: 'allow' | 'deny' = 'allow') {
  const clock = fakeClock(Date.now())
  desk = await openDesk({
    connector,
    authority: { fetch: fetchThere, visit: (url: string) => visit(url, email, picked, press) },
    httpFor: (request) =>
      createAccountHttp({
        ...request,
        fetch: fetchThere,
        clock,
        log: fakeLog(),
        budget: createRateBudget(connector.rate, clock),
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

const products = [
  {
    connector: freshchat as Connector,
    site: { subdomain: 'https://Acme-Chat.freshchat.com/', organisation: 'acme.myfreshworks.com' },
    at: 'acme-chat.freshchat.com',
    clientId: 'fw_ext_1700000000000000051',
    email: 'zoe.marsh@acme.example',
  },
  {
    connector: freshsales as Connector,
    site: {
      subdomain: 'https://acme-crm.myfreshworks.com/crm/sales/deals/view/1',
      organisation: 'acme',
      dealsView: '',
      contactsView: ' Waiting  for us ',
    },
    at: 'acme-crm.myfreshworks.com',
    clientId: 'fw_ext_1700000000000000061',
    email: 'tom.reuter@acme.example',
  },
]

describe.each(products)('$connector.name', ({ connector, site, at, clientId, email }) => {
  test.each(['auth-window', 'system-browser'] as const)(
    'signs in by %s at the organisation and refreshes',
    async (way) => {
      await open(connector, email, at)
      const request = { vendor: connector.id, site, client: clientOf(clientId), way, redirect: 'handover' as const }
      const view = await desk.connect(request)
      expect(view.error).toBeNull()
      expect(view.siteLabel).toBe(at)
      const [account] = desk.accounts.list()
      if (!account) throw new Error('no account')
      expect(account.identity).toMatchObject({ email, siteKey: at })
      expect(account.accessExpiresAt).toBe(desk.clock.now() + 1_800_000)
      const scopes = connector.signIn.kind === 'oauth' ? connector.signIn.scopes : []
      expect(account.scopes).toEqual(expect.arrayContaining(scopes.map((scope) => scope.id)))
      const tokens = desk.grants.tokens(account.id)
      const first = await tokens.current()
      const second = await tokens.renew(first)
      expect(second).not.toBe(first)
      await sandbox.control.revoke({ site: at })
      await expect(tokens.renew(second)).rejects.toMatchObject({ code: 'needs_sign_in' })
      const again = await desk.ended(desk.handshakes.reconnect(account.id).attemptId)
      expect(again).toMatchObject({ step: 'done', accountId: account.id })
    },
  )

  test('says who denied', async () => {
    await open(connector, email, at, 'deny')
    const view = await desk.connect({ vendor: connector.id, site, client: clientOf(clientId) })
    expect(view.error).toMatchObject({ code: 'handshake_denied' })
  })

  test('with a wrong secret says that it is the client', async () => {
    await open(connector, email, at)
    const view = await desk.connect({ vendor: connector.id, site, client: { clientId, clientSecret: 'wrong' } })
    expect(view.error).toMatchObject({ code: 'client_rejected' })
  })

  test('tells which account to pick when another one of the organisation was picked', async () => {
    await open(connector, 'tom.reuter@acme.example', 'acme-it.freshservice.com')
    const view = await desk.connect({ vendor: connector.id, site, client: clientOf(clientId) })
    expect(view.error).toMatchObject({ code: 'site_invalid', action: expect.stringContaining(at) })
    expect(desk.accounts.list()).toEqual([])
  })
})

test('a person who works in several products connects each with a grant of its own', async () => {
  const { clientId } = products[0] as (typeof products)[number]
  await open(freshchat, 'tom.reuter@acme.example', 'acme-chat.freshchat.com')
  const view = await desk.connect({
    vendor: 'freshchat',
    site: { subdomain: 'acme-chat', organisation: 'acme' },
    client: clientOf(clientId),
  })
  expect(view.error).toBeNull()
  const tokens = await sandbox.control.tokens({ user: 'tom.reuter@acme.example', site: 'acme-chat.freshchat.com' })
  expect(tokens.filter((token) => token.kind === 'refresh').length).toBeGreaterThan(0)
  expect(tokens.every((token) => token.scopes.every((scope) => scope.startsWith('freshchat.')))).toBe(true)
})

test('a view that does not exist is said at once, with the names of those that do', async () => {
  await open(freshsales, 'tom.reuter@acme.example', 'acme-crm.myfreshworks.com')
  const site = { subdomain: 'acme-crm', organisation: 'acme', dealsView: 'Won Deals', contactsView: '' }
  const view = await desk.connect({ vendor: 'freshsales', site, client: clientOf('fw_ext_1700000000000000061') })
  expect(view.error).toMatchObject({ code: 'site_invalid', action: expect.stringContaining('"All Deals"') })
})
