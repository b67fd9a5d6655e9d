import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAccountRevocation } from '../../../main/oauth/revoke.ts'
import { createSignOut } from '../../../main/oauth/sign-out.ts'
import { giveUpRefusal } from '../../../main/policy/connector-rules.ts'
import type { FetchPort } from '../../../main/ports.ts'
import { policyOf, unrestricted } from '../policy/policies.ts'
import { type Authority, startAuthority, testClient } from './support/authority.ts'
import { bearer, type Desk, openDesk, testConnector } from './support/desk.ts'

let authority: Authority
let desk: Desk
let unreachable: string[]

beforeAll(async () => {
  authority = await startAuthority()
})
afterAll(() => authority.close())
beforeEach(async () => {
  authority.reset()
  unreachable = []
  desk = await openDesk({ authority })
  for (const user of ['ada', 'bob', 'carl']) {
    desk.person = { user }
    await desk.connect()
  }
})
afterEach(() => desk.close())

/** Some accounts cannot tell their vendor. */
const fetch: FetchPort = async (input, init) => {
  const sent = new Request(input, init)
  const body = await sent.clone().text()
  if (unreachable.some((secret) => body.includes(encodeURIComponent(secret)))) throw new TypeError('net::ERR_FAILED')
  return authority.fetch(input, init)
}

const signOut = (policy = unrestricted()) => {
  const { accounts, clients, vault, grants, clock, log } = desk
  const ports = { clients, vault, fetch, clock, log, timeoutMs: 1_000, connectorFor: () => testConnector() }
  return createSignOut({
    ...{ accounts, grants, vault, log },
    locked: (account) => giveUpRefusal(policy, account, testConnector()),
    revoke: createAccountRevocation({ ...ports, httpFor: ({ tokens }) => bearer(fetch, tokens) }),
    clearPartition: async (partition) => void desk.cleared.push(partition),
  })()
}

test('signing out everywhere gives back every grant, forgets it, and keeps accounts and their clients', async () => {
  const before = desk.accounts.list()
  desk.accounts.pause(before[1]?.id ?? '')
  const results = await signOut()
  expect(results).toEqual(before.map(({ id }) => ({ accountId: id, revoked: 'revoked', deleted: true })))
  expect(await Promise.all(authority.issued.map(authority.accepts))).toEqual([false, false, false])
  for (const { id } of before) {
    expect(await desk.vault.readGrant(id)).toEqual({ kind: 'absent' })
    expect(await desk.vault.readClient(id)).toEqual({ kind: 'found', value: testClient })
    await expect(desk.grants.tokens(id).current()).rejects.toMatchObject({
      code: id === before[1]?.id ? 'account_paused' : 'needs_sign_in',
    })
  }
  expect(desk.accounts.list().map(({ state, identity }) => [state, identity.name])).toEqual([
    ['needs_sign_in', 'Name of ada'],
    ['paused', 'Name of bob'],
    ['needs_sign_in', 'Name of carl'],
  ])
  desk.accounts.resume(before[1]?.id ?? '')
  expect(desk.accounts.find(before[1]?.id ?? '')?.state).toBe('needs_sign_in')
  expect(desk.cleared.sort()).toEqual(before.map(({ partition }) => partition).sort())
})

test('a vendor that cannot be reached is told, and holds up no other account', async () => {
  const [ada] = desk.accounts.list()
  const grant = await desk.vault.readGrant(ada?.id ?? '')
  if (grant.kind === 'found') unreachable = [grant.value.refreshToken ?? '', grant.value.accessToken]
  expect((await signOut()).map(({ revoked, deleted }) => [revoked, deleted])).toEqual([
    ['not_reached', true],
    ['revoked', true],
    ['revoked', true],
  ])
  expect(await desk.vault.readGrant(ada?.id ?? '')).toEqual({ kind: 'absent' })
})

test('after signing out, signing in again brings the account back with the client it had', async () => {
  const [ada] = desk.accounts.list()
  await signOut()
  desk.person = { user: 'ada' }
  const view = await desk.ended(desk.handshakes.reconnect(ada?.id ?? '').attemptId)
  expect(view.error).toBeNull()
  expect(desk.accounts.find(ada?.id ?? '')).toMatchObject({ state: 'connected', trouble: null })
})

test.each(['remove', 'reconnect'] as const)(
  'an account that the organisation keeps (against: %s) stays signed in, and is told',
  async (against) => {
    const [ada, bob] = desk.accounts.list()
    const user = ada?.identity.vendorUserId ?? ''
    const policy = policyOf({ lockedAccounts: [{ site: ada?.siteLabel ?? '', user, against: [against] }] })
    expect((await signOut(policy)).map(({ revoked, deleted }) => [revoked, deleted])).toEqual([
      ['locked', false],
      ['revoked', true],
      ['revoked', true],
    ])
    expect(desk.accounts.find(ada?.id ?? '')?.state).toBe('connected')
    expect(await desk.grants.tokens(ada?.id ?? '').current()).toBe(authority.issued[0])
    expect(desk.accounts.find(bob?.id ?? '')?.state).toBe('needs_sign_in')
  },
)
