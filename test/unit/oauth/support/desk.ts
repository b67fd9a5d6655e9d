import { join } from 'node:path'
import ky from 'ky'
import { type Accounts, createAccounts } from '../../../../main/accounts/accounts.ts'
import type { Connector, OAuthSignIn, TokenSource } from '../../../../main/connectors/connector.ts'
import { createLoopback } from '../../../../main/desktop/loopback.ts'
import { AppError } from '../../../../main/errors.ts'
import { type Clients, createClients } from '../../../../main/oauth/clients.ts'
import { createHandshakes, type Handshakes } from '../../../../main/oauth/handshake.ts'
import type { ConnectRequest, HandshakeView, Vault } from '../../../../main/oauth/model.ts'
import { createGrants, type Grants } from '../../../../main/oauth/refresh.ts'
import type { HttpFor, RevocationPorts } from '../../../../main/oauth/revoke.ts'
import { openVault } from '../../../../main/oauth/vault.ts'
import type { Enforcement } from '../../../../main/policy/enforce.ts'
import type { AuthWindowOutcome, AuthWindowRequest, FetchPort, LoopbackPort } from '../../../../main/ports.ts'
import { unrestricted } from '../../policy/policies.ts'
import { type Authority, api, idp, type Person, testClient } from './authority.ts'
import {
  type FakeClock,
  type FakeKeyring,
  type FakeLog,
  fakeClock,
  fakeKeyring,
  fakeLog,
  type TempFolder,
  tempFolder,
} from './fakes.ts'

const unused = (what: string) => () => {
  throw new AppError('not_supported', `${what} is not part of this test`)
}

/** A made-up vendor whose authorization server is the test authority. */
export function testConnector(
  signIn: Partial<OAuthSignIn> = {},
  more: Partial<Omit<Connector, 'signIn'>> = {},
): Omit<Connector, 'signIn'> & { signIn: OAuthSignIn } {
  return {
    id: 'testdesk',
    name: 'Testdesk',
    description: 'A helpdesk for tests',
    operations: [],
    signIn: {
      fields: [
        {
          key: 'site',
          label: 'Site',
          placeholder: 'acme',
          help: '',
          normalise(text) {
            const plain = text.trim().toLowerCase()
            if (!/^[a-z]+$/.test(plain)) throw new AppError('site_invalid', 'A site is letters only.')
            return plain
          },
        },
      ],
      scopes: [
        { id: 'tickets.read', reason: 'Read tickets', optional: false },
        { id: 'tickets.write', reason: 'Answer tickets', optional: false },
        { id: 'tickets.delete', reason: 'Delete tickets', optional: true },
      ],
      endpoints: () => ({ issuer: idp, authorize: `${idp}/authorize`, token: `${idp}/token`, revoke: `${idp}/revoke` }),
      siteLabel: (site) => `${site.site}.testdesk.example`,
      clientAuth: 'basic',
      secretRequired: true,
      tokenBody: 'form',
      pkce: 'S256',
      ways: ['auth-window', 'system-browser'],
      redirects: ['handover', 'app'],
      authorizeParams: {},
      optionalScopeParameter: 'optional_scope',
      tokenParams: {},
      defaultLifetimeS: 1800,
      refreshLifetimeDays: 365,
      registration: { url: 'https://testdesk.example/admin', steps: [] },
      ...signIn,
      kind: 'oauth',
    },
    capabilities: { commands: [], attachments: false },
    rate: { defaultLimit: 100, windowMs: 60_000, concurrency: 2, read: () => null },
    hosts: () => ({ api, allowed: ['api.testdesk.example'] }),
    async identify({ http, site }) {
      const { id } = await http.get<{ id: string }>(`${api}/me`).json()
      return {
        vendorUserId: id,
        siteKey: `${site.site}`,
        name: `Name of ${id}`,
        email: `${id}@example.com`,
        role: null,
      }
    },
    pull: unused('pull'),
    thread: unused('thread'),
    directory: unused('directory'),
    execute: unused('execute'),
    probe: unused('probe'),
    download: unused('download'),
    readError: (status) => new AppError('vendor_failed', `HTTP ${status}`),
    ...more,
  }
}

/** Everything main/oauth needs, assembled as the composition root does, around a test authority and a scripted person. */
export interface Desk {
  folder: TempFolder
  clock: FakeClock
  log: FakeLog
  keyring: FakeKeyring
  vault: Vault
  accounts: Accounts
  clients: Clients
  grants: Grants
  handshakes: Handshakes
  /** Who sits at the sign-in page of the next windows and browser pages, by attempt or for all. */
  person: Person
  /** Replaces what a sign-in window does. */
  window: (request: AuthWindowRequest) => Promise<AuthWindowOutcome>
  /** Replaces what the system browser does with an address. */
  browser: (url: string) => Promise<void>
  linksArrive: boolean
  /** Replaces waiting between questions. */
  pause(ms: number, signal: AbortSignal): Promise<void>
  cleared: string[]
  closedWindows: string[]
  focused: string[]
  request: ConnectRequest
  /** Starts a connect and waits for its end. */
  connect(change?: Partial<ConnectRequest>): Promise<HandshakeView>
  ended(attemptId: string): Promise<HandshakeView>
  reached(attemptId: string, step: HandshakeView['step']): Promise<HandshakeView>
  close(): void
}

interface DeskOptions {
  authority: Pick<Authority, 'fetch' | 'visit'>
  connector?: Connector
  fetch?: FetchPort
  timeoutMs?: number
  httpFor?: HttpFor
  /** What the organisation allows; left out: everything. */
  policy?: Enforcement
  loopback?: LoopbackPort
  onRevocation?: RevocationPorts['onRevocation']
  folder?: TempFolder
  keyring?: FakeKeyring
}

export async function openDesk(options: DeskOptions): Promise<Desk> {
  const { authority, connector = testConnector(), fetch = authority.fetch, timeoutMs = 5_000 } = options
  const folder = options.folder ?? tempFolder()
  const keyring = options.keyring ?? fakeKeyring()
  const clock = fakeClock()
  const log = fakeLog()
  const opening = await openVault({
    keyring,
    documents: folder.documents('vault'),
    ciphertextExists: () => false,
    appVersion: '0.1.0',
    log,
  })
  if (opening.kind !== 'open') throw opening.error
  const { vault } = opening
  const accounts = createAccounts({ documents: folder.documents('settings') })
  const policy = options.policy ?? unrestricted()
  const clients = createClients({ vault, accounts, files: [join(folder.path, 'oauth-clients.json')], policy })
  const connectorFor = (vendor: string) => (vendor === connector.id ? connector : null)
  const telling = options.onRevocation === undefined ? {} : { onRevocation: options.onRevocation }
  const shared = { policy, vault, accounts, clients, connectorFor, fetch, clock, log, timeoutMs, ...telling }
  const grants = createGrants({ ...shared, random: () => 0.5 })
  const httpFor = options.httpFor ?? (({ tokens }) => bearer(fetch, tokens))
  const handshakes = createHandshakes({
    ...shared,
    grants,
    httpFor,
    authWindows: {
      open: (request) => desk.window(request),
      focus: (attemptId) => void desk.focused.push(attemptId),
      close: (attemptId) => void desk.closedWindows.push(attemptId),
    },
    browser: { openExternal: (url) => desk.browser(url), linksArrive: () => desk.linksArrive },
    loopback: options.loopback ?? createLoopback(log),
    pause: (ms, signal) => desk.pause(ms, signal),
    partitions: { clear: async (partition) => void desk.cleared.push(partition) },
  })
  const reached = (attemptId: string, steps: HandshakeView['step'][]): Promise<HandshakeView> =>
    new Promise((resolve) => {
      const check = (view: HandshakeView | undefined) => {
        if (view?.attemptId !== attemptId || ![...steps, 'done', 'failed'].includes(view.step)) return
        stop()
        resolve(view)
      }
      const stop = handshakes.onChange(check)
      check(handshakes.list().find((view) => view.attemptId === attemptId))
    })
  const desk: Desk = {
    folder,
    clock,
    log,
    keyring,
    vault,
    accounts,
    clients,
    grants,
    handshakes,
    person: { user: 'ada' },
    window: async (request) => ({ kind: 'redirected', url: await authority.visit(request.authorizeUrl, desk.person) }),
    browser: async (url) => {
      const landed = await authority.visit(url, desk.person)
      handshakes.receiveRedirect(passedOn(landed))
    },
    linksArrive: true,
    pause: async () => undefined,
    cleared: [],
    closedWindows: [],
    focused: [],
    request: {
      vendor: 'testdesk',
      site: { site: 'acme' },
      client: testClient,
      way: 'auth-window',
      redirect: 'handover',
    },
    connect: (change) => desk.ended(handshakes.connect({ ...desk.request, ...change }).attemptId),
    ended: (attemptId) => reached(attemptId, []),
    reached: (attemptId, step) => reached(attemptId, [step]),
    close() {
      grants.close()
      if (!options.folder) folder.remove()
    },
  }
  return desk
}

/** What the hand-over page does with its address. */
export function passedOn(url: string): string {
  return url.replace('https://connect.manydesk.app/oauth/callback', 'app.manydesk://oauth/callback')
}

export function bearer(fetch: FetchPort, tokens: TokenSource) {
  return ky.create({
    retry: 0,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      request.headers.set('authorization', `Bearer ${await tokens.current()}`)
      return fetch(request)
    },
  })
}
