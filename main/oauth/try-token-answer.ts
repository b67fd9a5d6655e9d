import * as oauth from 'oauth4webapi'
import type { Connector, Site } from '../connectors/connector.ts'
import { type AppError, isAppError } from '../errors.ts'
import type { FetchPort } from '../ports.ts'
import { isRefusal } from './grant-endings.ts'
import type { Grant } from './model.ts'
import { type AuthorizationServer, authorizationServer, redeemCode, redeemRefreshToken } from './token-endpoint.ts'

/** Tries any answer of a vendor's token endpoint: the code that signs in and refreshes, with a network that answers from a record. */

export interface RecordedAnswer {
  status: number
  headers: Record<string, string>
  /** As it was sent. */
  body: string
  /** What was asked: a refresh, or the first exchange of a code. */
  grant: 'refresh_token' | 'authorization_code'
}

/** What becomes of an answer. Secrets are never in it. */
export type TokenTrial =
  | {
      ok: true
      /** Epoch milliseconds, or null where the token does not end by itself. */
      expiresAt: number | null
      refreshExpiresAt: number | null
      scopes: string[]
      /** The vendor gave another refresh token than the one that was used. */
      rotated: boolean
      tokenType: string
      accessToken: string
      refreshToken: string | null
    }
  | {
      ok: false
      code: string
      /** Manydesk tries again by itself; otherwise a person has to act. */
      retry: boolean
      retryAfterMs: number | null
      message: string
      action: string | null
      detail: string | null
    }

const formerRefreshToken = 'former-refresh-token'
const client = { clientId: 'manydesk', clientSecret: 'client-secret' }
const emptyStatuses = [204, 205, 304]

/** @throws AppError `not_supported` for a vendor whose accounts have no OAuth */
export async function tryTokenAnswer(
  connector: Connector,
  site: Site,
  recorded: RecordedAnswer,
  now: number,
): Promise<TokenTrial> {
  const fetch: FetchPort = async () =>
    new Response(emptyStatuses.includes(recorded.status) ? null : recorded.body, {
      status: recorded.status,
      headers: recorded.headers,
    })
  const server = authorizationServer(connector, site, client, { fetch, timeoutMs: 10_000 })
  try {
    return accepted(await redeem(server, recorded.grant, now))
  } catch (error) {
    if (isAppError(error)) return refused(error)
    throw error
  }
}

async function redeem(server: AuthorizationServer, grant: RecordedAnswer['grant'], now: number): Promise<Grant> {
  const { signal } = new AbortController()
  if (grant === 'refresh_token') {
    const former: Grant & { refreshToken: string } = {
      ...{ accessToken: 'former', refreshToken: formerRefreshToken, tokenType: 'bearer', scopes: [] },
      ...{ obtainedAt: now, expiresAt: now, refreshExpiresAt: null },
    }
    return redeemRefreshToken(server, former, now, signal)
  }
  const landing = new URLSearchParams({ code: 'code', state: 'state' })
  const callback = oauth.validateAuthResponse(server.as, server.client, landing, 'state')
  const verifier = server.signIn.pkce === 'none' ? null : 'v'.repeat(43)
  return (await redeemCode(server, callback, 'https://connect.manydesk.app/oauth/callback', verifier, now, signal))
    .grant
}

const masked = (secret: string) => `[secret of ${secret.length} characters]`

function accepted(grant: Grant): TokenTrial {
  const { expiresAt, refreshExpiresAt, scopes, tokenType, accessToken, refreshToken } = grant
  const rotated = refreshToken !== null && refreshToken !== formerRefreshToken
  return {
    ok: true,
    ...{ expiresAt, refreshExpiresAt, scopes, rotated, tokenType },
    accessToken: masked(accessToken),
    refreshToken: refreshToken === null ? null : masked(refreshToken),
  }
}

function refused(error: AppError): TokenTrial {
  const { code, message, action, detail, retryAfterMs = null } = error
  return {
    ok: false,
    code,
    retry: !isRefusal(error) && code !== 'not_supported',
    retryAfterMs,
    message,
    action,
    detail,
  }
}
