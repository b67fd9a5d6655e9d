import { randomBytes } from 'node:crypto'
import { AppError, isAppError } from '../errors.ts'
import { openEnvelope } from '../oauth/envelope.ts'
import type { DocumentFile, KeyringPort } from '../ports.ts'
import {
  type LockEnvelope,
  openUnderPassphrase,
  readEnvelope,
  sealUnderPassphrase,
  toEnvelope,
  writeEnvelope,
} from './lock-envelope.ts'
import { type KdfParameters, type passphraseKey, recommendedCost } from './passphrase-key.ts'

/** The key of the passphrase, and how it was made. */
interface Held {
  key: Uint8Array
  parameters: KdfParameters
}

/**
 * A keyring whose wrappings also need a passphrase, once one is set: what the system's keyring gets to see is sealed under the passphrase
 * already. With a recovery copy the passphrase alone opens it, where the system's keyring has lost its key.
 */
export interface LockedKeyring {
  keyring: KeyringPort
  /** True where something waits for the passphrase before it can be unwrapped. */
  waits(): boolean
  /** True when what waits is the recovery copy: the system's keyring could not open its own. */
  recovers(): boolean
  /** True once a passphrase is set. */
  isSet(): boolean
  /** Tries a passphrase on what waits, or on what was opened last. False: it is not the one. */
  tryPassphrase(passphrase: string): Promise<boolean>
  /**
   * Sets the passphrase of every wrapping from now on, null for none, and calls `wrapAgain`, which must wrap the app key anew. When that
   * fails the one before holds again. @throws what `wrapAgain` throws
   */
  setPassphrase(passphrase: string | null, recovery: boolean, wrapAgain: () => Promise<void>): Promise<void>
  hasRecovery(): boolean
  /** Everything was set aside: there is nothing to open any more. */
  forget(): void
}

interface LockedKeyringOptions {
  keyring: KeyringPort
  /** The app key under the passphrase alone; absent where no recovery copy is wanted. */
  recovery: DocumentFile
  /** Makes a key of a passphrase, slowly. */
  derive: typeof passphraseKey
}

export function createLockedKeyring({ keyring, recovery, derive }: LockedKeyringOptions): LockedKeyring {
  let held: Held | null = null
  let waiting: { envelope: LockEnvelope; recovers: boolean } | null = null
  let last: LockEnvelope | null = null
  let keepsRecovery = false

  const recoveryCopy = (): LockEnvelope | null => {
    const answer = recovery.read()
    return answer.kind === 'found' ? toEnvelope(answer.value) : null
  }

  /** Opens with the key at hand, or says that the passphrase is needed. */
  const opened = (envelope: LockEnvelope, recovers: boolean): Uint8Array => {
    const plain = held && held.parameters.salt === envelope.parameters.salt && openUnderPassphrase(held.key, envelope)
    if (!plain) {
      held = null
      waiting = { envelope, recovers }
      throw needsPassphrase()
    }
    waiting = null
    last = envelope
    keepsRecovery = recoveryCopy() !== null
    return plain
  }

  const unwrap = async (wrapped: Uint8Array): Promise<{ plain: Uint8Array; reWrap: boolean }> => {
    const answer = await keyring.unwrap(wrapped).catch((error: unknown) => {
      if (!isAppError(error, 'secret_damaged')) throw error
      return error
    })
    if (!isAppError(answer)) {
      const envelope = readEnvelope(answer.plain)
      if (envelope !== null) return { plain: opened(envelope, false), reWrap: answer.reWrap }
      if (openEnvelope(answer.plain) !== null) return answer
    }
    // Some keyrings answer garbage instead of an error.
    const copy = recoveryCopy()
    if (copy !== null) return { plain: opened(copy, true), reWrap: true }
    if (isAppError(answer)) throw answer
    return answer
  }

  const wrap = async (plain: Uint8Array): Promise<Uint8Array> => {
    if (held === null) return keyring.wrap(plain)
    const envelope = sealUnderPassphrase(held.key, held.parameters, plain)
    const wrapped = await keyring.wrap(writeEnvelope(envelope))
    if (keepsRecovery) recovery.write({ ...sealUnderPassphrase(held.key, held.parameters, plain) })
    last = envelope
    return wrapped
  }

  return {
    keyring: { backend: keyring.backend, protection: keyring.protection, wrap, unwrap },
    waits: () => waiting !== null,
    recovers: () => waiting?.recovers === true,
    isSet: () => held !== null || waiting !== null,
    hasRecovery: () => recoveryCopy() !== null,
    async tryPassphrase(passphrase) {
      const envelope = waiting?.envelope ?? last
      if (envelope === null || passphrase === '') return false
      const { parameters } = envelope
      const key = await derive(passphrase, parameters)
      if (openUnderPassphrase(key, envelope) === null) return false
      held = { key, parameters }
      waiting = null
      return true
    },
    async setPassphrase(passphrase, wantsRecovery, wrapAgain) {
      const before = { held, last, keepsRecovery }
      const next = passphrase === null ? null : await freshKey(passphrase, derive)
      held = next
      keepsRecovery = next !== null && wantsRecovery
      try {
        await wrapAgain()
      } catch (error) {
        ;({ held, last, keepsRecovery } = before)
        if (!keepsRecovery) recovery.remove()
        // Half of it may be on disk under the new passphrase; under the former one it opens for sure.
        await wrapAgain().catch(() => undefined)
        throw error
      }
      keepsRecovery = next !== null && wantsRecovery
      if (next === null) last = null
      if (!keepsRecovery) recovery.remove()
    },
    forget() {
      held = null
      waiting = null
      last = null
      keepsRecovery = false
    },
  }
}

async function freshKey(passphrase: string, derive: typeof passphraseKey): Promise<Held> {
  const parameters = { ...recommendedCost, salt: randomBytes(16).toString('base64') }
  return { parameters, key: await derive(passphrase, parameters) }
}

function needsPassphrase(): AppError {
  return new AppError('locked', 'Manydesk is locked.', { action: 'Enter your passphrase.' })
}
