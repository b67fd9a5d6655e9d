import { clsx } from 'clsx'
import Clock from 'lucide-react/icons/clock-alert'
import { Button } from 'react-aria-components'
import type { AccountHealth, AccountView } from '../../preload/contract.ts'
import { notCurrentWords } from '../state/health-words.ts'
import type { Filters } from '../state/inbox-filters.ts'
import { useAccounts, useHealth, useInbox, useWorkspace } from '../workspace.tsx'
import styles from './not-current-notice.module.css'
import { useNow } from './use-now.ts'

interface Down {
  account: AccountView
  notCurrent: NonNullable<AccountHealth['notCurrent']>
}

/** Accounts whose conversations may be in this view and are not current. */
export function downInView(
  accounts: readonly AccountView[],
  health: Readonly<Record<string, AccountHealth>>,
  { accountId, brandId }: Pick<Filters, 'accountId' | 'brandId'>,
): Down[] {
  return accounts
    .filter((account) => accountId === null || account.id === accountId)
    .filter((account) => brandId === null || serves(account, brandId))
    .flatMap((account) => {
      const notCurrent = health[account.id]?.notCurrent
      return notCurrent == null ? [] : [{ account, notCurrent }]
    })
}

const serves = ({ brandId: own, vendorBrands }: AccountView, brandId: string) =>
  own === brandId || vendorBrands.some((each) => each.brandId === brandId)

/** `acme.zendesk.com is not current since 14:05 (signed out)`; of several the one that is longest behind, and how many more. */
export function downWords(down: readonly Down[], now: number): string | null {
  const [first, ...others] = [...down].sort((a, b) => (a.notCurrent.since ?? 0) - (b.notCurrent.since ?? 0))
  if (first === undefined) return null
  const words = notCurrentWords(first.notCurrent, now)
  const sentence = `${first.account.siteLabel} ${words.startsWith('was') ? '' : 'is '}${words}`
  return others.length === 0 ? sentence : `${sentence}, and ${others.length} more`
}

/** One line over the list: silence of an account that is down is not taken for calm. */
export function NotCurrentNotice() {
  const { app } = useWorkspace()
  const accounts = useAccounts((state) => state.accounts)
  const health = useHealth((state) => state.byAccount)
  const filters = useInbox((state) => state.filters)
  const now = useNow()
  const words = downWords(downInView(accounts, health, filters), now)
  return (
    <div role="status" aria-label="Not current">
      {words !== null && (
        <Button className={clsx(styles.line)} onPress={() => app.getState().show('accounts', 'health')}>
          <Clock size={14} aria-hidden="true" />
          <span className={clsx(styles.words)} title={words}>
            {words}
          </span>
        </Button>
      )}
    </div>
  )
}

/** The same in the header of a conversation. */
export function NotCurrentMark({ accountId, now }: { accountId: string; now: number }) {
  const notCurrent = useHealth((state) => state.byAccount[accountId]?.notCurrent ?? null)
  if (notCurrent === null) return null
  const words = notCurrentWords(notCurrent, now)
  return (
    <span className={clsx(styles.mark)}>
      <Clock size={12} aria-hidden="true" />
      {words.charAt(0).toUpperCase() + words.slice(1)}
    </span>
  )
}
