import { createHash } from 'node:crypto'
import type { DocumentFile } from '../ports.ts'
import { type AuditFiles, linesOf } from './files.ts'
import { type Head, type HeadAnswer, readHead } from './head.ts'
import { type AuditKey, chainStart, isSound, lineBeginning, type ReadLine, readLine } from './line.ts'

/** How the log goes on: after its newest entry, or as a new chain that says why. */
export type Ending =
  | { kind: 'continue'; file: number; size: number; last: Head }
  | { kind: 'start'; reason: 'first' | 'key_lost' | 'broken'; file: number; entries: number; digest: string }

/**
 * Looks at the end of the log and at its head. Only the newest entries are read; `verifyLog` checks them all. What an interrupted write
 * left is taken away; nothing else is changed, and a log that does not fit is left as it is: the new chain goes into a file of its own.
 * @throws AppError `file_failed`, or what the file system throws
 */
export function findEnding(files: AuditFiles, headFile: DocumentFile, key: AuditKey): Ending {
  const numbers = files.numbers()
  const head = readHead(headFile, key)
  const newest = numbers.at(-1)
  if (newest === undefined) {
    const started = head.kind === 'changed' || (head.kind === 'found' && head.head.seq > 0)
    return start(started ? 'broken' : 'first', files, numbers, head)
  }
  const { lines, rest } = linesOf(files.read(newest))
  const last = readLast(files, numbers)
  if (last === null && lines.length === 0 && numbers.length === 1) {
    const torn = isUnfinished(rest, lineBeginning(1, chainStart, key)) && head.kind === 'found' && head.head.seq === 0
    if (!torn) return start('broken', files, numbers, head)
    files.cut(newest, 0)
    return start('first', files, [], head)
  }
  if (last === null) return start('broken', files, numbers, head)
  const isKeyNew = head.kind === 'found' && head.head.seq === 0
  if (last.entry.key !== key.id && isKeyNew) return start('key_lost', files, numbers, head)
  const { seq } = last.entry
  const fits =
    isSound(key, last) &&
    isUnfinished(rest, lineBeginning(seq + 1, last.mac, key)) &&
    head.kind === 'found' &&
    agrees(files, numbers, head.head, last)
  if (!fits) return start('broken', files, numbers, head)
  const size = lines.reduce((sum, line) => sum + line.length + 1, 0)
  if (rest.length > 0) files.cut(newest, size)
  return { kind: 'continue', file: newest, size, last: { seq, mac: last.mac } }
}

/**
 * True for what a write that stopped half-way leaves: nothing, the beginning of the very entry that was to come, or with zeros where a
 * file system had made room already.
 */
export function isUnfinished(rest: Buffer, beginning: string): boolean {
  const text = rest.toString('latin1').replace(/\0+$/, '')
  return beginning.startsWith(text) || text.startsWith(beginning)
}

/** SHA-256 over the files as they are, oldest first. */
export function digestOf(files: AuditFiles, numbers: readonly number[]): string {
  const hash = createHash('sha256')
  for (const number of numbers) hash.update(files.read(number))
  return hash.digest('hex')
}

function start(
  reason: 'first' | 'key_lost' | 'broken',
  files: AuditFiles,
  numbers: readonly number[],
  head: HeadAnswer,
): Ending {
  const lines = numbers.reduce((sum, number) => sum + linesOf(files.read(number)).lines.length, 0)
  const remembered = head.kind === 'found' ? head.head.seq : 0
  const last = readLast(files, numbers)?.entry.seq ?? 0
  // A number in a line that nobody vouches for is believed only as far as there may be lines.
  const entries = Math.max(lines, remembered, last <= lines + remembered + 1_000_000 ? last : 0)
  return {
    kind: 'start',
    reason,
    file: (numbers.at(-1) ?? 0) + 1,
    entries: reason === 'first' ? 0 : entries,
    digest: reason === 'key_lost' ? digestOf(files, numbers) : '',
  }
}

/** The newest whole line; the newest file may have none yet. */
function readLast(files: AuditFiles, numbers: readonly number[]): ReadLine | null {
  for (const number of numbers.toReversed()) {
    const line = linesOf(files.read(number)).lines.at(-1)
    if (line !== undefined) return readLine(line)
  }
  return null
}

/** The head may lag behind the log by what was written just before a stop; it is never ahead of it, and never of another log. */
function agrees(files: AuditFiles, numbers: readonly number[], head: Head, last: ReadLine): boolean {
  if (head.seq === 0) return true
  if (head.seq > last.entry.seq) return false
  if (head.seq === last.entry.seq) return head.mac === last.mac
  const newest = numbers.slice(-2).flatMap((number) => linesOf(files.read(number)).lines.map(readLine))
  const remembered = newest.find((line) => line?.entry.seq === head.seq)
  if (remembered) return remembered.mac === head.mac
  return newest.some((line) => line?.entry.kind === 'log_started' && line.entry.seq > head.seq)
}
