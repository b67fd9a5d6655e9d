import { clsx } from 'clsx'
import CircleCheck from 'lucide-react/icons/circle-check'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import X from 'lucide-react/icons/x'
import type { HandshakeView } from '../../preload/contract.ts'
import { Button, IconButton } from '../design/button.tsx'
import { MiddleCut } from '../design/middle-cut.tsx'
import { Spinner } from '../design/spinner.tsx'
import { isRunning } from '../state/connect-outcome.ts'
import { useAccounts, useApp, useWorkspace } from '../workspace.tsx'
import styles from './handshake-dock.module.css'

/** How many fit beside each other in the narrowest window. */
const shownAtOnce = 2

/**
 * Sign-ins that go on while the person does something else. Shown on the inbox; Connect and Accounts list them
 * themselves. A strip of its own, so that it never covers an answer being written.
 */
export function HandshakeDock() {
  const { app } = useWorkspace()
  const handshakes = useAccounts((state) => state.handshakes)
  const dismissed = useAccounts((state) => state.dismissed)
  const accounts = useAccounts((state) => state.accounts)
  const screen = useApp((state) => state.screen)
  const unnamed = new Set(accounts.filter((account) => account.brandId === null).map((account) => account.id))
  const shown = handshakes.filter(
    (handshake) =>
      !dismissed.includes(handshake.attemptId) &&
      (handshake.step !== 'done' || (handshake.accountId !== null && unnamed.has(handshake.accountId))),
  )
  if (shown.length === 0 || screen === 'connect' || screen === 'accounts') return null
  return (
    <section className={clsx(styles.dock)} aria-label="Sign-ins under way">
      <ul>
        {shown.slice(0, shownAtOnce).map((handshake) => (
          <DockLine key={handshake.attemptId} handshake={handshake} />
        ))}
      </ul>
      {shown.length > shownAtOnce && (
        <Button size="s" variant="quiet" onPress={() => app.getState().show('accounts')}>
          {`${shown.length - shownAtOnce} more`}
        </Button>
      )}
    </section>
  )
}

function DockLine({ handshake }: { handshake: HandshakeView }) {
  const { connect, app, accounts } = useWorkspace()
  const open = () => {
    connect.getState().showAttempt(handshake.attemptId)
    app.getState().show('connect')
  }
  const dismiss = () => {
    connect.getState().forget(handshake.attemptId)
    accounts.getState().dismissHandshake(handshake.attemptId)
  }
  const running = isRunning(handshake)
  return (
    <li className={clsx(styles.line)}>
      <span className={clsx(styles.mark, !running && (handshake.step === 'done' ? styles.good : styles.bad))}>
        {running && <Spinner label="Under way" />}
        {handshake.step === 'done' && <CircleCheck size={16} aria-hidden="true" />}
        {handshake.step === 'failed' && <TriangleAlert size={16} aria-hidden="true" />}
      </span>
      <span className={clsx(styles.words)} role="status">
        <MiddleCut className={styles.site} text={handshake.siteLabel} />
        <span className={clsx(styles.state)}>{dockWords(handshake)}</span>
      </span>
      <Button size="s" onPress={open}>
        {handshake.step === 'done' ? 'Name the brand' : 'Show'}
      </Button>
      {!running && <IconButton label="Dismiss" icon={<X size={14} />} onPress={dismiss} />}
    </li>
  )
}

/** The state of a sign-in in a few words. */
export function dockWords(handshake: HandshakeView): string {
  const byKey = handshake.way === 'key'
  const words: Record<HandshakeView['step'], string> = {
    preparing: byKey ? 'Preparing the first call' : 'Opening the sign-in',
    waiting: 'Waiting for you to sign in',
    exchanging: 'Getting access',
    verifying: 'Checking with a first call',
    saving: 'Saving',
    done: 'Connected',
    failed: byKey ? 'It could not be connected' : 'The sign-in did not work',
  }
  return handshake.error?.message ?? words[handshake.step]
}
