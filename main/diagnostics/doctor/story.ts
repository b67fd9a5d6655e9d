import type { TraceEntry } from '../trace.ts'
import type { Finding } from './model.ts'

/** What the trace of a handshake tells to somebody who looks for the cause. */
export interface Story {
  /** The answer of the person's sign-in was sent to the token endpoint. */
  asked: boolean
  /** A token came back. */
  obtained: boolean
  /** Calls with the new token. */
  calls: readonly TraceEntry[]
  scopeRefused: boolean
  findings: ReadonlySet<Finding>
  /** Hosts whose pages in the sign-in window were errors. */
  errorHosts: readonly string[]
}

/** Reads a masked trace. Never throws, whatever is in it. */
export function readStory(entries: readonly TraceEntry[]): Story {
  const requests = entries.filter(({ kind }) => kind === 'request')
  const exchanges = requests.filter(({ sent }) => sent.grant_type !== undefined)
  const answered = exchanges.filter(({ status, error }) => status !== null && error === null)
  const findings = new Set<Finding>()
  for (const entry of entries) for (const finding of findingsIn(entry)) findings.add(finding)
  return {
    asked: exchanges.length > 0,
    obtained: answered.some(
      ({ status, received }) =>
        (status ?? 500) < 300 && received.error === undefined && received.access_token !== undefined,
    ),
    calls: requests.filter(
      ({ sent, url }) =>
        sent.grant_type === undefined && sent.token === undefined && url !== null && !/token/i.test(url) && !asks(sent),
    ),
    scopeRefused: findings.has('scope_refused'),
    findings,
    errorHosts: entries
      .filter(({ kind, status }) => kind === 'page' && (status ?? 0) >= 400)
      .flatMap(({ url }) => (url !== null && URL.canParse(url) ? [new URL(url).hostname] : [])),
  }
}

/** Asking for a sign-in by a code, or beforehand (RFC 8628 3.1, RFC 9126 2.1), is no call with a token. */
const asks = (sent: TraceEntry['sent']) => sent.client_id !== undefined && sent.scope !== undefined

const byAdmin =
  /admin(?:istrator)?s?\b|AADSTS(?:90094|90093|65001|90008)|admin_policy_enforced|org_internal|not (?:been )?approved/i

function findingsIn({ kind, title, url, received }: TraceEntry): Finding[] {
  if (kind === 'page') {
    if (/cookie/i.test(`${title} ${pathOf(url)}`)) return ['cookies_blocked']
    return /admin(?:istrator)? (?:approval|consent)|approval required/i.test(title) ? ['consent_refused_by_admin'] : []
  }
  const { error } = received
  if (error === undefined) return []
  const words = Object.entries(received)
    .filter(([name]) => /error|message|description/.test(name))
    .map(([, value]) => value)
    .join(' ')
  return ofError(kind, error, words)
}

function ofError(kind: TraceEntry['kind'], error: string, words: string): Finding[] {
  if (/cookie/i.test(words)) return ['cookies_blocked']
  if (/^(?:access_denied|consent_required|admin_policy_enforced|interaction_required)$/.test(error)) {
    return [byAdmin.test(words) ? 'consent_refused_by_admin' : 'consent_refused']
  }
  if (/redirect/i.test(words)) return ['redirect_not_registered']
  if (/scope/i.test(error)) return ['scope_refused']
  if (/client|secret/i.test(error)) return [kind === 'request' ? 'client_secret_refused' : 'client_refused']
  return []
}

function pathOf(url: string | null): string {
  return url !== null && URL.canParse(url) ? new URL(url).pathname : ''
}
