import { clsx } from 'clsx'
import CircleCheck from 'lucide-react/icons/circle-check'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import type { AccountView } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { Spinner } from '../design/spinner.tsx'
import { presentOf, skippedOf } from '../state/sign-in-queue.ts'
import { useAccounts, useSignIns, useWorkspace } from '../workspace.tsx'
import styles from './sign-in-queue-bar.module.css'

/** Signing in to several accounts, one after another: where it stands, and skip, retry, stop. A strip over every screen. */
export function SignInQueueBar() {
  const { signIns } = useWorkspace()
  const ids = useSignIns((state) => state.ids)
  const outcomes = useSignIns((state) => state.outcomes)
  if (ids.length === 0) return null
  const present = presentOf({ ids, outcomes })
  return (
    <section aria-label="Signing in to several accounts" className={clsx(styles.bar)}>
      {present === null ? (
        <Ended
          total={ids.length}
          skipped={skippedOf({ ids, outcomes })}
          onClose={() => void signIns.getState().close()}
        />
      ) : (
        <Present accountId={present} place={`${ids.indexOf(present) + 1} of ${ids.length}`} />
      )}
    </section>
  )
}

/** How it went, and which accounts were left as they are. */
function Ended({ total, skipped, onClose }: { total: number; skipped: readonly string[]; onClose: () => void }) {
  const { signIns } = useWorkspace()
  const accounts = useAccounts((state) => state.accounts)
  const names = accounts.filter(({ id }) => skipped.includes(id)).map(nameOf)
  const words = `${total - skipped.length} of ${total} signed in`
  return (
    <>
      <CircleCheck size={16} className={clsx(styles.good)} aria-hidden="true" />
      <p role="status" className={clsx(styles.words)} title={names.join('\n')}>
        {skipped.length === 0 ? words : `${words}, ${skipped.length} skipped`}
        {names.length > 0 && <span className={clsx(styles.why)}>{`: ${names.join(', ')}`}</span>}
      </p>
      {skipped.length > 0 && (
        <Button size="s" onPress={() => void signIns.getState().start(skipped)}>
          Sign in to the skipped
        </Button>
      )}
      <Button size="s" onPress={onClose}>
        Close
      </Button>
    </>
  )
}

const nameOf = ({ user, siteLabel }: Pick<AccountView, 'user' | 'siteLabel'>) => `${user.name} at ${siteLabel}`

/** What the account itself lacks, so that trying again alone is pointless. */
const lacksClient = ['client_missing', 'client_rejected', 'secret_damaged']

function Present({ accountId, place }: { accountId: string; place: string }) {
  const { signIns, connect, accounts } = useWorkspace()
  const account = useAccounts((state) => state.accounts.find(({ id }) => id === accountId))
  const attemptId = useSignIns((state) => state.attemptId)
  const error = useSignIns((state) => state.error)
  const { retry, skip, close } = signIns.getState()
  const who = account === undefined ? 'an account that is gone' : nameOf(account)
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
      {error !== null && lacksClient.includes(error.code) && (
        <Button size="s" onPress={() => accounts.getState().askForClient(accountId)}>
          Enter the client
        </Button>
      )}
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
