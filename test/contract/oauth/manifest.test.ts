import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import { createAccountHttp } from '../../../main/connectors/http.ts'
import { createManifestConnector } from '../../../main/connectors/manifest/connector.ts'
import { parseManifest } from '../../../main/connectors/manifest/parse.ts'
import { shippedManifests } from '../../../main/connectors/manifest/shipped.ts'
import { createRateBudget } from '../../../main/connectors/rate-limit.ts'
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

function shipped(id: string): Connector {
  const found = shippedManifests.map((text) => parseManifest(text).manifest).find((manifest) => manifest?.id === id)
  if (!found) throw new Error(`no manifest ${id}`)
  return createManifestConnector(found)
}

const vendors = [
  {
    id: 'autotimer',
    site: { workspace: 'https://ACME.autotimer.example/today' },
    at: 'acme.autotimer.example',
    clientId: 'atc_acme_manydesk',
    emails: ['rosa.lind@acme.example', 'emil.sand@acme.example', 'greta.holt@acme.example'],
    lifeS: 3600,
    revoked: 'revoked',
  },
  {
    id: 'larkdesk',
    site: { region: 'eu' },
    at: 'larkdesk-eu',
    clientId: 'lark-eu-manydesk',
    emails: ['ilse.kram@lark.example', 'bruno.falk@lark.example'],
    lifeS: 1800,
    revoked: 'not_offered',
  },
  {
    id: 'kiteline',
    site: { shop: 'Acme' },
    at: 'kiteline-acme',
    clientId: 'kl-public-manydesk',
    emails: ['nora.quist@acme.example', 'felix.arndt@acme.example'],
    lifeS: 1800,
    revoked: 'revoked',
  },
] as const

describe.each(vendors)('$id by its manifest', ({ id, site, at, clientId, emails, lifeS, revoked }) => {
  const connector = shipped(id)

  test.each(['auth-window', 'system-browser'] as const)('signs in by %s, refreshes, and is given back', async (way) => {
    await open(connector, emails[0], at)
    const view = await desk.connect({ vendor: id, site, client: clientOf(clientId), way, redirect: 'handover' })
    expect(view.error).toBeNull()
    const [account] = desk.accounts.list()
    if (!account) throw new Error('no account')
    expect(account.identity.email).toBe(emails[0])
    expect(account.accessExpiresAt).toBe(desk.clock.now() + lifeS * 1000)
    expect(account.scopes).toEqual(expect.arrayContaining(oauthOf(connector).scopes.map((scope) => scope.id)))

    const tokens = desk.grants.tokens(account.id)
    const first = await tokens.current()
    const second = await tokens.renew(first)
    expect(second).not.toBe(first)
    sandbox.control.revoke({ site: at })
    await expect(tokens.renew(second)).rejects.toMatchObject({ code: 'needs_sign_in' })
    expect(await desk.ended(desk.handshakes.reconnect(account.id).attemptId)).toMatchObject({
      step: 'done',
      accountId: account.id,
    })

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
    if (revoked !== 'revoked') return
    const given = desk.grants.tokens(account.id)
    await expect(given.renew(await given.current())).rejects.toMatchObject({ code: 'needs_sign_in' })
  })

  test('says who denied', async () => {
    await open(connector, emails[0], at, 'deny')
    const view = await desk.connect({ vendor: id, site, client: clientOf(clientId) })
    expect(view.error).toMatchObject({ code: 'handshake_denied' })
  })

  test('says that it is the client when it is', async () => {
    await open(connector, emails[0], at)
    const client =
      clientOf(clientId).clientSecret === null
        ? { clientId: 'kl-somebody', clientSecret: null }
        : { clientId, clientSecret: 'wrong' }
    const view = await desk.connect({ vendor: id, site, client })
    expect(view.step).not.toBe('done')
    expect(desk.accounts.list()).toEqual([])
  })
})

test('several employees of one AutoTimer workspace are accounts side by side', async () => {
  const connector = shipped('autotimer')
  const people = [...vendors[0].emails]
  const clock = fakeClock(Date.now())
  desk = await openDesk({
    connector,
    authority: {
      fetch: fetchThere,
      visit: (url: string, _person: Person) => visit(url, people[desk.accounts.list().length] ?? '', vendors[0].at),
    },
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
  for (const _person of people) {
    const view = await desk.connect({
      vendor: 'autotimer',
      site: { workspace: 'acme' },
      client: clientOf('atc_acme_manydesk'),
    })
    expect(view.error).toBeNull()
  }
  expect(desk.accounts.list().map((account) => account.identity.email)).toEqual(people)
  const tokens = await Promise.all(desk.accounts.list().map((account) => desk.grants.tokens(account.id).current()))
  expect(new Set(tokens).size).toBe(3)
})
