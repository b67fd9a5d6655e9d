import type { AccountView, BrandView } from '../../preload/contract.ts'
import { messageTime } from '../inbox/time-words.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** `24 min`, `3 h`, `12 days`: one rounded unit, at least one minute. `ms` is a length of time. */
export function duration(ms: number): string {
  if (ms < 59.5 * minute) return `${Math.max(1, Math.round(ms / minute))} min`
  if (ms < 47.5 * hour) return `${Math.round(ms / hour)} h`
  return `${Math.round(ms / day)} days`
}

/** Day and time; the year only when it is not this one. */
export function dateWords(time: number, now: number): string {
  const sameYear = new Date(time).getFullYear() === new Date(now).getFullYear()
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }
  return new Intl.DateTimeFormat('en-GB', sameYear ? options : { ...options, year: 'numeric' }).format(time)
}

type AccountHealth = 'good' | 'working' | 'waiting' | 'bad' | 'paused'
type Tone = 'neutral' | 'red' | 'amber' | 'green' | 'blue'

/** How an account is doing, in a few words with a tone and a mark. */
export interface StateWords {
  label: string
  tone: Tone
  health: AccountHealth
}

/** What the account list says about one account. `now` in epoch milliseconds. */
export function stateWords(account: AccountView, now: number): StateWords {
  if (account.state === 'paused') return { label: 'Paused', tone: 'neutral', health: 'paused' }
  if (account.state === 'needs_sign_in') {
    return { label: account.way === 'key' ? 'Needs a new key' : 'Sign in again', tone: 'red', health: 'bad' }
  }
  const { phase, waitUntil } = account.sync
  if (phase === 'failing') return { label: 'Not updating', tone: 'amber', health: 'waiting' }
  if (phase === 'waiting') {
    // A vendor that asks for a pause says until when; without a network nobody knows.
    const label = waitUntil === null ? 'Offline' : waitUntil <= now ? 'Waiting' : `Waits ${duration(waitUntil - now)}`
    return { label, tone: 'amber', health: 'waiting' }
  }
  if (phase === 'first-fill') return { label: 'First sync', tone: 'blue', health: 'working' }
  if (phase === 'updating') return { label: 'Updating', tone: 'blue', health: 'working' }
  return { label: 'Up to date', tone: 'green', health: 'good' }
}

/** When the account was last current, as the list shows it. */
export function syncedWords(account: AccountView, now: number): string {
  if (account.lastSyncAt === null) return 'Not yet'
  return messageTime(account.lastSyncAt, now)
}

/** What happens to the access token, in plain words. */
export function accessWords(account: AccountView, now: number): string {
  if (account.state === 'needs_sign_in') return endedWords(account)
  if (account.accessExpiresAt === null) return 'The vendor named no end.'
  const left = account.accessExpiresAt - now
  if (left <= 0) return 'Renews by itself with the next call.'
  return `Renews by itself in ${duration(left)}.`
}

const endedWords = ({ way }: AccountView) =>
  way === 'key' ? 'Ended. Change the key to go on.' : 'Ended. Sign in again to go on.'

/** What an account that was refused waits for; it follows "after". */
export function repairWords({ way, vendorName }: Pick<AccountView, 'way' | 'vendorName'>): string {
  return way === 'key' ? `you change the key of ${vendorName}` : `you sign in to ${vendorName} again`
}

/** How long the sign-in as a whole lasts, in plain words. */
export function refreshWords(account: AccountView, now: number): string {
  if (account.state === 'needs_sign_in') return 'Ended.'
  if (account.refreshExpiresAt === null) return 'Until it is revoked.'
  const left = account.refreshExpiresAt - now
  if (left <= 0) return endedWords(account)
  return `Until ${dateWords(account.refreshExpiresAt, now)}, longer with every renewal.`
}

/** Whether a person should look at this account. */
export function needsAttention(account: AccountView): boolean {
  if (account.state === 'paused') return false
  return (
    account.state === 'needs_sign_in' ||
    account.trouble !== null ||
    account.sync.phase === 'failing' ||
    account.brandId === null
  )
}

export type AccountFilter = 'all' | 'attention' | 'paused'

/** Accounts that match the filter and every typed word (vendor, site, user, e-mail, brand). */
export function findAccounts(
  accounts: readonly AccountView[],
  brands: readonly BrandView[],
  filter: AccountFilter,
  query: string,
): AccountView[] {
  const names = new Map(brands.map((brand) => [brand.id, brand.name]))
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return accounts.filter((account) => {
    if (filter === 'attention' && !needsAttention(account)) return false
    if (filter === 'paused' && account.state !== 'paused') return false
    const brand = account.brandId === null ? '' : (names.get(account.brandId) ?? '')
    const { name, email, role } = account.user
    const text = [account.vendorName, account.siteLabel, name, email, role, brand].join(' ').toLocaleLowerCase()
    return words.every((word) => text.includes(word))
  })
}

const bySite = new Intl.Collator('en-GB', { numeric: true })

export interface AccountGroup {
  /** Null: accounts that have no brand yet. They come first, because they wait for a person. */
  brand: BrandView | null
  accounts: AccountView[]
}

/** Accounts under their brands, in the order of the rail; inside of a brand by vendor and site. */
export function groupAccounts(accounts: readonly AccountView[], brands: readonly BrandView[]): AccountGroup[] {
  const known = new Set(brands.map((brand) => brand.id))
  const groups: AccountGroup[] = [null, ...brands].map((brand) => ({
    brand,
    accounts: accounts
      .filter((account) =>
        brand === null ? account.brandId === null || !known.has(account.brandId) : account.brandId === brand.id,
      )
      .sort((a, b) => bySite.compare(`${a.vendorName} ${a.siteLabel}`, `${b.vendorName} ${b.siteLabel}`)),
  }))
  return groups.filter((group) => group.accounts.length > 0)
}

/** How many accounts (by default brand or by routing) use a brand. */
export function brandUse(brandId: string, accounts: readonly AccountView[]): number {
  return accounts.filter(
    (account) =>
      account.brandId === brandId || account.vendorBrands.some((vendorBrand) => vendorBrand.brandId === brandId),
  ).length
}

/** `1,204`. */
export function count(value: number): string {
  return new Intl.NumberFormat('en-GB').format(value)
}
