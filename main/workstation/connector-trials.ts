import type { Accounts } from '../accounts/accounts.ts'
import type { Connector } from '../connectors/connector.ts'
import { createManifestConnector } from '../connectors/manifest/connector.ts'
import type { Manifest } from '../connectors/manifest/schema.ts'
import { type Trial, tryRequest } from '../connectors/manifest/trial.ts'
import { AppError } from '../errors.ts'
import type { Grants } from '../oauth/refresh.ts'
import { demand, type Enforcement } from '../policy/enforce.ts'
import type { Clock } from '../ports.ts'
import type { VendorHttp } from './vendor-http.ts'

export interface ConnectorTrials {
  /**
   * One read request of a manifest that may not be saved yet, with the sign-in of an account of that connector. The token goes to no host
   * that the saved connector does not have.
   * @throws AppError `policy_*`, `not_found`, `bad_request`, `needs_sign_in`, `vendor_*`
   */
  run(manifest: Manifest, accountId: string, request: string, conversationId: string | null): Promise<TriedRequest>
}

export interface TriedRequest extends Omit<Trial, 'payload'> {
  /** The answer as JSON text, without secrets, cut where it is too long. */
  raw: string
  truncated: boolean
}

interface TrialOptions {
  accounts: Pick<Accounts, 'find'>
  connectorFor(vendor: string): Connector | null
  httpFor: VendorHttp['httpFor']
  grants: Pick<Grants, 'tokens'>
  policy: Pick<Enforcement, 'allowVendor' | 'allowSite'>
  clock: Clock
}

const timeoutMs = 60_000
const longestRaw = 200_000

export function createConnectorTrials(options: TrialOptions): ConnectorTrials {
  const { accounts, clock } = options
  return {
    async run(manifest, accountId, request, conversationId) {
      const account = accounts.find(accountId)
      if (account === null) throw new AppError('not_found', 'That account does not exist any more.')
      const saved = options.connectorFor(account.vendor)
      if (saved === null || account.vendor !== manifest.id) {
        throw new AppError('bad_request', 'This account belongs to another connector.', {
          action: 'Choose an account of this connector.',
        })
      }
      demand(options.policy.allowVendor(saved), options.policy.allowSite(saved, account.siteLabel, account.identity))
      const { site, identity } = account
      const connector = createManifestConnector(manifest)
      const known = saved.hosts(site).allowed
      if (!connector.hosts(site).allowed.every((host) => known.includes(host))) {
        throw new AppError('bad_request', 'The connector names a host that the saved one does not have.', {
          action: 'Save it first: the sign-in of an account goes to the hosts of the saved connector only.',
        })
      }
      const tokens = options.grants.tokens(accountId)
      const http = options.httpFor({ connector, site, accountId, tokens })
      const signal = AbortSignal.timeout(timeoutMs)
      const ctx = { account: { id: accountId, site, identity }, http, now: clock.now, signal }
      const { payload, ...trial } = await tryRequest(ctx, manifest, request, conversationId)
      return { ...trial, ...shown(payload, await tokens.current()) }
    },
  }
}

const secretName = /token|secret|password|passwd|authorization|cookie|api_?-?key|private_?-?key|credential/i

/** An answer as text: members with the name of a secret and the account's own token are left out. */
export function shown(payload: unknown, token: string): { raw: string; truncated: boolean } {
  const hide = (name: string, value: unknown) =>
    secretName.test(name) && value !== null && typeof value !== 'boolean' ? '[secret]' : value
  const whole = JSON.stringify(payload, hide, 2) ?? 'null'
  const escaped = JSON.stringify(token).slice(1, -1)
  const text = token === '' ? whole : whole.replaceAll(escaped, '[secret]')
  return { raw: text.slice(0, longestRaw), truncated: text.length > longestRaw }
}
