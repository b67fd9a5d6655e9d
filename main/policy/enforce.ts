import type { SignInWay } from '../connectors/connector.ts'
import type { Identity } from '../connectors/model.ts'
import type { AppError } from '../errors.ts'
import {
  allowedScopes,
  clientOf,
  connectAnswer,
  downloadAnswer,
  exportAnswer,
  forbiddenScopes,
  keysAnswer,
  lockAnswer,
  type PolicyAccount,
  personAnswer,
  type Refused,
  scopeAnswer,
  scopesAnswer,
  siteAnswer,
  type Vendor,
  vendorAnswer,
  wayAnswer,
} from './answers.ts'
import type { PolicyLayer, PolicyState } from './load.ts'
import { siteNames } from './match.ts'
import { policyBroken, refusal } from './refusals.ts'
import type { LockedAction, PolicyRules, UpdateChannel } from './schema.ts'

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
  const locked = (action: LockedAction, account: PolicyAccount, vendor: Vendor | null) =>
    ask('lockedAccounts', (rules) => lockAnswer(rules, action, account, vendor))

  const mayConnect = (vendor: Pick<Vendor, 'id' | 'name'>) =>
    ask('connecting', (rules) => connectAnswer(rules, vendor, systemUser))

  return {
    broken,
    scopesOf: ({ id, signIn }) => allowedScopes(layers(), id, signIn),
    allowVendor: (vendor) => ask('vendors', (rules) => vendorAnswer(rules, vendor)),
    allowKeys: () => ask('apiKeys', keysAnswer),
    allowSite(vendor, siteLabel, identity) {
      const names = siteNames(vendor, siteLabel, identity)
      return ask('sites', (rules) => siteAnswer(rules, vendor, siteLabel, names))
    },
    allowWay: (vendor, way) => ask('ways', (rules) => wayAnswer(rules, vendor, way)),
    allowScopes: (vendor) => ask('scopes', (rules) => scopesAnswer(rules, vendor)),
    allowScope: (vendor, scope) => ask('scopes', (rules) => scopeAnswer(rules, vendor, scope)),
    forbiddenScopes: (vendor, granted) => forbiddenScopes(layers(), vendor, granted),
    mayConnect,
    maySignInAs: (vendor, identity) => ask('connecting', (rules) => personAnswer(rules, vendor, identity)),
    mayRemove: (account, vendor) => locked('remove', account, vendor),
    mayReconnect: (account, vendor) =>
      locked('reconnect', account, vendor) ?? mayConnect(vendor ?? { id: account.vendor, name: account.vendor }),
    mayExport: () => ask('export', exportAnswer),
    mayDownload: () => ask('downloads', downloadAnswer),
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

/** @throws the AppError that says no */
export function demand(...answers: (AppError | null)[]): void {
  for (const answer of answers) if (answer !== null) throw answer
}
