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

export interface Following {
  /** Call it with the list at start and at each change. */
  follow(accounts: Account[]): Promise<void>
  /** Ends and begins again what works of these accounts: their connector is another now. */
  restart(accountIds: string[]): Promise<void>
}

/**
 * Keeps store, sync and outbox in step with the list of accounts. Changes are worked off one after the other, and trouble with one account
 * does not keep the others from theirs.
 */
export function followAccounts(ports: FollowPorts): Following {
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

  const restartAll = async (accountIds: string[]) => {
    for (const id of accountIds.filter((each) => followed.get(each)?.works)) {
      await ports
        .stop(id)
        .catch((error: unknown) => ports.log.error('An account did not end in order', { accountId: id, error }))
      ports.start(id)
    }
  }

  const next = (change: () => Promise<void>) => {
    work = work.then(change)
    return work
  }
  return {
    follow: (accounts) => next(() => followAll(accounts)),
    restart: (accountIds) => next(() => restartAll(accountIds)),
  }
}
