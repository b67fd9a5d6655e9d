import { AppError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import type { RateRules } from './connector.ts'

/** What somebody waits for now goes before what is only kept up to date. */
export type CallPriority = 'interactive' | 'background'

/** A token bucket. Times are monotonic milliseconds. */
export interface BucketState {
  limit: number
  windowMs: number
  tokens: number
  at: number
  blockedUntil: number
}

/** The vendor's limit is shared with other programs and people: use a little less than all of it. */
const share = 0.9
/** Background calls leave this part of the bucket to the agent at the keyboard. */
const reserve = 0.2

const capacity = (state: BucketState) => Math.max(1, state.limit / 2)

export function newBucket(limit: number, windowMs: number, now: number): BucketState {
  const state = { limit, windowMs, tokens: 0, at: now, blockedUntil: 0 }
  return { ...state, tokens: capacity(state) }
}

/** The bucket at `now`. It fills evenly, so that a wait is many short ones and never a burst at the end of a window. */
export function refill(state: BucketState, now: number): BucketState {
  const elapsed = Math.max(0, now - state.at)
  const tokens = Math.min(capacity(state), state.tokens + (elapsed * state.limit * share) / state.windowMs)
  return { ...state, tokens, at: Math.max(now, state.at) }
}

/** Milliseconds until a call of this priority may go; 0 for now. */
export function waitFor(state: BucketState, priority: CallPriority, now: number): number {
  const filled = refill(state, now)
  const kept = priority === 'background' ? Math.min(capacity(state) - 1, capacity(state) * reserve) : 0
  const missing = 1 + kept - filled.tokens
  const forToken = missing <= 1e-9 ? 0 : (missing * state.windowMs) / (state.limit * share)
  return Math.max(0, forToken, state.blockedUntil - now)
}

/** Takes what the vendor said of its own count. An unknown reset time counts as a quarter of the window. */
export function observe(state: BucketState, told: ReturnType<RateRules['read']>, now: number): BucketState {
  if (told === null) return state
  const limit = told.limit !== null && told.limit > 0 ? told.limit : state.limit
  // As full as before under the new limit: else a larger one would leave nothing beyond what is kept for the agent.
  const filled = refill({ ...state, limit, tokens: (state.tokens * limit) / state.limit }, now)
  const tokens = Math.min(filled.tokens, Math.max(0, told.remaining))
  const pause = told.remaining >= 1 ? 0 : (told.resetMs ?? state.windowMs / 4)
  return { ...filled, tokens, blockedUntil: Math.max(state.blockedUntil, pause === 0 ? 0 : now + pause) }
}

interface Waiting {
  priority: CallPriority
  bucket: string | null
  start(): void
}

interface CallToPlace {
  method: string
  /** Path of the URL, without query. */
  path: string
  priority: CallPriority
  /** A longer wait than this is refused at once with `rate_limited`, so that the caller can plan. */
  maxWaitMs: number
  signal: AbortSignal
}

/** One account's right to call its vendor. Other accounts have their own. */
export interface RateBudget {
  /**
   * Resolves when the call may go; call the result when the answer is complete.
   * @throws AppError `rate_limited` (nothing was sent) when the wait would be too long; the signal's reason when aborted
   */
  place(call: CallToPlace): Promise<() => void>
  /** Tells what an answer's headers said. */
  observe(call: { method: string; path: string }, headers: Headers): void
  /** The vendor said "too many": nothing more goes (in the bucket of that call, else in the account) for this long. Answers the pause. */
  slowDown(call: { method: string; path: string }, retryAfterMs: number | null): number
  /** Epoch milliseconds until which the account waits for its vendor, or null. */
  waitUntil(): number | null
  /** Calls that may go now, of the most that may go at once, and what the vendor allows per window. */
  room(): { left: number; capacity: number; limit: number; windowMs: number }
}

/** Shorter waits are not worth telling. */
const tellFromMs = 1000
const longestPauseMs = 60 * 60_000

export function createRateBudget(rules: RateRules, clock: Clock): RateBudget {
  const main = '*'
  const states = new Map<string, BucketState>([
    [main, newBucket(rules.defaultLimit, rules.windowMs, clock.monotonic())],
  ])
  for (const each of rules.buckets ?? []) states.set(each.name, newBucket(each.limit, each.windowMs, clock.monotonic()))
  const refusals = new Map<string, number>()
  const waiting: Waiting[] = []
  let running = 0
  let timer: ReturnType<typeof setTimeout> | null = null

  const state = (name: string): BucketState => states.get(name) ?? newBucket(rules.defaultLimit, rules.windowMs, 0)
  const bucketOf = ({ method, path }: { method: string; path: string }) =>
    rules.buckets?.find((each) => each.match(method, path))?.name ?? null
  const names = (bucket: string | null) => (bucket === null ? [main] : [main, bucket])
  const waitOf = (call: Pick<Waiting, 'priority' | 'bucket'>, now: number) =>
    Math.max(...names(call.bucket).map((name) => waitFor(state(name), call.priority, now)))

  const spend = (bucket: string | null, now: number) => {
    for (const name of names(bucket)) {
      const filled = refill(state(name), now)
      states.set(name, { ...filled, tokens: filled.tokens - 1 })
    }
  }

  /** Starts what may start, the interactive calls first, and sets one timer for the earliest of the rest. */
  const pump = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const now = clock.monotonic()
    let next = Number.POSITIVE_INFINITY
    for (const priority of ['interactive', 'background'] as const) {
      for (const call of waiting.filter((each) => each.priority === priority)) {
        if (running >= rules.concurrency) return
        const wait = waitOf(call, now)
        if (wait <= 0) {
          waiting.splice(waiting.indexOf(call), 1)
          running += 1
          spend(call.bucket, now)
          call.start()
        } else next = Math.min(next, wait)
      }
    }
    if (next !== Number.POSITIVE_INFINITY) timer = setTimeout(pump, Math.max(5, Math.ceil(next)))
  }

  const release = () => {
    let released = false
    return () => {
      if (released) return
      released = true
      running -= 1
      pump()
    }
  }

  return {
    place({ method, path, priority, maxWaitMs, signal }) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason)
        const bucket = bucketOf({ method, path })
        const wait = Math.max(...names(bucket).map((name) => state(name).blockedUntil)) - clock.monotonic()
        if (wait > maxWaitMs) return reject(tooLong(wait))
        const call: Waiting = {
          priority,
          bucket,
          start() {
            signal.removeEventListener('abort', giveUp)
            resolve(release())
          },
        }
        const giveUp = () => {
          waiting.splice(waiting.indexOf(call), 1)
          reject(signal.reason)
          pump()
        }
        signal.addEventListener('abort', giveUp, { once: true })
        waiting.push(call)
        pump()
      })
    },
    observe(call, headers) {
      refusals.delete(bucketOf(call) ?? main)
      states.set(main, observe(state(main), rules.read(headers), clock.monotonic()))
    },
    slowDown(call, retryAfterMs) {
      const name = bucketOf(call) ?? main
      const before = refusals.get(name) ?? 0
      refusals.set(name, before + 1)
      const guess = Math.min(5 * 60_000, (state(name).windowMs / 4) * 2 ** before) * (0.5 + Math.random() / 2)
      const pause = Math.min(longestPauseMs, retryAfterMs ?? guess)
      const now = clock.monotonic()
      const filled = refill(state(name), now)
      states.set(name, { ...filled, tokens: 0, blockedUntil: Math.max(filled.blockedUntil, now + pause) })
      return pause
    },
    room() {
      const filled = refill(state(main), clock.monotonic())
      const { limit, windowMs } = filled
      return { left: Math.max(0, Math.floor(filled.tokens)), capacity: Math.floor(capacity(filled)), limit, windowMs }
    },
    waitUntil() {
      const now = clock.monotonic()
      const blocked = state(main).blockedUntil - now
      const queued = waiting.length === 0 ? 0 : Math.min(...waiting.map((call) => waitOf(call, now)))
      const wait = Math.max(blocked, queued)
      return wait < tellFromMs ? null : Math.ceil(clock.now() + wait)
    },
  }
}

function tooLong(waitMs: number): AppError {
  return new AppError('rate_limited', 'The vendor allows no further requests at the moment.', {
    action: 'Manydesk goes on by itself when the vendor allows it again.',
    detail: `waiting ${Math.ceil(waitMs / 1000)} s`,
    retryAfterMs: Math.ceil(waitMs),
    outcome: 'not_sent',
  })
}
