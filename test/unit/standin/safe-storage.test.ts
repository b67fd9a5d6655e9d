import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FixtureApp, temporaryFolder } from './fixture-app.ts'

let data: { path: string; remove(): Promise<void> }
let keyring: string

beforeEach(async () => {
  data = await temporaryFolder()
  keyring = join(data.path, 'keys')
})
afterEach(() => data.remove())

/** Starts an app with the keyring in `mode` and runs one encrypt or decrypt. */
async function withMode<R>(
  mode: string,
  step: (
    electron: typeof Electron.CrossProcessExports,
    record: Record<string, unknown>,
    blob: string,
  ) => Promise<R> | R,
  blob = '',
): Promise<R> {
  const app = await FixtureApp.start({
    userData: data.path,
    switches: [`--standin-safe-storage=${mode}`, `--standin-keyring=${keyring}`],
  })
  try {
    return await app.run(step, blob)
  } finally {
    await app.stop()
  }
}

const encrypt = async ({ safeStorage }: typeof Electron.CrossProcessExports) =>
  (await safeStorage.encryptStringAsync('a secret')).toString('base64')

const decrypt = async ({ safeStorage }: typeof Electron.CrossProcessExports, _record: unknown, blob: string) => {
  try {
    return await safeStorage.decryptStringAsync(Buffer.from(blob, 'base64'))
  } catch (error) {
    return String(error)
  }
}

describe('a working keyring', () => {
  it('opens after a restart what it sealed, without asking for re-encryption', async () => {
    const blob = await withMode('ok', encrypt)
    expect(Buffer.from(blob, 'base64').toString('latin1')).not.toContain('a secret')
    expect(await withMode('ok', decrypt, blob)).toEqual({ result: 'a secret', shouldReEncrypt: false })
  })

  it('keeps its keys in files only their owner can read', async () => {
    await withMode('ok', encrypt)
    const modes = readdirSync(keyring).map((name) => (statSync(join(keyring, name)).mode & 0o777).toString(8))
    expect(modes).toEqual(['600'])
  })

  it('seals the same text differently each time', async () => {
    const same = await withMode('ok', async ({ safeStorage }) => {
      const [one, two] = await Promise.all(['x', 'x'].map((text) => safeStorage.encryptStringAsync(text)))
      return one && two?.equals(one)
    })
    expect(same).toBe(false)
  })

  it('opens an empty buffer to an empty text, as Electron does', async () => {
    expect(await withMode('ok', decrypt, '')).toEqual({ result: '', shouldReEncrypt: false })
  })

  it('refuses damaged bytes', async () => {
    const blob = Buffer.from(await withMode('ok', encrypt), 'base64')
    blob[blob.length - 1] = (blob.at(-1) ?? 0) ^ 1
    expect(await withMode('ok', decrypt, blob.toString('base64'))).toMatch(/Error while decrypting the ciphertext/)
  })

  it('has no synchronous calls', async () => {
    const attempt = withMode('ok', ({ safeStorage }) => safeStorage.encryptString('x').toString())
    await expect(attempt).rejects.toThrow('SafeStorage.encryptString is not implemented on the stand-in')
  })
})

describe('a keyring in trouble', () => {
  it('locked is available but rejects with the text that marks a passing state', async () => {
    const blob = await withMode('ok', encrypt)
    expect(await withMode('locked', ({ safeStorage }) => safeStorage.isAsyncEncryptionAvailable())).toBe(true)
    expect(await withMode('locked', decrypt, blob)).toMatch(/temporarily unavailable/)
    expect(await withMode('ok', decrypt, blob)).toMatchObject({ result: 'a secret' })
  })

  it('rotated opens old bytes and asks to seal them again', async () => {
    const blob = await withMode('ok', encrypt)
    expect(await withMode('rotated', decrypt, blob)).toEqual({ result: 'a secret', shouldReEncrypt: true })
    const renewed = await withMode('ok', encrypt)
    expect(await withMode('ok', decrypt, renewed)).toEqual({ result: 'a secret', shouldReEncrypt: false })
  })

  it('lost opens old bytes never again, but works', async () => {
    const blob = await withMode('ok', encrypt)
    expect(await withMode('lost', decrypt, blob)).toMatch(/Error while decrypting the ciphertext/)
    expect(await withMode('ok', decrypt, blob)).toMatch(/Error while decrypting the ciphertext/)
    const renewed = await withMode('ok', encrypt)
    expect(await withMode('ok', decrypt, renewed)).toMatchObject({ result: 'a secret' })
  })

  it('unavailable says so and seals nothing', async () => {
    expect(await withMode('unavailable', ({ safeStorage }) => safeStorage.isAsyncEncryptionAvailable())).toBe(false)
    await expect(withMode('unavailable', encrypt)).rejects.toThrow(/Error while encrypting/)
  })

  it('basic_text names itself and marks its bytes with the fixed key’s prefix', async () => {
    const blob = await withMode('basic_text', encrypt)
    expect(Buffer.from(blob, 'base64').subarray(0, 3).toString('latin1')).toBe('v10')
    expect(await withMode('basic_text', ({ safeStorage }) => safeStorage.getSelectedStorageBackend())).toBe(
      'basic_text',
    )
    expect(await withMode('ok', ({ safeStorage }) => safeStorage.getSelectedStorageBackend())).toBe('gnome_libsecret')
  })

  it('is basic_text under --password-store=basic', async () => {
    const app = await FixtureApp.start({ switches: ['--password-store=basic'] })
    expect(await app.run(({ safeStorage }) => safeStorage.getSelectedStorageBackend())).toBe('basic_text')
    await app.stop()
  })
})

describe('before ready', () => {
  it('nothing is available', async () => {
    const app = await FixtureApp.start({
      before: ({ safeStorage }, record) => {
        record.backend = safeStorage.getSelectedStorageBackend()
        record.early = safeStorage.isAsyncEncryptionAvailable()
      },
    })
    const facts = await app.run(async (_e, { backend, early }) => [backend, await early])
    expect(facts).toEqual(['unknown', false])
    await app.stop()
  })
})
