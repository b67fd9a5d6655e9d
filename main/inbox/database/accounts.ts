import { AppError } from '../../errors.ts'
import type { StoreAccount, SyncState } from '../model.ts'
import type { Counters } from './counters.ts'
import type { Db } from './driver.ts'
import { type Assignment, assignments } from './facets.ts'

export interface AccountRow {
  id: number
  account_id: string
  brand: number
  routing: string
  vendor_user_id: string
  cursor: string | null
  filled: number
  newest_at: number
  total: number | null
  directory: string | null
  rebrand_after: number | null
}

export interface Accounts {
  find(accountId: string): AccountRow | null
  /** @throws AppError `not_found` */
  get(accountId: string): AccountRow
  /** Adds or changes the account. Where its rows must follow, `rebrand_after` is set. */
  put(account: StoreAccount): AccountRow
  setRebrandAfter(id: number, after: number | null): void
  /** The end of a page: where the next one begins, what was newest, and whether the account is now read to its end. */
  setCursor(id: number, cursor: string, newestAt: number, total: number | null, more: boolean): void
  setDirectory(id: number, directory: string): void
  remove(id: number): void
  state(account: AccountRow): SyncState
  brandNumber(brandId: string): number
  quarantine(id: number, vendorId: string, path: string, reason: string, now: number): void
  release(id: number, vendorId: string): void
}

export function createAccounts(db: Db, counters: Pick<Counters, 'ofAccount'>): Accounts {
  const select = db.prepare<[string], AccountRow>('SELECT * FROM accounts WHERE account_id = ?')
  const insert = db.prepare<[string, number, string, string]>(
    'INSERT INTO accounts (account_id, brand, routing, vendor_user_id) VALUES (?, ?, ?, ?)',
  )
  const update = db.prepare<[number, string, string, number]>(
    'UPDATE accounts SET brand = ?, routing = ?, vendor_user_id = ?, rebrand_after = 0 WHERE id = ?',
  )
  const rebrandAfter = db.prepare<[number | null, number]>('UPDATE accounts SET rebrand_after = ? WHERE id = ?')
  const cursor = db.prepare<[string, number, number | null, number, number]>(
    `UPDATE accounts SET cursor = ?, newest_at = max(newest_at, ?), total = coalesce(?, total), filled = max(filled, ?)
     WHERE id = ?`,
  )
  const directory = db.prepare<[string, number]>('UPDATE accounts SET directory = ? WHERE id = ?')
  const remove = db.prepare<[number]>('DELETE FROM accounts WHERE id = ?')
  const brand = db.prepare<[string], number>('SELECT id FROM brands WHERE brand_id = ?').pluck()
  const addBrand = db.prepare<[string], number>('INSERT INTO brands (brand_id) VALUES (?) RETURNING id').pluck()
  const quarantine = db.prepare<[number, string, string, string, number]>(
    'INSERT OR REPLACE INTO quarantine (account, vendor_id, path, reason, found_at) VALUES (?, ?, ?, ?, ?)',
  )
  const release = db.prepare<[number, string]>('DELETE FROM quarantine WHERE account = ? AND vendor_id = ?')
  const quarantined = db.prepare<[number], number>('SELECT count(*) FROM quarantine WHERE account = ?').pluck()

  const find = (accountId: string) => select.get(accountId) ?? null
  const get = (accountId: string) => {
    const found = find(accountId)
    if (found) return found
    throw new AppError('not_found', 'This account is not in the local store.')
  }
  const brandNumber = (brandId: string) => brand.get(brandId) ?? addBrand.get(brandId) ?? 0
  return {
    find,
    get,
    brandNumber,
    put(account) {
      const found = find(account.accountId)
      const number = account.brandId === null ? 0 : brandNumber(account.brandId)
      const routing = JSON.stringify(
        Object.fromEntries(Object.entries(account.routing).map(([key, brandId]) => [key, brandNumber(brandId)])),
      )
      if (!found) insert.run(account.accountId, number, routing, account.vendorUserId)
      else if (found.brand !== number || found.routing !== routing || found.vendor_user_id !== account.vendorUserId) {
        update.run(number, routing, account.vendorUserId, found.id)
      }
      return get(account.accountId)
    },
    setRebrandAfter: (id, after) => rebrandAfter.run(after, id),
    setCursor: (id, text, newestAt, total, more) => cursor.run(text, newestAt, total, more ? 0 : 1, id),
    setDirectory: (id, text) => directory.run(text, id),
    remove: (id) => remove.run(id),
    state: (account) => ({
      cursor: account.cursor,
      filled: account.filled === 1,
      conversations: counters.ofAccount(account.id),
      total: account.total,
      quarantined: quarantined.get(account.id) ?? 0,
    }),
    quarantine: (id, vendorId, path, reason, now) => quarantine.run(id, vendorId, path, reason, now),
    release: (id, vendorId) => release.run(id, vendorId),
  }
}

/** Where the vendor's own brand leads, else the brand of the account. */
export function brandOf(account: AccountRow, brandKey: string | null): number {
  if (brandKey === null) return account.brand
  const routing: Record<string, number> = JSON.parse(account.routing)
  return Object.hasOwn(routing, brandKey) ? (routing[brandKey] ?? account.brand) : account.brand
}

export function assignmentOf(account: AccountRow, assigneeVendorId: string | null): Assignment {
  if (assigneeVendorId === null) return assignments.none
  return assigneeVendorId === account.vendor_user_id ? assignments.me : assignments.other
}
