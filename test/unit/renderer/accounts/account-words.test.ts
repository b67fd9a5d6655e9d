import { describe, expect, it } from 'vitest'
import type { AccountView, BrandView } from '../../../../preload/contract.ts'
import {
  accessWords,
  brandUse,
  dateWords,
  duration,
  findAccounts,
  groupAccounts,
  needsAttention,
  refreshWords,
  stateWords,
} from '../../../../renderer/state/account-words.ts'
import { createFakeData } from '../../../renderer/fake-data.ts'

const now = Date.UTC(2026, 10, 14, 9, 12)
const minute = 60_000
const data = createFakeData(now)

function account(change: Partial<AccountView> = {}): AccountView {
  const first = data.accounts[0]
  if (first === undefined) throw new Error('the fake has accounts')
  return { ...first, state: 'connected', trouble: null, brandId: 'one', ...change }
}

function brand(id: string, name: string): BrandView {
  const first = data.brands[0]
  if (first === undefined) throw new Error('the fake has brands')
  return { ...first, id, name }
}

const syncing = (change: Partial<AccountView['sync']>) => account({ sync: { ...account().sync, ...change } })

describe('what is said about an account', () => {
  it.each([
    [20_000, '1 min'],
    [24 * minute, '24 min'],
    [59.8 * minute, '1 h'],
    [3 * 60 * minute, '3 h'],
    [47.8 * 60 * minute, '2 days'],
    [29 * 24 * 60 * minute, '29 days'],
  ])('rounds a length of %d ms to "%s"', (ms, words) => {
    expect(duration(ms)).toBe(words)
  })

  it('names the year only when it is another one', () => {
    expect(dateWords(now, now)).not.toContain('2026')
    expect(dateWords(now - 400 * 24 * 60 * minute, now)).toContain('2025')
  })

  it.each([
    [account({ state: 'paused' }), 'Paused', 'paused'],
    [account({ state: 'needs_sign_in' }), 'Sign in again', 'bad'],
    [syncing({ phase: 'failing' }), 'Not updating', 'waiting'],
    [syncing({ phase: 'waiting', waitUntil: now + 4 * minute }), 'Waits 4 min', 'waiting'],
    [syncing({ phase: 'waiting', waitUntil: now - 1 }), 'Waiting', 'waiting'],
    [syncing({ phase: 'waiting', waitUntil: null }), 'Offline', 'waiting'],
    [syncing({ phase: 'first-fill' }), 'First sync', 'working'],
    [syncing({ phase: 'updating' }), 'Updating', 'working'],
    [syncing({ phase: 'idle' }), 'Up to date', 'good'],
  ] as const)('says how it is doing (%#: %s)', (one, label, health) => {
    expect(stateWords(one, now)).toMatchObject({ label, health })
  })

  it('says that access renews by itself, and when it has ended', () => {
    expect(accessWords(account({ accessExpiresAt: now + 24 * minute }), now)).toBe('Renews by itself in 24 min.')
    expect(accessWords(account({ accessExpiresAt: now - 1 }), now)).toBe('Renews by itself with the next call.')
    expect(accessWords(account({ accessExpiresAt: null }), now)).toBe('The vendor named no end.')
    expect(accessWords(account({ state: 'needs_sign_in', accessExpiresAt: now + minute }), now)).toContain(
      'Sign in again',
    )
  })

  it('says how long the sign-in lasts', () => {
    expect(refreshWords(account({ refreshExpiresAt: null }), now)).toBe('Until it is revoked.')
    expect(refreshWords(account({ refreshExpiresAt: now - 1 }), now)).toContain('Ended')
    expect(refreshWords(account({ refreshExpiresAt: now + 29 * 24 * 60 * minute }), now)).toMatch(/^Until 13 Dec/)
  })

  it('asks for attention where a person can help, and leaves paused accounts in peace', () => {
    expect(needsAttention(account())).toBe(false)
    expect(needsAttention(account({ brandId: null }))).toBe(true)
    expect(needsAttention(syncing({ phase: 'failing' }))).toBe(true)
    expect(needsAttention(account({ state: 'paused', brandId: null }))).toBe(false)
  })
})

describe('the list of accounts', () => {
  const brands = [brand('two', 'Second'), brand('one', 'First')]
  const accounts = [
    account({ id: 'a', siteLabel: 'site-10.example' }),
    account({ id: 'b', siteLabel: 'site-9.example' }),
    account({ id: 'c', brandId: null }),
    account({ id: 'd', brandId: 'removed-brand' }),
    account({ id: 'e', brandId: 'two', state: 'paused' }),
  ]

  it('puts accounts without a brand first, then the brands in the order of the rail', () => {
    const groups = groupAccounts(accounts, brands).map((group) => [
      group.brand?.id ?? null,
      group.accounts.map(({ id }) => id),
    ])
    expect(groups).toEqual([
      [null, ['c', 'd']],
      ['two', ['e']],
      ['one', ['b', 'a']],
    ])
  })

  it('loses no account and repeats none', () => {
    const listed = groupAccounts(accounts, brands).flatMap((group) => group.accounts.map(({ id }) => id))
    expect(listed.sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('finds by site, user and brand, all words at once', () => {
    const ids = (query: string) => findAccounts(accounts, brands, 'all', query).map(({ id }) => id)
    expect(ids('SITE-9')).toEqual(['b'])
    expect(ids('second mara')).toEqual(['e'])
    expect(ids('second nobody')).toEqual([])
    expect(findAccounts(accounts, brands, 'paused', '').map(({ id }) => id)).toEqual(['e'])
    expect(findAccounts(accounts, brands, 'attention', '').map(({ id }) => id)).toEqual(['c'])
  })

  it('counts a brand as used by default and by routing', () => {
    const routed = account({ brandId: 'one', vendorBrands: [{ key: 'k', name: 'K', brandId: 'two' }] })
    expect(brandUse('two', [routed])).toBe(1)
    expect(brandUse('one', [routed])).toBe(1)
    expect(brandUse('three', [routed])).toBe(0)
  })
})
