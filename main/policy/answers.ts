import type { Connector, SignInWay } from '../connectors/connector.ts'
import type { Identity } from '../connectors/model.ts'
import type { PolicyLayer } from './load.ts'
import { fits, isFor, siteNames } from './match.ts'
import type { LockedAction, PolicyRules } from './schema.ts'

/** What the rules of one policy file say to each question. Null is yes. */

export type Vendor = Pick<Connector, 'id' | 'name' | 'signIn'>
type Named = Pick<Vendor, 'id' | 'name'>

/** An account as rules see it. */
export interface PolicyAccount {
  vendor: string
  siteLabel: string
  identity: Identity
}

/** A no, in two parts: the app's sentence, and the organisation's. */
export interface Refused {
  what: string
  reason: string | undefined
}

type Answer = Refused | null

export function vendorAnswer({ vendors }: PolicyRules, { id, name }: Named): Answer {
  if (vendors === undefined || vendors.allowed.includes(id)) return null
  return { what: `Your organisation does not allow ${name} on this workstation.`, reason: vendors.reason }
}

export function keysAnswer({ apiKeys }: PolicyRules): Answer {
  const { allowed, reason } = typeof apiKeys === 'object' ? apiKeys : { allowed: apiKeys, reason: undefined }
  return allowed === false ? { what: 'Your organisation does not allow API keys.', reason } : null
}

/** @param names what the site is called in rules; null where only the vendor can tell, after the sign-in */
export function siteAnswer({ sites }: PolicyRules, vendor: Named, siteLabel: string, names: string[] | null): Answer {
  const against = sites.find(
    (rule) => isFor(rule, vendor.id) && names !== null && !names.some((name) => fitsOne(rule.allowed, name)),
  )
  if (against === undefined) return null
  return {
    what: `Your organisation does not allow ${names?.[0] ?? siteLabel}. Allowed: ${against.allowed.join(', ')}.`,
    reason: against.reason,
  }
}

export function wayAnswer({ ways }: PolicyRules, { id, name }: Named, way: SignInWay): Answer {
  const against = ways.find((rule) => isFor(rule, id) && !rule.allowed.includes(way))
  if (against === undefined) return null
  return {
    what: `Your organisation does not allow this way of signing in to ${name}. Allowed: ${against.allowed.map((each) => wayWords[each]).join(', ')}.`,
    reason: against.reason,
  }
}

export function scopesAnswer({ scopes }: PolicyRules, { id, name, signIn }: Vendor): Answer {
  if (signIn.kind !== 'oauth') return null
  for (const rule of scopes.filter((each) => isFor(each, id))) {
    const missing = signIn.scopes.find((scope) => !scope.optional && !rule.allowed.includes(scope.id))
    if (missing === undefined) continue
    const what = `${name} needs the right "${missing.id}" (${missing.reason}), which your organisation does not allow.`
    return { what, reason: rule.reason }
  }
  return null
}

export function scopeAnswer({ scopes }: PolicyRules, { id, name }: Named, scope: string): Answer {
  const against = scopes.find((rule) => isFor(rule, id) && !rule.allowed.includes(scope))
  if (against === undefined) return null
  return { what: `Your organisation does not allow the right "${scope}" at ${name}.`, reason: against.reason }
}

export function connectAnswer({ connecting }: PolicyRules, { id, name }: Named, systemUser: string): Answer {
  const against = connecting.find(
    (rule) => isFor(rule, id) && rule.level === 'account' && !isAdministrator(rule.administrators, systemUser),
  )
  if (against === undefined) return null
  return { what: `Accounts of ${name} are connected by your administrator only.`, reason: against.reason }
}

export function personAnswer({ connecting }: PolicyRules, { id, name }: Named, identity: Identity): Answer {
  const against = connecting.find(
    (rule) => isFor(rule, id) && rule.users !== undefined && !(identity.email && fitsOne(rule.users, identity.email)),
  )
  if (against === undefined) return null
  const who = identity.email ?? identity.name
  return {
    what: `Your organisation does not allow ${who} to be signed in to ${name} here.`,
    reason: against.reason,
  }
}

export function exportAnswer({ export: rule }: PolicyRules): Answer {
  if (rule?.allowed !== false) return null
  return { what: 'Your organisation does not allow saving this as a file.', reason: rule.reason }
}

export function downloadAnswer({ downloads: rule }: PolicyRules): Answer {
  if (rule?.allowed !== false) return null
  return { what: 'Your organisation does not allow saving attachments.', reason: rule.reason }
}

export const wayWords: Record<SignInWay, string> = {
  'auth-window': 'a sign-in window',
  'system-browser': 'the system browser',
  device: 'a code in any browser',
  'client-credentials': 'a client secret for the organisation',
  'jwt-bearer': 'a private key for the organisation',
  key: 'an API key',
}

const fitsOne = (patterns: readonly string[], name: string) => patterns.some((pattern) => fits(pattern, name))

const isAdministrator = (names: readonly string[], user: string) => names.some((name) => fits(name, user))

/** Ids of the scopes that every file allows. */
export function allowedScopes(layers: readonly PolicyLayer[], vendor: string, signIn: Connector['signIn']): string[] {
  if (signIn.kind !== 'oauth') return []
  const rules = layers.flatMap(({ rules: { scopes } }) => scopes.filter((rule) => isFor(rule, vendor)))
  return signIn.scopes.map((scope) => scope.id).filter((id) => rules.every((rule) => rule.allowed.includes(id)))
}

const ofIdentity = new Set(['openid', 'profile', 'email', 'offline_access'])

/** Of the scopes a vendor gave, those that a file does not allow. */
export function forbiddenScopes(
  layers: readonly PolicyLayer[],
  { id, signIn }: Vendor,
  granted: readonly string[],
): string[] {
  const known = signIn.kind === 'oauth' ? signIn.scopes.map((scope) => scope.id) : []
  const rules = layers.flatMap(({ rules: { scopes } }) => scopes.filter((rule) => isFor(rule, id)))
  return granted.filter(
    (scope) =>
      // Who somebody is, and staying signed in, open nothing by themselves; servers add them unasked.
      (known.includes(scope) || !ofIdentity.has(scope)) && rules.some((rule) => !rule.allowed.includes(scope)),
  )
}

export function lockAnswer(
  { lockedAccounts }: PolicyRules,
  action: LockedAction,
  { vendor: id, siteLabel, identity }: PolicyAccount,
  vendor: Vendor | null,
): Answer {
  const names = [siteLabel, ...((vendor && siteNames(vendor, siteLabel, identity)) ?? [])]
  const users = [identity.vendorUserId, ...(identity.email === null ? [] : [identity.email])]
  const lock = lockedAccounts.find(
    (rule) =>
      isFor(rule, id) &&
      rule.against.includes(action) &&
      names.some((name) => fits(rule.site, name)) &&
      (rule.user === undefined || users.some((user) => fits(rule.user ?? '', user))),
  )
  if (lock === undefined) return null
  const done = action === 'remove' ? 'removed' : 'reconnected'
  return { what: `Your organisation does not allow this account to be ${done} here.`, reason: lock.reason }
}

/** A file that names the vendor decides before those after it, so that a later one cannot put its own client in the place. */
export function clientOf(layers: readonly PolicyLayer[], vendor: string, siteLabel: string) {
  for (const { rules } of layers) {
    const ofVendor = rules.clients.filter((each) => each.vendor === vendor)
    const found =
      ofVendor.find((each) => each.site.toLowerCase() === siteLabel.toLowerCase()) ??
      ofVendor.find((each) => each.site === '*')
    if (found !== undefined) return { clientId: found.clientId, clientSecret: found.clientSecret }
  }
  return null
}
