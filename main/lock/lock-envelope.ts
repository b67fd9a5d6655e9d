import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { type KdfParameters, kdfParameters } from './passphrase-key.ts'

/**
 * The app key under a passphrase: AES-256-GCM with a key of argon2id. The parameters are the associated data, so that none can be changed
 * without the envelope falling apart.
 */
const lockEnvelope = z.strictObject({
  kind: z.literal('manydesk.lock'),
  version: z.literal(1),
  parameters: kdfParameters,
  nonce: z.base64().length(16),
  /** Ciphertext followed by its 16 byte tag, base64. */
  sealed: z.base64().min(24).max(1000),
})
export type LockEnvelope = z.infer<typeof lockEnvelope>

const tagLength = 16

/** @param key 32 bytes, of `passphraseKey` with these parameters */
export function sealUnderPassphrase(key: Uint8Array, parameters: KdfParameters, plain: Uint8Array): LockEnvelope {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(associatedData(parameters))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return {
    kind: 'manydesk.lock',
    version: 1,
    parameters,
    nonce: nonce.toString('base64'),
    sealed: sealed.toString('base64'),
  }
}

/** What is inside, or null when the passphrase, the parameters or the bytes are not those it was sealed with. */
export function openUnderPassphrase(key: Uint8Array, { parameters, nonce, sealed }: LockEnvelope): Uint8Array | null {
  try {
    const bytes = Buffer.from(sealed, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), { authTagLength: tagLength })
    decipher.setAAD(associatedData(parameters))
    decipher.setAuthTag(bytes.subarray(-tagLength))
    return new Uint8Array(Buffer.concat([decipher.update(bytes.subarray(0, -tagLength)), decipher.final()]))
  } catch {
    return null
  }
}

export function writeEnvelope(envelope: LockEnvelope): Uint8Array {
  return new Uint8Array(Buffer.from(JSON.stringify(envelope), 'utf8'))
}

/** Null for bytes that are no such envelope, or one that is cheaper than is ever made. */
export function readEnvelope(bytes: Uint8Array): LockEnvelope | null {
  try {
    return toEnvelope(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch {
    return null
  }
}

export function toEnvelope(value: unknown): LockEnvelope | null {
  const parsed = lockEnvelope.safeParse(value)
  return parsed.success ? parsed.data : null
}

function associatedData({ kdf, v, memoryKiB, passes, lanes, salt }: KdfParameters): Buffer {
  return Buffer.from(JSON.stringify(['manydesk lock', 1, kdf, v, memoryKiB, passes, lanes, salt]), 'utf8')
}
