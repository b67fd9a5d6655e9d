import type { AccountView } from '../../preload/contract.ts'
import { AppError } from '../errors.ts'
import type { Enforcement } from '../policy/enforce.ts'
import type { Services } from '../workstation/services.ts'
import { accountView } from './account-view.ts'
import type { Handlers } from './router.ts'

type AccountCalls =
  | 'accounts.list'
  | 'accounts.setBrand'
  | 'accounts.setRouting'
  | 'accounts.pause'
  | 'accounts.resume'
  | 'accounts.syncNow'
  | 'accounts.remove'
  | 'accounts.signOutEverywhere'
  | 'accounts.replaceSecret'

type AccountServices = Pick<
  Services,
  | 'accounts'
  | 'sync'
  | 'vendorBrands'
  | 'removal'
  | 'outbox'
  | 'brands'
  | 'connectorFor'
  | 'signOutEverywhere'
  | 'replaceSecret'
  | 'health'
> & { policy: Pick<Enforcement, 'mayRemove' | 'mayReconnect' | 'forbiddenScopes'> }

/** Every account as the window shows it. */
export function accountViews(services: AccountServices): AccountView[] {
  const { accounts, sync, vendorBrands, connectorFor, policy } = services
  return accounts.list().map((account) => {
    const connector = connectorFor(account.vendor)
    return {
      ...accountView({
        account,
        connector,
        sync: sync.status(account.id),
        vendorBrands: vendorBrands.of(account.id),
        forbidden: connector ? policy.forbiddenScopes(connector, account.scopes) : [],
      }),
      locked: {
        remove: policy.mayRemove(account, connector)?.message ?? null,
        reconnect: policy.mayReconnect(account, connector)?.message ?? null,
      },
    }
  })
}

/** A brand that is gone meanwhile is no brand. @throws AppError `not_found` */
function requireBrand({ brands }: AccountServices, brandId: string | null): void {
  if (brandId !== null && brands.find(brandId) === null)
    throw new AppError('not_found', 'That brand does not exist any more.')
}

export function accountHandlers(
  services: () => AccountServices,
  healthChanged: () => void,
): Pick<Handlers, AccountCalls> {
  return {
    'accounts.list': () => accountViews(services()),
    'accounts.setBrand'({ accountId, brandId }) {
      requireBrand(services(), brandId)
      services().accounts.setBrand(accountId, brandId)
    },
    'accounts.setRouting'({ accountId, key, brandId }) {
      requireBrand(services(), brandId)
      services().accounts.setRouting(accountId, key, brandId)
    },
    'accounts.pause': ({ accountId }) => services().accounts.pause(accountId),
    'accounts.resume': ({ accountId }) => services().accounts.resume(accountId),
    'accounts.syncNow': ({ accountId }) => services().sync.syncNow(accountId),
    'accounts.remove': async ({ accountId }) => ({ revoked: await services().removal.remove(accountId) }),
    'accounts.signOutEverywhere': () => services().signOutEverywhere(),
    async 'accounts.replaceSecret'({ accountId, clientSecret }) {
      const { replaceSecret, health } = services()
      const accounts = await replaceSecret(accountId, clientSecret)
      // The date that was entered before was that of the former secret.
      health.setSecretExpiry(accountId, null)
      healthChanged()
      return { accounts }
    },
  }
}
