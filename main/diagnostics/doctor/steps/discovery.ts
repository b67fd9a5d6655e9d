import { type AppError, isAppError } from '../../../errors.ts'
import { createDiscovery, type Discovery, type ServerMetadata } from '../../../oauth/discovery.ts'
import type { Clock, FetchPort } from '../../../ports.ts'
import type { Trace } from '../../trace.ts'
import { type DoctorContext, failed, isBlocked, passed, type Step, type StepResult, skipped, warned } from '../model.ts'
import { networkFault } from '../network-fault.ts'
import { hostOf } from '../places.ts'
import { clean, withoutQuery } from '../readings.ts'

/** What servers say of themselves now: nothing that was kept from before, and every question in the trace. */
export function tracedDiscovery(
  fetch: FetchPort,
  { clock, timeoutMs, trace }: { clock: Clock; timeoutMs: number; trace: Trace },
): Discovery {
  return createDiscovery({
    clock,
    timeoutMs,
    async fetch(input, init) {
      const url = input instanceof Request ? input.url : String(input)
      const note = trace.request('Ask the server how to sign in', 'GET', url, [])
      try {
        const response = await fetch(input, init)
        note({ status: response.status, body: null })
        return response
      } catch (error) {
        note({ error: networkFault(error).name })
        throw error
      }
    },
  })
}

/** Does the server tell where to sign in, where the connector knows only its issuer (RFC 8414)? */
export const discovery: Step = async (context) => {
  const { connector, site } = context.subject
  const { name, signIn } = connector
  if (signIn.kind === 'key') return skipped('discovery', `${name} has no sign-in, only a key.`)
  const { discovered, issuer } = signIn.endpoints(site)
  if (isBlocked(context)) return skipped('discovery', 'Not looked at: it is not the vendor who answers.')
  if (!discovered) {
    const unreached = context.results.some(({ id, verdict }) => id === 'network' && verdict === 'failed')
    return unreached
      ? skipped('discovery', 'Not looked at: no server was reached.')
      : passed('discovery', `Manydesk knows the addresses at which ${name} signs people in.`)
  }
  try {
    const told = await context.discovery.of(issuer)
    const byPerson = signIn.ways.some((way) => way === 'auth-window' || way === 'system-browser')
    return byPerson && told.authorization_endpoint === undefined ? withoutPage(issuer) : described(told)
  } catch (error) {
    context.signal.throwIfAborted()
    if (!isAppError(error)) throw error
    return undescribed(issuer, error)
  }
}

function described(told: ServerMetadata): StepResult {
  const pushed = told.pushed_authorization_request_endpoint
  const proofs = told.dpop_signing_alg_values_supported
  return passed('discovery', `${hostOf(told.issuer)} tells where to sign in.`, {
    evidence: {
      issuer: clean(told.issuer),
      ...(told.authorization_endpoint === undefined
        ? {}
        : { 'sign-in page': withoutQuery(told.authorization_endpoint) }),
      token: withoutQuery(told.token_endpoint),
      'requests handed in beforehand':
        pushed === undefined ? 'no' : told.require_pushed_authorization_requests ? 'required' : 'offered',
      'tokens bound to a key': proofs === undefined ? 'no' : clean(proofs.join(' ')),
    },
  })
}

function withoutPage(issuer: string): StepResult {
  return failed('discovery', `${hostOf(issuer)} does not say where people sign in.`, {
    remedy: 'Enter the addresses of its sign-in in the connector.',
    evidence: { issuer: clean(issuer), missing: 'authorization_endpoint' },
    finding: 'metadata_unusable',
  })
}

/** Told apart: the issuer is written wrongly, nothing answers there, or what answers is no description. */
function undescribed(issuer: string, error: AppError): StepResult {
  const host = hostOf(issuer) ?? clean(issuer)
  const { code, message, action: remedy, detail } = error
  const evidence = { issuer: clean(issuer), code, ...(detail === null ? {} : { says: clean(detail) }) }
  switch (code) {
    case 'site_invalid':
      return failed('discovery', message, { remedy, evidence, finding: 'issuer_wrong' })
    case 'handshake_issuer_mismatch':
      return failed('discovery', `${host} says that its issuer is another one than the connector has.`, {
        remedy: 'Write the issuer in the connector exactly as the server writes it, to the last slash.',
        evidence,
        finding: 'issuer_wrong',
      })
    case 'vendor_bad_answer':
      return failed('discovery', unusable(host, detail), {
        remedy: 'Check the issuer in the connector, or enter the addresses of the sign-in there yourself.',
        evidence,
        finding: 'metadata_unusable',
      })
    case 'vendor_failed':
      return failed('discovery', message, { remedy, evidence, finding: 'vendor_trouble' })
    case 'rate_limited':
      return warned('discovery', message, { remedy, evidence, finding: 'rate_limited' })
    case 'offline':
    case 'timeout':
    case 'vendor_unreachable':
      return failed('discovery', `${host}, which tells how to sign in, cannot be reached.`, {
        remedy: 'Check the issuer in the connector. If it is right, a firewall or proxy may block this one server.',
        evidence: { ...evidence, error: networkFault(error.cause).name },
        finding: 'metadata_unreachable',
      })
    default:
      return failed('discovery', message, { remedy, evidence })
  }
}

function unusable(host: string, detail: string | null): string {
  if (/^HTTP 2/.test(detail ?? '')) return `What ${host} answers is no description of how to sign in: it is not JSON.`
  if (/^HTTP /.test(detail ?? '')) return `${host} has no description of how to sign in.`
  return `${host} describes its sign-in in a way that cannot be used.`
}

/** True where the server did not tell where to sign in, so that asking further tells nothing. */
export const isUndescribed = ({ results }: Pick<DoctorContext, 'results'>) =>
  results.some(({ id, verdict }) => id === 'discovery' && verdict === 'failed')
export const undescribedWords = 'Not looked at: the server does not tell where to sign in.'
