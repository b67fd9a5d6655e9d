import { clsx } from 'clsx'
import Check from 'lucide-react/icons/check'
import LockKeyhole from 'lucide-react/icons/lock-keyhole'
import X from 'lucide-react/icons/x'
import { type ReactNode, useEffect, useRef } from 'react'
import { IconButton } from '../design/button.tsx'
import type { ConnectStep } from '../state/connect.ts'
import { useAccounts, useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import { BrandStep } from './brand-step.tsx'
import { ClientStepView } from './client-step.tsx'
import styles from './connect-account.module.css'
import { SignInStep } from './sign-in-step.tsx'
import { VendorStep } from './vendor-step.tsx'

/** Places on the way to a connected account. A sign-in that is done shows the last one. */
type Place = 'vendor' | 'client' | 'sign-in' | 'brand'

const places: { id: Place; title: string; help: string }[] = [
  { id: 'vendor', title: 'Service', help: 'Where customers write' },
  { id: 'client', title: 'Site', help: 'Your address and client' },
  { id: 'sign-in', title: 'Sign in', help: 'On the service’s own page' },
  { id: 'brand', title: 'Brand', help: 'Whose name you answer in' },
]

/** Where there is a key, nobody signs in. */
const keyPlaces = places.map((place) => {
  if (place.id === 'client') return { ...place, help: 'Your address and key' }
  return place.id === 'sign-in' ? { ...place, title: 'Check', help: 'With a first call' } : place
})

/** The connect wizard. It can be left at any time: a running sign-in goes on and stays reachable from Accounts. */
export function ConnectAccount() {
  const { connect } = useWorkspace()
  const leave = useLeave()
  const step = useWorkspaceStore('connect', (state) => state.step)
  const place = usePlace(step)
  const byKey = useIsByKey(step)
  // What is being typed is not thrown away by one key.
  const typing = place === 'client' || place === 'brand'
  const content = useFreshStart(step, place)
  return (
    <main
      className={clsx(styles.page)}
      aria-labelledby="connect-title"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented || typing) return
        // Handled: the window's own Escape must not go one step further.
        event.preventDefault()
        leave()
      }}
    >
      <nav className={clsx(styles.side)} aria-label="Steps">
        <h1 id="connect-title">Connect account</h1>
        <ol className={clsx(styles.places)}>
          {(byKey ? keyPlaces : places).map((entry, index) => (
            <PlaceLine key={entry.id} number={index + 1} place={place} entry={entry} />
          ))}
        </ol>
        <p className={clsx(styles.promise)}>
          <LockKeyhole size={14} aria-hidden="true" />
          <span>Manydesk never sees your password. Access is kept encrypted on this computer.</span>
        </p>
      </nav>
      <div ref={content} tabIndex={-1} className={clsx(styles.content)}>
        <div className={clsx(styles.close)}>
          <IconButton
            label="Close"
            shortcut={typing ? undefined : 'Esc'}
            size="m"
            icon={<X size={18} />}
            onPress={leave}
          />
        </div>
        {step.name === 'vendor' && <VendorStep onChoose={(vendor) => connect.getState().chooseVendor(vendor)} />}
        {step.name === 'client' && <ClientStepView key={step.vendor.id} step={step} />}
        {step.name === 'sign-in' && <SignInStep key={step.attemptId} step={step} />}
        {step.name === 'brand' && <BrandStep key={step.accountId} accountId={step.accountId} isNew={false} />}
      </div>
    </main>
  )
}

function useIsByKey(step: ConnectStep): boolean {
  const attemptId = step.name === 'sign-in' ? step.attemptId : null
  const way = useAccounts((state) => state.handshakes.find((entry) => entry.attemptId === attemptId)?.way)
  return way === 'key' || (step.name === 'client' && step.vendor.key !== null)
}

/** Each place starts at its top, and the keyboard is never left on something that went away with the last one. */
function useFreshStart(step: ConnectStep, place: Place) {
  const content = useRef<HTMLDivElement>(null)
  const attemptId = step.name === 'sign-in' ? step.attemptId : ''
  const progress = useAccounts((state) => state.handshakes.find((entry) => entry.attemptId === attemptId)?.step)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place is the trigger
  useEffect(() => {
    if (content.current !== null) content.current.scrollTop = 0
  }, [place])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown is the trigger
  useEffect(() => {
    if (document.activeElement === document.body) content.current?.focus({ preventScroll: true })
  }, [place, attemptId, progress])
  return content
}

function PlaceLine({ number, place, entry }: { number: number; place: Place; entry: (typeof places)[number] }) {
  const at = places.findIndex((candidate) => candidate.id === place) + 1
  const state = number < at ? 'done' : number === at ? 'current' : 'ahead'
  return (
    <li className={clsx(styles.place, styles[state])} aria-current={state === 'current' ? 'step' : undefined}>
      <span className={clsx(styles.number)}>
        {state === 'done' ? <Check size={12} strokeWidth={3} aria-label="Done" /> : number}
      </span>
      <span>
        <span className={clsx(styles.placeTitle)}>{entry.title}</span>
        <span className={clsx(styles.placeHelp)}>{entry.help}</span>
      </span>
    </li>
  )
}

/** Back to where the person can work: Accounts when there is one, else the welcome. */
function useLeave(): () => void {
  const { app, accounts, connect } = useWorkspace()
  return () => {
    const { step } = connect.getState()
    const shown = step.name === 'sign-in' ? step.attemptId : null
    const state = accounts.getState()
    // A failure that was seen here is settled; a running sign-in stays listed.
    if (shown !== null && state.handshakes.some((entry) => entry.attemptId === shown && entry.step === 'failed')) {
      connect.getState().forget(shown)
      state.dismissHandshake(shown)
    }
    connect.getState().begin()
    const { dismissed } = accounts.getState()
    const open = state.handshakes.some((entry) => entry.step !== 'done' && !dismissed.includes(entry.attemptId))
    app.getState().show(state.accounts.length > 0 || open ? 'accounts' : 'welcome')
  }
}

function usePlace(step: ConnectStep): Place {
  const attemptId = step.name === 'sign-in' ? step.attemptId : null
  const handshakes = useAccounts((state) => state.handshakes)
  const done = handshakes.some((handshake) => handshake.attemptId === attemptId && handshake.step === 'done')
  return done ? 'brand' : step.name
}

/** Heading and lead of one step; the frame all steps share. */
export function StepFrame({
  title,
  lead,
  wide,
  children,
}: {
  title: string
  lead?: ReactNode
  wide?: boolean
  children: ReactNode
}) {
  return (
    <section className={clsx(styles.step, wide && styles.wide)} aria-labelledby="step-title">
      <h2 id="step-title" className={clsx(styles.stepTitle)}>
        {title}
      </h2>
      {lead !== undefined && <p className={clsx(styles.lead)}>{lead}</p>}
      {children}
    </section>
  )
}
