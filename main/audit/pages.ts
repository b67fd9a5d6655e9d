import { type AuditFiles, linesOf } from './files.ts'
import { type AuditKey, isSound, readLine } from './line.ts'
import { type AuditPage, type AuditQuery, groupOf, type PlacedEntry } from './model.ts'

/** Entries newest first. Only as many files are read as the page needs; lines that are no entries are left to the verification. */
export function readPage(files: AuditFiles, key: AuditKey, query: AuditQuery): AuditPage {
  const { before, limit } = query
  const entries: PlacedEntry[] = []
  for (const placed of newestFirst(files, key, before?.file)) {
    const { file, line } = placed.place
    if (before !== undefined && file === before.file && line >= before.line) continue
    if (!isWanted(placed, query)) continue
    if (entries.length === limit) return { entries, next: entries.at(-1)?.place ?? null }
    entries.push(placed)
  }
  return { entries, next: null }
}

function isWanted({ entry }: PlacedEntry, { groups, accountId }: AuditQuery): boolean {
  if (groups !== undefined && !groups.includes(groupOf(entry.kind))) return false
  return accountId === undefined || entry.account?.id === accountId
}

function* newestFirst(files: AuditFiles, key: AuditKey, upTo = Number.POSITIVE_INFINITY): Generator<PlacedEntry> {
  for (const file of files.numbers().reverse()) {
    if (file > upTo) continue
    const { lines } = linesOf(files.read(file))
    for (const [index, bytes] of [...lines.entries()].reverse()) {
      const read = readLine(bytes)
      if (read === null) continue
      const sound = read.entry.key === key.id ? isSound(key, read) : null
      yield { place: { file, line: index + 1 }, entry: read.entry, sound }
    }
  }
}
