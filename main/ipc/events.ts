import type { Log } from '../ports.ts'
import type { ServiceEvents, Services } from '../workstation/services.ts'
import { accountViews } from './accounts.ts'
import { coalesce } from './coalesce.ts'
import { healthViews } from './health.ts'
import { createInboxEvents } from './inbox-events.ts'
import type { Tell } from './router.ts'

const accountsIntervalMs = 250
const outboxIntervalMs = 100
const healthIntervalMs = 1000
const auditIntervalMs = 250

/** What services report, as events of the contract: lists whole, and never in a flood. `running` is null until they are up. */
export function createEvents(tell: Tell, running: () => Services | null, log: Log): ServiceEvents {
  const tellOutbox = async (services: Services) => tell('outbox.changed', await services.store.outbox())
  const tellAccounts = coalesce(() => {
    const services = running()
    if (services !== null) tell('accounts.changed', accountViews(services))
  }, accountsIntervalMs)
  const tellHealth = coalesce(() => {
    const services = running()
    if (services !== null) tell('health.changed', healthViews(services))
  }, healthIntervalMs)
  return {
    accountsChanged() {
      tellAccounts()
      tellHealth()
    },
    healthChanged: tellHealth,
    brandsChanged() {
      const services = running()
      if (services !== null) tell('brands.changed', services.brands.list())
    },
    handshakeChanged: (view) => tell('handshake.changed', view),
    doctorChanged: (run) => tell('doctor.changed', run),
    doctorRan({ runId, accountId, vendor, siteLabel, cause, failed, passed }) {
      log.info('A connection was tested', { runId, vendor, cause, failed })
      const services = running()
      const user = (accountId && services?.accounts.find(accountId)?.identity.name) ?? null
      services?.audit.record({
        kind: 'doctor_run',
        account: { id: accountId, vendor, site: siteLabel, user },
        outcome: 'done',
        facts: { passed, failed: failed.length },
      })
    },
    inboxChanged: createInboxEvents(tell),
    auditChanged: coalesce(() => tell('audit.changed', undefined), auditIntervalMs),
    outboxChanged: coalesce(() => {
      const services = running()
      if (services === null) return
      void tellOutbox(services).catch((error: unknown) => log.warn('The outbox could not be told', { error }))
    }, outboxIntervalMs),
  }
}
