import { clsx } from 'clsx'
import CircleCheck from 'lucide-react/icons/circle-check'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import X from 'lucide-react/icons/x'
import { IconButton } from '../design/button.tsx'
import type { RemovedNotice } from '../state/accounts.ts'
import { useAccounts, useWorkspace } from '../workspace.tsx'
import styles from './handshake-list.module.css'

/** After a removal: what was deleted here and what became of the access at the vendor. Stays until it is put away. */
export function RemovedNotices() {
  const { accounts } = useWorkspace()
  const removed = useAccounts((state) => state.removed)
  if (removed.length === 0) return null
  return (
    <ul className={clsx(styles.list)} aria-label="Removed accounts">
      {removed.map((notice) => (
        <li key={notice.accountId} className={clsx(styles.line)}>
          {notice.revoked === 'revoked' ? (
            <CircleCheck size={16} className={clsx(styles.good)} aria-hidden="true" />
          ) : (
            <TriangleAlert size={16} className={clsx(styles.bad)} aria-hidden="true" />
          )}
          <span className={clsx(styles.words)} role="status">
            <strong>{`${notice.siteLabel} was removed from this computer.`}</strong>
            <span className={clsx(styles.meta)}>{vendorWords(notice)}</span>
          </span>
          <IconButton
            label="Dismiss"
            icon={<X size={14} />}
            onPress={() => accounts.getState().dismissRemoved(notice.accountId)}
          />
        </li>
      ))}
    </ul>
  )
}

function vendorWords({ revoked, vendorName, userName }: RemovedNotice): string {
  const words: Record<RemovedNotice['revoked'], string> = {
    revoked: `${vendorName} confirmed that the access of ${userName} has ended.`,
    not_offered: `${vendorName} offers no way to end access from here. It runs out by itself, or end it in your profile there.`,
    not_reached: `${vendorName} could not be reached, so the access of ${userName} may live on there. End it in your profile there.`,
  }
  return words[revoked]
}
