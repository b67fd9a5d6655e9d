import { clsx } from 'clsx'
import { useState } from 'react'
import type { DoctorRun } from '../../preload/contract.ts'
import { TraceList } from '../connect/trace-list.tsx'
import { Button } from '../design/button.tsx'
import { CopyButton } from '../design/copy-field.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Progress } from '../design/progress.tsx'
import { useDesk, useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import { DiagnosisView } from './diagnosis-view.tsx'
import styles from './doctor.module.css'
import { runText, stepCount, stepTitles } from './doctor-words.ts'
import { StepList } from './step-list.tsx'

/** "Test this connection": lies over whatever screen it was asked on. */
export function DoctorDialog() {
  const { doctor } = useWorkspace()
  const question = useWorkspaceStore('doctor', (state) => state.question)
  if (question === null) return null
  const { close } = doctor.getState()
  return <Test key={JSON.stringify(question)} onClose={close} isSignIn={'attemptId' in question} />
}

function Test({ onClose, isSignIn }: { onClose: () => void; isSignIn: boolean }) {
  const { doctor } = useWorkspace()
  const desk = useDesk()
  const run = useWorkspaceStore('doctor', (state) => state.run)
  const error = useWorkspaceStore('doctor', (state) => state.error)
  const running = error === null && (run === null || run.state === 'running')
  const again = () => void doctor.getState().again()
  return (
    <Dialog
      title={titleOf(run, isSignIn)}
      isOpen
      onClose={onClose}
      size="wide"
      footer={
        <>
          {run !== null && !running && <CopyButton value={runText(run)} onCopy={desk.copy} label="Copy details" />}
          {running ? (
            <Button onPress={onClose}>Cancel</Button>
          ) : (
            <>
              <Button onPress={again}>Test again</Button>
              <Button variant="primary" onPress={onClose} autoFocus>
                Done
              </Button>
            </>
          )}
        </>
      }
    >
      <div className={clsx(styles.test)}>
        <div role="status" aria-live="polite">
          {run?.diagnosis ? <DiagnosisView diagnosis={run.diagnosis} /> : running && <Working run={run} />}
        </div>
        {error !== null && <ErrorNotice error={error} onCopy={desk.copy} />}
        {run !== null && <StepList steps={run.steps} current={run.current} />}
        {run !== null && run.state === 'done' && <Requests runId={run.runId} />}
      </div>
    </Dialog>
  )
}

function titleOf(run: DoctorRun | null, isSignIn: boolean): string {
  if (isSignIn) return run === null ? 'Why the sign-in failed' : `Why signing in to ${run.siteLabel} failed`
  return run === null ? 'Testing the connection' : `Connection to ${run.siteLabel}`
}

function Working({ run }: { run: DoctorRun | null }) {
  const at = run?.current ?? null
  return (
    <Progress
      label={at === null ? 'Testing' : `Testing: ${stepTitles[at]}`}
      done={run?.steps.length ?? 0}
      total={stepCount}
      text={`${run?.steps.length ?? 0} of ${stepCount}`}
    />
  )
}

/** Every request of the last sign-in and of the test, masked: to read, or to save. */
function Requests({ runId }: { runId: string }) {
  const [open, setOpen] = useState(false)
  return (
    <div>
      <Button variant="link" aria-expanded={open} onPress={() => setOpen(!open)}>
        {open ? 'Hide every request' : 'Show every request'}
      </Button>
      {open && <TraceList runId={runId} />}
    </div>
  )
}
