import { clsx } from 'clsx'
import Check from 'lucide-react/icons/check'
import type { AccountView } from '../../preload/contract.ts'
import { Avatar } from '../design/avatar.tsx'
import { Skeleton, SkeletonGroup } from '../design/skeleton.tsx'
import { SyncProgress } from '../accounts/sync-progress.tsx'
import styles from './brand-step.module.css'

/** Who signed in, where, and how far the first sync is. */
export function SignedIn({ account, title }: { account: AccountView | undefined; title: string }) {
  return (
    <>
      <div className={clsx(styles.head)}>
        <span className={clsx(styles.tick)}>
          <Check size={20} strokeWidth={2.5} aria-hidden="true" />
        </span>
        <h2 id="step-title">{title}</h2>
      </div>
      {account === undefined ? (
        <SkeletonGroup label="Loading the account">
          <Skeleton height={72} />
        </SkeletonGroup>
      ) : (
        <div className={clsx(styles.who)}>
          <Avatar name={account.user.name} size={40} />
          <div className={clsx(styles.person)}>
            <p>
              <strong>{account.user.name}</strong>
              {account.user.role !== null && <span className={clsx(styles.role)}>{account.user.role}</span>}
            </p>
            <p className={clsx(styles.meta)}>{[account.user.email, account.siteLabel].filter(Boolean).join(' · ')}</p>
          </div>
          <div className={clsx(styles.sync)}>
            <SyncProgress account={account} />
          </div>
        </div>
      )}
    </>
  )
}
