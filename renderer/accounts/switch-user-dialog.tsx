import { clsx } from 'clsx'
import type { AccountView } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { count } from '../state/account-words.ts'
import { useApp } from '../workspace.tsx'
import styles from './remove-dialog.module.css'
import { useReconnect } from './use-reconnect.ts'

/** Asks before another user gets an account: what was read as the present one goes, brand and site stay. */
export function SwitchUserDialog({
  account,
  isOpen,
  onClose,
}: {
  account: AccountView
  isOpen: boolean
  onClose: () => void
}) {
  const reconnect = useReconnect(account)
  const unsent = useApp(
    (state) => state.outbox.filter((item) => item.accountId === account.id && item.state !== 'sent').length,
  )
  const start = async () => {
    await reconnect.start(undefined, { switchUser: true })
    onClose()
  }
  return (
    <Dialog
      role="alertdialog"
      title={`Switch the user at ${account.siteLabel}?`}
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose} autoFocus>
            Cancel
          </Button>
          <Button variant="danger" isBusy={reconnect.busy} isDisabled={unsent > 0} onPress={() => void start()}>
            Sign in as somebody else
          </Button>
        </>
      }
    >
      <dl className={clsx(styles.effects)}>
        <dt>Stays</dt>
        <dd>{`The account with its brand. Until somebody else has signed in, it goes on as ${account.user.name}.`}</dd>
        <dt>Goes</dt>
        <dd>{`${count(account.sync.conversations)} conversations cached here as ${account.user.name}, drafts included. They are read again as the new user.`}</dd>
        {unsent > 0 && (
          <>
            <dt className={clsx(styles.warning)}>Not sent yet</dt>
            <dd
              className={clsx(styles.warning)}
            >{`${count(unsent)} answers or changes of ${account.user.name}. Send or discard them first.`}</dd>
          </>
        )}
      </dl>
    </Dialog>
  )
}
