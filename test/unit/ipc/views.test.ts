import { describe, expect, it } from 'vitest'
import type { Account } from '../../../main/accounts/model.ts'
import type { Connector } from '../../../main/connectors/connector.ts'
import { AppError } from '../../../main/errors.ts'
import { accountView, type SyncView } from '../../../main/ipc/account-view.ts'
import { createInboxEvents, mergeChanges } from '../../../main/ipc/inbox-events.ts'
import { vendorHandlers } from '../../../main/ipc/vendors.ts'
import { calls } from '../../../preload/contract.ts'
import { asAny } from '../desktop/fakes.ts'
import { unrestricted } from '../policy/policies.ts'

const connector = asAny<Connector>({
  id: 'acmedesk',
  name: 'Acme Desk',
  description: 'Tickets',
  signIn: {
    kind: 'oauth',
    fields: [
      {
        key: 'subdomain',
        label: 'Site',
        placeholder: 'acme',
        help: 'The first part of the address',
        normalise(text: string) {
          if (!/^[a-z]+$/.test(text)) throw new AppError('site_invalid', 'A site is one word.')
          return text
        },
      },
    ],
    scopes: [
      { id: 'read', reason: 'Read tickets', optional: false },
      { id: 'write', reason: 'Send replies', optional: false },
      { id: 'extra', reason: 'More', optional: true },
    ],
    siteLabel: (site: Record<string, string>) => `${site.subdomain}.acmedesk.example`,
    ways: ['auth-window'],
    endpoints: () => ({ issuer: '', authorize: '', token: '', revoke: null }),
    redirects: ['handover', 'app'],
    secretRequired: true,
    registration: { url: 'https://acmedesk.example/apps', steps: ['Click'] },
  },
  capabilities: { commands: ['reply', 'note'], attachments: true },
})

const account: Account = {
  id: 'a1',
  vendor: 'acmedesk',
  site: { subdomain: 'acme' },
  siteLabel: 'acme.acmedesk.example',
  identity: { vendorUserId: '7', siteKey: 'acme', name: 'Kim', email: 'kim@acme.example', role: 'agent' },
  brandId: 'b1',
  routing: { shoes: 'b2' },
  state: 'connected',
  trouble: null,
  clientId: 'canary-client',
  way: 'auth-window',
  redirect: 'handover',
  scopes: ['read', 'surprise'],
  accessExpiresAt: 10,
  refreshExpiresAt: null,
  connectedAt: 1,
  lastSyncAt: null,
  partition: 'persist:canary-partition',
}
const sync: SyncView = { phase: 'idle', conversations: 3, total: null, waitUntil: null, quarantined: 0 }

describe('an account in the window', () => {
  const view = accountView({
    account,
    connector,
    sync,
    vendorBrands: [
      { key: 'shoes', name: 'Shoes' },
      { key: 'hats', name: 'Hats' },
    ],
  })

  it('fits the contract exactly', () => {
    expect(calls['accounts.list'].result.parse([view])).toEqual([view])
  })

  it('tells which scopes were granted and which are missing', () => {
    expect(view.scopes).toEqual([
      { id: 'read', reason: 'Read tickets', granted: true },
      { id: 'write', reason: 'Send replies', granted: false },
      { id: 'extra', reason: 'More', granted: false, optional: true },
      { id: 'surprise', reason: null, granted: true },
    ])
  })

  it('offers no command that only a forbidden right makes possible, and says who forbids it', () => {
    const scopes = [{ id: 'write', reason: 'Send replies', optional: false, enables: ['reply' as const] }]
    const able = { ...connector, signIn: { ...connector.signIn, scopes } } as Connector
    const all = { ...account, scopes: ['write'] }
    const view = (forbidden: string[]) =>
      accountView({ account: all, connector: able, sync, vendorBrands: [], forbidden })
    expect(view([]).commands).toEqual(['reply', 'note'])
    expect(view(['write'])).toMatchObject({
      commands: ['note'],
      limits: ['Your organisation does not allow: send replies.'],
    })
  })

  it('tells where each brand of the vendor goes', () => {
    expect(view.vendorBrands).toEqual([
      { key: 'shoes', name: 'Shoes', brandId: 'b2' },
      { key: 'hats', name: 'Hats', brandId: null },
    ])
  })

  it('holds no client and no partition', () => {
    expect(JSON.stringify(view)).not.toContain('canary')
  })

  it('of a vendor this version does not know can still be shown and removed', () => {
    const unknown = accountView({ account, connector: null, sync, vendorBrands: [] })
    expect(unknown).toMatchObject({ vendorName: 'acmedesk', commands: [] })
  })
})

describe('vendors in the window', () => {
  const handlers = vendorHandlers({
    connectors: [connector],
    redirectUris: {
      handover: 'https://connect.example/cb',
      loopback: 'http://127.0.0.1/callback',
      app: 'app.manydesk://oauth/callback',
    },
    policy: unrestricted(),
    providedClients: () => ['*'],
  })

  it('fit the contract, with the redirect addresses to register', () => {
    const list = handlers['vendors.list'](undefined)
    expect(calls['vendors.list'].result.parse(list)).toEqual(list)
    expect(list).toMatchObject([
      {
        redirects: [
          { kind: 'handover', url: 'https://connect.example/cb' },
          { kind: 'app', url: 'app.manydesk://oauth/callback' },
        ],
        providedClients: ['*'],
      },
    ])
  })

  const check = (vendor: string, site: Record<string, string>) => handlers['vendors.checkSite']({ vendor, site })

  it('understand a site', () => {
    expect(check('acmedesk', { subdomain: 'acme' })).toEqual({
      site: { subdomain: 'acme' },
      siteLabel: 'acme.acmedesk.example',
    })
  })

  it.each([
    ['acmedesk', { subdomain: 'not one word' }, 'site_invalid'],
    ['acmedesk', {}, 'site_invalid'],
    ['acmedesk', { subdomain: 'acme', more: 'x' }, 'bad_request'],
    ['nobody', { subdomain: 'acme' }, 'not_found'],
    ['__proto__', {}, 'not_found'],
  ])('refuse %s %j with %s', (vendor, site, code) => {
    expect(() => check(vendor, site)).toThrow(expect.objectContaining({ code }))
  })
})

describe('changes of the inbox', () => {
  const change = (revision: number, accountIds: string[], conversationIds: string[] | null) => ({
    revision,
    accountIds,
    conversationIds,
  })

  it('add up to the newest revision and everything named', () => {
    expect(mergeChanges(change(5, ['a'], ['1', '2']), change(4, ['b', 'a'], ['2', '3']))).toEqual(
      change(5, ['a', 'b'], ['1', '2', '3']),
    )
  })

  it('name no conversations when one side did not, or when they are too many', () => {
    expect(mergeChanges(change(1, [], null), change(2, [], ['1'])).conversationIds).toBeNull()
    const many = Array.from({ length: 150 }, (_, n) => `x${n}`)
    const more = Array.from({ length: 150 }, (_, n) => `y${n}`)
    expect(mergeChanges(change(1, [], many), change(2, [], more)).conversationIds).toBeNull()
  })

  it('come as one event for a burst, with the last revision', async () => {
    const told: unknown[] = []
    const changed = createInboxEvents((_name, value) => void told.push(value))
    for (let revision = 1; revision <= 100; revision++) changed(change(revision, ['a'], [`c${revision % 3}`]))
    await expect.poll(() => told.length).toBe(2)
    expect(told[0]).toEqual(change(1, ['a'], ['c1']))
    expect(told[1]).toMatchObject({ revision: 100, accountIds: ['a'] })
  })
})
