import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import type { Identity } from '../../../main/connectors/model.ts'
import { commandRefusal, giveUpRefusal, vendorRefusal, withinPolicy } from '../../../main/policy/connector-rules.ts'
import { createEnforcement } from '../../../main/policy/enforce.ts'
import { fits } from '../../../main/policy/match.ts'
import { parsePolicy } from '../../../main/policy/parse.ts'
import { type PolicyInput, policyJsonSchema, policySchema } from '../../../main/policy/schema.ts'
import { policyWords } from '../../../main/policy/words.ts'
import { testConnector } from '../oauth/support/desk.ts'
import { brokenState, policyOf, stateOf, unrestricted } from './policies.ts'

const desk = testConnector()
const mailbox = testConnector({ siteLabel: () => 'mail.example', nameSite: ({ email }) => email ?? '' }, { id: 'mail' })
const keyed: Connector = {
  ...desk,
  id: 'keyed',
  signIn: {
    ...{ kind: 'key', label: 'API key', help: '', note: '', fields: [], siteLabel: () => 'keyed.example' },
    ...{ registration: { url: '', steps: [] }, normalise: (text: string) => text },
  },
}
const ada: Identity = {
  ...{ vendorUserId: '7', siteKey: 'acme', name: 'Ada', email: 'ada@acme.example', role: null },
}
const account = { vendor: 'testdesk', siteLabel: 'acme.testdesk.example', identity: ada }

describe('names', () => {
  it.each([
    ['acme.com', 'ACME.com', true],
    ['*.acme.com', 'help.acme.com', true],
    ['*.acme.com', 'a.b.acme.com', true],
    ['*.acme.com', 'acme.com', false],
    ['*.acme.com', 'evilacme.com', false],
    ['*.acme.com', 'help.acme.com.evil.example', false],
    ['*@acme.com', 'ada@acme.com', true],
    ['*@acme.com', 'ada@evil.acme.com', false],
    ['*@acme.com', '@acme.com', false],
    ['help.acme.com', 'help-acme.com', false],
    ['*', 'anything', true],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(fits(pattern, name)).toBe(expected)
  })
})

describe('the rules', () => {
  it('say yes to everything where there are none', () => {
    const policy = unrestricted()
    expect(vendorRefusal(policy, desk)).toBeNull()
    expect(policy.allowSite(desk, 'any.example', ada)).toBeNull()
    expect(policy.mayConnect(desk) ?? policy.maySignInAs(desk, ada)).toBeNull()
    expect(policy.mayRemove(account, desk) ?? policy.mayReconnect(account, desk)).toBeNull()
    expect(policy.mayExport() ?? policy.mayDownload()).toBeNull()
    expect([policy.maxCacheAge(), policy.appLock(), policy.updateChannel()]).toEqual([null, null, null])
    expect(withinPolicy(policy, desk).signIn).toEqual(desk.signIn)
  })

  it('say no with the reason of the organisation, and whom to ask', () => {
    const policy = policyOf({
      contact: 'it@acme.example',
      vendors: { allowed: ['other'], reason: 'We moved to Otherdesk in May.' },
    })
    expect(policy.allowVendor(desk)).toMatchObject({
      code: 'policy_forbids',
      message: 'Your organisation does not allow Testdesk on this workstation. We moved to Otherdesk in May.',
      action: 'Ask it@acme.example if you need it.',
    })
  })

  it('allow the sites that fit, of the vendor they are for', () => {
    const policy = policyOf({ sites: [{ vendor: 'testdesk', allowed: ['acme.testdesk.example', '*.acme.com'] }] })
    expect(policy.allowSite(desk, 'acme.testdesk.example', null)).toBeNull()
    expect(policy.allowSite(desk, 'evil.testdesk.example', null)?.code).toBe('policy_forbids')
    expect(policy.allowSite(keyed, 'keyed.example', null)).toBeNull()
  })

  it('know a mailbox only by what the vendor told, not by what was typed', () => {
    const policy = policyOf({ sites: [{ vendor: 'mail', allowed: ['*@acme.example'] }] })
    expect(policy.allowSite(mailbox, 'mail.example', null)).toBeNull()
    expect(policy.allowSite(mailbox, 'mail.example', ada)).toBeNull()
    const eve = { ...ada, email: 'eve@evil.example' }
    expect(policy.allowSite(mailbox, 'mail.example', eve)?.code).toBe('policy_forbids')
    expect(policy.allowSite(mailbox, 'care@acme.example', eve)?.code).toBe('policy_forbids')
  })

  it('leave only the allowed ways and scopes of a connector', () => {
    const policy = policyOf({
      ways: [{ allowed: ['system-browser'] }],
      scopes: [{ vendor: 'testdesk', allowed: ['tickets.read', 'tickets.write'] }],
    })
    const { signIn } = withinPolicy(policy, desk)
    expect(signIn).toMatchObject({ ways: ['system-browser'] })
    expect(signIn.kind === 'oauth' && signIn.scopes.map(({ id }) => id)).toEqual(['tickets.read', 'tickets.write'])
  })

  it('refuse a vendor that needs a scope, or only has ways, that are not allowed', () => {
    const scopes = policyOf({ scopes: [{ vendor: 'testdesk', allowed: ['tickets.read'], reason: 'Read only.' }] })
    expect(vendorRefusal(scopes, desk)?.message).toContain('"tickets.write" (Answer tickets)')
    expect(vendorRefusal(scopes, desk)?.message).toContain('Read only.')
    const ways = policyOf({ ways: [{ allowed: ['device'] }] })
    expect(vendorRefusal(ways, desk)?.message).toContain('a code in any browser')
    expect(vendorRefusal(ways, keyed)?.code).toBe('policy_forbids')
    expect(vendorRefusal(policyOf({ apiKeys: { allowed: false, reason: 'No keys.' } }), keyed)?.message).toBe(
      'Your organisation does not allow API keys. No keys.',
    )
  })

  it('lock an account by vendor, site and user, against one thing or both', () => {
    const policy = policyOf({
      lockedAccounts: [
        { vendor: 'testdesk', site: '*.testdesk.example', user: 'ada@acme.example', against: ['remove'] },
      ],
    })
    expect(policy.mayRemove(account, desk)?.code).toBe('policy_forbids')
    expect(policy.mayReconnect(account, desk)).toBeNull()
    const bob = { ...account, identity: { ...ada, vendorUserId: '8', email: 'bob@acme.example' } }
    expect(policy.mayRemove(bob, desk)).toBeNull()
    const all = policyOf({ lockedAccounts: [{ vendor: 'testdesk' }] })
    expect(all.mayRemove(bob, null)?.code).toBe('policy_forbids')
    expect(all.mayReconnect(bob, desk)?.code).toBe('policy_forbids')
  })

  it('let administrators alone connect where accounts are of the whole team', () => {
    const rules: PolicyInput = { connecting: [{ vendor: 'testdesk', level: 'account', administrators: ['IT-Admin'] }] }
    expect(policyOf(rules).mayConnect(desk)?.code).toBe('policy_forbids')
    expect(policyOf(rules).mayConnect(keyed)).toBeNull()
    expect(createEnforcement(() => stateOf(rules), 'it-admin').mayConnect(desk)).toBeNull()
  })

  it('keep reconnecting to administrators, too, where only they connect, and its sign-in when all others end', () => {
    const rules: PolicyInput = {
      connecting: [{ vendor: 'testdesk', level: 'account', administrators: ['it-admin'], reason: 'IT connects.' }],
    }
    const agent = policyOf(rules)
    expect(agent.mayReconnect(account, desk)?.message).toBe(
      'Accounts of Testdesk are connected by your administrator only. IT connects.',
    )
    expect(agent.mayReconnect(account, null)?.code, 'also without its connector').toBe('policy_forbids')
    expect(giveUpRefusal(agent, account, desk)?.code).toBe('policy_forbids')
    expect(agent.mayRemove(account, desk)).toBeNull()
    expect(createEnforcement(() => stateOf(rules), 'it-admin').mayReconnect(account, desk)).toBeNull()
    expect(policyOf({ connecting: [{ vendor: 'testdesk', level: 'agent' }] }).mayReconnect(account, desk)).toBeNull()
  })

  it('name the scopes that a vendor gave beyond what is allowed, but not those that only say who somebody is', () => {
    const policy = policyOf({ scopes: [{ vendor: 'testdesk', allowed: ['tickets.read', 'tickets.write'] }] })
    const granted = ['tickets.read', 'tickets.delete', 'admin', 'openid', 'offline_access']
    expect(policy.forbiddenScopes(desk, granted)).toEqual(['tickets.delete', 'admin'])
    expect(policy.forbiddenScopes(keyed, granted)).toEqual([])
    expect(policyOf().forbiddenScopes(desk, granted)).toEqual([])
  })

  it('refuse what only a right makes possible that was given and is forbidden', () => {
    const scopes = [
      { id: 'tickets.read', reason: 'Read tickets', optional: false },
      { id: 'tickets.close', reason: 'Close tickets', optional: true, enables: ['status' as const] },
    ]
    const closing = testConnector({ scopes })
    const policy = policyOf({ scopes: [{ vendor: 'testdesk', allowed: ['tickets.read'], reason: 'Read only.' }] })
    const granted = ['tickets.read', 'tickets.close']
    expect(commandRefusal(policy, closing, granted, ['status'])?.message).toContain('Read only.')
    expect(commandRefusal(policy, closing, granted, ['reply'])).toBeNull()
    expect(commandRefusal(unrestricted(), closing, granted, ['status'])).toBeNull()
  })

  it('let only the named users be signed in', () => {
    const policy = policyOf({ connecting: [{ users: ['*@acme.example'] }] })
    expect(policy.maySignInAs(desk, ada)).toBeNull()
    expect(policy.maySignInAs(desk, { ...ada, email: 'ada@evil.example' })?.code).toBe('policy_forbids')
    expect(policy.maySignInAs(desk, { ...ada, email: null })?.code).toBe('policy_forbids')
  })

  it('provide the client of the exact site before the one of every site, and the file that wins first', () => {
    const client = (site: string, clientId: string) => ({ vendor: 'testdesk', site, clientId, clientSecret: 's' })
    const policy = policyOf(
      { clients: [client('*', 'every'), client('acme.testdesk.example', 'exact')] },
      { clients: [client('b.testdesk.example', 'person'), { vendor: 'keyed', clientId: 'own' }] },
    )
    expect(policy.providedClient('testdesk', 'acme.testdesk.example')?.clientId).toBe('exact')
    expect(policy.providedClient('testdesk', 'b.testdesk.example')?.clientId).toBe('every')
    expect(policy.providedClient('keyed', 'keyed.example')?.clientId).toBe('own')
    expect(policy.providedClient('other', 'other.example')).toBeNull()
  })

  it('combine to the stricter of two numbers', () => {
    const policy = policyOf(
      { cache: { maxAgeDays: 30 }, appLock: { afterMinutes: 5, withSystemLock: false } },
      { cache: { maxAgeDays: 90 }, appLock: { afterMinutes: 60 } },
    )
    expect(policy.maxCacheAge()).toBe(30)
    expect(policy.appLock()).toEqual({ afterMinutes: 5, withSystemLock: true })
  })

  it('say no to everything while the policy is broken', () => {
    const policy = createEnforcement(brokenState, 'agent')
    for (const answer of [
      policy.allowVendor(desk),
      policy.allowKeys(),
      policy.allowSite(desk, 'x', ada),
      policy.allowWay(desk, 'device'),
      policy.allowScopes(desk),
      policy.allowScope(desk, 'tickets.delete'),
      policy.mayConnect(desk),
      policy.maySignInAs(desk, ada),
      policy.mayRemove(account, desk),
      policy.mayReconnect(account, desk),
      policy.mayExport(),
      policy.mayDownload(),
    ])
      expect(answer?.code).toBe('policy_broken')
    expect(policy.broken()?.detail).toContain('line 2, column 3 (vendor)')
  })
})

const vendorId = fc.constantFrom('testdesk', 'keyed', 'mail')
const forVendor = fc.constantFrom('*', 'testdesk', 'keyed', 'mail')
const name = fc.constantFrom(
  'acme.testdesk.example',
  '*.testdesk.example',
  '*.acme.com',
  'keyed.example',
  '*@acme.example',
)
const wayOf = fc.constantFrom('auth-window' as const, 'system-browser' as const, 'device' as const, 'key' as const)
const allowed = fc.record({ allowed: fc.boolean() })
const some = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 3 })

/** Any policy there can be about a few vendors. */
const anyPolicy: fc.Arbitrary<PolicyInput> = fc.record(
  {
    apiKeys: fc.oneof(fc.boolean(), allowed),
    vendors: fc.record({ allowed: fc.array(vendorId) }),
    sites: fc.array(fc.record({ vendor: forVendor, allowed: some(name) }), { maxLength: 2 }),
    ways: fc.array(fc.record({ vendor: forVendor, allowed: some(wayOf) }), { maxLength: 2 }),
    scopes: fc.array(
      fc.record({
        vendor: vendorId,
        allowed: fc.subarray(['tickets.read', 'tickets.write', 'tickets.delete']),
      }),
      { maxLength: 2 },
    ),
    lockedAccounts: fc.array(fc.record({ vendor: forVendor, against: some(fc.constantFrom('remove', 'reconnect')) }), {
      maxLength: 2,
    }),
    connecting: fc.array(
      fc.record(
        {
          vendor: forVendor,
          level: fc.constantFrom('agent', 'account'),
          administrators: fc.array(fc.constantFrom('agent', 'admin')),
          users: some(fc.constantFrom('*@acme.example', 'bob@acme.example')),
        },
        { requiredKeys: ['vendor', 'level'] },
      ),
      { maxLength: 2 },
    ),
    cache: fc.record({ maxAgeDays: fc.integer({ min: 1, max: 400 }) }),
    export: allowed,
    downloads: allowed,
    appLock: fc.record({ afterMinutes: fc.integer({ min: 1, max: 1440 }), withSystemLock: fc.boolean() }),
    updateChannel: fc.record({ channel: fc.constantFrom('stable', 'beta', 'none') }),
  },
  { requiredKeys: [] },
)

/** Every question, with its answer as yes or no. */
function answers(...files: PolicyInput[]): Record<string, boolean> {
  const policy = policyOf(...files)
  const connectors: Connector[] = [desk, keyed, mailbox]
  const all = connectors.flatMap((each): [string, boolean][] => {
    const here = { ...account, vendor: each.id }
    return [
      [`${each.id} vendor`, policy.allowVendor(each) === null],
      [`${each.id} site`, policy.allowSite(each, 'acme.testdesk.example', ada) === null],
      [`${each.id} connect`, policy.mayConnect(each) === null],
      [`${each.id} user`, policy.maySignInAs(each, ada) === null],
      [`${each.id} remove`, policy.mayRemove(here, each) === null],
      [`${each.id} reconnect`, policy.mayReconnect(here, each) === null],
      [`${each.id} at all`, vendorRefusal(policy, each) === null],
      ...(['auth-window', 'system-browser', 'device', 'key'] as const).map((way): [string, boolean] => [
        `${each.id} ${way}`,
        policy.allowWay(each, way) === null,
      ]),
      ...['tickets.read', 'tickets.write', 'tickets.delete'].map((scope): [string, boolean] => [
        `${each.id} ${scope}`,
        policy.scopesOf(each).includes(scope),
      ]),
    ]
  })
  return Object.fromEntries([
    ...all,
    ['keys', policy.allowKeys() === null],
    ['export', policy.mayExport() === null],
    ['downloads', policy.mayDownload() === null],
  ])
}

describe('a policy of the person', () => {
  it('never loosens the machine-wide one, whatever both say', () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (machine, person) => {
        const alone = answers(machine)
        const both = answers(machine, person)
        for (const [question, yes] of Object.entries(both))
          if (yes) expect([question, alone[question]]).toEqual([question, true])
        const before = policyOf(machine)
        const after = policyOf(machine, person)
        expect(after.maxCacheAge() ?? Infinity).toBeLessThanOrEqual(before.maxCacheAge() ?? Infinity)
        expect(after.appLock()?.afterMinutes ?? Infinity).toBeLessThanOrEqual(
          before.appLock()?.afterMinutes ?? Infinity,
        )
        if (before.appLock()?.withSystemLock) expect(after.appLock()?.withSystemLock).toBe(true)
        if (before.updateChannel() !== null) expect(after.updateChannel()).toBe(before.updateChannel())
      }),
      { numRuns: 300 },
    )
  })

  it('restricts no less than it would alone', () => {
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (machine, person) => {
        const alone = answers(person)
        for (const [question, yes] of Object.entries(answers(machine, person)))
          if (yes) expect([question, alone[question]]).toEqual([question, true])
      }),
      { numRuns: 300 },
    )
  })
})

describe('the form of policies', () => {
  it('refuses an unknown name at any place, with its path', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        fc.constantFrom('', 'cache', 'export', 'appLock', 'sites', 'connecting'),
        (policy, place) => {
          const copy: Record<string, unknown> = structuredClone(policy)
          const at = place === '' ? copy : copy[place]
          const target = Array.isArray(at) ? at[0] : at
          fc.pre(target !== undefined)
          Object.assign(target, { unheardOf: 1 })
          const { rules, faults } = parsePolicy(Buffer.from(JSON.stringify(copy, null, 2)))
          expect(rules).toBeNull()
          const path = [place, Array.isArray(at) ? '[0]' : ''].join('')
          expect(faults.map((fault) => fault.path)).toEqual([path === '' ? 'unheardOf' : `${path}.unheardOf`])
        },
      ),
    )
  })

  it('is published as it is read (npm run policy-schema)', () => {
    const published = readFileSync(join(import.meta.dirname, '../../../resources/policy.schema.json'), 'utf8')
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())))
  })

  it('has a row in the handbook for each of its rules', () => {
    const handbook = readFileSync(join(import.meta.dirname, '../../../docs/policy.md'), 'utf8')
    const section = handbook.split('\n## ').find((each) => each.startsWith('The rules')) ?? ''
    const told = [...section.matchAll(/^\| `(\w+)[.\w]*` \|/gm)].map(([, rule]) => rule)
    const { $schema: _, version: _version, ...rules } = policySchema.shape
    expect([...told].sort()).toEqual(Object.keys(rules).sort())
  })

  it('fits the example of the handbook, whose rules all have words', () => {
    const handbook = readFileSync(join(import.meta.dirname, '../../../docs/policy.md'), 'utf8')
    const example = /```json\n(\{\n {2}"\$schema"[\s\S]*?\n\})\n```/.exec(handbook)?.[1] ?? ''
    const { rules, faults } = parsePolicy(Buffer.from(example))
    expect(faults).toEqual([])
    if (rules === null) throw new Error('there is an example')
    const layer = { file: 'policy.json', scope: 'machine' as const, signed: true, rules }
    const words = policyWords([layer], (vendor) => vendor)
    expect(words.length).toBeGreaterThan(12)
    for (const client of rules.clients) expect(JSON.stringify(words)).not.toContain(client.clientSecret ?? 'no secret')
  })
})
