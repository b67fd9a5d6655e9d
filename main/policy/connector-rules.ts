import type { Connector, SignInWay } from '../connectors/connector.ts'
import type { CommandKind } from '../connectors/model.ts'
import type { AppError } from '../errors.ts'
import type { PolicyAccount } from './answers.ts'
import type { Enforcement } from './enforce.ts'

type VendorRules = Pick<Enforcement, 'allowVendor' | 'allowKeys' | 'allowWay' | 'allowScopes' | 'scopesOf'>

const waysOf = ({ signIn }: Connector): readonly SignInWay[] => (signIn.kind === 'key' ? ['key'] : signIn.ways)

/** Why nobody can sign in at this vendor here, whatever the site; null where somebody can. */
export function vendorRefusal(policy: VendorRules, connector: Connector): AppError | null {
  const ways = waysOf(connector).map((way) => policy.allowWay(connector, way))
  return (
    policy.allowVendor(connector) ??
    (connector.signIn.kind === 'key' ? policy.allowKeys() : null) ??
    policy.allowScopes(connector) ??
    (ways.every((refused) => refused !== null) ? (ways[0] ?? null) : null)
  )
}

/** Why nobody may end or replace the sign-in of this account: one that is to stay, or that could not be made anew. */
export function giveUpRefusal(
  policy: Pick<Enforcement, 'mayRemove' | 'mayReconnect'>,
  account: PolicyAccount,
  connector: Connector | null,
): AppError | null {
  return policy.mayRemove(account, connector) ?? policy.mayReconnect(account, connector)
}

/** Why one of these commands may not be sent: it needs a right that the vendor gave and the organisation forbids. */
export function commandRefusal(
  policy: Pick<Enforcement, 'forbiddenScopes' | 'allowScope'>,
  connector: Connector,
  granted: readonly string[],
  kinds: readonly CommandKind[],
): AppError | null {
  if (connector.signIn.kind !== 'oauth') return null
  const forbidden = policy.forbiddenScopes(connector, granted)
  const needed = connector.signIn.scopes.find(
    ({ id, enables }) => forbidden.includes(id) && enables?.some((kind) => kinds.includes(kind)),
  )
  return needed === undefined ? null : policy.allowScope(connector, needed.id)
}

/** The connector with only those scopes that are allowed, for renewals, which ask for what the account may have now. */
export function withinScopes(policy: Pick<Enforcement, 'scopesOf'>, connector: Connector): Connector {
  const { signIn } = connector
  if (signIn.kind !== 'oauth') return connector
  const scopes = new Set(policy.scopesOf(connector))
  return { ...connector, signIn: { ...signIn, scopes: signIn.scopes.filter(({ id }) => scopes.has(id)) } }
}

/** The connector with only those ways and scopes that are allowed, so that nothing else is asked of the vendor. */
export function withinPolicy(policy: VendorRules, connector: Connector): Connector {
  const { signIn } = withinScopes(policy, connector)
  if (signIn.kind !== 'oauth') return connector
  const ways = signIn.ways.filter((way) => policy.allowWay(connector, way) === null)
  return { ...connector, signIn: { ...signIn, ways } }
}
