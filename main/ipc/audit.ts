import type { AuditEntryView, AuditVerification } from '../../preload/contract.ts'
import { exportLines } from '../audit/export.ts'
import { type Audit, type AuditBreak, type AuditPlace, groupOf, type PlacedEntry } from '../audit/model.ts'
import { summaryOf, toneOf } from '../audit/words.ts'
import { AppError } from '../errors.ts'
import { saveNewFile } from '../files/save-file.ts'
import { demand, type Enforcement } from '../policy/enforce.ts'
import type { Handlers } from './router.ts'

type AuditCalls = 'audit.list' | 'audit.verify' | 'audit.export'

interface AuditParts {
  /** @throws AppError while starting */
  audit(): Audit
  version: string
  downloadsFolder: string
  policy: Pick<Enforcement, 'mayExport'>
  /** Epoch milliseconds. */
  now(): number
}

export function auditHandlers({
  audit,
  version,
  downloadsFolder,
  policy,
  now,
}: AuditParts): Pick<Handlers, AuditCalls> {
  return {
    'audit.list'({ before, ...query }) {
      const page = readable(() =>
        audit().list({ ...query, ...(before === undefined ? {} : { before: placeOf(before) }) }),
      )
      return { entries: page.entries.map(entryView), next: page.next === null ? null : nameOf(page.next) }
    },
    'audit.verify': async () => verificationView(await verified(audit())),
    async 'audit.export'() {
      demand(policy.mayExport())
      const log = audit()
      const verification = await verified(log)
      const text = readable(() => exportLines(log, verification, version, now()))
      const fileName = await saveNewFile(downloadsFolder, 'manydesk-audit-log.jsonl', Buffer.from(text))
      log.record({ kind: 'exported', facts: { what: 'audit', count: text.split('\n').length - 2 } })
      return { fileName, folder: downloadsFolder }
    },
  }
}

const verified = (audit: Audit) =>
  audit.verify().catch((cause: unknown) => {
    throw unreadable(cause)
  })

function readable<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw unreadable(cause)
  }
}

function unreadable(cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  const detail = cause instanceof Error && 'code' in cause ? String(cause.code) : null
  return new AppError('file_failed', 'The audit log cannot be read right now.', { action: 'Try again.', detail, cause })
}

const nameOf = ({ file, line }: AuditPlace): string => `${file}.${line}`

function placeOf(name: string): AuditPlace {
  const [, file, line] = /^(\d{1,6})\.(\d{1,9})$/.exec(name) ?? []
  if (file === undefined || line === undefined)
    throw new AppError('bad_request', 'There is no such page of the audit log.')
  return { file: Number(file), line: Number(line) }
}

function entryView({ place, entry, sound }: PlacedEntry): AuditEntryView {
  const { seq, time, kind, actor, account } = entry
  const at = Date.parse(time)
  return {
    ...{ id: nameOf(place), seq, kind, actor, account, sound },
    // A line that somebody changed may hold no time at all.
    at: Number.isNaN(at) ? 0 : at,
    group: groupOf(kind),
    summary: summaryOf(entry),
    tone: toneOf(entry),
  }
}

const reasons: Record<AuditBreak, string> = {
  changed: 'It is not the entry that was written.',
  missing: 'Entries are missing, doubled or in another order.',
  cut: 'The newest entries are missing.',
  head_missing: 'What was remembered of the newest entry is gone.',
  head_changed: 'What was remembered of the newest entry does not fit.',
  broken_before: 'Entries were changed or taken away while Manydesk was not running; the log began anew after that.',
}

function verificationView({
  state,
  checked,
  unverifiable,
  broken,
}: Awaited<ReturnType<Audit['verify']>>): AuditVerification {
  return {
    ...{ state, checked, unverifiable },
    broken: broken === null ? null : { seq: broken.seq, message: reasons[broken.reason] },
  }
}
