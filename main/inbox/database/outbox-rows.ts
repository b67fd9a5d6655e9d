import type { Command, Compose } from '../../connectors/model.ts'
import type { CommandState, OutboxItem } from '../model.ts'
import type { Db } from './driver.ts'

export interface OutboxRow {
  seq: number
  id: string
  conversation_id: string
  account_id: string
  command: string
  state: CommandState
  attempts: number
  created_at: number
  sent_at: number | null
  not_before: number
  error: string | null
  subject: string
  customer_name: string
  confirmed_at: number | null
  base_version: number | null
}

/** The columns of the state machine; what is left out stays as it is. */
interface OutboxStep {
  state: CommandState
  attempts?: number
  sent_at?: number | null
  not_before?: number
  error?: string | null
  confirmed_at?: number
  base_version?: number
}

export interface OutboxRows {
  add(row: Omit<OutboxRow, 'seq'>): void
  get(id: string): OutboxRow | null
  /** All of a conversation in order, confirmed ones that are still shown over the vendor's state included. */
  ofConversation(conversationId: string): OutboxRow[]
  /** Everything not confirmed, in order. */
  waiting(): OutboxRow[]
  /** The first unconfirmed command of the account in each conversation, in order. What another account sends there waits for itself. */
  heads(accountId: string): OutboxRow[]
  step(id: string, step: OutboxStep): void
  remove(id: string): void
  /** Confirmed long ago, or found in the middle of being sent. */
  leftOver(confirmedBefore: number): OutboxRow[]
  /**
   * Removes what the account would still send and what was sent in its conversations. Two kinds of mails stay: those it sent about
   * conversations of other accounts, which show them, and those of other accounts that wait, for they are promised to the customer.
   */
  removeAccount(accountId: string): void
}

const columns = [
  'id',
  'conversation_id',
  'account_id',
  'command',
  'state',
  'attempts',
  'created_at',
  'sent_at',
  'not_before',
  'error',
  'subject',
  'customer_name',
  'confirmed_at',
  'base_version',
] as const

export function createOutboxRows(db: Db): OutboxRows {
  const insert = db.prepare(
    `INSERT INTO outbox (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
  )
  const one = db.prepare<[string], OutboxRow>('SELECT * FROM outbox WHERE id = ?')
  const ofConversation = db.prepare<[string], OutboxRow>('SELECT * FROM outbox WHERE conversation_id = ? ORDER BY seq')
  const waiting = db.prepare<[], OutboxRow>("SELECT * FROM outbox WHERE state <> 'sent' ORDER BY seq")
  const heads = db.prepare<[string], OutboxRow>(
    `SELECT * FROM outbox o WHERE account_id = ? AND state <> 'sent' AND NOT EXISTS (
       SELECT 1 FROM outbox e WHERE e.conversation_id = o.conversation_id AND e.account_id = o.account_id
         AND e.seq < o.seq AND e.state <> 'sent')
     ORDER BY seq`,
  )
  const update = db.prepare(
    `UPDATE outbox SET state = @state, attempts = @attempts, sent_at = @sent_at, not_before = @not_before, error = @error,
       confirmed_at = @confirmed_at, base_version = @base_version WHERE id = @id`,
  )
  const remove = db.prepare<[string]>('DELETE FROM outbox WHERE id = ?')
  const removeUnsent = db.prepare<[string]>("DELETE FROM outbox WHERE account_id = ? AND state <> 'sent'")
  // Conversation ids begin with the account's and a colon; a semicolon is what follows a colon.
  const removeSent = db.prepare<{ id: string }>(
    "DELETE FROM outbox WHERE state = 'sent' AND conversation_id > @id || ':' AND conversation_id < @id || ';'",
  )
  const leftOver = db.prepare<[number], OutboxRow>(
    "SELECT * FROM outbox WHERE state = 'sending' OR (state = 'sent' AND confirmed_at < ?) ORDER BY seq",
  )
  return {
    add: (row) => insert.run(row),
    get: (id) => one.get(id) ?? null,
    ofConversation: (conversationId) => ofConversation.all(conversationId),
    waiting: () => waiting.all(),
    heads: (accountId) => heads.all(accountId),
    step(id, step) {
      const found = one.get(id)
      if (found) update.run({ ...found, ...step })
    },
    remove: (id) => remove.run(id),
    removeAccount(accountId) {
      removeUnsent.run(accountId)
      removeSent.run({ id: accountId })
    },
    leftOver: (confirmedBefore) => leftOver.all(confirmedBefore),
  }
}

export function itemOf(row: OutboxRow): OutboxItem {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    accountId: row.account_id,
    command: commandOf(row),
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    notBefore: row.not_before,
    error: row.error === null ? null : JSON.parse(row.error),
    subject: row.subject,
    customerName: row.customer_name,
  }
}

export function commandOf(row: Pick<OutboxRow, 'command'>): Command | Compose {
  return JSON.parse(row.command)
}

export type Written = Extract<Command, { kind: 'reply' | 'note' }> | Compose

/** True for what the customer or the team reads, as against a change of a property. */
export function isWritten(command: Command | Compose): command is Written {
  return command.kind === 'reply' || command.kind === 'note' || command.kind === 'compose'
}
