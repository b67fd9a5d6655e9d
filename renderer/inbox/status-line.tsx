import { clsx } from 'clsx'
import CircleAlert from 'lucide-react/icons/circle-alert'
import { Button } from 'react-aria-components'
import type { AccountView } from '../../preload/contract.ts'
import { HealthDot } from '../design/health-dot.tsx'
import { needsSomebody } from '../state/health-words.ts'
import { useAccounts, useApp, useHealth, useWorkspace } from '../workspace.tsx'
import { OutboxPopover } from './outbox-popover.tsx'
import styles from './status-line.module.css'
import { since } from './time-words.ts'
import { useNow } from './use-now.ts'

/** Connection, last sync, accounts that need attention, unsent commands. */
export function StatusLine() {
  const online = useApp((state) => state.app?.online ?? true)
  const accounts = useAccounts((state) => state.accounts)
  const now = useNow()
  return (
    <footer className={clsx(styles.line)}>
      <span className={clsx(styles.item)}>
        <HealthDot health={online ? 'good' : 'paused'} />
        {online ? 'Online' : 'Offline'}
      </span>
      <span className={clsx(styles.item, styles.sync)}>{syncWords(accounts, now)}</span>
      <Attention accounts={accounts} />
      <OutboxPopover />
    </footer>
  )
}

function Attention({ accounts }: { accounts: readonly AccountView[] }) {
  const { app } = useWorkspace()
  const byAccount = useHealth((state) => state.byAccount)
  const count = accounts.filter((account) => needsSomebody({ account, health: byAccount[account.id] })).length
  if (count === 0) return null
  return (
    <Button className={clsx(styles.item, styles.bad)} onPress={() => app.getState().show('accounts', 'health')}>
      <CircleAlert size={14} aria-hidden="true" />
      {count === 1 ? '1 account needs attention' : `${count} accounts need attention`}
    </Button>
  )
}

const numbers = new Intl.NumberFormat('en')

/** What the syncing does, in the most telling words: a first fill with its count, or when the oldest account was last read. */
export function syncWords(accounts: readonly AccountView[], now: number): string {
  const connected = accounts.filter(({ state }) => state === 'connected')
  const filling = connected.find(({ sync }) => sync.phase === 'first-fill')
  if (filling !== undefined) {
    const { conversations, total } = filling.sync
    const done = numbers.format(conversations)
    return total === null
      ? `Reading ${filling.siteLabel}: ${done} conversations so far`
      : `Reading ${filling.siteLabel}: ${done} of ${numbers.format(total)} conversations`
  }
  const times = connected.flatMap(({ lastSyncAt }) => (lastSyncAt === null ? [] : [lastSyncAt]))
  return times.length === 0 ? '' : `Up to date as of ${since(Math.min(...times), now)}`
}
