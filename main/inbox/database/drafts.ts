import { type Draft, parseConversationId } from '../model.ts'
import type { Db } from './driver.ts'

export interface Drafts {
  get(conversationId: string): Draft | null
  /** Empty text removes the draft. */
  save(draft: Draft): void
  removeKind(conversationId: string, kind: Draft['kind']): void
  removeAccount(accountId: string): void
}

interface DraftRow {
  conversation_id: string
  kind: Draft['kind']
  body_text: string
  updated_at: number
}

export function createDrafts(db: Db): Drafts {
  const get = db.prepare<[string], DraftRow>(
    'SELECT conversation_id, kind, body_text, updated_at FROM drafts WHERE conversation_id = ?',
  )
  const put = db.prepare<[string, string, string, string, number]>(
    'INSERT OR REPLACE INTO drafts (conversation_id, account_id, kind, body_text, updated_at) VALUES (?, ?, ?, ?, ?)',
  )
  const remove = db.prepare<[string]>('DELETE FROM drafts WHERE conversation_id = ?')
  const removeKind = db.prepare<[string, string]>('DELETE FROM drafts WHERE conversation_id = ? AND kind = ?')
  const removeAccount = db.prepare<[string]>('DELETE FROM drafts WHERE account_id = ?')
  return {
    get(conversationId) {
      const row = get.get(conversationId)
      return row
        ? { conversationId: row.conversation_id, kind: row.kind, bodyText: row.body_text, updatedAt: row.updated_at }
        : null
    },
    save({ conversationId, kind, bodyText, updatedAt }) {
      if (bodyText === '') remove.run(conversationId)
      else put.run(conversationId, parseConversationId(conversationId).accountId, kind, bodyText, updatedAt)
    },
    removeKind: (conversationId, kind) => removeKind.run(conversationId, kind),
    removeAccount: (accountId) => removeAccount.run(accountId),
  }
}
