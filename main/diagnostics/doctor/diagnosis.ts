import type { ErrorCode, ErrorShape } from '../../../preload/errors.ts'
import type { Connector, Site } from '../../connectors/connector.ts'
import type { TraceEntry } from '../trace.ts'
import { causeWords } from './causes.ts'
import type { CauseId, Diagnosis, Finding, StepResult, Subject } from './model.ts'
import { hostOf, otherCentres } from './places.ts'
import { readStory } from './story.ts'

/** Everything a diagnosis is made of. */
export interface Evidence {
  results: readonly StepResult[]
  story: readonly TraceEntry[]
  trouble: ErrorShape | null
  /** The sign-in window ended with an error page of another data centre of the vendor. */
  otherCentreRefused: boolean
}

const byTrouble: Partial<Record<ErrorCode, CauseId>> = {
  handshake_denied: 'consent_denied',
  handshake_cancelled: 'sign_in_not_finished',
  handshake_closed: 'sign_in_not_finished',
  handshake_expired: 'sign_in_not_finished',
  client_rejected: 'client_refused',
  client_missing: 'wrong_client_id',
  token_rejected: 'sign_in_not_finished',
  vendor_failed: 'vendor_trouble',
  rate_limited: 'rate_limited',
  timeout: 'no_answer',
  offline: 'offline',
  vendor_unreachable: 'no_answer',
  secret_damaged: 'keys_unreadable',
  keyring_locked: 'keys_unreadable',
  keyring_unavailable: 'keys_unreadable',
}

/** The nearer to the root, the earlier: a network in the way explains everything behind it, a consent everything after it. */
const rules: readonly [CauseId, readonly Finding[]][] = [
  ['offline', ['offline']],
  ['proxy_certificate', ['certificate_issuer_unknown']],
  ['captive_portal', ['answer_of_another_network']],
  ['http_for_https', ['plain_http', 'redirect_registered_as_http']],
  ['wrong_site', ['site_not_there', 'site_name_unknown', 'certificate_other_name']],
  ['name_not_found', ['name_unknown']],
  ['connection_refused', ['connection_refused']],
  ['no_answer', ['no_answer', 'connection_broken']],
  ['wrong_issuer', ['issuer_wrong']],
  ['metadata_unreachable', ['metadata_unreachable']],
  ['metadata_unusable', ['metadata_unusable']],
  ['vendor_trouble', ['vendor_trouble']],
  ['wrong_data_centre', ['client_of_another_centre']],
  ['wrong_client_id', ['client_unknown']],
  ['third_party_cookies_blocked', ['cookies_blocked']],
  ['consent_denied_by_admin', ['consent_refused_by_admin']],
  ['wrong_redirect_url', ['redirect_not_registered']],
  ['wrong_client_secret', ['client_secret_refused']],
  ['scope_not_granted', ['scope_refused', 'scope_missing']],
  ['keys_unreadable', ['secrets_unreadable']],
  ['sign_in_expired', ['sign_in_expired']],
  ['token_revoked', ['token_refused']],
  ['wrong_key', ['key_refused']],
  ['consent_denied', ['consent_refused']],
  ['rate_limited', ['rate_limited']],
  ['client_refused', ['client_refused']],
]

/** One cause for all of it; null when nothing is wrong. Never throws. */
export function causeOf({ results, story, trouble, otherCentreRefused }: Evidence): CauseId | null {
  const found = new Set<Finding>(readStory(story).findings)
  for (const { finding } of results) if (finding !== null) found.add(finding)
  const certificateDate = found.has('certificate_date')
  // A certificate out of its time, or a key whose signature carries the time, is the clock's doing when that is off.
  if (found.has('clock_off') && (certificateDate || found.has('key_refused'))) return 'clock_skew'
  if (certificateDate) return 'certificate_invalid'
  const named = rules.find(([, any]) => any.some((finding) => found.has(finding)))?.[0]
  if (named !== undefined && named !== 'consent_denied') return named
  if (otherCentreRefused) return 'wrong_data_centre'
  if (named !== undefined) return named
  if (found.has('clock_off')) return 'clock_skew'
  if (trouble !== null) return byTrouble[trouble.code] ?? 'unknown'
  return results.some(({ verdict }) => verdict === 'failed') ? 'unknown' : null
}

/** True where the last sign-in ended at an error page of a data centre other than the chosen one. */
export function endedElsewhere(connector: Connector, site: Site, story: readonly TraceEntry[]): boolean {
  const { signIn } = connector
  if (signIn.kind !== 'oauth') return false
  const { errorHosts } = readStory(story)
  const elsewhere = otherCentres(connector, site).map((other) => hostOf(signIn.endpoints(other.site).authorize))
  return errorHosts.some((host) => elsewhere.includes(host))
}

/** Puts the cause into words for this vendor and site. */
export function diagnose(subject: Subject, results: readonly StepResult[]): Diagnosis {
  const { connector, site, story, trouble } = subject
  const otherCentreRefused = endedElsewhere(connector, site, story)
  const cause = causeOf({ results, story, trouble, otherCentreRefused })
  if (cause === null) return { cause, sentence: `The connection to ${subject.siteLabel} works.`, remedy: null }
  return { cause, ...causeWords(cause, subject, results) }
}
