import { type FormEvent, useId, useState } from 'react'
import type { AccountView, VendorView } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { TextField } from '../design/field.tsx'
import { SecretField } from '../design/secret-field.tsx'
import { useAccounts, useDesk, useWorkspace } from '../workspace.tsx'

/** Asks for the OAuth client of an account whose own was lost with the keys, or never was on this computer. */
export function ClientDialog() {
  const { accounts } = useWorkspace()
  const account = useAccounts((state) => state.accounts.find(({ id }) => id === state.clientAskedFor))
  const vendor = useAccounts((state) => state.vendors.find(({ id }) => id === account?.vendor))
  if (account === undefined || vendor === undefined) return null
  return (
    <ClientAgain
      key={account.id}
      account={account}
      vendor={vendor}
      onClose={() => accounts.getState().askForClient(null)}
    />
  )
}

interface ClientAgainProps {
  account: AccountView
  vendor: VendorView
  onClose: () => void
}

function ClientAgain({ account, vendor, onClose }: ClientAgainProps) {
  const { accounts, connect, app, signIns } = useWorkspace()
  const desk = useDesk()
  const form = useId()
  const [clientId, setClientId] = useState('')
  const [secret, setSecret] = useState('')
  const busy = useAccounts((state) => state.busy[account.id] === 'reconnect')
  const failure = useAccounts((state) => state.failures[account.id])
  const ready = clientId.trim() !== '' && (!vendor.secretRequired || secret.trim() !== '')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!ready || busy) return
    const client = { clientId: clientId.trim(), clientSecret: secret.trim() === '' ? null : secret.trim() }
    const attemptId = await accounts.getState().reconnect(account.id, { client })
    if (attemptId === null) return
    onClose()
    // The queue shows its own progress.
    if (signIns.getState().ids.includes(account.id)) return
    connect.getState().showAttempt(attemptId)
    app.getState().show('connect')
  }
  return (
    <Dialog
      title={`OAuth client for ${account.siteLabel}`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose} isDisabled={busy}>
            Cancel
          </Button>
          <Button type="submit" form={form} variant="primary" isBusy={busy} isDisabled={!ready}>
            Sign in
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)}>
        <p>{`The client of this account is not on this computer. It serves all accounts at ${account.siteLabel}: you enter it once.`}</p>
        <TextField label="Client ID" value={clientId} onChange={setClientId} maxLength={500} autoFocus />
        <SecretField
          label="Client secret"
          value={secret}
          onChange={setSecret}
          isOptional={!vendor.secretRequired}
          help="Kept encrypted on this computer."
          maxLength={2000}
        />
      </form>
      {failure !== undefined && <ErrorNotice error={failure} onCopy={desk.copy} />}
    </Dialog>
  )
}
