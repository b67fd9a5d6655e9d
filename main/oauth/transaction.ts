import { randomBytes } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import type { OAuthSignIn, Site } from '../connectors/connector.ts'
import { AppError } from '../errors.ts'
import { pushRequest } from './pushed-request.ts'
import { vendorOutcome } from './sign-in-errors.ts'
import type { AuthorizationServer } from './token-endpoint.ts'

/** What one authorization request must remember until its answer comes. Never leaves main/oauth. */
export interface Transaction {
  authorizeUrl: string
  /** The same request to be shown once more: handed in anew where it was pushed, because a reference is good once and not for long. */
  showAgain(): Promise<string>
  state: string
  /** PKCE verifier; null where the vendor does not take PKCE. */
  verifier: string | null
  /** As sent to the authorization and token endpoints. */
  redirectUri: string
  /** Where the answer arrives. The hand-over page passes it on to the custom protocol, so in the system browser the two differ. */
  arrivesAt: string
}

const maxRedirectLength = 16_384

/**
 * A fresh authorization request: RFC 6749 4.1.1 with PKCE S256 (RFC 7636), handed in beforehand where the server offers it (RFC 9126).
 * @throws AppError `vendor_bad_answer` for an authorization endpoint that is not plain https; the outcome of handing it in
 */
export async function beginTransaction(
  server: AuthorizationServer,
  { redirectUri, arrivesAt }: Pick<Transaction, 'redirectUri' | 'arrivesAt'>,
): Promise<Transaction> {
  const { signIn } = server
  // 256 bits in hexadecimal: Freshworks documents that a state may hold only letters and digits.
  const state = randomBytes(32).toString('hex')
  const verifier = signIn.pkce === 'S256' ? oauth.generateRandomCodeVerifier() : null
  const endpoint = checkedEndpoint(server)
  const parameters = {
    ...scopeParameters(signIn),
    ...signIn.authorizeParams,
    response_type: 'code',
    client_id: server.client.client_id,
    redirect_uri: redirectUri,
    state,
    ...(verifier === null
      ? {}
      : { code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' }),
  }
  const given = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''))
  const page = async () => {
    const pushed = await pushRequest(server, given)
    // RFC 9126 4: the browser then carries who asks and the reference, and nothing else.
    const shown = pushed === null ? given : { client_id: server.client.client_id, request_uri: pushed }
    const url = new URL(endpoint)
    for (const [key, value] of Object.entries(shown)) url.searchParams.set(key, value)
    return url.href
  }
  return {
    authorizeUrl: await page(),
    showAgain: page,
    state,
    verifier,
    redirectUri,
    arrivesAt,
  }
}

function scopeParameters({ scopes, optionalScopeParameter, scopeSeparator }: OAuthSignIn): Record<string, string> {
  const ids = (wanted: typeof scopes) => wanted.map((scope) => scope.id).join(scopeSeparator ?? ' ')
  if (optionalScopeParameter === undefined) return { scope: ids(scopes) }
  return {
    scope: ids(scopes.filter((scope) => !scope.optional)),
    [optionalScopeParameter]: ids(scopes.filter((scope) => scope.optional)),
  }
}

function checkedEndpoint(server: AuthorizationServer): URL {
  const url = new URL(server.as.authorization_endpoint ?? '')
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw new AppError('vendor_bad_answer', `The sign-in address of ${server.name} is not a plain https address.`)
  }
  return url
}

/** The parameters of a URL that is exactly `expected` plus a query; null for anything else. Hostile input. */
export function redirectParameters(url: string, expected: string): URLSearchParams | null {
  if (url.length > maxRedirectLength || !url.startsWith(`${expected}?`)) return null
  const query = url.slice(expected.length + 1)
  // Printable ASCII without a fragment is all that a correctly built redirect can hold.
  return /^[\x21\x22\x24-\x7e]*$/.test(query) ? new URLSearchParams(query) : null
}

/** The one value of a parameter, or null when it is absent, empty or repeated. */
export function singleValue(parameters: URLSearchParams, key: string): string | null {
  const values = parameters.getAll(key)
  return values.length === 1 && values[0] ? values[0] : null
}

/**
 * Validates the answer to an authorization request (RFC 6749 4.1.2, RFC 9207).
 * @returns parameters that may be handed to `redeemCode`, and the code among them
 * @throws AppError `handshake_state_mismatch`, `handshake_issuer_mismatch`, `handshake_denied`, `client_rejected`, `vendor_*`
 */
export function readRedirect(
  server: AuthorizationServer,
  transaction: Transaction,
  url: string,
  site: Site = {},
  clientSecret: string | null = null,
): { callback: URLSearchParams; code: string } {
  const parameters = redirectParameters(url, transaction.arrivesAt)
  if (!parameters) throw malformed(server)
  if (singleValue(parameters, 'state') !== transaction.state) throw stateMismatch(server)
  // An error is told without the vendor's proof: it can only end this attempt.
  const proven = parameters.has('error') || server.signIn.verifyRedirect?.(site, parameters, clientSecret) !== false
  if (!proven) throw stateMismatch(server)
  const issuer = parameters.get('iss')
  // RFC 9207 2.4: a server that promises `iss` has sent every answer of its own with it.
  const promised = server.as.authorization_response_iss_parameter_supported === true
  if (issuer === null ? promised : issuer !== server.as.issuer) throw issuerMismatch(server)
  let callback: URLSearchParams
  try {
    callback = oauth.validateAuthResponse(server.as, server.client, parameters, transaction.state)
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError) {
      throw vendorOutcome(error.error, refusalWords(server, error.error, error.error_description), server.name)
    }
    throw malformed(server)
  }
  const code = singleValue(callback, 'code')
  if (code === null) throw malformed(server)
  return { callback, code }
}

function malformed(server: AuthorizationServer): AppError {
  return new AppError('vendor_bad_answer', `The answer of ${server.name} to the sign-in was not complete.`, {
    action: 'Start the sign-in again.',
  })
}

function stateMismatch(server: AuthorizationServer): AppError {
  return new AppError('handshake_state_mismatch', `The answer did not belong to this sign-in at ${server.name}.`, {
    action: 'It was not used. Start the sign-in again, from here.',
  })
}

function issuerMismatch(server: AuthorizationServer): AppError {
  return new AppError('handshake_issuer_mismatch', `The answer came from another place than ${server.name}.`, {
    action: 'It was not used. Check the site name, then start the sign-in again.',
  })
}

/** A vendor numbers its refusals alike at both endpoints; the words for people are known to the reader of token answers. */
function refusalWords({ signIn }: AuthorizationServer, error: string, description: string | undefined): string | null {
  const told = description === undefined ? { error } : { error, error_description: description }
  return signIn.readTokenError?.(400, told)?.description ?? description ?? null
}
