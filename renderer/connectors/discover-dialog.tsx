import { clsx } from 'clsx'
import { useState } from 'react'
import type { DescribedServer } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { TextField } from '../design/field.tsx'
import { useDesk, useWorkspace } from '../workspace.tsx'
import styles from './connectors.module.css'

const notASignIn: ErrorShape = {
  code: 'bad_request',
  message: 'The text of the connector has no OAuth sign-in that could take the issuer.',
  action: 'Correct the text first.',
  detail: null,
}

/** Asks a server how to sign in at it, and leaves its addresses to it from then on. */
export function DiscoverDialog({ onClose }: { onClose: () => void }) {
  const { connectors } = useWorkspace()
  const desk = useDesk()
  const [issuer, setIssuer] = useState('https://')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorShape | null>(null)
  const [found, setFound] = useState<DescribedServer | null>(null)
  const ask = async () => {
    setBusy(true)
    const answer = await connectors.getState().discover(issuer)
    setBusy(false)
    setError(answer.ok ? null : answer.error)
    setFound(answer.ok ? answer.value : null)
  }
  const use = () => {
    if (found === null) return
    if (connectors.getState().leaveToIssuer(found.issuer)) onClose()
    else setError(notASignIn)
  }
  return (
    <Dialog
      title="Discover how to sign in"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Close</Button>
          <Button variant={found === null ? 'primary' : 'secondary'} isBusy={busy} onPress={() => void ask()}>
            Discover
          </Button>
          {found !== null && (
            <Button variant="primary" onPress={use}>
              Use it
            </Button>
          )}
        </>
      }
    >
      <TextField
        label="Issuer"
        type="url"
        help="The address of the server that signs people in, as it writes it itself."
        value={issuer}
        onChange={setIssuer}
        maxLength={1000}
        autoFocus
      />
      {error !== null && <ErrorNotice error={error} onCopy={desk.copy} />}
      {found !== null && <Found server={found} />}
    </Dialog>
  )
}

function Found({ server }: { server: DescribedServer }) {
  const facts: [string, string][] = [
    ['People sign in at', server.authorizeUrl ?? 'nowhere: only for apps'],
    ['Tokens come from', server.tokenUrl],
    ['Sign-ins are given back at', server.revokeUrl ?? 'not offered'],
    ['Code on another device', server.deviceUrl === null ? 'not offered' : 'offered'],
    ['Requests handed in directly', server.pushed ? 'yes' : 'no'],
    ['Tokens bound to this computer', server.bound ? 'yes' : 'no'],
    ['Scopes', server.scopes.slice(0, 40).join(', ') || 'not told'],
  ]
  return (
    <div role="status" className={clsx(styles.found)}>
      <dl className={clsx(styles.facts)}>
        {facts.map(([name, value]) => (
          <div key={name} className={clsx(styles.fact)}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
