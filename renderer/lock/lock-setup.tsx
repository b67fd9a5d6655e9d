import { clsx } from 'clsx'
import { type FormEvent, useState } from 'react'
import type { LockState } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { Button } from '../design/button.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { ManagedLock } from '../policy/managed.tsx'
import { useDesk, useWorkspace } from '../workspace.tsx'
import styles from './lock.module.css'
import { CheckField, isGoodPassphrase, NewPassphrase, WhenFields } from './lock-fields.tsx'

/** Sets the first passphrase. */
export function LockSetup({ lock, onDone }: { lock: LockState; onDone: () => void }) {
  const { bridge } = useWorkspace()
  const desk = useDesk()
  const [passphrase, setPassphrase] = useState('')
  const [repeated, setRepeated] = useState('')
  const [when, setWhen] = useState({ idleMinutes: lock.idleMinutes, withSystem: lock.withSystem })
  const [recovery, setRecovery] = useState(true)
  const [error, setError] = useState<ErrorShape | null>(null)
  const [busy, setBusy] = useState(false)
  const ready = isGoodPassphrase(passphrase, repeated)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!ready || busy) return
    setBusy(true)
    const answer = await bridge.lock.enable({ passphrase, recovery, ...when })
    setBusy(false)
    if (answer.ok) onDone()
    else setError(answer.error)
  }
  return (
    <form className={clsx(styles.form)} onSubmit={(event) => void submit(event)}>
      <p className={clsx(styles.quiet)}>
        With a passphrase nothing on this computer can be opened without it: no sign-in, conversation, draft or reply.
      </p>
      <NewPassphrase value={passphrase} repeated={repeated} onChange={setPassphrase} onRepeat={setRepeated} />
      <WhenFields value={when} onChange={setWhen} max={lock.maxIdleMinutes} managed={lock.managed} />
      <CheckField
        label="The passphrase also opens everything if this computer’s key store is lost"
        isSelected={recovery}
        onChange={setRecovery}
      />
      {error !== null && <ErrorNotice error={error} onCopy={desk.copy} />}
      <div className={clsx(styles.buttons)}>
        <Button type="submit" variant="primary" isBusy={busy} isDisabled={!ready}>
          Switch on the lock
        </Button>
      </div>
    </form>
  )
}

/** The whole window where the organisation wants a lock and there is none yet. */
export function LockRequired({ lock }: { lock: LockState }) {
  return (
    <main className={clsx(styles.page)} aria-labelledby="lock-title">
      <div className={clsx(styles.card)}>
        <h1 id="lock-title">Set a passphrase</h1>
        <ManagedLock>Manydesk is used with a lock here.</ManagedLock>
        <LockSetup lock={lock} onDone={() => undefined} />
      </div>
    </main>
  )
}
