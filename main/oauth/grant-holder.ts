import type { Account } from '../accounts/model.ts'
import { AppError, isAppError, toErrorShape } from '../errors.ts'
import type { FetchPort } from '../ports.ts'
import { askToSignIn, isRefusal, locked, notTried, reused, saysReused, unreadable } from './grant-endings.ts'
import { unobserved } from './grant-observer.ts'
import { endsAsleep, type Lifetime, startLifetime, tooLittle, untilRefresh } from './lifetime.ts'
import type { Grant, OAuthClient } from './model.ts'
import { grantProof, type Proof, provenFetch } from './proof.ts'
import type { GrantsOptions } from './refresh.ts'
import { renew, renewalOf } from './renewal.ts'
import { compareScopes } from './scopes.ts'

/** The grant of one account in memory, and the only place that refreshes it. */
export interface Holder {
  current(): Promise<string>
  renew(rejected: string): Promise<string>
  proven(token: string, fetch: FetchPort): Promise<FetchPort | null>
  adopt(grant: Grant): Promise<void>
  /** Plans the next refresh, at the earliest after `delayMs`; failures are left to the next use. */
  schedule(delayMs?: number): Promise<void>
  /** For an account whose saved grant could not be found or read before: marks it well again when it can be. */
  lookAgain(): Promise<void>
  /** Renews a sign-in that would end within days unless it is renewed: this computer may sleep longer. */
  refreshAhead(): Promise<void>
  /**
   * Renews with another client than the account's own, which signs nobody out when it is refused. An account whose own client was refused
   * works again afterwards. @throws AppError why it was not accepted; `not_supported` where nothing can be renewed
   */
  tryClient(client: OAuthClient): Promise<void>
  stop(): void
}

interface Held {
  grant: Grant
  /** Of the key these tokens are bound to; null for bearer tokens. Kept, because it holds the nonces. */
  proof: Promise<Proof | null>
  lifetime: Lifetime
  /** False while a rotated grant could not be written: it must not be used before it is on disk. */
  stored: boolean
  /** The refresh token it replaced. */
  former: string | null
}

const longestTimerMs = 86_400_000
const firstBackoffMs = 30_000
const longestBackoffMs = 600_000
interface HolderEvents {
  onNeedsSignIn(): void
  /** Null: it worked. */
  onRefresh(trouble: AppError | null): void
}

export function createHolder(accountId: string, options: GrantsOptions, events: HolderEvents): Holder {
  const { vault, accounts, clock, log, observer = unobserved } = options
  let held: Held | null = null
  let refreshing: Promise<string> | null = null
  /** A client is being tried; never rejects. */
  let trying: Promise<void> | null = null
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  /** Ends the work of the present grant when another takes its place. */
  let era = new AbortController()

  const hold = (grant: Grant, stored: boolean, former: string | null = null): Held => {
    const sameKey = held !== null && grant.privateKey !== undefined && held.grant.privateKey?.d === grant.privateKey.d
    const proof = sameKey && held ? held.proof : grantProof(grant)
    // A key that cannot be used is told by whoever needs it.
    proof.catch(() => undefined)
    held = { grant, proof, lifetime: startLifetime(grant, clock), stored, former }
    return held
  }

  const account = (): Account => {
    const found = accounts.find(accountId)
    if (!found) throw new AppError('not_found', 'That account does not exist any more.')
    if (found.state === 'paused') throw new AppError('account_paused', `${found.siteLabel} is paused.`)
    if (found.state === 'needs_sign_in') throw askToSignIn(found, null)
    return found
  }

  const signOut = (of: Account, reason: AppError): AppError => {
    const trouble = isAppError(reason, 'token_rejected', 'handshake_denied') ? askToSignIn(of, reason.detail) : reason
    log.warn('An account needs its person to sign in again', { accountId, vendor: of.vendor, reason })
    held = null
    // A grant that cannot be read here was not ended by its vendor.
    if (isAppError(reason, 'token_rejected', 'token_reused')) observer.ended(accountId)
    accounts.needSignIn(accountId, toErrorShape(trouble))
    events.onNeedsSignIn()
    return askToSignIn(of, reason.detail)
  }

  const load = async (of: Account): Promise<Held> => {
    if (held) return held
    const { signal } = era
    const answer = await vault.readGrant(accountId)
    if (held) return held
    signal.throwIfAborted()
    if (answer.kind === 'found') {
      observer.held(accountId, { how: 'loaded', grant: answer.value, renewed: false })
      return hold(answer.value, true)
    }
    if (answer.kind === 'locked') throw locked(answer.reason)
    throw signOut(of, unreadable(of, answer.kind === 'damaged' ? answer.reason : 'there is none'))
  }

  /** Puts a rotated grant on disk, then into use. */
  const store = async (grant: Grant, former: string | null): Promise<string> => {
    hold(grant, false, former)
    await vault.writeGrant(accountId, grant)
    hold(grant, true)
    failures = 0
    observer.held(accountId, { how: 'refreshed', grant, renewed: grant.refreshToken !== former })
    const { scopes, expiresAt, refreshExpiresAt } = grant
    const { lost } = compareScopes([], scopes, accounts.find(accountId)?.scopes)
    if (lost.length > 0) log.warn('The vendor narrowed what an account may do', { accountId, lost })
    accounts.noteGrant(accountId, { scopes, accessExpiresAt: expiresAt, refreshExpiresAt })
    void schedule()
    return grant.accessToken
  }

  /** Another writer may have rotated the grant: the stored one decides before a person is bothered. */
  const newerOnDisk = async (used: Grant): Promise<Grant | null> => {
    const answer = await vault.readGrant(accountId)
    return answer.kind === 'found' && answer.value.refreshToken !== used.refreshToken ? answer.value : null
  }

  const refresh = async (of: Account, from: Held, again: boolean): Promise<string> => {
    const { signal } = era
    if (!from.stored) return store(from.grant, from.former)
    const { refreshToken } = from.grant
    const renewal = renewalOf(of, from.grant)
    if (renewal === null) throw signOut(of, askToSignIn(of, 'the vendor gave no refresh token'))
    try {
      const grant = await renew(options, { of, from, by: renewal }, signal)
      signal.throwIfAborted()
      const token = await store(grant, refreshToken)
      events.onRefresh(null)
      return token
    } catch (error) {
      signal.throwIfAborted()
      if (!isRefusal(error)) {
        if (isAppError(error)) {
          observer.failed(accountId, error)
          events.onRefresh(error)
        }
        throw error
      }
      const newer = await newerOnDisk(from.grant)
      signal.throwIfAborted()
      if (!newer) {
        const refusal = saysReused(error) ? reused(of, error.detail) : error
        events.onRefresh(refusal)
        throw signOut(of, refusal)
      }
      const next = hold(newer, true)
      return tooLittle(next.lifetime) && again ? refresh(of, next, false) : newer.accessToken
    }
  }

  const tryClient = async (client: OAuthClient): Promise<void> => {
    const of = accounts.find(accountId)
    if (!of) throw new AppError('not_found', 'That account does not exist any more.')
    if (of.state === 'paused') throw new AppError('account_paused', `${of.siteLabel} is paused.`)
    const byClient = ['client_rejected', 'client_missing'].includes(of.trouble?.code ?? '')
    if (of.state === 'needs_sign_in' && !byClient) throw askToSignIn(of, null)
    await refreshing?.catch(() => undefined)
    const from = await load(of)
    if (!from.stored) await store(from.grant, from.former)
    const renewal = renewalOf(of, from.grant)
    if (renewal === null) throw notTried(of)
    const { signal } = era
    const grant = await renew(options, { of, from, by: renewal, client }, signal)
    signal.throwIfAborted()
    await store(grant, from.grant.refreshToken)
    accounts.grantFound(accountId)
    events.onRefresh(null)
  }

  const refreshOnce = (of: Account, from: Held): Promise<string> => {
    if (refreshing) return refreshing
    // A refresh beside the one that tries a client would use the same token twice.
    if (trying)
      return trying.then(() => (held && held !== from && held.stored ? held.grant.accessToken : refreshOnce(of, from)))
    const run = refresh(of, from, true).finally(() => {
      if (refreshing === run) refreshing = null
    })
    refreshing = run
    return run
  }

  const backgroundRefresh = async (): Promise<void> => {
    const found = accounts.find(accountId)
    if (!held || found?.state !== 'connected') return
    try {
      // A timer may be late or early after sleep: it only makes us look again.
      if (untilRefresh(held.lifetime, 0) > 1_000) return await schedule()
      await refreshOnce(found, held)
    } catch (error) {
      if (isAppError(error, 'needs_sign_in') || era.signal.aborted) return
      failures += 1
      const backoff = Math.min(longestBackoffMs, firstBackoffMs * 2 ** (failures - 1))
      log.warn('A token could not be refreshed yet', { accountId, failures, error })
      plan(backoff * (0.5 + options.random() / 2))
    }
  }

  const plan = (delay: number) => {
    clearTimeout(timer)
    observer.planned(accountId, Math.ceil(clock.now() + delay))
    timer = setTimeout(() => void backgroundRefresh(), Math.min(delay, longestTimerMs))
    timer.unref()
  }

  const schedule = async (delayMs = 0): Promise<void> => {
    try {
      const now = await load(account())
      if (renewalOf(account(), now.grant) !== null && now.lifetime.whole !== Number.POSITIVE_INFINITY) {
        plan(Math.max(delayMs, untilRefresh(now.lifetime, options.random())))
      }
    } catch (error) {
      log.info('No refresh is planned for an account', { accountId, error })
    }
  }

  const lookAgain = async (): Promise<void> => {
    if ((await vault.readGrant(accountId)).kind !== 'found') return
    accounts.grantFound(accountId)
    await schedule()
  }

  /**
   * Only where sleeping may end the sign-in: a refresh whose answer is lost on the way to sleep costs one at the vendors that rotate, and
   * what merely ran out is renewed after waking.
   */
  const refreshAhead = async (): Promise<void> => {
    const found = accounts.find(accountId)
    if (!held?.stored || found?.state !== 'connected' || held.grant.refreshToken === null) return
    if (!endsAsleep(held.grant, clock.now())) return
    await refreshOnce(found, held).catch((error: unknown) => {
      log.info('A sign-in could not be renewed ahead of sleep', { accountId, error })
    })
  }

  const endEra = () => {
    era.abort(new AppError('needs_sign_in', 'The sign-in of this account changed meanwhile.', { action: 'Try again.' }))
    era = new AbortController()
    refreshing = null
    clearTimeout(timer)
    observer.planned(accountId, null)
    held = null
  }

  return {
    async tryClient(client) {
      await trying
      const run = tryClient(client)
      const settled = run
        .catch(() => undefined)
        .then(() => {
          trying = null
        })
      trying = settled
      return run
    },
    schedule,
    lookAgain,
    refreshAhead,
    stop: endEra,
    async current() {
      const of = account()
      const now = await load(of)
      if (now.stored && !tooLittle(now.lifetime)) return now.grant.accessToken
      try {
        return await refreshOnce(of, now)
      } catch (error) {
        // Trouble on the way to the vendor signs nobody out while the token at hand still lives.
        if (now.stored && held === now && now.lifetime.left() > 5_000) return now.grant.accessToken
        throw error
      }
    },
    async renew(rejected) {
      const of = account()
      const now = await load(of)
      if (now.stored && now.grant.accessToken !== rejected) return now.grant.accessToken
      return refreshOnce(of, now)
    },
    async proven(token, fetch) {
      const { grant, proof } = await load(account())
      if (grant.privateKey === undefined) return null
      const signer = await proof
      return signer && provenFetch(signer, token, fetch)
    },
    async adopt(grant) {
      const under = refreshing
      endEra()
      // Whatever the former era still writes must be on disk before the new grant, not after it.
      await under?.catch(() => undefined)
      await vault.writeGrant(accountId, grant)
      hold(grant, true)
      observer.held(accountId, { how: 'signed_in', grant, renewed: true })
      failures = 0
    },
  }
}
