import { clsx } from 'clsx'
import { type FormEvent, useState } from 'react'
import type { Answer, LockState } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { SecretField } from '../design/secret-field.tsx'
import { ManagedLock } from '../policy/managed.tsx'
import { useDesk, useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import styles from './lock.module.css'
import { isGoodPassphrase, NewPassphrase, WhenFields } from './lock-fields.tsx'
import { LockSetup } from './lock-setup.tsx'

/** Everything a person sets on the lock of the app. */
export function LockDialog() {
  const { lock: store } = useWorkspace()
  const lock = useWorkspaceStore('lock', (state) => state.lock)
  const open = useWorkspaceStore('lock', (state) => state.settingsOpen)
  const desk = useDesk()
  if (lock === null || !open) return null
  const close = () => store.getState().showSettings(false)
  const done = (words: string) => {
    close()
    desk.confirm(words)
  }
  return (
    <Dialog title="App lock" isOpen onClose={close}>
      {lock.phase === 'off' ? (
        <LockSetup
          lock={lock}
          onDone={() => done('The lock is on. Manydesk asks for the passphrase when it starts.')}
        />
      ) : (
        <>
          <When lock={lock} onDone={() => done('Saved.')} />
          <Passphrase lock={lock} onDone={done} />
        </>
      )}
    </Dialog>
  )
}

function When({ lock, onDone }: { lock: LockState; onDone: () => void }) {
  const { bridge } = useWorkspace()
  const desk = useDesk()
  const [when, setWhen] = useState({ idleMinutes: lock.idleMinutes, withSystem: lock.withSystem })
  const [error, setError] = useState<ErrorShape | null>(null)
  const save = async () => {
    const answer = await bridge.lock.configure(when)
    if (answer.ok) onDone()
    else setError(answer.error)
  }
  return (
    <section className={clsx(styles.form)} aria-label="When it locks">
      <WhenFields value={when} onChange={setWhen} max={lock.maxIdleMinutes} managed={lock.managed} />
      {error !== null && <ErrorNotice error={error} onCopy={desk.copy} />}
      <div className={clsx(styles.buttons)}>
        <Button onPress={() => void save()}>Save</Button>
      </div>
    </section>
  )
}

/** Changing the passphrase and switching the lock off both need the present one. */
function Passphrase({ lock, onDone }: { lock: LockState; onDone: (words: string) => void }) {
  const { bridge } = useWorkspace()
  const desk = useDesk()
  const [present, setPresent] = useState('')
  const [next, setNext] = useState('')
  const [repeated, setRepeated] = useState('')
  const [error, setError] = useState<ErrorShape | null>(null)
  const [busy, setBusy] = useState<'change' | 'off' | null>(null)
  const run = async (name: 'change' | 'off', work: Promise<Answer<unknown>>, words: string) => {
    setBusy(name)
    const answer = await work
    setBusy(null)
    if (answer.ok) onDone(words)
    else setError(answer.error)
  }
  const change = (event: FormEvent) => {
    event.preventDefault()
    if (present === '' || !isGoodPassphrase(next, repeated) || busy !== null) return
    void run('change', bridge.lock.change({ passphrase: present, next }), 'The passphrase was changed.')
  }
  const switchOff = () => void run('off', bridge.lock.disable({ passphrase: present }), 'The lock is off.')
  return (
    <form className={clsx(styles.form)} onSubmit={change}>
      <SecretField label="Present passphrase" value={present} onChange={setPresent} maxLength={1000} />
      <NewPassphrase value={next} repeated={repeated} onChange={setNext} onRepeat={setRepeated} />
      {error !== null && <ErrorNotice error={error} onCopy={desk.copy} />}
      {lock.managed && <ManagedLock>The lock stays on.</ManagedLock>}
      <div className={clsx(styles.buttons)}>
        <Button
          type="submit"
          isBusy={busy === 'change'}
          isDisabled={present === '' || !isGoodPassphrase(next, repeated)}
        >
          Change passphrase
        </Button>
        <Button isBusy={busy === 'off'} isDisabled={present === '' || lock.managed} onPress={switchOff}>
          Switch off the lock
        </Button>
      </div>
    </form>
  )
}
