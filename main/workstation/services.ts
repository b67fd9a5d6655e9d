import { setTimeout } from 'node:timers/promises'
import { type Accounts, createAccounts } from '../accounts/accounts.ts'
import { type Brands, createBrands } from '../accounts/brands.ts'
import { createMoving, type Moving } from '../accounts/moving.ts'
import { createRemoval, type Removal } from '../accounts/removal.ts'
import type { Connector } from '../connectors/connector.ts'
import type { Connectors } from '../connectors/known-connectors.ts'
import type { AppError } from '../errors.ts'
import { createHealth, type Health } from '../health/health.ts'
import type { RateView } from '../health/model.ts'
import { type Customers, createCustomers } from '../inbox/customers.ts'
import { createDownloads, type Downloads } from '../inbox/downloads.ts'
import { createMacros, type Macros } from '../inbox/macros.ts'
import type { LocalStore } from '../inbox/model.ts'
import type { InboxChange } from '../inbox/sync.ts'
import { type Clients, createClients } from '../oauth/clients.ts'
import { createHandshakes, type Handshakes } from '../oauth/handshake.ts'
import type { HandshakeView, Vault } from '../oauth/model.ts'
import { createGrants, type Grants } from '../oauth/refresh.ts'
import { createAccountRevocation } from '../oauth/revoke.ts'
import { keysForbidden, type Policy } from '../policy/policy.ts'
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
import { type Following, followAccounts } from './follow-accounts.ts'
import { createInboxWork, type InboxWork } from './inbox-work.ts'
import { createVendorBrands, type VendorBrands } from './vendor-brands.ts'
import { createVendorHttp } from './vendor-http.ts'

/** For each request to a token endpoint; two of them fit into the grace that vendors give a rotated token. */
const tokenTimeoutMs = 12_000

const healthIntervalMs = 60_000

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
  healthChanged(): void
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
  /** Requests of connectors described by data, tried out. */
  trials: ConnectorTrials
  vendorBrands: VendorBrands
  /** Accounts and brands to and from other computers. */
  moving: Moving
  health: Health
  /** The rate budget of an account, once it has called. */
  rateOf(accountId: string): RateView | null
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
  const connectorFor = (vendor: string): Connector | null => ports.connectors.find(vendor)
  const health = createHealth({ ...ports, accounts, connectorFor })
  const common = {
    ...ports,
    ...events,
    fetch: health.fetch,
    observer: health.observer,
    keysAllowed: ports.policy.apiKeys,
    accounts,
    clients,
    connectorFor,
    timeoutMs: tokenTimeoutMs,
    random: Math.random,
  }
  const http = createVendorHttp({ ...common, fetch: ports.fetch, fetchFor: health.fetchFor })
  const grants = createGrants(common)
  const vendorBrands = createVendorBrands(store, events.accountsChanged)
  const access = http.access(grants)
  const work = createInboxWork({ ...common, ...access, store: vendorBrands.store })
  const { sync, outbox } = work
  const handshakes = createHandshakes({ ...common, grants, httpFor: http.httpFor, pause })
  const removal = createRemoval({
    accounts,
    forget(accountId) {
      grants.forget(accountId)
      http.forget(accountId)
      health.forget(accountId)
    },
    revoke: createAccountRevocation({ ...common, httpFor: http.httpFor }),
    deleteSecrets: vault.remove,
    clearPartition: ports.partitions.clear,
    async deleteRows(accountId) {
      await work.stop(accountId)
      await store.removeAccount(accountId)
      await tellRefiled(ports, accountId)
    },
    log,
  })
  const following = followAccounts({
    putAccount: store.putAccount,
    start: work.start,
    stop: work.stop,
    forget: grants.forget,
    onFiled: (accountId) => tellRefiled(ports, accountId),
    log,
  })
  // A changed connector may have other hosts, headers and limits, and read other things: its accounts begin again with it.
  const unfollow = ports.connectors.onChange((vendor) => {
    const ids = accounts.list().flatMap((account) => (account.vendor === vendor ? [account.id] : []))
    for (const id of ids) http.forget(id)
    void following.restart(ids)
    events.accountsChanged()
  })
  // Dates come nearer without anything happening.
  const everyMinute = setInterval(events.healthChanged, healthIntervalMs)
  everyMinute.unref()
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
    moving: createMoving({
      ...{ accounts, brands, connectorFor, now: ports.clock.now },
      forbids: ({ signIn }) => (signIn.kind === 'key' && !ports.policy.apiKeys ? keysForbidden().message : null),
    }),
    health,
    rateOf: http.room,
    connectorFor,
    trials: createConnectorTrials({ ...common, ...access, grants, httpFor: http.httpFor }),
    macros: createMacros({ ...ports, ...access, store }),
    customers: createCustomers({ ...ports, ...access, store, accounts }),
    downloads: createDownloads({ ...ports, ...access, folder: () => ports.downloadsFolder }),
    notices: [accounts.notice, brands.notice, health.notice, ports.policy.notice, ...clients.notices].filter(
      (notice) => notice !== null,
    ),
    async close() {
      unfollow()
      grants.close()
      await Promise.all([sync.close(), outbox.close()])
      clearInterval(everyMinute)
      health.close()
      accounts.flush()
      await store.close()
    },
  }
  await setToWork(ports, services, following)
  return services
}

/** All rows of an account may have moved to another brand, or be gone. */
async function tellRefiled({ store, events }: ServicePorts, accountId: string): Promise<void> {
  const { revision } = await store.counts()
  events.inboxChanged({ revision, accountIds: [accountId], conversationIds: null })
}

async function setToWork(ports: ServicePorts, services: Services, { follow }: Following): Promise<void> {
  const { accounts, brands, grants, handshakes, outbox, removal, vendorBrands } = services
  const { events } = ports
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
