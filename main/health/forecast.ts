import type { AccountFacts, Certainty, Forecast, GrantLife, LimitKind, Remedy, Severity } from './model.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** A month and a week: making a new client secret often needs an administrator. */
const secretLead = { soon: 30 * day, urgent: 7 * day }
const clockOff = { soon: 5 * minute, urgent: 55 * minute }
/** Trouble on the way that passes within this time, or within a few tries, is no news. */
const blip = { forMs: 30 * minute, tries: 3 }

/** How long before an end it is announced, by the length of the life that ends: a third of it, from ten minutes to two weeks. */
function lead(lifeMs: number): { soon: number; urgent: number } {
  const soon = Math.min(14 * day, Math.max(10 * minute, lifeMs / 3))
  return { soon, urgent: Math.min(3 * day, soon / 4) }
}

function severityOf(leftMs: number, { soon, urgent }: { soon: number; urgent: number }): Severity {
  if (leftMs <= 0) return 'broken'
  if (leftMs <= urgent) return 'urgent'
  return leftMs <= soon ? 'soon' : 'later'
}

/**
 * Every limit that is known to end the account's work, the worst and nearest first. Pure: the same facts at the same time give the same list.
 * @param now epoch milliseconds of this computer's clock, right or wrong: ends are told in that clock, and counted by the vendors'.
 */
export function forecast(facts: AccountFacts, now: number): Forecast[] {
  const found = [
    ...signedOut(facts),
    ...(facts.state === 'needs_sign_in' ? [] : grantLimits(facts, now)),
    ...clientSecret(facts, now),
    ...missingScopes(facts),
    ...clock(facts),
  ]
  return found.sort(
    (a, b) =>
      rank[a.severity] - rank[b.severity] || (a.at ?? Number.NEGATIVE_INFINITY) - (b.at ?? Number.NEGATIVE_INFINITY),
  )
}

const rank: Record<Severity, number> = { broken: 0, urgent: 1, soon: 2, later: 3 }

/** A warning, as against what is merely known. */
export function isAlarm({ severity }: Pick<Forecast, 'severity'>): boolean {
  return severity !== 'later'
}

function signedOut({ state, trouble, vendorName }: AccountFacts): Forecast[] {
  if (state !== 'needs_sign_in') return []
  const sentence = trouble?.message ?? `${vendorName} asks you to sign in again.`
  return [entry('sign_in', null, 'told', 'broken', sentence, reconnect(vendorName))]
}

function grantLimits(facts: AccountFacts, now: number): Forecast[] {
  const { grant } = facts
  if (facts.signIn === 'key' || grant === null) return []
  if (!grant.renewable) return accessEnd(facts, grant, now)
  return [
    ...refreshEnd(facts, grant, now),
    ...idleEnd(facts, grant, now),
    ...learnedEnd(facts, grant, now),
    ...testMode(facts, grant, now),
    ...renewal(facts, grant, now),
  ]
}

/** An end that was written down by a clock that has been set since is where the vendor's clock puts it. */
function inClockOfNow(at: number, { grant, clockAheadMs }: AccountFacts): number {
  return clockAheadMs === null || grant === null ? at : at + clockAheadMs - grant.clockAheadMs
}

function accessEnd(facts: AccountFacts, grant: GrantLife, now: number): Forecast[] {
  if (grant.expiresAt === null) return []
  const at = inClockOfNow(grant.expiresAt, facts)
  const severity = severityOf(at - now, lead(grant.expiresAt - grant.obtainedAt))
  const sentence = `${facts.vendorName} gave access that ends and cannot be renewed.`
  return [entry('access', at, 'told', severity, sentence, reconnect(facts.vendorName))]
}

function refreshEnd(facts: AccountFacts, grant: GrantLife, now: number): Forecast[] {
  if (grant.refreshExpiresAt === null) return []
  const at = inClockOfNow(grant.refreshExpiresAt, facts)
  const lifeMs = grant.refreshExpiresAt - grant.refreshIssuedAt
  const { refreshDays, testModeDays } = facts.limits
  const certainty = refreshDays !== null && Math.abs(lifeMs - refreshDays * day) < minute ? 'documented' : 'told'
  const severity = severityOf(at - now, lead(lifeMs))
  const length = lengthWords(lifeMs)
  if (grant.rotates === true) {
    const sentence = `${facts.vendorName} ends a sign-in that is not renewed for ${length}.`
    return [
      entry('refresh_idle', at, certainty, movesAway(facts, at, now) ? 'later' : severity, sentence, renewed(facts)),
    ]
  }
  const test = testModeDays !== null && Math.abs(lifeMs - testModeDays * day) < day / 2
  const sentence = test
    ? `${facts.vendorName} ends each sign-in after ${length} while the client is in testing.`
    : `${facts.vendorName} ends each sign-in after ${length}.`
  return [entry(test ? 'test_mode' : 'refresh_age', at, certainty, severity, sentence, reconnect(facts.vendorName))]
}

function idleEnd(facts: AccountFacts, grant: GrantLife, now: number): Forecast[] {
  const { idleDays } = facts.limits
  if (idleDays === null) return []
  const at = inClockOfNow(grant.obtainedAt + idleDays * day, facts)
  const severity = movesAway(facts, at, now) ? 'later' : severityOf(at - now, lead(idleDays * day))
  const sentence = `${facts.vendorName} ends a sign-in that is not used for ${lengthWords(idleDays * day)}.`
  return [entry('refresh_idle', at, 'documented', severity, sentence, renewed(facts))]
}

/** Only what outlives the learned age by a tenth shows that it was no rule. */
function learnedEnd(facts: AccountFacts, grant: GrantLife, now: number): Forecast[] {
  const { learnedAgeMs, connectedAt, vendorName } = facts
  if (learnedAgeMs === null || now > connectedAt + learnedAgeMs * 1.1) return []
  const at = connectedAt + learnedAgeMs
  if (grant.refreshExpiresAt !== null && grant.refreshExpiresAt <= at) return []
  const severity = severityOf(at - now, lead(learnedAgeMs))
  const sentence = `${vendorName} ended earlier sign-ins with this client after ${lengthWords(learnedAgeMs)}.`
  // Past its time it is a warning still, not a fact.
  return [
    entry('refresh_age', at, 'learned', severity === 'broken' ? 'urgent' : severity, sentence, reconnect(vendorName)),
  ]
}

/** Whether the client is in testing cannot be asked for: named as a possibility until the sign-in has lived longer. */
function testMode(
  { limits, learnedAgeMs, connectedAt, vendorName }: AccountFacts,
  grant: GrantLife,
  now: number,
): Forecast[] {
  const { testModeDays } = limits
  if (testModeDays === null || learnedAgeMs !== null || grant.refreshExpiresAt !== null) return []
  const at = connectedAt + testModeDays * day
  if (now > at + day / 2) return []
  const sentence = `If the client is in testing at ${vendorName}, this sign-in ends after ${lengthWords(testModeDays * day)}.`
  return [entry('test_mode', at, 'possible', 'later', sentence, reconnect(vendorName))]
}

function renewal(facts: AccountFacts, grant: GrantLife, now: number): Forecast[] {
  const { failing, vendorName } = facts
  if (!failsLasting(facts, now) || failing === null) return []
  const at = grant.expiresAt === null ? null : inClockOfNow(grant.expiresAt, facts)
  const ended = at !== null && at <= now
  const sentence = `Renewing the sign-in at ${vendorName} has not worked ${failing.count} times in a row.`
  const words = 'Manydesk goes on trying. If it does not heal by itself, reconnect.'
  return [
    entry('renewal', ended ? null : at, 'measured', ended ? 'urgent' : 'soon', sentence, { kind: 'reconnect', words }),
  ]
}

function failsLasting({ failing, state }: AccountFacts, now: number): boolean {
  return state === 'connected' && failing !== null && failing.count >= blip.tries && now - failing.since >= blip.forMs
}

/** The next renewal is planned before the limit, and will move it. */
function movesAway(facts: AccountFacts, at: number, now: number): boolean {
  const { nextRefreshAt, state } = facts
  return state === 'connected' && nextRefreshAt !== null && nextRefreshAt < at && now < at && !failsLasting(facts, now)
}

function clientSecret({ secretExpiresAt: at, vendorName }: AccountFacts, now: number): Forecast[] {
  if (at === null) return []
  const severity = severityOf(at - now, secretLead)
  const sentence = `The secret of the OAuth client at ${vendorName} ends.`
  const words = `Make a new client secret at ${vendorName} and connect with it, then enter its date here.`
  // The date is a person's word: the account may work on.
  const told = severity === 'broken' ? 'urgent' : severity
  return [entry('client_secret', at, 'entered', told, sentence, { kind: 'new_secret', words })]
}

function missingScopes({ missingScopes: missing, vendorName, state }: AccountFacts): Forecast[] {
  if (missing.length === 0 || state === 'needs_sign_in') return []
  const sentence = `Scope missing: ${missing.join('; ')}.`
  const words = `Reconnect and allow it on the page of ${vendorName}.`
  return [entry('scopes', null, 'told', 'soon', sentence, { kind: 'reconnect', words })]
}

function clock({ clockAheadMs }: AccountFacts): Forecast[] {
  const off = Math.abs(clockAheadMs ?? 0)
  if (clockAheadMs === null || off < clockOff.soon) return []
  const sentence = `The clock of this computer is ${lengthWords(off)} ${clockAheadMs > 0 ? 'ahead' : 'behind'}.`
  const remedy: Remedy = {
    kind: 'set_clock',
    words: 'Set date and time of this computer, best by itself from the network.',
  }
  return [entry('clock', null, 'measured', off >= clockOff.urgent ? 'urgent' : 'soon', sentence, remedy)]
}

function renewed({ state, vendorName }: AccountFacts): Remedy {
  if (state === 'paused') return { kind: 'resume', words: 'Resume the account: a renewal moves this date.' }
  return {
    kind: 'wait',
    words: `Manydesk renews it by itself while it runs. If it cannot, sign in to ${vendorName} again.`,
  }
}

function reconnect(vendorName: string): Remedy {
  return { kind: 'reconnect', words: `Sign in to ${vendorName} again. Conversations and unsent replies are kept.` }
}

/** `1 hour`, `36 hours`, `7 days`: whole units, rounded. */
function lengthWords(ms: number): string {
  const [size, name] = ms < 1.5 * hour ? [minute, 'minute'] : ms < 2 * day ? [hour, 'hour'] : ([day, 'day'] as const)
  if (Math.abs(ms - hour) < minute) return '1 hour'
  const count = Math.max(1, Math.round(ms / size))
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

function entry(
  limit: LimitKind,
  at: number | null,
  certainty: Certainty,
  severity: Severity,
  sentence: string,
  remedy: Remedy,
): Forecast {
  return { limit, at, certainty, severity, sentence, remedy }
}
