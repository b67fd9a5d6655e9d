import * as oauth from 'oauth4webapi'
import { readRetryAfter } from '../connectors/answer-errors.ts'
import type { Connector, OAuthSignIn, Site } from '../connectors/connector.ts'
import type { Trace } from '../diagnostics/trace.ts'
import { AppError } from '../errors.ts'
import type { FetchPort } from '../ports.ts'
import { errorBody, isErrorBody, readBody, tokenMembers } from './answer-body.ts'
import type { Grant, OAuthClient } from './model.ts'
import { type Proof, withNonce } from './proof.ts'
import { requestOutcome, statusOutcome } from './sign-in-errors.ts'

/** One vendor site as oauth4webapi needs it, with our way to the network. */
export interface AuthorizationServer {
  as: oauth.AuthorizationServer
  client: oauth.Client
  clientAuth: oauth.ClientAuth
  signIn: OAuthSignIn
  /** What people call it, for error sentences. */
  name: string
  fetch: FetchPort
  timeoutMs: number
  /** Binds tokens to a key of ours (RFC 9449), where the server offers it. */
  proof?: Proof | null | undefined
  /** Where requests are noted, for a sign-in that a person may look into. */
  trace?: Trace | undefined
}

/** What the token endpoint answered: the grant to keep, and all members for `Connector.identify`. */
export interface TokenAnswer {
  grant: Grant
  answer: Record<string, unknown>
}

/** RFC 7523 2.1 */
export const statementGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

export function authorizationServer(
  connector: Connector,
  site: Site,
  client: OAuthClient,
  network: Pick<AuthorizationServer, 'fetch' | 'timeoutMs' | 'trace'>,
): AuthorizationServer {
  const signIn = oauthOf(connector)
  const endpoints = signIn.endpoints(site)
  return {
    as: {
      issuer: endpoints.issuer,
      authorization_endpoint: endpoints.authorize,
      token_endpoint: endpoints.token,
      ...(endpoints.revoke === null ? {} : { revocation_endpoint: endpoints.revoke }),
      ...(endpoints.device === undefined ? {} : { device_authorization_endpoint: endpoints.device }),
    },
    client: { client_id: client.clientId },
    clientAuth: clientAuth(signIn, client),
    signIn,
    name: connector.name,
    fetch: network.fetch,
    timeoutMs: network.timeoutMs,
    trace: network.trace,
  }
}

/** @throws AppError `not_supported` for a vendor whose accounts have no OAuth */
export function oauthOf(connector: Connector): OAuthSignIn {
  if (connector.signIn.kind === 'oauth') return connector.signIn
  throw new AppError('not_supported', `${connector.name} has no OAuth sign-in.`)
}

function clientAuth(signIn: OAuthSignIn, client: OAuthClient): oauth.ClientAuth {
  // The private key that stands in the secret's place signs statements, and is never sent.
  if (client.clientSecret === null || signIn.ways.includes('jwt-bearer')) return oauth.None()
  return signIn.clientAuth === 'body'
    ? oauth.ClientSecretPost(client.clientSecret)
    : basicAuth(client.clientId, client.clientSecret)
}

/**
 * HTTP Basic (RFC 6749 2.3.1) with only those characters encoded that must be. oauth4webapi also encodes `_`, `-` and `.`, which the RFC
 * allows but vendors that skip the decoding then take for another client.
 */
function basicAuth(id: string, secret: string): oauth.ClientAuth {
  const encode = (text: string) => new URLSearchParams({ _: text }).toString().slice(2)
  const credentials = Buffer.from(`${encode(id)}:${encode(secret)}`, 'latin1').toString('base64')
  return (_as, _client, _body, headers) => headers.set('authorization', `Basic ${credentials}`)
}

/**
 * Redeems an authorization code, once.
 * @param callback parameters that `oauth.validateAuthResponse` has passed
 * @param verifier PKCE verifier, or null where the vendor does not take PKCE
 * @throws AppError with the outcome
 */
export function redeemCode(
  server: AuthorizationServer,
  callback: URLSearchParams,
  redirectUri: string,
  verifier: string | null,
  now: number,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  return asOutcome(server, async () => {
    const request = () =>
      oauth.authorizationCodeGrantRequest(
        server.as,
        server.client,
        server.clientAuth,
        callback,
        redirectUri,
        verifier ?? oauth.nopkce,
        requestOptions(server, signal),
      )
    return lasting(server, await readAnswer(server, request, oauth.processAuthorizationCodeResponse, now))
  })
}

/** @throws AppError `vendor_bad_answer` for a sign-in without a refresh token at a vendor that must give one */
function lasting(server: AuthorizationServer, answer: TokenAnswer): TokenAnswer {
  if (answer.grant.refreshToken !== null || server.signIn.withoutRefreshToken === undefined) return answer
  throw new AppError('vendor_bad_answer', `${server.name} gave a sign-in that ends within the hour.`, {
    action: server.signIn.withoutRefreshToken,
    detail: 'the answer holds no refresh token',
  })
}

/** RFC 8628 3.1 and 3.2. @throws AppError `not_supported` where the vendor has no device codes, or the outcome */
export function requestDeviceCode(
  server: AuthorizationServer,
  signal: AbortSignal,
): Promise<oauth.DeviceAuthorizationResponse> {
  if (server.as.device_authorization_endpoint === undefined) {
    throw new AppError('not_supported', `${server.name} does not sign in by a code.`)
  }
  const parameters = { scope: server.signIn.scopes.map((scope) => scope.id).join(server.signIn.scopeSeparator ?? ' ') }
  return asOutcome(server, async () => {
    const response = await oauth.deviceAuthorizationRequest(server.as, server.client, server.clientAuth, parameters, {
      signal,
      [oauth.customFetch]: async (url, init) => {
        return endpointAnswer(server, await send(server, url, init, 'form'), 200)
      },
    })
    return oauth.processDeviceAuthorizationResponse(server.as, server.client, response)
  })
}

/** RFC 8628 3.4: one question. Rejects with `oauth.ResponseBodyError` while the person has not answered (`authorization_pending`, `slow_down`). */
export async function redeemDeviceCode(
  server: AuthorizationServer,
  deviceCode: string,
  now: number,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  const request = () =>
    oauth.deviceCodeGrantRequest(
      server.as,
      server.client,
      server.clientAuth,
      deviceCode,
      requestOptions(server, signal),
    )
  return lasting(server, await readAnswer(server, request, oauth.processDeviceCodeResponse, now))
}

/** RFC 6749 6. A vendor that does not rotate keeps its refresh token: the answer then holds the former one. @throws AppError */
export function redeemRefreshToken(
  server: AuthorizationServer,
  former: Grant & { refreshToken: string },
  now: number,
  signal: AbortSignal,
): Promise<Grant> {
  return asOutcome(server, async () => {
    const request = () =>
      oauth.refreshTokenGrantRequest(
        server.as,
        server.client,
        server.clientAuth,
        former.refreshToken,
        requestOptions(server, signal),
      )
    const { grant } = await readAnswer(server, request, oauth.processRefreshTokenResponse, now)
    return {
      ...grant,
      // The former refresh token is good for the next one: an assumed life costs nobody a sign-in.
      expiresAt: grant.expiresAt ?? now + server.signIn.defaultLifetimeS * 1000,
      refreshToken: grant.refreshToken ?? former.refreshToken,
      refreshExpiresAt: grant.refreshToken === null ? former.refreshExpiresAt : grant.refreshExpiresAt,
      scopes: grant.scopes.length > 0 ? grant.scopes : former.scopes,
    }
  })
}

/** RFC 7009: an unknown token is a success too. @throws AppError */
export function revokeToken(
  server: AuthorizationServer,
  token: string,
  hint: 'refresh_token' | 'access_token',
  signal: AbortSignal,
): Promise<void> {
  return asOutcome(server, async () => {
    const response = await oauth.revocationRequest(server.as, server.client, server.clientAuth, token, {
      signal,
      additionalParameters: { token_type_hint: hint },
      [oauth.customFetch]: async (url, init) => {
        const answer = await send(server, ...revocationCall(server, url, init), 'form')
        const refused = answer.body !== null && server.signIn.readTokenError?.(answer.status, answer.body)
        // Any success will do: some vendors answer 204.
        return answer.ok && !refused
          ? new Response(null, { status: 200 })
          : Response.json(errorBody(server, answer.status, answer.body), { status: refused ? 400 : answer.status })
      },
    })
    await oauth.processRevocationResponse(response)
  })
}

function revocationCall(
  { signIn }: AuthorizationServer,
  url: string,
  init: oauth.CustomFetchOptions<'POST', URLSearchParams>,
): [string, typeof init] {
  if (signIn.revokeTokenIn !== 'query') return [url, init]
  const body = new URLSearchParams(init.body)
  const there = new URL(url)
  there.searchParams.set('token', body.get('token') ?? '')
  body.delete('token')
  return [there.href, { ...init, body }]
}

type Process = (
  as: oauth.AuthorizationServer,
  client: oauth.Client,
  response: Response,
) => Promise<oauth.TokenEndpointResponse>

/** Asks a token endpoint; once more where it wants its nonce in the proof. @throws what oauth4webapi throws, AppError */
export function readAnswer(
  server: AuthorizationServer,
  request: () => Promise<Response>,
  process: Process,
  now: number,
): Promise<TokenAnswer> {
  return withNonce(server.proof, async () => {
    const response = await request()
    const raw = (await response.clone().json()) as Record<string, unknown>
    const token = await process(server.as, server.client, response)
    return { grant: toGrant(server, token, now), answer: raw }
  })
}

function toGrant({ signIn, proof }: AuthorizationServer, token: oauth.TokenEndpointResponse, now: number): Grant {
  const refreshToken = token.refresh_token ?? null
  // Without a refresh token an assumed life would only sign people out early.
  const lifetimeS = token.expires_in ?? (refreshToken === null ? null : signIn.defaultLifetimeS)
  const told = Number(token.refresh_token_expires_in)
  const refreshS = told > 0 ? told : signIn.refreshLifetimeDays === null ? null : signIn.refreshLifetimeDays * 86_400
  return {
    accessToken: token.access_token,
    refreshToken,
    tokenType: token.token_type,
    scopes: readScopes(signIn, token.scope),
    obtainedAt: now,
    expiresAt: lifetimeS === null ? null : now + lifetimeS * 1000,
    refreshExpiresAt: refreshToken === null || refreshS === null ? null : now + refreshS * 1000,
    // A server that answers with a bearer token has bound nothing, whatever it offers.
    ...(proof && token.token_type === 'dpop' ? { privateKey: proof.key } : {}),
  }
}

function readScopes({ readScope }: OAuthSignIn, granted: string | undefined): string[] {
  const names = granted?.split(/[\s,]+/).filter((scope) => scope !== '') ?? []
  return readScope ? [...new Set(names.map(readScope))] : names
}

export function requestOptions(server: AuthorizationServer, signal: AbortSignal) {
  return {
    signal,
    additionalParameters: server.signIn.tokenParams,
    ...(server.proof ? { DPoP: server.proof.handle } : {}),
    async [oauth.customFetch](url, init) {
      const raw = await send(server, url, init, server.signIn.tokenBody)
      return withHeaders(normalise(server, raw), raw)
    },
  } satisfies oauth.TokenEndpointRequestOptions
}

/** The answer of an endpoint beside the token endpoint, in the form oauth4webapi reads. @throws AppError for one that is neither */
export function endpointAnswer(server: AuthorizationServer, raw: RawAnswer, success: number): Response {
  const { status, ok, body, retryAfterMs } = raw
  if (ok && body) return withHeaders(Response.json(body, { status: success }), raw)
  if (body && status < 500 && status !== 429) {
    return withHeaders(Response.json(errorBody(server, status, body), { status: 400 }), raw)
  }
  throw statusOutcome(status, server.name, `HTTP ${status}`, retryAfterMs)
}

function withHeaders(response: Response, { nonce }: RawAnswer): Response {
  if (nonce !== null) response.headers.set('dpop-nonce', nonce)
  return response
}

export interface RawAnswer {
  status: number
  ok: boolean
  /** The JSON object, or null for anything else. */
  body: Record<string, unknown> | null
  retryAfterMs: number | null
  /** What the server wants in the next proof (RFC 9449 8). */
  nonce: string | null
}

/** One request with all of its answer, within the time limit. */
export async function send(
  server: AuthorizationServer,
  url: string,
  init: oauth.CustomFetchOptions<'POST', URLSearchParams>,
  form: OAuthSignIn['tokenBody'],
): Promise<RawAnswer> {
  const timeout = AbortSignal.timeout(server.timeoutMs)
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout
  const { body, headers, method, redirect } = init
  const json = form === 'json'
  const noted = server.trace?.request(titleOf(body), method, url, body)
  try {
    const response = await server.fetch(url, {
      method,
      redirect,
      signal,
      headers: json ? { ...headers, 'content-type': 'application/json' } : headers,
      body: json ? jsonBody(server.signIn, body) : body.toString(),
    })
    const retryAfterMs = readRetryAfter(response.headers, Date.now())
    const nonce = response.headers.get('dpop-nonce')
    const answer = { status: response.status, ok: response.ok, body: await readBody(response), retryAfterMs, nonce }
    noted?.(answer)
    return answer
  } catch (error) {
    noted?.({ error: requestOutcome(error, server.name).code })
    // Some implementations of fetch say only that they were stopped, not why.
    throw timeout.aborted && !init.signal?.aborted ? timeout.reason : error
  }
}

function titleOf(body: URLSearchParams): string {
  if (body.has('token')) return 'Give the sign-in back'
  switch (body.get('grant_type')) {
    case 'authorization_code':
      return 'Exchange the code for access'
    case 'refresh_token':
      return 'Refresh the access'
    case 'client_credentials':
    case statementGrant:
      return 'Sign in as the organisation'
    case null:
      return body.has('response_type') ? 'Hand in the sign-in request' : 'Ask for a device code'
    default:
      return 'Ask whether the code was entered'
  }
}

/** Numbers among the vendor's extra parameters travel as numbers; everything a person or the vendor gave stays text. */
function jsonBody(signIn: OAuthSignIn, body: URLSearchParams): string {
  const numeric = (key: string, value: string) => key in signIn.tokenParams && /^\d{1,15}$/.test(value)
  return JSON.stringify(
    Object.fromEntries([...body].map(([key, value]) => [key, numeric(key, value) ? Number(value) : value])),
  )
}

/** Brings an answer into the form of RFC 6749 5.1 or 5.2, which oauth4webapi then validates. @throws AppError for one that is neither */
function normalise(server: AuthorizationServer, { status, ok, body, retryAfterMs }: RawAnswer): Response {
  // Some vendors answer an error with 200.
  const refused = ok && body !== null && (server.signIn.readTokenError?.(status, body) || isErrorBody(body))
  if (ok && body && !refused) return Response.json(tokenMembers(body))
  if (body && refused) return Response.json(errorBody(server, status, body), { status: 400 })
  if (status >= 400 && status < 500 && status !== 408 && status !== 429 && body) {
    return Response.json(errorBody(server, status, body), { status: 400 })
  }
  throw statusOutcome(status, server.name, `HTTP ${status}${body ? '' : ', not JSON'}`, retryAfterMs)
}

export async function asOutcome<T>(server: Pick<AuthorizationServer, 'name'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw requestOutcome(error, server.name)
  }
}
