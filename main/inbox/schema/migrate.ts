import { AppError } from '../../errors.ts'
import type { Db } from '../database/driver.ts'
import { inbox } from './010-inbox.ts'
import { outbox } from './020-outbox.ts'
import { abilities } from './030-abilities.ts'

/** One step of the file's form. Numbers go up by ten, released steps are never edited. */
export interface Migration {
  version: number
  sql: string
}

export const migrations: readonly Migration[] = [inbox, outbox, abilities]

/**
 * Brings the file to the form of this program: each missing step in one transaction with its number, so that a crash leaves the old or the
 * new form.
 * @throws AppError `store_newer` when a newer version of Manydesk wrote the file; it is left as it is
 */
export function migrate(db: Db, steps: readonly Migration[] = migrations): void {
  const newest = steps.at(-1)?.version ?? 0
  const found = versionOf(db)
  if (found > newest) {
    throw new AppError('store_newer', 'This data was written by a newer version of Manydesk.', {
      action: 'Start the newer version. Nothing here was changed.',
      detail: `schema ${found}, this version knows ${newest}`,
    })
  }
  for (const step of steps) {
    if (step.version <= found) continue
    db.transaction(() => {
      db.exec(step.sql)
      db.pragma(`user_version = ${step.version}`)
    }).exclusive()
  }
}

function versionOf(db: Db): number {
  return Number(db.pragma('user_version', { simple: true }))
}
