import { closeSync, mkdirSync, openSync, readSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../../errors.ts'
import { migrate } from '../schema/migrate.ts'
import { type Db, Driver } from './driver.ts'
import { storeError } from './errors.ts'

const plainHeader = 'SQLite format 3\0'

/**
 * Opens, proves, and migrates the encrypted file. `key` is 32 raw bytes, used as they are (no key derivation), and wiped here.
 * @throws AppError `store_newer`, `store_damaged`, `store_full`, `store_unavailable`
 */
export function openDatabase(file: string, key: Uint8Array): Db {
  let db: Db | null = null
  try {
    mkdirSync(dirname(file), { recursive: true })
    db = openKeyed(file, key)
    configure(db)
    migrate(db)
    // Brings the first pages into the file itself, so that the proof below sees what the disk keeps.
    db.pragma('wal_checkpoint(TRUNCATE)')
    proveEncrypted(file)
    return db
  } catch (error) {
    db?.close()
    throw error instanceof Error && 'syscall' in error ? folderError(error) : storeError(error)
  } finally {
    key.fill(0)
  }
}

/** A file that was set aside, for reading only. Its log is read too where it is there. @throws AppError as `openDatabase` */
export function openSetAside(file: string, key: Uint8Array): Db {
  let db: Db | null = null
  try {
    db = openKeyed(file, key)
    return db
  } catch (error) {
    db?.close()
    throw storeError(error)
  } finally {
    key.fill(0)
  }
}

/** AEGIS with a raw key: https://utelle.github.io/SQLite3MultipleCiphers/docs/ciphers/cipher_aegis/ */
function openKeyed(file: string, key: Uint8Array): Db {
  if (key.length !== 32) throw new AppError('internal', 'The key of the local store has the wrong length.')
  const db = new Driver(file, { timeout: 5000 })
  db.pragma("cipher = 'aegis'")
  const phrase = Buffer.from(`raw:${Buffer.from(key).toString('hex')}`)
  db.key(phrase)
  phrase.fill(0)
  // `key` accepts anything; only the first read tells whether it fits.
  db.prepare('SELECT count(*) FROM sqlite_master').get()
  return db
}

function configure(db: Db): void {
  // One connection in one process: the lock is kept, no shared memory file exists, a second program is told at once.
  db.pragma('locking_mode = EXCLUSIVE')
  db.pragma('journal_mode = WAL')
  // NORMAL may lose acknowledged commands when power fails.
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  // Temporary databases are never encrypted.
  db.pragma('temp_store = MEMORY')
  // Memory maps and encryption corrupted data: SQLite3MultipleCiphers issue 156.
  db.pragma('mmap_size = 0')
  db.pragma('secure_delete = ON')
  db.pragma('trusted_schema = OFF')
  db.pragma('cell_size_check = ON')
  db.pragma('wal_autocheckpoint = 1000')
  db.pragma('cache_size = -32768')
}

/** A driver without encryption ignores the key silently; customers' text must never reach the disk that way. */
function proveEncrypted(file: string): void {
  const head = Buffer.alloc(16)
  const handle = openSync(file, 'r')
  try {
    const read = readSync(handle, head, 0, 16, 0)
    if (read === 16 && head.toString('latin1') !== plainHeader) return
  } finally {
    closeSync(handle)
  }
  throw new AppError('store_unavailable', 'The local copy could not be encrypted, so it is not used.', {
    action: 'Install Manydesk again. If this stays, send us the log file.',
    detail: 'plain file header',
  })
}

function folderError(error: Error): AppError {
  return new AppError('store_unavailable', 'The data folder of Manydesk cannot be read or written.', {
    action: 'Check the permissions of the folder, then restart Manydesk.',
    detail: 'code' in error ? String(error.code) : error.name,
    cause: error,
  })
}
