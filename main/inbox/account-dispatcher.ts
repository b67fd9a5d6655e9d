import type { Connector, ConnectorContext } from '../connectors/connector.ts'
import type { Command, Compose, Conversation, Receipt } from '../connectors/model.ts'
import { AppError, isAppError, toErrorShape } from '../errors.ts'
import type { DueCommand, OutboxItem } from './model.ts'
import type { OutboxOptions } from './outbox.ts'
import { isRepeatable, outcomeOf, stopsAccount } from './outcome.ts'
import { createPause } from './pause.ts'
import { retryDelayMs } from './retry-delay.ts'

export interface AccountDispatcher {
  wake(): void
  /** True after it ended by itself (the account needs a person). */
  ended(): boolean
  stop(): Promise<void>
}

/** Nothing of the account can be sent until somebody has acted. */
const needsPerson = [
  'needs_sign_in',
  'account_paused',
  'policy_forbids',
  'policy_broken',
  'token_rejected',
  'client_rejected',
  'not_found',
] as const

const sendTimeoutMs = 120_000
/** Stopping waits this long for a send that has begun: its answer is the only cheap proof of what happened. Cut off, it is probed later. */
const graceMs = 5_000
const probeAfterMs = 5_000
const offlineCheckMs = 30_000
const storeTroubleMs = 10_000
/** After so many sends without an answer a person has to look. */
const maxAttempts = 8

/** Sends the commands of one account, one at a time, for as long as it is started. */
export function createAccountDispatcher(accountId: string, options: OutboxOptions): AccountDispatcher {
  const { store, clock, log } = options
  const stopped = new AbortController()
  const cutOff = new AbortController()
  const pause = createPause(stopped.signal)
  let failures = 0
  let ended = false

  const tell = (item: OutboxItem, { revision }: { revision: number }) =>
    options.onChange({ accountId, conversationId: item.conversationId, revision })
  const later = (error: unknown, item: OutboxItem) => {
    const asked = isAppError(error) ? error.retryAfterMs : undefined
    return clock.now() + retryDelayMs(Math.max(failures, item.attempts, 1), asked, options.random())
  }

  const confirm = async (item: OutboxItem, receipt: Receipt) => {
    failures = 0
    tell(item, await store.confirmCommand(item.id, receipt, clock.now()))
    if (!isRepeatable(item.command)) options.onSent(item.conversationId)
  }
  const fail = async (item: OutboxItem, error: AppError) => {
    tell(item, await store.failCommand(item.id, toErrorShape(error)))
    log.info('A command needs the agent', { accountId, kind: item.command.kind, code: error.code })
  }

  /** The send failed: only what certainly did nothing goes back to the queue. */
  const settleFailedSend = async (item: OutboxItem, error: unknown) => {
    const outcome = outcomeOf(error)
    // Whatever the vendor answers, it can be reached.
    failures = outcome === 'refused' ? 0 : failures + 1
    if (outcome === 'refused' && isAppError(error)) return fail(item, error)
    const shape = toErrorShape(error)
    if (outcome === 'not_sent') tell(item, await store.postponeCommand(item.id, shape, later(error, item)))
    else tell(item, await store.doubtCommand(item.id, shape, clock.now() + (options.probeAfterMs ?? probeAfterMs)))
    if (stopsAccount(error)) throw error
  }

  const send = async (item: OutboxItem, way: Way) => {
    tell(item, await store.beginCommand(item.id, clock.now()))
    let receipt: Receipt
    try {
      receipt = await way.execute()
    } catch (error) {
      return settleFailedSend({ ...item, attempts: item.attempts + 1 }, error)
    }
    await confirm(item, receipt)
  }

  /** Asks the vendor what became of the command, before any second try. */
  const probe = async (item: OutboxItem, way: Way) => {
    let found: Receipt | 'absent' | null
    try {
      found = await way.probe(item.sentAt ?? item.createdAt)
    } catch (error) {
      failures += 1
      tell(item, await store.doubtCommand(item.id, toErrorShape(error), later(error, item)))
      if (stopsAccount(error)) throw error
      return
    }
    failures = 0
    if (found !== null && found !== 'absent') return confirm(item, found)
    if (item.attempts >= maxAttempts) return fail(item, gaveUp(item))
    if (found === null && !isRepeatable(item.command)) return fail(item, uncertain())
    tell(item, await store.requeueCommand(item.id))
  }

  const dispatch = async ({ item, conversation }: DueCommand) => {
    const vendor = options.connectorFor(accountId)
    const signal = AbortSignal.any([cutOff.signal, AbortSignal.timeout(sendTimeoutMs)])
    const context = options.contextFor(accountId, signal, 'interactive')
    const way = wayOf(item.command, conversation, vendor, context)
    if (way === null) return fail(item, gone())
    return item.state === 'unknown' ? probe(item, way) : send(item, way)
  }

  const round = async () => {
    if (!options.isOnline()) return pause.for(offlineCheckMs)
    const { due, nextAt } = await store.dueCommands(accountId, clock.now())
    for (const one of due) {
      if (stopped.signal.aborted) return
      await dispatch(one)
    }
    if (due.length > 0) return
    await pause.for(nextAt === null ? Number.POSITIVE_INFINITY : Math.max(nextAt - clock.now(), 50))
  }

  const run = async () => {
    while (!stopped.signal.aborted) {
      try {
        await round()
      } catch (error) {
        if (isAppError(error, ...needsPerson)) {
          return options.onTrouble(accountId, error)
        }
        const known = stopsAccount(error)
        if (!known) log.error('Dispatching commands failed', { accountId, error })
        await pause.for(known ? retryDelayMs(failures, error.retryAfterMs, options.random()) : storeTroubleMs)
      }
    }
  }

  const done = run()
    .catch((error: unknown) => log.error('The dispatching of an account ended', { accountId, error }))
    .finally(() => {
      ended = true
    })
  return {
    wake: pause.end,
    ended: () => ended,
    async stop() {
      stopped.abort()
      pause.end()
      const timer = setTimeout(() => cutOff.abort(), graceMs)
      await done
      clearTimeout(timer)
    },
  }
}

/** How one command reaches its vendor, and how it is looked up there. */
interface Way {
  execute(): Promise<Receipt>
  probe(sentAt: number): Promise<Receipt | 'absent' | null>
}

/** Null where there is nothing (any more) that the command could be carried out on. */
function wayOf(
  command: Command | Compose,
  conversation: Conversation | null,
  vendor: Connector,
  context: ConnectorContext,
): Way | null {
  if (command.kind === 'compose') {
    const { compose } = vendor
    if (!compose) return null
    return {
      execute: () => compose.execute(context, command),
      probe: (sentAt) => compose.probe(context, command, sentAt),
    }
  }
  if (conversation === null) return null
  return {
    execute: () => vendor.execute(context, conversation, command),
    probe: (sentAt) => vendor.probe(context, conversation, command, sentAt),
  }
}

function uncertain(): AppError {
  return new AppError(
    'vendor_failed',
    'It is not certain whether this was sent: the answer got lost and the vendor does not tell.',
    {
      action: "Look at the conversation on the vendor's page, then send it again or discard it.",
    },
  )
}

function gaveUp(item: OutboxItem): AppError {
  return new AppError('vendor_failed', `This could not be sent in ${item.attempts} tries.`, {
    action: 'Try again later, or discard it.',
    detail: item.error?.code ?? null,
  })
}

function gone(): AppError {
  return new AppError('not_found', 'The conversation is no longer there.', {
    action: 'Copy what you wrote, then discard it.',
  })
}
