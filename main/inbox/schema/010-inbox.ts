import type { Migration } from './migrate.ts'

/**
 * Numbers instead of vendor ids inside, because every list index carries them. `facet` folds status, assignment and unread into one number,
 * so that any filter is a handful of ranges, each already in list order (see database/list.ts).
 */
export const inbox: Migration = {
  version: 10,
  sql: `
    CREATE TABLE store_state (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      revision INTEGER NOT NULL
    ) STRICT;
    INSERT INTO store_state VALUES (1, 0);

    -- 0 stands for no brand, so that equality finds it.
    CREATE TABLE brands (
      id INTEGER PRIMARY KEY,
      brand_id TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE accounts (
      id INTEGER PRIMARY KEY,
      account_id TEXT NOT NULL UNIQUE,
      brand INTEGER NOT NULL,
      routing TEXT NOT NULL,
      vendor_user_id TEXT NOT NULL,
      cursor TEXT,
      filled INTEGER NOT NULL DEFAULT 0,
      newest_at INTEGER NOT NULL DEFAULT 0,
      total INTEGER,
      directory TEXT,
      -- Where a pass over the rows after a change of brand or user has come to; null: none is due.
      rebrand_after INTEGER
    ) STRICT;

    CREATE TABLE conversations (
      id INTEGER PRIMARY KEY,
      account INTEGER NOT NULL REFERENCES accounts(id),
      vendor_id TEXT NOT NULL,
      version REAL NOT NULL,
      brand INTEGER NOT NULL,
      status INTEGER NOT NULL,
      assignment INTEGER NOT NULL,
      unread INTEGER NOT NULL,
      facet INTEGER NOT NULL GENERATED ALWAYS AS (status * 6 + assignment * 2 + unread) STORED,
      updated_at INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      search_id INTEGER NOT NULL UNIQUE,
      subject TEXT NOT NULL,
      preview TEXT NOT NULL,
      vendor_status_id TEXT NOT NULL,
      vendor_status_label TEXT NOT NULL,
      priority TEXT,
      channel TEXT NOT NULL,
      customer_vendor_id TEXT,
      customer_name TEXT,
      customer_email TEXT,
      customer_phone TEXT,
      assignee_vendor_id TEXT,
      group_vendor_id TEXT,
      tags TEXT NOT NULL,
      brand_key TEXT,
      last_message_by TEXT,
      customer_at INTEGER NOT NULL,
      due_at INTEGER,
      thread_at INTEGER,
      thread_version REAL,
      UNIQUE (account, vendor_id)
    ) STRICT;
    CREATE INDEX conversations_all ON conversations (updated_at, id);
    CREATE INDEX conversations_facet ON conversations (facet, updated_at, id);
    CREATE INDEX conversations_brand ON conversations (brand, updated_at, id);
    CREATE INDEX conversations_brand_facet ON conversations (brand, facet, updated_at, id);
    CREATE INDEX conversations_account ON conversations (account, updated_at, id, brand);
    CREATE INDEX conversations_account_facet ON conversations (account, facet, updated_at, id, brand);
    -- Open conversations whose thread is not here or older than they are.
    CREATE INDEX conversations_thread ON conversations (account, updated_at)
      WHERE status < 4 AND thread_version IS NOT version;
    CREATE INDEX conversations_customer ON conversations (account, customer_vendor_id)
      WHERE customer_vendor_id IS NOT NULL;

    -- What lists never read. base: the vendor's own values while commands of ours are shown over them.
    CREATE TABLE conversation_details (
      id INTEGER PRIMARY KEY REFERENCES conversations(id) ON DELETE CASCADE,
      url TEXT NOT NULL,
      vendor TEXT NOT NULL,
      base TEXT
    ) STRICT;

    CREATE TABLE counters (
      account INTEGER NOT NULL,
      brand INTEGER NOT NULL,
      facet INTEGER NOT NULL,
      n INTEGER NOT NULL,
      PRIMARY KEY (account, brand, facet)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE messages (
      id INTEGER PRIMARY KEY,
      conversation INTEGER NOT NULL REFERENCES conversations(id) ON DELETE CASCADE,
      vendor_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      direction TEXT NOT NULL,
      author TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      body_html TEXT,
      body_text TEXT NOT NULL,
      attachments TEXT NOT NULL,
      -- When the read began that brought it: an older read that does not know it does not remove it.
      read_at INTEGER NOT NULL,
      UNIQUE (conversation, vendor_id)
    ) STRICT;
    CREATE INDEX messages_thread ON messages (conversation, created_at, id);

    CREATE TABLE people (
      account INTEGER NOT NULL REFERENCES accounts(id),
      vendor_id TEXT NOT NULL,
      name TEXT,
      email TEXT,
      phone TEXT,
      PRIMARY KEY (account, vendor_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE agents (
      account INTEGER NOT NULL REFERENCES accounts(id),
      vendor_id TEXT NOT NULL,
      name TEXT NOT NULL,
      email TEXT,
      active INTEGER NOT NULL,
      PRIMARY KEY (account, vendor_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE quarantine (
      account INTEGER NOT NULL REFERENCES accounts(id),
      vendor_id TEXT NOT NULL,
      path TEXT NOT NULL,
      reason TEXT NOT NULL,
      found_at INTEGER NOT NULL,
      PRIMARY KEY (account, vendor_id)
    ) STRICT, WITHOUT ROWID;

    -- Text only goes in; rowid is conversations.search_id, which grows with activity: newest first is the index's own order.
    CREATE VIRTUAL TABLE search USING fts5 (
      subject, customer, body,
      content = '', contentless_delete = 1,
      prefix = '2 3',
      tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'"
    );
  `,
}
