import type { Migration } from './migrate.ts'

/**
 * What the vendors cannot give back. Keyed by the public conversation id and without foreign keys: it outlives the cached rows and can be
 * taken over from a file that was set aside.
 */
export const outbox: Migration = {
  version: 20,
  sql: `
    CREATE TABLE outbox (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      conversation_id TEXT NOT NULL,
      account_id TEXT NOT NULL,
      command TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'unknown', 'sent', 'failed')),
      attempts INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL,
      sent_at INTEGER,
      not_before INTEGER NOT NULL DEFAULT 0,
      error TEXT,
      subject TEXT NOT NULL,
      customer_name TEXT NOT NULL,
      -- Of a confirmed command: when, and the version of the conversation that did not show it yet.
      confirmed_at INTEGER,
      base_version REAL
    ) STRICT;
    CREATE INDEX outbox_conversation ON outbox (conversation_id, seq);
    CREATE INDEX outbox_account ON outbox (account_id, state, seq);

    CREATE TABLE drafts (
      conversation_id TEXT PRIMARY KEY,
      account_id TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('reply', 'note')),
      body_text TEXT NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX drafts_account ON drafts (account_id);
  `,
}
