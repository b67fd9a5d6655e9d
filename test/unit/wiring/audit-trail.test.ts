import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openAuditLog } from '../../../main/audit/log.ts'
import { memoryDocument, memoryFiles } from '../../../main/audit/memory.ts'
import type { Audit, AuditEntry } from '../../../main/audit/model.ts'
import { summaryOf } from '../../../main/audit/words.ts'
import type { PolicyMark } from '../../../main/policy/keeper.ts'
import { type AuditTrail, createAuditTrail } from '../../../main/workstation/audit-trail.ts'
import { keyOf } from '../audit/support.ts'
import { type Authority, startAuthority, testClient } from '../oauth/support/authority.ts'
import { type Desk, openDesk, testConnector } from '../oauth/support/desk.ts'
import { fakeLog } from '../oauth/support/fakes.ts'

const unmanaged: PolicyMark = { kind: 'open', digest: '' }

let authority: Authority
let desk: Desk
let audit: Audit
let trail: AuditTrail
let told: number

beforeAll(async () => {
  authority = await startAuthority()
})
afterAll(() => authority.close())
beforeEach(async () => {
  authority.reset()
  desk = await openDesk({ authority, onRevocation: (of, stage) => trail.onRevocation(of, stage) })
  const disk = { files: memoryFiles(), head: memoryDocument() }
  audit = openAuditLog({ ...disk, key: keyOf(7), kept: true, maxBytes: 1e6, now: desk.clock.now, log: fakeLog() })
  told = 0
  trail = follow(unmanaged)
})
afterEach(() => desk.close())

/** Scopes that the organisation does not allow. */
let forbidden: string[] = []
const connectorListeners = new Set<(id: string) => void>()
function follow(policy: PolicyMark): AuditTrail {
  const made = createAuditTrail({
    audit,
    accounts: desk.accounts,
    connectors: {
      find: (id) => (id === 'testdesk' ? testConnector() : null),
      onChange(listener) {
        connectorListeners.add(listener)
        return () => connectorListeners.delete(listener)
      },
    },
    policy: { forbiddenScopes: (_vendor, granted) => granted.filter((scope) => forbidden.includes(scope)) },
    policyMark: () => policy,
    events: {
      auditChanged: () => {
        told += 1
      },
    },
  })
  made.follow(desk)
  return made
}

const entries = (): AuditEntry[] =>
  audit
    .list({ limit: 500 })
    .entries.map(({ entry }) => entry)
    .reverse()
const sentences = () => entries().slice(1).map(summaryOf)
const kinds = () => entries().map(({ kind }) => kind)
const only = () => {
  const [account] = desk.accounts.list()
  if (!account) throw new Error('There is no account')
  return account
}

describe('the audit trail', () => {
  it('tells a sign-in from its beginning to the account', async () => {
    await desk.connect()
    const { siteLabel, identity } = only()
    expect(sentences()).toEqual([
      `A sign-in to ${siteLabel} began by sign-in window`,
      `The account of ${identity.name} at ${siteLabel} was connected`,
      `${identity.name} signed in to ${siteLabel} by sign-in window`,
    ])
    expect(told).toBeGreaterThan(0)
  })

  it('tells that another user answered, as what it is, and gives the names', async () => {
    await desk.connect()
    const { id, identity, siteLabel } = only()
    desk.person = { user: 'mallory' }
    await desk.ended(desk.handshakes.reconnect(id).attemptId)
    const last = entries().at(-1)
    expect(last).toMatchObject({
      kind: 'handshake_other_user',
      account: { id },
      facts: { expected: identity.name, answered: 'Name of mallory' },
    })
    expect(last && summaryOf(last)).toBe(
      `Sign-in to ${siteLabel} ended: another user answered (Name of mallory instead of ${identity.name}). Nothing was changed`,
    )
    expect(kinds()).not.toContain('account_reconnected')
    expect(sentences().slice(-3, -1), 'what was given back is not the access of the account').toEqual([
      `${siteLabel} was asked to end the access of Name of mallory`,
      `${siteLabel} confirmed that the access of Name of mallory has ended`,
    ])
  })

  it('tells that another site answered', async () => {
    await desk.connect()
    const account = only()
    desk.accounts.signedIn(account.id, { ...account, identity: { ...account.identity, siteKey: 'elsewhere' } })
    const view = await desk.ended(desk.handshakes.reconnect(account.id).attemptId)
    expect(view.error).toMatchObject({ code: 'handshake_other_site' })
    expect(entries().at(-1)).toMatchObject({
      kind: 'handshake_other_site',
      facts: { expected: 'elsewhere', answered: account.identity.siteKey },
    })
  })

  it('tells that a token was used twice as what it is, and that the person must act', async () => {
    await desk.connect()
    const tokens = desk.grants.tokens(only().id)
    const before = kinds().length
    authority.nextTokenAnswers.push((response) => {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end('{"error":"invalid_grant","error_description":"refresh token reuse detected"}')
    })
    await tokens.renew(await tokens.current()).catch(() => undefined)
    const since = entries().slice(before)
    expect(since.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ['token_reuse', null],
      ['needs_sign_in', 'token_reused'],
    ])
    expect(since.map(summaryOf)[1]).toContain('a token was used a second time')
  })

  it('tells a switch of the user as a reconnect, in the name of the one who has the account now', async () => {
    await desk.connect()
    const { id, siteLabel } = only()
    desk.clock.pass(1000)
    desk.person = { user: 'mallory' }
    const before = kinds().length
    await desk.ended(desk.handshakes.reconnect(id, { switchUser: true }).attemptId)
    expect(entries().slice(before).map(summaryOf).slice(1)).toEqual([
      `The account of Name of mallory at ${siteLabel} was reconnected`,
      `Name of mallory signed in to ${siteLabel} by sign-in window`,
    ])
  })

  it('tells a reconnect, pause, resume and removal of the account', async () => {
    await desk.connect()
    const { id } = only()
    const before = kinds().length
    desk.clock.pass(1000)
    await desk.ended(desk.handshakes.reconnect(id).attemptId)
    desk.accounts.pause(id)
    desk.accounts.resume(id)
    desk.accounts.needSignIn(id, { code: 'needs_sign_in', message: 'x', action: null, detail: null })
    desk.accounts.needSignIn(id, { code: 'needs_sign_in', message: 'y', action: null, detail: null })
    desk.accounts.beginRemoval(id)
    expect(kinds().slice(before)).toEqual([
      'handshake_started',
      'account_reconnected',
      'handshake_ended',
      'account_paused',
      'account_resumed',
      'needs_sign_in',
      'account_removed',
    ])
  })

  it('tells trouble with renewing once per outage, and once more when it is final', async () => {
    await desk.connect()
    const tokens = desk.grants.tokens(only().id)
    const before = kinds().length
    const fail = async (times: number, status: number, body: string) => {
      for (let n = 0; n < times; n += 1) {
        authority.nextTokenAnswers.push((response) => {
          response.writeHead(status, { 'content-type': 'application/json' })
          response.end(body)
        })
        await tokens.renew(await tokens.current()).catch(() => undefined)
      }
    }
    await fail(3, 503, '{}')
    await tokens.renew(await tokens.current())
    await fail(1, 503, '{}')
    await fail(1, 400, '{"error":"invalid_grant"}')
    const since = entries().slice(before)
    expect(since.map(({ kind, outcome, facts }) => [kind, outcome, facts.final])).toEqual([
      ['refresh_failed', 'vendor_failed', false],
      ['refresh_failed', 'vendor_failed', false],
      ['refresh_failed', 'token_rejected', true],
      ['needs_sign_in', 'needs_sign_in', undefined],
    ])
  })

  it('tells a revocation of an account that is off the list already by its name', async () => {
    await desk.connect()
    const { id, identity, siteLabel, vendor } = only()
    desk.accounts.beginRemoval(id)
    trail.onRevocation({ accountId: id, vendor, site: siteLabel }, 'asked')
    trail.onRevocation({ accountId: id, vendor, site: siteLabel }, 'not_reached')
    expect(sentences().slice(-2)).toEqual([
      `${siteLabel} was asked to end the access of ${identity.name}`,
      `${siteLabel} could not be asked to end the access of ${identity.name}`,
    ])
  })

  it('tells a saved client with its account, and never the client', async () => {
    const { id } = desk.accounts.list()[0] ?? { id: '' }
    expect(id).toBe('')
    await desk.connect()
    const account = only()
    await trail.watch(desk.vault).writeClient(account.id, { clientId: 'client-id-x', clientSecret: 'canary-secret-x' })
    desk.clock.pass(1000)
    desk.accounts.signedIn(account.id, { ...account, connectedAt: desk.clock.now() })
    expect(kinds().at(-1)).toBe('client_saved')
    expect(JSON.stringify(entries())).not.toMatch(/client-id-x|canary-secret-x/)
  })

  it('tells a new secret of a client, and never the secret', async () => {
    const { accountId } = await desk.connect()
    trail.secretReplaced(accountId ?? '')
    expect(entries().at(-1)).toMatchObject({ kind: 'secret_replaced', account: { id: accountId } })
    expect(JSON.stringify(entries())).not.toContain(testClient.clientSecret)
  })

  it('tells rights that the vendor gave and the organisation forbids, once, also when the policy forbids them later', async () => {
    forbidden = ['tickets.write']
    const { accountId } = await desk.connect()
    const told = () => entries().filter(({ kind }) => kind === 'scopes_forbidden')
    expect(told()).toMatchObject([{ account: { id: accountId }, facts: { scopes: 'tickets.write' } }])
    desk.accounts.pause(accountId ?? '')
    expect(told()).toHaveLength(1)
    forbidden = ['tickets.write', 'tickets.read']
    trail.policyChanged()
    expect(told().at(-1)?.facts).toEqual({ scopes: 'tickets.read tickets.write' })
    forbidden = []
  })

  it('tells which connector changed or went', () => {
    for (const listener of connectorListeners) listener('parcel-desk')
    expect(sentences().at(-1)).toBe('The custom connector parcel-desk was removed')
  })

  it('tells a policy when it is new, when it changed and when it was refused, not at every start', () => {
    const start = (policy: PolicyMark) => follow(policy).close()
    start(unmanaged)
    expect(kinds()).toEqual(['log_started'])
    const one: PolicyMark = { kind: 'managed', digest: 'a1'.repeat(32) }
    const broken: PolicyMark = { kind: 'broken', digest: 'b2'.repeat(32) }
    for (const policy of [one, one, unmanaged, broken, broken, one]) start(policy)
    expect(sentences()).toEqual([
      'The policy of the organisation was loaded (sha256 a1a1a1a1a1a1a1a1)',
      'The policy of the organisation changed (none)',
      'The policy of the organisation was refused, and nothing works until it is mended: the policy cannot be read',
      'The policy of the organisation changed (sha256 a1a1a1a1a1a1a1a1)',
    ])
  })
})
