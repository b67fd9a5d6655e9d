import { randomBytes, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { AppError, isAppError } from '../errors.ts'
import type { DocumentFile, KeyringPort, Log } from '../ports.ts'
import { openEnvelope, sealEnvelope } from './envelope.ts'
import { keyIdOf } from './seal.ts'

/** `vault/key.json`: the wrapped app key and what explains a later failure to unwrap it. */
const keyRecord = z.object({
  wrapped: z.string(),
  /** The wrapping before the last one, until the newer one has served a start. */
  former: z.string().nullable(),
  keyId: z.string(),
  backend: z.string(),
  appVersion: z.string(),
})
type KeyRecord = z.infer<typeof keyRecord>

export interface AppKeyOptions {
  keyring: KeyringPort
  file: DocumentFile
  /** A second copy: one damaged file must not cost every sign-in. */
  copy: DocumentFile
  /** True while ciphertext of an app key exists, here or elsewhere; a new key is never made then. */
  ciphertextExists(): boolean
  appVersion: string
  log: Log
}

/**
 * The app key of this installation, made on first use. The keyring must be `strong` before this is called.
 * @throws AppError `keyring_locked`, `keyring_unavailable`, `secret_damaged` (nothing was changed), `file_failed`, `store_full`
 */
export async function loadAppKey(options: AppKeyOptions): Promise<Uint8Array> {
  const records = [readRecord(options.file), readRecord(options.copy)].filter((each) => each !== null)
  if (records.length === 0) {
    const nothing = options.file.read().kind === 'absent' && options.copy.read().kind === 'absent'
    if (!nothing || options.ciphertextExists()) throw unreadableKey('the key file is missing or damaged')
    return createAppKey(options)
  }
  const opened = await unwrapFirst(options, records)
  if (opened.stale) await reWrap(options, opened.key, opened.wrapped)
  else repairCopies(options, opened.record)
  return opened.key
}

/**
 * Wraps the app key anew, after what wraps it has changed. The former wrapping is not kept: it may lack a passphrase that is wanted now.
 * @throws AppError as `loadAppKey`
 */
export async function wrapAppKeyAgain(options: AppKeyOptions, key: Uint8Array): Promise<void> {
  await storeWrapped(options, key, null)
}

function readRecord(file: DocumentFile): KeyRecord | null {
  const answer = file.read()
  if (answer.kind === 'unreadable') {
    throw new AppError('file_failed', 'The file with the key of your saved sign-ins cannot be read right now.', {
      action: 'Try again. Nothing was changed.',
      detail: answer.reason,
    })
  }
  if (answer.kind !== 'found') return null
  const parsed = keyRecord.safeParse(answer.value)
  return parsed.success ? parsed.data : null
}

async function createAppKey(options: AppKeyOptions): Promise<Uint8Array> {
  const key = new Uint8Array(randomBytes(32))
  await storeWrapped(options, key, null)
  return key
}

interface Opened {
  key: Uint8Array
  record: KeyRecord
  wrapped: string
  /** The keyring asks for a fresh wrapping, or only an older one could be opened. */
  stale: boolean
}

/** Tries every wrapping there is, newest first. A locked keyring ends the search: nothing can be told then. */
async function unwrapFirst(options: AppKeyOptions, records: KeyRecord[]): Promise<Opened> {
  let reason = 'not readable'
  const tried = new Set<string>()
  for (const record of records) {
    for (const wrapped of [record.wrapped, record.former]) {
      if (wrapped === null || tried.has(wrapped)) continue
      tried.add(wrapped)
      try {
        const { plain, reWrap } = await options.keyring.unwrap(fromBase64(wrapped))
        const key = openEnvelope(plain)
        if (key && keyIdOf(key) === record.keyId) {
          return { key, record, wrapped, stale: reWrap || wrapped !== record.wrapped }
        }
        reason = key ? 'another key' : 'not an intact key'
      } catch (error) {
        if (!isAppError(error, 'secret_damaged')) throw error
        reason = error.detail ?? error.message
      }
    }
  }
  const made = records[0]
  const backend = await options.keyring.backend()
  throw unreadableKey(`${reason}; wrapped by ${made?.backend} in ${made?.appVersion}, now ${backend}`)
}

/** Writes beside, verifies, swaps. Not being able to is no reason to stop: the wrapping at hand still opens. */
async function reWrap(options: AppKeyOptions, key: Uint8Array, former: string): Promise<void> {
  try {
    await storeWrapped(options, key, former)
    options.log.info('The app key was wrapped again for the system keyring')
  } catch (error) {
    options.log.warn('The app key could not be wrapped again; the former wrapping stays', { error })
  }
}

async function storeWrapped(options: AppKeyOptions, key: Uint8Array, former: string | null): Promise<void> {
  const wrapped = await options.keyring.wrap(sealEnvelope(key))
  const proof = openEnvelope((await options.keyring.unwrap(wrapped)).plain)
  if (!proof || !timingSafeEqual(proof, key)) {
    throw new AppError('keyring_unavailable', 'The system keyring did not give back what was put into it.', {
      action: 'Try again, or go on for this session only.',
    })
  }
  const record: KeyRecord = {
    wrapped: Buffer.from(wrapped).toString('base64'),
    former,
    keyId: keyIdOf(key),
    backend: await options.keyring.backend(),
    appVersion: options.appVersion,
  }
  options.file.write(record)
  options.copy.write(record)
}

function repairCopies(options: AppKeyOptions, record: KeyRecord): void {
  const settled = { ...record, former: null }
  for (const file of [options.file, options.copy]) {
    try {
      const present = readRecord(file)
      if (present?.wrapped === settled.wrapped && present.former === null) continue
      if (file.read().kind === 'damaged') file.setAside()
      file.write(settled)
    } catch (error) {
      options.log.warn('A copy of the key file could not be repaired', { error })
    }
  }
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}

function unreadableKey(detail: string): AppError {
  return new AppError('secret_damaged', 'Saved sign-ins cannot be read on this computer.', {
    action: 'Nothing was deleted. Start over to sign in again for each account, or go on for this session only.',
    detail,
  })
}
