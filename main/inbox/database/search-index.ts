import type { Db } from './driver.ts'
import { indexText, scopeWords } from './search-text.ts'
import type { Gathering } from './transaction.ts'

export interface SearchIndex extends Gathering {
  /** The conversation's text or place changed: index it anew at the end of the transaction. `before`: its search id until now. */
  touch(id: number, before: number | null): void
  remove(id: number, searchId: number): void
}

interface Words {
  search_id: number
  account: number
  brand: number
  vendor_id: string
  subject: string
  preview: string
  tags: string
  customer: string
}

const maxMessageChars = 20_000
const maxBodyChars = 200_000

/** A free place in the order of activity: seconds first, then the row. The index walks its rowids downwards, so newest comes first unsorted. */
export function createSearchIds(db: Db): (updatedAt: number, id: number) => number {
  const taken = db.prepare<[number], number>('SELECT id FROM conversations WHERE search_id = ?').pluck()
  return (updatedAt, id) => {
    let candidate = Math.floor(updatedAt / 1000) * 2 ** 20 + (id % 2 ** 20)
    for (let holder = taken.get(candidate); holder !== undefined && holder !== id; holder = taken.get(candidate)) {
      candidate += 1
    }
    return candidate
  }
}

/** Full text over subject, customer and messages. Holds no copy of the text, so what is indexed is read from the tables. */
export function createSearchIndex(db: Db): SearchIndex {
  const words = db.prepare<[number], Words>(
    `SELECT search_id, account, brand, vendor_id, subject, preview, tags,
       coalesce(customer_name, '') || ' ' || coalesce(customer_email, '') || ' ' || coalesce(customer_phone, '') AS customer
     FROM conversations WHERE id = ?`,
  )
  const messages = db.prepare<[number, number], string>(
    `SELECT substr(body_text, 1, ?) FROM messages WHERE conversation = ? AND kind <> 'event' ORDER BY created_at DESC, id DESC`,
  )
  const erase = db.prepare<[number]>('DELETE FROM search WHERE rowid = ?')
  const insert = db.prepare<[number, string, string, string]>(
    'INSERT INTO search (rowid, subject, customer, body) VALUES (?, ?, ?, ?)',
  )
  const touched = new Map<number, number | null>()

  const bodyOf = (id: number, { preview, tags, vendor_id }: Words) => {
    const parts = [vendor_id, preview, tags]
    let left = maxBodyChars
    for (const text of messages.pluck().iterate(maxMessageChars, id)) {
      if (left <= 0) break
      parts.push(text.slice(0, left))
      left -= text.length
    }
    return parts.join('\n')
  }
  return {
    touch(id, before) {
      if (!touched.has(id)) touched.set(id, before)
    },
    remove(id, searchId) {
      erase.run(touched.get(id) ?? searchId)
      touched.delete(id)
    },
    flush() {
      for (const before of touched.values()) if (before !== null) erase.run(before)
      for (const id of touched.keys()) {
        const found = words.get(id)
        if (!found) continue
        const body = [...scopeWords(found), indexText(bodyOf(id, found))].join(' ')
        insert.run(found.search_id, indexText(found.subject), indexText(found.customer), body)
      }
      touched.clear()
    },
    drop: () => touched.clear(),
  }
}
