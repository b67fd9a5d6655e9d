import { clsx } from 'clsx'
import AppWindow from 'lucide-react/icons/app-window'
import { useEffect, useState } from 'react'
import type { AccountView, HandshakeView, VendorView } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import type { ConnectStep } from '../state/connect.ts'
import { timeLeft } from '../state/connect-outcome.ts'
import { isService } from '../state/rungs.ts'
import { useAccounts, useDesk, useWorkspace } from '../workspace.tsx'
import { BrandStep } from './brand-step.tsx'
import { StepFrame } from './connect-account.tsx'
import { DeviceCode } from './device-code.tsx'
import { OutcomeView } from './outcome.tsx'
import { Reconnected } from './reconnected.tsx'
import { SignInProgress } from './sign-in-progress.tsx'
import styles from './sign-in-step.module.css'

/** One handshake as it goes: live steps, then a clear outcome or the brand of the new account. */
export function SignInStep({ step }: { step: Extract<ConnectStep, { name: 'sign-in' }> }) {
  const { connect } = useWorkspace()
  const handshake = useHandshake(step.attemptId)
  const vendor = useAccounts((state) => state.vendors.find((entry) => entry.id === handshake?.vendor))
  const loading = useAccounts((state) => state.phase === 'loading')
  if (handshake === undefined && loading) return null
  if (handshake === undefined) {
    return (
      <EmptyState
        title="This attempt is gone"
        actions={<Button onPress={() => connect.getState().begin()}>Start again</Button>}
      >
        It ended before this page was opened. Nothing was saved.
      </EmptyState>
    )
  }
  if (handshake.step === 'failed') return <OutcomeView handshake={handshake} vendor={vendor} step={step} />
  if (handshake.step === 'done' && handshake.accountId !== null) {
    return <Done accountId={handshake.accountId} />
  }
  return <Waiting handshake={handshake} vendor={vendor} step={step} />
}

function Done({ accountId }: { accountId: string }) {
  const account = useAccounts((state) => state.accounts.find((entry) => entry.id === accountId))
  // The account may be told of a moment after its handshake.
  return account === undefined ? null : <DoneFor account={account} />
}

function DoneFor({ account }: { account: AccountView }) {
  // Asked once: naming the brand here must not turn this page into another one.
  const [hadBrand] = useState(account.brandId !== null)
  return hadBrand ? <Reconnected account={account} /> : <BrandStep accountId={account.id} isNew />
}

function useHandshake(attemptId: string): HandshakeView | undefined {
  return useAccounts((state) => state.handshakes.find((entry) => entry.attemptId === attemptId))
}

interface WaitingProps {
  handshake: HandshakeView
  vendor: VendorView | undefined
  step: Extract<ConnectStep, { name: 'sign-in' }>
}

function Waiting({ handshake, vendor, step }: WaitingProps) {
  const { connect, app } = useWorkspace()
  const desk = useDesk()
  const [cancelling, setCancelling] = useState(false)
  const byKey = handshake.way === 'key'
  const cancel = async () => {
    setCancelling(true)
    await connect.getState().cancel(handshake.attemptId)
    setCancelling(false)
  }
  return (
    <StepFrame title={`${byKey ? 'Connecting' : 'Sign in at'} ${handshake.siteLabel}`} lead={leadOf(handshake)}>
      <div className={clsx(styles.card)}>
        {handshake.device === null ? (
          <SignInProgress handshake={handshake} vendorName={vendor?.name ?? handshake.siteLabel} />
        ) : (
          <DeviceCode device={handshake.device} />
        )}
        <div className={clsx(styles.foot)}>
          {handshake.step === 'waiting' && (
            <Button variant="primary" onPress={() => void connect.getState().showWindow(handshake.attemptId)}>
              <AppWindow size={16} aria-hidden="true" />
              {showWords(handshake)}
            </Button>
          )}
          <Button isBusy={cancelling} onPress={() => void cancel()}>
            Cancel
          </Button>
          {handshake.step === 'waiting' && <Countdown expiresAt={handshake.expiresAt} />}
        </div>
      </div>
      {step.actionError !== null && <ErrorNotice error={step.actionError} onCopy={desk.copy} />}
      <p className={clsx(styles.meanwhile)}>
        You can leave this page. {byKey ? 'The check' : 'The sign-in'} goes on and waits for you in{' '}
        <Button variant="link" onPress={() => app.getState().show('accounts')}>
          Accounts
        </Button>
        , and you can{' '}
        <Button variant="link" onPress={() => connect.getState().begin()}>
          connect another
        </Button>{' '}
        at the same time.
      </p>
    </StepFrame>
  )
}

function showWords({ way }: HandshakeView): string {
  if (way === 'auth-window') return 'Show the sign-in window'
  return way === 'device' ? 'Open the page in your browser' : 'Open the browser page again'
}

function deviceLead(step: HandshakeView['step']): string {
  if (step === 'preparing') return 'A code for this sign-in is being asked for.'
  if (step === 'waiting') {
    return 'Open the page on this or any other device and type the code. Log in there as the user this account should work as, and allow access.'
  }
  return 'The code was accepted. The rest takes a few seconds.'
}

function leadOf({ step, way }: HandshakeView): string {
  if (way === 'device') return deviceLead(step)
  if (isService(way)) return 'The app signs in as your organisation. Nobody has to do anything.'
  if (way === 'key') return 'A first call shows whether it is accepted, and who you are there.'
  if (step !== 'preparing' && step !== 'waiting') return 'You are signed in there. The rest takes a few seconds.'
  if (way === 'auth-window') {
    return 'A sign-in window opens. Log in there as the user this account should work as, and allow access.'
  }
  return 'Your browser shows the sign-in page. Log in there as the user this account should work as, and allow access.'
}

/** Minutes and seconds left. Shown every second, read aloud never: it would talk without end. */
export function Countdown({ expiresAt }: { expiresAt: number }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return (
    <span role="timer" aria-live="off" aria-label="Time left" className={clsx(styles.countdown)}>
      <time>{timeLeft(expiresAt, now)}</time> left
    </span>
  )
}
