import { clsx } from 'clsx'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import X from 'lucide-react/icons/x'
import { useState } from 'react'
import type { AccountView } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { Button, IconButton } from '../design/button.tsx'
import { CopyButton } from '../design/copy-field.tsx'
import { useAccounts, useDesk, useWorkspace } from '../workspace.tsx'
import styles from './account-trouble.module.css'

/** Why the account needs attention, and what failed when something was tried. One line each, so that many stay readable. */
export function AccountTrouble({ account }: { account: AccountView }) {
  const { accounts } = useWorkspace()
  const failure = useAccounts((state) => state.failures[account.id])
  if (account.trouble === null && failure === undefined) return null
  return (
    <div className={clsx(styles.troubles)}>
      {account.trouble !== null && (
        <TroubleLine error={account.trouble} tone={account.state === 'needs_sign_in' ? 'red' : 'amber'} />
      )}
      {failure !== undefined && (
        <TroubleLine error={failure} tone="red" onDismiss={() => accounts.getState().dismissFailure(account.id)} />
      )}
    </div>
  )
}

function TroubleLine({ error, tone, onDismiss }: { error: ErrorShape; tone: 'red' | 'amber'; onDismiss?: () => void }) {
  const desk = useDesk()
  const [open, setOpen] = useState(false)
  const report = [`${error.code}: ${error.message}`, error.detail].filter((part) => part !== null).join('\n')
  return (
    <div role={onDismiss === undefined ? 'status' : 'alert'} className={clsx(styles.line)}>
      <TriangleAlert size={14} className={clsx(styles[tone])} aria-hidden="true" />
      <p className={clsx(styles.words)}>
        <strong>{error.message}</strong> {error.action}
      </p>
      <Button variant="link" size="s" aria-expanded={open} onPress={() => setOpen(!open)}>
        {open ? 'Hide details' : 'Details'}
      </Button>
      {onDismiss !== undefined && <IconButton label="Dismiss" icon={<X size={14} />} onPress={onDismiss} />}
      {open && (
        <div className={clsx(styles.detail)}>
          <pre>{report}</pre>
          <CopyButton value={report} onCopy={desk.copy} label="Copy details" />
        </div>
      )}
    </div>
  )
}
