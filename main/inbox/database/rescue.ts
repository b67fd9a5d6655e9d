import type { Rescued } from '../store-protocol.ts'
import type { Db } from './driver.ts'
import { openSetAside } from './file.ts'

/**
 * Takes unsent commands and drafts over from a file that was set aside, row by row until one cannot be read. A file that cannot be opened
 * at all gives nothing: it stays where it is. What was being sent keeps its state, so that it is checked before any second try.
 */
export function rescue(db: Db, file: string, key: Uint8Array): Rescued {
  let source: Db
  try {
    source = openSetAside(file, key)
  } catch {
    return { commands: 0, drafts: 0 }
  }
  try {
    const commands = take(db, source, 'outbox', "state <> 'sent'", ['seq'])
    return { commands, drafts: take(db, source, 'drafts', '1', []) }
  } finally {
    source.close()
  }
}

/** Columns by name, as far as both files have them: the other one may be of an older form. */
function take(db: Db, source: Db, table: string, where: string, without: string[]): number {
  let taken = 0
  try {
    const here = columnsOf(db, table)
    const shared = columnsOf(source, table).filter((name) => here.includes(name) && !without.includes(name))
    const insert = db.prepare(
      `INSERT OR IGNORE INTO ${table} (${shared.join(', ')}) VALUES (${shared.map((name) => `@${name}`).join(', ')})`,
    )
    const order = without.includes('seq') ? ' ORDER BY seq' : ''
    for (const row of source.prepare(`SELECT ${shared.join(', ')} FROM ${table} WHERE ${where}${order}`).iterate()) {
      taken += insert.run(row).changes
    }
  } catch {
    // The rest of this table lies on pages that cannot be read any more; what was read before is kept.
  }
  return taken
}

function columnsOf(db: Db, table: string): string[] {
  return db
    .prepare<[], { name: string }>(`SELECT name FROM pragma_table_info('${table}')`)
    .all()
    .map(({ name }) => name)
}
