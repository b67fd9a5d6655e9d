import { clsx } from 'clsx'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import X from 'lucide-react/icons/x'
import type { HandshakeView } from '../../preload/contract.ts'
import { dockWords } from '../connect/handshake-dock.tsx'
import { Countdown } from '../connect/sign-in-step.tsx'
import { Button, IconButton } from '../design/button.tsx'
import { Spinner } from '../design/spinner.tsx'
import { isRunning, outcomeOf } from '../state/connect-outcome.ts'
import { useAccounts, useWorkspace } from '../workspace.tsx'
import styles from './handshake-list.module.css'

/** Sign-ins that run or ended without an account, above the accounts that work. */
export function HandshakeList() {
  const handshakes = useAccounts((state) => state.handshakes)
  const dismissed = useAccounts((state) => state.dismissed)
  const shown = handshakes.filter((entry) => entry.step !== 'done' && !dismissed.includes(entry.attemptId))
  if (shown.length === 0) return null
  return (
    <section aria-labelledby="handshakes-title">
      <h2 id="handshakes-title" className={clsx(styles.title)}>
        Signing in
      </h2>
      <ul className={clsx(styles.list)} aria-labelledby="handshakes-title">
        {shown.map((handshake) => (
          <HandshakeLine key={handshake.attemptId} handshake={handshake} />
        ))}
      </ul>
    </section>
  )
}

function HandshakeLine({ handshake }: { handshake: HandshakeView }) {
  const { accounts, connect, app } = useWorkspace()
  const vendor = useAccounts((state) => state.vendors.find((entry) => entry.id === handshake.vendor))
  const running = isRunning(handshake)
  const open = () => {
    connect.getState().showAttempt(handshake.attemptId)
    app.getState().show('connect')
  }
  const cancel = () => {
    connect.getState().forget(handshake.attemptId)
    void accounts.getState().cancelHandshake(handshake.attemptId)
  }
  const dismiss = () => {
    connect.getState().forget(handshake.attemptId)
    accounts.getState().dismissHandshake(handshake.attemptId)
  }
  return (
    <li className={clsx(styles.line)}>
      <span className={clsx(styles.mark, !running && styles.bad)}>
        {running ? <Spinner label="Under way" /> : <TriangleAlert size={16} aria-hidden="true" />}
      </span>
      <span className={clsx(styles.words)} role="status">
        <strong>{handshake.siteLabel}</strong>
        <span className={clsx(styles.meta)}>{[vendor?.name, lineWords(handshake)].filter(Boolean).join(' · ')}</span>
      </span>
      {handshake.step === 'waiting' && <Countdown expiresAt={handshake.expiresAt} />}
      <Button size="s" onPress={open}>
        {running ? 'Show' : 'See what to do'}
      </Button>
      {running ? (
        <Button size="s" variant="quiet" onPress={cancel}>
          Cancel
        </Button>
      ) : (
        <IconButton label="Dismiss" icon={<X size={14} />} onPress={dismiss} />
      )}
    </li>
  )
}

function lineWords(handshake: HandshakeView): string {
  if (handshake.error === null) return dockWords(handshake)
  return outcomeOf(handshake.error, {
    reconnect: handshake.accountId !== null,
    hasOtherWay: false,
    hasForm: false,
    byKey: handshake.way === 'key',
  }).title
}
