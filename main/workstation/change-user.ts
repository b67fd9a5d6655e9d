import type { Accounts } from '../accounts/accounts.ts'
import { AppError } from '../errors.ts'
import type { LocalStore } from '../inbox/model.ts'
import { storeAccount } from '../inbox/sync.ts'
import type { InboxWork } from './inbox-work.ts'

interface ChangeUserParts {
  accounts: Pick<Accounts, 'find'>
  store: Pick<LocalStore, 'outbox' | 'removeAccount' | 'putAccount'>
  work: Pick<InboxWork, 'start' | 'stop'>
  /** Drops what access to the vendor remembers of the account. */
  forget(accountId: string): void
  onFiled(accountId: string): Promise<void>
}

/**
 * Another user takes over an account: nothing of the one before stays, and nothing that was written by them is sent by the other.
 * The answered function throws AppError `bad_request` while something is unsent, and whatever `save` throws.
 */
export function createChangeUser({ accounts, store, work, forget, onFiled }: ChangeUserParts) {
  return async (accountId: string, save: () => Promise<void>): Promise<void> => {
    await work.stop(accountId)
    try {
      const unsent = (await store.outbox()).filter((item) => item.accountId === accountId && item.state !== 'sent')
      if (unsent.length > 0) throw unsentOfAnother(unsent.length)
      await store.removeAccount(accountId)
      await save()
      const account = accounts.find(accountId)
      if (account) await store.putAccount(storeAccount(account))
    } finally {
      forget(accountId)
      if (accounts.find(accountId)?.state === 'connected') work.start(accountId)
    }
    await onFiled(accountId)
  }
}

function unsentOfAnother(count: number): AppError {
  return new AppError('bad_request', `${count} answers or changes of the present user have not been sent yet.`, {
    action: 'Send or discard them in the outbox, then switch the user. Nothing was changed.',
  })
}
