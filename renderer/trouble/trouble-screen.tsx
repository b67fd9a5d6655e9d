import { clsx } from 'clsx'
import CircleCheck from 'lucide-react/icons/circle-check'
import DatabaseZap from 'lucide-react/icons/database-zap'
import KeyRound from 'lucide-react/icons/key-round'
import { useState } from 'react'
import type { ErrorShape } from '../../preload/errors.ts'
import { unwrap } from '../bridge.ts'
import { Button } from '../design/button.tsx'
import { CopyButton } from '../design/copy-field.tsx'
import { Dialog } from '../design/dialog.tsx'
import { useApp, useDesk, useWorkspace } from '../workspace.tsx'
import styles from './trouble-screen.module.css'
import { type StartOver, type TroubleWords, troubleWords } from './trouble-words.ts'

const unknownTrouble: ErrorShape = {
  code: 'internal',
  message: 'Manydesk could not start.',
  action: 'Restart it. If that does not help, send the log file to your administrator.',
  detail: null,
}

/** The whole window while the app cannot start: what happened, what is safe, what to do. */
export function TroubleScreen() {
  const app = useApp((state) => state.app)
  const fatal = useApp((state) => state.fatal)
  const phase = fatal !== null ? 'fatal' : app?.phase === 'keyring' ? 'keyring' : 'store'
  const error = fatal ?? app?.trouble ?? unknownTrouble
  const words = troubleWords(phase, error)
  return (
    <main className={clsx(styles.page)}>
      <div className={clsx(styles.card)} role="alert">
        <span className={clsx(styles.mark)} aria-hidden="true">
          {phase === 'keyring' ? <KeyRound size={22} /> : <DatabaseZap size={22} />}
        </span>
        <h1>{error.message}</h1>
        {error.action !== null && <p className={clsx(styles.action)}>{error.action}</p>}
        <ul className={clsx(styles.kept)}>
          {words.kept.map((fact) => (
            <li key={fact}>
              <CircleCheck size={16} aria-hidden="true" />
              <span>{fact}</span>
            </li>
          ))}
        </ul>
        <WaysOn words={words} />
        <Technical error={error} />
      </div>
    </main>
  )
}

function WaysOn({ words }: { words: TroubleWords }) {
  const { app } = useWorkspace()
  const { attempt } = useDesk()
  const [busy, setBusy] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  const run = (name: string, work: () => Promise<void>) => {
    setBusy(name)
    void attempt(work()).then(() => setBusy(null))
  }
  const { retry, continueForThisSession, rebuildStore } = app.getState()
  return (
    <div className={clsx(styles.buttons)}>
      {words.startOver !== null && (
        <Button variant="primary" isBusy={busy === 'rebuild'} onPress={() => setAsking(true)}>
          {words.startOver.button}
        </Button>
      )}
      {words.retry !== null && (
        <Button
          variant={words.startOver !== null ? 'secondary' : 'primary'}
          isBusy={busy === 'retry'}
          onPress={() => run('retry', retry)}
        >
          {words.retry}
        </Button>
      )}
      {words.mayContinue && (
        <Button isBusy={busy === 'continue'} onPress={() => run('continue', continueForThisSession)}>
          Use for this session only
        </Button>
      )}
      {words.startOver !== null && (
        <StartOverDialog
          words={words.startOver}
          isOpen={asking}
          onClose={() => setAsking(false)}
          onConfirm={() => run('rebuild', rebuildStore)}
        />
      )}
    </div>
  )
}

interface StartOverDialogProps {
  words: StartOver
  isOpen: boolean
  onClose: () => void
  onConfirm: () => void
}

function StartOverDialog({ words, isOpen, onClose, onConfirm }: StartOverDialogProps) {
  const confirm = () => {
    onClose()
    onConfirm()
  }
  return (
    <Dialog
      title={words.question}
      role="alertdialog"
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" onPress={confirm}>
            {words.confirm}
          </Button>
        </>
      }
    >
      {words.text}
    </Dialog>
  )
}

function Technical({ error }: { error: ErrorShape }) {
  const { bridge } = useWorkspace()
  const { attempt, copy } = useDesk()
  const [open, setOpen] = useState(false)
  const report = `${error.code}: ${error.message}${error.detail === null ? '' : `\n${error.detail}`}`
  return (
    <>
      <div className={clsx(styles.foot)}>
        <Button variant="link" size="s" aria-expanded={open} onPress={() => setOpen(!open)}>
          {open ? 'Hide details' : 'Details'}
        </Button>
        <Button variant="link" size="s" onPress={() => void attempt(unwrap(bridge.app.showLogFile()))}>
          Show the log file
        </Button>
      </div>
      {open && (
        <div className={clsx(styles.detail)}>
          <pre>{report}</pre>
          <CopyButton value={report} onCopy={copy} label="Copy details" />
        </div>
      )}
    </>
  )
}
