import type { Accounts } from '../accounts/accounts.ts'
import type { Connector, TokenSource } from '../connectors/connector.ts'
import type { AppError } from '../errors.ts'
import type { Clock, FetchPort, Log } from '../ports.ts'
import type { Clients } from './clients.ts'
import type { Discovery } from './discovery.ts'
import { createHolder, type Holder } from './grant-holder.ts'
import type { GrantObserver } from './grant-observer.ts'
import type { Grant, OAuthClient, Vault } from './model.ts'

export interface GrantsOptions {
  vault: Vault
  accounts: Pick<Accounts, 'list' | 'find' | 'needSignIn' | 'grantFound' | 'noteGrant'>
  clients: Pick<Clients, 'of'>
  connectorFor(vendor: string): Connector | null | undefined
  fetch: FetchPort
  clock: Clock
  log: Log
  /** For each request to a token endpoint, in milliseconds; below 30,000 so that a repeat is still within the vendors' grace. */
  timeoutMs: number
  /** What authorization servers said of themselves before. */
  discovery?: Discovery | undefined
  /** 0 to below 1, for jitter. */
  random(): number
  /** Told of the life of grants, for forecasts. */
  observer?: GrantObserver
}

export type RefreshListener = (accountId: string, trouble: AppError | null) => void

export interface Grants {
  /** The bearer token of one account, refreshed when needed, one refresh at a time. */
  tokens(accountId: string): TokenSource
  /**
   * Plans the refresh of every connected account: at start, after waking from sleep, when the network is back. Accounts whose saved grant
   * could not be read before are looked at again.
   * @param spreadMs what is due is spread over this time, so that many accounts do not ask at once after sleep
   */
  scheduleAll(spreadMs?: number): void
  /** The computer goes to sleep: renews the sign-ins that would not live until it wakes, and leaves the others alone. */
  refreshSoon(): void
  /** The same for one account: after signing in, after a pause. */
  schedule(accountId: string): void
  /** A new grant from signing in: durable when it resolves, and used from then on. @throws AppError `file_failed`, `store_full` */
  adopt(accountId: string, grant: Grant): Promise<void>
  /** Renews with another client, before that becomes the account's own. @throws AppError why it was not accepted; nothing was changed then */
  tryClient(accountId: string, client: OAuthClient): Promise<void>
  /** Ends refreshing and drops the grant from memory (pause, removal). A refresh under way is not saved. */
  forget(accountId: string): void
  /** The vendor refused the grant; the account is already marked. */
  onNeedsSignIn(listener: (accountId: string) => void): () => void
  /** Each renewal of a token, with why it failed or null where it worked. */
  onRefresh(listener: RefreshListener): () => void
  /** Stops all timers, for quitting. */
  close(): void
}

/** Grants of all accounts, each on its own: trouble of one never waits for another. */
export function createGrants(options: GrantsOptions): Grants {
  const holders = new Map<string, Holder>()
  const listeners = new Set<(accountId: string) => void>()
  const refreshListeners = new Set<RefreshListener>()
  const holder = (accountId: string): Holder => {
    let found = holders.get(accountId)
    if (!found) {
      found = createHolder(accountId, options, {
        onNeedsSignIn() {
          for (const listener of listeners) listener(accountId)
        },
        onRefresh(trouble) {
          for (const listener of refreshListeners) listener(accountId, trouble)
        },
      })
      holders.set(accountId, found)
    }
    return found
  }
  const forget = (accountId: string) => {
    holders.get(accountId)?.stop()
    holders.delete(accountId)
  }

  return {
    tokens: (accountId) => ({
      current: () => holder(accountId).current(),
      renew: (rejected) => holder(accountId).renew(rejected),
      proven: (token, fetch) => holder(accountId).proven(token, fetch),
    }),
    scheduleAll(spreadMs = 0) {
      for (const account of options.accounts.list()) {
        if (account.state === 'connected') void holder(account.id).schedule(spreadMs * options.random())
        else if (account.state === 'needs_sign_in' && account.trouble?.code === 'secret_damaged') {
          void holder(account.id).lookAgain()
        }
      }
    },
    refreshSoon() {
      for (const each of holders.values()) void each.refreshAhead()
    },
    schedule: (accountId) => void holder(accountId).schedule(),
    tryClient: (accountId, client) => holder(accountId).tryClient(client),
    adopt: (accountId, grant) => holder(accountId).adopt(grant),
    forget,
    onNeedsSignIn(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onRefresh(listener) {
      refreshListeners.add(listener)
      return () => refreshListeners.delete(listener)
    },
    close() {
      for (const accountId of [...holders.keys()]) forget(accountId)
    },
  }
}
