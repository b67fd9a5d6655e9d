import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Account } from '../accounts/model.ts'
import { AppError } from '../errors.ts'
import { demand, type Enforcement } from '../policy/enforce.ts'
import type { OAuthClient, Vault } from './model.ts'

/**
 * `oauth-clients.json`: `{"clients": [{"vendor": "…", "site": "acme.example.com", "clientId": "…", "clientSecret": "…"}]}`.
 * Without `site` (or with `*`) a client serves every site of its vendor; without `clientSecret` it is a public one.
 */
const clientsFile = z.object({
  clients: z.array(
    z.object({
      vendor: z.string().min(1),
      /** Site label (the host people see), or `*` for every site of the vendor. */
      site: z.string().min(1).default('*'),
      clientId: z.string().trim().min(1).max(500),
      clientSecret: z.string().trim().min(1).max(6000).nullable().default(null),
    }),
  ),
})

type ProvidedClient = z.infer<typeof clientsFile>['clients'][number]

interface ClientsOptions {
  vault: Vault
  accounts: { list(): Account[] }
  /** Paths of `oauth-clients.json`, the one that wins first: the person's folder, then the machine-wide one. */
  files: readonly string[]
  /** Clients of the organisation that nobody may replace. */
  policy: Pick<Enforcement, 'broken' | 'providedClient' | 'providedSites'>
}

/** `keep` is true where the client must be stored in the vault with the account; one from configuration stays there. */
export interface ChosenClient {
  client: OAuthClient
  keep: boolean
}

export interface Clients {
  /** Site labels for which the configuration brings a client, `*` for every site. */
  provided(vendor: string): string[]
  /**
   * For a new account: the one the policy provides, else what the person typed, else one saved for the same site, else the configuration.
   * @throws AppError `client_missing`; `policy_forbids` for one that was typed in the place of the provided one
   */
  choose(vendor: string, siteLabel: string, given: OAuthClient | null): Promise<ChosenClient>
  /** For an account that exists. @throws AppError `policy_broken`, `client_missing`, `secret_damaged`, `file_failed` */
  of(account: Account): Promise<OAuthClient>
  /** The one to sign in again with: the policy may provide one by now. @throws AppError as `of` */
  forReconnect(account: Account): Promise<OAuthClient>
  /** What was wrong with the configuration files; the app goes on without the bad one. */
  notices: AppError[]
}

/** OAuth clients: given by the person (in the vault, one copy per account) or by configuration files. */
export function createClients({ vault, accounts, files, policy }: ClientsOptions): Clients {
  const loaded = files.map(readProvided)
  const provided = loaded.flatMap((each) => each.clients)
  const configured = (vendor: string, siteLabel: string): OAuthClient | null => {
    const ofVendor = provided.filter((each) => each.vendor === vendor)
    const match = ofVendor.find((each) => each.site === siteLabel) ?? ofVendor.find((each) => each.site === '*')
    return match ? { clientId: match.clientId, clientSecret: match.clientSecret } : null
  }
  const saved = async (vendor: string, siteLabel: string): Promise<OAuthClient | null> => {
    for (const account of accounts.list()) {
      if (account.vendor !== vendor || account.siteLabel !== siteLabel) continue
      const answer = await vault.readClient(account.id)
      if (answer.kind === 'found') return answer.value
    }
    return null
  }

  const of = async (account: Account): Promise<OAuthClient> => {
    // Which client there is cannot be known now; that it is missing would sign the account out.
    demand(policy.broken())
    // Looked for each time, so that a secret which the organisation has changed is used at once.
    const fixed = policy.providedClient(account.vendor, account.siteLabel)
    if (fixed !== null && fixed.clientId === account.clientId) return fixed
    const answer = await vault.readClient(account.id)
    if (answer.kind === 'found') return answer.value
    if (answer.kind === 'locked') throw lockedClient(answer.reason)
    const client = configured(account.vendor, account.siteLabel)
    if (client) return client
    throw answer.kind === 'damaged' ? damagedClient(account, answer.reason) : clientMissing(account.siteLabel)
  }

  return {
    provided: (vendor) => [
      ...new Set([
        ...policy.providedSites(vendor),
        ...provided.filter((each) => each.vendor === vendor).map((each) => each.site),
      ]),
    ],
    of,
    forReconnect: async (account) => policy.providedClient(account.vendor, account.siteLabel) ?? of(account),
    notices: loaded.flatMap((each) => (each.notice ? [each.notice] : [])),
    async choose(vendor, siteLabel, given) {
      const fixed = policy.providedClient(vendor, siteLabel)
      if (fixed && given) throw clientIsProvided(siteLabel)
      if (fixed) return { client: fixed, keep: false }
      if (given) return { client: given, keep: true }
      const kept = await saved(vendor, siteLabel)
      if (kept) return { client: kept, keep: true }
      const client = configured(vendor, siteLabel)
      if (client) return { client, keep: false }
      throw clientMissing(siteLabel)
    },
  }
}

function readProvided(path: string): { clients: ProvidedClient[]; notice: AppError | null } {
  try {
    const parsed = clientsFile.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    if (parsed.success) return { clients: parsed.data.clients, notice: null }
    const issue = parsed.error.issues[0]
    return { clients: [], notice: badConfiguration(path, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { clients: [], notice: null }
    return { clients: [], notice: badConfiguration(path, error instanceof SyntaxError ? 'not JSON' : 'not readable') }
  }
}

function badConfiguration(path: string, detail: string): AppError {
  return new AppError('settings_damaged', 'The file with OAuth clients could not be used.', {
    action: `Correct ${path}, then start Manydesk again. Everything else works.`,
    detail,
  })
}

/** Nobody may put another client in the place of the organisation's. */
export function clientIsProvided(siteLabel: string): AppError {
  return new AppError('policy_forbids', `The OAuth client for ${siteLabel} is provided by your organisation.`, {
    action: 'Connect without typing a client of your own.',
    detail: 'policy rule: clients',
    outcome: 'not_sent',
  })
}

function clientMissing(siteLabel: string): AppError {
  return new AppError('client_missing', `There is no OAuth client for ${siteLabel} yet.`, {
    action: 'Enter the client ID and secret of your own OAuth client.',
  })
}

function damagedClient(account: Account, detail: string): AppError {
  return new AppError('secret_damaged', `The saved OAuth client of ${account.siteLabel} cannot be read.`, {
    action: 'Enter the client ID and secret once more.',
    detail,
  })
}

function lockedClient(detail: string): AppError {
  return new AppError('file_failed', 'The saved OAuth client cannot be read right now.', {
    action: 'Try again in a moment.',
    detail,
  })
}
