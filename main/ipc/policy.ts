import type { CallName, PolicyView } from '../../preload/contract.ts'
import type { AppError } from '../errors.ts'
import type { Enforcement } from '../policy/enforce.ts'
import type { PolicyKeeper } from '../policy/keeper.ts'
import { contactOf } from '../policy/refusals.ts'
import { policyWords } from '../policy/words.ts'
import type { Handlers } from './router.ts'

export interface PolicyServices {
  keeper: Pick<PolicyKeeper, 'state' | 'look'>
  policy: Enforcement
  /** Name of a vendor by its id. */
  nameOf(vendor: string): string
}

/** The policy as the window shows it: words only, no client and no secret. */
export function policyViewOf({ keeper, policy, nameOf }: PolicyServices): PolicyView {
  const state = keeper.state()
  const layers = state.kind === 'managed' ? state.layers : []
  const lock = policy.appLock()
  const lockReason = layers.flatMap(({ rules }) => rules.appLock?.reason ?? [])[0] ?? null
  return {
    managed: state.kind !== 'open',
    contact: contactOf(layers),
    rules: policyWords(layers, nameOf),
    broken: state.kind === 'broken' ? state.faults : null,
    forbids: { export: policy.mayExport()?.message ?? null, downloads: policy.mayDownload()?.message ?? null },
    appLock: lock && { ...lock, reason: lockReason },
    updateChannel: policy.updateChannel(),
  }
}

export function policyHandlers(services: PolicyServices): Pick<Handlers, 'policy.state' | 'policy.retry'> {
  return {
    'policy.state': () => policyViewOf(services),
    'policy.retry'() {
      services.keeper.look()
      return policyViewOf(services)
    },
  }
}

/** What the screen about a broken policy needs; nothing else is answered while it is shown. */
const always: readonly CallName[] = [
  'policy.state',
  'policy.retry',
  'lock.state',
  'app.state',
  'app.setTheme',
  'app.copy',
  'app.showLogFile',
]

/** For the router: `policy_broken` for every call that has to wait until the policy can be read. */
export function refuseWhileBroken(policy: Pick<Enforcement, 'broken'>): (name: CallName) => AppError | null {
  return (name) => (always.includes(name) ? null : policy.broken())
}
