import { argon2id } from 'hash-wasm'
import { z } from 'zod'

/** How a key was made of a passphrase; stored beside what it opens, so that the cost can grow without losing what is there. */
export const kdfParameters = z.object({
  kdf: z.literal('argon2id'),
  /** Argon2 version 1.3, the only one there is in RFC 9106. */
  v: z.literal(19),
  memoryKiB: z.number().int().min(65_536).max(1_048_576),
  passes: z.number().int().min(3).max(20),
  lanes: z.number().int().min(1).max(16),
  /** Base64 of 16 random bytes. */
  salt: z.base64().length(24),
})
export type KdfParameters = z.infer<typeof kdfParameters>

/** RFC 9106 section 4, the second recommended choice: 64 MiB, three passes, four lanes, a salt of 128 bits. */
export const recommendedCost = { kdf: 'argon2id', v: 19, memoryKiB: 65_536, passes: 3, lanes: 4 } as const

/** 32 bytes of a passphrase, by argon2id (RFC 9106). The same characters are the same passphrase however a keyboard composes them (NFKC). */
export async function passphraseKey(passphrase: string, parameters: KdfParameters): Promise<Uint8Array> {
  return argon2id({
    password: passphrase.normalize('NFKC'),
    salt: Buffer.from(parameters.salt, 'base64'),
    memorySize: parameters.memoryKiB,
    iterations: parameters.passes,
    parallelism: parameters.lanes,
    hashLength: 32,
    outputType: 'binary',
  })
}
