import type { Accounts } from '../accounts/accounts.ts'
import type { Account } from '../accounts/model.ts'
import type { Connector } from '../connectors/connector.ts'
import { AppError } from '../errors.ts'
import { demand, type Enforcement } from '../policy/enforce.ts'
import type { Log } from '../ports.ts'
import { clientIsProvided } from './clients.ts'
import type { OAuthClient, Vault } from './model.ts'
import type { Grants } from './refresh.ts'

interface ReplacementPorts {
  accounts: Pick<Accounts, 'list' | 'find'>
  vault: Pick<Vault, 'readClient' | 'writeClient'>
  grants: Pick<Grants, 'tryClient'>
  policy: Pick<Enforcement, 'providedClient' | 'mayReconnect'>
  connectorFor(vendor: string): Connector | null | undefined
  log: Log
  /** The client of an account has another secret now. */
  onReplaced(accountId: string): void
}

/**
 * Puts another secret in the place of an OAuth client's, while its accounts work. It is tried first, by a renewal of the account it is
 * given for; only one that the vendor accepts is kept, for every account that has the same client here.
 * @returns how many accounts have the new secret
 * @throws AppError `client_rejected` and whatever else the vendor said, `policy_forbids`, `not_supported`; the former secret is then kept
 */
export function createSecretReplacement(ports: ReplacementPorts) {
  const { accounts, vault, grants, log } = ports

  const ofSameClient = async (account: Account): Promise<Account[]> => {
    const same = accounts
      .list()
      .filter((each) => each.vendor === account.vendor && each.clientId === account.clientId && each.id !== account.id)
    const kept = await Promise.all(same.map((each) => vault.readClient(each.id)))
    // Where the client is not in the vault it comes from a file, which has its own secret.
    return same.filter((_each, place) => kept[place]?.kind === 'found')
  }

  const follow = async (account: Account, client: OAuthClient): Promise<void> => {
    await vault.writeClient(account.id, client)
    ports.onReplaced(account.id)
    if (account.trouble?.code !== 'client_rejected') return
    await grants.tryClient(account.id, client).catch((error: unknown) => {
      log.info('An account does not work with the new client secret either', { accountId: account.id, error })
    })
  }

  return async (accountId: string, clientSecret: string): Promise<number> => {
    const account = accounts.find(accountId)
    if (!account) throw new AppError('not_found', 'That account does not exist any more.')
    const connector = ports.connectorFor(account.vendor) ?? null
    if (account.way === 'key' || connector?.signIn.kind === 'key') throw withoutClient(account)
    demand(ports.policy.mayReconnect(account, connector))
    if (ports.policy.providedClient(account.vendor, account.siteLabel)) throw clientIsProvided(account.siteLabel)
    const client = { clientId: account.clientId, clientSecret }
    await grants.tryClient(accountId, client)
    await vault.writeClient(accountId, client)
    ports.onReplaced(accountId)
    const others = await ofSameClient(account)
    for (const other of others) await follow(other, client)
    return others.length + 1
  }
}

function withoutClient({ siteLabel }: Account): AppError {
  return new AppError('not_supported', `The account at ${siteLabel} has a key in place of an OAuth client.`, {
    action: 'Change the key.',
  })
}
