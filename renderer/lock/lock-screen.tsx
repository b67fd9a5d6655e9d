import { clsx } from 'clsx'
import LockKeyhole from 'lucide-react/icons/lock-keyhole'
import { type FormEvent, useEffect, useState } from 'react'
import type { LockState } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { SecretField } from '../design/secret-field.tsx'
import { useDesk, useWorkspace } from '../workspace.tsx'
import styles from './lock.module.css'

/** The whole window while the app is locked. It names no account, no brand, no customer. */
export function LockScreen({ lock }: { lock: LockState }) {
  const { bridge } = useWorkspace()
  const [passphrase, setPassphrase] = useState('')
  const [error, setError] = useState<ErrorShape | null>(null)
  const [busy, setBusy] = useState(false)
  const [forgotten, setForgotten] = useState(false)
  const waitS = useSecondsUntil(lock.waitUntil)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (passphrase === '' || busy || waitS > 0) return
    setBusy(true)
    const answer = await bridge.lock.unlock({ passphrase })
    setBusy(false)
    setPassphrase('')
    setError(answer.ok ? null : answer.error)
  }
  return (
    <main className={clsx(styles.page)} aria-labelledby="lock-title">
      <form className={clsx(styles.card)} onSubmit={(event) => void submit(event)}>
        <span className={clsx(styles.mark)} aria-hidden="true">
          <LockKeyhole size={22} />
        </span>
        <h1 id="lock-title">Manydesk is locked</h1>
        <p className={clsx(styles.quiet)}>
          {lock.recovering
            ? 'The key store of this computer has lost its key. Your passphrase brings everything back.'
            : lock.cold
              ? 'Nothing is opened before you enter your passphrase.'
              : 'Messages go on arriving and replies go on being sent. Nothing of them is shown.'}
        </p>
        <SecretField
          label="Passphrase"
          value={passphrase}
          onChange={setPassphrase}
          error={error === null ? null : [error.message, waitS > 0 ? null : error.action].filter(Boolean).join(' ')}
          maxLength={1000}
          autoFocus
        />
        <p role="status" className={clsx(styles.quiet)}>
          {waitS > 0 && `The next try is possible in ${waitS === 1 ? '1 second' : `${waitS} seconds`}.`}
        </p>
        <div className={clsx(styles.buttons)}>
          <Button type="submit" variant="primary" isBusy={busy} isDisabled={passphrase === '' || waitS > 0}>
            Unlock
          </Button>
          <Button variant="link" onPress={() => setForgotten(true)}>
            Forgot the passphrase?
          </Button>
        </div>
      </form>
      {forgotten && <Forgotten cold={lock.cold} onClose={() => setForgotten(false)} />}
    </main>
  )
}

/** The way on without the passphrase: what it protects stays closed, the list of accounts and brands does not need it. */
function Forgotten({ cold, onClose }: { cold: boolean; onClose: () => void }) {
  const { bridge } = useWorkspace()
  const desk = useDesk()
  const [error, setError] = useState<ErrorShape | null>(null)
  const startOver = async () => {
    const answer = await bridge.lock.startOver()
    if (answer.ok) onClose()
    else setError(answer.error)
  }
  return (
    <Dialog
      title="Start over without the passphrase?"
      role="alertdialog"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          {cold && (
            <Button variant="primary" onPress={() => void startOver()}>
              Start over
            </Button>
          )}
        </>
      }
    >
      <p>
        Nobody can open what is here without the passphrase. Starting over sets it aside, keeps your list of accounts
        and brands, and asks for each sign-in again. Conversations are then read again; drafts and replies that were not
        sent stay in the old file.
      </p>
      {!cold && <p>Quit Manydesk and start it again first: until then it still sends what you wrote.</p>}
      {error !== null && <ErrorNotice error={error} onCopy={desk.copy} />}
    </Dialog>
  )
}

function useSecondsUntil(time: number | null): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (time === null) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [time])
  return time === null ? 0 : Math.max(0, Math.ceil((time - now) / 1000))
}
