import type { Account } from '../accounts/model.ts'
import type { StoreAccount } from '../inbox/model.ts'
import { storeAccount } from '../inbox/sync.ts'
import type { Log } from '../ports.ts'

interface FollowPorts {
  putAccount(account: StoreAccount): Promise<void>
  /** Reading and sending of one account, begun and ended together. */
  start(accountId: string): void
  stop(accountId: string): Promise<void>
  /** False: nothing of any account may go on now. */
  mayWork(): boolean
  /** The person paused the account: nothing of it may go on in the background. */
  forget(accountId: string): void
  /** Brand, routing or user of the account changed for the conversations that are here. */
  onFiled(accountId: string): Promise<void>
  log: Log
}

interface Followed {
  filedAs: string
  works: boolean
}

/**
 * Keeps store, sync and outbox in step with the list of accounts. Call it with the list at start and at each change; changes are worked
 * off one after the other, and trouble with one account does not keep the others from theirs.
 */
export function followAccounts(ports: FollowPorts): (accounts: Account[]) => Promise<void> {
  const followed = new Map<string, Followed>()
  let work = Promise.resolve()

  const follow = async (account: Account) => {
    const { filedAs = '', works = false } = followed.get(account.id) ?? {}
    const shall = account.state === 'connected' && ports.mayWork()
    const filing = storeAccount(account)
    const shallBeFiledAs = JSON.stringify(filing)
    if (works && !shall) {
      await ports.stop(account.id)
      if (account.state === 'paused') ports.forget(account.id)
    }
    if (filedAs !== shallBeFiledAs) {
      await ports.putAccount(filing)
      await ports.onFiled(account.id)
    }
    followed.set(account.id, { filedAs: shallBeFiledAs, works: shall })
    if (shall && !works) ports.start(account.id)
  }

  const followAll = async (accounts: Account[]) => {
    for (const account of accounts) {
      await follow(account).catch((error: unknown) =>
        ports.log.error('A change of an account could not be followed', { accountId: account.id, error }),
      )
    }
    const gone = [...followed.keys()].filter((id) => !accounts.some((account) => account.id === id))
    for (const id of gone) {
      followed.delete(id)
      await ports.stop(id)
    }
  }

  return (accounts) => {
    work = work.then(() => followAll(accounts))
    return work
  }
}
