import { setImmediate } from 'node:timers/promises'
import type { DocumentFile } from '../ports.ts'
import { digestOf, isUnfinished } from './ending.ts'
import { type AuditFiles, linesOf } from './files.ts'
import { type Head, type HeadAnswer, readHead } from './head.ts'
import { type AuditKey, chainStart, isSound, lineBeginning, readLine } from './line.ts'
import type { AuditBreak, Verification } from './model.ts'

interface Walk {
  /** The newest entry that was checked. */
  last: Head
  checked: number
}

class Broken extends Error {
  readonly seq: number
  readonly reason: AuditBreak

  constructor(seq: number, reason: AuditBreak) {
    super(reason)
    this.seq = seq
    this.reason = reason
  }
}

/** Reads the whole log, file by file, and lets other work go on in between. @throws AppError `file_failed`, or what the file system throws */
export async function verifyLog(files: AuditFiles, headFile: DocumentFile, key: AuditKey): Promise<Verification> {
  const numbers = files.numbers()
  const base = newestChain(files, numbers, key)
  const former = numbers.slice(0, base?.index ?? 0)
  const unverifiable = former.reduce((sum, number) => sum + linesOf(files.read(number)).lines.length, 0)
  const walk: Walk = { last: { seq: base?.entries ?? 0, mac: chainStart }, checked: 0 }
  try {
    if (base !== null && digestOf(files, former) !== base.digest) throw new Broken(1, 'changed')
    let number = numbers[base?.index ?? 0]
    let head: HeadAnswer = readHead(headFile, key)
    while (number !== undefined) {
      const at: number = number
      const bytes = files.read(at)
      // What is written while this runs goes to the end: the head is read with the last file, in one go.
      head = readHead(headFile, key)
      const next: number | undefined = files.numbers().find((each) => each > at)
      walkFile(walk, bytes, next === undefined, head, key)
      number = next
      if (next !== undefined) await setImmediate()
    }
    checkHead(walk, head)
    return { state: 'intact', checked: walk.checked, unverifiable, broken: null }
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    const { seq, reason } = error
    return { state: 'broken', checked: walk.checked, unverifiable, broken: { seq, reason } }
  }
}

/** The file with which the present key began after another was lost: what stands before it cannot be verified, but must not change. */
function newestChain(
  files: AuditFiles,
  numbers: readonly number[],
  key: AuditKey,
): { index: number; entries: number; digest: string } | null {
  for (const [index, number] of [...numbers.entries()].reverse()) {
    const [first] = linesOf(files.read(number)).lines
    const line = first === undefined ? null : readLine(first)
    if (line?.entry.kind !== 'log_started' || line.entry.facts.reason !== 'key_lost' || !isSound(key, line)) continue
    return { index, entries: Number(line.entry.facts.entries), digest: String(line.entry.facts.digest) }
  }
  return null
}

function walkFile(walk: Walk, bytes: Buffer, isNewest: boolean, head: HeadAnswer, key: AuditKey): void {
  const { lines, rest } = linesOf(bytes)
  for (const bytesOfLine of lines) {
    const expected = walk.last.seq + 1
    const line = readLine(bytesOfLine)
    if (line === null || !isSound(key, line)) throw new Broken(expected, 'changed')
    const { entry } = line
    if (entry.kind === 'log_started' && entry.facts.reason === 'broken') throw new Broken(expected, 'broken_before')
    if (entry.seq !== expected || entry.previous !== walk.last.mac) throw new Broken(expected, 'missing')
    if (head.kind === 'found' && head.head.seq === entry.seq && head.head.mac !== line.mac) {
      throw new Broken(expected, 'head_changed')
    }
    walk.last = { seq: entry.seq, mac: line.mac }
    walk.checked += 1
  }
  const beginning = lineBeginning(walk.last.seq + 1, walk.last.mac, key)
  if (!(isNewest ? isUnfinished(rest, beginning) : rest.length === 0)) throw new Broken(walk.last.seq + 1, 'changed')
}

function checkHead({ last }: Walk, head: HeadAnswer): void {
  if (head.kind === 'absent' && last.seq > 0) throw new Broken(last.seq + 1, 'head_missing')
  if (head.kind === 'changed') throw new Broken(last.seq + 1, 'head_changed')
  if (head.kind === 'found' && head.head.seq > last.seq) throw new Broken(last.seq + 1, 'cut')
}
