import { AppError } from '../errors.ts'

/** Failures before anything could be sent, as Chromium (`net::ERR_…`) and Node name them. */
const neverSent =
  /ERR_(NAME_NOT_RESOLVED|NAME_RESOLUTION_FAILED|CONNECTION_REFUSED|CONNECTION_FAILED|CONNECTION_TIMED_OUT|ADDRESS_UNREACHABLE|ADDRESS_INVALID|INTERNET_DISCONNECTED|NETWORK_ACCESS_DENIED|NETWORK_IO_SUSPENDED|PROXY_CONNECTION_FAILED|TUNNEL_CONNECTION_FAILED|SSL_|CERT_|BLOCKED_BY|TLS_CERT)|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT|CERT_HAS_EXPIRED|SELF_SIGNED_CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_NOT_YET_VALID|CERT_UNTRUSTED/
const noNetwork = /ERR_(INTERNET_DISCONNECTED|NETWORK_IO_SUSPENDED|NETWORK_CHANGED)|ENETUNREACH|ENETDOWN|EAI_AGAIN/
const notPrivate = /ERR_(SSL_|CERT_|TLS_CERT)|CERT_|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/

/** Codes and messages of an error and of its causes, the text in which the network stack says what happened. */
function story(error: unknown): string {
  const parts: string[] = []
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth += 1) {
    const { code } = each as { code?: unknown }
    parts.push(typeof code === 'string' ? `${code} ${each.message}` : each.message)
    if (each instanceof AggregateError)
      parts.push(...each.errors.map((inner) => (inner instanceof Error ? story(inner) : '')))
  }
  return parts.join(' | ')
}

/** The first error code in the text: the only part of it that surely holds no address or secret. */
const codeIn = (text: string) =>
  /(?:net::)?ERR_[A-Z0-9_]+|\bE[A-Z]{4,}\b|UND_ERR_[A-Z_]+|[A-Z]+_CERT[A-Z_]*/.exec(text)?.[0] ?? 'network'

/** What a rejected fetch means: `offline` or `vendor_unreachable`, and whether anything can have reached the vendor. */
export function networkError(error: unknown, vendor: string): AppError {
  const text = story(error)
  const detail = codeIn(text)
  const outcome = neverSent.test(text) ? 'not_sent' : 'unknown'
  if (noNetwork.test(text)) {
    return new AppError('offline', 'There is no network connection.', {
      action: 'Manydesk goes on by itself when the network is back.',
      detail,
      outcome,
      cause: error,
    })
  }
  if (notPrivate.test(text)) {
    return new AppError('vendor_unreachable', `The connection to ${vendor} is not private, so nothing was sent.`, {
      action: 'Sign in to the network you are in (hotel, train, company), then try again.',
      detail,
      outcome,
      cause: error,
    })
  }
  return new AppError('vendor_unreachable', `${vendor} cannot be reached.`, {
    action: 'Manydesk tries again by itself. If it lasts, look at the network or the status page of the vendor.',
    detail,
    outcome,
    cause: error,
  })
}
