import type { Db } from './driver.ts'

/** Something that gathers small changes during a transaction and writes them together at its end. */
export interface Gathering {
  flush(): void
  /** The transaction failed: forget what was gathered. */
  drop(): void
}

export interface Writer {
  /** Runs `change` in one transaction with everything gathered meanwhile. The revision grows by one. */
  write<T>(change: () => T): { value: T; revision: number }
  revision(): number
}

export function createWriter(db: Db, gatherings: Gathering[]): Writer {
  const grow = db
    .prepare<[], number>('UPDATE store_state SET revision = revision + 1 WHERE id = 1 RETURNING revision')
    .pluck()
  const read = db.prepare<[], number>('SELECT revision FROM store_state WHERE id = 1').pluck()
  return {
    write(change) {
      try {
        return db
          .transaction(() => {
            const value = change()
            for (const gathering of gatherings) gathering.flush()
            return { value, revision: grow.get() ?? 0 }
          })
          .immediate()
      } catch (error) {
        for (const gathering of gatherings) gathering.drop()
        throw error
      }
    },
    revision: () => read.get() ?? 0,
  }
}
