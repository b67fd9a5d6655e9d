import { type FormEvent, useId, useState } from 'react'
import type { AccountView } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { SecretField } from '../design/secret-field.tsx'
import { count } from '../state/account-words.ts'
import { useAccounts, useDesk, useWorkspace } from '../workspace.tsx'

interface ReplaceSecretProps {
  account: AccountView
  isOpen: boolean
  onClose: () => void
}

/** Asks for another client secret while the account works: nothing is signed in to anew, and a wrong one changes nothing. */
export function ReplaceSecretDialog({ account, isOpen, onClose }: ReplaceSecretProps) {
  // Mounted for each opening, so that no secret outlives it.
  return isOpen ? <ReplaceSecret account={account} onClose={onClose} /> : null
}

function ReplaceSecret({ account, onClose }: Omit<ReplaceSecretProps, 'isOpen'>) {
  const { accounts } = useWorkspace()
  const desk = useDesk()
  const form = useId()
  const [secret, setSecret] = useState('')
  const [saved, setSaved] = useState<number | null>(null)
  const busy = useAccounts((state) => state.busy[account.id] === 'secret')
  const failure = useAccounts((state) => state.failures[account.id])
  const [tried, setTried] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (secret.trim() === '' || busy) return
    setTried(true)
    setSaved(await accounts.getState().replaceSecret(account.id, secret.trim()))
  }
  const close = () => {
    if (tried) accounts.getState().dismissFailure(account.id)
    onClose()
  }
  return (
    <Dialog
      title={`New client secret for ${account.siteLabel}`}
      isOpen
      onClose={close}
      footer={
        saved === null ? (
          <>
            <Button onPress={close} isDisabled={busy}>
              Cancel
            </Button>
            <Button type="submit" form={form} variant="primary" isBusy={busy} isDisabled={secret.trim() === ''}>
              Try and save
            </Button>
          </>
        ) : (
          <Button variant="primary" onPress={close} autoFocus>
            Close
          </Button>
        )
      }
    >
      {saved === null ? (
        <form id={form} onSubmit={(event) => void submit(event)}>
          <p>{`It is tried at ${account.vendorName} first. The present one stays until the new one is accepted, and nobody has to sign in again.`}</p>
          <SecretField
            label="New client secret"
            value={secret}
            onChange={setSecret}
            help="Kept encrypted on this computer."
            maxLength={6000}
            autoFocus
          />
        </form>
      ) : (
        <p role="status">{`${savedWords(saved)} The day on which it ends can be entered on the health page.`}</p>
      )}
      {tried && failure !== undefined && <ErrorNotice error={failure} onCopy={desk.copy} />}
    </Dialog>
  )
}

function savedWords(accounts: number): string {
  return accounts === 1
    ? 'The new secret was accepted and is used from now on.'
    : `The new secret was accepted and is used from now on, by ${count(accounts)} accounts of the same client.`
}
