import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Accounts, createAccounts } from '../../../main/accounts/accounts.ts'
import { createBrands } from '../../../main/accounts/brands.ts'
import type { Account } from '../../../main/accounts/model.ts'
import { createRemoval } from '../../../main/accounts/removal.ts'
import { fakeLog, type TempFolder, tempFolder } from '../oauth/support/fakes.ts'

let folder: TempFolder
beforeEach(() => {
  folder = tempFolder()
})
afterEach(() => folder.remove())

const open = (): Accounts => createAccounts({ documents: folder.documents('settings') })

function anAccount(id: string, change: Partial<Account> = {}): Account {
  return {
    id,
    vendor: 'testdesk',
    site: { site: 'acme' },
    siteLabel: 'acme.testdesk.example',
    identity: { vendorUserId: id, siteKey: 'acme', name: `Name of ${id}`, email: null, role: null },
    brandId: null,
    routing: {},
    state: 'connected',
    trouble: null,
    clientId: 'client',
    way: 'auth-window',
    redirect: 'handover',
    scopes: ['read'],
    accessExpiresAt: 1,
    refreshExpiresAt: null,
    connectedAt: 1,
    lastSyncAt: null,
    partition: `persist:account-${id}`,
    ...change,
  }
}
const trouble = { code: 'needs_sign_in' as const, message: 'Sign in again.', action: null, detail: null }

describe('accounts', () => {
  test('come back after a restart as they were', () => {
    const accounts = open()
    accounts.add(anAccount('a1', { routing: { k: 'b1' }, trouble }))
    accounts.add(anAccount('a2'))
    expect(open().list()).toEqual(accounts.list())
  })

  test('have one identity each: vendor, site and user', () => {
    const accounts = open()
    accounts.add(anAccount('a1'))
    const same = { identity: { ...anAccount('a1').identity, name: 'Renamed' } }
    expect(() => accounts.add(anAccount('a2', same))).toThrow(
      expect.objectContaining({ code: 'handshake_already_connected' }),
    )
    accounts.add(anAccount('a3', { identity: { ...same.identity, siteKey: 'nova' } }))
    accounts.add(anAccount('a4', { ...same, vendor: 'otherdesk' }))
    accounts.add(anAccount('a5', { identity: { ...same.identity, vendorUserId: 'u2' } }))
    expect(accounts.list().map((account) => account.id)).toEqual(['a1', 'a3', 'a4', 'a5'])
  })

  test('are told to listeners at every change, as copies nobody can change', () => {
    const accounts = open()
    const told: Account[][] = []
    const stop = accounts.onChange((list) => told.push(list))
    accounts.add(anAccount('a1'))
    accounts.setBrand('a1', 'b1')
    stop()
    accounts.pause('a1')
    expect(told.map((list) => list[0]?.brandId)).toEqual([null, 'b1'])
    const copy = told[1]?.[0]
    if (copy) copy.identity.name = 'changed'
    expect(accounts.find('a1')?.identity.name).toBe('Name of a1')
  })

  test('that lost their grant need a sign-in through pause and resume, and nothing else ends it', () => {
    const accounts = open()
    accounts.add(anAccount('a1'))
    accounts.needSignIn('a1', trouble)
    expect(accounts.find('a1')?.state).toBe('needs_sign_in')
    accounts.setTrouble('a1', null)
    expect(accounts.find('a1')?.trouble).toEqual(trouble)
    accounts.pause('a1')
    accounts.resume('a1')
    expect(accounts.find('a1')?.state).toBe('needs_sign_in')
    const { identity, clientId, way, redirect, scopes, connectedAt, accessExpiresAt, refreshExpiresAt } =
      anAccount('a1')
    accounts.signedIn('a1', {
      identity,
      clientId,
      way,
      redirect,
      scopes,
      connectedAt,
      accessExpiresAt,
      refreshExpiresAt,
    })
    expect(accounts.find('a1')).toMatchObject({ state: 'connected', trouble: null })
  })

  test('that lose their grant while paused stay paused until resumed', () => {
    const accounts = open()
    accounts.add(anAccount('a1'))
    accounts.pause('a1')
    accounts.needSignIn('a1', trouble)
    expect(accounts.find('a1')).toMatchObject({ state: 'paused', trouble })
    accounts.resume('a1')
    expect(accounts.find('a1')?.state).toBe('needs_sign_in')
  })

  test('keep passing trouble and times for showing until it passes', () => {
    const accounts = open()
    accounts.add(anAccount('a1'))
    const passing = { ...trouble, code: 'vendor_unreachable' as const }
    accounts.setTrouble('a1', passing)
    accounts.noteSync('a1', 7)
    accounts.noteGrant('a1', { accessExpiresAt: 8, refreshExpiresAt: 9, scopes: [] })
    expect(accounts.find('a1')).toMatchObject({
      trouble: passing,
      lastSyncAt: 7,
      accessExpiresAt: 8,
      state: 'connected',
    })
    expect(open().find('a1')?.lastSyncAt).toBeNull()
    accounts.flush()
    expect(open().find('a1')).toMatchObject({ lastSyncAt: 7, refreshExpiresAt: 9 })
  })

  test('that do not exist are an error for a person and no matter for the background', () => {
    const accounts = open()
    for (const act of [
      () => accounts.pause('x'),
      () => accounts.setBrand('x', null),
      () => accounts.setRouting('x', 'k', null),
      () => accounts.beginRemoval('x'),
    ]) {
      expect(act).toThrow(expect.objectContaining({ code: 'not_found' }))
    }
    accounts.needSignIn('x', trouble)
    accounts.noteSync('x', 1)
    accounts.setTrouble('x', null)
    expect(accounts.list()).toEqual([])
  })
})

describe('brands', () => {
  const input = { id: null, color: '#123456', monogram: 'A', replyName: '', replyAddress: '', signature: '' }

  test('are made, changed, ordered and removed, and come back after a restart', () => {
    const documents = folder.documents('settings')
    const brands = createBrands({ documents, freeBrand: () => undefined })
    const [a, b, c] = ['A', 'B', 'C'].map((name) => brands.save({ ...input, name }))
    brands.save({ ...input, id: b?.id ?? '', name: 'B2' })
    brands.reorder([c?.id ?? '', a?.id ?? ''])
    expect(brands.list().map(({ name, position }) => [name, position])).toEqual([
      ['C', 0],
      ['A', 1],
      ['B2', 2],
    ])
    brands.remove(a?.id ?? '')
    const reopened = createBrands({ documents, freeBrand: () => undefined })
    expect(reopened.list().map(({ name, position }) => [name, position])).toEqual([
      ['C', 0],
      ['B2', 1],
    ])
    expect(() => brands.save({ ...input, id: 'gone', name: 'x' })).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    )
    expect(() => brands.reorder(['gone'])).toThrow(expect.objectContaining({ code: 'not_found' }))
  })

  test('that are removed leave no account and no routing rule pointing at them', () => {
    const accounts = open()
    const brands = createBrands({ documents: folder.documents('settings'), freeBrand: accounts.freeBrand })
    const gone = brands.save({ ...input, name: 'gone' })
    const kept = brands.save({ ...input, name: 'kept' })
    accounts.add(anAccount('a1', { brandId: gone.id }))
    accounts.setRouting('a1', 'k1', gone.id)
    accounts.setRouting('a1', 'k2', kept.id)
    brands.remove(gone.id)
    expect(accounts.find('a1')).toMatchObject({ brandId: null, routing: { k2: kept.id } })
    accounts.setRouting('a1', 'k2', null)
    expect(open().find('a1')?.routing).toEqual({})
  })

  test('keep every brand exactly once under any order of reordering', () => {
    const brands = createBrands({ documents: folder.documents('settings'), freeBrand: () => undefined })
    const ids = ['A', 'B', 'C', 'D'].map((name) => brands.save({ ...input, name }).id)
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ids)), (order) => {
        brands.reorder(order)
        expect(
          brands
            .list()
            .map((brand) => brand.id)
            .sort(),
        ).toEqual([...ids].sort())
        expect(brands.list().map((brand) => brand.position)).toEqual([0, 1, 2, 3])
        expect(
          brands
            .list()
            .slice(0, new Set(order).size)
            .map((brand) => brand.id),
        ).toEqual([...new Set(order)])
      }),
      { numRuns: 30 },
    )
  })
})

describe('removing an account', () => {
  const steps = ['forget', 'revoke', 'deleteSecrets', 'clearPartition', 'deleteRows'] as const
  type Step = (typeof steps)[number]

  function removal(accounts: Accounts, done: Step[], failing: Step | null = null) {
    const step = (name: Step) => {
      if (name === failing) throw new Error(`${name} failed`)
      done.push(name)
    }
    return createRemoval({
      accounts,
      locked: () => null,
      log: fakeLog(),
      forget: () => step('forget'),
      revoke: async () => {
        step('revoke')
        return 'revoked'
      },
      deleteSecrets: async () => step('deleteSecrets'),
      clearPartition: async () => step('clearPartition'),
      deleteRows: async () => step('deleteRows'),
    })
  }

  test('asks the vendor while the secrets are still there, then deletes everything', async () => {
    const accounts = open()
    accounts.add(anAccount('a1'))
    const done: Step[] = []
    expect(await removal(accounts, done).remove('a1')).toBe('revoked')
    expect(done).toEqual(steps)
    expect(open().list()).toEqual([])
    expect(open().removals()).toEqual([])
  })

  test.each(['deleteSecrets', 'clearPartition', 'deleteRows'] as const)(
    'goes on after %s failed, and finishes at the next start',
    async (failing) => {
      const accounts = open()
      accounts.add(anAccount('a1'))
      const done: Step[] = []
      expect(await removal(accounts, done, failing).remove('a1')).toBe('revoked')
      expect(done).toEqual(steps.filter((step) => step !== failing))
      const restarted = open()
      expect(restarted.list()).toEqual([])
      expect(restarted.removals().map((account) => account.id)).toEqual(['a1'])
      const again: Step[] = []
      await removal(restarted, again).finish()
      expect(again).toEqual(steps)
      expect(open().removals()).toEqual([])
    },
  )

  test('interrupted by the end of the process at any step is finished at the next start', async () => {
    for (const at of steps) {
      const accounts = open()
      accounts.add(anAccount(`at-${at}`))
      // The process ends here: what comes after never runs.
      const never = () => new Promise<never>(() => undefined)
      const interrupted = createRemoval({
        accounts,
        locked: () => null,
        log: fakeLog(),
        forget: () => undefined,
        revoke: at === 'forget' || at === 'revoke' ? never : async () => 'revoked',
        deleteSecrets: at === 'deleteSecrets' ? never : async () => undefined,
        clearPartition: at === 'clearPartition' ? never : async () => undefined,
        deleteRows: at === 'deleteRows' ? never : async () => undefined,
      })
      void interrupted.remove(`at-${at}`)
      await new Promise((resolve) => setImmediate(resolve))
      const restarted = open()
      expect(restarted.list()).toEqual([])
      const done: Step[] = []
      await removal(restarted, done).finish()
      expect(done).toEqual(steps)
      expect(open().removals()).toEqual([])
    }
  })
})
