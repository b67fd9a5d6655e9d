import { describe, expect, it } from 'vitest'
import type { Account } from '../../../main/accounts/model.ts'
import type { Connector } from '../../../main/connectors/connector.ts'
import { createVendorHttp } from '../../../main/workstation/vendor-http.ts'
import { asAny, createClock, createLog } from '../desktop/fakes.ts'
import { policyOf, unrestricted } from '../policy/policies.ts'

const connector = asAny<Connector>({
  id: 'acmedesk',
  name: 'Acme Desk',
  hosts: (site: Record<string, string>) => ({
    api: `https://${site.name}.acmedesk.example/api`,
    allowed: [`${site.name}.acmedesk.example`],
  }),
  signIn: { kind: 'oauth' },
  rate: { defaultLimit: 100, windowMs: 1000, concurrency: 4, read: () => null },
})
const keyConnector = asAny<Connector>({ ...connector, id: 'keydesk', signIn: { kind: 'key' } })
const account = (id: string, vendor = 'acmedesk') =>
  asAny<Account>({
    ...{ id, vendor, site: { name: id }, siteLabel: `${id}.acmedesk.example` },
    identity: { name: id, vendorUserId: id, email: null },
  })

function setUp(accounts: Account[], policy = unrestricted()) {
  const sent: { url: string; bearer: string | null }[] = []
  const http = createVendorHttp({
    accounts: { find: (id) => accounts.find((each) => each.id === id) ?? null },
    policy,
    connectorFor: (vendor) => [connector, keyConnector].find(({ id }) => id === vendor) ?? null,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      sent.push({ url: request.url, bearer: request.headers.get('authorization') })
      return Response.json({ ok: true })
    },
    clock: createClock(),
    log: createLog(),
  })
  const access = http.access({
    tokens: (id) => ({ current: async () => `token-of-${id}`, renew: async () => `token-of-${id}` }),
  })
  return { access, http, sent }
}

const signal = new AbortController().signal

describe('reaching vendors', () => {
  it('each account calls its own site with its own token', async () => {
    const { access, sent } = setUp([account('one'), account('two')])
    for (const id of ['one', 'two']) await access.contextFor(id, signal, 'interactive').http.get('me').json()
    expect(sent).toEqual([
      { url: 'https://one.acmedesk.example/api/me', bearer: 'Bearer token-of-one' },
      { url: 'https://two.acmedesk.example/api/me', bearer: 'Bearer token-of-two' },
    ])
  })

  it('one client serves an account for as long as it is there', () => {
    const { access, http } = setUp([account('one')])
    const client = () => access.contextFor('one', signal).http
    const before = client()
    expect(client()).toBe(before)
    http.forget('one')
    expect(client()).not.toBe(before)
  })

  it('says so for an account that is gone, and for a vendor this version does not know', () => {
    const { access } = setUp([account('one', 'olddesk')])
    expect(() => access.contextFor('gone', signal)).toThrow(expect.objectContaining({ code: 'not_found' }))
    expect(() => access.connectorFor('one')).toThrow(expect.objectContaining({ code: 'not_supported' }))
  })

  it('takes the pace of an account from the connector that is saved, also for one that is only tried', async () => {
    const { http, sent } = setUp([account('one')])
    const tried = asAny<Connector>({
      ...connector,
      get rate(): never {
        throw new Error('the pace of a connector that is not saved')
      },
    })
    const tokens = { current: async () => 't', renew: async () => 't' }
    await http.httpFor({ connector: tried, site: { name: 'one' }, accountId: 'one', tokens }).get('me')
    expect(sent).toHaveLength(1)
  })

  it('rests for an account that signed in with a key, whatever its connector says by now', () => {
    const keyed = asAny<Account>({ ...account('keyed'), way: 'key' })
    const { access } = setUp([keyed], policyOf({ apiKeys: false }))
    expect(() => access.connectorFor('keyed')).toThrow(expect.objectContaining({ code: 'policy_forbids' }))
  })

  it('rests for accounts of a vendor, a site or a user that the organisation does not allow', () => {
    for (const rules of [
      { vendors: { allowed: ['keydesk'] } },
      { sites: [{ vendor: 'acmedesk', allowed: ['two.acmedesk.example'] }] },
      { connecting: [{ vendor: 'acmedesk', users: ['*@acme.example'] }] },
    ]) {
      const { access } = setUp([account('one')], policyOf(rules))
      expect(() => access.contextFor('one', signal)).toThrow(expect.objectContaining({ code: 'policy_forbids' }))
    }
  })

  it('rests for accounts with a key where the organisation does not allow keys, and for no others', async () => {
    const { access, sent } = setUp([account('keyed', 'keydesk'), account('signed')], policyOf({ apiKeys: false }))
    expect(() => access.contextFor('keyed', signal)).toThrow(expect.objectContaining({ code: 'policy_forbids' }))
    expect(() => access.connectorFor('keyed')).toThrow(expect.objectContaining({ code: 'policy_forbids' }))
    await access.contextFor('signed', signal).http.get('me')
    expect(sent).toHaveLength(1)
  })
})
