import { createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import type { ServiceWay, SignInWay, Site } from '../connectors/connector.ts'
import { AppError, isAppError } from '../errors.ts'
import type { FetchPort } from '../ports.ts'
import type { OAuthClient } from './model.ts'
import {
  type AuthorizationServer,
  asOutcome,
  readAnswer,
  requestOptions,
  statementGrant,
  type TokenAnswer,
} from './token-endpoint.ts'

/** Seconds a statement is good for: it is used at once. */
const statementLifeS = 300
/** Answers take their time; less than this is no wrong clock. */
const noticedSkewMs = 60_000

export function isServiceWay(way: SignInWay): way is ServiceWay {
  return way === 'client-credentials' || way === 'jwt-bearer'
}

/**
 * A grant of the OAuth client itself, without a person: by its secret (RFC 6749 4.4) or a statement signed with its key (RFC 7523 2.1).
 * It has no refresh token; the next one is asked for in the same way.
 * @param now epoch milliseconds
 * @throws AppError `not_supported`, `client_missing`, `client_rejected`, ...
 */
export async function requestServiceGrant(
  server: AuthorizationServer,
  way: ServiceWay,
  subject: { site: Site; client: OAuthClient },
  now: number,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  const { watched, ahead } = withServerTime(server, now)
  try {
    return await ask(watched, way, subject, { now, signedAt: now }, signal)
  } catch (error) {
    // A statement of another hour is as good as none. It was refused before anything was done, so the server's own time is tried once.
    const isLate = way === 'jwt-bearer' && isAppError(error, 'token_rejected', 'client_rejected')
    if (!isLate || Math.abs(ahead()) < noticedSkewMs) throw error
    return ask(server, way, subject, { now, signedAt: now + ahead() }, signal)
  }
}

/** The server, with how far its clock was ahead of `now` when it answered last. */
function withServerTime(server: AuthorizationServer, now: number) {
  let aheadMs = 0
  const fetch: FetchPort = async (input, init) => {
    const response = await server.fetch(input, init)
    const told = Date.parse(response.headers.get('date') ?? '')
    if (!Number.isNaN(told)) aheadMs = told - now
    return response
  }
  return { watched: { ...server, fetch }, ahead: () => aheadMs }
}

function ask(
  server: AuthorizationServer,
  way: ServiceWay,
  subject: { site: Site; client: OAuthClient },
  { now, signedAt }: { now: number; signedAt: number },
  signal: AbortSignal,
): Promise<TokenAnswer> {
  const { service, scopes, scopeSeparator, defaultLifetimeS } = server.signIn
  if (!service) throw new AppError('not_supported', `${server.name} signs in people only.`)
  const scope = scopes.map((each) => each.id).join(scopeSeparator ?? ' ')
  const asked = { ...service.params, ...(service.sendsScope && scope !== '' ? { scope } : {}) }
  const { additionalParameters: _, ...options } = requestOptions(server, signal)
  return asOutcome(server, async () => {
    const { as, client, clientAuth } = server
    const request = () =>
      way === 'client-credentials'
        ? oauth.clientCredentialsGrantRequest(as, client, clientAuth, asked, options)
        : oauth.genericTokenEndpointRequest(
            as,
            client,
            oauth.None(),
            statementGrant,
            statementRequest(server, subject, asked, signedAt),
            options,
          )
    const process =
      way === 'client-credentials' ? oauth.processClientCredentialsResponse : oauth.processGenericTokenEndpointResponse
    const { grant, answer } = await readAnswer(server, request, process, now)
    const granted = grant.scopes.length > 0 ? grant.scopes : scopes.map((each) => each.id)
    return {
      answer,
      grant: {
        ...grant,
        refreshToken: null,
        refreshExpiresAt: null,
        scopes: granted,
        expiresAt: grant.expiresAt ?? now + defaultLifetimeS * 1000,
      },
    }
  })
}

function statementRequest(
  server: AuthorizationServer,
  { site, client }: { site: Site; client: OAuthClient },
  asked: Record<string, string>,
  now: number,
): Record<string, string> {
  const statement = server.signIn.service?.statement?.(site)
  if (!statement) throw new AppError('not_supported', `${server.name} takes no signed statements.`)
  const { scope, ...parameters } = asked
  const inside = statement.scopeInside && scope !== undefined
  const nowS = Math.floor(now / 1000)
  const claims = {
    iss: client.clientId,
    sub: statement.subject ?? client.clientId,
    aud: statement.audience ?? server.as.token_endpoint ?? '',
    iat: nowS,
    exp: nowS + statementLifeS,
    jti: randomUUID(),
    ...(inside ? { scope } : {}),
  }
  const assertion = signStatement(readPrivateKey(server.name, client.clientSecret), claims, statement.keyId)
  return { ...parameters, ...(inside || scope === undefined ? {} : { scope }), assertion }
}

/** RS256 for RSA keys, ES256 for P-256 (RFC 7518 3.3, 3.4). */
function signStatement(key: KeyObject, claims: object, keyId: string | undefined): string {
  const alg = key.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES256'
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg, typ: 'JWT', ...(keyId ? { kid: keyId } : {}) })}.${part(claims)}`
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

/** Takes PEM also without its line ends, as a one-line field keeps it. @throws AppError `client_missing` */
function readPrivateKey(name: string, text: string | null): KeyObject {
  const [, body = ''] =
    /-----BEGIN PRIVATE KEY-----([\sA-Za-z0-9+/=\\n]+)-----END PRIVATE KEY-----/.exec(text ?? '') ?? []
  try {
    const der = Buffer.from(body.replace(/\\n|\s/g, ''), 'base64')
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    const fits = key.asymmetricKeyType === 'rsa' || key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
    if (fits) return key
  } catch {
    // Told below, without anything of the key.
  }
  throw new AppError('client_missing', `${name} needs the private key of the service account.`, {
    action:
      'Paste it whole, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----. RSA and P-256 keys are taken.',
  })
}
