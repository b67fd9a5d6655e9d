import type { Counts } from '../model.ts'
import type { Db } from './driver.ts'
import { assignments, facetOf, isOpen, partsOf } from './facets.ts'
import type { Gathering } from './transaction.ts'

/** Where a conversation counts. */
interface Place {
  account: number
  brand: number
  status: number
  assignment: number
  unread: number
}

export interface Counters extends Gathering {
  add(place: Place): void
  remove(place: Place): void
  counts(revision: number): Counts
  ofAccount(account: number): number
}

interface Cell {
  account_id: string
  brand_id: string | null
  facet: number
  n: number
}

/**
 * One number per account, brand and facet, changed in the transaction that changes the rows. Every count on screen is a sum of a few
 * thousand of them at most, however many conversations there are.
 */
export function createCounters(db: Db): Counters {
  const change = db.prepare<[number, number, number, number]>(
    `INSERT INTO counters (account, brand, facet, n) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET n = n + excluded.n`,
  )
  const cells = db.prepare<[], Cell>(
    `SELECT a.account_id, b.brand_id, c.facet, c.n FROM counters c
     JOIN accounts a ON a.id = c.account LEFT JOIN brands b ON b.id = c.brand WHERE c.n > 0`,
  )
  const sum = db.prepare<[number], number>('SELECT coalesce(sum(n), 0) FROM counters WHERE account = ?').pluck()
  const changes = new Map<string, { place: Place; n: number }>()

  const move = (place: Place, by: number) => {
    const key = `${place.account}/${place.brand}/${facetOf(place.status, place.assignment, place.unread)}`
    const known = changes.get(key)
    if (known) known.n += by
    else changes.set(key, { place, n: by })
  }
  return {
    add: (place) => move(place, 1),
    remove: (place) => move(place, -1),
    flush() {
      for (const { place, n } of changes.values()) {
        const facet = facetOf(place.status, place.assignment, place.unread)
        if (n !== 0) change.run(place.account, place.brand, facet, n)
      }
      changes.clear()
    },
    drop: () => changes.clear(),
    counts: (revision) => summed(cells.all(), revision),
    ofAccount: (account) => sum.get(account) ?? 0,
  }
}

function summed(cells: Cell[], revision: number): Counts {
  const counts: Counts = { revision, total: { all: 0, unread: 0, mine: 0, unassigned: 0 }, byBrand: {}, byAccount: {} }
  for (const { account_id, brand_id, facet, n } of cells) {
    const { status, assignment, unread } = partsOf(facet)
    const open = isOpen(status) ? n : 0
    const fresh = unread ? n : 0
    counts.total.all += n
    counts.total.unread += fresh
    if (assignment === assignments.me) counts.total.mine += open
    if (assignment === assignments.none) counts.total.unassigned += open
    counts.byAccount[account_id] ??= { all: 0, open: 0, unread: 0 }
    const account = counts.byAccount[account_id]
    account.all += n
    account.open += open
    account.unread += fresh
    if (brand_id === null) continue
    counts.byBrand[brand_id] ??= { open: 0, unread: 0 }
    const brand = counts.byBrand[brand_id]
    brand.open += open
    brand.unread += fresh
  }
  return counts
}
