import type { Connector, SignInWay } from '../connectors/connector.ts'
import type { Identity } from '../connectors/model.ts'
import type { AppError } from '../errors.ts'
import type { PolicyLayer, PolicyState } from './load.ts'
import { fits, isFor, siteNames } from './match.ts'
import { policyBroken, refusal } from './refusals.ts'
import type { LockedAction, PolicyRules, UpdateChannel } from './schema.ts'

type Vendor = Pick<Connector, 'id' | 'name' | 'signIn'>

/** An account as rules see it. */
export interface PolicyAccount {
  vendor: string
  siteLabel: string
  identity: Identity
}

/**
 * What the policy says now to one question each. Answers that are an `AppError` (`policy_forbids`, `policy_broken`) say no, with the
 * organisation's reason in it; null says yes. Of several policy files each has to say yes.
 */
export interface Enforcement {
  broken(): AppError | null
  allowVendor(vendor: Pick<Vendor, 'id' | 'name'>): AppError | null
  /** A vendor's secret in place of OAuth. */
  allowKeys(): AppError | null
  /** @param identity null before the sign-in: where only the vendor can tell the site, the answer is then yes, and asked again */
  allowSite(vendor: Vendor, siteLabel: string, identity: Identity | null): AppError | null
  allowWay(vendor: Vendor, way: SignInWay): AppError | null
  /** Ids of the scopes that may be asked for, of those the connector has. */
  scopesOf(vendor: Vendor): string[]
  /** No where a scope the connector cannot do without is not allowed. */
  allowScopes(vendor: Vendor): AppError | null
  /** No where one scope, which an account could do without, is not allowed. */
  allowScope(vendor: Vendor, scope: string): AppError | null
  /** Of the scopes a vendor gave, those that are not allowed. */
  forbiddenScopes(vendor: Vendor, granted: readonly string[]): string[]
  /** Whether this user of the computer may connect accounts. */
  mayConnect(vendor: Pick<Vendor, 'id' | 'name'>): AppError | null
  /** Whether an account may belong to this person. */
  maySignInAs(vendor: Pick<Vendor, 'id' | 'name'>, identity: Identity): AppError | null
  mayRemove(account: PolicyAccount, vendor: Vendor | null): AppError | null
  /** Signing in again, as the same user or another, or with another client: no also where only administrators connect. */
  mayReconnect(account: PolicyAccount, vendor: Vendor | null): AppError | null
  /** Files about how the app works: traces of a sign-in. */
  mayExport(): AppError | null
  /** Attachments. */
  mayDownload(): AppError | null
  /** The OAuth client that has to be used, with its secret: never to be shown. */
  providedClient(vendor: string, siteLabel: string): { clientId: string; clientSecret: string | null } | null
  /** Site labels with a provided client, `*` for every site. */
  providedSites(vendor: string): string[]
  /** Days after which conversations without a change are taken off this computer; null: never. */
  maxCacheAge(): number | null
  appLock(): { afterMinutes: number; withSystemLock: boolean } | null
  updateChannel(): UpdateChannel | null
}

/**
 * @param current asked at each question, so that a changed policy holds at once
 * @param systemUser name of the operating system's user who runs the app
 */
export function createEnforcement(current: () => PolicyState, systemUser: string): Enforcement {
  const layers = (): readonly PolicyLayer[] => {
    const state = current()
    return state.kind === 'managed' ? state.layers : []
  }
  const broken = (): AppError | null => {
    const state = current()
    return state.kind === 'broken' ? policyBroken(state.faults) : null
  }
  /** The first file's no; `check` answers why not, in two parts. */
  const ask = (rule: string, check: (rules: PolicyRules) => Refused | null): AppError | null => {
    const stopped = broken()
    if (stopped !== null) return stopped
    for (const layer of layers()) {
      const refused = check(layer.rules)
      if (refused !== null) return refusal(layers(), rule, refused.what, refused.reason)
    }
    return null
  }
  const scopesOf = ({ id, signIn }: Vendor) => allowedScopes(layers(), id, signIn)
  const locked = (action: LockedAction, account: PolicyAccount, vendor: Vendor | null) =>
    ask('lockedAccounts', (rules) => lockOf(rules, action, account, vendor))

  const mayConnect = ({ id, name }: Pick<Vendor, 'id' | 'name'>) =>
    ask('connecting', ({ connecting }) => {
      const against = connecting.find(
        (rule) => isFor(rule, id) && rule.level === 'account' && !isAdministrator(rule.administrators, systemUser),
      )
      if (against === undefined) return null
      return { what: `Accounts of ${name} are connected by your administrator only.`, reason: against.reason }
    })

  return {
    broken,
    scopesOf,
    allowVendor: ({ id, name }) =>
      ask('vendors', ({ vendors }) => {
        if (vendors === undefined || vendors.allowed.includes(id)) return null
        return { what: `Your organisation does not allow ${name} on this workstation.`, reason: vendors.reason }
      }),
    allowKeys: () =>
      ask('apiKeys', ({ apiKeys }) => {
        const { allowed, reason } = typeof apiKeys === 'object' ? apiKeys : { allowed: apiKeys, reason: undefined }
        return allowed === false ? { what: 'Your organisation does not allow API keys.', reason } : null
      }),
    allowSite(vendor, siteLabel, identity) {
      const names = siteNames(vendor, siteLabel, identity)
      return ask('sites', ({ sites }) => {
        const against = sites.find(
          (rule) => isFor(rule, vendor.id) && names !== null && !names.some((name) => fitsOne(rule.allowed, name)),
        )
        return against === undefined
          ? null
          : {
              what: `Your organisation does not allow ${names?.[0] ?? siteLabel}. Allowed: ${against.allowed.join(', ')}.`,
              reason: against.reason,
            }
      })
    },
    allowWay: ({ id, name }, way) =>
      ask('ways', ({ ways }) => {
        const against = ways.find((rule) => isFor(rule, id) && !rule.allowed.includes(way))
        if (against === undefined) return null
        return {
          what: `Your organisation does not allow this way of signing in to ${name}. Allowed: ${against.allowed.map((each) => wayWords[each]).join(', ')}.`,
          reason: against.reason,
        }
      }),
    allowScopes: (vendor) =>
      ask('scopes', ({ scopes }) => {
        if (vendor.signIn.kind !== 'oauth') return null
        for (const rule of scopes.filter((each) => isFor(each, vendor.id))) {
          const missing = vendor.signIn.scopes.find((scope) => !scope.optional && !rule.allowed.includes(scope.id))
          if (missing === undefined) continue
          const what = `${vendor.name} needs the right "${missing.id}" (${missing.reason}), which your organisation does not allow.`
          return { what, reason: rule.reason }
        }
        return null
      }),
    allowScope: (vendor, scope) =>
      ask('scopes', ({ scopes }) => {
        const against = scopes.find((rule) => isFor(rule, vendor.id) && !rule.allowed.includes(scope))
        if (against === undefined) return null
        return {
          what: `Your organisation does not allow the right "${scope}" at ${vendor.name}.`,
          reason: against.reason,
        }
      }),
    forbiddenScopes: ({ id, signIn }, granted) => {
      const known = signIn.kind === 'oauth' ? signIn.scopes.map((scope) => scope.id) : []
      const rules = layers().flatMap(({ rules: { scopes } }) => scopes.filter((rule) => isFor(rule, id)))
      return granted.filter(
        (scope) =>
          // Who somebody is, and staying signed in, open nothing by themselves; servers add them unasked.
          (known.includes(scope) || !ofIdentity.has(scope)) && rules.some((rule) => !rule.allowed.includes(scope)),
      )
    },
    mayConnect,
    maySignInAs: ({ id, name }, identity) =>
      ask('connecting', ({ connecting }) => {
        const against = connecting.find(
          (rule) =>
            isFor(rule, id) && rule.users !== undefined && !(identity.email && fitsOne(rule.users, identity.email)),
        )
        if (against === undefined) return null
        const who = identity.email ?? identity.name
        return {
          what: `Your organisation does not allow ${who} to be signed in to ${name} here.`,
          reason: against.reason,
        }
      }),
    mayRemove: (account, vendor) => locked('remove', account, vendor),
    mayReconnect: (account, vendor) =>
      locked('reconnect', account, vendor) ?? mayConnect(vendor ?? { id: account.vendor, name: account.vendor }),
    mayExport: () =>
      ask('export', ({ export: rule }) =>
        rule?.allowed === false
          ? { what: 'Your organisation does not allow saving this as a file.', reason: rule.reason }
          : null,
      ),
    mayDownload: () =>
      ask('downloads', ({ downloads: rule }) =>
        rule?.allowed === false
          ? { what: 'Your organisation does not allow saving attachments.', reason: rule.reason }
          : null,
      ),
    providedClient: (vendor, siteLabel) => clientOf(layers(), vendor, siteLabel),
    providedSites: (vendor) => [
      ...new Set(
        layers().flatMap(({ rules }) => rules.clients.flatMap((one) => (one.vendor === vendor ? one.site : []))),
      ),
    ],
    maxCacheAge() {
      const days = layers().flatMap(({ rules }) => rules.cache?.maxAgeDays ?? [])
      return days.length === 0 ? null : Math.min(...days)
    },
    appLock() {
      const rules = layers().flatMap(({ rules: { appLock } }) => appLock ?? [])
      if (rules.length === 0) return null
      return {
        afterMinutes: Math.min(...rules.map((rule) => rule.afterMinutes)),
        withSystemLock: rules.some((rule) => rule.withSystemLock),
      }
    },
    updateChannel: () => layers().find(({ rules }) => rules.updateChannel)?.rules.updateChannel?.channel ?? null,
  }
}

interface Refused {
  what: string
  reason: string | undefined
}

/** @throws the AppError that says no */
export function demand(...answers: (AppError | null)[]): void {
  for (const answer of answers) if (answer !== null) throw answer
}

export const wayWords: Record<SignInWay, string> = {
  'auth-window': 'a sign-in window',
  'system-browser': 'the system browser',
  device: 'a code in any browser',
  'client-credentials': 'a client secret for the organisation',
  'jwt-bearer': 'a private key for the organisation',
  key: 'an API key',
}

const ofIdentity = new Set(['openid', 'profile', 'email', 'offline_access'])

const fitsOne = (patterns: readonly string[], name: string) => patterns.some((pattern) => fits(pattern, name))

const isAdministrator = (names: readonly string[], user: string) => names.some((name) => fits(name, user))

function allowedScopes(layers: readonly PolicyLayer[], vendor: string, signIn: Connector['signIn']): string[] {
  if (signIn.kind !== 'oauth') return []
  const rules = layers.flatMap(({ rules: { scopes } }) => scopes.filter((rule) => isFor(rule, vendor)))
  return signIn.scopes.map((scope) => scope.id).filter((id) => rules.every((rule) => rule.allowed.includes(id)))
}

function lockOf(
  { lockedAccounts }: PolicyRules,
  action: LockedAction,
  { vendor: id, siteLabel, identity }: PolicyAccount,
  vendor: Vendor | null,
): Refused | null {
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
function clientOf(layers: readonly PolicyLayer[], vendor: string, siteLabel: string) {
  for (const { rules } of layers) {
    const ofVendor = rules.clients.filter((each) => each.vendor === vendor)
    const found =
      ofVendor.find((each) => each.site.toLowerCase() === siteLabel.toLowerCase()) ??
      ofVendor.find((each) => each.site === '*')
    if (found !== undefined) return { clientId: found.clientId, clientSecret: found.clientSecret }
  }
  return null
}
