import { z } from 'zod'
import { errorCodes } from '../../preload/errors.ts'

/**
 * What is written down and in which words. Every kind names exactly the facts it may carry, so that nothing else can get into the log:
 * no secret, and nothing a customer wrote.
 */

/** What filters choose by. */
export const auditGroups = ['sign_in', 'account', 'connector', 'export', 'policy', 'keys', 'log'] as const
export type AuditGroup = (typeof auditGroups)[number]

/** Who did it: the person at this workstation, the workstation by itself, or the organisation's policy. */
const actor = z.enum(['agent', 'workstation', 'policy'])
export type AuditActor = z.infer<typeof actor>

const label = z.string().max(2000)
const count = z.number().int().nonnegative()
const way = z.enum(['auth-window', 'system-browser', 'device', 'client-credentials', 'jwt-bearer', 'key'])
/** `done`, or why it ended. */
const ending = z.enum(['done', ...errorCodes])
const failure = z.enum(errorCodes)

/** Which account it is about, in words that stay true when the account is gone. */
const account = z.strictObject({
  /** Null before there is one. */
  id: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .nullable(),
  vendor: z.string().regex(/^[\w-]{1,100}$/),
  /** Host, or what people call the site. */
  site: label,
  /** The agent's name at the vendor; null where nobody is known yet. */
  user: label.nullable(),
})
export type AuditAccount = z.infer<typeof account>

const kind = <K extends string, S extends z.ZodRawShape>(name: K, shape: S) =>
  z.strictObject({ kind: z.literal(name), actor: actor.optional(), ...shape })
const about = { account }

export const auditFact = z.discriminatedUnion('kind', [
  kind('handshake_started', { ...about, facts: z.strictObject({ way, again: z.boolean() }) }),
  kind('handshake_ended', { ...about, outcome: ending, facts: z.strictObject({ way }) }),
  /** The person who answered is not the one the account belongs to. Nothing was changed. */
  kind('handshake_other_user', { ...about, facts: z.strictObject({ way, expected: label, answered: label }) }),
  /** The same for another site of the vendor; `answered` is the vendor's key of it. */
  kind('handshake_other_site', { ...about, facts: z.strictObject({ way, expected: label, answered: label }) }),
  kind('account_connected', about),
  kind('account_reconnected', about),
  kind('account_paused', about),
  kind('account_resumed', about),
  kind('account_removed', about),
  /** The vendor's secret in place of OAuth was replaced. */
  kind('key_changed', about),
  kind('client_saved', about),
  /** The OAuth client has another secret, which the vendor has accepted. */
  kind('secret_replaced', about),
  /** The vendor gave rights that the organisation forbids; they are not used. */
  kind('scopes_forbidden', { ...about, facts: z.strictObject({ scopes: label }) }),
  /** Once per outage, not per try. `final`: a person must sign in again. */
  kind('refresh_failed', { ...about, outcome: failure, facts: z.strictObject({ final: z.boolean() }) }),
  kind('needs_sign_in', { ...about, outcome: failure }),
  /** The vendor says that a refresh token was used a second time. */
  kind('token_reuse', about),
  kind('revocation_asked', about),
  kind('revocation_done', about),
  kind('revocation_failed', { ...about, outcome: z.enum(['not_offered', 'not_reached']) }),
  kind('connector_saved', { facts: z.strictObject({ connector: label }) }),
  kind('connector_removed', { facts: z.strictObject({ connector: label }) }),
  /** Taken over from another system's description; it is used once it is saved. */
  kind('connector_imported', { facts: z.strictObject({ from: label }) }),
  kind('exported', { facts: z.strictObject({ what: z.enum(['har', 'audit', 'accounts']), count }) }),
  kind('accounts_imported', { facts: z.strictObject({ count }) }),
  /** `rules`: what it says, in few words and without secrets, or the first 16 digits of its digest. */
  kind('policy_loaded', { facts: z.strictObject({ rules: label }) }),
  kind('policy_changed', { facts: z.strictObject({ rules: label }) }),
  /** It could not be read or was not signed by the right key: what it could forbid is forbidden. */
  kind('policy_refused', { outcome: failure }),
  kind('app_key_new', {}),
  kind('app_key_lost', {}),
  kind('app_locked', { facts: z.strictObject({ by: z.enum(['agent', 'idle', 'system']) }) }),
  kind('app_unlocked', {}),
  kind('unlock_failed', { facts: z.strictObject({ tries: count }) }),
  /** The same while this log was still closed; `at` is when, ISO 8601, UTC. */
  kind('unlock_failed_at_start', { facts: z.strictObject({ tries: count, at: label }) }),
  kind('passphrase_changed', {}),
  kind('doctor_run', {
    account: account.nullable(),
    outcome: ending,
    facts: z.strictObject({ passed: count, failed: count }),
  }),
  /** Begins a chain. `entries`: how many there should have been before; `digest`: SHA-256 over the files that no key here can verify. */
  kind('log_started', {
    facts: z.strictObject({
      reason: z.enum(['first', 'key_lost', 'broken']),
      entries: count,
      digest: z.string().max(64),
    }),
  }),
  /** So many entries could not be written before this one (a full disk, for example). */
  kind('log_gap', { facts: z.strictObject({ missed: count }) }),
])
/** What callers give to `Audit.record`. */
export type AuditFact = z.infer<typeof auditFact>
export type AuditKind = AuditFact['kind']

/** An entry as it is kept. `kind` and `outcome` are wider than above: a newer Manydesk may have written them. */
export const auditEntry = z.object({
  /** 1, 2, 3 and so on, over all files. */
  seq: count,
  /** MAC of the entry before; 64 zeros where a chain begins. */
  previous: z.string(),
  /** Names the key of the MAC, and says nothing about it. */
  key: z.string(),
  /** ISO 8601, UTC. */
  time: z.string(),
  kind: z.string(),
  actor,
  account: account.nullable(),
  outcome: z.string().nullable(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})
export type AuditEntry = z.infer<typeof auditEntry>

const groups: Record<AuditKind, AuditGroup> = {
  handshake_started: 'sign_in',
  handshake_ended: 'sign_in',
  handshake_other_user: 'sign_in',
  handshake_other_site: 'sign_in',
  refresh_failed: 'sign_in',
  needs_sign_in: 'sign_in',
  token_reuse: 'sign_in',
  revocation_asked: 'sign_in',
  revocation_done: 'sign_in',
  revocation_failed: 'sign_in',
  doctor_run: 'sign_in',
  account_connected: 'account',
  account_reconnected: 'account',
  account_paused: 'account',
  account_resumed: 'account',
  account_removed: 'account',
  accounts_imported: 'account',
  key_changed: 'account',
  client_saved: 'account',
  secret_replaced: 'account',
  scopes_forbidden: 'policy',
  connector_saved: 'connector',
  connector_removed: 'connector',
  connector_imported: 'connector',
  exported: 'export',
  policy_loaded: 'policy',
  policy_changed: 'policy',
  policy_refused: 'policy',
  app_key_new: 'keys',
  app_key_lost: 'keys',
  app_locked: 'keys',
  app_unlocked: 'keys',
  unlock_failed: 'keys',
  unlock_failed_at_start: 'keys',
  passphrase_changed: 'keys',
  log_started: 'log',
  log_gap: 'log',
}

/** Kinds this version does not know belong to the log itself. */
export function groupOf(kindName: string): AuditGroup {
  return Object.hasOwn(groups, kindName) ? groups[kindName as AuditKind] : 'log'
}

const byItself = new Set<AuditKind>([
  'refresh_failed',
  'needs_sign_in',
  'token_reuse',
  'revocation_asked',
  'revocation_done',
  'revocation_failed',
  'app_key_new',
  'app_key_lost',
  'log_started',
  'log_gap',
])

/** Who does such a thing, where the caller does not say. */
export function usualActor(kindName: AuditKind): AuditActor {
  if (groups[kindName] === 'policy') return 'policy'
  return byItself.has(kindName) ? 'workstation' : 'agent'
}

/** Where one entry stands: file and line, both counted from 1. Entries are only ever added, so it stays. */
export interface AuditPlace {
  file: number
  line: number
}

export interface PlacedEntry {
  place: AuditPlace
  entry: AuditEntry
  /** Whether its own MAC fits; null where the key it was written with is gone. */
  sound: boolean | null
}

export interface AuditQuery {
  groups?: readonly AuditGroup[] | undefined
  accountId?: string | undefined
  /** Only entries before this place. */
  before?: AuditPlace | undefined
  limit: number
}

export interface AuditPage {
  /** Newest first. */
  entries: PlacedEntry[]
  /** Where the next page begins, or null at the beginning of the log. */
  next: AuditPlace | null
}

export type AuditBreak = 'changed' | 'missing' | 'cut' | 'head_missing' | 'head_changed' | 'broken_before'

export interface Verification {
  /**
   * `intact`: every entry is the one that was written. `broken`: at least one is not. `memory`: this session keeps no log on disk.
   */
  state: 'intact' | 'broken' | 'memory'
  /** Entries whose MAC was checked. */
  checked: number
  /** Entries of an earlier key, kept and not verifiable any more. */
  unverifiable: number
  /** Where and why it broke first, or null. `seq` is the number the entry should have. */
  broken: { seq: number; reason: AuditBreak } | null
}

/** The audit log, for everything that has something to tell. */
export interface Audit {
  /** On disk when it returns. Never throws: trouble is logged, counted, and told by the next entry. */
  record(fact: AuditFact): void
  list(query: AuditQuery): AuditPage
  verify(): Promise<Verification>
  /** A new entry is there. Answers a function that stops telling. */
  onRecorded(listener: () => void): () => void
}
