import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SafeStorage as ElectronSafeStorage } from 'electron'
import { Guarded } from './absent.ts'
import { app } from './app.ts'
import { paths } from './app-paths.ts'
import { runtime } from './runtime.ts'
import type { SafeStorageMode } from './switches.ts'

type Implemented = Pick<
  ElectronSafeStorage,
  | 'isAsyncEncryptionAvailable'
  | 'encryptStringAsync'
  | 'decryptStringAsync'
  | 'getSelectedStorageBackend'
  | 'setUsePlainTextEncryption'
>

/** Chromium's published password stands behind `v10` on Linux: anybody can read it. */
const FIXED_KEY = Buffer.from('peanuts-peanuts-peanuts-peanuts-').subarray(0, 32)
const IV_BYTES = 12
const TAG_BYTES = 16
// Electron's texts; the first is the only mark of a keyring that may open later.
const LOCKED = 'safeStorage.decryptStringAsync is temporarily unavailable. Please try again.'
const NOT_DECRYPTED = 'Error while decrypting the ciphertext provided to safeStorage.decryptStringAsync.'
const NOT_ENCRYPTED = 'Error while encrypting the text provided to safeStorage.encryptStringAsync.'

/**
 * A keyring on disk: numbered random keys, each its own 0600 file. `rotated` adds a key, so that old bytes still open but
 * ask for re-encryption; `lost` starts over, so that old bytes do not open at all.
 */
class Keyring {
  get directory(): string {
    return runtime.switches.keyring ?? join(paths.get('userData'), 'standin-keyring')
  }

  /** All keys, oldest first; the first one is made at the first question. */
  keys(): Buffer[] {
    const found: Buffer[] = []
    for (let number = 0; existsSync(this.#file(number)); number += 1) found.push(readFileSync(this.#file(number)))
    return found.length > 0 ? found : [this.add(0)]
  }

  add(number = this.keys().length): Buffer {
    const key = randomBytes(32)
    mkdirSync(this.directory, { recursive: true, mode: 0o700 })
    writeFileSync(this.#file(number), key, { mode: 0o600 })
    return key
  }

  replaceAll(): void {
    const { length } = this.keys()
    for (let number = 0; number < length; number += 1) writeFileSync(this.#file(number), randomBytes(32))
  }

  #file(number: number): string {
    return join(this.directory, `key-${number}`)
  }
}

const keyring = new Keyring()

function seal(prefix: string, key: Buffer, plainText: string): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const body = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.from(prefix), iv, cipher.getAuthTag(), body])
}

function unseal(key: Buffer, encrypted: Buffer): string | undefined {
  const iv = encrypted.subarray(3, 3 + IV_BYTES)
  const tag = encrypted.subarray(3 + IV_BYTES, 3 + IV_BYTES + TAG_BYTES)
  if (tag.length < TAG_BYTES) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, iv).setAuthTag(tag)
    return decipher.update(encrypted.subarray(3 + IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}

/** Electron's safeStorage, asynchronous calls only, over a {@link Keyring} that can be put into any bad state. */
class SafeStorage extends Guarded implements Implemented {
  #mode: SafeStorageMode | undefined

  get mode(): SafeStorageMode {
    if (this.#mode === undefined) this.setMode(runtime.switches.safeStorage)
    return this.#mode ?? 'ok'
  }

  /** `rotated` and `lost` change the keyring once, when the mode is set, and from then on it works. */
  setMode(mode: SafeStorageMode): void {
    this.#mode = mode
    if (mode === 'rotated') keyring.add()
    if (mode === 'lost') keyring.replaceAll()
  }

  async isAsyncEncryptionAvailable(): Promise<boolean> {
    return app.isReady() && this.mode !== 'unavailable'
  }

  async encryptStringAsync(plainText: string): Promise<Buffer> {
    this.#assertReady()
    if (this.mode === 'unavailable' || this.mode === 'locked') throw new Error(NOT_ENCRYPTED)
    if (this.mode === 'basic_text') return seal('v10', FIXED_KEY, plainText)
    return seal('v11', keyring.keys().at(-1) ?? keyring.add(), plainText)
  }

  async decryptStringAsync(encrypted: Buffer): Promise<{ shouldReEncrypt: boolean; result: string }> {
    this.#assertReady()
    if (this.mode === 'locked') throw new Error(LOCKED)
    if (this.mode === 'unavailable') throw new Error(NOT_DECRYPTED)
    if (!Buffer.isBuffer(encrypted))
      throw new TypeError('Expected the first argument of decryptStringAsync() to be a buffer')
    // Electron's own behaviour: an empty buffer opens to an empty string.
    if (encrypted.length === 0) return { shouldReEncrypt: false, result: '' }
    const weak = encrypted.subarray(0, 3).toString('latin1') === 'v10'
    const candidates = weak ? [FIXED_KEY] : keyring.keys().reverse()
    for (const [age, key] of candidates.entries()) {
      const result = unseal(key, encrypted)
      if (result !== undefined) return { shouldReEncrypt: age > 0 || (weak && this.mode !== 'basic_text'), result }
    }
    throw new Error(NOT_DECRYPTED)
  }

  getSelectedStorageBackend() {
    if (!app.isReady()) return 'unknown' as const
    return this.mode === 'basic_text' || this.mode === 'unavailable'
      ? ('basic_text' as const)
      : ('gnome_libsecret' as const)
  }

  setUsePlainTextEncryption(usePlainText: boolean): void {
    if (usePlainText && this.mode === 'unavailable') this.setMode('basic_text')
  }

  #assertReady(): void {
    if (!app.isReady()) throw new Error('safeStorage cannot be used before app is ready')
  }
}

export const safeStorage = new SafeStorage()
