/** Chromium's net error numbers (net/base/net_error_list.h) for the names this stand-in can meet. */
const NUMBERS: Record<string, number> = {
  ERR_FAILED: -2,
  ERR_ABORTED: -3,
  ERR_TIMED_OUT: -7,
  ERR_UNEXPECTED: -9,
  ERR_ACCESS_DENIED: -10,
  ERR_BLOCKED_BY_CLIENT: -20,
  ERR_BLOCKED_BY_RESPONSE: -27,
  ERR_CONNECTION_CLOSED: -100,
  ERR_CONNECTION_RESET: -101,
  ERR_CONNECTION_REFUSED: -102,
  ERR_CONNECTION_FAILED: -104,
  ERR_NAME_NOT_RESOLVED: -105,
  ERR_INTERNET_DISCONNECTED: -106,
  ERR_SSL_PROTOCOL_ERROR: -107,
  ERR_ADDRESS_UNREACHABLE: -109,
  ERR_CONNECTION_TIMED_OUT: -118,
  ERR_CERT_COMMON_NAME_INVALID: -200,
  ERR_CERT_DATE_INVALID: -201,
  ERR_CERT_AUTHORITY_INVALID: -202,
  ERR_INVALID_URL: -300,
  ERR_UNKNOWN_URL_SCHEME: -302,
  ERR_UNSAFE_PORT: -312,
  ERR_TOO_MANY_REDIRECTS: -310,
  ERR_UNSAFE_REDIRECT: -311,
  ERR_EMPTY_RESPONSE: -324,
}

/** `net::ERR_X` or `ERR_X` as [number, ERR_X]. A name not listed keeps its text and gets ERR_FAILED's number. */
export function netError(text: string): [number, string] {
  const name = /ERR_[A-Z0-9_]+/.exec(text)?.[0] ?? 'ERR_FAILED'
  return [NUMBERS[name] ?? -2, name]
}

/** Chromium's name for a failure of Node's sockets, TLS or undici. */
export function netErrorName(error: unknown): string {
  const codes: string[] = []
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    codes.push(String((at as NodeJS.ErrnoException).code ?? ''), at.message)
  }
  const text = codes.join(' ')
  const chromium = /net::ERR_[A-Z_]+/.exec(text)?.[0]
  return chromium ?? NODE_ERRORS.find(([pattern]) => pattern.test(text))?.[1] ?? 'net::ERR_FAILED'
}

const NODE_ERRORS: Array<[RegExp, string]> = [
  [/bad port/, 'net::ERR_UNSAFE_PORT'],
  [/ECONNREFUSED/, 'net::ERR_CONNECTION_REFUSED'],
  [/ENOTFOUND|EAI_AGAIN/, 'net::ERR_NAME_NOT_RESOLVED'],
  [/ECONNRESET|EPIPE/, 'net::ERR_CONNECTION_RESET'],
  [/EHOSTUNREACH|ENETUNREACH/, 'net::ERR_ADDRESS_UNREACHABLE'],
  [/ALTNAME/, 'net::ERR_CERT_COMMON_NAME_INVALID'],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'net::ERR_CERT_DATE_INVALID'],
  [/SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT/, 'net::ERR_CERT_AUTHORITY_INVALID'],
  [/EPROTO|ERR_SSL/, 'net::ERR_SSL_PROTOCOL_ERROR'],
  [/TIMEOUT|ETIMEDOUT/, 'net::ERR_CONNECTION_TIMED_OUT'],
  [/UND_ERR_SOCKET|other side closed|terminated/, 'net::ERR_CONNECTION_CLOSED'],
]
