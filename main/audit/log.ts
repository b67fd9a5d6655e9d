import type { DocumentFile, Log } from '../ports.ts'
import { cleanText, cleanUser } from './clean.ts'
import { type Ending, findEnding } from './ending.ts'
import type { AuditFiles } from './files.ts'
import { writeFirstHead, writeHead } from './head.ts'
import { type AuditKey, chainStart, writeLine } from './line.ts'
import { type Audit, type AuditAccount, type AuditEntry, type AuditFact, auditFact, usualActor } from './model.ts'
import { readPage } from './pages.ts'
import { verifyLog } from './verify.ts'

interface AuditOptions {
  files: AuditFiles
  /** Remembers the newest entry apart from the log, so that a log cut short is seen. */
  head: DocumentFile
  /** From the vault: without it nobody can write an entry that fits. */
  key: AuditKey
  /** False for a session that leaves nothing on disk: there is nothing to verify later. */
  kept: boolean
  /** Bytes after which a new file begins; the chain goes on. */
  maxBytes: number
  /** Epoch milliseconds. */
  now(): number
  log: Log
}

/**
 * An append-only log in which each entry carries an HMAC over itself and the entry before it, and the newest is remembered under the same
 * key elsewhere. An entry that was changed, left out, reordered or added by somebody without the key is found by `verify`.
 * @throws AppError `file_failed` or what the file system throws, when its present end cannot be read
 */
export function openAuditLog(options: AuditOptions): Audit {
  const { files, head, key, kept, maxBytes, now, log } = options
  const listeners = new Set<() => void>()
  const ending = findEnding(files, head, key)
  let { file } = ending
  let size = ending.kind === 'continue' ? ending.size : 0
  let last = ending.kind === 'continue' ? ending.last : { seq: ending.entries, mac: chainStart }
  let missed = 0
  /** A write failed: what it left is taken away before the next. */
  let torn = false

  const append = (fact: AuditFact) => {
    const { bytes, mac } = writeLine(key, entryOf(fact, last.seq + 1, last.mac, key.id, now()))
    if (torn) files.cut(file, size)
    torn = false
    if (size > 0 && size + bytes.length > maxBytes) {
      file += 1
      size = 0
    }
    torn = true
    files.append(file, bytes)
    torn = false
    size += bytes.length
    last = { seq: last.seq + 1, mac }
    rememberHead()
  }
  const rememberHead = () => {
    try {
      writeHead(head, key, last)
    } catch (error) {
      log.warn('The newest entry of the audit log could not be remembered apart from it', { error })
    }
  }

  const record = (fact: AuditFact) => {
    try {
      const parsed = auditFact.parse(fact)
      if (missed > 0) append({ kind: 'log_gap', facts: { missed } })
      missed = 0
      append(parsed)
    } catch (error) {
      missed += 1
      log.error('The audit log could not be written', { kind: fact.kind, error })
      return
    }
    for (const listener of listeners) listener()
  }

  if (ending.kind === 'continue') rememberHead()
  else begin(ending, () => writeFirstHead(head, key), record)

  return {
    record,
    list: (query) => readPage(files, key, query),
    async verify() {
      const verified = await verifyLog(files, head, key)
      return kept ? verified : { ...verified, state: 'memory' }
    },
    onRecorded(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The head is there before the first entry: from then on a missing one is no accident. What a broken log had as its head stays until then. */
function begin(ending: Ending & { kind: 'start' }, markBegun: () => void, record: Audit['record']): void {
  const { reason, entries, digest } = ending
  if (reason !== 'broken') markBegun()
  record({ kind: 'log_started', facts: { reason, entries, digest } })
  if (reason === 'key_lost') record({ kind: 'app_key_lost' })
}

function entryOf(fact: AuditFact, seq: number, previous: string, key: string, now: number): AuditEntry {
  return {
    seq,
    previous,
    key,
    time: new Date(now).toISOString(),
    kind: fact.kind,
    actor: fact.actor ?? usualActor(fact.kind),
    account: 'account' in fact && fact.account !== null ? cleanAccount(fact.account) : null,
    outcome: 'outcome' in fact ? fact.outcome : null,
    facts: 'facts' in fact ? cleanFacts(fact.facts) : {},
  }
}

const cleanAccount = ({ id, vendor, site, user }: AuditAccount): AuditAccount => ({
  id,
  vendor,
  site: cleanUser(site),
  user: user === null ? null : cleanUser(user),
})

function cleanFacts(facts: AuditEntry['facts']): AuditEntry['facts'] {
  const clean = ([name, value]: [string, string | number | boolean]) => {
    if (typeof value !== 'string' || name === 'digest') return [name, value]
    return [name, name === 'expected' || name === 'answered' ? cleanUser(value) : cleanText(value)]
  }
  return Object.fromEntries(Object.entries(facts).map(clean))
}
