import type { ClientSpec, SiteEntry } from './directory.ts'

/** A token request as a correct client of one vendor sends it. */
export interface TokenRequest {
  url: string
  /** One of both. */
  json?: Record<string, string>
  form?: Record<string, string>
  /** `id:secret` for HTTP Basic. */
  basic?: string
}

/** How a correct client signs in at one vendor: what differs from RFC 6749 and the other vendors. */
export interface VendorFlow {
  authorizeUrl(site: SiteEntry): string
  /** Scopes to ask for when the test names none. */
  scopes(client: ClientSpec): string[]
  /** Extra parameters of the authorization request. */
  authorize?: Record<string, string>
  /** Between scopes; a blank where absent. */
  scopeSeparator?: string
  /** `standard` holds the members of RFC 6749 4.1.3 or 6 without those of client authentication. */
  token(site: SiteEntry, standard: Record<string, string>, client: ClientCredentials): TokenRequest
}

export interface ClientCredentials {
  clientId: string
  clientSecret: string | null
}

/** Client authentication in the body (RFC 6749 2.3.1). */
export function inBody({ clientId, clientSecret }: ClientCredentials): Record<string, string> {
  return { client_id: clientId, ...(clientSecret === null ? {} : { client_secret: clientSecret }) }
}
