import { argon2Sync, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type LockEnvelope,
  openUnderPassphrase,
  readEnvelope,
  sealUnderPassphrase,
  writeEnvelope,
} from '../../../main/lock/lock-envelope.ts'
import { passphraseKey, recommendedCost } from '../../../main/lock/passphrase-key.ts'

const parameters = () => ({ ...recommendedCost, salt: randomBytes(16).toString('base64') })
const key = new Uint8Array(randomBytes(32))
const plain = new Uint8Array(randomBytes(46))

describe('the key of a passphrase', () => {
  test('is argon2id as RFC 9106 has it, and costs no less than its second recommended choice', async () => {
    expect(recommendedCost).toEqual({ kdf: 'argon2id', v: 19, memoryKiB: 65_536, passes: 3, lanes: 4 })
    const salt = Buffer.from('0123456789abcdef').toString('base64')
    const made = await passphraseKey('correct horse battery', { ...recommendedCost, salt })
    const other = argon2Sync('argon2id', {
      ...{ message: 'correct horse battery', nonce: Buffer.from(salt, 'base64') },
      ...{ memory: 65_536, passes: 3, parallelism: 4, tagLength: 32 },
    })
    expect(Buffer.from(made)).toEqual(other)
    expect(await passphraseKey('correct horse battery', { ...recommendedCost, salt })).toEqual(made)
    expect(await passphraseKey('correct horse batterY', { ...recommendedCost, salt })).not.toEqual(made)
    expect(await passphraseKey('correct horse battery', parameters())).not.toEqual(made)
  })

  test('is the same however a keyboard composes the characters', async () => {
    const same = parameters()
    expect(await passphraseKey('gr\u00fc\u00dfe aus Z\u00fcrich', same)).toEqual(
      await passphraseKey('gru\u0308\u00dfe aus Zu\u0308rich', same),
    )
  })
})

describe('an envelope under a passphrase', () => {
  test('gives back what was sealed, also from disk, and shows nothing of it', () => {
    const envelope = sealUnderPassphrase(key, parameters(), plain)
    const bytes = writeEnvelope(envelope)
    const read = readEnvelope(bytes)
    expect(read).toEqual(envelope)
    expect(openUnderPassphrase(key, read as LockEnvelope)).toEqual(plain)
    expect(Buffer.from(bytes).includes(Buffer.from(plain))).toBe(false)
  })

  test('stays shut for another key', () => {
    const envelope = sealUnderPassphrase(key, parameters(), plain)
    expect(openUnderPassphrase(new Uint8Array(randomBytes(32)), envelope)).toBeNull()
  })

  test('stays shut when any bit of salt, nonce or ciphertext was changed', () => {
    const envelope = sealUnderPassphrase(key, parameters(), plain)
    fc.assert(
      fc.property(
        fc.constantFrom('salt', 'nonce', 'sealed'),
        fc.nat(),
        fc.integer({ min: 0, max: 7 }),
        (part, at, bit) => {
          const text = part === 'salt' ? envelope.parameters.salt : envelope[part as 'nonce' | 'sealed']
          const bytes = Buffer.from(text, 'base64')
          const index = at % bytes.length
          bytes[index] = (bytes[index] ?? 0) ^ (1 << bit)
          const changed = bytes.toString('base64')
          const tampered =
            part === 'salt'
              ? { ...envelope, parameters: { ...envelope.parameters, salt: changed } }
              : { ...envelope, [part]: changed }
          expect(openUnderPassphrase(key, tampered)).toBeNull()
        },
      ),
    )
  })

  test.each([
    ['memoryKiB', 131_072],
    ['passes', 4],
    ['lanes', 1],
  ])('stays shut when %s was changed', (name, value) => {
    const envelope = sealUnderPassphrase(key, parameters(), plain)
    const tampered = { ...envelope, parameters: { ...envelope.parameters, [name]: value } }
    expect(openUnderPassphrase(key, tampered)).toBeNull()
  })

  test.each([
    ['memoryKiB', 1024],
    ['memoryKiB', 2_000_000],
    ['passes', 1],
    ['passes', 1_000_000],
    ['lanes', 0],
    ['kdf', 'argon2i'],
  ])('is not even tried where %s is %s: cheaper than is ever made, or made to exhaust the machine', (name, value) => {
    const envelope = sealUnderPassphrase(key, parameters(), plain)
    const bytes = Buffer.from(JSON.stringify({ ...envelope, parameters: { ...envelope.parameters, [name]: value } }))
    expect(readEnvelope(bytes)).toBeNull()
  })

  test('is not seen in bytes that are none, whatever they are', () => {
    const isNone = (bytes: Uint8Array) => readEnvelope(bytes) === null
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), isNone))
    fc.assert(fc.property(fc.json(), (text) => isNone(new Uint8Array(Buffer.from(text)))))
  })
})
