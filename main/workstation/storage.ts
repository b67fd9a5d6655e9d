import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openDocumentFolder } from '../accounts/documents.ts'
import type { Audit } from '../audit/model.ts'
import { AppError } from '../errors.ts'
import type { LocalStore } from '../inbox/model.ts'
import { openStore, rebuildStore, setStoreAside } from '../inbox/store.ts'
import type { Vault } from '../oauth/model.ts'
import { openVault, openVaultForThisSession, setVaultAside, type VaultOpening } from '../oauth/vault.ts'
import type { Clock, DocumentFolder, KeyringPort, Log } from '../ports.ts'
import { markNewKey, openAuditFor } from './audit-files.ts'
import { sessionDocuments } from './session-documents.ts'

interface StorageOptions {
  /** Folder of this person's data. */
  folder: string
  workerUrl: URL
  keyring: KeyringPort
  appVersion: string
  clock: Clock
  log: Log
  onNotice(notice: AppError): void
}

/** What is on disk, and how it is opened: settings in clear, everything else under the keys of the vault. */
export interface Storage {
  /** Accounts and brands. A session beside a vault that cannot be opened now gets a copy that is not written. */
  documents(lasting: boolean): DocumentFolder
  openVault(): Promise<VaultOpening>
  openVaultForThisSession(): Vault
  /** The local copy goes with its keys. @throws AppError `file_failed` */
  setVaultAside(): void
  /** @throws AppError `store_*` */
  openStore(vault: Vault, lasting: boolean): Promise<LocalStore>
  /** @throws AppError `store_*`, `file_failed` */
  rebuildStore(vault: Vault): Promise<LocalStore>
  /** In memory for a session that leaves nothing on disk, and where its own files cannot be read now. Never a reason not to start. */
  openAudit(vault: Vault, lasting: boolean): Promise<Audit>
}

export function createStorage(options: StorageOptions): Storage {
  const { folder, workerUrl, keyring, appVersion, clock, log } = options
  const vaultFolder = join(folder, 'vault')
  const storeFile = join(folder, 'inbox.db')
  const settings = openDocumentFolder(join(folder, 'settings'), clock.now)
  const vaultDocuments = openDocumentFolder(vaultFolder, clock.now)
  let isKeyNew = false
  const storeOptions = async (vault: Vault, file: string) => ({
    workerUrl,
    file,
    key: await vault.purposeKey('database'),
    log,
  })

  return {
    documents: (lasting) => (lasting || !existsSync(vaultFolder) ? settings : sessionDocuments(settings)),
    async openVault() {
      const hadKey = existsSync(join(vaultFolder, 'key.json')) || existsSync(join(vaultFolder, 'key.copy.json'))
      const opening = await openVault({
        keyring,
        documents: vaultDocuments,
        ciphertextExists: () => existsSync(storeFile) || holdsEntries(vaultFolder),
        appVersion,
        log,
      })
      if (opening.kind === 'open' && !hadKey) {
        isKeyNew = true
        await markNewKey(opening.vault, vaultDocuments, log)
      }
      return opening
    },
    openVaultForThisSession,
    setVaultAside() {
      // Without its keys the local copy can never be read again; left in place, it would keep new keys from being made.
      setStoreAside(storeFile)
      setVaultAside(vaultDocuments)
    },
    async openStore(vault, lasting) {
      if (lasting) return openStore(await storeOptions(vault, storeFile))
      // The key of an earlier session is gone, so what that session left can never be read again.
      const sessionFile = join(folder, 'session.db')
      for (const ending of ['', '-wal', '-shm']) rmSync(sessionFile + ending, { force: true })
      return openStore(await storeOptions(vault, sessionFile))
    },
    async rebuildStore(vault) {
      const { store, rescued } = await rebuildStore(await storeOptions(vault, storeFile))
      options.onNotice(rebuilt(rescued))
      return store
    },
    async openAudit(vault, lasting) {
      const key = await vault.purposeKey('audit')
      const { audit, notice } = openAuditFor({ folder, documents: vaultDocuments, key, lasting, clock, log })
      if (notice !== null) options.onNotice(notice)
      if (isKeyNew) audit.record({ kind: 'app_key_new' })
      isKeyNew = false
      return audit
    },
  }
}

function holdsEntries(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('account-'))
}

function rebuilt({ commands, drafts }: { commands: number; drafts: number }): AppError {
  return new AppError('store_damaged', 'The local copy was damaged and is being filled again from your accounts.', {
    action: `Recovered: ${commands} unsent replies and changes, ${drafts} drafts. The damaged file was kept beside the new one.`,
  })
}
