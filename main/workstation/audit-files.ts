import { join } from 'node:path'
import { openAuditFiles } from '../audit/files.ts'
import { writeFirstHead } from '../audit/head.ts'
import { auditKey } from '../audit/line.ts'
import { openAuditLog } from '../audit/log.ts'
import { memoryDocument, memoryFiles } from '../audit/memory.ts'
import type { Audit } from '../audit/model.ts'
import { AppError, isAppError } from '../errors.ts'
import type { Vault } from '../oauth/model.ts'
import type { Clock, DocumentFolder, Log } from '../ports.ts'

interface AuditPlaceOptions {
  /** Folder of this person's data; the log is in `audit` below it. */
  folder: string
  /** The vault's folder: the remembered end of the log goes where its key goes. */
  documents: DocumentFolder
  /** 32 bytes. */
  key: Uint8Array
  lasting: boolean
  clock: Clock
  log: Log
}

const headName = 'audit'
/** About 2,500 entries. */
const maxBytes = 1_000_000

/** The audit log of this installation; in memory for a session without keys, and with a notice where the disk does not let it be read. */
export function openAuditFor(options: AuditPlaceOptions): { audit: Audit; notice: AppError | null } {
  const { folder, documents, lasting, clock, log } = options
  const common = { key: auditKey(options.key), maxBytes, now: clock.now, log }
  const inMemory = () => openAuditLog({ ...common, files: memoryFiles(), head: memoryDocument(), kept: false })
  if (!lasting) return { audit: inMemory(), notice: null }
  try {
    const files = openAuditFiles(join(folder, 'audit'))
    return { audit: openAuditLog({ ...common, files, head: documents.file(headName), kept: true }), notice: null }
  } catch (error) {
    log.error('The audit log could not be opened', { error })
    return { audit: inMemory(), notice: unreadable(error) }
  }
}

/** Call it when the vault has made its key: tells the log that another key is behind the entries there are. */
export async function markNewKey(vault: Vault, documents: DocumentFolder, log: Log): Promise<void> {
  try {
    writeFirstHead(documents.file(headName), auditKey(await vault.purposeKey('audit')))
  } catch (error) {
    log.warn('The audit log could not be told of the new key', { error })
  }
}

function unreadable(error: unknown): AppError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return new AppError(
    'file_failed',
    'The audit log cannot be read right now, so this session keeps it in memory only.',
    {
      action: 'Check that the data folder of Manydesk can be read and written, then start Manydesk again.',
      detail: isAppError(error) ? error.detail : code,
    },
  )
}
