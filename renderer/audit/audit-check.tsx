import { clsx } from 'clsx'
import ShieldAlert from 'lucide-react/icons/shield-alert'
import ShieldCheck from 'lucide-react/icons/shield-check'
import ShieldOff from 'lucide-react/icons/shield-off'
import type { ReactNode } from 'react'
import type { AuditVerification } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Spinner } from '../design/spinner.tsx'
import { count } from '../state/account-words.ts'
import { useDesk, useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import styles from './audit-tab.module.css'

/** Whether the log is the one that was written, in one line; in red where it is not. */
export function AuditCheck() {
  const { audit } = useWorkspace()
  const desk = useDesk()
  const check = useWorkspaceStore('audit', (state) => state.check)
  const again = (
    <Button size="s" onPress={() => void audit.getState().verify()}>
      Check again
    </Button>
  )
  const isTold = useWorkspaceStore('audit', (state) => state.phase === 'failed')
  // One trouble, said once: the list below says it, too.
  if (check.kind === 'failed' && isTold) return null
  if (check.kind === 'failed') return <ErrorNotice error={check.error} onCopy={desk.copy} actions={again} />
  if (check.kind === 'checking') {
    return (
      <div role="status" className={clsx(styles.check)}>
        <Spinner label="Checking the audit log" />
        <p>Checking every entry…</p>
      </div>
    )
  }
  const { result } = check
  const { tone, icon, title, text } = checkWords(result)
  return (
    <div role={tone === 'bad' ? 'alert' : 'status'} className={clsx(styles.check, styles[tone])}>
      {icon}
      <p>
        <strong>{title}</strong> {text}
      </p>
      {again}
    </div>
  )
}

interface CheckWords {
  tone: 'good' | 'bad' | 'plain'
  icon: ReactNode
  title: string
  text: string
}

function checkWords({ state, checked, unverifiable, broken }: AuditVerification): CheckWords {
  const former =
    unverifiable === 0
      ? ''
      : ` ${entries(unverifiable)} before that cannot be verified any more, because the key of that time is lost.`
  if (state === 'memory') {
    return {
      tone: 'plain',
      icon: <ShieldOff size={18} aria-hidden="true" />,
      title: 'This session keeps no audit log on disk.',
      text: 'What happens is listed here until Manydesk quits.',
    }
  }
  if (state === 'broken') {
    return {
      tone: 'bad',
      icon: <ShieldAlert size={18} aria-hidden="true" />,
      title: `The audit log was tampered with or damaged at entry ${count(broken?.seq ?? 0)}.`,
      text: `${broken?.message ?? ''} Export it and tell your administrator.${former}`,
    }
  }
  return {
    tone: 'good',
    icon: <ShieldCheck size={18} aria-hidden="true" />,
    title: 'The audit log is intact.',
    text: `${entries(checked)} checked: none was changed, taken away or added.${former}`,
  }
}

const entries = (number: number): string => (number === 1 ? '1 entry' : `${count(number)} entries`)
