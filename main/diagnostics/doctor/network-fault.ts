import { isAppError } from '../../errors.ts'

/** Why there was no answer, told apart by what the network stack calls it. */
export type NetworkFault =
  | 'offline'
  | 'name'
  | 'refused'
  | 'timeout'
  | 'certificate-issuer'
  | 'certificate-name'
  | 'certificate-date'
  | 'certificate'
  | 'plain-http'
  | 'broken'

/** Chromium's names (net/base/net_error_list.h) and those of Node, the most telling first. */
const names: readonly [RegExp, NetworkFault][] = [
  [/INTERNET_DISCONNECTED|NETWORK_IO_SUSPENDED|ENETDOWN|ENETUNREACH/, 'offline'],
  [/NAME_NOT_RESOLVED|NAME_RESOLUTION_FAILED|ICANN_NAME|ENOTFOUND|EAI_AGAIN|DNS_/, 'name'],
  [
    /CERT_AUTHORITY_INVALID|SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET_ISSUER)|CERT_UNTRUSTED|UNKNOWN_CA/,
    'certificate-issuer',
  ],
  [/CERT_COMMON_NAME_INVALID|ALTNAME/, 'certificate-name'],
  [/CERT_DATE_INVALID|CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'certificate-date'],
  [/SSL_PROTOCOL_ERROR|WRONG_VERSION_NUMBER|wrong version number|packet length too long/i, 'plain-http'],
  [/ERR_CERT_|ERR_SSL_|TLS_CERT|CERT_/, 'certificate'],
  [/CONNECTION_REFUSED|ECONNREFUSED|PROXY_CONNECTION_FAILED|TUNNEL_CONNECTION_FAILED/, 'refused'],
  [/TIMED?_?OUT|TimeoutError|_TIMEOUT|ADDRESS_UNREACHABLE|EHOSTUNREACH/, 'timeout'],
]

/** What a rejected request means. Only the name of the error is kept, never its text. */
export function networkFault(error: unknown): { fault: NetworkFault; name: string } {
  const story = storyOf(error)
  const fault = names.find(([pattern]) => pattern.test(story))?.[1] ?? 'broken'
  const name =
    /(?:net::)?ERR_[A-Z0-9_]+|\bE[A-Z]{4,}\b|UND_ERR_[A-Z_]+|[A-Z]+_CERT[A-Z_]*/.exec(story)?.[0] ?? 'no answer'
  return { fault, name: name.slice(0, 80) }
}

function storyOf(error: unknown): string {
  const parts: string[] = []
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth += 1) {
    const { code } = each as { code?: unknown }
    parts.push(`${each.name} ${typeof code === 'string' ? code : ''} ${each.message.slice(0, 500)}`)
    if (isAppError(each, 'timeout')) parts.push('TIMED_OUT')
  }
  return parts.join(' | ')
}
