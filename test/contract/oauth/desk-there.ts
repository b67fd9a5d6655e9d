import { afterAll, afterEach, beforeAll } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import { createAccountHttp } from '../../../main/connectors/http.ts'
import { createRateBudget } from '../../../main/connectors/rate-limit.ts'
import { createAccountRevocation, type HttpFor } from '../../../main/oauth/revoke.ts'
import type { Clock, FetchPort } from '../../../main/ports.ts'
import { PocketBrowser } from '../../sandbox/browser.ts'
import { type SandboxFetch, sandboxFetch } from '../../sandbox/client.ts'
import { registeredRedirectUris } from '../../sandbox/directory.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/sandbox.ts'
import { type Desk, openDesk } from '../../unit/oauth/support/desk.ts'
import { type FakeLog, fakeClock, fakeLog } from '../../unit/oauth/support/fakes.ts'

/** Who signs in, and what they answer. */
export interface Visitor {
  email: string
  /** The site they choose where the vendor asks; it also tells two people of one address apart. */
  site?: string
  press?: 'allow' | 'deny'
  /** Boxes of the consent page that are left empty. */
  untick?: string[]
}

export interface There {
  readonly sandbox: Sandbox
  /** Undici's fetch, which sends no browser's headers of its own. */
  readonly network: SandboxFetch
  /** The same with the types and the Request of the platform, as product code has it. */
  readonly fetch: FetchPort
  /** Signs in on the vendor's real pages and answers where the browser is sent. */
  visit(authorizeUrl: string, visitor: Visitor): Promise<string>
  /** The real handshakes, vault and HTTP client in process; closed after the test. */
  open(connector: Connector, visit: (authorizeUrl: string) => Promise<string>, now?: number): Promise<Desk>
  /** What the HTTP client of the open desk has logged. */
  readonly log: FakeLog
  /** `http` in place of the client that a vendor's own way of revoking would use. */
  revocation(desk: Desk, connector: Connector, http?: HttpFor): ReturnType<typeof createAccountRevocation>
  /** An OAuth client as a person types it. */
  client(clientId: string): { clientId: string; clientSecret: string | null }
}

/** For tests of signing in: one sandbox for the file, a desk for each test. Call it once, at the top of the file. */
export function deskThere(options: SandboxOptions): There {
  let sandbox: Sandbox
  let network: ReturnType<typeof sandboxFetch>
  let desk: Desk | undefined
  let log = fakeLog()
  beforeAll(async () => {
    sandbox = await startSandbox({ seed: 1, ...options })
    network = sandboxFetch(sandbox)
  })
  afterAll(async () => {
    await network.close()
    await sandbox.close()
  })
  afterEach(async () => {
    await sandbox.control.clearFaults()
    await desk?.close()
    desk = undefined
  })

  const fetch: FetchPort = async (input, init) => {
    const request = new Request(input, init)
    const response = await network.fetch(request.url, {
      method: request.method,
      headers: [...request.headers],
      redirect: request.redirect,
      signal: init?.signal ?? request.signal,
      ...(request.body ? { body: await request.text() } : {}),
    })
    const { status, headers } = response
    const body = [204, 304].includes(status) ? null : await response.arrayBuffer()
    return new Response(body, { status, headers: [...headers] })
  }
  const httpFor =
    (connector: Connector, clock: Clock): HttpFor =>
    (call) => {
      const budget = createRateBudget(connector.rate, clock)
      return createAccountHttp({ ...call, fetch, clock, log, budget, priority: 'interactive' })
    }
  return {
    get sandbox() {
      return sandbox
    },
    get network() {
      return network.fetch
    },
    fetch,
    visit: (authorizeUrl, visitor) => visitPages(sandbox, network.fetch, authorizeUrl, visitor),
    async open(connector, visit, now = Date.now()) {
      log = fakeLog()
      desk = await openDesk({ connector, authority: { fetch, visit }, httpFor: httpFor(connector, fakeClock(now)) })
      return desk
    },
    get log() {
      return log
    },
    revocation({ vault, clients, clock, log: deskLog }, connector, http = httpFor(connector, clock)) {
      const ports = { vault, clients, clock, log: deskLog, fetch, timeoutMs: 5_000, httpFor: http }
      return createAccountRevocation({ ...ports, connectorFor: () => connector })
    },
    client(clientId) {
      const client = sandbox.directory.clients.find((known) => known.clientId === clientId)
      if (!client) throw new Error(`no client ${clientId}`)
      return { clientId, clientSecret: client.clientSecret }
    },
  }
}

/** The login comes a second time where another data centre takes over. */
async function visitPages(
  { directory }: Sandbox,
  fetch: SandboxFetch,
  authorizeUrl: string,
  { email, site, press = 'allow', untick = [] }: Visitor,
): Promise<string> {
  const browser = new PocketBrowser(fetch, registeredRedirectUris)
  const namesakes = directory.users.filter((known) => known.email === email)
  const user = namesakes.find((known) => site === undefined || known.sites.includes(site)) ?? namesakes[0]
  const login = ['login', { email, password: user?.password ?? '' }] as const
  const boxes = Object.fromEntries(untick.map((scope) => [`grant:${scope}`, '']))
  let landing = await browser.open(authorizeUrl)
  for (const [step, fields] of [
    login,
    login,
    ['choose', site === undefined ? {} : { site }],
    [press, boxes],
  ] as const) {
    if (landing.kind === 'redirected') break
    if (landing.page.html.includes(`/${step}"`)) landing = await browser.submit(landing.page, step, { ...fields })
  }
  if (landing.kind !== 'redirected') throw new Error(`the pages ended at ${landing.page.url}: ${landing.page.html}`)
  return landing.url.href
}
