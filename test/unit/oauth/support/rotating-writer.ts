import { readFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { openDocumentFolder } from '../../../../main/accounts/documents.ts'
import { openVault } from '../../../../main/oauth/vault.ts'
import type { KeyringPort } from '../../../../main/ports.ts'
import { fakeLog } from './fakes.ts'

/** A process that rotates a grant as fast as it can and says each number only when the vault said that it is durable. To be killed. */

const [folder = '', keyFile = ''] = process.argv.slice(2)
const mask = readFileSync(keyFile)
const xor = (bytes: Uint8Array) => new Uint8Array(bytes.map((byte, index) => byte ^ (mask[index] ?? 0)))
const keyring: KeyringPort = {
  backend: async () => 'test',
  protection: async () => 'strong',
  wrap: async (plain) => xor(plain),
  unwrap: async (wrapped) => ({ plain: xor(wrapped), reWrap: false }),
}

const opening = await openVault({
  keyring,
  documents: openDocumentFolder(folder, Date.now),
  ciphertextExists: () => false,
  appVersion: '0.1.0',
  log: fakeLog(),
})
if (opening.kind !== 'open') throw opening.error
const { vault } = opening
const present = await vault.readGrant('a1')
if (present.kind !== 'found' && present.kind !== 'absent') throw new Error(`the vault was ${present.kind}`)
let number = present.kind === 'found' ? Number(present.value.refreshToken) : 0
process.stdout.write(`start ${number}\n`)
// Killed, this process never comes to it by itself.
flushCompileCache()
for (;;) {
  number += 1
  await vault.writeGrant('a1', {
    accessToken: 'x'.repeat(5_000),
    refreshToken: String(number),
    tokenType: 'bearer',
    scopes: [],
    obtainedAt: 0,
    expiresAt: null,
    refreshExpiresAt: null,
  })
  process.stdout.write(`${number}\n`)
}
