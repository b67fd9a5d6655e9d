import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'

/** The files of one log: `audit-000001.jsonl`, `audit-000002.jsonl` and so on. */
export interface AuditFiles {
  /** Numbers of the files there are, oldest first. */
  numbers(): number[]
  /** Empty where there is no such file. */
  read(number: number): Buffer
  /** On disk when it returns. @throws what the file system throws; part of the bytes may then be there */
  append(number: number, bytes: Uint8Array): void
  /** Takes away what an interrupted write left behind the last whole line. */
  cut(number: number, length: number): void
}

const name = /^audit-(\d{6})\.jsonl$/

/** @param folder absolute path, made with the first entry, for this person only */
export function openAuditFiles(folder: string): AuditFiles {
  const path = (number: number) => join(folder, `audit-${String(number).padStart(6, '0')}.jsonl`)
  return {
    numbers: () =>
      listOrNone(folder)
        .flatMap((file) => name.exec(file)?.[1] ?? [])
        .map(Number)
        .sort((a, b) => a - b),
    read(number) {
      try {
        return readFileSync(path(number))
      } catch (error) {
        if (isAbsent(error)) return Buffer.alloc(0)
        throw error
      }
    },
    append(number, bytes) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const isNew = !existsSync(path(number))
      const handle = openSync(path(number), 'a', 0o600)
      try {
        appendFileSync(handle, bytes)
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
      if (isNew) syncFolder(folder)
    },
    cut(number, length) {
      try {
        truncateSync(path(number), length)
      } catch (error) {
        if (!isAbsent(error)) throw error
      }
    },
  }
}

/** The whole lines of a file without their newlines, and what stands behind the last one. */
export function linesOf(bytes: Buffer): { lines: Buffer[]; rest: Buffer } {
  const lines: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, from)) {
    lines.push(bytes.subarray(from, at))
    from = at + 1
  }
  return { lines, rest: bytes.subarray(from) }
}

function listOrNone(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** Makes a new file last through a power cut. Windows cannot open a folder and orders this itself. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
