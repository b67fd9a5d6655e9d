import { createHash } from 'node:crypto'
import type { KeySignIn, ScopeNeed, ServiceWay } from '../connectors/connector.ts'
import type { Identity } from '../connectors/model.ts'
import { createTrace, type TraceEntry } from '../diagnostics/trace.ts'
import { tracedHttp } from '../diagnostics/traced-http.ts'
import { AppError, isAppError, toErrorShape } from '../errors.ts'
import type { PartitionsPort } from '../ports.ts'
import type { ChosenClient } from './clients.ts'
import { awaitDevice, beginDevice } from './device.ts'
import { keyAnswer } from './key-answer.ts'
import { nextRung } from './ladder.ts'
import { type Grant, type HandshakeStep, type HandshakeView, handshakeLifetimeMs, type OAuthClient } from './model.ts'
import { grantProof, type Proof } from './proof.ts'
import { openReceiver, type Receiver, type ReceiverPorts } from './receivers.ts'
import { fixedToken } from './revoke.ts'
import { checkPolicy, checkScopes, giveBack, planFor, type SavingPorts, type SignInPlan, saveSignIn } from './saving.ts'
import { scopesToAsk } from './scopes.ts'
import { resolveServer, resolveSigningServer } from './server.ts'
import { isServiceWay, requestServiceGrant } from './service-grant.ts'
import { type AuthorizationServer, oauthOf, redeemCode, type TokenAnswer } from './token-endpoint.ts'
import { beginTransaction, readRedirect, type Transaction } from './transaction.ts'

export interface AttemptPorts extends SavingPorts, ReceiverPorts {
  partitions: PartitionsPort
  /** Waits, or rejects when stopped. For asking again. */
  pause(ms: number, signal: AbortSignal): Promise<void>
  /** True the first time a code is seen; a code is never redeemed twice, whatever attempt brings it. */
  claimCode(digest: string): boolean
  onChange(view: HandshakeView): void
}

/** One run of an OAuth flow. Everything it must remember lives in it, so two attempts cannot cross. */
export interface Attempt {
  view(): HandshakeView
  /** What happened so far, without secrets. */
  trace(): TraceEntry[]
  /** What it signs in to, and with what: for finding out why it failed. */
  about(): { plan: SignInPlan; client(): Promise<OAuthClient> }
  /** The state it waits for in the system browser; null before, after, and in an auth window. */
  awaitedState(): string | null
  /** Takes the redirect whose state is the awaited one. It is used up by this, whatever comes of it. */
  take(url: string): void
  cancel(): void
  /** Brings the window to the front, or opens the browser page again. */
  show(): void
  finished: Promise<void>
}

/** With what an attempt proves itself: an OAuth client (found when it runs), or the vendor's secret in place of a handshake. */
export type Credentials = { kind: 'client'; choose(): Promise<ChosenClient> } | { kind: 'key'; key: string }

const noClient: ChosenClient = { client: { clientId: '', clientSecret: null }, keep: false }

/** Starts at once; progress comes through `onChange`. */
export function startAttempt(ports: AttemptPorts, asked: SignInPlan, credentials: Credentials): Attempt {
  const { clock, log } = ports
  const startedAt = clock.now()
  const startedMonotonic = clock.monotonic()
  const abort = new AbortController()
  const redirect = Promise.withResolvers<string>()
  // It may be rejected before anybody waits for it.
  redirect.promise.catch(() => undefined)
  let transaction: Transaction | null = null
  let receiver: Receiver | null = null
  let devicePage: string | null = null
  let plan = asked
  const trace = createTrace(clock.now)
  const network = { ...ports, trace }
  let view: HandshakeView = {
    attemptId: plan.attemptId,
    vendor: plan.connector.id,
    siteLabel: plan.siteLabel,
    way: plan.way,
    step: 'preparing',
    accountId: plan.again ? plan.accountId : null,
    error: null,
    device: null,
    next: null,
    startedAt,
    expiresAt: startedAt + handshakeLifetimeMs,
  }

  const change = (step: HandshakeStep, more: Partial<HandshakeView> = {}) => {
    view = { ...view, ...more, step }
    log.info('A handshake moved on', { attemptId: plan.attemptId, vendor: view.vendor, step, error: view.error?.code })
    trace.step(stepTitles[step], view.error?.code)
    ports.onChange({ ...view })
  }
  const end = (reason: AppError) => {
    redirect.reject(reason)
    abort.abort(reason)
  }
  // Clocks stop or jump around sleep, and timers come late: the one that says that more time has passed is believed.
  const isExpired = () => Math.max(clock.monotonic() - startedMonotonic, clock.now() - startedAt) >= handshakeLifetimeMs

  const waitForRedirect = async (begun: Transaction, open: Receiver): Promise<string> => {
    const timer = setTimeout(() => end(expired(plan)), handshakeLifetimeMs)
    timer.unref()
    try {
      trace.page('Show the sign-in page', begun.authorizeUrl)
      open.receive(begun).then(redirect.resolve, redirect.reject)
      const url = await redirect.promise
      trace.redirect('The answer came back', url)
      if (isExpired()) throw expired(plan)
      return url
    } finally {
      clearTimeout(timer)
    }
  }

  const exchange = async (
    server: AuthorizationServer,
    chosen: ChosenClient,
    begun: Transaction,
    url: string,
  ): Promise<TokenAnswer> => {
    const { callback, code } = readRedirect(server, begun, url, plan.site, chosen.client.clientSecret)
    const siteAsked = plan.site
    if (!ports.claimCode(createHash('sha256').update(code).digest('hex'))) throw replayed(plan)
    plan = planAt(plan, callback)
    // The server that was asked redeems the code; a vendor with data centres names another of its own.
    const moved = plan.site !== siteAsked
    const there = moved ? await resolveServer(plan.connector, plan.site, chosen.client, network) : server
    return redeemCode(there, callback, begun.redirectUri, begun.verifier, clock.now(), abort.signal)
  }

  const identify = async (answer: TokenAnswer, proof: Proof | null): Promise<Identity> => {
    const { connector, site, accountId } = plan
    const refused = connector.signIn.kind === 'key' ? keyRefused(connector.name, connector.signIn) : undefined
    const tokens = fixedToken(answer.grant.accessToken, refused, proof)
    const http = ports.httpFor({ connector, site, accountId, tokens })
    return connector.identify({
      http: tracedHttp(http, trace, 'First call'),
      now: clock.now,
      signal: abort.signal,
      site,
      tokenAnswer: answer.answer,
    })
  }

  const finish = async (chosen: ChosenClient, answer: TokenAnswer): Promise<void> => {
    const grant = credentials.kind === 'key' ? answer.grant : withScopes(answer.grant, plan)
    let identity: Identity | null = null
    try {
      change('verifying')
      checkScopes(plan, grant)
      identity = await identify(answer, await grantProof(grant))
      const { name, siteKey, vendorUserId } = identity
      view = { ...view, answeredBy: { name, siteKey, vendorUserId } }
      abort.signal.throwIfAborted()
      plan = planFor(ports, plan, identity)
      checkPolicy(ports, plan, identity)
      change('saving')
      await saveSignIn(ports, plan, chosen, grant, identity)
    } catch (error) {
      await giveBack(ports, plan, chosen, grant, identity)
      throw error
    }
  }

  const handshake = async (choose: () => Promise<ChosenClient>): Promise<void> => {
    const chosen = await choose()
    const server = askingFor(plan, await resolveSigningServer(plan.connector, plan.site, chosen.client, network))
    abort.signal.throwIfAborted()
    if (plan.way === 'device') return byDevice(server, chosen)
    if (isServiceWay(plan.way)) return asOrganisation(server, plan.way, chosen)
    const { begun, url } = await authorise(server)
    change('exchanging')
    await finish(chosen, await exchange(server, chosen, begun, url))
  }

  const asOrganisation = async (server: AuthorizationServer, way: ServiceWay, chosen: ChosenClient): Promise<void> => {
    change('exchanging')
    const subject = { site: plan.site, client: chosen.client }
    await finish(chosen, await requestServiceGrant(server, way, subject, clock.now(), abort.signal))
  }

  /** The person's part: from the authorization request to its answer. */
  const authorise = async (server: AuthorizationServer): Promise<{ begun: Transaction; url: string }> => {
    const open = await openReceiver({ ...ports, onPage: trace.visited }, plan)
    receiver = open
    try {
      const begun = await beginTransaction(server, open)
      abort.signal.throwIfAborted()
      transaction = begun
      change('waiting')
      return { begun, url: await waitForRedirect(begun, open) }
    } finally {
      transaction = null
      open.close()
    }
  }

  const byDevice = async (server: AuthorizationServer, chosen: ChosenClient): Promise<void> => {
    const device = await beginDevice(server, abort.signal)
    const lifeMs = Math.min(device.lifeMs, handshakeLifetimeMs * 2)
    const timer = setTimeout(() => end(expired(plan)), lifeMs)
    timer.unref()
    devicePage = device.completeUrl ?? device.url
    const { userCode, url, completeUrl } = device
    change('waiting', { device: { userCode, url, completeUrl }, expiresAt: clock.now() + lifeMs })
    try {
      const answer = await awaitDevice(server, device, clock.now, abort.signal, ports.pause)
      change('exchanging', { device: null })
      await finish(chosen, answer)
    } finally {
      clearTimeout(timer)
      devicePage = null
    }
  }

  const run = async (): Promise<void> => {
    try {
      // Who signed in before must not be signed in again without being asked.
      if (plan.switching) await ports.partitions.clear(plan.partition)
      if (credentials.kind === 'key') await finish(noClient, keyAnswer(credentials.key, clock.now()))
      else await handshake(credentials.choose)
      change('done', { accountId: plan.accountId })
    } catch (error) {
      const reason: unknown = abort.signal.aborted ? abort.signal.reason : error
      await forgetSession(ports, plan, reason)
      log.warn('A handshake failed', { attemptId: plan.attemptId, vendor: view.vendor, error: reason })
      const shape = toErrorShape(reason)
      const { signIn } = plan.connector
      const next = signIn.kind === 'oauth' ? nextRung(signIn, plan, shape.code) : null
      change('failed', { error: shape, device: null, next })
    }
  }

  const finished = run()
  return {
    finished,
    view: () => ({ ...view }),
    trace: trace.entries,
    about: () => ({
      plan,
      client: async () => (credentials.kind === 'key' ? noClient : await credentials.choose()).client,
    }),
    awaitedState: () => (receiver?.byLink ? (transaction?.state ?? null) : null),
    take(url) {
      transaction = null
      redirect.resolve(url)
    },
    cancel() {
      // Once the grant is being saved, the sign-in is a fact; it can be removed like any account.
      if (!['saving', 'done', 'failed'].includes(view.step)) end(cancelled(plan))
    },
    show() {
      if (transaction) receiver?.show(transaction.authorizeUrl)
      if (devicePage !== null) void ports.browser.openExternal(devicePage).catch(() => undefined)
    },
  }
}

const stepTitles: Record<HandshakeStep, string> = {
  preparing: 'Prepare',
  waiting: 'Wait for the person',
  exchanging: 'Exchange the answer',
  verifying: 'Make a first call',
  saving: 'Save the account',
  done: 'Connected',
  failed: 'Ended',
}

/**
 * The session of an account that did not come to be holds nothing worth keeping; the one of an account that came back as somebody else
 * would sign that person in again next time.
 */
async function forgetSession(ports: AttemptPorts, plan: SignInPlan, reason: unknown): Promise<void> {
  if (plan.way !== 'auth-window') return
  if (plan.again && !isAppError(reason, 'handshake_other_user', 'handshake_other_site')) return
  await ports.partitions.clear(plan.partition).catch((error: unknown) => {
    ports.log.warn('The session of a failed sign-in could not be cleared', { error })
  })
}

/** Where the vendor tells in its answer which of its sites has the person. @throws AppError `site_invalid` */
function planAt(plan: SignInPlan, callback: URLSearchParams): SignInPlan {
  const { signIn } = plan.connector
  const site = oauthOf(plan.connector).siteOfRedirect?.(plan.site, callback) ?? plan.site
  return { ...plan, site, siteLabel: signIn.siteLabel(site) }
}

/** RFC 6749 5.1: an answer without `scope` grants what was asked for; of what was asked for apart, nothing is known then. */
function withScopes(grant: Grant, plan: SignInPlan): Grant {
  if (grant.scopes.length > 0) return grant
  const { optionalScopeParameter } = oauthOf(plan.connector)
  const asked = scopesOf(plan).filter((scope) => !scope.optional || optionalScopeParameter === undefined)
  return { ...grant, scopes: asked.map((scope) => scope.id) }
}

/** The server, with the scopes of this very sign-in. */
function askingFor(plan: SignInPlan, server: AuthorizationServer): AuthorizationServer {
  return { ...server, signIn: { ...server.signIn, scopes: scopesOf(plan) } }
}

function scopesOf({ connector, wanted, again }: SignInPlan): ScopeNeed[] {
  const { scopes } = oauthOf(connector)
  return wanted ? scopesToAsk(scopes, again?.scopes ?? [], wanted) : scopes
}

function keyRefused(name: string, { label, help }: KeySignIn): AppError {
  return new AppError('needs_sign_in', `${name} did not accept this ${label}.`, { action: help })
}

function cancelled(plan: SignInPlan): AppError {
  return new AppError('handshake_cancelled', `Signing in to ${plan.siteLabel} was cancelled.`, {
    action: 'Nothing was changed.',
  })
}

function expired(plan: SignInPlan): AppError {
  return new AppError('handshake_expired', `Signing in to ${plan.siteLabel} took longer than 10 minutes.`, {
    action: 'Start again.',
  })
}

function replayed(plan: SignInPlan): AppError {
  return new AppError('handshake_replayed', `This answer of ${plan.siteLabel} was used before.`, {
    action: 'It was not used again. Start the sign-in again.',
  })
}
