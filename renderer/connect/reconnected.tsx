import { clsx } from 'clsx'
import type { AccountView } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { useWorkspace } from '../workspace.tsx'
import styles from './brand-step.module.css'
import { SignedIn } from './signed-in.tsx'

/** A known account signed in again, or has a new key: it already has its brand, so there is nothing more to ask. */
export function Reconnected({ account }: { account: AccountView }) {
  const { app, connect } = useWorkspace()
  const leave = (screen: 'inbox' | 'accounts') => {
    connect.getState().begin()
    app.getState().show(screen)
  }
  return (
    <section className={clsx(styles.page)} aria-labelledby="step-title">
      <SignedIn account={account} title={account.way === 'key' ? 'The new key works' : 'Signed in again'} />
      <div className={clsx(styles.actions)}>
        <Button variant="primary" autoFocus onPress={() => leave('inbox')}>
          Go to inbox
        </Button>
        <Button onPress={() => leave('accounts')}>Back to accounts</Button>
      </div>
    </section>
  )
}
