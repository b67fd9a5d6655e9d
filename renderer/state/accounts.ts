import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  AccountView,
  Answer,
  BrandView,
  Bridge,
  CallArgs,
  CallResult,
  HandshakeView,
  VendorView,
} from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { upsertHandshake } from './connect-outcome.ts'

export type BrandDraft = CallArgs<'brands.save'>
type AccountVerb = 'reconnect' | 'secret' | 'pause' | 'resume' | 'sync' | 'brand' | 'routing' | 'remove'

/** What is told after an account was removed: what happened here and at the vendor. */
export interface RemovedNotice {
  accountId: string
  siteLabel: string
  userName: string
  vendorName: string
  revoked: CallResult<'accounts.remove'>['revoked']
}

interface AccountsState {
  phase: 'loading' | 'ready' | 'failed'
  /** Why the lists could not be read; null otherwise. */
  error: ErrorShape | null
  vendors: readonly VendorView[]
  brands: readonly BrandView[]
  accounts: readonly AccountView[]
  handshakes: readonly HandshakeView[]
  /** Ended handshakes the person has put away. */
  dismissed: readonly string[]
  /** The action under way per account. */
  busy: Readonly<Record<string, AccountVerb>>
  /** The last action that failed, per account or brand; stays until the next action or until it is put away. */
  failures: Readonly<Record<string, ErrorShape>>
  removed: readonly RemovedNotice[]
  /** The account whose new secret is asked for. */
  keyAskedFor: string | null
  /** The account whose OAuth client is asked for. */
  clientAskedFor: string | null
}

interface AccountsActions {
  /** Reads all lists, then follows the events. Call it once per window; again after a failure. */
  load(): Promise<void>
  /** Stops following events. */
  stop(): void
  /** Starts a new sign-in for a known account and answers its attempt id, or null when it could not start. */
  reconnect(accountId: string, again?: Omit<CallArgs<'accounts.reconnect'>, 'accountId'>): Promise<string | null>
  /** Opens or closes the dialog for a new secret of an account that has no OAuth. */
  askForKey(accountId: string | null): void
  /** Opens or closes the dialog for the OAuth client of an account whose own is not on this computer. */
  askForClient(accountId: string | null): void
  /** Another secret for the OAuth client of an account: how many accounts have it now, or null when it was not taken. */
  replaceSecret(accountId: string, clientSecret: string): Promise<number | null>
  pause(accountId: string): Promise<void>
  resume(accountId: string): Promise<void>
  syncNow(accountId: string): Promise<void>
  /** True when it was saved. */
  setBrand(accountId: string, brandId: string | null): Promise<boolean>
  setRouting(accountId: string, key: string, brandId: string | null): Promise<void>
  /** True when the account is gone. */
  remove(accountId: string): Promise<boolean>
  /** The saved brand, or the error for the form that asked. */
  saveBrand(draft: BrandDraft): Promise<Answer<BrandView>>
  removeBrand(brandId: string): Promise<void>
  /** Shows the new order at once and puts the old one back when it cannot be saved. */
  reorderBrands(ids: readonly string[]): Promise<void>
  /** Ends a sign-in. It is not listed any more: the person knows how it ended. */
  cancelHandshake(attemptId: string): Promise<void>
  dismissHandshake(attemptId: string): void
  dismissFailure(id: string): void
  dismissRemoved(accountId: string): void
  /** What became of each account's sign-in, or the error. */
  signOutEverywhere(): Promise<Answer<CallResult<'accounts.signOutEverywhere'>>>
}

export type AccountsStore = StoreApi<AccountsState & AccountsActions>

const empty: AccountsState = {
  phase: 'loading',
  error: null,
  vendors: [],
  brands: [],
  accounts: [],
  handshakes: [],
  dismissed: [],
  busy: {},
  failures: {},
  removed: [],
  keyAskedFor: null,
  clientAskedFor: null,
}

const omit = <T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))

const inOrder = (brands: readonly BrandView[]) => [...brands].sort((a, b) => a.position - b.position)

const failedTries = (handshakes: readonly HandshakeView[], accountId: string) =>
  handshakes.filter((entry) => entry.step === 'failed' && entry.accountId === accountId).map((entry) => entry.attemptId)

type Get = AccountsStore['getState']
type Set = AccountsStore['setState']

/** Runs one action of an account: marks it busy, and keeps its error until the next one. Answers the value or null. */
async function run<T>(
  set: Set,
  accountId: string,
  verb: AccountVerb,
  work: () => Promise<Answer<T>>,
): Promise<Answer<T>> {
  set(({ busy, failures }) => ({ busy: { ...busy, [accountId]: verb }, failures: omit(failures, accountId) }))
  const answer = await work()
  set(({ busy, failures }) => ({
    busy: omit(busy, accountId),
    failures: answer.ok ? failures : { ...failures, [accountId]: answer.error },
  }))
  return answer
}

async function readAll(bridge: Bridge, set: Set): Promise<void> {
  set({ phase: 'loading', error: null })
  const [vendors, brands, accounts, handshakes] = await Promise.all([
    bridge.vendors.list(),
    bridge.brands.list(),
    bridge.accounts.list(),
    bridge.accounts.handshakes(),
  ])
  for (const answer of [vendors, brands, accounts, handshakes]) {
    if (!answer.ok) return set({ phase: 'failed', error: answer.error })
  }
  if (!vendors.ok || !brands.ok || !accounts.ok || !handshakes.ok) return
  set({
    phase: 'ready',
    vendors: vendors.value,
    brands: inOrder(brands.value),
    accounts: accounts.value,
    handshakes: [...handshakes.value].sort((a, b) => b.startedAt - a.startedAt),
  })
}

function follow(bridge: Bridge, set: Set): () => void {
  const stops = [
    bridge.on('brands.changed', (brands) => set({ brands: inOrder(brands) })),
    bridge.on('accounts.changed', (accounts) => set({ accounts })),
    bridge.on('vendors.changed', (vendors) => set({ vendors })),
    bridge.on('handshake.changed', (changed) =>
      set(({ handshakes }) => ({ handshakes: upsertHandshake(handshakes, changed) })),
    ),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

async function removeAccount(bridge: Bridge, set: Set, get: Get, accountId: string): Promise<boolean> {
  const account = get().accounts.find((candidate) => candidate.id === accountId)
  const answer = await run(set, accountId, 'remove', () => bridge.accounts.remove({ accountId }))
  if (!answer.ok || account === undefined) return answer.ok
  const notice: RemovedNotice = {
    accountId,
    siteLabel: account.siteLabel,
    userName: account.user.name,
    vendorName: account.vendorName,
    revoked: answer.value.revoked,
  }
  set(({ removed, accounts }) => ({
    removed: [notice, ...removed],
    accounts: accounts.filter((candidate) => candidate.id !== accountId),
  }))
  return true
}

async function reorder(bridge: Bridge, set: Set, get: Get, ids: readonly string[]): Promise<void> {
  const before = get().brands
  const byId = new Map(before.map((brand) => [brand.id, brand]))
  const moved = ids.flatMap((id, position) => {
    const brand = byId.get(id)
    return brand === undefined ? [] : [{ ...brand, position }]
  })
  set({ brands: moved })
  const answer = await bridge.brands.reorder({ ids: [...ids] })
  if (!answer.ok) set(({ failures }) => ({ brands: before, failures: { ...failures, brands: answer.error } }))
}

/** Vendors, brands, accounts and handshakes of this workstation as the screens show them. One store per window. */
export function createAccountsStore(bridge: Bridge): AccountsStore {
  return createStore((set, get) => {
    let unfollow: (() => void) | null = null
    return {
      ...empty,
      load: async () => {
        // Subscribed before reading: a change between the two is then never missed.
        unfollow ??= follow(bridge, set)
        await readAll(bridge, set)
      },
      stop: () => {
        unfollow?.()
        unfollow = null
      },
      askForKey: (keyAskedFor) =>
        // A new try begins: how the last one failed says nothing about it.
        set(({ failures }) => ({
          keyAskedFor,
          failures: keyAskedFor === null ? failures : omit(failures, keyAskedFor),
        })),
      askForClient: (clientAskedFor) =>
        set(({ failures }) => ({
          clientAskedFor,
          failures: clientAskedFor === null ? failures : omit(failures, clientAskedFor),
        })),
      reconnect: async (accountId, again = {}) => {
        const answer = await run(set, accountId, 'reconnect', () => bridge.accounts.reconnect({ accountId, ...again }))
        if (!answer.ok) return null
        set(({ handshakes, dismissed }) => ({
          handshakes: upsertHandshake(handshakes, answer.value),
          // What was tried before for this account is answered by the new try.
          dismissed: [...dismissed, ...failedTries(handshakes, accountId)],
        }))
        return answer.value.attemptId
      },
      replaceSecret: async (accountId, clientSecret) => {
        const request = { accountId, clientSecret }
        const answer = await run(set, accountId, 'secret', () => bridge.accounts.replaceSecret(request))
        return answer.ok ? answer.value.accounts : null
      },
      pause: async (accountId) => void (await run(set, accountId, 'pause', () => bridge.accounts.pause({ accountId }))),
      resume: async (accountId) =>
        void (await run(set, accountId, 'resume', () => bridge.accounts.resume({ accountId }))),
      syncNow: async (accountId) =>
        void (await run(set, accountId, 'sync', () => bridge.accounts.syncNow({ accountId }))),
      setBrand: async (accountId, brandId) =>
        (await run(set, accountId, 'brand', () => bridge.accounts.setBrand({ accountId, brandId }))).ok,
      setRouting: async (accountId, key, brandId) =>
        void (await run(set, accountId, 'routing', () => bridge.accounts.setRouting({ accountId, key, brandId }))),
      remove: (accountId) => removeAccount(bridge, set, get, accountId),
      saveBrand: (draft) => bridge.brands.save(draft),
      removeBrand: async (brandId) => {
        const answer = await bridge.brands.remove({ id: brandId })
        set(({ failures }) => ({
          failures: answer.ok ? omit(failures, brandId) : { ...failures, [brandId]: answer.error },
        }))
      },
      reorderBrands: (ids) => reorder(bridge, set, get, ids),
      cancelHandshake: async (attemptId) => {
        const answer = await bridge.accounts.cancelHandshake({ attemptId })
        if (answer.ok) get().dismissHandshake(attemptId)
      },
      dismissHandshake: (attemptId) =>
        set(({ dismissed }) => (dismissed.includes(attemptId) ? {} : { dismissed: [...dismissed, attemptId] })),
      dismissFailure: (id) => set(({ failures }) => ({ failures: omit(failures, id) })),
      signOutEverywhere: () => bridge.accounts.signOutEverywhere(),
      dismissRemoved: (accountId) =>
        set(({ removed }) => ({ removed: removed.filter((notice) => notice.accountId !== accountId) })),
    }
  })
}
