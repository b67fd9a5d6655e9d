import type { AppError } from '../errors.ts'
import type { Log } from '../ports.ts'
import type { Accounts } from './accounts.ts'
import type { Account } from './model.ts'

export type Revoked = 'revoked' | 'not_offered' | 'not_reached'

interface RemovalOptions {
  accounts: Accounts
  /** Why the organisation does not let this account go, or null. */
  locked(account: Account): AppError | null
  /** Ends background refreshes; nothing may write the grant afterwards. */
  forget(accountId: string): void
  /** Tells the vendor; never throws. */
  revoke(account: Account): Promise<Revoked>
  /** Deletes grant and client secret. */
  deleteSecrets(accountId: string): Promise<void>
  clearPartition(partition: string): Promise<void>
  /** Deletes the cached rows of the account. */
  deleteRows(accountId: string): Promise<void>
  log: Log
}

export interface Removal {
  /** Revokes at the vendor where possible, then deletes everything of the account here. @throws AppError `not_found`, `policy_*` */
  remove(accountId: string): Promise<Revoked>
  /** At start: finishes removals that a crash or a failure interrupted. Never throws. */
  finish(): Promise<void>
}

/**
 * Removing an account. Its removal is remembered first, and every step may be repeated, so that a crash at any point leaves an account
 * that is fully there or one whose removal is finished at the next start. The vendor is asked before the secrets go: they are needed to ask.
 */
export function createRemoval(options: RemovalOptions): Removal {
  const { accounts, log } = options

  const complete = async (account: Account): Promise<Revoked> => {
    // A refresh that is still running would rotate the very token that is to be revoked.
    options.forget(account.id)
    const revoked = await options.revoke(account)
    const steps: [string, () => Promise<void>][] = [
      ['secrets', () => options.deleteSecrets(account.id)],
      ['partition', () => options.clearPartition(account.partition)],
      ['rows', () => options.deleteRows(account.id)],
    ]
    let failed = false
    for (const [step, run] of steps) {
      await run().catch((error: unknown) => {
        failed = true
        log.error('A step of removing an account failed and is repeated at the next start', { step, error })
      })
    }
    if (!failed) accounts.endRemoval(account.id)
    return revoked
  }

  return {
    async remove(accountId) {
      const account = accounts.find(accountId)
      const locked = account === null ? null : options.locked(account)
      if (locked !== null) throw locked
      return complete(accounts.beginRemoval(accountId))
    },
    async finish() {
      for (const account of accounts.removals()) {
        await complete(account).catch((error: unknown) => log.error('A removal could not be finished', { error }))
      }
    },
  }
}
