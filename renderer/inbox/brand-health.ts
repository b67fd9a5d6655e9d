import type { AccountHealth, AccountView } from '../../preload/contract.ts'
import type { Health } from '../design/health-dot.tsx'
import { forecastWords, isAlarm } from '../state/health-words.ts'

/** A vendor that asks for a pause says until when; without a network nobody knows. */
function isOffline({ sync }: AccountView): boolean {
  return sync.phase === 'waiting' && sync.waitUntil === null
}

/** How an account does, and the words for it. */
export function accountHealth(account: AccountView): { health: Health; words: string } {
  if (account.state === 'needs_sign_in') {
    return { health: 'bad', words: account.way === 'key' ? 'needs a new key' : 'asks you to sign in again' }
  }
  if (account.state === 'paused') return { health: 'paused', words: 'is paused' }
  switch (account.sync.phase) {
    case 'failing':
      return { health: 'bad', words: 'is not updating' }
    case 'waiting':
      return { health: 'waiting', words: isOffline(account) ? 'waits for the network' : 'asked us to slow down' }
    case 'first-fill':
      return { health: 'working', words: 'is being read for the first time' }
    case 'updating':
    case 'idle':
      return { health: 'good', words: 'is current' }
  }
}

const worstFirst: readonly Health[] = ['bad', 'waiting', 'working', 'paused', 'good']

/** How a brand does: the worst of what its accounts are and of what is announced for them, with a line for each account that is not well. */
export interface BrandHealth {
  health: Health
  lines: string[]
}

/** Null for a brand without an account. @param now epoch milliseconds */
export function brandHealth(
  accounts: readonly AccountView[],
  byAccount: Readonly<Record<string, AccountHealth>>,
  brandId: string,
  now: number,
): BrandHealth | null {
  const found = accounts
    .filter((account) => account.brandId === brandId)
    .map((account) => withForecast(account, byAccount[account.id], now))
  const health = worstFirst.find((each) => found.some((one) => one.health === each))
  if (health === undefined) return null
  return { health, lines: found.filter((one) => one.health !== 'good').map(({ line }) => line) }
}

function withForecast(account: AccountView, known: AccountHealth | undefined, now: number) {
  const { health, words } = accountHealth(account)
  const announced = known?.forecast.find(isAlarm)
  if (health === 'bad' || announced === undefined) return { health, line: `${account.siteLabel} ${words}` }
  const bad = announced.severity === 'broken'
  const line = `${account.siteLabel}: ${forecastWords(announced, now).label.toLowerCase()}`
  return { health: bad ? ('bad' as const) : ('waiting' as const), line }
}
