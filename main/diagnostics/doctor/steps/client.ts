import type { ErrorCode } from '../../../../preload/errors.ts'
import type { ServiceWay } from '../../../connectors/connector.ts'
import { isAppError } from '../../../errors.ts'
import { resolveSigningServer } from '../../../oauth/server.ts'
import { isServiceWay, requestServiceGrant } from '../../../oauth/service-grant.ts'
import { redeemRefreshToken } from '../../../oauth/token-endpoint.ts'
import {
  type DoctorContext,
  failed,
  isBlocked,
  passed,
  type Step,
  type StepResult,
  type Subject,
  skipped,
} from '../model.ts'
import { isUndescribed, undescribedWords } from './discovery.ts'

/** Nobody ever had this token: the vendor can only say whether it knows the client that brings it. */
const nobodysToken = 'manydesk-connection-test'

/**
 * Does the token endpoint accept client ID and secret? Asked with a refresh token that does not exist (RFC 6749 5.2): `invalid_client` is an
 * answer about the client, `invalid_grant` one about the token. Nothing is used up or changed. A client that signs in as itself does so.
 */
export const client: Step = async (context) => {
  const { subject, signal } = context
  if (subject.connector.signIn.kind === 'key')
    return skipped('client', `${subject.connector.name} has no OAuth client, only a key.`)
  if (isBlocked(context)) return skipped('client', 'Not looked at: it is not the vendor who answers.')
  if (isUndescribed(context)) return skipped('client', undescribedWords)
  if (context.results.some(({ finding }) => finding === 'client_unknown' || finding === 'client_of_another_centre')) {
    return skipped('client', 'Not looked at: the client is not known there at all.')
  }
  let hasSecret = true
  try {
    hasSecret = (await subject.client()).clientSecret !== null
    return isServiceWay(subject.way) ? await asItself(context, subject.way) : await withNobodysToken(context)
  } catch (error) {
    signal.throwIfAborted()
    return readRefusal(error, subject, hasSecret)
  }
}

/** The refusal of what the client says for itself is one of the client, in whichever words it comes. */
async function asItself(context: DoctorContext, way: ServiceWay): Promise<StepResult> {
  const { subject, clock, signal } = context
  const { connector, site } = subject
  const client = await subject.client()
  const server = await resolveSigningServer(connector, site, client, context)
  await requestServiceGrant(server, way, { site, client }, clock.now(), signal)
  return passed('client', `${connector.name} lets the client sign in as the organisation.`)
}

async function withNobodysToken(context: DoctorContext): Promise<StepResult> {
  const { subject, clock, signal } = context
  const server = await resolveSigningServer(subject.connector, subject.site, await subject.client(), context)
  const nobodys = {
    accessToken: '',
    refreshToken: nobodysToken,
    tokenType: 'bearer',
    scopes: [],
    obtainedAt: 0,
    expiresAt: null,
    refreshExpiresAt: null,
  }
  await redeemRefreshToken(server, nobodys, clock.now(), signal)
  return skipped('client', 'Whether the client is accepted cannot be told here.')
}

function readRefusal(error: unknown, { connector, way }: Subject, hasSecret: boolean): StepResult {
  if (!isAppError(error)) throw error
  const vendor = connector.name
  const { code, message, action: remedy, detail } = error
  const evidence = { code, ...(detail === null ? {} : { says: detail }) }
  if (isServiceWay(way) && (code === 'token_rejected' || code === 'client_rejected')) {
    return failed('client', `${vendor} does not let the client sign in as the organisation.`, {
      remedy:
        'Compare client ID and secret (or private key) with those at the vendor, and what the client may do there.',
      evidence,
      finding: 'client_secret_refused',
    })
  }
  switch (code) {
    case 'token_rejected':
      return passed('client', `${vendor} accepts client ID and secret.`, { evidence })
    case 'client_missing':
      return failed('client', message, { remedy, evidence, finding: 'client_unknown' })
    case 'secret_damaged':
    case 'file_failed':
      return failed('client', message, { remedy, evidence, finding: 'secrets_unreadable' })
    default:
      if (isClientRefusal(code, detail) && !hasSecret) {
        return failed('client', `${vendor} does not know the client ID.`, {
          remedy: 'Copy the client ID again from the place where the OAuth client was registered.',
          evidence,
          finding: 'client_unknown',
        })
      }
      return isClientRefusal(code, detail)
        ? failed('client', `${vendor} does not accept the client secret for this client ID.`, {
            remedy: 'Copy the secret again at the vendor; if it is shown only once, make a new one.',
            evidence,
            finding: 'client_secret_refused',
          })
        : skipped('client', 'Whether the client is accepted cannot be told here.', { evidence })
  }
}

function isClientRefusal(code: ErrorCode, detail: string | null): boolean {
  return code === 'client_rejected' && /^(?:invalid_client|unauthorized_client)\b/.test(detail ?? '')
}
