import type { Accounts } from './accounts.ts'
import type { ConversationRows } from './conversation-rows.ts'
import type { Drafts } from './drafts.ts'
import type { Db } from './driver.ts'
import type { OutboxRows } from './outbox-rows.ts'

export interface Removal {
  /** Deletes up to `limit` conversations of the account, or, when none is left, the account itself. True while there is more to do. */
  step(accountId: string, limit: number): boolean
}

interface Parts {
  accounts: Accounts
  rows: ConversationRows
  outbox: OutboxRows
  drafts: Drafts
}

export function createRemoval(db: Db, { accounts, rows, outbox, drafts }: Parts): Removal {
  const ofAccount = ['people', 'agents', 'quarantine', 'counters'].map((table) =>
    db.prepare<[number]>(`DELETE FROM ${table} WHERE account = ?`),
  )
  return {
    step(accountId, limit) {
      outbox.removeAccount(accountId)
      drafts.removeAccount(accountId)
      const account = accounts.find(accountId)
      if (!account) return false
      const found = rows.after(account.id, 0, limit)
      for (const row of found) rows.remove(row)
      // In a step of its own: the counters of the rows above are written at the end of this one.
      if (found.length > 0) return true
      for (const statement of ofAccount) statement.run(account.id)
      accounts.remove(account.id)
      return false
    },
  }
}
