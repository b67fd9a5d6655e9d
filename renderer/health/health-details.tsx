import { clsx } from 'clsx'
import X from 'lucide-react/icons/x'
import { type ReactNode, useState } from 'react'
import { Input, Label, TextField } from 'react-aria-components'
import type { AccountHealth, AccountView, Forecast } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { useReconnect } from '../accounts/use-reconnect.ts'
import { Button, IconButton } from '../design/button.tsx'
import { fullTime, messageTime } from '../inbox/time-words.ts'
import { accessWords, dateWords, duration } from '../state/account-words.ts'
import {
  callWords,
  certaintyWords,
  type HealthRow,
  isAlarm,
  limitWords,
  nextRefreshWords,
  notCurrentWords,
  rateWords,
} from '../state/health-words.ts'
import { dayOf, endOf } from '../state/secret-date.ts'
import { useAccounts, useWorkspace } from '../workspace.tsx'
import { ForecastPill } from './forecast-pill.tsx'
import styles from './health-details.module.css'

/** One account in full: what will end it and what to do, then what was measured. */
export function HealthDetails({ row, now, onClose }: { row: HealthRow; now: number; onClose: () => void }) {
  const { account, health } = row
  return (
    <aside className={clsx(styles.details)} aria-label={`Health of ${account.user.name} at ${account.siteLabel}`}>
      <header className={clsx(styles.head)}>
        <h2>{account.siteLabel}</h2>
        <IconButton label="Close details" icon={<X size={14} />} onPress={onClose} />
      </header>
      {health !== undefined && (
        <>
          <Forecasts account={account} health={health} now={now} />
          <Facts account={account} health={health} now={now} />
          {account.way !== 'key' && <SecretDate account={account} health={health} />}
        </>
      )}
    </aside>
  )
}

function Forecasts({ account, health, now }: { account: AccountView; health: AccountHealth; now: number }) {
  if (health.forecast.length === 0)
    return <p className={clsx(styles.quiet)}>Nothing is known that would end this sign-in.</p>
  return (
    <ul aria-label="Forecast" className={clsx(styles.forecasts)}>
      {health.forecast.map((forecast) => (
        <li key={`${forecast.limit} ${forecast.certainty}`}>
          <ForecastPill forecast={forecast} now={now} />
          <p>{forecast.sentence}</p>
          <p className={clsx(styles.quiet)}>{certaintyWords(forecast, now)}</p>
          {isAlarm(forecast) && <p className={clsx(styles.quiet)}>{forecast.remedy.words}</p>}
          {isAlarm(forecast) && <Remedy account={account} forecast={forecast} />}
        </li>
      ))}
    </ul>
  )
}

function Remedy({ account, forecast }: { account: AccountView; forecast: Forecast }) {
  const { accounts } = useWorkspace()
  const { busy, start } = useReconnect(account)
  const resuming = useAccounts((state) => state.busy[account.id] === 'resume')
  if (forecast.remedy.kind === 'reconnect') {
    return (
      <Button size="s" isBusy={busy} onPress={() => void start()}>
        Reconnect
      </Button>
    )
  }
  if (forecast.remedy.kind !== 'resume') return null
  return (
    <Button size="s" isBusy={resuming} onPress={() => void accounts.getState().resume(account.id)}>
      Resume
    </Button>
  )
}

function Facts({ account, health, now }: { account: AccountView; health: AccountHealth; now: number }) {
  const { lastSuccessAt, lastError, notCurrent, rate, clockAheadMs } = health
  return (
    <dl className={clsx(styles.facts)}>
      <Fact name="User">{[account.user.name, account.user.role].filter(Boolean).join(', ')}</Fact>
      {notCurrent !== null && <Fact name="Conversations">{notCurrentWords(notCurrent, now)}</Fact>}
      <Fact name="Last success">{lastSuccessAt === null ? 'None yet' : <Moment at={lastSuccessAt} now={now} />}</Fact>
      <Fact name="Last error">
        {lastError === null ? 'None known' : lastError.error.message}
        {lastError?.at != null && (
          <>
            {' '}
            <Moment at={lastError.at} now={now} />
          </>
        )}
      </Fact>
      {account.way !== 'key' && <SignInFacts account={account} health={health} now={now} />}
      <Fact name="Calls">{callWords(health)}</Fact>
      <Fact name="Rate budget">
        {rate === null ? rateWords(health, now) : `${rateWords(health, now)}, ${limitWords(rate)}`}
      </Fact>
      <Fact name="Clock">{clockWords(clockAheadMs)}</Fact>
    </dl>
  )
}

function SignInFacts({ account, health, now }: { account: AccountView; health: AccountHealth; now: number }) {
  const missing = account.scopes.filter(({ granted }) => !granted)
  return (
    <>
      <Fact name="Access">{accessWords(account, now)}</Fact>
      <Fact name="Next refresh">{nextRefreshWords(health, now)}</Fact>
      <Fact name="Sign-in lasts">{lastsWords(account, now)}</Fact>
      <Fact name="Scopes">
        {missing.length === 0
          ? `All ${account.scopes.length} given`
          : `Missing: ${missing.map(({ id, reason }) => reason ?? id).join('; ')}`}
        <span className={clsx(styles.scopes)}>
          {account.scopes
            .filter(({ granted }) => granted)
            .map(({ id }) => id)
            .join(', ')}
        </span>
      </Fact>
    </>
  )
}

/** Whether a renewal moves the date, the forecast says. */
function lastsWords({ state, refreshExpiresAt }: AccountView, now: number): string {
  if (state === 'needs_sign_in') return 'Ended.'
  return refreshExpiresAt === null ? 'Until it is revoked.' : `Until ${dateWords(refreshExpiresAt, now)}`
}

function clockWords(aheadMs: number | null): string {
  if (aheadMs === null) return 'Not measured yet'
  if (Math.abs(aheadMs) < 60_000) return 'Right'
  return `${duration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead' : 'behind'}`
}

function Moment({ at, now }: { at: number; now: number }) {
  return <time title={fullTime(at)}>{messageTime(at, now)}</time>
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

/** Vendors do not tell when a client secret ends; whoever made it knows. It holds for every account of the same client. */
function SecretDate({ account, health }: { account: AccountView; health: AccountHealth }) {
  const { health: store } = useWorkspace()
  const saved = health.secretExpiresAt === null ? '' : dayOf(health.secretExpiresAt)
  const [typed, setTyped] = useState(saved)
  const [error, setError] = useState<ErrorShape | null>(null)
  const save = async (day: string) => setError(await store.getState().setSecretExpiry(account.id, endOf(day)))
  return (
    <div className={clsx(styles.secret)}>
      <TextField value={typed} onChange={setTyped} className={clsx(styles.date)}>
        <Label>Client secret ends on</Label>
        <Input type="date" />
      </TextField>
      <Button size="s" isDisabled={typed === saved} onPress={() => void save(typed)}>
        Save date
      </Button>
      <p className={clsx(styles.quiet)}>
        {health.secretExpiresAt === null
          ? 'Vendors do not tell. Enter it, and it is announced a month before.'
          : `Announced a month before ${dateWords(health.secretExpiresAt, Date.now())}.`}
      </p>
      {error !== null && <p role="alert">{error.message}</p>}
    </div>
  )
}
