import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ControlClient, type SafeStorageMode } from '../../standin/control-client.ts'
import { FixtureApp, temporaryFolder } from './fixture-app.ts'

let data: { path: string; remove(): Promise<void> }
let app: FixtureApp
let control: ControlClient

async function start(...switches: string[]): Promise<void> {
  const address = join(data.path, 'control')
  const own = [`--standin-keyring=${join(data.path, 'keys')}`, `--standin-control=${address}`]
  app = await FixtureApp.start({ userData: data.path, switches: [...own, ...switches] })
  control = await ControlClient.connect(address, AbortSignal.timeout(10_000))
}

async function stop(): Promise<void> {
  control.close()
  await app.stop()
}

beforeAll(async () => {
  data = await temporaryFolder()
  await start()
})
afterAll(async () => {
  await stop()
  await data.remove()
})
beforeEach(() => mode('ok'))

function mode(mode: SafeStorageMode): Promise<null> {
  return control.call('safeStorage', { mode })
}

/** What the app gets for a text, as base64, or how it fails. */
function encrypt(text = 'a secret'): Promise<string> {
  return app.run(async ({ safeStorage }, _record, text) => {
    try {
      return (await safeStorage.encryptStringAsync(text)).toString('base64')
    } catch (error) {
      return String(error)
    }
  }, text)
}

/** What the app gets for a blob, or how it fails. */
function decrypt(blob: string): Promise<unknown> {
  return app.run(async ({ safeStorage }, _record, blob) => {
    try {
      return await safeStorage.decryptStringAsync(Buffer.from(blob, 'base64'))
    } catch (error) {
      return String(error)
    }
  }, blob)
}

const available = () => app.run(({ safeStorage }) => safeStorage.isAsyncEncryptionAvailable())
const backend = () => app.run(({ safeStorage }) => safeStorage.getSelectedStorageBackend())

describe('a working keyring', () => {
  it('opens after a restart what it sealed, without asking for re-encryption', async () => {
    const blob = await encrypt()
    expect(Buffer.from(blob, 'base64').toString('latin1')).not.toContain('a secret')
    await stop()
    await start()
    expect(await decrypt(blob)).toEqual({ result: 'a secret', shouldReEncrypt: false })
  })

  it('keeps its keys in files only their owner can read', async () => {
    await encrypt()
    const folder = join(data.path, 'keys')
    const modes = readdirSync(folder).map((name) => (statSync(join(folder, name)).mode & 0o777).toString(8))
    expect(new Set(modes)).toEqual(new Set(['600']))
  })

  it('seals the same text differently each time', async () => {
    expect(await encrypt()).not.toBe(await encrypt())
  })

  it('opens an empty buffer to an empty text, as Electron does', async () => {
    expect(await decrypt('')).toEqual({ result: '', shouldReEncrypt: false })
  })

  it('refuses damaged bytes', async () => {
    const blob = Buffer.from(await encrypt(), 'base64')
    blob[blob.length - 1] = (blob.at(-1) ?? 0) ^ 1
    expect(await decrypt(blob.toString('base64'))).toMatch(/Error while decrypting the ciphertext/)
  })

  it('has no synchronous calls', async () => {
    const attempt = app.run(({ safeStorage }) => safeStorage.encryptString('x').toString())
    await expect(attempt).rejects.toThrow('SafeStorage.encryptString is not implemented on the stand-in')
  })
})

describe('a keyring in trouble', () => {
  it('locked is available, and rejects with the text that marks a passing state until it is unlocked', async () => {
    const blob = await encrypt()
    await mode('locked')
    expect(await available()).toBe(true)
    expect(await decrypt(blob)).toMatch(/temporarily unavailable/)
    await mode('ok')
    expect(await decrypt(blob)).toMatchObject({ result: 'a secret' })
  })

  it('rotated opens old bytes and asks to seal them again', async () => {
    const blob = await encrypt()
    await mode('rotated')
    expect(await decrypt(blob)).toEqual({ result: 'a secret', shouldReEncrypt: true })
    expect(await decrypt(await encrypt())).toEqual({ result: 'a secret', shouldReEncrypt: false })
  })

  it('lost opens old bytes never again, but works', async () => {
    const blob = await encrypt()
    await mode('lost')
    expect(await decrypt(blob)).toMatch(/Error while decrypting the ciphertext/)
    await mode('ok')
    expect(await decrypt(blob)).toMatch(/Error while decrypting the ciphertext/)
    expect(await decrypt(await encrypt())).toMatchObject({ result: 'a secret' })
  })

  it('unavailable says so and seals nothing', async () => {
    await mode('unavailable')
    expect(await available()).toBe(false)
    expect(await encrypt()).toMatch(/Error while encrypting/)
  })

  it('basic_text names itself and marks its bytes with the fixed key’s prefix', async () => {
    expect(await backend()).toBe('gnome_libsecret')
    await mode('basic_text')
    expect(await backend()).toBe('basic_text')
    const blob = Buffer.from(await encrypt(), 'base64')
    expect(blob.subarray(0, 3).toString('latin1')).toBe('v10')
  })
})

describe('at start', () => {
  it('the switch sets the mode, and --password-store=basic means basic_text', async () => {
    await stop()
    await start('--standin-safe-storage=locked')
    expect(await decrypt(Buffer.alloc(40).toString('base64'))).toMatch(/temporarily unavailable/)
    await stop()
    await start('--password-store=basic')
    expect(await backend()).toBe('basic_text')
  })

  it('nothing is available before the app is ready', async () => {
    const early = await FixtureApp.start({
      before: ({ safeStorage }, record) => {
        record.backend = safeStorage.getSelectedStorageBackend()
        record.early = safeStorage.isAsyncEncryptionAvailable()
      },
    })
    const facts = await early.run(async (_electron, { backend, early }) => [backend, await early])
    expect(facts).toEqual(['unknown', false])
    await early.stop()
  })
})
