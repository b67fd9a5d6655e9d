import type { KyInstance } from 'ky'
import type { Accounts } from '../accounts/accounts.ts'
import type { Account } from '../accounts/model.ts'
import type { Connector } from '../connectors/connector.ts'
import { createAccountHttp } from '../connectors/http.ts'
import { type CallPriority, createRateBudget, type RateBudget } from '../connectors/rate-limit.ts'
import { AppError } from '../errors.ts'
import type { VendorAccess } from '../inbox/vendor-access.ts'
import type { Grants } from '../oauth/refresh.ts'
import type { HttpFor } from '../oauth/revoke.ts'
import { keysForbidden } from '../policy/policy.ts'
import type { Clock, FetchPort, Log } from '../ports.ts'

interface VendorAccessOptions {
  accounts: Pick<Accounts, 'find'>
  connectorFor(vendor: string): Connector | null
  keysAllowed: boolean
  fetch: FetchPort
  /** The network of one account, where its calls are watched. */
  fetchFor?(accountId: string): FetchPort
  clock: Clock
  log: Log
}

export interface VendorHttp {
  /** For calls outside of an account's own, with a token that is given. The pace is that of the saved connector. */
  httpFor: HttpFor
  /** For the accounts that are connected. */
  access(grants: Pick<Grants, 'tokens'>): VendorAccess
  /** What the vendor lets the account call, once it has called. */
  room(accountId: string): (ReturnType<RateBudget['room']> & { waitUntil: number | null }) | null
  /** Forgets the budget and the client of an account that is gone. */
  forget(accountId: string): void
}

/** How the app reaches its vendors: one budget per account, whoever calls. */
export function createVendorHttp(options: VendorAccessOptions): VendorHttp {
  const { accounts, fetch, clock, log } = options
  const budgets = new Map<string, RateBudget>()
  const clients = new Map<string, KyInstance>()

  const budgetOf = (accountId: string, connector: Connector): RateBudget => {
    const saved = () => options.connectorFor(connector.id) ?? connector
    const known = budgets.get(accountId) ?? createRateBudget(saved().rate, clock)
    budgets.set(accountId, known)
    return known
  }
  const httpFor = (request: Parameters<HttpFor>[0], priority: CallPriority) =>
    createAccountHttp({
      ...request,
      fetch: options.fetchFor?.(request.accountId) ?? fetch,
      clock,
      log,
      budget: budgetOf(request.accountId, request.connector),
      priority,
    })

  const requireAccount = (accountId: string): Account => {
    const account = accounts.find(accountId)
    if (account === null) throw new AppError('not_found', 'That account does not exist any more.')
    return account
  }
  const requireConnector = (account: Account): Connector => {
    const connector = options.connectorFor(account.vendor)
    if (connector === null) {
      throw new AppError('not_supported', `This version of Manydesk does not know ${account.vendor}.`, {
        action: 'Install the newest Manydesk.',
      })
    }
    const keyed = account.way === 'key' || connector.signIn.kind === 'key'
    if (keyed && !options.keysAllowed) throw keysForbidden()
    return connector
  }

  return {
    httpFor: (request) => httpFor(request, 'interactive'),
    access: (grants) => ({
      connectorFor: (accountId) => requireConnector(requireAccount(accountId)),
      contextFor(accountId, signal, priority = 'background') {
        const account = requireAccount(accountId)
        const { site, identity } = account
        const connector = requireConnector(account)
        const key = `${priority} ${accountId}`
        const tokens = grants.tokens(accountId)
        const http = clients.get(key) ?? httpFor({ connector, site, accountId, tokens }, priority)
        clients.set(key, http)
        return { account: { id: accountId, site, identity }, http, now: clock.now, signal }
      },
    }),
    room(accountId) {
      const budget = budgets.get(accountId)
      return budget === undefined ? null : { ...budget.room(), waitUntil: budget.waitUntil() }
    },
    forget(accountId) {
      budgets.delete(accountId)
      for (const priority of ['interactive', 'background']) clients.delete(`${priority} ${accountId}`)
    },
  }
}
