import { randomUUID } from 'node:crypto'
import type { Account } from '../accounts/model.ts'
import type { Connector, RedirectKind, SignInWay, Site } from '../connectors/connector.ts'
import { AppError } from '../errors.ts'
import { rungsOf } from './ladder.ts'
import type { ConnectRequest, OAuthClient } from './model.ts'
import type { SignInPlan } from './saving.ts'
import { isServiceWay } from './service-grant.ts'

/** How an account signs in again; what is absent stays as it was. */
export interface Again {
  way?: SignInWay | undefined
  redirect?: RedirectKind | null | undefined
  key?: string | undefined
  /** The OAuth client, where the saved one is lost or was never here. */
  client?: OAuthClient | undefined
  /** Scopes to add to those that were granted. The former grant works until the new one has arrived with all of them. */
  scopes?: readonly string[] | undefined
  /** The person wants another user of the same site to have this account, and knows that what is cached of the former one goes. */
  switchUser?: boolean | undefined
  /** All rights are to be asked for again, also those that were given before. */
  askRights?: boolean | undefined
}

/** Signing in to a new account. @param request checked, with the site as the connector writes it */
export function newPlan(connector: Connector, request: ConnectRequest, siteLabel: string): SignInPlan {
  const accountId = randomUUID()
  const { site, way, redirect } = request
  return {
    attemptId: randomUUID(),
    ...{ connector, site, siteLabel, way, redirect, accountId },
    partition: `persist:account-${accountId}`,
    again: null,
  }
}

/** @throws AppError `not_supported` */
export function checkOffered(
  { name, signIn }: Connector,
  { way, redirect }: Pick<SignInPlan, 'way' | 'redirect'>,
): void {
  const ways: readonly SignInWay[] = signIn.kind === 'key' ? ['key'] : signIn.ways
  if (!ways.includes(way)) throw new AppError('not_supported', `${name} does not allow this way of signing in.`)
  const alone = signIn.kind === 'key' || way === 'device' || isServiceWay(way)
  const redirects: readonly (RedirectKind | null)[] = alone ? [null] : signIn.redirects
  if (!redirects.includes(redirect)) throw new AppError('not_supported', `${name} does not take this redirect URL.`)
}

/** @throws AppError `site_invalid` */
export function normalisedSite({ signIn }: Connector, site: Site): Site {
  return Object.fromEntries(signIn.fields.map((field) => [field.key, field.normalise(site[field.key] ?? '')]))
}

/** Signing in again to an account. @throws AppError `not_supported` */
export function reconnectPlan(connector: Connector, account: Account, again: Again): SignInPlan {
  const { id: accountId, site, siteLabel, partition } = account
  const way = again.way ?? usualWay(connector, account)
  const redirect = again.redirect === undefined ? usualRedirect(connector, account, way) : again.redirect
  checkOffered(connector, { way, redirect })
  const { scopes, switchUser = false, askRights = false } = again
  return {
    attemptId: randomUUID(),
    ...{ connector, site, siteLabel, way, redirect, accountId, partition },
    again: account,
    ...(scopes && scopes.length > 0 ? { wanted: scopes } : {}),
    ...(switchUser ? { switching: true } : {}),
    ...(askRights ? { rights: true } : {}),
  }
}

/** @throws AppError `bad_request` */
export function checkScopesKnown({ name, signIn }: Connector, wanted: readonly string[]): void {
  const known = signIn.kind === 'oauth' ? signIn.scopes.map((scope) => scope.id) : []
  if (wanted.some((id) => !known.includes(id))) throw new AppError('bad_request', `${name} has no such right.`)
}

/** The one the account has, unless the organisation has taken it away since. */
function usualWay({ signIn }: Connector, { way }: Account): SignInWay {
  if (signIn.kind === 'key') return 'key'
  const ways: readonly SignInWay[] = signIn.ways
  return ways.includes(way) ? way : (ways[0] ?? way)
}

/** The one the account has, where it fits the way; else the first that does. */
function usualRedirect({ signIn }: Connector, account: Account, way: SignInWay): RedirectKind | null {
  if (signIn.kind === 'key') return null
  const fitting = rungsOf(signIn).filter((rung) => rung.way === way)
  return (fitting.find(({ redirect }) => redirect === account.redirect) ?? fitting[0])?.redirect ?? null
}
