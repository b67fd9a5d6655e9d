import type { AccountView } from '../../preload/contract.ts'
import type { Account } from '../accounts/model.ts'
import type { Connector } from '../connectors/connector.ts'
import { abilityOf } from '../connectors/missing-scopes.ts'
import { compareScopes } from '../oauth/scopes.ts'
import { isServiceWay } from '../oauth/service-grant.ts'

export type SyncView = AccountView['sync']

interface AccountViewInput {
  account: Account
  /** Null for a vendor that this version of Manydesk does not know. */
  connector: Connector | null
  sync: SyncView
  /** The vendor's own brands, as the directory of the account last told. */
  vendorBrands: readonly { key: string; name: string }[]
  /** Given by the vendor and forbidden by the organisation. */
  forbidden?: readonly string[]
}

/** Scopes the vendor granted, and those we need and did not get, in plain words where we have them. */
function scopeViews(
  account: Account,
  connector: Connector | null,
  forbidden: readonly string[],
): AccountView['scopes'] {
  const known = connector?.signIn.kind === 'oauth' ? connector.signIn.scopes : []
  const granted = new Set(account.scopes)
  const { missing, withheld } = compareScopes(known, account.scopes)
  const needed = known.map(({ id, reason, optional }) => ({
    ...{ id, reason },
    granted: ![...missing, ...withheld].some((scope) => scope.id === id),
    ...(optional ? { optional } : {}),
  }))
  const others = [...granted].filter((id) => !known.some((scope) => scope.id === id))
  return [...needed, ...others.map((id) => ({ id, reason: null, granted: true }))].map((scope) =>
    forbidden.includes(scope.id) ? { ...scope, forbidden: true } : scope,
  )
}

/** A server that describes itself tells only when it is asked; where it cannot, its usual page comes. */
function asksRights({ site, way }: Account, connector: Connector | null): boolean {
  if (connector?.signIn.kind !== 'oauth' || isServiceWay(way) || way === 'device') return false
  return connector.signIn.prompts?.includes('consent') === true || connector.signIn.endpoints(site).discovered === true
}

/** An account as the window sees it: no client id, no site values, no partition. */
export function accountView({ account, connector, sync, vendorBrands, forbidden = [] }: AccountViewInput): AccountView {
  const { identity } = account
  const ability = connector === null ? null : abilityOf(connector, account.scopes, forbidden)
  return {
    id: account.id,
    vendor: account.vendor,
    vendorName: connector?.name ?? account.vendor,
    siteLabel: connector?.signIn.nameSite?.(identity) ?? account.siteLabel,
    brandId: account.brandId,
    user: { name: identity.name, email: identity.email, role: identity.role, vendorUserId: identity.vendorUserId },
    state: account.state,
    trouble: account.trouble,
    way: account.way,
    redirect: account.redirect,
    scopes: scopeViews(account, connector, forbidden),
    accessExpiresAt: account.accessExpiresAt,
    refreshExpiresAt: account.refreshExpiresAt,
    connectedAt: account.connectedAt,
    lastSyncAt: account.lastSyncAt,
    sync,
    commands: ability?.commands ?? [],
    composes: connector?.compose !== undefined,
    repliesByMail: connector?.capabilities.repliesByMail === true,
    ...(asksRights(account, connector) ? { asksRights: true } : {}),
    limits: [...(ability?.lacks ?? []), ...(connector?.capabilities.limits ?? [])],
    vendorBrands: vendorBrands.map(({ key, name }) => ({ key, name, brandId: account.routing[key] ?? null })),
  }
}
