import type { HandshakeView } from '../../preload/contract.ts'
import type { ErrorCode, ErrorShape } from '../../preload/errors.ts'

/** What a person can do after a sign-in ended without an account. The first of a list is the main action. */
export type NextStep =
  | 'try-again'
  | 'edit-client'
  | 'give-client'
  | 'edit-site'
  | 'other-way'
  | 'show-accounts'
  | 'close'

/** How one failed sign-in is told: a title, what was kept, and the next steps. The sentence itself comes from main. */
export interface Outcome {
  title: string
  kept: string
  /** `quiet` for what the person chose, `warning` for what can be repaired here, `danger` for what looks wrong. */
  tone: 'quiet' | 'warning' | 'danger'
  next: readonly NextStep[]
}

const nothingStored = 'Nothing was saved. What you typed is still here.'
const nothingChanged = 'Your other accounts were not touched.'

type Telling = Omit<Outcome, 'kept'> & { kept?: string }

const tellings: Partial<Record<ErrorCode, Telling>> = {
  handshake_denied: { title: 'Access was not granted', tone: 'warning', next: ['try-again', 'edit-client'] },
  handshake_cancelled: { title: 'Sign-in cancelled', tone: 'quiet', next: ['try-again', 'edit-client'] },
  handshake_closed: { title: 'The sign-in window was closed', tone: 'quiet', next: ['try-again', 'other-way'] },
  handshake_expired: {
    title: 'The sign-in took too long',
    tone: 'warning',
    next: ['try-again', 'other-way'],
  },
  handshake_state_mismatch: {
    title: 'The answer did not belong to this sign-in',
    tone: 'danger',
    kept: 'The answer was thrown away unused. Nothing was saved.',
    next: ['try-again', 'other-way'],
  },
  handshake_replayed: {
    title: 'This answer had been used before',
    tone: 'danger',
    kept: 'The answer was thrown away unused. Nothing was saved.',
    next: ['try-again'],
  },
  handshake_issuer_mismatch: {
    title: 'The answer came from another server',
    tone: 'danger',
    kept: 'The answer was thrown away unused. Nothing was saved.',
    next: ['edit-site', 'try-again'],
  },
  handshake_other_user: {
    title: 'Another user signed in',
    tone: 'warning',
    kept: 'The account is unchanged and its conversations can still be read.',
    next: ['try-again', 'other-way'],
  },
  handshake_other_site: {
    title: 'Another site was signed in to',
    tone: 'warning',
    kept: 'The account is unchanged and its conversations can still be read.',
    next: ['try-again', 'other-way'],
  },
  handshake_scope_missing: {
    title: 'The right was not given',
    tone: 'warning',
    kept: 'The account works as before, with the rights it had.',
    next: ['try-again'],
  },
  handshake_already_connected: {
    title: 'This account is already connected',
    tone: 'quiet',
    kept: 'The connected account is unchanged and goes on working.',
    next: ['show-accounts', 'try-again'],
  },
  handshake_window_refused: {
    title: 'This sign-in does not work in a window of an app',
    tone: 'warning',
    next: ['other-way', 'try-again'],
  },
  handshake_port_blocked: {
    title: 'The browser cannot answer this computer directly',
    tone: 'warning',
    next: ['other-way', 'try-again'],
  },
  handshake_not_registered: {
    title: 'The browser’s answer would not come back',
    tone: 'warning',
    next: ['other-way', 'try-again'],
  },
  handshake_browser_failed: { title: 'The browser did not open', tone: 'warning', next: ['other-way', 'try-again'] },
  token_rejected: { title: 'The sign-in was not accepted', tone: 'warning', next: ['try-again', 'edit-client'] },
  needs_sign_in: { title: 'The first call was not accepted', tone: 'warning', next: ['edit-client', 'try-again'] },
  client_rejected: {
    title: 'The OAuth client was not accepted',
    tone: 'warning',
    next: ['edit-client', 'give-client', 'try-again'],
  },
  client_missing: { title: 'An OAuth client is needed', tone: 'warning', next: ['edit-client', 'give-client'] },
  secret_damaged: {
    title: 'The saved OAuth client cannot be read',
    tone: 'warning',
    next: ['give-client', 'try-again'],
  },
  site_invalid: { title: 'The site was not found', tone: 'warning', next: ['edit-site'] },
  offline: { title: 'No network connection', tone: 'warning', next: ['try-again'] },
  timeout: { title: 'No answer in time', tone: 'warning', next: ['try-again', 'edit-site'] },
  vendor_unreachable: { title: 'The site could not be reached', tone: 'warning', next: ['try-again', 'edit-site'] },
  vendor_not_found: { title: 'The site was not found', tone: 'warning', next: ['edit-site', 'try-again'] },
  vendor_bad_answer: { title: 'The answer could not be understood', tone: 'warning', next: ['try-again', 'edit-site'] },
  vendor_forbidden: { title: 'This user may not do enough', tone: 'warning', next: ['try-again', 'edit-client'] },
  vendor_rejected: { title: 'The first call was refused', tone: 'warning', next: ['try-again', 'edit-client'] },
  vendor_failed: { title: 'The site has a problem of its own', tone: 'warning', next: ['try-again'] },
  rate_limited: { title: 'The site asks for a pause', tone: 'warning', next: ['try-again'] },
  keyring_locked: { title: 'The key store is locked', tone: 'warning', next: ['try-again'] },
  keyring_unavailable: { title: 'The key store did not answer', tone: 'warning', next: ['try-again'] },
  store_full: { title: 'The disk is full', tone: 'warning', next: ['try-again'] },
  file_failed: { title: 'The sign-in could not be saved', tone: 'warning', next: ['try-again'] },
  policy_forbids: {
    title: 'Your organisation does not allow this',
    tone: 'warning',
    kept: 'Nothing was saved.',
    next: ['edit-site'],
  },
  not_found: { title: 'This sign-in is gone', tone: 'quiet', next: ['try-again'] },
}

const unknownTelling: Telling = { title: 'The sign-in did not work', tone: 'danger', next: ['try-again'] }

/** Titles where there is a key and nobody signs in. */
const keyTitles: Partial<Record<ErrorCode, string>> = {
  needs_sign_in: 'The key was not accepted',
  token_rejected: 'The key was not accepted',
  handshake_cancelled: 'Cancelled',
  handshake_other_user: 'The key belongs to another user',
  handshake_other_site: 'The key belongs to another site',
  file_failed: 'The key could not be saved',
  not_found: 'This attempt is gone',
}
const unknownKeyTitle = 'The account could not be connected'

/** What can be offered here, beside the error itself. */
export interface OutcomeContext {
  /** Reconnecting an account: its client and site are known and not edited here. */
  reconnect: boolean
  /** The vendor offers a second way to sign in. */
  hasOtherWay: boolean
  /** The form of this attempt is still in memory, so it can be sent again or edited. */
  hasForm: boolean
  /** The vendor takes a key in place of a sign-in. */
  byKey: boolean
  /** A code is typed on another device. */
  byCode?: boolean
}

/** How a failed handshake is told and what to offer next; the last step is always a way out. */
export function outcomeOf(error: ErrorShape, context: OutcomeContext): Outcome {
  const telling = tellings[error.code] ?? unknownTelling
  const possible = telling.next.filter((step) => canOffer(step, context))
  const way: NextStep = context.reconnect ? 'show-accounts' : 'close'
  const kept = telling.kept ?? keptOf(context)
  const next = possible.includes(way) ? possible : [...possible, way]
  return { title: titleOf(error.code, context), tone: telling.tone, kept, next }
}

function titleOf(code: ErrorCode, { byKey, byCode }: OutcomeContext): string {
  if (byCode && code === 'handshake_expired') return 'The code ran out'
  if (byKey) return keyTitles[code] ?? tellings[code]?.title ?? unknownKeyTitle
  return (tellings[code] ?? unknownTelling).title
}

function keptOf({ reconnect, hasForm, byKey }: OutcomeContext): string {
  if (!reconnect) return hasForm ? nothingStored : nothingChanged
  const until = byKey ? 'there is a key that works' : 'you sign in'
  return `Its conversations can still be read, and answers you write wait until ${until}.`
}

function canOffer(step: NextStep, context: OutcomeContext): boolean {
  if (step === 'edit-client' || step === 'edit-site') return !context.reconnect
  if (step === 'give-client') return context.reconnect && !context.byKey
  if (step === 'other-way') return context.hasOtherWay && (context.hasForm || context.reconnect)
  return true
}

/** The live steps of a sign-in, in order, as they are shown. */
export const progressSteps = ['preparing', 'waiting', 'exchanging', 'verifying', 'saving'] as const
export type ProgressStep = (typeof progressSteps)[number]
export type StepState = 'done' | 'current' | 'ahead'

/** Where each shown step stands for a running or finished handshake. */
export function stepStates(step: HandshakeView['step']): Record<ProgressStep, StepState> {
  const at = step === 'done' ? progressSteps.length : progressSteps.indexOf(step as ProgressStep)
  const states = progressSteps.map((name, index) => [name, index < at ? 'done' : index === at ? 'current' : 'ahead'])
  return Object.fromEntries(states) as Record<ProgressStep, StepState>
}

/** Running: neither done nor failed. */
export function isRunning(handshake: HandshakeView): boolean {
  return handshake.step !== 'done' && handshake.step !== 'failed'
}

/** `9:41`: minutes and seconds left, never below zero. */
export function timeLeft(expiresAt: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((expiresAt - now) / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Puts a changed handshake in its place in the list, the newest first. */
export function upsertHandshake(list: readonly HandshakeView[], changed: HandshakeView): HandshakeView[] {
  const others = list.filter((handshake) => handshake.attemptId !== changed.attemptId)
  return [...others, changed].sort((a, b) => b.startedAt - a.startedAt)
}
