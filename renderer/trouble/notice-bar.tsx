import { clsx } from 'clsx'
import CloudOff from 'lucide-react/icons/cloud-off'
import KeyRound from 'lucide-react/icons/key-round'
import LogIn from 'lucide-react/icons/log-in'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import X from 'lucide-react/icons/x'
import type { ReactNode } from 'react'
import type { AccountView } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { useReconnect } from '../accounts/use-reconnect.ts'
import { Button, IconButton } from '../design/button.tsx'
import { since } from '../inbox/time-words.ts'
import { managedWords } from '../policy/managed.tsx'
import { presentOf } from '../state/sign-in-queue.ts'
import { useAccounts, useApp, useSignIns, useWorkspace } from '../workspace.tsx'
import styles from './notice-bar.module.css'

/** What holds for the whole window: offline, this session only, repaired files, accounts that ask for a sign-in. */
export function NoticeBar() {
  const online = useApp((state) => state.app?.online ?? true)
  const sessionOnly = useApp((state) => state.app?.sessionOnly ?? false)
  const accounts = useAccounts((state) => state.accounts)
  const queueRuns = useSignIns((state) => presentOf(state) !== null)
  const asking = accounts.filter((account) => account.state === 'needs_sign_in')
  return (
    <>
      {!online && (
        <Bar icon={<CloudOff size={16} />} tone="neutral" title="You are offline.">
          Everything on this computer stays usable. What you send waits in the outbox and goes out by itself.
        </Bar>
      )}
      {sessionOnly && (
        <Bar icon={<KeyRound size={16} />} tone="neutral" title="For this session only.">
          Sign-ins are not kept on this computer: you sign in again when Manydesk starts next.
        </Bar>
      )}
      {asking.length > 0 && !queueRuns && <SignInBar accounts={asking} />}
      <RepairNotices />
    </>
  )
}

function SignInBar({ accounts }: { accounts: readonly AccountView[] }) {
  const { app, signIns } = useWorkspace()
  const [first] = accounts
  if (first === undefined) return null
  if (accounts.length > 1) {
    return (
      <Bar
        icon={<LogIn size={16} />}
        tone="amber"
        title={`${accounts.length} accounts ${needOf(accounts)}.`}
        action={
          <>
            <Button size="s" onPress={() => void signIns.getState().start(accounts.map(({ id }) => id))}>
              Sign in one by one
            </Button>
            <Button size="s" variant="quiet" onPress={() => app.getState().show('accounts')}>
              Show accounts
            </Button>
          </>
        }
      >
        What they brought stays readable, but is not kept current.
      </Bar>
    )
  }
  return <OneAccountBar account={first} />
}

function needOf(accounts: readonly AccountView[]): string {
  const keys = accounts.filter(({ way }) => way === 'key').length
  if (keys === 0) return 'ask you to sign in again'
  return keys === accounts.length ? 'need a new key' : 'ask for a new sign-in or key'
}

const failureWords = ({ message, action }: ErrorShape) => (action === null ? message : `${message} ${action}`)

function OneAccountBar({ account }: { account: AccountView }) {
  const { vendorName, siteLabel, lastSyncAt } = account
  const reconnect = useReconnect(account)
  const failure = useAccounts((state) => state.failures[account.id])
  const byKey = account.way === 'key'
  const locked = account.locked?.reconnect ?? null
  const seen = lastSyncAt === null ? '' : ` Not current since ${since(lastSyncAt)}.`
  return (
    <Bar
      icon={<LogIn size={16} />}
      tone="amber"
      title={
        byKey
          ? `${vendorName} ${siteLabel} needs a new key.`
          : `${vendorName} asks you to sign in to ${siteLabel} again.`
      }
      action={
        locked === null && (
          <Button size="s" isBusy={reconnect.busy} onPress={() => void reconnect.start()}>
            {byKey ? 'Change the key' : 'Sign in'}
          </Button>
        )
      }
    >
      {failure === undefined
        ? `What it brought stays readable.${seen}${locked === null ? '' : ` ${managedWords(locked)}`}`
        : failureWords(failure)}
    </Bar>
  )
}

function RepairNotices() {
  const { app } = useWorkspace()
  const notices = useApp((state) => state.app?.notices)
  const dismissed = useApp((state) => state.dismissedNotices)
  return (notices ?? [])
    .filter((notice) => !dismissed.includes(notice.message))
    .map((notice) => (
      <Bar
        key={notice.message}
        icon={<TriangleAlert size={16} />}
        tone="amber"
        title={notice.message}
        action={
          <IconButton
            label="Dismiss"
            icon={<X size={14} />}
            onPress={() => app.getState().dismissNotice(notice.message)}
          />
        }
      >
        {notice.action}
      </Bar>
    ))
}

interface BarProps {
  icon: ReactNode
  tone: 'amber' | 'neutral'
  title: string
  children: ReactNode
  action?: ReactNode
}

function Bar({ icon, tone, title, children, action }: BarProps) {
  return (
    <div role="status" className={clsx(styles.bar, styles[tone])}>
      {icon}
      <p className={clsx(styles.words)}>
        <strong>{title}</strong> <span>{children}</span>
      </p>
      {action}
    </div>
  )
}
