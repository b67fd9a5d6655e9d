import { describe, expect, it } from 'vitest'
import { createKeyring } from '../../../main/desktop/keyring.ts'

type Backend = 'basic_text' | 'gnome_libsecret' | 'kwallet6' | 'unknown'

/** safeStorage with modes. Its cipher is reversible and marked, so that foreign bytes are noticed. */
function createStorage(change: { backend?: Backend; prefix?: string; available?: boolean } = {}) {
  const { backend = 'gnome_libsecret', prefix = 'v11', available = true } = change
  const storage = {
    fails: null as Error | null,
    reEncrypt: false,
    answers: null as string | null,
    isAsyncEncryptionAvailable: async () => {
      if (storage.fails) throw storage.fails
      return available
    },
    getSelectedStorageBackend: () => backend,
    encryptStringAsync: async (text: string) => {
      if (storage.fails) throw storage.fails
      return Buffer.from(prefix + [...text].reverse().join(''))
    },
    decryptStringAsync: async (bytes: Buffer) => {
      if (storage.fails) throw storage.fails
      if (!bytes.toString().startsWith(prefix)) throw new Error('Error while decrypting the ciphertext')
      const result = [...bytes.toString().slice(prefix.length)].reverse().join('')
      return { result: storage.answers ?? result, shouldReEncrypt: storage.reEncrypt }
    },
  }
  return storage
}

const secret = new Uint8Array([0, 1, 2, 250, 255, 10])
const lockedError = new Error('Encryption is temporarily unavailable. Please try again.')

describe('the keyring', () => {
  it('gives back exactly the bytes it wrapped', async () => {
    const keyring = createKeyring(createStorage(), 'linux')
    expect(await keyring.unwrap(await keyring.wrap(secret))).toEqual({ plain: secret, reWrap: false })
  })

  it('passes on that bytes should be wrapped anew', async () => {
    const storage = createStorage()
    const keyring = createKeyring(storage, 'linux')
    const wrapped = await keyring.wrap(secret)
    storage.reEncrypt = true
    expect((await keyring.unwrap(wrapped)).reWrap).toBe(true)
  })

  it.each([
    ['linux', { backend: 'gnome_libsecret' }, 'strong', 'gnome_libsecret'],
    ['linux', { backend: 'kwallet6' }, 'strong', 'kwallet6'],
    ['linux', { backend: 'basic_text' }, 'weak', 'basic_text'],
    ['linux', { backend: 'unknown' }, 'weak', 'unknown'],
    ['linux', { backend: 'gnome_libsecret', prefix: 'v10' }, 'weak', 'gnome_libsecret'],
    ['linux', { available: false }, 'unavailable', 'gnome_libsecret'],
    ['darwin', { prefix: 'v10' }, 'strong', 'keychain'],
    ['win32', { prefix: 'v10' }, 'strong', 'dpapi'],
    ['win32', { available: false }, 'unavailable', 'dpapi'],
  ] as const)('on %s with %j protects: %s', async (platform, mode, protection, backend) => {
    const keyring = createKeyring(createStorage(mode), platform)
    expect(await keyring.protection()).toBe(protection)
    expect(await keyring.backend()).toBe(backend)
  })

  it('that is locked says so for every question', async () => {
    const storage = createStorage()
    const keyring = createKeyring(storage, 'linux')
    const wrapped = await keyring.wrap(secret)
    storage.fails = lockedError
    for (const question of [keyring.protection(), keyring.wrap(secret), keyring.unwrap(wrapped)]) {
      await expect(question).rejects.toMatchObject({ code: 'keyring_locked' })
    }
    storage.fails = null
    expect((await keyring.unwrap(wrapped)).plain).toEqual(secret)
  })

  it('that is locked and cannot encrypt still counts as protected, and says that it is locked when the key is opened', async () => {
    const storage = createStorage()
    const keyring = createKeyring(storage, 'linux')
    const wrapped = await keyring.wrap(secret)
    storage.encryptStringAsync = async () => {
      throw new Error('Error while encrypting the text provided to safeStorage.encryptStringAsync.')
    }
    storage.decryptStringAsync = async () => {
      throw lockedError
    }
    expect(await keyring.protection()).toBe('strong')
    await expect(keyring.unwrap(wrapped)).rejects.toMatchObject({ code: 'keyring_locked' })
  })

  it('that fails otherwise is unavailable, and says nothing secret', async () => {
    const storage = createStorage()
    storage.fails = new Error('D-Bus is gone')
    const keyring = createKeyring(storage, 'linux')
    expect(await keyring.protection()).toBe('unavailable')
    await expect(keyring.wrap(secret)).rejects.toMatchObject({ code: 'keyring_unavailable' })
  })

  it('calls bytes of another key damaged, not empty', async () => {
    const keyring = createKeyring(createStorage(), 'linux')
    for (const bytes of [new Uint8Array(), new Uint8Array([1, 2, 3]), Buffer.from('v10abc')]) {
      await expect(keyring.unwrap(bytes)).rejects.toMatchObject({ code: 'secret_damaged' })
    }
  })

  it.each(['', 'not base64!', 'AAE', 'AAEC\n'])('calls the garbled answer %j damaged', async (answer) => {
    const storage = createStorage()
    const keyring = createKeyring(storage, 'linux')
    const wrapped = await keyring.wrap(secret)
    storage.answers = answer
    await expect(keyring.unwrap(wrapped)).rejects.toMatchObject({ code: 'secret_damaged' })
  })
})
