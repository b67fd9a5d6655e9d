import type { ErrorShape } from '../../preload/errors.ts'
import type { Accounts } from '../accounts/accounts.ts'
import type { Account } from '../accounts/model.ts'
import type { Connector } from '../connectors/connector.ts'
import { AppError } from '../errors.ts'
import type { GrantObserver } from '../oauth/grant-observer.ts'
import { compareScopes } from '../oauth/scopes.ts'
import { isServiceWay } from '../oauth/service-grant.ts'
import type { Clock, DocumentFolder, FetchPort } from '../ports.ts'
import { createCallCounts } from './call-counts.ts'
import { createClockSkew } from './clock-skew.ts'
import { isSameError, openDayFile } from './day-file.ts'
import { createDayKeeper } from './day-keeper.ts'
import { forecast, isAlarm } from './forecast.ts'
import type { AccountFacts, AccountHealth, RateView, SyncPhase } from './model.ts'
import { notCurrent } from './not-current.ts'
import { type Observed, observedFetch } from './observed-fetch.ts'
import { clientKey, openSignInLog } from './sign-in-log.ts'

interface HealthOptions {
  accounts: Pick<Accounts, 'list' | 'find' | 'onChange'>
  documents: DocumentFolder
  connectorFor(vendor: string): Connector | null
  fetch: FetchPort
  clock: Clock
}

/** What only others know at the time of asking. */
export interface HealthSources {
  sync(accountId: string): SyncPhase
  rate(accountId: string): RateView | null
}

export interface Health {
  /** Every account, as it stands now. */
  list(sources: HealthSources): AccountHealth[]
  /** The network, watched: for token endpoints, and for the calls of one account. */
  fetch: FetchPort
  fetchFor(accountId: string): FetchPort
  /** Gets told of the life of grants. */
  observer: GrantObserver
  /** When the secret of the account's OAuth client ends: holds for all accounts of that client. @throws AppError `not_found`, `file_failed` */
  setSecretExpiry(accountId: string, at: number | null): void
  forget(accountId: string): void
  close(): void
  /** What had to be set aside while opening. */
  notices: AppError[]
}

interface Recent {
  nextRefreshAt: number | null
  failing: AccountFacts['failing']
  lastError: AccountHealth['lastError']
}

const nothing: Recent = { nextRefreshAt: null, failing: null, lastError: null }

/**
 * How every account does and for how long it will: counts calls, measures the clock, learns lifetimes, and forecasts.
 * @throws AppError `store_newer`, `file_failed` of its file
 */
export function createHealth({ accounts, documents, connectorFor, fetch, clock }: HealthOptions): Health {
  const log = openSignInLog(documents)
  const dayFile = openDayFile(documents, clock.now())
  const counts = createCallCounts([...dayFile.days].flatMap(([id, { ring }]) => (ring ? [[id, ring] as const] : [])))
  const skew = createClockSkew(clock)
  const recents = new Map<string, Recent>()
  const startedAt = clock.monotonic()
  const recent = (accountId: string) => recents.get(accountId) ?? nothing
  const note = (accountId: string, change: Partial<Recent>) =>
    recents.set(accountId, { ...recent(accountId), ...change })
  const noteError = (accountId: string, error: ErrorShape) => {
    const { lastError } = recent(accountId)
    if (lastError?.error.message !== error.message) note(accountId, { lastError: { at: clock.now(), error } })
  }
  const keeper = createDayKeeper(dayFile, clock, () =>
    accounts.list().map(({ id }) => [id, { ring: counts.ring(id), lastError: recent(id).lastError }] as const),
  )
  const observe = ({ host, response, sentAt, receivedAt }: Observed) => {
    if (response !== null) skew.note(host, response.headers, sentAt, receivedAt)
  }

  for (const { id, trouble } of accounts.list()) {
    const before = dayFile.days.get(id)?.lastError ?? null
    const isKnown = trouble === null || (before !== null && isSameError(trouble, before.error))
    // What was wrong before this start, and was not kept, has no time that we know.
    const at = isKnown ? (before?.at ?? null) : null
    const error = trouble ?? before?.error ?? null
    if (error !== null) note(id, { lastError: { at, error } })
  }
  const unfollow = accounts.onChange((list) => {
    for (const { id, trouble } of list) if (trouble) noteError(id, trouble)
  })

  const observer: GrantObserver = {
    held(accountId, { how, grant, renewed }) {
      const before = log.grant(accountId)
      const sameToken = how === 'loaded' || (how === 'refreshed' && !renewed)
      log.noteGrant(accountId, {
        obtainedAt: grant.obtainedAt,
        expiresAt: grant.expiresAt,
        refreshExpiresAt: grant.refreshExpiresAt,
        refreshIssuedAt: (sameToken ? before?.refreshIssuedAt : undefined) ?? grant.obtainedAt,
        renewable: grant.refreshToken !== null,
        rotates: how === 'refreshed' ? renewed : how === 'loaded' ? (before?.rotates ?? null) : null,
        clockAheadMs: how === 'loaded' ? (before?.clockAheadMs ?? 0) : (skew.aheadMs() ?? 0),
      })
      if (how !== 'loaded') note(accountId, { failing: null })
    },
    planned: (accountId, at) => note(accountId, { nextRefreshAt: at }),
    failed(accountId, error) {
      const { failing } = recent(accountId)
      // Without a network nobody can say how the vendor does.
      if (error.code === 'offline') return note(accountId, { failing: null })
      note(accountId, { failing: { since: failing?.since ?? clock.now(), count: (failing?.count ?? 0) + 1 } })
      noteError(accountId, error)
    },
    ended(accountId) {
      const account = accounts.find(accountId)
      if (account) log.noteEnd(clientKey(account), clock.now() - account.connectedAt)
      note(accountId, { nextRefreshAt: null, failing: null })
    },
  }

  /** An account without a person asks anew with its client, and needs no refresh token for it. */
  const lifeOf = ({ id, way }: Account): AccountFacts['grant'] => {
    const grant = log.grant(id)
    return grant && isServiceWay(way) ? { ...grant, renewable: true } : grant
  }

  const factsOf = (account: Account): AccountFacts => {
    const connector = connectorFor(account.vendor)
    const oauth = connector?.signIn.kind === 'oauth' ? connector.signIn : null
    const client = clientKey(account)
    const { nextRefreshAt, failing } = recent(account.id)
    return {
      vendorName: connector?.name ?? account.vendor,
      signIn: account.way === 'key' ? 'key' : 'oauth',
      state: account.state,
      trouble: account.trouble,
      connectedAt: account.connectedAt,
      grant: lifeOf(account),
      limits: {
        refreshDays: oauth?.refreshLifetimeDays ?? null,
        idleDays: oauth?.limits?.idleDays ?? null,
        testModeDays: oauth?.limits?.testModeDays ?? null,
      },
      learnedAgeMs: log.learnedAgeMs(client),
      nextRefreshAt: account.state === 'connected' ? nextRefreshAt : null,
      failing,
      secretExpiresAt: account.way === 'key' ? null : log.secretExpiresAt(client),
      missingScopes:
        oauth === null ? [] : compareScopes(oauth.scopes, account.scopes).missing.map(({ reason }) => reason),
      clockAheadMs: skew.aheadMs(),
    }
  }

  const healthOf = (account: Account, sources: HealthSources): AccountHealth => {
    const now = clock.now()
    const facts = factsOf(account)
    const found = forecast(facts, now)
    const behind = notCurrent(account, sources.sync(account.id), now, clock.monotonic() - startedAt)
    const { calls, failed, lastSuccessAt } = counts.of(account.id, now)
    return {
      accountId: account.id,
      forecast: found,
      // A person who paused an account knows it, and nobody needs to be told that there is no network.
      attention: found.some(isAlarm) || !['paused', 'offline', undefined].includes(behind?.reason),
      notCurrent: behind,
      lastSuccessAt,
      lastError: recent(account.id).lastError,
      renewable: facts.grant?.renewable ?? null,
      nextRefreshAt: facts.nextRefreshAt,
      rate: sources.rate(account.id),
      calls,
      failedCalls: failed,
      clockAheadMs: facts.clockAheadMs,
      secretExpiresAt: facts.secretExpiresAt,
    }
  }

  return {
    notices: [log.notice, dayFile.notice].filter((notice) => notice !== null),
    list: (sources) => accounts.list().map((account) => healthOf(account, sources)),
    fetch: observedFetch(fetch, clock, observe),
    fetchFor: (accountId) =>
      observedFetch(fetch, clock, (observed) => {
        observe(observed)
        const good = observed.response !== null && observed.response.status < 400
        counts.note(accountId, good ? 'good' : 'failed', observed.receivedAt)
        keeper.changed()
      }),
    observer,
    setSecretExpiry(accountId, at) {
      const account = accounts.find(accountId)
      if (account === null) throw new AppError('not_found', 'That account does not exist any more.')
      log.setSecretExpiry(clientKey(account), at)
    },
    forget(accountId) {
      log.forget(accountId)
      counts.forget(accountId)
      recents.delete(accountId)
      keeper.keep()
    },
    close() {
      unfollow()
      log.flush()
      keeper.keep()
    },
  }
}
