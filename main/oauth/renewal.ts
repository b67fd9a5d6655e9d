import type { Account } from '../accounts/model.ts'
import type { ServiceWay } from '../connectors/connector.ts'
import { AppError, isAppError } from '../errors.ts'
import { reused } from './grant-endings.ts'
import type { Grant, OAuthClient } from './model.ts'
import type { Proof } from './proof.ts'
import type { GrantsOptions } from './refresh.ts'
import { resolveServer } from './server.ts'
import { isServiceWay, requestServiceGrant } from './service-grant.ts'
import { redeemRefreshToken } from './token-endpoint.ts'

/** A second try with the same refresh token is made within this time only; vendors grant about as much (RFC 9700 4.14.2). */
const retryWindowMs = 30_000

/** What brings a fresh grant: the refresh token or, for an account without a person, its client alone. */
export type Renewal = { refreshToken: string } | { way: ServiceWay }

export function renewalOf({ way }: Account, { refreshToken }: Grant): Renewal | null {
  if (isServiceWay(way)) return { way }
  return refreshToken === null ? null : { refreshToken }
}

interface RenewalCase {
  of: Account
  from: { grant: Grant; proof: Promise<Proof | null> }
  by: Renewal
  /** A client to try in place of the account's own. */
  client?: OAuthClient | undefined
}

type RenewalPorts = Pick<GrantsOptions, 'clients' | 'clock' | 'connectorFor' | 'fetch' | 'timeoutMs' | 'discovery'>

/**
 * Asks the vendor for a fresh grant, and once more within its grace where the answer was lost.
 * @throws AppError with the outcome; `token_reused` where the lost answer had the only token that is still taken
 */
export async function renew(ports: RenewalPorts, asked: RenewalCase, signal: AbortSignal): Promise<Grant> {
  const { clock } = ports
  const ask = await asker(ports, asked, signal)
  const started = clock.monotonic()
  try {
    return await ask()
  } catch (error) {
    const maybeLost = isAppError(error, 'timeout', 'vendor_unreachable') && !signal.aborted
    if (!maybeLost || clock.monotonic() - started >= retryWindowMs) throw error
    return await ask().catch((second: unknown) => {
      // The first answer was lost with the new token in it, and the vendor does not take the old one twice.
      throw isAppError(second, 'token_rejected') ? reused(asked.of, second.detail) : second
    })
  }
}

async function asker(
  ports: RenewalPorts,
  { of, from, by, client: tried }: RenewalCase,
  signal: AbortSignal,
): Promise<() => Promise<Grant>> {
  const connector = ports.connectorFor(of.vendor)
  if (!connector) throw new AppError('not_supported', `This Manydesk does not know the vendor of ${of.siteLabel}.`)
  const client = tried ?? (await ports.clients.of(of))
  const server = { ...(await resolveServer(connector, of.site, client, ports)), proof: await from.proof }
  const now = ports.clock.now
  if ('refreshToken' in by) return () => redeemRefreshToken(server, { ...from.grant, ...by }, now(), signal)
  const subject = { site: of.site, client }
  return async () => (await requestServiceGrant(server, by.way, subject, now(), signal)).grant
}
