import { clsx } from 'clsx'
import ChevronRight from 'lucide-react/icons/chevron-right'
import { useId, useState } from 'react'
import { Button as PlainButton } from 'react-aria-components'
import type { AccountView } from '../../preload/contract.ts'
import { VendorMark } from '../connect/vendor-mark.tsx'
import { Button } from '../design/button.tsx'
import { Badge } from '../design/chip.tsx'
import { HealthDot } from '../design/health-dot.tsx'
import { MiddleCut } from '../design/middle-cut.tsx'
import { fullTime } from '../inbox/time-words.ts'
import { ManagedButton, ManagedNote } from '../policy/managed.tsx'
import { count, stateWords, syncedWords } from '../state/account-words.ts'
import { useAccounts, useWorkspace } from '../workspace.tsx'
import { AccountDetails } from './account-details.tsx'
import { AccountMenu } from './account-menu.tsx'
import styles from './account-row.module.css'
import { AccountTrouble } from './account-trouble.tsx'
import { RemoveDialog } from './remove-dialog.tsx'
import { SyncProgress } from './sync-progress.tsx'
import { useReconnect } from './use-reconnect.ts'

/** One account on one line; more of it one click below. Trouble is always in sight, never folded away. */
export function AccountRow({ account, now }: { account: AccountView; now: number }) {
  const [open, setOpen] = useState(false)
  const [removing, setRemoving] = useState(false)
  const detailsId = useId()
  const noteId = useId()
  const locked = account.locked?.reconnect ?? null
  const words = stateWords(account, now)
  const busy = useAccounts((state) => state.busy[account.id])
  return (
    <li
      className={clsx(styles.row)}
      aria-label={`${account.user.name} at ${account.siteLabel}`}
      aria-busy={busy !== undefined}
    >
      <div className={clsx(styles.line)}>
        <PlainButton
          className={clsx(styles.main)}
          aria-expanded={open}
          {...(open && { 'aria-controls': detailsId })}
          onPress={() => setOpen(!open)}
        >
          <ChevronRight size={14} className={clsx(styles.chevron)} aria-hidden="true" />
          <VendorMark name={account.vendorName} size={32} />
          <span className={clsx(styles.site)}>
            <MiddleCut className={styles.siteLabel} text={account.siteLabel} />
            <span className={clsx(styles.meta)}>{account.vendorName}</span>
          </span>
          <span className={clsx(styles.user)}>
            <span className={clsx(styles.cut)}>{account.user.name}</span>
            <MiddleCut
              className={styles.meta}
              text={account.user.email ?? account.user.role ?? account.user.vendorUserId}
            />
          </span>
          <span className={clsx(styles.state)}>
            <Badge tone={words.tone} icon={<HealthDot health={words.health} />}>
              {words.label}
            </Badge>
          </span>
          <SyncColumn account={account} now={now} />
        </PlainButton>
        <RowActions account={account} busy={busy !== undefined} noteId={noteId} onRemove={() => setRemoving(true)} />
      </div>
      <AccountTrouble account={account} />
      {account.state === 'needs_sign_in' && locked !== null && (
        <div className={clsx(styles.locked)}>
          <ManagedNote id={noteId} reason={locked} />
        </div>
      )}
      {open && (
        <div id={detailsId}>
          <AccountDetails account={account} now={now} />
        </div>
      )}
      <RemoveDialog account={account} isOpen={removing} onClose={() => setRemoving(false)} />
    </li>
  )
}

function SyncColumn({ account, now }: { account: AccountView; now: number }) {
  if (account.sync.phase === 'first-fill' && account.state === 'connected') {
    return (
      <span className={clsx(styles.sync)}>
        <SyncProgress account={account} isShort />
      </span>
    )
  }
  return (
    <span className={clsx(styles.sync)}>
      <span>{`${count(account.sync.conversations)} conversations`}</span>
      <span
        className={clsx(styles.meta)}
        title={account.lastSyncAt === null ? undefined : fullTime(account.lastSyncAt)}
      >
        {syncedWords(account, now)}
      </span>
    </span>
  )
}

interface RowActionsProps {
  account: AccountView
  busy: boolean
  /** Where it is said why the account cannot be reconnected. */
  noteId: string
  onRemove: () => void
}

function RowActions({ account, busy, noteId, onRemove }: RowActionsProps) {
  const { connect, app } = useWorkspace()
  const reconnect = useReconnect(account)
  const lockedReason = account.locked?.reconnect ?? null
  const nameBrand = () => {
    connect.getState().nameBrand(account.id)
    app.getState().show('connect')
  }
  return (
    <div className={clsx(styles.actions)}>
      {account.state === 'needs_sign_in' && lockedReason !== null && (
        <ManagedButton reason={lockedReason} noteId={noteId}>
          Reconnect
        </ManagedButton>
      )}
      {account.state === 'needs_sign_in' && lockedReason === null && (
        <Button size="s" isBusy={reconnect.busy} onPress={() => void reconnect.start()}>
          {account.way === 'key' ? 'Change the key' : 'Reconnect'}
        </Button>
      )}
      {account.brandId === null && account.state !== 'needs_sign_in' && (
        <Button size="s" onPress={nameBrand}>
          Name the brand
        </Button>
      )}
      <AccountMenu account={account} isBusy={busy} onRemove={onRemove} />
    </div>
  )
}
