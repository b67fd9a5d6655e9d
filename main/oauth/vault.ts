import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { AppError, isAppError } from '../errors.ts'
import type { DocumentFolder, KeyringPort, Log, Protection } from '../ports.ts'
import { loadAppKey, wrapAppKeyAgain } from './app-key.ts'
import type { Grant, OAuthClient, Vault, VaultAnswer } from './model.ts'
import type { ProofKey } from './proof.ts'
import { deriveKey, type EntryName, keyIdOf, openEntry, sealEntry, sealedEntry } from './seal.ts'

const grantValue = z.object({
  accessToken: z.string(),
  refreshToken: z.string().nullable(),
  tokenType: z.string(),
  scopes: z.array(z.string()),
  obtainedAt: z.number(),
  expiresAt: z.number().nullable(),
  refreshExpiresAt: z.number().nullable(),
  privateKey: z.custom<ProofKey>((value) => typeof value === 'object' && value !== null).optional(),
}) satisfies z.ZodType<Grant>

const clientValue = z.object({
  clientId: z.string(),
  clientSecret: z.string().nullable(),
}) satisfies z.ZodType<OAuthClient>

/** One document per account, so that a damaged one costs one sign-in. */
const entryDocument = z.object({ grant: sealedEntry.optional(), client: sealedEntry.optional() })
type EntryDocument = z.infer<typeof entryDocument>

export interface VaultOptions {
  keyring: KeyringPort
  /** The vault's own folder. */
  documents: DocumentFolder
  /** True while an encrypted database or journal of this installation exists, or an account that had a grant. */
  ciphertextExists(): boolean
  appVersion: string
  log: Log
}

/** `closed` says in `error` what the person must do; opening may be tried again at any time. */
export type VaultOpening =
  | {
      kind: 'open'
      vault: Vault
      protection: 'strong'
      /** Wraps the app key anew, after what wraps it has changed. @throws AppError keyring_*, `file_failed`, `store_full` */
      wrapAgain?(): Promise<void>
    }
  | { kind: 'closed'; protection: Protection; error: AppError }

/**
 * Opens the vault, with one question to the keyring. `closed` with `keyring_locked`: wait and try again; `keyring_weak` and
 * `keyring_unavailable`: `openVaultForThisSession` is the way on; `secret_damaged`: that, or `setVaultAside` and open again;
 * `file_failed`, `store_full`: the disk. Nothing is ever overwritten or deleted in a `closed` answer.
 */
export async function openVault(options: VaultOptions): Promise<VaultOpening> {
  let protection: Protection = 'unavailable'
  try {
    protection = await options.keyring.protection()
    if (protection !== 'strong') return { kind: 'closed', protection, error: notProtected(protection) }
    const { documents, log } = options
    const keyOptions = { ...options, file: documents.file('key'), copy: documents.file('key.copy') }
    const appKey = await loadAppKey(keyOptions)
    return {
      ...{ kind: 'open', protection, vault: storedVault(appKey, documents, log) },
      wrapAgain: () => wrapAppKeyAgain(keyOptions, appKey),
    }
  } catch (error) {
    if (!isAppError(error)) throw error
    // A keyring that is only locked does protect: it must not be shown as missing.
    if (isAppError(error, 'keyring_locked', 'locked')) protection = 'strong'
    return { kind: 'closed', protection, error }
  }
}

/** Secrets in memory until the app quits: nothing is read from or written to disk, and its keys open nothing stored before. */
export function openVaultForThisSession(): Vault {
  const appKey = new Uint8Array(randomBytes(32))
  const grants = new Map<string, Grant>()
  const clients = new Map<string, OAuthClient>()
  const read = <T>(map: Map<string, T>, accountId: string): VaultAnswer<T> => {
    const value = map.get(accountId)
    return value === undefined ? { kind: 'absent' } : { kind: 'found', value: structuredClone(value) }
  }
  return {
    readGrant: async (accountId) => read(grants, accountId),
    writeGrant: async (accountId, grant) => void grants.set(accountId, structuredClone(grant)),
    readClient: async (accountId) => read(clients, accountId),
    writeClient: async (accountId, client) => void clients.set(accountId, structuredClone(client)),
    purposeKey: async (purpose) => deriveKey(appKey, purpose),
    async remove(accountId) {
      grants.delete(accountId)
      clients.delete(accountId)
    },
    removeGrant: async (accountId) => void grants.delete(accountId),
  }
}

/** Starting over, on the person's word: the whole vault is kept under another name. Answers that name. @throws AppError `file_failed` */
export function setVaultAside(documents: DocumentFolder): string | null {
  return documents.setAside()
}

function storedVault(appKey: Uint8Array, documents: DocumentFolder, log: Log): Vault {
  const file = (accountId: string) => documents.file(`account-${accountId}`)

  const read = <T>(name: EntryName, schema: z.ZodType<T>): VaultAnswer<T> => {
    const document = readDocument(documents, name.accountId)
    if (document.kind !== 'found') return document
    const entry = document.value[name.kind]
    if (!entry) return { kind: 'absent' }
    if (entry.keyId !== keyIdOf(appKey)) return { kind: 'damaged', reason: 'sealed with another key' }
    const parsed = schema.safeParse(openEntry(appKey, name, entry))
    return parsed.success
      ? { kind: 'found', value: parsed.data }
      : { kind: 'damaged', reason: 'not the bytes that were written' }
  }

  // Runs without a pause between reading and writing, so that two writers cannot mix.
  const write = <T>(name: EntryName, schema: z.ZodType<T>, value: T): void => {
    const before = read(name, schema)
    if (before.kind === 'locked') throw cannotRead(before.reason)
    let document: EntryDocument = {}
    const present = readDocument(documents, name.accountId)
    if (present.kind === 'found') document = present.value
    if (before.kind === 'damaged') {
      const keptAs = file(name.accountId).setAside()
      log.warn('A damaged vault entry was set aside before a new one was written', { kind: name.kind, keptAs })
    }
    const generation = (document[name.kind]?.generation ?? 0) + 1
    file(name.accountId).write({ ...document, [name.kind]: sealEntry(appKey, name, generation, value) })
  }

  return {
    readGrant: async (accountId) => read({ accountId, kind: 'grant' }, grantValue),
    writeGrant: async (accountId, grant) => write({ accountId, kind: 'grant' }, grantValue, grant),
    readClient: async (accountId) => read({ accountId, kind: 'client' }, clientValue),
    writeClient: async (accountId, client) => write({ accountId, kind: 'client' }, clientValue, client),
    purposeKey: async (purpose) => deriveKey(appKey, purpose),
    remove: async (accountId) => file(accountId).remove(),
    async removeGrant(accountId) {
      const present = readDocument(documents, accountId)
      if (present.kind === 'locked') throw cannotRead(present.reason)
      if (present.kind !== 'found') return
      const { grant: _, ...rest } = present.value
      file(accountId).write(rest)
    },
  }
}

function readDocument(documents: DocumentFolder, accountId: string): VaultAnswer<EntryDocument> {
  if (!/^[\w-]{1,100}$/.test(accountId)) throw new RangeError('not an account id')
  const answer = documents.file(`account-${accountId}`).read()
  if (answer.kind === 'unreadable') return { kind: 'locked', reason: answer.reason }
  if (answer.kind !== 'found') return answer
  const parsed = entryDocument.safeParse(answer.value)
  return parsed.success ? { kind: 'found', value: parsed.data } : { kind: 'damaged', reason: 'not a vault entry' }
}

function cannotRead(detail: string): AppError {
  return new AppError('file_failed', 'A saved sign-in cannot be read right now, so it was not replaced either.', {
    action: 'Try again in a moment.',
    detail,
  })
}

function notProtected(protection: 'weak' | 'unavailable'): AppError {
  return protection === 'weak'
    ? new AppError('keyring_weak', 'This desktop has no protected key store.', {
        action: 'Go on for this session only, or set up a keyring (GNOME Keyring or KWallet) and try again.',
        detail: 'The available store encrypts with a published, fixed key.',
      })
    : new AppError('keyring_unavailable', 'The key store of this computer is not available.', {
        action: 'Try again, or go on for this session only. Then nothing secret is kept on disk.',
      })
}
