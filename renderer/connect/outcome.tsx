import { clsx } from 'clsx'
import CircleSlash from 'lucide-react/icons/circle-slash'
import ShieldAlert from 'lucide-react/icons/shield-alert'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { useState } from 'react'
import type { HandshakeView, VendorView } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { CopyButton } from '../design/copy-field.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import type { ConnectStep } from '../state/connect.ts'
import { type NextStep, outcomeOf } from '../state/connect-outcome.ts'
import { insteadWords, otherRung, type Rung } from '../state/rungs.ts'
import { useDesk, useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import styles from './sign-in-step.module.css'
import { TraceList } from './trace-list.tsx'

interface OutcomeProps {
  handshake: HandshakeView
  vendor: VendorView | undefined
  step: Extract<ConnectStep, { name: 'sign-in' }>
}

const marks = { quiet: CircleSlash, warning: TriangleAlert, danger: ShieldAlert }

const gone = { code: 'internal', message: 'It ended without saying why.', action: null, detail: null } as const

/** How a sign-in ended without an account: what happened, what was kept, what to do. */
export function OutcomeView({ handshake, vendor, step }: OutcomeProps) {
  const desk = useDesk()
  const { doctor } = useWorkspace()
  const hasForm = useWorkspaceStore('connect', (state) => state.drafts[handshake.attemptId] !== undefined)
  const error = handshake.error ?? gone
  const other = otherRung(vendor, handshake)
  const reconnect = isReconnect(handshake, hasForm)
  const outcome = outcomeOf(error, {
    reconnect,
    hasOtherWay: other !== null,
    hasForm,
    byKey: handshake.way === 'key',
    byCode: handshake.way === 'device',
  })
  const Mark = marks[outcome.tone]
  return (
    <section aria-labelledby="outcome-title" className={clsx(styles.page)}>
      <div className={clsx(styles.outcome)} role="alert">
        <span className={clsx(styles.icon, styles[outcome.tone])}>
          <Mark size={20} aria-hidden="true" />
        </span>
        <div>
          <h2 id="outcome-title">{outcome.title}</h2>
          <p className={clsx(styles.site)}>{handshake.siteLabel}</p>
        </div>
      </div>
      <dl className={clsx(styles.story)}>
        <dt>What happened</dt>
        <dd>{error.message}</dd>
        <dt>What was kept</dt>
        <dd>{outcome.kept}</dd>
        {error.action !== null && (
          <>
            <dt>What to do</dt>
            <dd>{error.action}</dd>
          </>
        )}
      </dl>
      <NextSteps handshake={handshake} vendor={vendor} next={outcome.next} other={other} reconnect={reconnect} />
      <Button variant="link" onPress={() => void doctor.getState().test({ attemptId: handshake.attemptId })}>
        Find out why
      </Button>
      {step.actionError !== null && <ErrorNotice error={step.actionError} onCopy={desk.copy} />}
      <Details attemptId={handshake.attemptId} code={error.code} detail={error.detail} />
    </section>
  )
}

/** A sign-in for an account that was there before; a new one that met an existing account is not. */
function isReconnect(handshake: HandshakeView, hasForm: boolean): boolean {
  return handshake.accountId !== null && !hasForm && handshake.error?.code !== 'handshake_already_connected'
}

interface NextStepsProps extends Omit<OutcomeProps, 'step'> {
  next: readonly NextStep[]
  other: Rung | null
  reconnect: boolean
}

function NextSteps({ handshake, vendor, next, other, reconnect }: NextStepsProps) {
  const { connect, app, accounts } = useWorkspace()
  const [busy, setBusy] = useState<NextStep | null>(null)
  // The key of a known account is not kept for a second try: a new one is asked for.
  const keyOf = handshake.way === 'key' && reconnect ? handshake.accountId : null
  const goTo = (screen: 'accounts' | 'welcome') => {
    connect.getState().begin()
    connect.getState().forget(handshake.attemptId)
    accounts.getState().dismissHandshake(handshake.attemptId)
    app.getState().show(screen)
  }
  const close = () => goTo(accounts.getState().accounts.length > 0 ? 'accounts' : 'welcome')
  const works: Record<NextStep, () => Promise<void> | void> = {
    'try-again': () =>
      keyOf === null ? connect.getState().tryAgain(handshake, vendor) : accounts.getState().askForKey(keyOf),
    'other-way': () => (other === null ? undefined : connect.getState().tryAgain(handshake, vendor, other)),
    'edit-client': () => connect.getState().editForm(handshake, vendor),
    'edit-site': () => connect.getState().editForm(handshake, vendor),
    'give-client': () => accounts.getState().askForClient(handshake.accountId),
    'show-accounts': () => goTo('accounts'),
    close,
  }
  const run = async (name: NextStep) => {
    setBusy(name)
    await works[name]()
    setBusy(null)
    // The attempt has been answered by what the person chose; it need not be listed as failed any more.
    const { step } = connect.getState()
    if (step.name !== 'sign-in' || step.attemptId !== handshake.attemptId)
      accounts.getState().dismissHandshake(handshake.attemptId)
  }
  return (
    <div className={clsx(styles.next)}>
      {next.map((name, index) => (
        <Button
          key={name}
          variant={index === 0 ? 'primary' : index === next.length - 1 ? 'quiet' : 'secondary'}
          isBusy={busy === name}
          isDisabled={busy !== null && busy !== name}
          autoFocus={index === 0}
          onPress={() => void run(name)}
        >
          {labelOf(name, handshake, { other, asksForKey: keyOf !== null })}
        </Button>
      ))}
    </div>
  )
}

const changeKey = 'Change the key'

interface Possible {
  other: Rung | null
  asksForKey: boolean
}

function againWords({ way, error }: HandshakeView): string {
  return way === 'device' && error?.code === 'handshake_expired' ? 'Get a new code' : 'Try again'
}

function labelOf(name: NextStep, handshake: HandshakeView, { other, asksForKey }: Possible): string {
  const { way } = handshake
  const labels: Record<NextStep, string> = {
    'try-again': asksForKey ? changeKey : againWords(handshake),
    'edit-client': way === 'key' ? changeKey : 'Edit client',
    'edit-site': 'Edit site',
    'give-client': 'Enter the client',
    'other-way': other === null ? 'Use another way' : insteadWords(other),
    'show-accounts': 'Go to accounts',
    close: 'Close',
  }
  return labels[name]
}

function Details({ attemptId, code, detail }: { attemptId: string; code: string; detail: string | null }) {
  const desk = useDesk()
  const [open, setOpen] = useState(false)
  const text = detail === null ? code : `${code}\n${detail}`
  return (
    <div>
      <Button variant="link" aria-expanded={open} onPress={() => setOpen(!open)}>
        {open ? 'Hide technical details' : 'Technical details'}
      </Button>
      {open && (
        <div className={clsx(styles.detail)}>
          <pre>{text}</pre>
          <CopyButton value={text} onCopy={desk.copy} label="Copy details" />
        </div>
      )}
      {open && <TraceList attemptId={attemptId} />}
    </div>
  )
}
