import { createHash } from 'node:crypto'
import type { Accounts } from '../accounts/accounts.ts'
import type { Account } from '../accounts/model.ts'
import type { Connector, SignInWay } from '../connectors/connector.ts'
import type { TraceEntry } from '../diagnostics/trace.ts'
import { AppError, isAppError } from '../errors.ts'
import { giveUpRefusal, vendorRefusal, withinPolicy } from '../policy/connector-rules.ts'
import { demand, type Enforcement } from '../policy/enforce.ts'
import { type Attempt, type AttemptPorts, type Credentials, startAttempt } from './attempt.ts'
import type { ChosenClient, Clients } from './clients.ts'
import { type ConnectRequest, type HandshakeView, type OAuthClient, redirectUris } from './model.ts'
import type { SignInPlan } from './saving.ts'
import { type Again, checkOffered, checkScopesKnown, newPlan, normalisedSite, reconnectPlan } from './sign-in-plan.ts'
import { redirectParameters, singleValue } from './transaction.ts'

export interface HandshakesOptions extends Omit<AttemptPorts, 'claimCode' | 'onChange' | 'accounts'> {
  connectorFor(vendor: string): Connector | null | undefined
  policy: Enforcement
  clients: Pick<Clients, 'choose' | 'forReconnect'>
  accounts: Pick<Accounts, 'find' | 'add' | 'signedIn' | 'findIdentity'>
}

export interface Handshakes {
  /** Starts a handshake for a new account and answers at once. @throws AppError `not_found`, `not_supported`, `site_invalid` */
  connect(request: ConnectRequest): HandshakeView
  /** The same for an account that exists, in the way it was signed in before unless another is named. @throws AppError */
  reconnect(accountId: string, again?: Again): HandshakeView
  /** @throws AppError `not_found` */
  cancel(attemptId: string): void
  /** Brings its page to the front or opens it again. @throws AppError `not_found`; why the server could not be asked for it */
  show(attemptId: string): Promise<void>
  /** What happened in one of them, without secrets. @throws AppError `not_found` */
  trace(attemptId: string): TraceEntry[]
  /** What one of them is about, for finding out why it failed. @throws AppError `not_found` */
  about(attemptId: string): ReturnType<Attempt['about']>
  /** Running ones and the last that ended, oldest first. */
  list(): HandshakeView[]
  /**
   * A deep link, from wherever the system delivers it: hostile until proven otherwise. Null when a handshake took it; otherwise why it
   * was dropped, for the log or a notice. A dropped link changes nothing.
   */
  receiveRedirect(url: string): AppError | null
  onChange(listener: (view: HandshakeView) => void): () => void
}

const remembered = 20
const rememberedDigests = 1000

/** All handshakes of this run of the app. Each is an object of its own; they share only the list of what was used up. */
export function createHandshakes(options: HandshakesOptions): Handshakes {
  const attempts = new Map<string, Attempt>()
  const listeners = new Set<(view: HandshakeView) => void>()
  const usedStates = boundedSet(rememberedDigests)
  const usedCodes = boundedSet(rememberedDigests)

  const start = (plan: SignInPlan, credentials: Credentials): HandshakeView => {
    const ports: AttemptPorts = {
      ...options,
      claimCode: usedCodes.add,
      onChange: (view) => {
        for (const listener of listeners) listener(view)
      },
    }
    const attempt = startAttempt(ports, plan, credentials)
    attempts.set(plan.attemptId, attempt)
    dropOldest(attempts)
    return attempt.view()
  }
  const required = (attemptId: string): Attempt => {
    const attempt = attempts.get(attemptId)
    if (!attempt) throw new AppError('not_found', 'That sign-in does not exist any more.')
    return attempt
  }
  const running = (accountId: string) =>
    [...attempts.values()].find((each) => each.view().accountId === accountId && isRunning(each))

  return {
    connect(request) {
      const known = requiredConnector(options, request.vendor)
      const connector = permitted(options, known, request.way)
      demand(options.policy.mayConnect(connector))
      checkOffered(connector, request)
      const site = normalisedSite(connector, request.site)
      const siteLabel = connector.signIn.siteLabel(site)
      demand(options.policy.allowSite(connector, siteLabel, null))
      const plan = newPlan(connector, { ...request, site }, siteLabel)
      const choose = () => options.clients.choose(connector.id, siteLabel, request.client)
      return start(plan, credentialsFor(connector, request, choose))
    },
    reconnect(accountId, again = {}) {
      const account = options.accounts.find(accountId)
      if (!account) throw new AppError('not_found', 'That account does not exist any more.')
      const present = running(accountId)
      if (present && again.switchUser) {
        throw new AppError('bad_request', 'A sign-in of this account is under way.', {
          action: 'Finish or cancel it first.',
        })
      }
      if (present) {
        present.show().catch((error: unknown) => options.log.warn('A sign-in page could not be shown again', { error }))
        return present.view()
      }
      const known = requiredConnector(options, account.vendor)
      const { policy } = options
      demand(again.switchUser ? giveUpRefusal(policy, account, known) : policy.mayReconnect(account, known))
      checkScopesKnown(known, again.scopes ?? [])
      demand(...(again.scopes ?? []).map((scope) => policy.allowScope(known, scope)))
      const connector = permitted(options, known, again.way)
      demand(options.policy.allowSite(connector, account.siteLabel, account.identity))
      const plan = reconnectPlan(connector, account, again)
      const { client = null, key } = again
      const choose = () => clientAgain(options.clients, account, client)
      return start(plan, credentialsFor(connector, { client, key }, choose))
    },
    cancel: (attemptId) => required(attemptId).cancel(),
    show: async (attemptId) => required(attemptId).show(),
    trace: (attemptId) => required(attemptId).trace(),
    about: (attemptId) => required(attemptId).about(),
    list: () => [...attempts.values()].map((attempt) => attempt.view()),
    receiveRedirect(url) {
      const outcome = takeRedirect(url, attempts, usedStates)
      if (outcome) options.log.warn('A link to Manydesk was dropped', { reason: outcome.code, length: url.length })
      return outcome
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function takeRedirect(url: string, attempts: Map<string, Attempt>, used: BoundedSet): AppError | null {
  const parameters = redirectParameters(url, redirectUris.app)
  const state = parameters && singleValue(parameters, 'state')
  if (!state) return new AppError('bad_request', 'A link to Manydesk was not an answer to a sign-in.')
  const digest = createHash('sha256').update(state).digest('hex')
  const attempt = [...attempts.values()].find((each) => each.awaitedState() === state)
  if (attempt) {
    used.add(digest)
    attempt.take(url)
    return null
  }
  return used.has(digest)
    ? new AppError('handshake_replayed', 'This sign-in link was used before.', { action: 'Nothing was changed.' })
    : new AppError('handshake_state_mismatch', 'A sign-in link arrived that no sign-in here waits for.', {
        action: 'Nothing was changed. Start signing in from Manydesk.',
      })
}

function requiredConnector(options: HandshakesOptions, vendor: string): Connector {
  const connector = options.connectorFor(vendor)
  if (!connector) throw new AppError('not_found', 'This Manydesk does not know that vendor.')
  return connector
}

/** The connector within what the organisation allows. @throws AppError `policy_forbids`, `policy_broken` */
function permitted({ policy }: HandshakesOptions, connector: Connector, way: SignInWay | undefined): Connector {
  demand(vendorRefusal(policy, connector), way === undefined ? null : policy.allowWay(connector, way))
  return withinPolicy(policy, connector)
}

/** @throws AppError `client_missing`, `bad_request` for what was typed, before anything starts */
function credentialsFor(
  { name, signIn }: Connector,
  { client, key }: Pick<ConnectRequest, 'client' | 'key'>,
  choose: () => Promise<ChosenClient>,
): Credentials {
  if (signIn.kind === 'key') {
    if (!key) throw new AppError('client_missing', `${name} needs the ${signIn.label}.`, { action: signIn.help })
    return { kind: 'key', key: signIn.normalise(key) }
  }
  if (client && signIn.secretRequired && client.clientSecret === null) {
    throw new AppError('client_missing', `${name} also needs the client secret.`, {
      action: 'Copy it from the place where you registered the OAuth client.',
    })
  }
  return { kind: 'client', choose }
}

/**
 * The client of an account that signs in again. Where its own is lost with the keys, or it was imported: one that is here for the same site.
 * The client id that the account remembers is not tried alone: most clients have a secret, and the person would sign in for nothing.
 * @throws AppError `client_missing`, `secret_damaged`, `file_failed`
 */
async function clientAgain(
  clients: HandshakesOptions['clients'],
  account: Account,
  given: OAuthClient | null,
): Promise<ChosenClient> {
  // `choose` refuses another client where the organisation provides one.
  if (given !== null) return clients.choose(account.vendor, account.siteLabel, given)
  try {
    return { client: await clients.forReconnect(account), keep: false }
  } catch (error) {
    if (!isAppError(error, 'client_missing', 'secret_damaged')) throw error
    return await clients.choose(account.vendor, account.siteLabel, null).catch(() => {
      throw error
    })
  }
}

function isRunning(attempt: Attempt): boolean {
  const { step } = attempt.view()
  return step !== 'done' && step !== 'failed'
}

function dropOldest(attempts: Map<string, Attempt>): void {
  const ended = [...attempts].filter(([, attempt]) => !isRunning(attempt))
  for (const [attemptId] of ended.slice(0, Math.max(0, ended.length - remembered))) attempts.delete(attemptId)
}

interface BoundedSet {
  has(digest: string): boolean
  /** True when it was not there. */
  add(digest: string): boolean
}

function boundedSet(limit: number): BoundedSet {
  const digests = new Set<string>()
  return {
    has: (digest) => digests.has(digest),
    add(digest) {
      if (digests.has(digest)) return false
      digests.add(digest)
      const oldest = digests.values().next().value
      if (digests.size > limit && oldest !== undefined) digests.delete(oldest)
      return true
    },
  }
}
