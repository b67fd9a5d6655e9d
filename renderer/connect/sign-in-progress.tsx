import { clsx } from 'clsx'
import Check from 'lucide-react/icons/check'
import type { HandshakeView } from '../../preload/contract.ts'
import { Spinner } from '../design/spinner.tsx'
import { type ProgressStep, progressSteps, stepStates } from '../state/connect-outcome.ts'
import { isService } from '../state/rungs.ts'
import styles from './sign-in-step.module.css'

interface StepWords {
  title: string
  help: string
}

const fresh = 'With a fresh one-time code for this sign-in.'
const preparing: Record<HandshakeView['way'], StepWords> = {
  'auth-window': { title: 'Opening the sign-in window', help: fresh },
  'system-browser': { title: 'Opening your browser', help: fresh },
  device: { title: 'Asking for a code', help: 'It is typed on the sign-in page, on any device.' },
  'client-credentials': { title: 'Preparing the request', help: 'With the client ID and secret.' },
  'jwt-bearer': { title: 'Preparing the request', help: 'With a statement signed by the private key.' },
  key: { title: 'Preparing the first call', help: 'With the key you pasted.' },
}

function wordsOf(step: ProgressStep, handshake: HandshakeView, vendorName: string): StepWords {
  const words: Record<ProgressStep, StepWords> = {
    preparing: {
      ...preparing[handshake.way],
    },
    waiting: { title: `Waiting for you at ${handshake.siteLabel}`, help: 'Log in and allow access.' },
    exchanging: { title: 'Exchanging the answer for access', help: 'The answer works once, and only here.' },
    verifying: {
      title: 'Checking with a first call',
      help: `Asking ${vendorName} who ${handshake.way === 'key' ? 'the key belongs to' : 'signed in'}.`,
    },
    saving: { title: 'Saving the account', help: 'Encrypted on this computer.' },
  }
  return words[step]
}

/** What a vendor's secret makes needless. */
const ofHandshake = new Set<ProgressStep>(['preparing', 'waiting', 'exchanging'])

function shownSteps(way: HandshakeView['way']): readonly ProgressStep[] {
  if (way === 'key') return progressSteps.filter((step) => !ofHandshake.has(step))
  return isService(way) ? progressSteps.filter((step) => step !== 'waiting') : progressSteps
}

/** The steps of a sign-in with their live state; the current one is also read aloud when it changes. */
export function SignInProgress({ handshake, vendorName }: { handshake: HandshakeView; vendorName: string }) {
  const states = stepStates(handshake.step)
  const shown = shownSteps(handshake.way)
  const current = shown.find((step) => states[step] === 'current')
  return (
    <>
      <ol className={clsx(styles.steps)} aria-label="Progress of the sign-in">
        {shown.map((step) => {
          const words = wordsOf(step, handshake, vendorName)
          const state = states[step]
          return (
            <li
              key={step}
              className={clsx(styles.step, styles[state])}
              aria-current={state === 'current' ? 'step' : undefined}
            >
              <span className={clsx(styles.mark)}>
                {state === 'done' && <Check size={12} strokeWidth={3} aria-label="Done" />}
                {state === 'current' && <Spinner label="Under way" delay={0} />}
              </span>
              <span className={clsx(styles.title)}>{words.title}</span>
              {state === 'current' && <span className={clsx(styles.help)}>{words.help}</span>}
            </li>
          )
        })}
      </ol>
      <p role="status" className={clsx(styles.spoken)}>
        {current === undefined ? 'Connected' : wordsOf(current, handshake, vendorName).title}
      </p>
    </>
  )
}
