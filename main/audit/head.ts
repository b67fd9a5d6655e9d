import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../errors.ts'
import type { DocumentFile } from '../ports.ts'
import { type AuditKey, chainStart, mac } from './line.ts'

const headDocument = z.object({ seq: z.number().int().nonnegative(), mac: z.string(), proof: z.string() })

/** The newest entry as far as it is remembered apart from the log: its number and MAC. */
export interface Head {
  seq: number
  mac: string
}

export type HeadAnswer = { kind: 'found'; head: Head } | { kind: 'absent' } | { kind: 'changed' }

/** `changed`: the bytes are there and were not written with this key. @throws AppError `file_failed` when they cannot be read now */
export function readHead(file: DocumentFile, key: AuditKey): HeadAnswer {
  const answer = file.read()
  if (answer.kind === 'unreadable') {
    throw new AppError('file_failed', 'The audit log cannot be read right now.', {
      action: 'Try again.',
      detail: answer.reason,
    })
  }
  if (answer.kind === 'absent') return { kind: 'absent' }
  const parsed = answer.kind === 'found' ? headDocument.safeParse(answer.value) : null
  if (!parsed?.success) return { kind: 'changed' }
  const { seq, mac: own, proof } = parsed.data
  const expected = Buffer.from(proofOf({ seq, mac: own }, key))
  const given = Buffer.from(proof)
  const fits = expected.length === given.length && timingSafeEqual(expected, given)
  return fits ? { kind: 'found', head: { seq, mac: own } } : { kind: 'changed' }
}

/** @throws AppError `file_failed`, `store_full`; the former head then still stands, which is not a break: it may lag */
export function writeHead(file: DocumentFile, key: AuditKey, head: Head): void {
  file.write({ ...head, proof: proofOf(head, key) })
}

/**
 * For a key that was just made: from now on a missing head is no accident. Entries of another key are taken for those of a lost one only
 * beside such a head; without it, somebody who changed entries could pass them off as theirs.
 */
export function writeFirstHead(file: DocumentFile, key: AuditKey): void {
  writeHead(file, key, { seq: 0, mac: chainStart })
}

function proofOf({ seq, mac: own }: Head, key: AuditKey): string {
  return mac(key.bytes, `head\n${seq}\n${own}`).toString('hex')
}
