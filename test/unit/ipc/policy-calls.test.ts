import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createRemoval } from '../../../main/accounts/removal.ts'
import { createDownloads } from '../../../main/inbox/downloads.ts'
import { accountHandlers } from '../../../main/ipc/accounts.ts'
import { connectorHandlers } from '../../../main/ipc/connectors.ts'
import { handshakeHandlers } from '../../../main/ipc/handshakes.ts'
import { policyHandlers, policyViewOf, refuseWhileBroken } from '../../../main/ipc/policy.ts'
import type { IpcPort } from '../../../main/ipc/port.ts'
import { answerCalls, type Handlers } from '../../../main/ipc/router.ts'
import { vendorHandlers } from '../../../main/ipc/vendors.ts'
import { redirectUris } from '../../../main/oauth/model.ts'
import { createSecretReplacement } from '../../../main/oauth/replace-secret.ts'
import { createEnforcement } from '../../../main/policy/enforce.ts'
import type { PolicyState } from '../../../main/policy/load.ts'
import type { PolicyInput } from '../../../main/policy/schema.ts'
import { calls } from '../../../preload/contract.ts'
import { asAny, createLog } from '../desktop/fakes.ts'
import { type Authority, startAuthority, testClient } from '../oauth/support/authority.ts'
import { type Desk, openDesk, testConnector } from '../oauth/support/desk.ts'
import { brokenState, stateOf } from '../policy/policies.ts'

const connector = testConnector()
let authority: Authority
let desk: Desk
let state: PolicyState = stateOf()
const policy = createEnforcement(() => state, 'agent')
const reason = 'Because of the contract.'

beforeAll(async () => {
  authority = await startAuthority()
})
afterAll(() => authority.close())
afterEach(() => {
  desk.close()
  state = stateOf()
})

/** The calls as the window makes them, over the services as they are put together. */
async function open() {
  desk = await openDesk({ authority, connector, policy })
  const { accounts, clients } = desk
  const connectorFor = (vendor: string) => (vendor === connector.id ? connector : null)
  const keeper = { state: () => state, look: () => undefined }
  const removal = createRemoval({
    accounts,
    locked: (account) => policy.mayRemove(account, connector),
    forget: () => undefined,
    revoke: async () => 'revoked',
    deleteSecrets: async () => undefined,
    clearPartition: async () => undefined,
    deleteRows: async () => undefined,
    log: createLog(),
  })
  const downloads = createDownloads({
    store: { attachment: async () => null },
    ...asAny<Pick<Parameters<typeof createDownloads>[0], 'connectorFor' | 'contextFor'>>({}),
    folder: () => '/nowhere',
    platform: 'linux',
    policy,
    log: createLog(),
  })
  const services = asAny<ReturnType<Parameters<typeof accountHandlers>[0]>>({
    ...{ accounts, removal, policy, connectorFor },
    replaceSecret: createSecretReplacement({ ...desk, policy, connectorFor, onReplaced: () => undefined }),
    health: { setSecretExpiry: () => undefined },
    sync: { status: () => ({ phase: 'idle', conversations: 0, total: null, waitUntil: null, quarantined: 0 }) },
    vendorBrands: { of: () => [] },
  })
  const handlers = asAny<Handlers>({
    ...Object.fromEntries(Object.keys(calls).map((name) => [name, () => undefined])),
    ...policyHandlers({ keeper, policy, nameOf: (vendor) => vendor }),
    ...vendorHandlers({ connectors: [connector], redirectUris, policy, providedClients: clients.provided }),
    ...handshakeHandlers({
      handshakes: () => desk.handshakes,
      version: '1',
      downloadsFolder: '/nowhere',
      policy,
      onExported: () => undefined,
    }),
    ...accountHandlers(
      () => services,
      () => undefined,
    ),
    ...connectorHandlers({
      connectors: { described: () => [], save: () => 'our-hours', remove: () => undefined },
      policy,
      peek: () => null,
      running: () => asAny({}),
    }),
    'inbox.download': ({ messageId, attachmentId }: { messageId: string; attachmentId: string }) =>
      downloads.download(messageId, attachmentId),
  })
  const listeners = new Map<string, Parameters<IpcPort['handle']>[1]>()
  const port: IpcPort = {
    handle: (channel, listener) => void listeners.set(channel, listener),
    send: () => undefined,
    trusts: () => true,
  }
  answerCalls({ port, handlers, log: createLog(), refuse: refuseWhileBroken(policy) })
  const ask = async (name: keyof typeof calls, args?: unknown) =>
    (await listeners.get(name)?.({ webContentsId: 1, frameUrl: null, isMainFrame: true }, args)) as {
      ok: boolean
      value: unknown
      error: { code: string; message: string }
    }
  return { ask, accounts }
}

const request = {
  vendor: 'testdesk',
  site: { site: 'acme' },
  client: testClient,
  way: 'auth-window',
  redirect: 'handover',
} as const

describe('calls that the policy forbids', () => {
  const connecting: [string, PolicyInput][] = [
    ['a vendor', { vendors: { allowed: ['other'], reason } }],
    ['a site', { sites: [{ vendor: 'testdesk', allowed: ['*.acme.com'], reason }] }],
    ['a way to sign in', { ways: [{ allowed: ['system-browser'], reason }] }],
    ['a scope the connector needs', { scopes: [{ vendor: 'testdesk', allowed: ['tickets.read'], reason }] }],
    ['connecting by others than administrators', { connecting: [{ level: 'account', reason }] }],
  ]
  it.each(connecting)('%s: the account is not connected, and the reason is told', async (_, rules) => {
    const { ask } = await open()
    state = stateOf(rules)
    const { ok, error } = await ask('accounts.connect', request)
    expect(ok).toBe(false)
    expect(error.code).toBe('policy_forbids')
    expect(error.message).toContain(reason)
    expect(desk.handshakes.list()).toEqual([])
  })

  it('another client than the provided one is not taken, and the provided one is used without being told', async () => {
    const { ask, accounts } = await open()
    const provided = { vendor: 'testdesk', site: 'acme.testdesk.example', ...testClient }
    state = stateOf({ clients: [provided] })
    const own = { clientId: 'mine', clientSecret: 'mine' }
    expect(await desk.connect({ client: own })).toMatchObject({ step: 'failed', error: { code: 'policy_forbids' } })
    const done = await desk.connect({ client: null })
    expect(done).toMatchObject({ step: 'done' })
    expect(accounts.list()).toMatchObject([{ clientId: testClient.clientId }])
    expect(await desk.vault.readClient(done.accountId ?? '')).toEqual({ kind: 'absent' })
    for (const name of ['vendors.list', 'policy.state', 'accounts.list', 'accounts.handshakes'] as const) {
      const answer = await ask(name)
      expect(answer.ok).toBe(true)
      expect(JSON.stringify(answer)).not.toContain(testClient.clientSecret)
    }
    expect((await ask('vendors.list')).value).toMatchObject([{ lockedClients: ['acme.testdesk.example'] }])
  })

  it('a user who is not named is signed out again after the sign-in, and nothing is kept', async () => {
    const { accounts } = await open()
    state = stateOf({ connecting: [{ users: ['*@acme.example'], reason }] })
    expect(await desk.connect()).toMatchObject({ step: 'failed', error: { code: 'policy_forbids' } })
    expect(accounts.list()).toEqual([])
  })

  it('a policy that comes while somebody signs in holds for that sign-in', async () => {
    const { accounts } = await open()
    desk.window = async (asked) => {
      state = stateOf({ vendors: { allowed: ['other'] } })
      return { kind: 'redirected', url: await authority.visit(asked.authorizeUrl, desk.person) }
    }
    expect(await desk.connect()).toMatchObject({ step: 'failed', error: { code: 'policy_forbids' } })
    expect(accounts.list()).toEqual([])
  })

  it('the list of vendors says why ways and scopes are not there that the vendor has', async () => {
    const { ask } = await open()
    expect((await ask('vendors.list')).value).toMatchObject([{ withheld: { ways: null, scopes: null } }])
    state = stateOf({
      ways: [{ allowed: ['system-browser'], reason: 'Where your security key works.' }],
      scopes: [{ vendor: 'testdesk', allowed: ['tickets.read', 'tickets.write'], reason: 'Nobody deletes.' }],
    })
    const ways = expect.stringContaining('Where your security key works.')
    const scopes = expect.stringContaining('Nobody deletes.')
    expect((await ask('vendors.list')).value).toMatchObject([{ withheld: { ways, scopes }, ways: ['system-browser'] }])
  })

  it('only allowed scopes are asked for', async () => {
    await open()
    state = stateOf({ scopes: [{ vendor: 'testdesk', allowed: ['tickets.read', 'tickets.write'] }] })
    const asked: string[] = []
    desk.window = async ({ authorizeUrl }) => {
      asked.push(authorizeUrl)
      return { kind: 'cancelled' }
    }
    await desk.connect()
    const parameters = new URL(asked[0] ?? '').searchParams
    expect(parameters.get('scope')).toBe('tickets.read tickets.write')
    expect(parameters.get('optional_scope')).toBeNull()
  })

  it('a locked account is neither removed nor reconnected, and both say why in the list', async () => {
    const { ask, accounts } = await open()
    const { accountId } = await desk.connect()
    state = stateOf({ lockedAccounts: [{ vendor: 'testdesk', site: 'acme.testdesk.example', reason }] })
    for (const name of ['accounts.remove', 'accounts.reconnect'] as const) {
      const { error } = await ask(name, { accountId })
      expect(error.code).toBe('policy_forbids')
      expect(error.message).toContain(reason)
    }
    expect(accounts.list()).toHaveLength(1)
    expect((await ask('accounts.list')).value).toMatchObject([
      { locked: { remove: expect.stringContaining(reason), reconnect: expect.stringContaining(reason) } },
    ])
  })

  it.each([
    ['signing in again', 'accounts.reconnect', {}],
    ['another user', 'accounts.reconnect', { switchUser: true }],
    ['one more right', 'accounts.reconnect', { scopes: ['tickets.delete'] }],
    ['the rights again', 'accounts.reconnect', { askRights: true }],
    ['another client', 'accounts.reconnect', { client: { clientId: 'mine', clientSecret: 'mine' } }],
    ['another client secret', 'accounts.replaceSecret', { clientSecret: 'mine' }],
  ] as const)('where only administrators connect, they alone change the sign-in: %s', async (_, name, more) => {
    const { ask } = await open()
    const { accountId } = await desk.connect()
    state = stateOf({ connecting: [{ level: 'account', administrators: ['it-admin'], reason }] })
    const { error } = await ask(name, { accountId, ...more })
    expect(error).toMatchObject({ code: 'policy_forbids', message: expect.stringContaining(reason) })
    expect(desk.handshakes.list().filter(({ step }) => step !== 'done')).toEqual([])
    expect((await ask('accounts.list')).value).toMatchObject([
      { locked: { reconnect: expect.stringContaining(reason) } },
    ])
  })

  it('rights that the vendor gave beyond what is allowed are shown as not used, and what they open is not offered', async () => {
    const { ask } = await open()
    await desk.connect()
    state = stateOf({ scopes: [{ vendor: 'testdesk', allowed: ['tickets.read'], reason }] })
    const { value } = await ask('accounts.list')
    expect(value).toMatchObject([
      {
        scopes: [
          { id: 'tickets.read' },
          { id: 'tickets.write', granted: true, forbidden: true },
          { id: 'tickets.delete' },
        ],
      },
    ])
  })

  it('an account signs in again by an allowed way where its own is not allowed any more', async () => {
    const { ask } = await open()
    const { accountId } = await desk.connect()
    state = stateOf({ ways: [{ allowed: ['system-browser'] }] })
    const again = await ask('accounts.reconnect', { accountId })
    expect(again.value).toMatchObject({ way: 'system-browser' })
    expect(await desk.ended(String((again.value as { attemptId: string }).attemptId))).toMatchObject({ step: 'done' })
  })

  it('traces are not saved and attachments are not fetched', async () => {
    const { ask } = await open()
    state = stateOf({ export: { allowed: false, reason }, downloads: { allowed: false, reason } })
    for (const [name, args] of [
      ['accounts.saveTrace', { attemptId: 'any' }],
      ['inbox.download', { messageId: 'a:1:m', attachmentId: 'f' }],
    ] as const) {
      const { error } = await ask(name, args)
      expect(error).toMatchObject({ code: 'policy_forbids', message: expect.stringContaining(reason) })
    }
  })

  it('a custom connector that is not in the list is not taken in', async () => {
    const { ask } = await open()
    state = stateOf({ vendors: { allowed: ['testdesk'], reason } })
    const { shippedManifests } = await import('../../../main/connectors/manifest/shipped.ts')
    const { error } = await ask('connectors.save', { text: shippedManifests[0] })
    expect(error).toMatchObject({ code: 'policy_forbids' })
  })

  it('a site that is not allowed is told where it is typed', async () => {
    const { ask } = await open()
    state = stateOf({ sites: [{ vendor: 'testdesk', allowed: ['acme.testdesk.example'], reason }] })
    expect(await ask('vendors.checkSite', { vendor: 'testdesk', site: { site: 'acme' } })).toMatchObject({ ok: true })
    const { error } = await ask('vendors.checkSite', { vendor: 'testdesk', site: { site: 'evil' } })
    expect(error.message).toContain(reason)
  })
})

describe('while the policy is broken', () => {
  it('every call but those of its own screen is refused, before its arguments are looked at', async () => {
    const { ask } = await open()
    state = brokenState()
    const answered: string[] = []
    for (const name of Object.keys(calls) as (keyof typeof calls)[]) {
      const { ok, error } = await ask(name, { anything: true })
      if (ok || error.code !== 'policy_broken') answered.push(name)
    }
    expect(answered.toSorted()).toEqual([
      'app.copy',
      'app.setTheme',
      'app.showLogFile',
      'app.state',
      'lock.state',
      'policy.retry',
      'policy.state',
    ])
  })

  it('a token that is due signs nobody out: nothing is sent, and the refresh works when the policy does', async () => {
    const { accounts } = await open()
    state = stateOf({ clients: [{ vendor: 'testdesk', ...testClient }] })
    const { accountId } = await desk.connect({ client: null })
    const tokens = desk.grants.tokens(accountId ?? '')
    const token = await tokens.current()
    const managed = state
    state = brokenState()
    await expect(tokens.renew(token)).rejects.toMatchObject({ code: 'policy_broken' })
    expect(accounts.list()).toMatchObject([{ state: 'connected', trouble: null }])
    state = managed
    expect(await tokens.renew(token)).not.toBe(token)
  })

  const viewOf = () =>
    policyViewOf({ keeper: { state: () => state, look: () => undefined }, policy, nameOf: (id) => id })

  it('the window is told of the lock that is wanted, and why', () => {
    state = stateOf({ appLock: { afterMinutes: 5, reason: 'Our desks are open to visitors.' } })
    const lock = { afterMinutes: 5, withSystemLock: true, reason: 'Our desks are open to visitors.' }
    expect(calls['policy.state'].result.parse(viewOf()).appLock).toEqual(lock)
  })

  it('the window is told file, line, column, field and reason', () => {
    state = brokenState()
    const view = viewOf()
    expect(calls['policy.state'].result.parse(view)).toEqual(view)
    expect(view).toMatchObject({ managed: true, broken: [{ line: 2, column: 3, path: 'vendor' }] })
  })
})
