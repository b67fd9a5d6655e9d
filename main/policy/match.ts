import type { Connector } from '../connectors/connector.ts'
import type { Identity } from '../connectors/model.ts'

/** Whether a name fits an exact pattern, or one that begins with `*.` or `*@`. `*.acme.com` is every name below acme.com, not acme.com itself. */
export function fits(pattern: string, name: string): boolean {
  const wanted = pattern.toLowerCase()
  const given = name.toLowerCase()
  if (wanted === '*') return true
  if (!/^\*[.@]/.test(wanted)) return wanted === given
  const ending = wanted.slice(1)
  return given.length > ending.length && given.endsWith(ending)
}

export const isFor = (rule: { vendor: string }, vendor: string): boolean =>
  rule.vendor === '*' || rule.vendor === vendor

/**
 * The names by which rules may know the site of an account: its host, and, where all sites share one host, the name that the vendor told at
 * sign-in. An address that was only typed does not count: the vendor has to say who that is.
 * @param identity null before the sign-in
 * @returns null where the name is told by the sign-in only
 */
export function siteNames(
  { signIn }: Pick<Connector, 'signIn'>,
  siteLabel: string,
  identity: Identity | null,
): string[] | null {
  if (signIn.nameSite === undefined) return [siteLabel]
  if (identity === null) return null
  const named = signIn.nameSite(identity)
  return siteLabel.includes('@') ? [named] : [named, siteLabel]
}
