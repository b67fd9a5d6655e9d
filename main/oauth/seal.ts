import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { z } from 'zod'

/** One secret at rest. Text fields are base64. */
export const sealedEntry = z.object({
  /** Names the app key that sealed it. */
  keyId: z.string(),
  /** Grows with every write of this entry. Part of the associated data, so it cannot be changed unnoticed. */
  generation: z.number().int().positive(),
  nonce: z.string(),
  /** AES-256-GCM ciphertext followed by its 16 byte tag. */
  sealed: z.string(),
})
export type SealedEntry = z.infer<typeof sealedEntry>

export interface EntryName {
  accountId: string
  kind: 'grant' | 'client'
}

const tagLength = 16

/** A key for one purpose from the app key: HKDF-SHA256 (RFC 5869), 32 bytes. The purpose is the `info`. */
export function deriveKey(appKey: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', appKey, new Uint8Array(), `manydesk/v1/${purpose}`, 32))
}

/** A short public name of an app key: tells two keys apart and says nothing about either. */
export function keyIdOf(appKey: Uint8Array): string {
  return Buffer.from(deriveKey(appKey, 'key-id')).subarray(0, 8).toString('hex')
}

export function sealEntry(appKey: Uint8Array, name: EntryName, generation: number, value: unknown): SealedEntry {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', entryKey(appKey, name), nonce)
  cipher.setAAD(associatedData(name, generation))
  const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { keyId: keyIdOf(appKey), generation, nonce: nonce.toString('base64'), sealed: sealed.toString('base64') }
}

/** The value, or undefined when key, account, kind, generation or bytes are not those it was sealed with. */
export function openEntry(appKey: Uint8Array, name: EntryName, entry: SealedEntry): unknown {
  try {
    const bytes = Buffer.from(entry.sealed, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', entryKey(appKey, name), Buffer.from(entry.nonce, 'base64'), {
      authTagLength: tagLength,
    })
    decipher.setAAD(associatedData(name, entry.generation))
    decipher.setAuthTag(bytes.subarray(bytes.length - tagLength))
    const plain = Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - tagLength)), decipher.final()])
    return JSON.parse(plain.toString('utf8'))
  } catch {
    return undefined
  }
}

function entryKey(appKey: Uint8Array, { accountId, kind }: EntryName): Uint8Array {
  return deriveKey(appKey, `entry/${kind}/${accountId}`)
}

function associatedData({ accountId, kind }: EntryName, generation: number): Buffer {
  return Buffer.from(JSON.stringify(['manydesk entry', accountId, kind, generation]), 'utf8')
}
