import { clsx } from 'clsx'
import CircleCheck from 'lucide-react/icons/circle-check'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { Button } from '../design/button.tsx'
import { Spinner } from '../design/spinner.tsx'
import { presentOf } from '../state/sign-in-queue.ts'
import { useAccounts, useSignIns, useWorkspace } from '../workspace.tsx'
import styles from './sign-in-queue-bar.module.css'

/** Signing in to several accounts, one after another: where it stands, and skip, retry, stop. A strip over every screen. */
export function SignInQueueBar() {
  const { signIns } = useWorkspace()
  const ids = useSignIns((state) => state.ids)
  const outcomes = useSignIns((state) => state.outcomes)
  if (ids.length === 0) return null
  const present = presentOf({ ids, outcomes })
  const done = ids.filter((id) => outcomes[id] === 'done').length
  return (
    <section aria-label="Signing in to several accounts" className={clsx(styles.bar)}>
      {present === null ? (
        <>
          <CircleCheck size={16} className={clsx(styles.good)} aria-hidden="true" />
          <p role="status" className={clsx(styles.words)}>
            {`${done} of ${ids.length} signed in${done === ids.length ? '' : `, ${ids.length - done} skipped`}`}
          </p>
          <Button size="s" onPress={() => void signIns.getState().close()}>
            Close
          </Button>
        </>
      ) : (
        <Present accountId={present} place={`${ids.indexOf(present) + 1} of ${ids.length}`} />
      )}
    </section>
  )
}

function Present({ accountId, place }: { accountId: string; place: string }) {
  const { signIns, connect } = useWorkspace()
  const account = useAccounts((state) => state.accounts.find(({ id }) => id === accountId))
  const attemptId = useSignIns((state) => state.attemptId)
  const error = useSignIns((state) => state.error)
  const { retry, skip, close } = signIns.getState()
  const who = account === undefined ? 'an account that is gone' : `${account.user.name} at ${account.siteLabel}`
  return (
    <>
      {error === null ? (
        <Spinner label="Waiting for the sign-in" />
      ) : (
        <TriangleAlert size={16} className={clsx(styles.bad)} aria-hidden="true" />
      )}
      <p role="status" className={clsx(styles.words)}>
        <strong>{`Signing in ${place}: ${who}`}</strong>
        {error !== null && <span className={clsx(styles.why)}>{` ${error.message}`}</span>}
      </p>
      {error !== null && (
        <Button size="s" onPress={() => void retry()}>
          Try again
        </Button>
      )}
      {error === null && attemptId !== null && (
        <Button size="s" onPress={() => void connect.getState().showWindow(attemptId)}>
          Show window
        </Button>
      )}
      <Button size="s" onPress={() => void skip()}>
        Skip
      </Button>
      <Button size="s" variant="quiet" onPress={() => void close()}>
        Stop
      </Button>
    </>
  )
}
