import { createHmac, timingSafeEqual } from 'node:crypto'
import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { DocumentFile, Log } from '../ports.ts'
import { redactText } from './redact.ts'

/** What is written down: who signed in where, and what became of it. No secret, and nothing a customer wrote. */
export const auditEvents = [
  'connected',
  'reconnected',
  'sign_in_failed',
  'other_user_refused',
  'needs_sign_in',
  'paused',
  'resumed',
  'removed',
  'policy_read',
  'policy_unusable',
  'exported',
] as const
export type AuditEvent = (typeof auditEvents)[number]

/** Which account it was about, in words that stay true when the account is gone. */
export interface AuditAbout {
  vendor: string
  siteLabel: string
  /** The agent's name at the vendor; null where nobody signed in. */
  user: string | null
}

export interface AuditEntry {
  /** 1, 2, 3 and so on. */
  seq: number
  /** Epoch milliseconds. */
  at: number
  event: AuditEvent
  about: AuditAbout | null
  /** An error code, how a sign-in was revoked, a file name. */
  detail: string | null
}

export interface AuditReading {
  entries: AuditEntry[]
  /** Why the log cannot be believed, or null: a changed, missing or added line. */
  broken: string | null
}

export interface Audit {
  /** Written and on disk when it returns; trouble is logged and stops nothing. */
  note(event: AuditEvent, about: AuditAbout | null, detail?: string | null): void
  read(): AuditReading
}

const stored = z.object({
  seq: z.number().int(),
  at: z.number().int(),
  event: z.enum(auditEvents),
  about: z.object({ vendor: z.string(), siteLabel: z.string(), user: z.string().nullable() }).nullable(),
  detail: z.string().nullable(),
  mac: z.string(),
})
type Stored = z.infer<typeof stored>
const headDocument = z.object({ seq: z.number().int(), mac: z.string(), headMac: z.string() })

interface AuditOptions {
  /** Absolute path; one JSON object a line, only ever added to. */
  file: string
  /** Remembers the newest line apart from the log, so that a log cut short is seen. */
  head: DocumentFile
  /** From the vault: without it nobody can write a line that fits. */
  key: Uint8Array
  now(): number
  log: Log
}

/**
 * An append-only log in which each line carries an HMAC over itself and the line before it, and the newest one is remembered under the same
 * key elsewhere. A line that was changed, left out, reordered or added by somebody without the key is found by `read`.
 */
export function createAudit({ file, head, key, now, log }: AuditOptions): Audit {
  const macOf = (entry: AuditEntry, before: string) =>
    createHmac('sha256', key)
      .update(`${before}\n${JSON.stringify([entry.seq, entry.at, entry.event, entry.about, entry.detail])}`)
      .digest('hex')
  const headMacOf = (seq: number, mac: string) => createHmac('sha256', key).update(`head ${seq} ${mac}`).digest('hex')
  let last: { seq: number; mac: string } | null = null

  const newest = (): { seq: number; mac: string } => {
    if (last !== null) return last
    const line = readLines(file).at(-1)
    const parsed = line === undefined ? null : parse(line)
    // A damaged end is left as it is and followed by a line that fits what the head remembers: `read` then tells of it.
    last = parsed ?? readHead(head) ?? { seq: 0, mac: '' }
    return last
  }

  return {
    note(event, about, detail = null) {
      try {
        const before = newest()
        const clean = detail === null ? null : redactText(detail).slice(0, 200)
        const entry: AuditEntry = { seq: before.seq + 1, at: now(), event, about, detail: clean }
        const mac = macOf(entry, before.mac)
        append(file, `${JSON.stringify({ ...entry, mac })}\n`)
        last = { seq: entry.seq, mac }
        head.write({ ...last, headMac: headMacOf(entry.seq, mac) })
      } catch (error) {
        log.error('The audit log could not be written', { event, error })
      }
    },
    read() {
      const entries: AuditEntry[] = []
      let before = ''
      let broken: string | null = null
      for (const [index, line] of readLines(file).entries()) {
        const found = parse(line)
        if (found === null) {
          broken ??= `Line ${index + 1} is not one of this log.`
          continue
        }
        const { mac, ...entry } = found
        if (entry.seq !== entries.length + 1 || !same(mac, macOf(entry, before))) {
          broken ??= `Line ${index + 1} was changed, or lines before it are missing.`
        }
        before = mac
        entries.push(entry)
      }
      return { entries, broken: broken ?? headFault(head, entries.length, before, headMacOf) }
    },
  }
}

function readHead(head: DocumentFile): { seq: number; mac: string; headMac: string } | null {
  const answer = head.read()
  if (answer.kind !== 'found') return null
  const parsed = headDocument.safeParse(answer.value)
  return parsed.success ? parsed.data : null
}

function headFault(
  head: DocumentFile,
  count: number,
  mac: string,
  headMacOf: (seq: number, mac: string) => string,
): string | null {
  const known = readHead(head)
  if (known === null) return count === 0 ? null : 'What the newest line was is not known any more.'
  if (!same(known.headMac, headMacOf(known.seq, known.mac))) return 'What the newest line was has been changed.'
  // One line more than the head knows: the computer stopped between the two writes.
  if (known.seq === count && same(known.mac, mac)) return null
  return known.seq === count - 1 ? null : 'The newest lines are missing.'
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function parse(line: string): Stored | null {
  try {
    const parsed = stored.safeParse(JSON.parse(line))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function append(file: string, line: string): void {
  mkdirSync(dirname(file), { recursive: true })
  appendFileSync(file, line, { mode: 0o600 })
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
