import type { Audit } from '../audit/model.ts'
import type { Policy } from '../policy/policy.ts'

/**
 * The policy of this start: told when it is another than the one told last, so that starting each morning writes nothing. A workstation
 * on which nothing was ever forbidden has nothing to tell.
 */
export function recordPolicy(audit: Pick<Audit, 'record' | 'list'>, policy: Policy): void {
  const last = audit.list({ groups: ['policy'], limit: 1 }).entries[0]?.entry
  if (policy.notice !== null) {
    if (last?.kind !== 'policy_refused') audit.record({ kind: 'policy_refused', outcome: policy.notice.code })
    return
  }
  const rules = policy.apiKeys ? 'nothing is forbidden' : 'no API keys'
  if (last === undefined ? policy.apiKeys : last.facts.rules === rules) return
  audit.record({ kind: last === undefined ? 'policy_loaded' : 'policy_changed', facts: { rules } })
}
