import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** An Ed25519 public key (RFC 8410) as PEM; null for anything else. A private key is refused too: it has no place on a workstation. */
export function readPublicKey(pem: string): KeyObject | null {
  if (!/^\s*-----BEGIN PUBLIC KEY-----/.test(pem)) return null
  try {
    const key = createPublicKey(pem)
    return key.asymmetricKeyType === 'ed25519' ? key : null
  } catch {
    return null
  }
}

/**
 * Ed25519 (RFC 8032) over the exact bytes of the file.
 * @param signature base64 of the 64 bytes, with nothing but blanks and line ends around it
 */
export function isSigned(bytes: Uint8Array, signature: string, key: KeyObject): boolean {
  const text = signature.trim()
  const raw = Buffer.from(text, 'base64')
  // Decoding skips what is not base64: only the one canonical spelling is taken.
  if (raw.length !== 64 || raw.toString('base64') !== text) return false
  return verify(null, bytes, key, raw)
}

/** The content of `policy.json.sig`. */
export function signatureOf(bytes: Uint8Array, key: KeyObject): string {
  return `${sign(null, bytes, key).toString('base64')}\n`
}
