import { clsx } from 'clsx'
import { useState } from 'react'
import type { DescribedConnector } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { useDesk, useWorkspace } from '../workspace.tsx'
import styles from './connectors.module.css'

interface LeaveDialogProps {
  isOpen: boolean
  onStay: () => void
  onLeave: () => void
}

/** Asks before what was written is thrown away. */
export function LeaveDialog({ isOpen, onStay, onLeave }: LeaveDialogProps) {
  return (
    <Dialog
      role="alertdialog"
      title="Leave without saving?"
      isOpen={isOpen}
      onClose={onStay}
      footer={
        <>
          <Button onPress={onStay} autoFocus>
            Keep editing
          </Button>
          <Button variant="danger" onPress={onLeave}>
            Discard changes
          </Button>
        </>
      }
    >
      What you changed in this description has not been saved and would be lost.
    </Dialog>
  )
}

/** The button that removes a saved connector; in use it cannot be pressed, and says why. */
export function RemoveConnector({ connector }: { connector: DescribedConnector }) {
  const [asking, setAsking] = useState(false)
  const use = connector.accountIds.length
  return (
    <>
      {use > 0 && (
        <span className={clsx(styles.meta)}>
          {`${use === 1 ? '1 account uses' : `${use} accounts use`} it, so it cannot be removed.`}
        </span>
      )}
      <Button variant="quiet" isDisabled={use > 0} onPress={() => setAsking(true)}>
        Remove
      </Button>
      <RemoveDialog connector={connector} isOpen={asking} onClose={() => setAsking(false)} />
    </>
  )
}

interface RemoveDialogProps {
  connector: DescribedConnector
  isOpen: boolean
  onClose: () => void
}

function RemoveDialog({ connector: { id, name }, isOpen, onClose }: RemoveDialogProps) {
  const { connectors } = useWorkspace()
  const desk = useDesk()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorShape | null>(null)
  const remove = async () => {
    setBusy(true)
    setError(null)
    const failure = await connectors.getState().remove(id)
    setBusy(false)
    setError(failure)
  }
  const close = () => {
    setError(null)
    onClose()
  }
  return (
    <Dialog
      role="alertdialog"
      title={`Remove ${name || id}?`}
      isOpen={isOpen}
      onClose={close}
      footer={
        <>
          <Button onPress={close} isDisabled={busy} autoFocus>
            Cancel
          </Button>
          <Button variant="danger" isBusy={busy} onPress={() => void remove()}>
            Remove connector
          </Button>
        </>
      }
    >
      <p>Its description is deleted from this computer. No account uses it.</p>
      {error !== null && <ErrorNotice error={error} onCopy={desk.copy} />}
    </Dialog>
  )
}
