import { type FormEvent, useId, useState } from 'react'
import type { AccountView, VendorView } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { SecretField } from '../design/secret-field.tsx'
import { useAccounts, useDesk, useWorkspace } from '../workspace.tsx'

/** Asks for a new secret of an account that has no OAuth: what Reconnect is for the others. */
export function KeyDialog() {
  const { accounts } = useWorkspace()
  const account = useAccounts((state) => state.accounts.find(({ id }) => id === state.keyAskedFor))
  const vendor = useAccounts((state) => state.vendors.find(({ id }) => id === account?.vendor))
  if (account === undefined || !vendor?.key) return null
  return (
    <NewKey
      key={account.id}
      account={account}
      vendorKey={vendor.key}
      onClose={() => accounts.getState().askForKey(null)}
    />
  )
}

interface NewKeyProps {
  account: AccountView
  vendorKey: NonNullable<VendorView['key']>
  onClose: () => void
}

function NewKey({ account, vendorKey, onClose }: NewKeyProps) {
  const { accounts, connect, app } = useWorkspace()
  const desk = useDesk()
  const form = useId()
  const [secret, setSecret] = useState('')
  const busy = useAccounts((state) => state.busy[account.id] === 'reconnect')
  const failure = useAccounts((state) => state.failures[account.id])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (secret.trim() === '' || busy) return
    const attemptId = await accounts.getState().reconnect(account.id, { key: secret.trim() })
    if (attemptId === null) return
    onClose()
    connect.getState().showAttempt(attemptId)
    app.getState().show('connect')
  }
  return (
    <Dialog
      title={`New ${vendorKey.label} for ${account.siteLabel}`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose} isDisabled={busy}>
            Cancel
          </Button>
          <Button type="submit" form={form} variant="primary" isBusy={busy} isDisabled={secret.trim() === ''}>
            Check and save
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)}>
        <SecretField
          label={vendorKey.label}
          value={secret}
          onChange={setSecret}
          help={`${vendorKey.help} It must belong to ${account.user.name}.`}
          maxLength={8000}
          autoFocus
        />
      </form>
      {failure !== undefined && <ErrorNotice error={failure} onCopy={desk.copy} />}
    </Dialog>
  )
}
