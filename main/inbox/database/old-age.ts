import type { ConversationRecord, ConversationRows } from './conversation-rows.ts'
import type { Db } from './driver.ts'

export interface OldAge {
  /**
   * Deletes up to `limit` conversations that have not changed since `before` (epoch milliseconds), with their messages and with customers who
   * have no other. What the person wrote and the vendor does not have (drafts, outbox) keeps its conversation.
   */
  step(before: number, limit: number): { removed: number; accountIds: string[] }
}

export function createOldAge(db: Db, rows: ConversationRows): OldAge {
  const old = db.prepare<[number, number], { id: number; account_id: string }>(
    `SELECT c.id, a.account_id FROM conversations c JOIN accounts a ON a.id = c.account
     WHERE c.updated_at < ?
       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = a.account_id || ':' || c.vendor_id)
       AND NOT EXISTS (SELECT 1 FROM drafts d WHERE d.conversation_id = a.account_id || ':' || c.vendor_id)
     ORDER BY c.updated_at, c.id LIMIT ?`,
  )
  const forget = db.prepare<[number, string]>('DELETE FROM people WHERE account = ? AND vendor_id = ?')
  const remove = (row: ConversationRecord) => {
    rows.remove(row)
    const { account, customer_vendor_id: customer } = row
    if (customer !== null && rows.ofCustomer(account, customer).length === 0) forget.run(account, customer)
  }
  return {
    step(before, limit) {
      const found = old.all(before, limit)
      for (const { id } of found) {
        const row = rows.get(id)
        if (row !== null) remove(row)
      }
      return { removed: found.length, accountIds: [...new Set(found.map((each) => each.account_id))] }
    },
  }
}
