import type { AccountView } from '../../preload/contract.ts'
import type { Health } from '../design/health-dot.tsx'

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

/** The worst of a brand's accounts; null for a brand without one. */
export function brandHealth(accounts: readonly AccountView[], brandId: string): Health | null {
  const found = accounts
    .filter((account) => account.brandId === brandId)
    .map((account) => accountHealth(account).health)
  return worstFirst.find((health) => found.includes(health)) ?? null
}
