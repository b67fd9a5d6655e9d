import { clsx } from 'clsx'
import { useState } from 'react'
import type { AccountView, CallResult } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { managedWords } from '../policy/managed.tsx'
import { count } from '../state/account-words.ts'
import { useAccounts, useDesk, useWorkspace } from '../workspace.tsx'
import styles from './remove-dialog.module.css'

type SignedOut = CallResult<'accounts.signOutEverywhere'>[number]

/** Ends every sign-in of this computer at once, for a lost or shared one, and says for each what became of it. */
export function SignOutEverywhere() {
  const { accounts } = useWorkspace()
  const desk = useDesk()
  const list = useAccounts((state) => state.accounts)
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorShape | null>(null)
  const [results, setResults] = useState<readonly SignedOut[] | null>(null)
  const close = () => {
    setOpen(false)
    setResults(null)
    setError(null)
  }
  const signOut = async () => {
    setBusy(true)
    const answer = await accounts.getState().signOutEverywhere()
    setBusy(false)
    if (answer.ok) setResults(answer.value)
    else setError(answer.error)
  }
  return (
    <div>
      <Button variant="quiet" size="s" onPress={() => setOpen(true)}>
        Sign out everywhere
      </Button>
      <Dialog
        role="alertdialog"
        title={titleOf(results)}
        isOpen={open}
        onClose={close}
        footer={
          results === null ? (
            <>
              <Button onPress={close} isDisabled={busy} autoFocus>
                Cancel
              </Button>
              <Button variant="danger" isBusy={busy} onPress={() => void signOut()}>
                Sign out everywhere
              </Button>
            </>
          ) : (
            <Button onPress={close} autoFocus>
              Close
            </Button>
          )
        }
      >
        {error !== null && <ErrorNotice error={error} onCopy={desk.copy} />}
        {results === null ? <Effects accounts={list} /> : <Results results={results} accounts={list} />}
      </Dialog>
    </div>
  )
}

function titleOf(results: readonly SignedOut[] | null): string {
  if (results === null) return 'Sign out of all accounts?'
  return results.some(({ revoked }) => revoked === 'locked')
    ? 'You are signed out where it is allowed'
    : 'You are signed out'
}

const lockOf = (account: AccountView | undefined) => account?.locked?.remove ?? account?.locked?.reconnect ?? null

function Effects({ accounts }: { accounts: readonly AccountView[] }) {
  const kept = accounts.filter((account) => lockOf(account) !== null).length
  return (
    <dl className={clsx(styles.effects)}>
      <dt>At the sites</dt>
      <dd>{`The access of ${count(accounts.length - kept)} accounts is revoked, where the site can be reached and offers it.`}</dd>
      <dt>On this computer</dt>
      <dd>
        The sign-ins are deleted. Accounts, brands, conversations and unsent replies stay and wait until you sign in.
      </dd>
      {kept > 0 && (
        <>
          <dt>Stays signed in</dt>
          <dd>{`${count(kept)} accounts, which your organisation has locked.`}</dd>
        </>
      )}
    </dl>
  )
}

function Results({ results, accounts }: { results: readonly SignedOut[]; accounts: readonly AccountView[] }) {
  return (
    <div role="status">
      <dl className={clsx(styles.effects)}>
        {results.map((result) => {
          const account = accounts.find(({ id }) => id === result.accountId)
          return [
            <dt key={`${result.accountId} name`}>{account?.siteLabel ?? 'An account'}</dt>,
            <dd key={result.accountId} className={clsx(result.revoked === 'revoked' ? undefined : styles.remains)}>
              {resultWords(result, account)}
            </dd>,
          ]
        })}
      </dl>
    </div>
  )
}

function resultWords({ revoked, deleted }: SignedOut, account: AccountView | undefined): string {
  const who = account?.user.name ?? 'The user'
  if (revoked === 'locked') {
    const reason = lockOf(account) ?? 'Your organisation has locked this account.'
    return `${who}: still signed in. ${managedWords(reason)}`
  }
  const there: Record<typeof revoked, string> = {
    revoked: `${who}: the site confirmed that the access has ended.`,
    not_offered: `${who}: the site offers no way to end access from here. It runs out by itself, or end it in the profile there.`,
    not_reached: `${who}: the site could not be reached, so the access may live on there. End it in the profile there.`,
  }
  return deleted ? there[revoked] : `${there[revoked]} It could not be deleted from this computer: try again.`
}
