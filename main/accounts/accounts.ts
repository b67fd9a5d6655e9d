import type { ErrorShape } from '../../preload/errors.ts'
import type { Identity } from '../connectors/model.ts'
import { AppError } from '../errors.ts'
import type { DocumentFolder } from '../ports.ts'
import type { Account } from './model.ts'
import { openSettings } from './settings.ts'
import { accountsFile } from './stored.ts'

/** What a finished handshake tells of an account that signed in again. */
type SignedIn = Pick<Account, 'identity' | 'clientId' | 'way' | 'redirect' | 'connectedAt'> & GrantTimes
type GrantTimes = Pick<Account, 'accessExpiresAt' | 'refreshExpiresAt' | 'scopes'>

export interface Accounts {
  list(): Account[]
  find(id: string): Account | null
  findIdentity(vendor: string, identity: Pick<Identity, 'siteKey' | 'vendorUserId'>): Account | null
  /** @throws AppError `handshake_already_connected` when the identity (vendor, siteKey, vendorUserId) has an account */
  add(account: Account): void
  /** Several at once, in one write: all of them or, when it fails, none. @throws AppError as `add` */
  addAll(added: readonly Account[]): void
  /** Back to `connected` after signing in again. @throws AppError `not_found` */
  signedIn(id: string, change: SignedIn): void
  /** The vendor refused the grant: cached data stays, the reason is shown. A paused account keeps its pause. Unknown ids are ignored. */
  needSignIn(id: string, trouble: ErrorShape): void
  /** A grant that could not be found or read is there after all, or one that was refused for its client works with another: the account works on. Other troubles stay. */
  grantFound(id: string): void
  /** Another reason for attention (throttled, unreachable), or null when it passed. */
  setTrouble(id: string, trouble: ErrorShape | null): void
  /** Expiry and scopes for showing, kept with the next saved change. */
  noteGrant(id: string, times: GrantTimes): void
  /** For showing, kept with the next saved change: a sync a minute must not rewrite the file each time. */
  noteSync(id: string, lastSyncAt: number): void
  setBrand(id: string, brandId: string | null): void
  /** Null takes the rule away. */
  setRouting(id: string, key: string, brandId: string | null): void
  /** Takes a brand out of every account and routing rule. */
  freeBrand(brandId: string): void
  pause(id: string): void
  /** Back to `connected`, or to `needs_sign_in` where the trouble of the account says so. */
  resume(id: string): void
  /** Takes the account off the list and remembers that its removal has begun, in one write. @throws AppError `not_found` */
  beginRemoval(id: string): Account
  removals(): Account[]
  endRemoval(id: string): void
  /** Writes what was only noted so far; for quitting. */
  flush(): void
  onChange(listener: (accounts: Account[]) => void): () => void
  notice: AppError | null
}

const endsSession = new Set<string>([
  'needs_sign_in',
  'token_rejected',
  'token_reused',
  'client_rejected',
  'client_missing',
  'secret_damaged',
])

/** Of those, what ends without signing in again: when the grant can be read, or has a client that is accepted. */
const canRecover = new Set<string>(['secret_damaged', 'client_rejected', 'client_missing'])

/**
 * Accounts over `accounts.json`. No secret is in it.
 * @throws AppError `store_newer`, `file_failed` when the file cannot be opened
 */
export function createAccounts({ documents }: { documents: DocumentFolder }): Accounts {
  const settings = openSettings({
    documents,
    name: 'accounts',
    label: 'accounts',
    schema: accountsFile,
    migrations: [],
    empty: { accounts: [] as Account[], removing: [] as Account[] },
  })
  const listeners = new Set<(accounts: Account[]) => void>()
  let { accounts, removing } = settings.value()
  let noted = false

  const list = () => structuredClone(accounts)
  const tell = () => {
    for (const listener of listeners) listener(list())
  }
  const save = (next: Account[], nextRemoving = removing) => {
    settings.save({ accounts: next, removing: nextRemoving })
    accounts = next
    removing = nextRemoving
    noted = false
    tell()
  }
  const required = (id: string): Account => {
    const account = accounts.find((each) => each.id === id)
    if (!account) throw new AppError('not_found', 'That account does not exist any more.')
    return account
  }
  const changed = (id: string, change: Partial<Account>) =>
    accounts.map((each) => (each.id === id ? { ...each, ...change } : each))
  const update = (id: string, change: Partial<Account>) => {
    required(id)
    save(changed(id, change))
  }
  const note = (id: string, change: Partial<Account>) => {
    accounts = changed(id, change)
    noted = true
    tell()
  }
  const findIdentity: Accounts['findIdentity'] = (vendor, identity) =>
    accounts.find(
      (each) =>
        each.vendor === vendor &&
        each.identity.siteKey === identity.siteKey &&
        each.identity.vendorUserId === identity.vendorUserId,
    ) ?? null

  return {
    list,
    notice: settings.notice,
    find: (id) => structuredClone(accounts.find((each) => each.id === id) ?? null),
    findIdentity: (vendor, identity) => structuredClone(findIdentity(vendor, identity)),
    add(account) {
      const same = findIdentity(account.vendor, account.identity)
      if (same) throw alreadyConnected(same)
      save([...accounts, structuredClone(account)])
    },
    addAll(added) {
      const same = added.map((account) => findIdentity(account.vendor, account.identity)).find((each) => each !== null)
      if (same) throw alreadyConnected(same)
      if (added.length > 0) save([...accounts, ...structuredClone([...added])])
    },
    signedIn: (id, change) => update(id, { ...change, state: 'connected', trouble: null }),
    needSignIn(id, trouble) {
      const account = accounts.find((each) => each.id === id)
      // The first reason says most: whoever calls afterwards only learns that a sign-in is asked for.
      if (account?.state === 'needs_sign_in' && hasLostGrant(account) && trouble.code === 'needs_sign_in') return
      if (account) update(id, { trouble, ...(account.state === 'paused' ? {} : { state: 'needs_sign_in' as const }) })
    },
    grantFound(id) {
      const account = accounts.find((each) => each.id === id)
      if (account === undefined || !canRecover.has(account.trouble?.code ?? '')) return
      update(id, { trouble: null, ...(account.state === 'paused' ? {} : { state: 'connected' as const }) })
    },
    setTrouble(id, trouble) {
      const account = accounts.find((each) => each.id === id)
      // Only signing in again ends the trouble of an account that has lost its grant.
      if (!account || hasLostGrant(account) || sameTrouble(account.trouble, trouble)) return
      note(id, { trouble })
    },
    noteGrant: (id, times) => note(id, times),
    noteSync: (id, lastSyncAt) => note(id, { lastSyncAt }),
    setBrand: (id, brandId) => update(id, { brandId }),
    setRouting(id, key, brandId) {
      const { [key]: _, ...others } = required(id).routing
      update(id, { routing: brandId === null ? others : { ...others, [key]: brandId } })
    },
    freeBrand(brandId) {
      const freed = accounts.map((account) => ({
        ...account,
        brandId: account.brandId === brandId ? null : account.brandId,
        routing: Object.fromEntries(Object.entries(account.routing).filter(([, value]) => value !== brandId)),
      }))
      save(freed)
    },
    pause: (id) => update(id, { state: 'paused' }),
    resume(id) {
      const account = required(id)
      if (account.state === 'paused') update(id, { state: hasLostGrant(account) ? 'needs_sign_in' : 'connected' })
    },
    beginRemoval(id) {
      const account = required(id)
      save(
        accounts.filter((each) => each.id !== id),
        [...removing, account],
      )
      return structuredClone(account)
    },
    removals: () => structuredClone(removing),
    endRemoval: (id) =>
      save(
        accounts,
        removing.filter((each) => each.id !== id),
      ),
    flush() {
      if (noted) save(accounts)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The outcome of signing in as someone who is connected already. */
export function alreadyConnected(account: Account): AppError {
  return new AppError(
    'handshake_already_connected',
    `${account.identity.name} at ${account.siteLabel} is connected already. Nothing was changed.`,
    { action: 'To connect another person, sign in with their name. To renew this sign-in, use Reconnect.' },
  )
}

function hasLostGrant(account: Account): boolean {
  return account.trouble !== null && endsSession.has(account.trouble.code)
}

function sameTrouble(a: ErrorShape | null, b: ErrorShape | null): boolean {
  return a?.code === b?.code && a?.message === b?.message
}
