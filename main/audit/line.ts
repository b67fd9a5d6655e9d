import { createHmac, timingSafeEqual } from 'node:crypto'
import { type AuditEntry, auditEntry } from './model.ts'

/**
 * One entry on disk: a line of JSON whose last member is the MAC over all bytes before it, `previous` among them. Over bytes and not over
 * values, so that no other spelling of the same values passes.
 */

/** `previous` of an entry that begins a chain. */
export const chainStart = '0'.repeat(64)

export interface AuditKey {
  /** 32 bytes. */
  bytes: Uint8Array
  id: string
}

/** @param bytes a key of the vault for this purpose alone */
export function auditKey(bytes: Uint8Array): AuditKey {
  return { bytes, id: mac(bytes, 'manydesk audit key').subarray(0, 8).toString('hex') }
}

export function mac(key: Uint8Array, message: string | Uint8Array): Buffer {
  return createHmac('sha256', key).update(message).digest()
}

/** The bytes of an entry with their newline, and its MAC in hexadecimal. */
export function writeLine(key: AuditKey, entry: AuditEntry): { bytes: Buffer; mac: string } {
  const body = Buffer.from(JSON.stringify(entry).slice(0, -1), 'utf8')
  const own = mac(key.bytes, body).toString('hex')
  return { bytes: Buffer.concat([body, Buffer.from(`${seam}${own}"}\n`)]), mac: own }
}

const seam = ',"mac":"'
const tailLength = seam.length + 64 + 2

export interface ReadLine {
  entry: AuditEntry
  mac: string
  /** What the MAC is over. */
  body: Buffer
}

/** A line without its newline; null where it has not the form of an entry. Says nothing yet of whether the MAC fits. */
export function readLine(bytes: Buffer): ReadLine | null {
  const body = bytes.subarray(0, Math.max(0, bytes.length - tailLength))
  const tail = bytes.subarray(body.length).toString('latin1')
  if (!/^,"mac":"[0-9a-f]{64}"\}$/.test(tail)) return null
  try {
    const parsed = auditEntry.safeParse(JSON.parse(`${body.toString('utf8')}}`))
    return parsed.success ? { entry: parsed.data, mac: tail.slice(seam.length, seam.length + 64), body } : null
  } catch {
    return null
  }
}

export function isSound(key: AuditKey, { body, mac: own }: ReadLine): boolean {
  return timingSafeEqual(mac(key.bytes, body), Buffer.from(own, 'hex'))
}

/** How the line of the next entry begins: known before the entry is, which tells a write that was cut off from bytes put there by others. */
export function lineBeginning(seq: number, previous: string, key: AuditKey): string {
  return `{"seq":${seq},"previous":"${previous}","key":"${key.id}","time":"`
}
