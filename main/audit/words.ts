import type { AuditEntry, AuditKind } from './model.ts'

type Told = Pick<AuditEntry, 'kind' | 'account' | 'outcome' | 'facts'>
/** `who` and `where` of the account; `fact` reads one of the facts as text. */
type Telling = (entry: Told, who: string, where: string, fact: (name: string) => string) => string

const ways: Record<string, string> = {
  'auth-window': 'sign-in window',
  'system-browser': 'system browser',
  device: 'a code on another device',
  'client-credentials': 'a client secret',
  'jwt-bearer': 'a private key',
  key: 'a key',
}

const whatWasExported: Record<string, string> = {
  har: 'The trace of a sign-in was exported',
  audit: 'The audit log was exported',
  accounts: 'The list of accounts was exported',
}

const lockedBy: Record<string, string> = {
  agent: 'Manydesk was locked by its user',
  idle: 'Manydesk was locked after a time without use',
  system: 'Manydesk was locked with the computer',
}

const startedBecause: Record<string, string> = {
  first: 'The audit log begins here',
  key_lost:
    'The audit log begins anew, because the key of the earlier entries is lost. They are kept and cannot be verified any more',
  broken: 'The audit log begins anew, because what was there before did not fit: entries were changed or taken away',
}

const tellings: Record<AuditKind, Telling> = {
  handshake_started: ({ facts }, who, where, fact) =>
    facts.again
      ? `${who} began to sign in to ${where} again by ${byWay(fact('way'))}`
      : `A sign-in to ${where} began by ${byWay(fact('way'))}`,
  handshake_ended: ({ outcome }, who, where, fact) =>
    outcome === 'done'
      ? `${who} signed in to ${where} by ${byWay(fact('way'))}`
      : `Sign-in to ${where} ended: ${reasonOf(outcome)}`,
  handshake_other_user: (_entry, _who, where, fact) =>
    `Sign-in to ${where} ended: another user answered (${fact('answered')} instead of ${fact('expected')}). Nothing was changed`,
  handshake_other_site: (_entry, _who, where, fact) =>
    `Sign-in to ${where} ended: another site answered (${fact('answered')} instead of ${fact('expected')}). Nothing was changed`,
  account_connected: (_entry, who, where) => `The account of ${who} at ${where} was connected`,
  account_reconnected: (_entry, who, where) => `The account of ${who} at ${where} was reconnected`,
  account_paused: (_entry, who, where) => `The account of ${who} at ${where} was paused`,
  account_resumed: (_entry, who, where) => `The account of ${who} at ${where} was resumed`,
  account_removed: (_entry, who, where) => `The account of ${who} at ${where} was removed`,
  key_changed: (_entry, who, where) => `The key of ${who} at ${where} was changed`,
  client_saved: (_entry, who, where) => `The OAuth client for ${who} at ${where} was saved in the vault`,
  secret_replaced: (_entry, who, where) => `The OAuth client for ${who} at ${where} got a new secret`,
  scopes_forbidden: (_entry, who, where, fact) =>
    `${where} gave the account of ${who} rights that the organisation forbids, and they are not used: ${fact('scopes')}`,
  refresh_failed: ({ outcome, facts }, who, where) =>
    facts.final
      ? `The sign-in of ${who} at ${where} could not be renewed: ${reasonOf(outcome)}`
      : `The sign-in of ${who} at ${where} could not be renewed yet: ${reasonOf(outcome)}`,
  needs_sign_in: ({ outcome }, who, where) => `${who} must sign in to ${where} again: ${reasonOf(outcome)}`,
  token_reuse: (_entry, who, where) => `${where} says that a token of ${who} was used a second time`,
  revocation_asked: (_entry, who, where) => `${where} was asked to end the access of ${who}`,
  revocation_done: (_entry, who, where) => `${where} confirmed that the access of ${who} has ended`,
  revocation_failed: ({ outcome }, who, where) =>
    outcome === 'not_offered'
      ? `${where} offers no way to end the access of ${who}; it was deleted here`
      : `${where} could not be asked to end the access of ${who}`,
  connector_saved: (_entry, _who, _where, fact) => `The custom connector ${fact('connector')} was saved`,
  connector_removed: (_entry, _who, _where, fact) => `The custom connector ${fact('connector')} was removed`,
  connector_imported: (_entry, _who, _where, fact) => `A custom connector was made from a ${fact('from')}`,
  exported: (_entry, _who, _where, fact) => whatWasExported[fact('what')] ?? 'Something was exported',
  accounts_imported: ({ facts }) => `${numberOf(facts.count, 'account', 'accounts')} imported from a file`,
  policy_loaded: (_entry, _who, _where, fact) => `The policy of the organisation was loaded (${fact('rules')})`,
  policy_changed: (_entry, _who, _where, fact) => `The policy of the organisation changed (${fact('rules')})`,
  policy_refused: ({ outcome }) =>
    `The policy of the organisation was refused, and nothing works until it is mended: ${reasonOf(outcome)}`,
  app_key_new: () => 'A new key for everything saved here was made',
  app_key_lost: () => 'The key of everything saved here before is lost',
  app_locked: (_entry, _who, _where, fact) => lockedBy[fact('by')] ?? 'Manydesk was locked',
  app_unlocked: () => 'Manydesk was unlocked',
  unlock_failed: ({ facts }) => `Manydesk stayed locked: ${numberOf(facts.tries, 'wrong try', 'wrong tries')}`,
  unlock_failed_at_start: ({ facts }, _who, _where, fact) =>
    `Manydesk stayed locked at a start: ${numberOf(facts.tries, 'wrong try', 'wrong tries')} (${momentOf(fact('at'))})`,
  passphrase_changed: () => 'The passphrase of the app lock was changed',
  doctor_run: ({ account }, who, where, fact) =>
    `The connection ${account === null ? '' : `of ${who} at ${where} `}was tested: ${fact('passed')} passed, ${fact('failed')} failed`,
  log_started: ({ facts }, _who, _where, fact) =>
    `${startedBecause[fact('reason')] ?? startedBecause.first}${Number(facts.entries) > 0 ? ` (${facts.entries} earlier)` : ''}`,
  log_gap: ({ facts }) => `${numberOf(facts.missed, 'entry', 'entries')} could not be written before this one`,
}

/** An entry as one plain sentence without its full stop. A kind of a newer Manydesk is named as it is. */
export function summaryOf(entry: Told): string {
  const { account } = entry
  const fact = (name: string) => String(entry.facts[name] ?? 'unknown')
  const telling = Object.hasOwn(tellings, entry.kind) ? tellings[entry.kind as AuditKind] : null
  if (telling === null) return entry.kind.replaceAll('_', ' ')
  return telling(entry, account?.user ?? 'Somebody', account?.site ?? 'an unknown site', fact)
}

const byWay = (way: string): string => ways[way] ?? way

const reasons: Record<string, string> = {
  handshake_denied: 'access was not granted',
  handshake_cancelled: 'it was cancelled',
  handshake_closed: 'the window was closed',
  handshake_expired: 'it took too long',
  handshake_state_mismatch: 'the answer did not belong to it',
  handshake_replayed: 'the answer had been used before',
  handshake_issuer_mismatch: 'the answer came from another server',
  handshake_already_connected: 'the account is connected already',
  handshake_browser_failed: 'the browser did not open',
  handshake_not_registered: 'the browser’s answer would not come back',
  handshake_port_blocked: 'the browser could not answer this computer',
  handshake_window_refused: 'the vendor refuses a window of an app',
  token_rejected: 'the vendor did not accept the sign-in',
  client_rejected: 'the vendor did not accept the OAuth client',
  client_missing: 'there is no OAuth client',
  token_reused: 'a token was used a second time',
  handshake_scope_missing: 'the vendor did not give the right that was asked for',
  needs_sign_in: 'the vendor asks for it',
  secret_damaged: 'what was saved cannot be read',
  settings_damaged: 'a file cannot be read',
  policy_forbids: 'the organisation does not allow it',
  policy_broken: 'the policy cannot be read',
  offline: 'the computer was offline',
  timeout: 'no answer came in time',
  vendor_unreachable: 'the vendor could not be reached',
  vendor_bad_answer: 'the answer could not be understood',
  vendor_failed: 'the vendor had trouble of its own',
  vendor_forbidden: 'the user may not do enough',
  rate_limited: 'the vendor asked for a pause',
  store_full: 'the disk was full',
  file_failed: 'it could not be saved',
}

function reasonOf(outcome: string | null): string {
  if (outcome === null) return 'no reason was given'
  return reasons[outcome] ?? outcome.replaceAll('_', ' ')
}

/** `2026-01-05 09:00:00 UTC` */
const momentOf = (iso: string): string => iso.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')

function numberOf(value: unknown, one: string, many: string): string {
  return value === 1 ? `1 ${one}` : `${Number(value ?? 0)} ${many}`
}

const good = new Set(['account_connected', 'account_reconnected', 'account_resumed', 'revocation_done'])
const bad = new Set([
  'handshake_other_user',
  'handshake_other_site',
  'refresh_failed',
  'needs_sign_in',
  'token_reuse',
  'revocation_failed',
  'policy_refused',
  'app_key_lost',
  'unlock_failed',
  'unlock_failed_at_start',
  'log_gap',
])

/** How an entry is marked. What a person stopped on purpose is neither good nor bad. */
export function toneOf({ kind, outcome, facts }: Told): 'good' | 'bad' | 'quiet' {
  if (kind === 'handshake_ended') {
    if (outcome === 'done') return 'good'
    return ['handshake_cancelled', 'handshake_closed', 'handshake_already_connected'].includes(outcome ?? '')
      ? 'quiet'
      : 'bad'
  }
  if (kind === 'log_started') return facts.reason === 'first' ? 'quiet' : 'bad'
  if (kind === 'doctor_run') return facts.failed === 0 ? 'good' : 'bad'
  if (good.has(kind)) return 'good'
  return bad.has(kind) ? 'bad' : 'quiet'
}
