import type { AccountHealth } from '../../preload/contract.ts'
import type { Services } from '../workstation/services.ts'
import type { Handlers } from './router.ts'

type HealthServices = Pick<Services, 'health' | 'sync' | 'rateOf'>

/** Every account's health as the window shows it. */
export function healthViews({ health, sync, rateOf }: HealthServices): AccountHealth[] {
  return health.list({ sync: sync.status, rate: rateOf })
}

export function healthHandlers(
  services: () => HealthServices,
  changed: () => void,
): Pick<Handlers, 'health.list' | 'health.setSecretExpiry'> {
  return {
    'health.list': () => healthViews(services()),
    'health.setSecretExpiry'({ accountId, at }) {
      services().health.setSecretExpiry(accountId, at)
      changed()
    },
  }
}
