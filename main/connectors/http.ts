import ky, { type KyInstance, type Options } from 'ky'
import { AppError, isAppError } from '../errors.ts'
import type { Clock, FetchPort, Log } from '../ports.ts'
import {
  badAnswer,
  fileRefused,
  isHiddenRedirect,
  outcomeOf,
  readHiddenRedirect,
  readRetryAfter,
} from './answer-errors.ts'
import { readBounded, Stalled, TooLong } from './bounded-body.ts'
import type { Connector, Site, TokenSource } from './connector.ts'
import { networkError } from './network-error.ts'
import { withOutcome } from './outcome.ts'
import type { CallPriority, RateBudget } from './rate-limit.ts'

export interface AccountHttpOptions {
  fetch: FetchPort
  tokens: TokenSource
  connector: Pick<Connector, 'name' | 'hosts' | 'readError' | 'authorize'>
  site: Site
  accountId: string
  clock: Clock
  log: Log
  budget: RateBudget
  /** `interactive` for what an agent waits for (a thread, a send), `background` (default) for keeping up to date. */
  priority?: CallPriority
  bounds?: Partial<HttpBounds>
}

export interface HttpBounds {
  /** From sending to the first byte of the answer, connecting included. */
  firstByteMs: number
  /** Longest silence inside a body. */
  idleMs: number
  jsonBytes: number
  fileBytes: number
  /** Before the first repeat of a read, at most; each further one waits twice as long. */
  firstRetryMs: number
}

const defaultBounds: HttpBounds = {
  firstByteMs: 30_000,
  idleMs: 20_000,
  jsonBytes: 8 * 1024 * 1024,
  fileBytes: 64 * 1024 * 1024,
  firstRetryMs: 1000,
}
const errorBytes = 64 * 1024
/** A pause longer than this is given back as `rate_limited` instead of being waited for. */
const longestWaitMs: Record<CallPriority, number> = { interactive: 20_000, background: 90_000 }
const redirectHops = 5

/** Option for a POST that only reads (a search, a batch read): it may be repeated like a GET. */
export const readByPost = { retry: { methods: ['post'] } } satisfies Options

/**
 * The HTTP client of one account. Paths are relative to the connector's `hosts(site).api`. It sends the bearer token to the
 * allowed hosts only, waits for the account's rate budget, renews the token once after a 401, bounds time and size, and repeats
 * reads (never writes) after passing trouble. `.json()` calls accept JSON only: a page of HTML is `vendor_bad_answer`, and
 * redirects are refused. Calls that accept anything (`.bytes()`) are file downloads: larger, and redirected without the token.
 *
 * Every rejection is an AppError with `outcome` (see errors.ts), or the reason of the caller's signal when a read was aborted.
 * The codes: offline, timeout, vendor_*, rate_limited (with `retryAfterMs`), and what the token source throws (needs_sign_in, keyring_*).
 */
export function createAccountHttp(options: AccountHttpOptions): KyInstance {
  const call = createGuardedFetch(options)
  const { firstRetryMs } = { ...defaultBounds, ...options.bounds }
  return ky.create({
    baseUrl: `${options.connector.hosts(options.site).api.replace(/\/$/, '')}/`,
    fetch: (input, init) => call(input instanceof Request ? input : new Request(input, init)),
    timeout: false,
    throwHttpErrors: false,
    parseJson: (text, { request }) => parseJson(text, options.connector.name, request.method),
    retry: {
      limit: 3,
      methods: ['get', 'head'],
      delay: (attempt) => firstRetryMs * 2 ** (attempt - 1),
      backoffLimit: 20_000,
      jitter: true,
      shouldRetry: ({ error }) => mayPass(error),
    },
  })
}

/** Trouble that may pass by itself within moments. The budget itself waits as long as the vendor said. */
function mayPass(error: Error): boolean {
  if (isAppError(error, 'rate_limited')) return (error.retryAfterMs ?? 0) <= longestWaitMs.interactive
  return isAppError(error, 'timeout', 'vendor_unreachable', 'vendor_failed')
}

function parseJson(text: string, vendor: string, method: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw badAnswer(vendor, 'not JSON', method === 'GET' ? 'refused' : 'unknown')
  }
}

interface Attempt {
  request: Request
  url: URL
  body: ArrayBuffer | null
  /** True where the caller takes any bytes: a file download. */
  file: boolean
  where: { method: string; path: string }
}

function createGuardedFetch(options: AccountHttpOptions): (request: Request) => Promise<Response> {
  const { connector, tokens, budget } = options
  const bounds = { ...defaultBounds, ...options.bounds }
  const priority = options.priority ?? 'background'
  const allowed = new Set(connector.hosts(options.site).allowed)

  const send = async (attempt: Attempt): Promise<Response> => {
    const done = await budget.place({
      ...attempt.where,
      priority,
      maxWaitMs: longestWaitMs[priority],
      signal: attempt.request.signal,
    })
    const started = options.clock.monotonic()
    let status: number | string = 'failed'
    try {
      const response = await authorised(attempt)
      status = response.status
      return response
    } finally {
      done()
      const { method } = attempt.where
      // The path of a file may hold a key to it.
      const path = attempt.file ? attempt.url.hostname : attempt.where.path
      const ms = Math.round(options.clock.monotonic() - started)
      options.log.debug('vendor call', { account: options.accountId, method, path, status, ms })
    }
  }

  /** One renewal and one repeat after a 401: the vendor refused before doing anything, so that this is safe for writes, too. */
  const authorised = async (attempt: Attempt): Promise<Response> => {
    if (!trusted(attempt.url)) return attempt.file ? toFile(attempt, null) : refuseHost(attempt.url)
    const token = await unsent(tokens.current())
    const response = await transfer(attempt, token)
    if (response.status !== 401) return conclude(attempt, response)
    const renewed = await unsent(tokens.renew(token))
    return conclude(attempt, await transfer(attempt, renewed))
  }

  const trusted = (url: URL) =>
    url.protocol === 'https:' && url.port === '' && url.username === '' && allowed.has(url.hostname)

  /** Sends and reads the whole answer inside the bounds; the result holds its bytes in memory. */
  const transfer = async (attempt: Attempt, token: string | null): Promise<Response> => {
    let { url } = attempt
    let bearer = token
    for (let hop = 0; hop <= redirectHops; hop += 1) {
      const response = await exchange(attempt, url, bearer).catch((error: unknown) => unseenHop(attempt, url, error))
      const location = response.headers.get('location')
      if (!attempt.file || response.status < 300 || response.status > 399 || location === null) return response
      url = new URL(location, url)
      if (url.protocol !== 'https:') break
      bearer = url.origin === attempt.url.origin && trusted(url) ? bearer : null
    }
    throw badAnswer(connector.name, 'redirected too often or away from https', 'refused')
  }

  /** Where the redirect of a file cannot be seen, the network stack follows it, with no token to carry along. */
  const unseenHop = (attempt: Attempt, url: URL, error: unknown): Promise<Response> => {
    if (!attempt.file || !isHiddenRedirect(error)) throw error
    return exchange(attempt, url, null, 'follow')
  }

  const exchange = async (
    attempt: Attempt,
    url: URL,
    token: string | null,
    redirect: 'manual' | 'follow' = 'manual',
  ): Promise<Response> => {
    const { request, body, file } = attempt
    const headers = new Headers(request.headers)
    headers.delete('authorization')
    if (token !== null) {
      const proof = connector.authorize?.(token, { site: options.site, now: options.clock.now() })
      for (const [name, value] of Object.entries(proof ?? { authorization: `Bearer ${token}` }))
        headers.set(name, value)
    }
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), bounds.firstByteMs)
    const signal = AbortSignal.any([request.signal, late.signal])
    try {
      const init: RequestInit = {
        method: request.method,
        headers,
        redirect,
        credentials: 'omit',
        cache: 'no-store',
        signal,
      }
      const proven = token === null ? null : await tokens.proven?.(token, options.fetch)
      const answer = await (proven ?? options.fetch)(url.href, body === null ? init : { ...init, body })
      clearTimeout(timer)
      const limit = answer.ok ? (file ? bounds.fileBytes : bounds.jsonBytes) : errorBytes
      return await whole(answer, limit)
    } catch (error) {
      throw await explain(error, attempt, late.signal.aborted)
    } finally {
      clearTimeout(timer)
    }
  }

  const whole = async (answer: Response, limit: number): Promise<Response> => {
    const { status, statusText, headers } = answer
    const bytes = await readBounded(answer, limit, bounds.idleMs).catch((error: unknown) => {
      if (error instanceof TooLong && !answer.ok) return new Uint8Array()
      throw error
    })
    const empty = [204, 205, 304].includes(status)
    return new Response(empty ? null : bytes, { status, statusText, headers })
  }

  const explain = async (error: unknown, attempt: Attempt, late: boolean): Promise<unknown> => {
    const { signal, method } = attempt.request
    if (error instanceof TooLong) return badAnswer(connector.name, error.message, 'unknown')
    if (late || error instanceof Stalled) {
      return new AppError('timeout', `${connector.name} did not answer in time.`, {
        action: 'Manydesk tries again by itself.',
        detail: error instanceof Stalled ? error.message : `no answer for ${bounds.firstByteMs} ms`,
        outcome: 'unknown',
      })
    }
    if (!signal.aborted) return readHiddenRedirect(error, connector.name) ?? networkError(error, connector.name)
    if (method === 'GET' || method === 'HEAD') return signal.reason
    return new AppError('timeout', `Manydesk stopped waiting for ${connector.name}.`, { outcome: 'unknown' })
  }

  const toFile = async (attempt: Attempt, token: string | null) => conclude(attempt, await transfer(attempt, token))

  /** Turns a complete answer into a result or an AppError. */
  const conclude = async (attempt: Attempt, response: Response): Promise<Response> => {
    const { status, headers } = response
    const foreign = attempt.file && !trusted(attempt.url)
    if (!foreign && status !== 429) budget.observe(attempt.where, headers)
    if (response.ok) return attempt.file ? response : looksLikeJson(response)
    if (status >= 300 && status < 400) throw badAnswer(connector.name, `redirect ${status}`, 'unknown')
    throw refusal(attempt, status, headers, await response.text(), foreign)
  }

  const refusal = (attempt: Attempt, status: number, headers: Headers, body: string, foreign: boolean): AppError => {
    const error = foreign ? fileRefused(status) : connector.readError(status, headers, body)
    const told = readRetryAfter(headers, options.clock.now()) ?? error.retryAfterMs ?? null
    // Some vendors say "too many" with another status; their folder knows.
    const limited = !foreign && (status === 429 || error.code === 'rate_limited')
    // As some do for a 401: nobody does anything for whom they do not know.
    const unknownCaller = error.code === 'needs_sign_in'
    const slow = limited || (!foreign && status === 503 && told !== null)
    const retryAfterMs = slow ? budget.slowDown(attempt.where, told) : (told ?? undefined)
    return new AppError(error.code, error.message, {
      action: error.action,
      detail: error.detail,
      outcome: limited || unknownCaller ? 'not_sent' : outcomeOf(status),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    })
  }

  /** A captive portal or a proxy answers in HTML: that is neither data nor a reason to sign anybody out. */
  const looksLikeJson = async (response: Response): Promise<Response> => {
    const text = await response.clone().text()
    const first = text.trimStart()[0]
    if (first === undefined || first === '{' || first === '[') return response
    throw badAnswer(
      connector.name,
      `answer is ${response.headers.get('content-type') ?? 'of no type'}, not JSON`,
      'unknown',
    )
  }

  const refuseHost = (url: URL): never => {
    throw new AppError('bad_request', `Manydesk does not send this account's sign-in to ${url.hostname}.`, {
      outcome: 'not_sent',
    })
  }

  return async (request) => {
    const url = new URL(request.url)
    const body = request.body === null ? null : await request.clone().arrayBuffer()
    const file = request.headers.get('accept') === '*/*'
    return send({ request, url, body, file, where: { method: request.method, path: url.pathname } })
  }
}

/** Errors of the token source happen before anything is sent, even where the sign-in was refused. */
async function unsent(token: Promise<string>): Promise<string> {
  try {
    return await token
  } catch (error) {
    throw isAppError(error) && error.outcome !== 'not_sent' ? withOutcome(error, 'not_sent') : error
  }
}
