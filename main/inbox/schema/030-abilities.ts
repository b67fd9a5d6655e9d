import type { Migration } from './migrate.ts'

/** What one conversation can do where that is less than its account can, and the list of statuses (pipeline) it moves in. */
export const abilities: Migration = {
  version: 30,
  sql: `
    ALTER TABLE conversation_details ADD COLUMN status_scope TEXT;
    ALTER TABLE conversation_details ADD COLUMN commands TEXT;
  `,
}
