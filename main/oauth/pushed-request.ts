import * as oauth from 'oauth4webapi'
import { withNonce } from './proof.ts'
import { type AuthorizationServer, asOutcome, endpointAnswer, send } from './token-endpoint.ts'

/**
 * Hands the authorization request to the server directly (RFC 9126), so that the browser carries only a reference to it, good once.
 * @returns that reference; null where the server does not take requests this way
 * @throws AppError with the outcome
 */
export function pushRequest(server: AuthorizationServer, parameters: Record<string, string>): Promise<string | null> {
  if (server.as.pushed_authorization_request_endpoint === undefined) return Promise.resolve(null)
  return asOutcome(server, () =>
    withNonce(server.proof, async () => {
      const response = await oauth.pushedAuthorizationRequest(server.as, server.client, server.clientAuth, parameters, {
        ...(server.proof ? { DPoP: server.proof.handle } : {}),
        [oauth.customFetch]: async (url, init) => endpointAnswer(server, await send(server, url, init, 'form'), 201),
      })
      return (await oauth.processPushedAuthorizationResponse(server.as, server.client, response)).request_uri
    }),
  )
}
