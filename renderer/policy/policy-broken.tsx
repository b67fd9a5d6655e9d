import { clsx } from 'clsx'
import CircleCheck from 'lucide-react/icons/circle-check'
import ShieldAlert from 'lucide-react/icons/shield-alert'
import { useState } from 'react'
import type { PolicyView } from '../../preload/contract.ts'
import { unwrap } from '../bridge.ts'
import { Button } from '../design/button.tsx'
import { CopyButton } from '../design/copy-field.tsx'
import styles from '../trouble/trouble-screen.module.css'
import { useDesk, useWorkspace } from '../workspace.tsx'
import own from './policy-broken.module.css'

type Fault = NonNullable<PolicyView['broken']>[number]

/** The whole window while the policy cannot be used: main answers nothing else, so nothing else is shown. */
export function PolicyBroken({ faults }: { faults: readonly Fault[] }) {
  const { policy, bridge } = useWorkspace()
  const { attempt, copy } = useDesk()
  const [busy, setBusy] = useState(false)
  const retry = () => {
    setBusy(true)
    void attempt(policy.getState().retry()).then(() => setBusy(false))
  }
  return (
    <main className={clsx(styles.page)}>
      <div className={clsx(styles.card)} role="alert">
        <span className={clsx(styles.mark)} aria-hidden="true">
          <ShieldAlert size={22} />
        </span>
        <h1>This workstation is managed, and its policy cannot be read</h1>
        <p className={clsx(styles.action)}>
          Ask your administrator to correct it. Until then Manydesk reads and sends nothing, because it cannot know what
          is allowed.
        </p>
        <ul className={clsx(own.faults)} aria-label="What is wrong">
          {faults.map((fault) => (
            <li key={faultLine(fault)}>
              <strong>{fault.message}</strong>
              <code>{placeOf(fault)}</code>
            </li>
          ))}
        </ul>
        <ul className={clsx(styles.kept)}>
          <li>
            <CircleCheck size={16} aria-hidden="true" />
            <span>Your sign-ins, conversations, drafts and unsent replies on this computer are untouched.</span>
          </li>
        </ul>
        <div className={clsx(styles.buttons)}>
          <Button variant="primary" isBusy={busy} onPress={retry} autoFocus>
            Try again
          </Button>
          <CopyButton value={faults.map(faultLine).join('\n')} onCopy={copy} label="Copy details" />
        </div>
        <div className={clsx(styles.foot)}>
          <Button variant="link" size="s" onPress={() => void attempt(unwrap(bridge.app.showLogFile()))}>
            Show the log file
          </Button>
        </div>
      </div>
    </main>
  )
}

function placeOf({ file, line, column, path }: Fault): string {
  const place = line === null ? file : `${file}, line ${line}, column ${column ?? 1}`
  return path === '' ? place : `${place}: ${path}`
}

const faultLine = (fault: Fault) => `${placeOf(fault)}: ${fault.message}`
