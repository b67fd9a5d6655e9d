import { type Accounts, alreadyConnected } from '../accounts/accounts.ts'
import type { Account } from '../accounts/model.ts'
import type { Connector, RedirectKind, SignInWay, Site } from '../connectors/connector.ts'
import type { Identity } from '../connectors/model.ts'
import { AppError, isAppError } from '../errors.ts'
import { giveUpRefusal } from '../policy/connector-rules.ts'
import { demand, type Enforcement } from '../policy/enforce.ts'
import type { ChosenClient } from './clients.ts'
import type { Grant, Vault } from './model.ts'
import type { Grants } from './refresh.ts'
import { type RevocationPorts, revokeGrant } from './revoke.ts'

/** What one attempt is about. */
export interface SignInPlan {
  attemptId: string
  connector: Connector
  site: Site
  siteLabel: string
  way: SignInWay
  /** Null where there is no handshake. */
  redirect: RedirectKind | null
  accountId: string
  partition: string
  /** The account that signs in again, or null for a new one. */
  again: Account | null
  /** Scopes that this sign-in is to add; absent: all that the connector has are asked for. */
  wanted?: readonly string[]
  /** True where the person said that another user of the same site may take the account over. */
  switching?: boolean
  /** True where the person wants to answer again what the app may do. */
  rights?: boolean
}

export interface SavingPorts extends RevocationPorts {
  accounts: Pick<Accounts, 'add' | 'signedIn' | 'findIdentity'>
  vault: Vault
  grants: Pick<Grants, 'adopt' | 'forget' | 'schedule'>
  policy: Pick<Enforcement, 'allowVendor' | 'allowSite' | 'maySignInAs' | 'mayRemove' | 'mayReconnect'>
  /** Drops what is cached of the former user, runs `save`, and starts reading for the new one. Absent: nothing is cached. */
  changeUser?(accountId: string, save: () => Promise<void>): Promise<void>
}

/**
 * Is this the person the attempt is for? A reconnect must bring the same user of the same site. A new account must be new; where the
 * identity has one that lost its sign-in, that account is the one that signs in again.
 * @throws AppError `handshake_other_site`, `handshake_other_user`, `handshake_already_connected`
 */
export function planFor(ports: Pick<SavingPorts, 'accounts'>, plan: SignInPlan, identity: Identity): SignInPlan {
  const { again } = plan
  const same = ports.accounts.findIdentity(plan.connector.id, identity)
  if (!again) {
    if (same === null) return plan
    if (same.state !== 'needs_sign_in') throw alreadyConnected(same)
    return { ...plan, again: same, accountId: same.id }
  }
  const expected = again.identity
  if (identity.siteKey !== expected.siteKey) throw otherSite(plan, again, identity)
  if (identity.vendorUserId === expected.vendorUserId) return plan
  if (!plan.switching) throw otherUser(again, identity)
  if (same !== null) throw alreadyConnected(same)
  return plan
}

/**
 * A sign-in for more rights must bring them, and may take none away: until then the former grant stays.
 * @throws AppError `handshake_scope_missing`
 */
export function checkScopes({ connector, wanted, again }: SignInPlan, grant: Grant): void {
  if (!wanted || !again) return
  const reasons = connector.signIn.kind === 'oauth' ? connector.signIn.scopes : []
  // What is not asked for any more, because the organisation forbids it, is not missed.
  const kept = again.scopes.filter((id) => reasons.some((scope) => scope.id === id))
  const lacking = [...kept, ...wanted].filter((id) => !grant.scopes.includes(id))
  if (lacking.length === 0) return
  const words = lacking.map((id) => reasons.find((scope) => scope.id === id)?.reason ?? id)
  throw new AppError('handshake_scope_missing', `${connector.name} did not give the right that was asked for.`, {
    action: `Allow it when you are asked (${words.join('; ')}), or ask the administrator there. The account works as before.`,
    detail: lacking.join(' '),
  })
}

function otherSite({ connector }: SignInPlan, again: Account, identity: Identity): AppError {
  const site = connector.signIn.nameSite?.(identity) ?? identity.siteKey
  return new AppError(
    'handshake_other_site',
    `You signed in at another site (${site}), but this account is at ${again.siteLabel}. Nothing was changed.`,
    { action: `Choose ${again.siteLabel} when you sign in, or connect the other site as a new account.` },
  )
}

function otherUser(again: Account, identity: Identity): AppError {
  const expected = again.identity
  return new AppError(
    'handshake_other_user',
    `You signed in as ${identity.name}, but this account is ${expected.name} at ${again.siteLabel}. Nothing was changed.`,
    { action: `Sign in as ${expected.email ?? expected.name}, or connect ${identity.name} as a new account.` },
  )
}

/**
 * What only the vendor could tell is known now, and the policy may have changed meanwhile.
 * @throws AppError `policy_forbids`, `policy_broken`
 */
export function checkPolicy({ policy }: Pick<SavingPorts, 'policy'>, plan: SignInPlan, identity: Identity): void {
  const { connector, siteLabel, again } = plan
  demand(
    policy.allowVendor(connector),
    policy.allowSite(connector, siteLabel, identity),
    policy.maySignInAs(connector, identity),
    again && policy.mayReconnect(again, connector),
    again && changesUser(again, identity) ? giveUpRefusal(policy, again, connector) : null,
  )
}

/**
 * Keeps what was signed in: secrets first and durable, then the account that points at them.
 * @throws AppError `handshake_already_connected`, `not_found`, `file_failed`, `store_full`; a new account then left nothing behind
 */
export async function saveSignIn(
  ports: SavingPorts,
  plan: SignInPlan,
  chosen: ChosenClient,
  grant: Grant,
  identity: Identity,
): Promise<void> {
  const { accountId, again } = plan
  const signedIn = {
    identity,
    clientId: chosen.client.clientId,
    way: plan.way,
    redirect: plan.redirect,
    scopes: grant.scopes,
    accessExpiresAt: grant.expiresAt,
    refreshExpiresAt: grant.refreshExpiresAt,
    connectedAt: ports.clock.now(),
  }
  const write = async () => {
    // An account that was met again may have had another client before.
    const met = again !== null && again.clientId !== chosen.client.clientId
    if (chosen.keep || met) await ports.vault.writeClient(accountId, chosen.client)
    await ports.grants.adopt(accountId, grant)
    if (again) ports.accounts.signedIn(accountId, signedIn)
    else ports.accounts.add(newAccount(plan, signedIn))
  }
  try {
    if (again && changesUser(again, identity) && ports.changeUser) await ports.changeUser(accountId, write)
    else await write()
  } catch (error) {
    // No secret may stay for an account that did not come to be, or was removed meanwhile.
    if (!again || isAppError(error, 'not_found')) {
      ports.grants.forget(accountId)
      await ports.vault.remove(accountId)
    }
    throw error
  }
  ports.grants.schedule(accountId)
}

const changesUser = (again: Account, identity: Identity) => again.identity.vendorUserId !== identity.vendorUserId

function newAccount(plan: SignInPlan, signedIn: Parameters<SavingPorts['accounts']['signedIn']>[1]): Account {
  return {
    ...signedIn,
    id: plan.accountId,
    vendor: plan.connector.id,
    site: plan.site,
    siteLabel: plan.siteLabel,
    brandId: null,
    routing: {},
    state: 'connected',
    trouble: null,
    lastSyncAt: null,
    partition: plan.partition,
  }
}

/**
 * Gives back a grant that is not kept, but only when no account here belongs to the same identity: some vendors hold one grant for all
 * sign-ins of a person, and revoking the new one would end the old one.
 */
export async function giveBack(
  ports: SavingPorts,
  plan: SignInPlan,
  chosen: ChosenClient,
  grant: Grant,
  identity: Identity | null,
): Promise<void> {
  if (!identity || ports.accounts.findIdentity(plan.connector.id, identity)) return
  const { connector, site, accountId } = plan
  await revokeGrant(ports, { connector, site, accountId, client: chosen.client, grant, user: identity.name })
}
