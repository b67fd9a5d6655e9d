import { clsx } from 'clsx'
import type { AccountView } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { count } from '../state/account-words.ts'
import { useAccounts, useApp, useDesk, useWorkspace } from '../workspace.tsx'
import styles from './remove-dialog.module.css'

/** Asks before an account goes, and says exactly what goes with it and what stays. */
export function RemoveDialog({
  account,
  isOpen,
  onClose,
}: {
  account: AccountView
  isOpen: boolean
  onClose: () => void
}) {
  const { accounts } = useWorkspace()
  const desk = useDesk()
  const busy = useAccounts((state) => state.busy[account.id] === 'remove')
  const failure = useAccounts((state) => state.failures[account.id])
  const unsent = useApp(
    (state) => state.outbox.filter((item) => item.accountId === account.id && item.state !== 'sent').length,
  )
  const remove = async () => {
    if (await accounts.getState().remove(account.id)) onClose()
  }
  return (
    <Dialog
      role="alertdialog"
      title={`Remove ${account.siteLabel}?`}
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose} isDisabled={busy} autoFocus>
            Cancel
          </Button>
          <Button variant="danger" isBusy={busy} onPress={() => void remove()}>
            Remove account
          </Button>
        </>
      }
    >
      <dl className={clsx(styles.effects)}>
        <dt>{`At ${account.vendorName}`}</dt>
        <dd>{`${atTheVendor(account)} Conversations there stay as they are.`}</dd>
        <dt>On this computer</dt>
        <dd>{`The ${account.way === 'key' ? 'key' : 'sign-in'} and ${count(account.sync.conversations)} cached conversations are deleted, drafts included.`}</dd>
        {unsent > 0 && (
          <>
            <dt className={clsx(styles.warning)}>Not sent yet</dt>
            <dd
              className={clsx(styles.warning)}
            >{`${count(unsent)} of your answers or changes have not been sent and will be lost.`}</dd>
          </>
        )}
      </dl>
      {failure !== undefined && isOpen && <ErrorNotice error={failure} onCopy={desk.copy} />}
    </Dialog>
  )
}

/** A key is the vendor's to take back: no API does it for us. */
function atTheVendor({ way, user }: AccountView): string {
  if (way === 'key') return 'The key goes on working there until you delete it.'
  return `The access of ${user.name} is revoked, where the site can be reached and offers it.`
}
