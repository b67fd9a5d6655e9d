import { clsx } from 'clsx'
import { Button } from 'react-aria-components'
import type { AccountView } from '../../preload/contract.ts'
import { VendorMark } from '../connect/vendor-mark.tsx'
import { HealthDot } from '../design/health-dot.tsx'
import { MiddleCut } from '../design/middle-cut.tsx'
import { Tooltip } from '../design/tooltip.tsx'
import { withAccount } from '../state/inbox-filters.ts'
import { useInbox, useWorkspace } from '../workspace.tsx'
import type { ShortName } from './account-name.ts'
import { accountHealth } from './brand-health.ts'
import styles from './views-pane.module.css'

const numbers = new Intl.NumberFormat('en')

/** An account to filter by: the vendor's letter, how it does where that is not well, its short name and what is unread. */
export function AccountItem({ account, short }: { account: AccountView; short: ShortName }) {
  const { inbox } = useWorkspace()
  const current = useInbox((state) => state.filters.accountId === account.id)
  const unread = useInbox((state) => state.counts?.byAccount[account.id]?.unread ?? 0)
  const { health, words } = accountHealth(account)
  return (
    <Tooltip
      text={`${account.vendorName} ${account.siteLabel}\n${account.user.name}\nThis account ${words}.`}
      placement="right"
    >
      <Button
        className={clsx(styles.item)}
        aria-current={current}
        aria-label={spokenName(account, short, unread)}
        onPress={() => inbox.getState().filter((filters) => withAccount(filters, current ? null : account.id))}
      >
        <span className={clsx(styles.vendor)}>
          <VendorMark name={account.vendorName} size={18} />
          {health !== 'good' && (
            <span className={clsx(styles.health)}>
              <HealthDot health={health} />
            </span>
          )}
        </span>
        <span className={clsx(styles.account)}>
          <MiddleCut text={short.name} longerThan={14} />
          {short.more !== null && <span className={clsx(styles.who)}>{` ${short.more}`}</span>}
        </span>
        {unread > 0 && ' '}
        {unread > 0 && <span className={clsx(styles.count)}>{numbers.format(unread)}</span>}
      </Button>
    </Tooltip>
  )
}

/** Begins with the words on the button, so that speaking them finds it. */
function spokenName(account: AccountView, short: ShortName, unread: number): string {
  const { words } = accountHealth(account)
  const shown = [short.name, short.more, unread === 0 ? null : `${numbers.format(unread)} unread`]
  const whole = `${account.vendorName} ${account.siteLabel}, ${account.user.name}, ${words}`
  return `${shown.filter(Boolean).join(' ')}, ${whole}`
}
