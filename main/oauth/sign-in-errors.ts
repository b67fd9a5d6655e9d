import * as oauth from 'oauth4webapi'
import { redactText } from '../diagnostics/redact.ts'
import { AppError } from '../errors.ts'

/** Untrusted text of a vendor: one line, at most 200 characters, without secrets. Shown as text only. */
export function vendorWords(text: string | null | undefined): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control and direction characters are what is taken out
  const line = text?.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim()
  if (!line) return null
  const clean = redactText(line)
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean
}

/**
 * The outcome of an `error` the vendor sent, whether in a redirect (RFC 6749 4.1.2.1) or from the token endpoint (5.2).
 * @param name what people call the vendor or site
 */
export function vendorOutcome(error: string, description: string | null | undefined, name: string): AppError {
  const words = vendorWords(description)
  const detail = [vendorWords(error), words].filter((part) => part !== null).join(': ')
  switch (error) {
    case 'access_denied':
    case 'consent_required':
      return new AppError('handshake_denied', `The request was not allowed at ${name}, so nothing was connected.`, {
        action: 'Connect again and choose Allow.',
        detail,
      })
    case 'server_error':
    case 'temporarily_unavailable':
      return new AppError('vendor_failed', `${name} has trouble signing people in right now.`, {
        action: 'Try again in a few minutes.',
        detail,
      })
    case 'invalid_client':
    case 'unauthorized_client':
    case 'invalid_scope':
    case 'invalid_request':
    case 'unsupported_response_type':
    case 'unsupported_grant_type':
      return new AppError('client_rejected', `${name} did not accept this OAuth client.`, {
        action: 'Check the client ID, the secret, the redirect URL and the scopes registered there.',
        detail,
      })
    case 'unsupported_token_type':
      return new AppError('not_supported', `${name} does not take back this kind of token.`, { detail })
    default:
      return new AppError('token_rejected', `${name} asks you to sign in again.`, { action: 'Sign in again.', detail })
  }
}

/** The outcome of an answer of the token endpoint that carries no error of its own. `retryAfterMs` is what the vendor asked for, if it did. */
export function statusOutcome(
  status: number,
  name: string,
  detail: string,
  retryAfterMs: number | null = null,
): AppError {
  const wait = retryAfterMs === null ? {} : { retryAfterMs }
  if (status === 429) {
    return new AppError('rate_limited', `${name} asks Manydesk to wait before signing in.`, {
      action: 'Try again in a few minutes.',
      detail,
      ...wait,
    })
  }
  if (status >= 500 || status === 408) {
    const { code, message, action } = vendorOutcome('server_error', null, name)
    return new AppError(code, message, { action, detail: vendorWords(detail), ...wait })
  }
  return new AppError('vendor_bad_answer', `${name} answered in a way Manydesk does not understand.`, {
    action: 'Check that the network does not ask for a login of its own (hotel, train), then try again.',
    detail,
  })
}

/** Anything thrown while talking to a token or revocation endpoint, as an outcome. */
export function requestOutcome(error: unknown, name: string): AppError {
  if (error instanceof AppError) return error
  if (error instanceof oauth.ResponseBodyError) {
    return vendorOutcome(error.error, error.error_description, name)
  }
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.UnsupportedOperationError) {
    return statusOutcome(200, name, redactText([error.code, error.message].filter(Boolean).join(': ')))
  }
  return networkOutcome(error, name)
}

/** `offline`, `timeout` or `vendor_unreachable`, from what net.fetch (Chromium names) or undici (Node codes) throw. */
function networkOutcome(error: unknown, name: string): AppError {
  const words = networkWords(error)
  const detail = redactText(words)
  if (/\bTimeoutError\b|TIMED_?OUT|UND_ERR_\w*TIMEOUT/.test(words)) {
    return new AppError('timeout', `${name} did not answer in time.`, { action: 'Try again.', detail, cause: error })
  }
  // net.fetch follows no redirect on request by failing: a captive portal, since token endpoints do not redirect.
  if (/redirect was cancelled/i.test(words)) return statusOutcome(302, name, detail)
  if (/INTERNET_DISCONNECTED|NETWORK_CHANGED|ENETDOWN|ENETUNREACH|ADDRESS_UNREACHABLE/.test(words)) {
    return new AppError('offline', 'This computer is offline.', {
      action: 'Try again when the network is back.',
      detail,
      cause: error,
    })
  }
  return new AppError('vendor_unreachable', `${name} cannot be reached.`, {
    action: 'Check the network and the site name, then try again.',
    detail,
    cause: error,
  })
}

function networkWords(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const code = 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : ''
  const cause = error.cause === undefined ? '' : ` < ${networkWords(error.cause)}`
  return `${error.name}${code} ${error.message}${cause}`
}
