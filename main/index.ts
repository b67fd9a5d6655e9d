import { userInfo } from 'node:os'
import { join } from 'node:path'
import { openDocumentFolder } from './accounts/documents.ts'
import { type Connectors, createConnectors } from './connectors/known-connectors.ts'
import { shippedManifests } from './connectors/manifest/shipped.ts'
import { connectors as builtIn } from './connectors/registry.ts'
import { type Desktop, failToStart, openDesktop, placesBeside, prepare, type Start } from './desktop/desktop.ts'
import { systemClock as clock } from './desktop/lifecycle.ts'
import { createLog } from './diagnostics/log.ts'
import { accountHandlers } from './ipc/accounts.ts'
import { appHandlers } from './ipc/app.ts'
import { type AppStateSource, createAppState } from './ipc/app-state.ts'
import { auditHandlers } from './ipc/audit.ts'
import { brandHandlers } from './ipc/brands.ts'
import { coalesce } from './ipc/coalesce.ts'
import { connectorHandlers } from './ipc/connectors.ts'
import { doctorHandlers } from './ipc/doctor.ts'
import { createEvents } from './ipc/events.ts'
import { handshakeHandlers } from './ipc/handshakes.ts'
import { healthHandlers, healthViews } from './ipc/health.ts'
import { inboxHandlers } from './ipc/inbox.ts'
import { lockedHandlers, lockedTell, lockHandlers } from './ipc/lock.ts'
import { movingHandlers } from './ipc/moving.ts'
import { type PolicyServices, policyHandlers, policyViewOf, refuseWhileBroken } from './ipc/policy.ts'
import { answerCalls, createTell } from './ipc/router.ts'
import { type VendorServices, vendorHandlers, vendorViews } from './ipc/vendors.ts'
import { createAppLock } from './lock/app-lock.ts'
import { createLockedKeyring } from './lock/locked-keyring.ts'
import { passphraseKey } from './lock/passphrase-key.ts'
import { redirectUris } from './oauth/model.ts'
import { createEnforcement, type Enforcement } from './policy/enforce.ts'
import { createPolicyKeeper, type PolicyKeeper } from './policy/keeper.ts'
import { loadPolicy } from './policy/load.ts'
import type { Log } from './ports.ts'
import { createLockRecord, type LockRecord } from './workstation/audit-lock.ts'
import { openConnectorFolder } from './workstation/connector-folder.ts'
import { followLock } from './workstation/follow-lock.ts'
import { followMachine } from './workstation/follow-machine.ts'
import { followPolicyFiles } from './workstation/follow-policy-files.ts'
import { alsoTelling, trayUpdate } from './workstation/follow-tray.ts'
import { machineFolder, policyFolders } from './workstation/machine-folder.ts'
import { openPreferences } from './workstation/preferences.ts'
import { runServices, type ServiceEvents, type Services } from './workstation/services.ts'
import { createStartup, type Startup } from './workstation/startup.ts'
import { createStorage } from './workstation/storage.ts'

const clientsFile = 'oauth-clients.json'
const trayIntervalMs = 1000
const policyLookMs = 5_000

const start = prepare(process.argv)
if (start !== null) launch(start)

function launch(start: Start): void {
  const logFile = join(start.userData, 'logs', 'manydesk.log')
  const log = createLog({ file: logFile, maxBytes: 5_000_000, keep: 3, now: clock.now })
  open(start, log, logFile).catch((error: unknown) => {
    log.error('Manydesk could not start', { error })
    failToStart(logFile)
  })
}

/** Composition root: builds the parts, wires them, opens the window at once and lets the rest come up behind it. */
async function open(start: Start, log: Log, logFile: string): Promise<void> {
  log.info('Manydesk starts', { version: start.version, platform: process.platform })
  process.on('unhandledRejection', (error) => log.error('A rejection was not handled', { error }))
  const preferences = openPreferences(openDocumentFolder(join(start.userData, 'settings'), clock.now), log)

  const desktop = await openDesktop({
    places: placesBeside(import.meta.dirname, start),
    argv: process.argv,
    clock,
    log,
    hooks: {
      theme: () => preferences.value().theme,
      place: () => preferences.value().place,
      savePlace: (place) => preferences.change({ place }),
      setTheme: (theme) => app.setTheme(theme),
      navigate(target) {
        desktop.showWindow()
        tell('app.navigate', target)
      },
      showLogFile: () => desktop.showFile(logFile),
      finish: async () => startup.peek()?.close(),
    },
  })
  const { ipc, online, applyTheme, browser } = desktop
  const keyring = createLockedKeyring({
    derive: passphraseKey,
    keyring: desktop.keyring,
    recovery: openDocumentFolder(join(start.userData, 'vault'), clock.now).file('recovery'),
  })
  const machineFolders = policyFolders(process.platform, process.env)
  const keeper = createPolicyKeeper({
    load: () => loadPolicy({ machine: machineFolders, person: start.userData }),
    intervalMs: policyLookMs,
  })
  const policy = createEnforcement(keeper.state, userInfo().username)
  let wrapAgain: (() => Promise<void>) | null = null
  const lockRecord = createLockRecord({
    ...{ clock, log },
    audit: () => startup.peek()?.audit ?? null,
    file: openDocumentFolder(join(start.userData, 'settings'), clock.now).file('unlock-tries'),
  })
  const lock = createAppLock({
    ...{ keyring, clock, log },
    events: lockRecord.events,
    documents: openDocumentFolder(join(start.userData, 'settings'), clock.now),
    required: () => {
      const wanted = policy.appLock()
      return wanted && { maxIdleMinutes: wanted.afterMinutes, withSystem: wanted.withSystemLock }
    },
    hasVault: () => wrapAgain !== null,
    wrapAgain: async () => wrapAgain?.(),
  })
  const tell = lockedTell(createTell(ipc, log), lock)
  const isOnline = () => online.online()
  const updateTray = trayUpdate({
    ...{ healthOf: healthViews, isOnline, show: desktop.showInTray, log },
    running: () => (lock.isClosed() ? null : startup.peek()),
  })
  const news = coalesce(updateTray, trayIntervalMs)
  const events = alsoTelling(
    createEvents(tell, () => startup.peek(), log),
    news,
  )
  const connectors = createConnectors({
    builtIn,
    shipped: shippedManifests,
    folder: openConnectorFolder(join(start.userData, 'connectors'), clock.now),
    inUse: (id) =>
      startup
        .running()
        .accounts.list()
        .some((account) => account.vendor === id),
  })
  const startup = planStartup({
    start,
    desktop: { ...desktop, keyring: keyring.keyring },
    onVault(again) {
      wrapAgain = again
      lock.look()
    },
    onAudit: lockRecord.auditOpened,
    log,
    events,
    policy,
    policyMark: keeper.mark,
    connectors,
    notice: (notice) => app.notice(notice),
  })
  const app = createAppState({
    version: start.version,
    platform: process.platform,
    preferences,
    startup,
    online,
    applyTheme,
    tell,
  })
  const vendors: VendorServices = {
    get connectors() {
      return connectors.list()
    },
    redirectUris,
    policy,
    providedClients: (vendor) => startup.peek()?.clients.provided(vendor) ?? [],
  }
  const policyServices: PolicyServices = {
    keeper,
    policy,
    nameOf: (vendor) => connectors.find(vendor)?.name ?? vendor,
  }
  const handlers = {
    ...policyHandlers(policyServices),
    ...appHandlers({
      ...app,
      startup,
      browser,
      copy: desktop.copy,
      showLogFile: () => desktop.showFile(logFile),
    }),
    ...vendorHandlers(vendors),
    ...connectorHandlers({
      connectors,
      policy,
      peek: startup.peek,
      running: startup.running,
      onImported: (from) => startup.peek()?.audit.record({ kind: 'connector_imported', facts: { from } }),
    }),
    ...auditHandlers({
      audit: () => startup.running().audit,
      version: start.version,
      downloadsFolder: start.downloads,
      now: clock.now,
      policy,
    }),
    ...brandHandlers(() => startup.running().brands),
    ...handshakeHandlers({
      handshakes: () => startup.running().handshakes,
      version: start.version,
      downloadsFolder: start.downloads,
      onExported: () => startup.peek()?.audit.record({ kind: 'exported', facts: { what: 'har', count: 1 } }),
      policy,
    }),
    ...doctorHandlers({
      doctor: () => startup.running().doctor,
      version: start.version,
      downloadsFolder: start.downloads,
      policy,
    }),
    ...accountHandlers(startup.running, events.healthChanged),
    ...movingHandlers({
      moving: () => startup.running().moving,
      downloadsFolder: start.downloads,
      policy,
      onExported: (count) => startup.peek()?.audit.record({ kind: 'exported', facts: { what: 'accounts', count } }),
      onImported: (count) => startup.peek()?.audit.record({ kind: 'accounts_imported', facts: { count } }),
    }),
    ...healthHandlers(startup.running, events.healthChanged),
    ...inboxHandlers(startup.running, events),
    ...lockHandlers({ lock, begin: startup.begin, startOver: startup.startOver }),
  }
  answerCalls({ port: ipc, handlers: lockedHandlers(handlers, lock), log, refuse: refuseWhileBroken(policy) })
  followLock({
    ...{ lock, machine: desktop, startup, log },
    changed: (view) => tell('lock.changed', view),
    silenceTray: () => desktop.showInTray({ unread: 0, online: isOnline(), attention: [] }),
    updateTray: news,
  })
  const vendorsChanged = () => tell('vendors.changed', vendorViews(vendors))
  connectors.onChange(vendorsChanged)
  for (const notice of connectors.notices) app.notice(notice)
  desktop.showWindow()
  followMachine(desktop, startup)
  followPolicyFiles({
    ...{ keeper, policy, startup, lock, onResume: desktop.onResume, log },
    changed() {
      tell('policy.changed', policyViewOf(policyServices))
      vendorsChanged()
    },
  })
  if (policy.broken() === null) await startup.begin()
  desktop.links.deliverTo((link) => startup.peek()?.handshakes.receiveRedirect(link))
}

interface Plan {
  start: Start
  desktop: Desktop
  log: Log
  events: ServiceEvents
  policy: Enforcement
  policyMark: PolicyKeeper['mark']
  connectors: Connectors
  notice: AppStateSource['notice']
  /** The vault was opened, or could not be: what wraps its key anew, or null. */
  onVault(wrapAgain: (() => Promise<void>) | null): void
  /** The audit log was opened. */
  onAudit: LockRecord['auditOpened']
}

/** What is opened after the window, and with what. */
function planStartup(plan: Plan): Startup<Services> {
  const { start, desktop, log, events, policy, policyMark, connectors, notice, onVault, onAudit } = plan
  const storage = createStorage({
    folder: start.userData,
    workerUrl: new URL('store-worker.js', import.meta.url),
    keyring: desktop.keyring,
    appVersion: start.version,
    clock,
    log,
    onNotice: notice,
  })
  const clientFolders = [start.userData, machineFolder(process.platform, process.env)]
  return createStartup(
    {
      ...storage,
      async openVault() {
        const opening = await storage.openVault()
        onVault(opening.kind === 'open' ? (opening.wrapAgain ?? null) : null)
        return opening
      },
      async run(vault, store, lasting) {
        const audit = await storage.openAudit(vault, lasting)
        onAudit(audit, lasting)
        const services = await runServices({
          ...desktop,
          vault,
          audit,
          store,
          connectors,
          documents: storage.documents(lasting),
          clientFiles: clientFolders.map((folder) => join(folder, clientsFile)),
          downloadsFolder: start.downloads,
          platform: process.platform,
          policy,
          policyMark,
          isOnline: desktop.online.online,
          clock,
          log,
          events,
        }).catch(async (error: unknown) => {
          await store.close()
          throw error
        })
        for (const each of services.notices) notice(each)
        return services
      },
    },
    log,
  )
}
