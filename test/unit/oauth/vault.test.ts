import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Grant, Vault } from '../../../main/oauth/model.ts'
import { openVault, openVaultForThisSession, setVaultAside, type VaultOpening } from '../../../main/oauth/vault.ts'
import {
  type FakeKeyring,
  fakeKeyring,
  fakeLog,
  type KeyringMode,
  type TempFolder,
  tempFolder,
} from './support/fakes.ts'

const grant: Grant = {
  accessToken: 'canary-access-token',
  refreshToken: 'canary-refresh-token',
  tokenType: 'bearer',
  scopes: ['read', 'write'],
  obtainedAt: 1,
  expiresAt: 2,
  refreshExpiresAt: null,
}

let folder: TempFolder
let keyring: FakeKeyring
let ciphertext = false

const open = (): Promise<VaultOpening> =>
  openVault({
    keyring,
    documents: folder.documents('vault'),
    ciphertextExists: () => ciphertext,
    appVersion: '0.1.0',
    log: fakeLog(),
  })
const opened = async (): Promise<Vault> => {
  const opening = await open()
  if (opening.kind !== 'open') throw opening.error
  return opening.vault
}
const path = (name: string) => join(folder.path, 'vault', `${name}.json`)
/** Every file of the vault with its bytes. */
const snapshot = () =>
  Object.fromEntries(
    readdirSync(join(folder.path, 'vault')).map((name) => [
      name,
      readFileSync(join(folder.path, 'vault', name), 'utf8'),
    ]),
  )

beforeEach(() => {
  folder = tempFolder()
  keyring = fakeKeyring()
  ciphertext = false
})
afterEach(() => folder.remove())

describe('a vault on a protected key store', () => {
  test('gives back after a restart what was written before it', async () => {
    const before = await opened()
    await before.writeGrant('a1', grant)
    await before.writeClient('a1', { clientId: 'id', clientSecret: 'canary-client-secret' })
    const key = await before.purposeKey('database')
    const after = await opened()
    expect(await after.readGrant('a1')).toEqual({ kind: 'found', value: grant })
    expect(await after.readClient('a1')).toEqual({
      kind: 'found',
      value: { clientId: 'id', clientSecret: 'canary-client-secret' },
    })
    expect(await after.purposeKey('database')).toEqual(key)
    expect(await after.readGrant('a2')).toEqual({ kind: 'absent' })
  })

  test('writes no secret in clear, and every file for its owner only', async () => {
    const vault = await opened()
    await vault.writeGrant('a1', grant)
    await vault.writeClient('a1', { clientId: 'id', clientSecret: 'canary-client-secret' })
    expect(Object.keys(snapshot()).sort()).toEqual(['account-a1.json', 'key.copy.json', 'key.json'])
    for (const text of Object.values(snapshot())) {
      expect(text).not.toContain('canary')
      expect(Buffer.from(text, 'base64').toString('latin1')).not.toContain('canary')
    }
  })

  test('asks the keyring once at start, however many accounts there are', async () => {
    const vault = await opened()
    for (const id of ['a1', 'a2', 'a3']) await vault.writeGrant(id, grant)
    expect(keyring.wraps).toBe(1)
  })

  test('removes grant and client of one account and leaves the others', async () => {
    const vault = await opened()
    await vault.writeGrant('a1', grant)
    await vault.writeGrant('a2', grant)
    await vault.remove('a1')
    await vault.remove('a1')
    expect(await vault.readGrant('a1')).toEqual({ kind: 'absent' })
    expect((await vault.readGrant('a2')).kind).toBe('found')
  })

  test('counts the generations of an entry', async () => {
    const vault = await opened()
    await vault.writeGrant('a1', grant)
    await vault.writeGrant('a1', { ...grant, accessToken: 'second' })
    expect(JSON.parse(snapshot()['account-a1.json'] ?? '').grant.generation).toBe(2)
  })

  test('refuses account ids that would leave its folder', async () => {
    const vault = await opened()
    for (const id of ['../key', '', 'a/b', 'a\u0000']) await expect(vault.readGrant(id)).rejects.toThrow(RangeError)
  })
})

describe('a vault that cannot be opened', () => {
  const cases: [KeyringMode, string, string][] = [
    ['locked', 'keyring_locked', 'strong'],
    ['weak', 'keyring_weak', 'weak'],
    ['unavailable', 'keyring_unavailable', 'unavailable'],
    ['lost', 'secret_damaged', 'strong'],
    ['zero-length', 'secret_damaged', 'strong'],
    ['garbage', 'secret_damaged', 'strong'],
  ]

  test.each(cases)(
    'with a keyring that is %s says %s, changes no byte, and opens again when the keyring is well',
    async (mode, code, protection) => {
      await (await opened()).writeGrant('a1', grant)
      const before = snapshot()
      keyring.mode = mode
      const opening = await open()
      expect(opening).toMatchObject({ kind: 'closed', protection, error: { code } })
      expect(snapshot()).toEqual(before)
      keyring.mode = 'ok'
      expect(await (await opened()).readGrant('a1')).toEqual({ kind: 'found', value: grant })
    },
  )

  test.each(['locked', 'weak', 'unavailable'] as const)(
    'with a keyring that is %s on the first start writes nothing',
    async (mode) => {
      keyring.mode = mode
      expect((await open()).kind).toBe('closed')
      expect(() => snapshot()).toThrow('ENOENT')
    },
  )

  test('never makes a new key while ciphertext of an old one exists', async () => {
    ciphertext = true
    expect(await open()).toMatchObject({ kind: 'closed', error: { code: 'secret_damaged' } })
    expect(keyring.wraps).toBe(0)
  })

  test.each(['', '\u0000\u0000\u0000', '{"wrapped":', '[]', '{"wrapped":1}'])(
    'opens from the copy when the key file holds %j',
    async (bytes) => {
      await (await opened()).writeGrant('a1', grant)
      writeFileSync(path('key'), bytes)
      expect((await (await opened()).readGrant('a1')).kind).toBe('found')
      expect(JSON.parse(readFileSync(path('key'), 'utf8'))).toEqual(JSON.parse(readFileSync(path('key.copy'), 'utf8')))
    },
  )

  test('says so and keeps the bytes when both key files are damaged', async () => {
    await (await opened()).writeGrant('a1', grant)
    writeFileSync(path('key'), '')
    writeFileSync(path('key.copy'), 'x')
    const before = snapshot()
    expect(await open()).toMatchObject({ kind: 'closed', error: { code: 'secret_damaged' } })
    expect(snapshot()).toEqual(before)
  })

  test('can be set aside on request: a new one begins and the old one is kept', async () => {
    await (await opened()).writeGrant('a1', grant)
    keyring.mode = 'lost'
    const keptAs = setVaultAside(folder.documents('vault'))
    expect(await (await opened()).readGrant('a1')).toEqual({ kind: 'absent' })
    expect(readdirSync(keptAs ?? '')).toContain('account-a1.json')
  })
})

describe('a keyring that asks for a fresh wrapping', () => {
  test('gets one, beside the former wrapping, which goes after the next good start', async () => {
    await (await opened()).writeGrant('a1', grant)
    const wrappedBefore = JSON.parse(snapshot()['key.json'] ?? '').wrapped
    keyring.mode = 'rotated'
    expect((await (await opened()).readGrant('a1')).kind).toBe('found')
    const during = JSON.parse(snapshot()['key.json'] ?? '')
    expect(during.former).toBe(wrappedBefore)
    expect(during.wrapped).not.toBe(wrappedBefore)
    await opened()
    expect(JSON.parse(snapshot()['key.json'] ?? '').former).toBeNull()
    expect(keyring.wraps).toBe(2)
  })

  test('keeps the former wrapping in use when the fresh one cannot be made', async () => {
    await (await opened()).writeGrant('a1', grant)
    const before = snapshot()
    keyring.mode = 'rotated'
    keyring.wrap = async () => {
      throw new Error('the keyring went away')
    }
    expect((await (await opened()).readGrant('a1')).kind).toBe('found')
    expect(snapshot()).toEqual(before)
  })

  test('keeps the former wrapping when the fresh one does not open to the same key', async () => {
    await (await opened()).writeGrant('a1', grant)
    const before = snapshot()
    keyring.mode = 'rotated'
    const unwrap = keyring.unwrap
    keyring.unwrap = async (bytes) => (bytes[0] === 2 ? { plain: new Uint8Array(46), reWrap: false } : unwrap(bytes))
    expect((await (await opened()).readGrant('a1')).kind).toBe('found')
    expect(snapshot()).toEqual(before)
  })
})

describe('one damaged entry', () => {
  test.each(['', '\u0000\u0000', 'null', '{"grant":{"keyId":"x"}}'])(
    'holding %j costs one sign-in, is kept, and may be replaced by a new sign-in',
    async (bytes) => {
      const vault = await opened()
      await vault.writeGrant('a1', grant)
      await vault.writeGrant('a2', grant)
      writeFileSync(path('account-a1'), bytes)
      expect((await vault.readGrant('a1')).kind).toBe('damaged')
      expect((await vault.readGrant('a2')).kind).toBe('found')
      expect(readFileSync(path('account-a1'), 'utf8')).toBe(bytes)
      await vault.writeGrant('a1', grant)
      expect((await vault.readGrant('a1')).kind).toBe('found')
      const kept = Object.entries(snapshot()).filter(([name]) => name.includes('.damaged-'))
      expect(kept.map(([, text]) => text)).toEqual([bytes])
    },
  )

  test('copied from another account is not accepted', async () => {
    const vault = await opened()
    await vault.writeGrant('a1', grant)
    writeFileSync(path('account-a2'), snapshot()['account-a1.json'] ?? '')
    expect((await vault.readGrant('a2')).kind).toBe('damaged')
  })

  test('that cannot be read right now is not overwritten', async () => {
    const documents = folder.documents('vault')
    const opening = await openVault({
      keyring,
      appVersion: '0.1.0',
      log: fakeLog(),
      ciphertextExists: () => false,
      documents: {
        ...documents,
        file: (name) => ({
          ...documents.file(name),
          ...(name.startsWith('account-') ? { read: () => ({ kind: 'unreadable', reason: 'EIO' }) as const } : {}),
        }),
      },
    })
    if (opening.kind !== 'open') throw opening.error
    expect(await opening.vault.readGrant('a1')).toEqual({ kind: 'locked', reason: 'EIO' })
    await expect(opening.vault.writeGrant('a1', grant)).rejects.toMatchObject({ code: 'file_failed' })
    expect(Object.keys(snapshot())).not.toContain('account-a1.json')
  })
})

test('a vault for this session keeps secrets in memory and touches no disk', async () => {
  const vault = openVaultForThisSession()
  await vault.writeGrant('a1', grant)
  expect(await vault.readGrant('a1')).toEqual({ kind: 'found', value: grant })
  expect(await vault.purposeKey('database')).not.toEqual(await openVaultForThisSession().purposeKey('database'))
  await vault.remove('a1')
  expect(await vault.readGrant('a1')).toEqual({ kind: 'absent' })
  expect(() => snapshot()).toThrow('ENOENT')
})
