import { clsx } from 'clsx'
import Check from 'lucide-react/icons/check'
import type { AccountView } from '../../preload/contract.ts'
import { SyncProgress } from '../accounts/sync-progress.tsx'
import { Avatar } from '../design/avatar.tsx'
import styles from './brand-step.module.css'

interface SignedInProps {
  account: AccountView
  title: string
  /** Marks the title with a tick: something has just gone well. */
  isNews?: boolean
}

/** Who signed in, where, and how far the first sync is. */
export function SignedIn({ account, title, isNews = true }: SignedInProps) {
  const { name, role, email } = account.user
  // The site of a personal mailbox is its address.
  const whereabouts = [...new Set([email, account.siteLabel])].filter((part) => part !== null)
  return (
    <>
      <div className={clsx(styles.head)}>
        {isNews && (
          <span className={clsx(styles.tick)}>
            <Check size={20} strokeWidth={2.5} aria-hidden="true" />
          </span>
        )}
        <h2 id="step-title">{title}</h2>
      </div>
      <div className={clsx(styles.who)}>
        <Avatar name={name} size={40} />
        <div className={clsx(styles.person)}>
          <p>
            <strong>{name}</strong>
            {role !== null && <span className={clsx(styles.role)}>{role}</span>}
          </p>
          <p className={clsx(styles.meta)}>{whereabouts.join(' · ')}</p>
        </div>
        <div className={clsx(styles.sync)}>
          <SyncProgress account={account} />
        </div>
      </div>
    </>
  )
}
