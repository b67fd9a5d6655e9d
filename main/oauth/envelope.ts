import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * The checked form of the app key before the keyring wraps it. Keyrings decrypt without authentication on some systems: a wrong key may
 * answer garbage, and a cut file an empty text. Layout: `MDKY`, version (1 byte), length (1 byte), the key, 8 bytes of SHA-256 over all before.
 */

const magic = Buffer.from('MDKY', 'latin1')
const version = 1
const keyLength = 32
const checkLength = 8
const total = magic.length + 2 + keyLength + checkLength

/** @param key 32 bytes */
export function sealEnvelope(key: Uint8Array): Uint8Array {
  if (key.length !== keyLength) throw new RangeError('an app key has 32 bytes')
  const head = Buffer.concat([magic, Buffer.from([version, keyLength]), key])
  return new Uint8Array(Buffer.concat([head, checksum(head)]))
}

/** The 32 bytes inside, or null when these bytes are not an intact envelope. */
export function openEnvelope(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length !== total) return null
  const buffer = Buffer.from(bytes)
  const head = buffer.subarray(0, total - checkLength)
  if (!timingSafeEqual(buffer.subarray(total - checkLength), checksum(head))) return null
  const known = head.subarray(0, magic.length).equals(magic) && head[magic.length] === version
  return known && head[magic.length + 1] === keyLength ? new Uint8Array(head.subarray(magic.length + 2)) : null
}

function checksum(head: Buffer): Buffer {
  return createHash('sha256').update(head).digest().subarray(0, checkLength)
}
