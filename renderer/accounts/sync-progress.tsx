import { clsx } from 'clsx'
import type { AccountView } from '../../preload/contract.ts'
import { Progress } from '../design/progress.tsx'
import { count } from '../state/account-words.ts'
import styles from './sync-progress.module.css'

/** How far the first sync is, and the plain number of conversations once it is through. */
export function SyncProgress({ account, isShort = false }: { account: AccountView; isShort?: boolean }) {
  const { phase, conversations, total } = account.sync
  if (phase === 'first-fill') {
    const text = total === null ? count(conversations) : `${count(conversations)} of ${count(total)}`
    return <Progress label="Loading conversations" hideLabel={isShort} done={conversations} total={total} text={text} />
  }
  return (
    <p className={clsx(styles.done)}>
      <strong>{count(conversations)}</strong> conversations here
    </p>
  )
}
