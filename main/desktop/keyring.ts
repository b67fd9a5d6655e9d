import type { SafeStorage } from 'electron'
import { AppError } from '../errors.ts'
import type { KeyringPort, Protection } from '../ports.ts'

type AsyncSafeStorage = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>

/** Prefix of what Chromium's fixed, published key wrote on Linux. On macOS and Windows the same prefix is normal. */
const fixedKeyPrefix = 'v10'

function locked(cause: unknown): AppError {
  return new AppError('keyring_locked', 'Your system keyring is locked.', {
    action: 'Unlock it, then try again.',
    cause,
  })
}

/** Electron marks a locked keyring only by the text of its rejection. */
function isLocked(error: unknown): boolean {
  return error instanceof Error && /temporarily unavailable/i.test(error.message)
}

function unavailable(cause: unknown): AppError {
  return new AppError('keyring_unavailable', 'The system keyring did not answer.', {
    action: 'Try again, or go on for this session only.',
    detail: cause instanceof Error ? cause.message.slice(0, 200) : null,
    cause,
  })
}

function damaged(detail: string, cause?: unknown): AppError {
  return new AppError('secret_damaged', 'Saved sign-ins cannot be read on this computer.', {
    action: 'Sign in again for each account.',
    detail,
    cause,
  })
}

/**
 * The operating system's keyring over the asynchronous `safeStorage`. Bytes travel as base64 text, because safeStorage takes text
 * and a zero-length or garbled answer must not pass for a secret.
 */
export function createKeyring(storage: AsyncSafeStorage, platform: NodeJS.Platform): KeyringPort {
  const encrypt = async (text: string): Promise<Buffer> => {
    try {
      return await storage.encryptStringAsync(text)
    } catch (error) {
      throw isLocked(error) ? locked(error) : unavailable(error)
    }
  }

  const backend = (): string => {
    if (platform === 'darwin') return 'keychain'
    if (platform === 'win32') return 'dpapi'
    return storage.getSelectedStorageBackend()
  }

  // The name of the backend and the provider that really answers can differ on Linux, so both are looked at.
  const isFixedKey = async (): Promise<boolean> => {
    if (platform !== 'linux') return false
    if (['basic_text', 'unknown'].includes(backend())) return true
    // A locked keyring cannot encrypt either, and says so only when asked to decrypt: opening the key will tell.
    const probe = await storage.encryptStringAsync('probe').catch(() => null)
    return probe?.subarray(0, fixedKeyPrefix.length).toString('latin1') === fixedKeyPrefix
  }

  return {
    backend: async () => backend(),
    protection: async (): Promise<Protection> => {
      const available = await storage.isAsyncEncryptionAvailable().catch((error: unknown) => {
        if (isLocked(error)) throw locked(error)
        return false
      })
      if (!available) return 'unavailable'
      return (await isFixedKey()) ? 'weak' : 'strong'
    },
    wrap: async (plain) => new Uint8Array(await encrypt(Buffer.from(plain).toString('base64'))),
    async unwrap(wrapped) {
      if (wrapped.length === 0) throw damaged('empty')
      const answer = await storage.decryptStringAsync(Buffer.from(wrapped)).catch((error: unknown) => {
        throw isLocked(error) ? locked(error) : damaged('not readable', error)
      })
      const plain = Buffer.from(answer.result, 'base64')
      // Decryption is not authenticated everywhere: a wrong key can answer garbage instead of failing.
      if (plain.length === 0 || plain.toString('base64') !== answer.result) throw damaged('garbled')
      return { plain: new Uint8Array(plain), reWrap: answer.shouldReEncrypt }
    },
  }
}
