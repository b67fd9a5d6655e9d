import { hkdfSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openEnvelope, sealEnvelope } from '../../../main/oauth/envelope.ts'
import { deriveKey, keyIdOf, openEntry, sealEntry } from '../../../main/oauth/seal.ts'

const key32 = fc.uint8Array({ minLength: 32, maxLength: 32 })

describe('the envelope of the app key', () => {
  test('gives back exactly the key it was made for', () => {
    fc.assert(fc.property(key32, (key) => void expect(openEnvelope(sealEnvelope(key))).toEqual(key)))
  })

  test('is refused after any change of any one byte', () => {
    fc.assert(
      fc.property(key32, fc.nat(45), fc.integer({ min: 1, max: 255 }), (key, at, change) => {
        const bytes = sealEnvelope(key)
        bytes[at] = (bytes[at] ?? 0) ^ change
        expect(openEnvelope(bytes)).toBeNull()
      }),
    )
  })

  test('is refused when cut, lengthened, empty or random', () => {
    const bytes = sealEnvelope(new Uint8Array(32))
    expect(openEnvelope(new Uint8Array())).toBeNull()
    expect(openEnvelope(bytes.subarray(0, -1))).toBeNull()
    expect(openEnvelope(new Uint8Array([...bytes, 0]))).toBeNull()
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (random) => void expect(openEnvelope(random)).toBeNull()))
  })

  test('is not made for a key of another length', () => {
    expect(() => sealEnvelope(new Uint8Array(31))).toThrow(RangeError)
  })
})

describe('a sealed entry', () => {
  const appKey = new Uint8Array(32).fill(7)
  const name = { accountId: 'a1', kind: 'grant' } as const

  test('opens only with the key, account, kind and generation it was sealed with', () => {
    const entry = sealEntry(appKey, name, 3, { token: 'canary' })
    expect(openEntry(appKey, name, entry)).toEqual({ token: 'canary' })
    expect(openEntry(new Uint8Array(32), name, entry)).toBeUndefined()
    expect(openEntry(appKey, { ...name, accountId: 'a2' }, entry)).toBeUndefined()
    expect(openEntry(appKey, { ...name, kind: 'client' }, entry)).toBeUndefined()
    expect(openEntry(appKey, name, { ...entry, generation: 4 })).toBeUndefined()
  })

  test('never opens to a value after any change of its bytes', () => {
    const entry = sealEntry(appKey, name, 1, { token: 'canary' })
    const length = Buffer.from(entry.sealed, 'base64').length
    fc.assert(
      fc.property(fc.nat(length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(entry.sealed, 'base64')
        bytes[at] = (bytes[at] ?? 0) ^ change
        expect(openEntry(appKey, name, { ...entry, sealed: bytes.toString('base64') })).toBeUndefined()
      }),
    )
    for (const sealed of ['', 'AA==', '!!!']) expect(openEntry(appKey, name, { ...entry, sealed })).toBeUndefined()
  })

  test('shows nothing of its content and differs each time', () => {
    const first = sealEntry(appKey, name, 1, { token: 'canary' })
    const second = sealEntry(appKey, name, 1, { token: 'canary' })
    expect(first.sealed).not.toBe(second.sealed)
    expect(Buffer.from(first.sealed, 'base64').toString('latin1')).not.toContain('canary')
  })
})

test('keys of different purposes differ, are stable, and follow HKDF-SHA256 of RFC 5869', () => {
  const appKey = new Uint8Array(32).fill(9)
  expect(deriveKey(appKey, 'database')).toEqual(deriveKey(appKey, 'database'))
  expect(deriveKey(appKey, 'database')).not.toEqual(deriveKey(appKey, 'outbox-journal'))
  const expected = hkdfSync('sha256', appKey, Buffer.alloc(0), Buffer.from('manydesk/v1/database'), 32)
  expect(Buffer.from(deriveKey(appKey, 'database'))).toEqual(Buffer.from(expected))
  expect(keyIdOf(appKey)).toMatch(/^[0-9a-f]{16}$/)
})
