import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import { freshservice } from '../../../main/connectors/freshservice/index.ts'
import { createAccountHttp } from '../../../main/connectors/http.ts'
import { hubspot } from '../../../main/connectors/hubspot/index.ts'
import { createRateBudget } from '../../../main/connectors/rate-limit.ts'
import { zendesk } from '../../../main/connectors/zendesk/index.ts'
import { createAccountRevocation } from '../../../main/oauth/revoke.ts'
import { oauthOf } from '../../../main/oauth/token-endpoint.ts'
import type { FetchPort } from '../../../main/ports.ts'
import { PocketBrowser } from '../../sandbox/browser.ts'
import { sandboxFetch } from '../../sandbox/client.ts'
import { registeredRedirectUris } from '../../sandbox/directory.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import type { Person } from '../../unit/oauth/support/authority.ts'
import { type Desk, openDesk } from '../../unit/oauth/support/desk.ts'
import { fakeClock, fakeLog } from '../../unit/oauth/support/fakes.ts'

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
  const empty = [204, 304].includes(response.status)
  return new Response(empty ? null : await response.arrayBuffer(), {
    status: response.status,
    headers: [...response.headers],
  })
}

/** Signs in on the vendor's real pages and answers where the browser is sent. */
async function visit(
  authorizeUrl: string,
  email: string,
  site: string,
  press: 'allow' | 'deny' = 'allow',
): Promise<string> {
  const browser = new PocketBrowser(network.fetch, registeredRedirectUris)
  const user = sandbox.directory.users.find((known) => known.email === email && known.sites.includes(site))
  let landing = await browser.open(authorizeUrl)
  for (const [step, fields] of [
    ['login', { email, password: user?.password ?? '' }],
    ['choose', { site }],
    [press, {}],
  ] as const) {
    if (landing.kind === 'redirected') break
    if (landing.page.html.includes(`/${step}"`)) landing = await browser.submit(landing.page, step, fields)
  }
  if (landing.kind !== 'redirected') throw new Error(`the pages ended at ${landing.page.url}: ${landing.page.html}`)
  return landing.url.href
}

const open = async (connector: Connector, email: string, site: string, press: 'allow' | 'deny' = 'allow') => {
  const clock = fakeClock(Date.now())
  desk = await openDesk({
    connector,
    authority: { fetch: fetchThere, visit: (url: string, _person: Person) => visit(url, email, site, press) },
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

const vendors = [
  {
    connector: zendesk,
    site: { subdomain: 'https://ACME.zendesk.com/agent' },
    at: 'acme.zendesk.com',
    clientId: 'manydesk_acme',
    email: 'mia.berg@acme.example',
    lifeS: 28_800,
    revoked: 'revoked',
  },
  {
    connector: zendesk,
    site: { subdomain: 'acme' },
    at: 'acme.zendesk.com',
    clientId: 'manydesk_acme_public',
    email: 'jonas.keller@acme.example',
    lifeS: 28_800,
    revoked: 'revoked',
  },
  {
    connector: freshservice,
    site: { subdomain: 'acme-it', organisation: 'acme' },
    at: 'acme-it.freshservice.com',
    clientId: 'fw_ext_1700000000000000042',
    email: 'tom.reuter@acme.example',
    lifeS: 1_800,
    revoked: 'not_offered',
  },
  {
    connector: hubspot,
    site: {},
    at: '62515001',
    clientId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
    email: 'ines.fournier@lumen.example',
    lifeS: 1_800,
    revoked: 'revoked',
  },
] as const

describe.each(vendors)(
  '$connector.name with client $clientId',
  ({ connector, site, at, clientId, email, lifeS, revoked }) => {
    test.each(['auth-window', 'system-browser'] as const)(
      'signs in by %s, refreshes, and is given back',
      async (way) => {
        await open(connector, email, at)
        const request = { vendor: connector.id, site, client: clientOf(clientId), way, redirect: 'handover' as const }
        const view = await desk.connect(request)
        expect(view.error).toBeNull()
        const [account] = desk.accounts.list()
        if (!account) throw new Error('no account')
        expect(account.identity.email).toBe(email)
        expect(account.accessExpiresAt).toBe(desk.clock.now() + lifeS * 1000)
        const required = oauthOf(connector)
          .scopes.filter((scope) => !scope.optional)
          .map((scope) => scope.id)
        expect(account.scopes).toEqual(expect.arrayContaining(required))

        const tokens = desk.grants.tokens(account.id)
        const first = await tokens.current()
        const second = await tokens.renew(first)
        expect(second).not.toBe(first)
        sandbox.control.revoke({ site: at })
        await expect(tokens.renew(second)).rejects.toMatchObject({ code: 'needs_sign_in' })
        const again = await desk.ended(desk.handshakes.reconnect(account.id).attemptId)
        expect(again).toMatchObject({ step: 'done', accountId: account.id })

        const { vault, clients, clock, log } = desk
        const revoke = createAccountRevocation({
          vault,
          clients,
          clock,
          log,
          fetch: fetchThere,
          timeoutMs: 5_000,
          connectorFor: () => connector,
          httpFor: (call) =>
            createAccountHttp({
              ...call,
              fetch: fetchThere,
              clock,
              log,
              budget: createRateBudget(connector.rate, clock),
              priority: 'interactive',
            }),
        })
        expect(await revoke(account)).toBe(revoked)
        if (revoked === 'revoked') {
          await expect(
            desk.grants.tokens(account.id).renew(await desk.grants.tokens(account.id).current()),
          ).rejects.toMatchObject({
            code: 'needs_sign_in',
          })
        }
      },
    )

    test('says who denied', async () => {
      await open(connector, email, at, 'deny')
      const view = await desk.connect({ vendor: connector.id, site, client: clientOf(clientId) })
      expect(view.error).toMatchObject({ code: 'handshake_denied' })
    })

    test('with a wrong secret or unknown client says that it is the client', async () => {
      await open(connector, email, at)
      const { clientSecret } = clientOf(clientId)
      const client = { clientId, clientSecret: clientSecret === null ? 'not-a-public-client' : 'wrong' }
      const view = await desk.connect({ vendor: connector.id, site, client })
      expect(view.error).toMatchObject({ code: 'client_rejected' })
    })
  },
)
