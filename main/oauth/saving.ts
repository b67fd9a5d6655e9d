import { type Accounts, alreadyConnected } from '../accounts/accounts.ts'
import type { Account } from '../accounts/model.ts'
import type { Connector, RedirectKind, SignInWay, Site } from '../connectors/connector.ts'
import type { Identity } from '../connectors/model.ts'
import { AppError, isAppError } from '../errors.ts'
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
}

export interface SavingPorts extends RevocationPorts {
  accounts: Pick<Accounts, 'add' | 'signedIn' | 'findIdentity'>
  vault: Vault
  grants: Pick<Grants, 'adopt' | 'forget' | 'schedule'>
  policy: Pick<Enforcement, 'allowVendor' | 'allowSite' | 'maySignInAs'>
}

/**
 * Is this the person the attempt is for? A new account must be new, a reconnect must bring the same user of the same site.
 * @throws AppError `handshake_other_user`, `handshake_already_connected`
 */
export function checkIdentity(ports: Pick<SavingPorts, 'accounts'>, plan: SignInPlan, identity: Identity): void {
  const { again } = plan
  if (!again) {
    const same = ports.accounts.findIdentity(plan.connector.id, identity)
    if (same) throw alreadyConnected(same)
    return
  }
  const expected = again.identity
  if (identity.vendorUserId === expected.vendorUserId && identity.siteKey === expected.siteKey) return
  if (identity.siteKey !== expected.siteKey) {
    throw new AppError(
      'handshake_other_user',
      `You signed in to another site than ${again.siteLabel}. Nothing was changed.`,
      { action: `Sign in to ${again.siteLabel}, or connect the other site as a new account.` },
    )
  }
  throw new AppError(
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
  const { connector, siteLabel } = plan
  demand(
    policy.allowVendor(connector),
    policy.allowSite(connector, siteLabel, identity),
    policy.maySignInAs(connector, identity),
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
  try {
    if (chosen.keep) await ports.vault.writeClient(accountId, chosen.client)
    await ports.grants.adopt(accountId, grant)
    if (again) ports.accounts.signedIn(accountId, signedIn)
    else ports.accounts.add(newAccount(plan, signedIn))
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
