import type { DoctorStep, DoctorVerdict } from '../../../preload/doctor-steps.ts'
import type { ErrorShape } from '../../../preload/errors.ts'
import type { Account } from '../../accounts/model.ts'
import type { Connector, ConnectorContext, RedirectKind, SignInWay, Site } from '../../connectors/connector.ts'
import type { Discovery } from '../../oauth/discovery.ts'
import type { OAuthClient } from '../../oauth/model.ts'
import type { Clock, FetchPort, ProbePort } from '../../ports.ts'
import type { Trace, TraceEntry } from '../trace.ts'

/** What a step or the last sign-in showed. A diagnosis is made of these and of nothing else. */
export const findings = [
  'offline',
  'name_unknown',
  'site_name_unknown',
  'connection_refused',
  'no_answer',
  'connection_broken',
  'certificate_issuer_unknown',
  'certificate_other_name',
  'certificate_date',
  'plain_http',
  'answer_of_another_network',
  'clock_off',
  'site_not_there',
  'vendor_trouble',
  'issuer_wrong',
  'metadata_unreachable',
  'metadata_unusable',
  'redirect_not_registered',
  'redirect_registered_as_http',
  'client_unknown',
  'client_of_another_centre',
  'client_secret_refused',
  'client_refused',
  'consent_refused',
  'consent_refused_by_admin',
  'cookies_blocked',
  'scope_refused',
  'scope_missing',
  'token_refused',
  'sign_in_expired',
  'key_refused',
  'rate_limited',
  'secrets_unreadable',
] as const
export type Finding = (typeof findings)[number]

/** One thing that was looked at. Nothing in it is secret: it is shown, copied and printed. */
export interface StepResult {
  id: DoctorStep
  verdict: DoctorVerdict
  /** What was found, for a person. */
  sentence: string
  /** What to do about it; null where there is nothing to do. */
  remedy: string | null
  /** Technical, masked. */
  evidence: Record<string, string>
  finding: Finding | null
}

/** The named causes. Stable: other parts and people's notes refer to them. */
export const causeIds = [
  'proxy_certificate',
  'captive_portal',
  'http_for_https',
  'wrong_site',
  'wrong_data_centre',
  'wrong_redirect_url',
  'wrong_client_secret',
  'consent_denied_by_admin',
  'third_party_cookies_blocked',
  'scope_not_granted',
  'token_revoked',
  'clock_skew',
  'offline',
  'name_not_found',
  'connection_refused',
  'no_answer',
  'certificate_invalid',
  'vendor_trouble',
  'wrong_issuer',
  'metadata_unreachable',
  'metadata_unusable',
  'wrong_client_id',
  'client_refused',
  'consent_denied',
  'sign_in_expired',
  'wrong_key',
  'rate_limited',
  'keys_unreadable',
  'sign_in_not_finished',
  'unknown',
] as const
export type CauseId = (typeof causeIds)[number]

export interface Diagnosis {
  /** Null when nothing is wrong. */
  cause: CauseId | null
  sentence: string
  remedy: string | null
}

/** What is tested: an account, or a sign-in that did not succeed. */
export interface Subject {
  connector: Connector
  site: Site
  siteLabel: string
  way: SignInWay
  redirect: RedirectKind | null
  /** Null where no account came to be. */
  account: Account | null
  /** @throws AppError `client_missing`, `secret_damaged`, `file_failed` */
  client(): Promise<OAuthClient>
  /** Why the account or the sign-in is in trouble, as it was told. */
  trouble: ErrorShape | null
  /** The last handshake of it, masked; empty where none is remembered. */
  story: readonly TraceEntry[]
}

/** Of an account that is signed in: its own calls, budget and tokens. */
export interface SignedInAccount {
  /** For calls that an agent waits for. @throws AppError */
  context(signal: AbortSignal): ConnectorContext
  /** False where the vendor gave nothing to refresh with. @throws AppError `file_failed` */
  canRefresh(): Promise<boolean>
  /** One refresh by the holder of the grant, which puts a rotated token on disk before it is used. @throws AppError */
  refresh(): Promise<void>
}

export interface DoctorContext {
  subject: Subject
  /** Null for a sign-in that did not succeed. */
  signedIn: SignedInAccount | null
  probe: ProbePort
  fetch: FetchPort
  /** Asks servers that describe themselves, each once in a test. */
  discovery: Discovery
  clock: Clock
  signal: AbortSignal
  /** Requests of the doctor itself. */
  trace: Trace
  /** For each request to a token endpoint, in milliseconds. */
  timeoutMs: number
  isOnline(): boolean
  /** What earlier steps found, and answers that several steps look at. */
  results: readonly StepResult[]
  once<T>(key: string, work: () => Promise<T>): Promise<T>
}

export type Step = (context: DoctorContext) => Promise<StepResult>

type Told = Partial<Pick<StepResult, 'remedy' | 'evidence' | 'finding'>>

const told =
  (verdict: DoctorVerdict) =>
  (id: DoctorStep, sentence: string, more: Told = {}): StepResult => ({
    id,
    verdict,
    sentence,
    remedy: null,
    evidence: {},
    finding: null,
    ...more,
  })

/** What stands in the vendor's place, so that asking further tells nothing. */
const inTheWay: readonly (Finding | null)[] = [
  'offline',
  'certificate_issuer_unknown',
  'answer_of_another_network',
  'site_not_there',
  'site_name_unknown',
]

/** True where an earlier step found that it is not the vendor who answers. */
export const isBlocked = ({ results }: DoctorContext) => results.some(({ finding }) => inTheWay.includes(finding))

export const passed = told('passed')
export const warned = told('warned')
export const failed = told('failed')
export const skipped = told('skipped')
