import '../oauth/support/plain-node.ts'
import { writeFirstHead } from '../../../main/audit/head.ts'
import { auditKey } from '../../../main/audit/line.ts'
import { openAuditLog } from '../../../main/audit/log.ts'
import { memoryDocument, memoryFiles } from '../../../main/audit/memory.ts'
import type { Audit, AuditFact } from '../../../main/audit/model.ts'
import { fakeLog } from '../oauth/support/fakes.ts'

export const keyOf = (byte: number) => auditKey(new Uint8Array(32).fill(byte))

export const mara = { id: 'a1', vendor: 'larkdesk', site: 'acme.example', user: 'Mara Lind' }

export interface Disk {
  files: ReturnType<typeof memoryFiles>
  head: ReturnType<typeof memoryDocument>
}
export const emptyDisk = (): Disk => ({ files: memoryFiles(), head: memoryDocument() })

let clock = Date.UTC(2026, 10, 24)

/** One start of the app on this disk. */
export function open(disk: Disk, { key = 7, maxBytes = 1_000_000, kept = true } = {}): Audit {
  return openAuditLog({ ...disk, key: keyOf(key), maxBytes, kept, now: () => clock++, log: fakeLog() })
}

/** What is left after a key was lost: the files, and the mark that the vault's new key is new. The former head went with the vault. */
export function afterLoss({ files }: Disk, newKey: number): Disk {
  const head = memoryDocument()
  writeFirstHead(head, keyOf(newKey))
  return { files, head }
}

/** A log of so many entries after the one it begins with. */
export function written(disk: Disk, count: number, options: Parameters<typeof open>[1] = {}): Audit {
  const audit = open(disk, options)
  for (let n = 0; n < count; n += 1) audit.record({ kind: 'unlock_failed', facts: { tries: n } })
  return audit
}

/** The whole files, oldest first. */
export const bytesOf = ({ files }: Disk): Buffer[] => files.numbers().map(files.read)

/** The same disk with other bytes in one file. */
export function replace(disk: Disk, file: number, bytes: Buffer): void {
  disk.files.cut(file, 0)
  disk.files.append(file, bytes)
}

export const allKinds = (audit: Audit): string[] =>
  audit
    .list({ limit: 1000 })
    .entries.map(({ entry }) => entry.kind)
    .reverse()

export type { AuditFact }
