import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import Store from 'electron-store'
import { AppError } from '../errors.ts'
import type { DocumentAnswer, DocumentFile, DocumentFolder } from '../ports.ts'

/**
 * A folder of JSON documents over electron-store, which writes a temporary file, syncs and renames it.
 * @param folder absolute path; made when the first document is written
 * @param now epoch milliseconds, for the names of what is set aside
 */
export function openDocumentFolder(folder: string, now: () => number): DocumentFolder {
  return {
    file: (name) => documentFile(folder, name, now),
    setAside() {
      if (!existsSync(folder)) return null
      const aside = `${folder}.damaged-${now()}`
      guarded(aside, () => renameSync(folder, aside))
      return aside
    },
  }
}

function documentFile(folder: string, name: string, now: () => number): DocumentFile {
  const path = join(folder, `${name}.json`)
  return {
    read: () => readDocument(folder, name, path),
    write: (value) => guarded(path, () => writeDocument(folder, name, path, value)),
    setAside() {
      if (!existsSync(path)) return null
      const aside = `${path}.damaged-${now()}`
      guarded(path, () => renameSync(path, aside))
      return aside
    },
    remove: () =>
      guarded(path, () => {
        if (!existsSync(path)) return
        rmSync(path, { force: true })
        syncFolder(folder)
      }),
  }
}

/** electron-store reads the file when it is constructed, and throws for anything that is not JSON. */
function openStore(folder: string, name: string) {
  return new Store<Record<string, unknown>>({
    cwd: folder,
    name,
    accessPropertiesByDotNotation: false,
    clearInvalidConfig: false,
    configFileMode: 0o600,
  })
}

function readDocument(folder: string, name: string, path: string): DocumentAnswer {
  try {
    const text = readFileSync(path, 'utf8')
    // electron-store takes a bare `null`, list or text for an empty store; here that is damage.
    const parsed: unknown = JSON.parse(text)
    if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) {
      return { kind: 'damaged', reason: 'not an object' }
    }
    return { kind: 'found', value: { ...openStore(folder, name).store } }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { kind: 'absent' }
    if (error instanceof SyntaxError) return { kind: 'damaged', reason: 'not JSON' }
    return { kind: 'unreadable', reason: errorCode(error) ?? 'unknown' }
  }
}

function writeDocument(folder: string, name: string, path: string, value: Record<string, unknown>): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  openStore(folder, name).store = value
  syncFile(path)
  syncFolder(folder)
  const written: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (!isDeepStrictEqual(written, JSON.parse(JSON.stringify(value)))) {
    throw new AppError('file_failed', 'A file of Manydesk did not keep what was written to it.', { detail: name })
  }
}

/** electron-store falls back to a plain write under Snap and across devices, so the file is synced once more here. */
function syncFile(path: string): void {
  const handle = openSync(path, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Makes a rename last through a power cut. Windows cannot open a folder and orders renames itself. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function guarded(path: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) throw error
    const code = errorCode(error) ?? 'unknown'
    const full = code === 'ENOSPC' || code === 'EDQUOT'
    throw new AppError(
      full ? 'store_full' : 'file_failed',
      full ? 'The disk is full, so Manydesk could not save.' : 'Manydesk could not write to its own folder.',
      {
        action: full ? 'Free some space, then try again.' : 'Check that the folder can be written, then try again.',
        detail: `${code} in ${dirname(path)}`,
        cause: error,
      },
    )
  }
}

function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
