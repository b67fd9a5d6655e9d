import type { Counters } from './counters.ts'
import type { Db } from './driver.ts'
import type { SearchIndex } from './search-index.ts'

/** One row of `conversations`, as stored. */
export interface ConversationRecord {
  id: number
  account: number
  vendor_id: string
  version: number
  brand: number
  status: number
  assignment: number
  unread: 0 | 1
  updated_at: number
  created_at: number
  search_id: number
  subject: string
  preview: string
  vendor_status_id: string
  vendor_status_label: string
  priority: string | null
  channel: string
  customer_vendor_id: string | null
  customer_name: string | null
  customer_email: string | null
  customer_phone: string | null
  assignee_vendor_id: string | null
  group_vendor_id: string | null
  tags: string
  brand_key: string | null
  last_message_by: 'customer' | 'agent' | null
  customer_at: number
  due_at: number | null
  thread_at: number | null
  thread_version: number | null
}

export interface Details {
  url: string
  vendor: string
  base: string | null
  status_scope: string | null
  /** JSON list of command kinds; null: all of the account. */
  commands: string | null
}

export interface ConversationRows {
  find(account: number, vendorId: string): ConversationRecord | null
  get(id: number): ConversationRecord | null
  nextId(): number
  insert(row: ConversationRecord): void
  /** Writes what differs. Answers whether anything did. */
  update(before: ConversationRecord, changes: Partial<ConversationRecord>): boolean
  remove(row: ConversationRecord): void
  details(id: number): Details | null
  /** Answers whether anything differed. */
  putDetails(id: number, details: Details): boolean
  ofCustomer(account: number, customerVendorId: string): ConversationRecord[]
  after(account: number, id: number, limit: number): ConversationRecord[]
}

const names = [
  'id',
  'account',
  'vendor_id',
  'version',
  'brand',
  'status',
  'assignment',
  'unread',
  'updated_at',
  'created_at',
  'search_id',
  'subject',
  'preview',
  'vendor_status_id',
  'vendor_status_label',
  'priority',
  'channel',
  'customer_vendor_id',
  'customer_name',
  'customer_email',
  'customer_phone',
  'assignee_vendor_id',
  'group_vendor_id',
  'tags',
  'brand_key',
  'last_message_by',
  'customer_at',
  'due_at',
  'thread_at',
  'thread_version',
] as const satisfies (keyof ConversationRecord)[]

const detailNames = ['url', 'vendor', 'base', 'status_scope', 'commands'] as const satisfies (keyof Details)[]

/** What the full-text index reads of a row. `search_id` stands for the moment of the newest activity. */
const searched = new Set<keyof ConversationRecord>([
  'search_id',
  'brand',
  'subject',
  'preview',
  'customer_name',
  'customer_email',
  'customer_phone',
  'tags',
])

/** The only writer of `conversations`, so that counters and the full-text index cannot be forgotten. */
export function createConversationRows(db: Db, counters: Counters, search: SearchIndex): ConversationRows {
  const list = names.join(', ')
  const find = db.prepare<[number, string], ConversationRecord>(
    `SELECT ${list} FROM conversations WHERE account = ? AND vendor_id = ?`,
  )
  const get = db.prepare<[number], ConversationRecord>(`SELECT ${list} FROM conversations WHERE id = ?`)
  const lastId = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM conversations').pluck()
  const insert = db.prepare(
    `INSERT INTO conversations (${list}) VALUES (${names.map((name) => `@${name}`).join(', ')})`,
  )
  const remove = db.prepare<[number]>('DELETE FROM conversations WHERE id = ?')
  const details = db.prepare<[number], Details>(
    'SELECT url, vendor, base, status_scope, commands FROM conversation_details WHERE id = ?',
  )
  const putDetails = db.prepare<[Details & { id: number }]>(
    `INSERT OR REPLACE INTO conversation_details (id, url, vendor, base, status_scope, commands)
     VALUES (@id, @url, @vendor, @base, @status_scope, @commands)`,
  )
  const ofCustomer = db.prepare<[number, string], ConversationRecord>(
    `SELECT ${list} FROM conversations WHERE account = ? AND customer_vendor_id = ?`,
  )
  const after = db.prepare<[number, number, number], ConversationRecord>(
    `SELECT ${list} FROM conversations WHERE account = ? AND id > ? ORDER BY id LIMIT ?`,
  )
  const write = updater(db)

  return {
    find: (account, vendorId) => find.get(account, vendorId) ?? null,
    get: (id) => get.get(id) ?? null,
    nextId: () => (lastId.get() ?? 0) + 1,
    insert(row) {
      insert.run(row)
      counters.add(row)
      search.touch(row.id, null)
    },
    update(before, changes) {
      const row = { ...before, ...changes }
      const changed = names.filter((name) => row[name] !== before[name])
      if (changed.length === 0) return false
      write(changed, row)
      counters.remove(before)
      counters.add(row)
      if (changed.some((name) => searched.has(name))) search.touch(row.id, before.search_id)
      return true
    },
    remove(row) {
      search.remove(row.id, row.search_id)
      remove.run(row.id)
      counters.remove(row)
    },
    details: (id) => details.get(id) ?? null,
    putDetails(id, next) {
      const known = details.get(id)
      if (known && detailNames.every((name) => known[name] === next[name])) return false
      putDetails.run({ ...next, id })
      return true
    },
    ofCustomer: (account, customerVendorId) => ofCustomer.all(account, customerVendorId),
    after: (account, id, limit) => after.all(account, id, limit),
  }
}

/** Only changed columns are named, so that only their indexes are touched. Few combinations occur; each is prepared once. */
function updater(db: Db): (changed: (keyof ConversationRecord)[], row: ConversationRecord) => void {
  const statements = new Map<string, ReturnType<Db['prepare']>>()
  return (changed, row) => {
    const assignments = changed.map((name) => `${name} = @${name}`).join(', ')
    const statement =
      statements.get(assignments) ?? db.prepare(`UPDATE conversations SET ${assignments} WHERE id = @id`)
    statements.set(assignments, statement)
    statement.run(row)
  }
}
