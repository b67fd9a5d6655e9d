import * as oauth from 'oauth4webapi'
import { z } from 'zod'
import { AppError, isAppError } from '../errors.ts'
import type { Clock, FetchPort } from '../ports.ts'
import { readBody } from './answer-body.ts'
import { statusOutcome } from './sign-in-errors.ts'
import { asOutcome } from './token-endpoint.ts'

const address = z.string().max(2000).refine(isPlainHttps, 'not a plain https address')
const names = z.array(z.string().max(100)).max(100)

/** What we use of a server's metadata (RFC 8414 2, RFC 9126 5, RFC 9207 3, RFC 9449 5.1, OpenID Connect
 * "prompt create" 4). Everything else is dropped. */
const metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: address.optional(),
  token_endpoint: address,
  revocation_endpoint: address.optional(),
  device_authorization_endpoint: address.optional(),
  pushed_authorization_request_endpoint: address.optional(),
  require_pushed_authorization_requests: z.boolean().optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
  dpop_signing_alg_values_supported: names.optional(),
  code_challenge_methods_supported: names.optional(),
  grant_types_supported: names.optional(),
  prompt_values_supported: names.optional(),
  scopes_supported: z.array(z.string().max(300)).max(500).optional(),
})

export type ServerMetadata = z.infer<typeof metadata>

export interface Discovery {
  /**
   * What the server at `issuer` says of itself: RFC 8414 first, then the OpenID Connect document. Kept for a day; an older answer serves
   * while the server cannot be reached.
   * @throws AppError `site_invalid` for an issuer that is not plain https, `handshake_issuer_mismatch`, `vendor_bad_answer`, `offline`, ...
   */
  of(issuer: string): Promise<ServerMetadata>
}

const lifeMs = 86_400_000
/** Issuers come from a person's own fields: the list must not grow without end. */
const mostKept = 200

export function createDiscovery(options: {
  fetch: FetchPort
  clock: Pick<Clock, 'monotonic'>
  timeoutMs: number
}): Discovery {
  const kept = new Map<string, { found: ServerMetadata; at: number }>()
  const asking = new Map<string, Promise<ServerMetadata>>()

  const ask = async (issuer: string): Promise<ServerMetadata> => {
    const found = await askServer(options, issuer)
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value ?? '')
    kept.set(issuer, { found, at: options.clock.monotonic() })
    return found
  }
  const askOnce = (issuer: string): Promise<ServerMetadata> => {
    const running = asking.get(issuer) ?? ask(issuer).finally(() => asking.delete(issuer))
    asking.set(issuer, running)
    return running
  }

  return {
    async of(issuer) {
      const known = kept.get(issuer)
      if (known && options.clock.monotonic() - known.at < lifeMs) return known.found
      try {
        return await askOnce(issuer)
      } catch (error) {
        const passing = isAppError(error, 'offline', 'timeout', 'vendor_unreachable', 'vendor_failed', 'rate_limited')
        if (known && passing) return known.found
        throw error
      }
    },
  }
}

async function askServer(
  { fetch, timeoutMs }: { fetch: FetchPort; timeoutMs: number },
  issuer: string,
): Promise<ServerMetadata> {
  if (!isPlainHttps(issuer) || /[?#]/.test(issuer)) throw notAnIssuer(issuer)
  const url = new URL(issuer)
  const name = url.host
  let status = 0
  for (const algorithm of ['oauth2', 'oidc'] as const) {
    const document = await asOutcome({ name }, async () => {
      const response = await oauth.discoveryRequest(url, {
        algorithm,
        signal: AbortSignal.timeout(timeoutMs),
        [oauth.customFetch]: (href, { method, headers, redirect, signal = null }) =>
          fetch(href, { method, headers, redirect, signal, cache: 'no-store', credentials: 'omit' }),
      })
      status = response.status
      if (status >= 500 || status === 429) throw statusOutcome(status, name, `HTTP ${status}`)
      return response.ok ? readBody(response) : null
    })
    if (document) return checked(document, issuer, name)
  }
  throw new AppError('vendor_bad_answer', `${name} does not describe how to sign in.`, {
    action: 'Check the issuer, or enter the addresses of its sign-in yourself.',
    detail: `HTTP ${status}`,
  })
}

/** RFC 8414 3.3: the issuer in the document is the one that was asked for, to the letter. */
function checked(body: Record<string, unknown>, issuer: string, name: string): ServerMetadata {
  if (body.issuer !== issuer) {
    const other = typeof body.issuer === 'string' ? body.issuer.slice(0, 200) : 'nothing'
    throw new AppError(
      'handshake_issuer_mismatch',
      `${name} describes another server than the one that was asked for.`,
      {
        action: 'Check the issuer: it must be written exactly as the server writes it.',
        detail: `asked for ${issuer}, told ${other}`,
      },
    )
  }
  const parsed = metadata.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new AppError('vendor_bad_answer', `${name} describes its sign-in in a way that cannot be used.`, {
    action: 'Ask the people who run the server.',
    detail: `${issue?.path.join('.')}: ${issue?.message}`,
  })
}

function isPlainHttps(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.protocol === 'https:' && url.username === '' && url.password === ''
}

function notAnIssuer(issuer: string): AppError {
  return new AppError('site_invalid', 'The issuer must be an address that begins with https://, without ? and #.', {
    action: 'Correct it in the connector.',
    detail: issuer.slice(0, 200),
  })
}
