import type { ScopeNeed } from '../connectors/connector.ts'

/** What an account may do, held against what its connector asks for. */
export interface ScopeDifference {
  /** Needed and not given: something the account is for will fail. */
  missing: ScopeNeed[]
  /** Optional and not given: what it is for is not offered. */
  withheld: ScopeNeed[]
  /** Given before and not any more: the vendor or its administrator has narrowed the grant. */
  lost: string[]
}

/** @param before what was granted earlier, where that is known */
export function compareScopes(
  needs: readonly ScopeNeed[],
  granted: readonly string[],
  before: readonly string[] = granted,
): ScopeDifference {
  const has = new Set(granted)
  const absent = needs.filter((need) => !has.has(need.id))
  return {
    missing: absent.filter((need) => !need.optional),
    withheld: absent.filter((need) => need.optional),
    lost: before.filter((id) => !has.has(id)),
  }
}

/**
 * What to ask for so that `wanted` is added: what is needed anyway, what was granted before, and nothing else. A vendor replaces a grant
 * by what is asked for, so leaving something out would take it away.
 */
export function scopesToAsk(
  needs: readonly ScopeNeed[],
  granted: readonly string[],
  wanted: readonly string[],
): ScopeNeed[] {
  return needs.filter((need) => !need.optional || granted.includes(need.id) || wanted.includes(need.id))
}
