import type { Accounts } from '../accounts/accounts.ts'
import type { Account } from '../accounts/model.ts'
import type { Revoked } from '../accounts/removal.ts'
import { AppError, toErrorShape } from '../errors.ts'
import type { Log } from '../ports.ts'
import type { Vault } from './model.ts'
import type { Grants } from './refresh.ts'

/** What became of one account's sign-in. */
export interface SignedOut {
  accountId: string
  /** At the vendor; `locked` where the organisation keeps the account signed in, and nothing was changed. */
  revoked: Revoked | 'locked'
  /** False where the sign-in could not be deleted from this computer. */
  deleted: boolean
}

interface SignOutOptions {
  accounts: Pick<Accounts, 'list' | 'needSignIn'>
  grants: Pick<Grants, 'forget'>
  vault: Pick<Vault, 'removeGrant'>
  /** Why the organisation does not let this sign-in end, or null. */
  locked(account: Account): AppError | null
  /** Tells the vendor; never throws. */
  revoke(account: Account): Promise<Revoked>
  clearPartition(partition: string): Promise<void>
  log: Log
}

/**
 * Gives every sign-in back and deletes it here, one result for each account. Accounts, brands, conversations and unsent replies stay and
 * ask for signing in again. One that the organisation has locked goes on. Never throws: what fails at one account is told and holds up no other.
 */
export function createSignOut(options: SignOutOptions): () => Promise<SignedOut[]> {
  const { accounts, grants, log } = options

  const signOut = async (account: Account): Promise<SignedOut> => {
    const { id: accountId, siteLabel } = account
    if (options.locked(account) !== null) return { accountId, revoked: 'locked', deleted: false }
    // First of all nothing may use or renew what is being given back.
    accounts.needSignIn(accountId, toErrorShape(signedOut(siteLabel)))
    grants.forget(accountId)
    const revoked = await options.revoke(account)
    let deleted = true
    const failed = (error: unknown) => {
      deleted = false
      log.error('A sign-in could not be deleted from this computer', { accountId, error })
    }
    await options.vault.removeGrant(accountId).catch(failed)
    await options.clearPartition(account.partition).catch(failed)
    return { accountId, revoked, deleted }
  }

  return () => Promise.all(accounts.list().map(signOut))
}

function signedOut(siteLabel: string): AppError {
  return new AppError('needs_sign_in', `You signed out of ${siteLabel}.`, {
    action: 'Sign in again when you want to go on. Conversations and unsent replies are kept.',
  })
}
