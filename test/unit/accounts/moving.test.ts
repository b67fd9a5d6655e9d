import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createAccounts } from '../../../main/accounts/accounts.ts'
import { createBrands } from '../../../main/accounts/brands.ts'
import type { Account } from '../../../main/accounts/model.ts'
import { createMoving } from '../../../main/accounts/moving.ts'
import { readPortable, toPortable } from '../../../main/accounts/portable.ts'
import type { Connector } from '../../../main/connectors/connector.ts'
import { testConnector } from '../oauth/support/desk.ts'
import { type TempFolder, tempFolder } from '../oauth/support/fakes.ts'

const folders: TempFolder[] = []
beforeEach(() => folders.splice(0))
afterEach(() => {
  for (const folder of folders) folder.remove()
})

const connectors: Connector[] = [testConnector(), testConnector({}, { id: 'forbidden', name: 'Forbidden desk' })]

/** Another computer: accounts and brands of its own. */
function computer() {
  const folder = tempFolder()
  folders.push(folder)
  const documents = folder.documents('settings')
  const accounts = createAccounts({ documents })
  const brands = createBrands({ documents, freeBrand: accounts.freeBrand })
  const moving = createMoving({
    accounts,
    brands,
    connectorFor: (vendor) => connectors.find(({ id }) => id === vendor) ?? null,
    forbids: ({ id }) => (id === 'forbidden' ? 'Your organisation does not allow it.' : null),
    now: () => 1_700_000_000_000,
  })
  return { accounts, brands, moving, documents }
}

const brandFields = { color: '#3366cc', monogram: 'N', replyName: 'Nova', replyAddress: '', signature: '' }

function anAccount(user: string, change: Partial<Account> = {}): Account {
  return {
    id: `id-of-${user}`,
    vendor: 'testdesk',
    site: { site: 'acme' },
    siteLabel: 'acme.testdesk.example',
    identity: {
      vendorUserId: user,
      siteKey: 'acme',
      name: `Name of ${user}`,
      email: `${user}@acme.example`,
      role: null,
    },
    brandId: null,
    routing: {},
    state: 'connected',
    trouble: null,
    clientId: 'client-1',
    way: 'system-browser',
    redirect: 'app',
    scopes: ['read'],
    accessExpiresAt: 1,
    refreshExpiresAt: 2,
    connectedAt: 1,
    lastSyncAt: 3,
    partition: `persist:account-id-of-${user}`,
    ...change,
  }
}

const textOf = (
  from: ReturnType<typeof computer>,
  change: (file: Record<string, unknown>) => void = () => undefined,
) => {
  const file = structuredClone(from.moving.export()) as unknown as Record<string, unknown>
  change(file)
  return JSON.stringify(file, null, 2)
}

describe('accounts and brands on the way to another computer', () => {
  test('arrive with brand, routing, site and expected user, and ask for a sign-in', () => {
    const from = computer()
    const brand = from.brands.save({ id: null, name: 'Nova', ...brandFields })
    from.accounts.add(anAccount('ada', { brandId: brand.id, routing: { outlet: brand.id } }))
    from.accounts.add(anAccount('ben', { state: 'paused' }))
    const to = computer()
    const { accountIds, brands } = to.moving.import(textOf(from))
    expect(brands).toBe(1)
    const [ada, ben] = to.accounts.list()
    const arrived = to.brands.list()[0]?.id
    expect(ada).toMatchObject({
      site: { site: 'acme' },
      siteLabel: 'acme.testdesk.example',
      identity: anAccount('ada').identity,
      brandId: arrived,
      routing: { outlet: arrived },
      state: 'needs_sign_in',
      trouble: { code: 'needs_sign_in' },
      clientId: 'client-1',
      way: 'system-browser',
      redirect: 'app',
      scopes: [],
      accessExpiresAt: null,
      lastSyncAt: null,
    })
    expect(ada?.id).not.toBe('id-of-ada')
    expect(ada?.partition).toBe(`persist:account-${ada?.id}`)
    expect(ben?.state).toBe('paused')
    expect(accountIds).toEqual([ada?.id])
    to.accounts.resume(ben?.id ?? '')
    expect(to.accounts.find(ben?.id ?? '')?.state).toBe('needs_sign_in')
  })

  test('are told apart before anything changes: new, here already, not to be taken and why', () => {
    const from = computer()
    for (const user of ['ada', 'ben']) from.accounts.add(anAccount(user))
    from.accounts.add(anAccount('cid', { vendor: 'gone' }))
    from.accounts.add(anAccount('dan', { vendor: 'forbidden' }))
    from.accounts.add(anAccount('eva', { site: { site: 'not a site' } }))
    from.accounts.add(anAccount('fay', { way: 'device', redirect: null }))
    from.brands.save({ id: null, name: 'Nova', ...brandFields })
    from.brands.save({ id: null, name: 'Atelier', ...brandFields })
    const to = computer()
    to.accounts.add(anAccount('ada'))
    to.brands.save({ id: null, name: 'nova ', ...brandFields })
    const before = [to.accounts.list(), to.brands.list()]
    const preview = to.moving.preview(textOf(from))
    expect([to.accounts.list(), to.brands.list()]).toEqual(before)
    expect(preview.faults).toEqual([])
    expect(preview.accounts.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['here', null],
      ['new', null],
      ['refused', 'This Manydesk does not know the vendor.'],
      ['refused', 'Your organisation does not allow it.'],
      ['refused', 'A site is letters only.'],
      ['refused', 'Testdesk does not allow the way of signing in that the file names.'],
    ])
    expect(preview.brands.map(({ verdict }) => verdict)).toEqual(['here', 'new'])
    to.moving.import(textOf(from))
    expect(to.accounts.list().map(({ identity }) => identity.vendorUserId)).toEqual(['ada', 'ben'])
    expect(to.accounts.find('id-of-ada')).toEqual(before[0]?.[0])
    expect(to.brands.list().map(({ name }) => name)).toEqual(['nova ', 'Atelier'])
  })

  test('are taken once: a second import of the same file adds nothing', () => {
    const from = computer()
    from.accounts.add(anAccount('ada'))
    from.brands.save({ id: null, name: 'Nova', ...brandFields })
    const to = computer()
    to.moving.import(textOf(from))
    const after = [to.accounts.list(), to.brands.list()]
    expect(to.moving.import(textOf(from))).toEqual({ accountIds: [], brands: 0 })
    expect([to.accounts.list(), to.brands.list()]).toEqual(after)
  })

  test('that stand in the file twice are taken once', () => {
    const from = computer()
    from.accounts.add(anAccount('ada'))
    const text = textOf(from, (file) => {
      file.accounts = [...(file.accounts as unknown[]), ...(file.accounts as unknown[])]
    })
    const to = computer()
    expect(to.moving.preview(text).accounts.map(({ verdict }) => verdict)).toEqual(['new', 'refused'])
    expect(to.moving.import(text).accountIds).toHaveLength(1)
  })

  test('bring nothing when the accounts cannot be written', () => {
    const from = computer()
    for (const user of ['ada', 'ben']) from.accounts.add(anAccount(user))
    const to = computer()
    to.accounts.add(anAccount('eve'))
    expect(() => to.accounts.addAll([anAccount('new'), anAccount('eve')])).toThrow(
      expect.objectContaining({ code: 'handshake_already_connected' }),
    )
    expect(to.accounts.list()).toHaveLength(1)
  })
})

describe('a file of accounts', () => {
  test.each([
    ['', 1, 'This is empty.'],
    ['{\n  "kind": "manydesk.accounts",\n  "version": 2\n}', 3, 'This must be 1.'],
    ['{\n  "kind": "manydesk.accounts"\n  "version": 1\n}', 3, 'A comma is missing before this.'],
  ])('with a fault says where it is: %j', (text, line, message) => {
    const { file, faults } = readPortable(text)
    expect(file).toBeNull()
    expect(faults).toContainEqual(expect.objectContaining({ line, message }))
    const to = computer()
    expect(to.moving.preview(text).faults).toEqual(faults)
    expect(() => to.moving.import(text)).toThrow(expect.objectContaining({ code: 'bad_request' }))
  })

  test('with anything more than it may hold, a secret for example, is refused', () => {
    const from = computer()
    from.accounts.add(anAccount('ada'))
    const text = textOf(from, (file) => {
      file.accounts = (file.accounts as object[]).map((each) => ({ ...each, clientSecret: 'x' }))
    })
    expect(readPortable(text).faults).toMatchObject([
      { path: 'accounts[0].clientSecret', message: '"clientSecret" is not known here.' },
    ])
  })

  test('holds nothing of an account but what is named, whatever is added to accounts later', () => {
    const extra = { grant: { accessToken: 'secret-token' }, clientSecret: 'secret-client', partition: 'persist:x' }
    const account = { ...anAccount('ada'), ...extra, identity: { ...anAccount('ada').identity, apiKey: 'secret-key' } }
    const text = JSON.stringify(toPortable([account], [], 1))
    expect(text).not.toContain('secret-')
    expect(readPortable(text).faults).toEqual([])
  })

  test('is read back as it was written, whatever names and addresses are in it', () => {
    const words = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' })
    fc.assert(
      fc.property(words, words, fc.option(words), (user, name, email) => {
        const identity = { vendorUserId: user, siteKey: 'acme', name, email, role: null }
        const file = toPortable([anAccount('ada', { identity })], [], 1)
        expect(readPortable(JSON.stringify(file)).file).toEqual(file)
      }),
    )
  })
})
