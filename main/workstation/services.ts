import { setTimeout } from 'node:timers/promises'
import { type Accounts, createAccounts } from '../accounts/accounts.ts'
import { type Brands, createBrands } from '../accounts/brands.ts'
import { createRemoval, type Removal } from '../accounts/removal.ts'
import type { Connector } from '../connectors/connector.ts'
import type { Connectors } from '../connectors/known-connectors.ts'
import { AppError } from '../errors.ts'
import { type Customers, createCustomers } from '../inbox/customers.ts'
import { createDownloads, type Downloads } from '../inbox/downloads.ts'
import { createMacros, type Macros } from '../inbox/macros.ts'
import type { LocalStore } from '../inbox/model.ts'
import { type InboxChange, storeAccount } from '../inbox/sync.ts'
import { type Clients, createClients } from '../oauth/clients.ts'
import { createDiscovery, type Discovery } from '../oauth/discovery.ts'
import { createHandshakes, type Handshakes } from '../oauth/handshake.ts'
import type { HandshakeView, Vault } from '../oauth/model.ts'
import { createGrants, type Grants } from '../oauth/refresh.ts'
import { createAccountRevocation } from '../oauth/revoke.ts'
import { createSignOut, type SignedOut } from '../oauth/sign-out.ts'
import type { Policy } from '../policy/policy.ts'
import type {
  AuthWindowsPort,
  BrowserPort,
  Clock,
  DocumentFolder,
  FetchPort,
  Log,
  LoopbackPort,
  PartitionsPort,
} from '../ports.ts'
import { type ConnectorTrials, createConnectorTrials } from './connector-trials.ts'
import { followAccounts } from './follow-accounts.ts'
import { createInboxWork, type InboxWork } from './inbox-work.ts'
import { createVendorBrands, type VendorBrands } from './vendor-brands.ts'
import { createVendorHttp } from './vendor-http.ts'

/** For each request to a token endpoint; two of them fit into the grace that vendors give a rotated token. */
const tokenTimeoutMs = 12_000

const pause = async (ms: number, signal: AbortSignal) => {
  await setTimeout(ms, undefined, { signal })
}

/** What happened, for whoever shows it. */
export interface ServiceEvents {
  accountsChanged(): void
  brandsChanged(): void
  handshakeChanged(view: HandshakeView): void
  inboxChanged(change: InboxChange): void
  outboxChanged(): void
}

export interface ServicePorts {
  vault: Vault
  store: LocalStore
  connectors: Pick<Connectors, 'find' | 'onChange'>
  /** Where accounts and brands are kept. */
  documents: DocumentFolder
  /** Files with OAuth clients of the organisation, the one that wins first. */
  clientFiles: readonly string[]
  downloadsFolder: string
  policy: Policy
  platform: NodeJS.Platform
  fetch: FetchPort
  authWindows: AuthWindowsPort
  browser: BrowserPort
  loopback: LoopbackPort
  partitions: PartitionsPort
  isOnline(): boolean
  clock: Clock
  log: Log
  events: ServiceEvents
}

/** Everything that works once keys and store are open. */
export interface Services extends Pick<InboxWork, 'sync' | 'outbox'> {
  accounts: Accounts
  brands: Brands
  clients: Clients
  grants: Grants
  handshakes: Handshakes
  removal: Removal
  store: LocalStore
  downloads: Downloads
  macros: Macros
  customers: Customers
  connectorFor(vendor: string): Connector | null
  /** What authorization servers say of themselves. */
  discovery: Discovery
  signOutEverywhere(): Promise<SignedOut[]>
  /** Requests of connectors described by data, tried out. */
  trials: ConnectorTrials
  vendorBrands: VendorBrands
  /** What had to be repaired or left out while opening. */
  notices: AppError[]
  /** Ends what runs, waits for it, closes the store. */
  close(): Promise<void>
}

/**
 * Builds the services and sets them to work.
 * @throws AppError `store_newer`, `file_failed` of the settings
 */
export async function runServices(ports: ServicePorts): Promise<Services> {
  const { vault, store, documents, log, events } = ports
  const accounts = createAccounts({ documents })
  const brands = createBrands({ documents, freeBrand: accounts.freeBrand })
  const clients = createClients({ vault, accounts, files: ports.clientFiles })
  const common = {
    ...ports,
    ...events,
    keysAllowed: ports.policy.apiKeys,
    accounts,
    clients,
    connectorFor: (vendor: string): Connector | null => ports.connectors.find(vendor),
    timeoutMs: tokenTimeoutMs,
    discovery: createDiscovery({ fetch: ports.fetch, clock: ports.clock, timeoutMs: tokenTimeoutMs }),
    random: Math.random,
  }
  const http = createVendorHttp(common)
  const grants = createGrants(common)
  const vendorBrands = createVendorBrands(store, events.accountsChanged)
  const access = http.access(grants)
  const work = createInboxWork({ ...common, ...access, store: vendorBrands.store })
  const { sync, outbox } = work
  const changeUser = async (accountId: string, save: () => Promise<void>) => {
    await work.stop(accountId)
    try {
      const unsent = (await store.outbox()).filter((item) => item.accountId === accountId && item.state !== 'sent')
      if (unsent.length > 0) throw unsentOfAnother(unsent.length)
      await store.removeAccount(accountId)
      await save()
      const account = accounts.find(accountId)
      if (account) await store.putAccount(storeAccount(account))
    } finally {
      http.forget(accountId)
      if (accounts.find(accountId)?.state === 'connected') work.start(accountId)
    }
    await tellRefiled(ports, accountId)
  }
  const handshakes = createHandshakes({ ...common, grants, httpFor: http.httpFor, pause, changeUser })
  const revoke = createAccountRevocation({ ...common, httpFor: http.httpFor })
  const removal = createRemoval({
    accounts,
    forget(accountId) {
      grants.forget(accountId)
      http.forget(accountId)
    },
    revoke,
    deleteSecrets: vault.remove,
    clearPartition: ports.partitions.clear,
    async deleteRows(accountId) {
      await work.stop(accountId)
      await store.removeAccount(accountId)
      await tellRefiled(ports, accountId)
    },
    log,
  })
  // A changed connector may have other hosts, headers and limits: its accounts get a client of their own again.
  const unfollow = ports.connectors.onChange((id) => {
    for (const account of accounts.list()) if (account.vendor === id) http.forget(account.id)
    events.accountsChanged()
  })
  const services: Services = {
    accounts,
    brands,
    clients,
    grants,
    handshakes,
    removal,
    sync,
    outbox,
    store,
    vendorBrands,
    connectorFor: common.connectorFor,
    discovery: common.discovery,
    signOutEverywhere: createSignOut({ ...common, grants, revoke, clearPartition: ports.partitions.clear }),
    trials: createConnectorTrials({ ...common, grants, httpFor: http.httpFor }),
    macros: createMacros({ ...ports, ...access, store }),
    customers: createCustomers({ ...ports, ...access, store, accounts }),
    downloads: createDownloads({ ...ports, ...access, folder: () => ports.downloadsFolder }),
    notices: [accounts.notice, brands.notice, ports.policy.notice, ...clients.notices].filter(
      (notice) => notice !== null,
    ),
    async close() {
      unfollow()
      grants.close()
      await Promise.all([sync.close(), outbox.close()])
      accounts.flush()
      await store.close()
    },
  }
  await setToWork(ports, services, work)
  return services
}

function unsentOfAnother(count: number): AppError {
  return new AppError('bad_request', `${count} answers or changes of the present user have not been sent yet.`, {
    action: 'Send or discard them in the outbox, then switch the user. Nothing was changed.',
  })
}

/** All rows of an account may have moved to another brand, or be gone. */
async function tellRefiled({ store, events }: ServicePorts, accountId: string): Promise<void> {
  const { revision } = await store.counts()
  events.inboxChanged({ revision, accountIds: [accountId], conversationIds: null })
}

async function setToWork(ports: ServicePorts, services: Services, work: InboxWork): Promise<void> {
  const { accounts, brands, grants, handshakes, outbox, removal, vendorBrands } = services
  const { events, log, store } = ports
  const follow = followAccounts({
    putAccount: store.putAccount,
    start: work.start,
    stop: work.stop,
    forget: grants.forget,
    onFiled: (accountId) => tellRefiled(ports, accountId),
    log,
  })
  await outbox.recover()
  await vendorBrands.load(accounts.list().map((account) => account.id))
  accounts.onChange((list) => {
    events.accountsChanged()
    void follow(list)
  })
  brands.onChange(events.brandsChanged)
  handshakes.onChange(events.handshakeChanged)
  await follow(accounts.list())
  grants.scheduleAll()
  void removal.finish()
}
