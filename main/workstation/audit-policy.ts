import type { Audit } from '../audit/model.ts'
import type { PolicyMark } from '../policy/keeper.ts'

/** What tells one policy from another, without what it says. */
const rulesOf = ({ kind, digest }: PolicyMark) => (kind === 'open' ? 'none' : `sha256 ${digest.slice(0, 16)}`)

/**
 * The policy that holds: told when it is another than the one told last, so that starting each morning writes nothing. A workstation
 * that was never managed has nothing to tell.
 */
export function recordPolicy(audit: Pick<Audit, 'record' | 'list'>, mark: PolicyMark): void {
  const last = audit.list({ groups: ['policy'], limit: 1 }).entries[0]?.entry
  if (mark.kind === 'broken') {
    if (last?.kind !== 'policy_refused') audit.record({ kind: 'policy_refused', outcome: 'policy_broken' })
    return
  }
  const rules = rulesOf(mark)
  if (last === undefined ? mark.kind === 'open' : last.facts.rules === rules) return
  audit.record({ kind: last === undefined ? 'policy_loaded' : 'policy_changed', facts: { rules } })
}
