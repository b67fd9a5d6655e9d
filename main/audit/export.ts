import type { Audit, AuditEntry, AuditPlace, Verification } from './model.ts'
import { summaryOf } from './words.ts'

const pageSize = 500

/**
 * The whole log as JSON lines, oldest first: a line about the export, then each entry as it is kept, with a sentence in `summary`. The
 * MACs stay behind: only this installation could check them, and `verification` says what it found.
 */
export function exportLines(
  audit: Pick<Audit, 'list'>,
  verification: Verification,
  version: string,
  now: number,
): string {
  const entries = allEntries(audit)
  const { state, checked, unverifiable, broken } = verification
  const head = {
    export: 'Manydesk audit log',
    version,
    exportedAt: new Date(now).toISOString(),
    entries: entries.length,
    verification: { state, checked, unverifiable, broken },
  }
  const lines = entries.reverse().map((entry) => ({ ...entry, summary: summaryOf(entry) }))
  return [head, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** Newest first. */
function allEntries(audit: Pick<Audit, 'list'>): AuditEntry[] {
  const entries: AuditEntry[] = []
  let before: AuditPlace | null | undefined
  while (before !== null) {
    const page = audit.list({ limit: pageSize, before })
    entries.push(...page.entries.map(({ entry }) => entry))
    before = page.next
  }
  return entries
}
