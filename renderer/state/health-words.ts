import type { AccountHealth, AccountView, BrandView, Forecast } from '../../preload/contract.ts'
import { since } from '../inbox/time-words.ts'
import { dateWords, duration, type StateWords, stateWords } from './account-words.ts'

/** A warning, as against what is merely known. */
export function isAlarm({ severity }: Pick<Forecast, 'severity'>): boolean {
  return severity !== 'later'
}

type Tone = StateWords['tone']

/** What is shown of a forecast: a few words with a tone. */
export interface ForecastWords {
  label: string
  tone: Tone
}

const undated: Record<Forecast['limit'], string> = {
  sign_in: 'Signed out',
  access: 'Access ended',
  refresh_age: 'Sign-in ended',
  refresh_idle: 'Sign-in ended',
  test_mode: 'Sign-in ended',
  client_secret: 'Client secret ended',
  scopes: 'Scope missing',
  clock: 'Clock is wrong',
  renewal: 'Cannot be renewed',
}

const tones: Record<Forecast['severity'], Tone> = { broken: 'red', urgent: 'red', soon: 'amber', later: 'neutral' }

/** `Breaks in 6 days`, `Secret ends in 20 days`, `Scope missing`. `now` in epoch milliseconds. */
export function forecastWords({ limit, at, severity, certainty }: Forecast, now: number): ForecastWords {
  const tone = tones[severity]
  if (at === null || at <= now) return { label: undated[limit], tone }
  const left = duration(at - now)
  if (certainty === 'possible') return { label: `May end in ${left}`, tone }
  if (limit === 'client_secret') return { label: `Secret ends in ${left}`, tone }
  if (limit === 'refresh_idle' && severity === 'later') return { label: `Lasts ${left} unused`, tone }
  return { label: `Breaks in ${left}`, tone }
}

/** What there is to say of an account's future in one line; null where nothing is known to end it. */
export function firstForecast(health: AccountHealth | undefined): Forecast | null {
  return health?.forecast[0] ?? null
}

const reasons: Record<NonNullable<AccountHealth['notCurrent']>['reason'], string> = {
  signed_out: 'signed out',
  paused: 'paused',
  offline: 'offline',
  failing: 'not updating',
  throttled: 'slowed down by the vendor',
  behind: 'behind',
}

/** `not current since 14:05 (signed out)`. */
export function notCurrentWords(notCurrent: NonNullable<AccountHealth['notCurrent']>, now: number): string {
  const when =
    notCurrent.since === null ? 'was never read to its end' : `not current since ${since(notCurrent.since, now)}`
  return `${when} (${reasons[notCurrent.reason]})`
}

/** The state of the account, with what health knows of it: "Up to date" is not said of one that is behind. */
export function healthStateWords(account: AccountView, health: AccountHealth | undefined, now: number): StateWords {
  const words = stateWords(account, now)
  if (health?.notCurrent?.reason === 'behind') return { label: 'Behind', tone: 'amber', health: 'waiting' }
  return words
}

export interface HealthRow {
  account: AccountView
  health: AccountHealth | undefined
  brand: BrandView | undefined
}

export type HealthSort = 'account' | 'state' | 'forecast' | 'calls' | 'success' | 'refresh'

export interface HealthFilters {
  show: 'attention' | 'all'
  vendor: string | null
  brandId: string | null
}

/** An account that a person should look at. */
export function needsSomebody(row: Pick<HealthRow, 'account' | 'health'>): boolean {
  return row.health?.attention ?? row.account.state === 'needs_sign_in'
}

export function filterRows(rows: readonly HealthRow[], { show, vendor, brandId }: HealthFilters): HealthRow[] {
  return rows.filter(
    (row) =>
      (show === 'all' || needsSomebody(row)) &&
      (vendor === null || row.account.vendor === vendor) &&
      (brandId === null || row.account.brandId === brandId),
  )
}

const byName = new Intl.Collator('en-GB', { numeric: true })
const ranks: Record<Forecast['severity'], number> = { broken: 0, urgent: 1, soon: 2, later: 3 }
const stateRanks: Record<StateWords['health'], number> = { bad: 0, waiting: 1, working: 2, good: 3, paused: 4 }
const day = 86_400_000

/** What rows are put in order by, the worst first; those about which nothing is known come last. */
function sortValue({ account, health }: HealthRow, by: HealthSort, now: number): number | string {
  switch (by) {
    case 'account':
      return `${account.siteLabel} ${account.user.name}`
    case 'state':
      return stateRanks[healthStateWords(account, health, now).health]
    case 'forecast': {
      const first = firstForecast(health)
      if (first === null) return Number.POSITIVE_INFINITY
      return ranks[first.severity] * 10_000 * day + Math.min(9999 * day, Math.max(0, (first.at ?? now) - now))
    }
    case 'calls':
      return -totalCalls(health)
    case 'success':
      return health?.lastSuccessAt ?? 0
    case 'refresh':
      return health?.nextRefreshAt ?? Number.POSITIVE_INFINITY
  }
}

export function sortRows(rows: readonly HealthRow[], by: HealthSort, descending: boolean, now: number): HealthRow[] {
  const sorted = [...rows].sort((a, b) => {
    const [left, right] = [sortValue(a, by, now), sortValue(b, by, now)]
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? compare(left, right)
        : byName.compare(`${left}`, `${right}`)
    return order === 0 ? byName.compare(a.account.siteLabel, b.account.siteLabel) : order
  })
  return descending ? sorted.reverse() : sorted
}

const compare = (left: number, right: number) => (left === right ? 0 : left < right ? -1 : 1)

export function totalCalls(health: AccountHealth | undefined): number {
  return health?.calls.reduce((sum, count) => sum + count, 0) ?? 0
}

/** `1,204 calls in 24 hours, 12 failed; 310 in the busiest hour`. */
export function callWords(health: AccountHealth): string {
  const numbers = new Intl.NumberFormat('en-GB')
  const total = totalCalls(health)
  if (total === 0) return 'No calls in 24 hours'
  const failed = health.failedCalls.reduce((sum, count) => sum + count, 0)
  const calls = `${numbers.format(total)} ${total === 1 ? 'call' : 'calls'} in 24 hours`
  return `${calls}${failed === 0 ? '' : `, ${numbers.format(failed)} failed`}; ${numbers.format(Math.max(...health.calls))} in the busiest hour`
}

/** `92 % free`, or the pause the vendor asked for. */
export function rateWords({ rate }: Pick<AccountHealth, 'rate'>, now: number): string {
  if (rate === null) return 'Not used yet'
  if (rate.waitUntil !== null && rate.waitUntil > now) return `Waits ${duration(rate.waitUntil - now)}`
  return `${Math.round((Math.min(rate.left, rate.capacity) / Math.max(1, rate.capacity)) * 100)} % free`
}

const minute = 60_000

/** `700 calls per minute`. */
export function limitWords(rate: NonNullable<AccountHealth['rate']>): string {
  const per =
    rate.windowMs === minute
      ? 'minute'
      : rate.windowMs === 1000
        ? 'second'
        : rate.windowMs === day
          ? 'day'
          : duration(rate.windowMs)
  return `${new Intl.NumberFormat('en-GB').format(rate.limit)} calls per ${per}`
}

/** When the access is renewed next, in plain words. */
export function nextRefreshWords(health: AccountHealth, now: number): string {
  if (health.renewable === false) return 'Cannot be renewed'
  if (health.nextRefreshAt === null) return 'Not planned'
  return health.nextRefreshAt <= now ? 'Now' : `In ${duration(health.nextRefreshAt - now)}`
}

/** `12 May, 09:12`, with how sure it is. */
export function certaintyWords({ at, certainty }: Forecast, now: number): string {
  const how: Record<Forecast['certainty'], string> = {
    told: 'told by the vendor',
    documented: 'as the vendor documents it',
    learned: 'learned from earlier sign-ins',
    entered: 'as entered here',
    measured: 'measured here',
    possible: 'possible, and cannot be asked for',
  }
  return at === null ? how[certainty] : `${dateWords(at, now)}, ${how[certainty]}`
}
