import { setTimeout } from 'node:timers/promises'
import { type Accounts, createAccounts } from '../accounts/accounts.ts'
import { type Brands, createBrands } from '../accounts/brands.ts'
import { createMoving, type Moving } from '../accounts/moving.ts'
import { createRemoval, type Removal } from '../accounts/removal.ts'
import type { Audit } from '../audit/model.ts'
import type { Connector } from '../connectors/connector.ts'
import type { Connectors } from '../connectors/known-connectors.ts'
import { createDoctor, type Doctor, type DoctorRan, type DoctorRun } from '../diagnostics/doctor/doctor.ts'
import type { AppError } from '../errors.ts'
import { createHealth, type Health } from '../health/health.ts'
import type { RateView } from '../health/model.ts'
import { type Customers, createCustomers } from '../inbox/customers.ts'
import { createDownloads, type Downloads } from '../inbox/downloads.ts'
import { createMacros, type Macros } from '../inbox/macros.ts'
import type { LocalStore } from '../inbox/model.ts'
import type { InboxChange } from '../inbox/sync.ts'
import { type Clients, createClients } from '../oauth/clients.ts'
import { createDiscovery, type Discovery } from '../oauth/discovery.ts'
import { createHandshakes, type Handshakes } from '../oauth/handshake.ts'
import type { HandshakeView, Vault } from '../oauth/model.ts'
import { createGrants, type Grants } from '../oauth/refresh.ts'
import { createSecretReplacement } from '../oauth/replace-secret.ts'
import { createAccountRevocation } from '../oauth/revoke.ts'
import { createSignOut, type SignedOut } from '../oauth/sign-out.ts'
import { giveUpRefusal, vendorRefusal, withinScopes } from '../policy/connector-rules.ts'
import type { Enforcement } from '../policy/enforce.ts'
import type { PolicyMark } from '../policy/keeper.ts'
import type {
  AuthWindowsPort,
  BrowserPort,
  Clock,
  DocumentFolder,
  FetchPort,
  Log,
  LoopbackPort,
  PartitionsPort,
  ProbePort,
} from '../ports.ts'
import { createAuditTrail } from './audit-trail.ts'
import { createCacheAge, storeWithinAge } from './cache-age.ts'
import { createChangeUser } from './change-user.ts'
import { type ConnectorTrials, createConnectorTrials } from './connector-trials.ts'
import { createDoctorSubjects } from './doctor-subjects.ts'
import { type Following, followAccounts } from './follow-accounts.ts'
import { followPolicy } from './follow-policy.ts'
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
  /** A step of a connection test began or ended. */
  doctorChanged(run: DoctorRun): void
  /** A connection was tested, and this came of it. */
  doctorRan(ran: DoctorRan): void
  healthChanged(): void
  auditChanged(): void
}

export interface ServicePorts {
  vault: Vault
  audit: Audit
  store: LocalStore
  connectors: Pick<Connectors, 'find' | 'onChange'>
  /** Where accounts and brands are kept. */
  documents: DocumentFolder
  /** Files with OAuth clients of the organisation, the one that wins first. */
  clientFiles: readonly string[]
  downloadsFolder: string
  policy: Enforcement
  policyMark(): PolicyMark
  platform: NodeJS.Platform
  fetch: FetchPort
  probe: ProbePort
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
  doctor: Doctor
  policy: Enforcement
  /** The policy has changed: what it forbids ends, what it allows again goes on. */
  policyChanged(): void
  connectorFor(vendor: string): Connector | null
  /** What authorization servers say of themselves. */
  discovery: Discovery
  signOutEverywhere(): Promise<SignedOut[]>
  /** Another secret for the client of an account; answers how many accounts have it now. */
  replaceSecret(accountId: string, clientSecret: string): Promise<number>
  /** Requests of connectors described by data, tried out. */
  trials: ConnectorTrials
  vendorBrands: VendorBrands
  /** Accounts and brands to and from other computers. */
  moving: Moving
  health: Health
  /** The rate budget of an account, once it has called. */
  rateOf(accountId: string): RateView | null
  audit: Audit
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
  const { store, documents, log, events } = ports
  const accounts = createAccounts({ documents })
  const trail = createAuditTrail({ ...ports, accounts })
  const vault = trail.watch(ports.vault)
  const brands = createBrands({ documents, freeBrand: accounts.freeBrand })
  const clients = createClients({ vault, accounts, files: ports.clientFiles, policy: ports.policy })
  const connectorFor = (vendor: string): Connector | null => ports.connectors.find(vendor)
  const health = createHealth({ ...ports, accounts, connectorFor })
  const common = {
    ...ports,
    ...events,
    vault,
    onRevocation: trail.onRevocation,
    fetch: health.fetch,
    observer: health.observer,
    accounts,
    clients,
    connectorFor,
    timeoutMs: tokenTimeoutMs,
    discovery: createDiscovery({ fetch: ports.fetch, clock: ports.clock, timeoutMs: tokenTimeoutMs }),
    random: Math.random,
  }
  const http = createVendorHttp({ ...common, fetch: ports.fetch, fetchFor: health.fetchFor })
  const grants = createGrants({
    ...common,
    connectorFor(vendor) {
      const connector = connectorFor(vendor)
      return connector && withinScopes(ports.policy, connector)
    },
  })
  const vendorBrands = createVendorBrands(storeWithinAge(store, ports), events.accountsChanged)
  const access = http.access(grants)
  const work = createInboxWork({ ...common, ...access, store: vendorBrands.store })
  const { sync, outbox } = work
  const changeUser = createChangeUser({
    accounts,
    store,
    work,
    forget: http.forget,
    onFiled: (id) => tellRefiled(ports, id),
  })
  const handshakes = createHandshakes({ ...common, grants, httpFor: http.httpFor, pause, changeUser })
  const doctor = createDoctor({
    ...common,
    subjectOf: createDoctorSubjects({ ...common, contextFor: access.contextFor, grants, handshakes }),
  })
  const revoke = createAccountRevocation({ ...common, httpFor: http.httpFor })
  const removal = createRemoval({
    accounts,
    locked: (account) => ports.policy.mayRemove(account, common.connectorFor(account.vendor)),
    forget(accountId) {
      grants.forget(accountId)
      http.forget(accountId)
      health.forget(accountId)
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
  const following = followAccounts({
    putAccount: store.putAccount,
    start: work.start,
    stop: work.stop,
    mayWork: () => ports.policy.broken() === null,
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
  const cacheAge = createCacheAge({ ...ports, onPurged: events.inboxChanged })
  const services: Services = {
    accounts,
    policy: ports.policy,
    policyChanged: () => undefined,
    brands,
    clients,
    grants,
    handshakes,
    removal,
    sync,
    outbox,
    store,
    vendorBrands,
    audit: ports.audit,
    doctor,
    moving: createMoving({
      ...{ accounts, brands, connectorFor, now: ports.clock.now },
      forbids: (connector) => vendorRefusal(ports.policy, connector)?.message ?? null,
    }),
    health,
    rateOf: http.room,
    connectorFor,
    discovery: common.discovery,
    signOutEverywhere: createSignOut({
      ...common,
      grants,
      locked: (account) => giveUpRefusal(ports.policy, account, connectorFor(account.vendor)),
      revoke,
      clearPartition: ports.partitions.clear,
    }),
    replaceSecret: createSecretReplacement({ ...common, grants, onReplaced: trail.secretReplaced }),
    trials: createConnectorTrials({ ...common, ...access, grants, httpFor: http.httpFor }),
    macros: createMacros({ ...ports, ...access, store }),
    customers: createCustomers({ ...ports, ...access, store, accounts }),
    downloads: createDownloads({ ...ports, ...access, folder: () => ports.downloadsFolder }),
    notices: [accounts.notice, brands.notice, ...health.notices, ...clients.notices].filter(
      (notice) => notice !== null,
    ),
    async close() {
      unfollow()
      cacheAge.close()
      doctor.close()
      trail.close()
      grants.close()
      await Promise.all([sync.close(), outbox.close()])
      clearInterval(everyMinute)
      health.close()
      accounts.flush()
      await store.close()
    },
  }
  trail.follow(services)
  await setToWork(ports, services, following)
  const follow = () => following.follow(accounts.list())
  services.policyChanged = () => {
    trail.policyChanged()
    followPolicy({ ...ports, ...services, work, follow, cacheAge })
  }
  cacheAge.begin()
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
  if (ports.policy.broken() === null) grants.scheduleAll()
  void removal.finish()
}
