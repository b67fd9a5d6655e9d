import {
  type Answer,
  type CallArgs,
  type CallName,
  type CallResult,
  calls,
  type EventName,
  type EventValue,
  events,
} from '../../preload/contract.ts'
import { AppError, isAppError, toErrorShape } from '../errors.ts'
import type { Log } from '../ports.ts'
import type { IpcPort, Sender } from './port.ts'

/** One function per call of the contract: parsed arguments in, a result (checked once more before it leaves) out. */
export type Handlers = {
  [N in CallName]: (args: CallArgs<N>) => CallResult<N> | Promise<CallResult<N>>
}

/** Sends one event of the contract to the windows. */
export type Tell = <N extends EventName>(name: N, value: EventValue<N>) => void

interface RouterOptions {
  port: IpcPort
  handlers: Handlers
  log: Log
  /** Why a call may not be answered now, or null. */
  refuse?(name: CallName): AppError | null
}

/**
 * Answers every call of the contract. Whatever happens, the page gets data: `{ ok, value }` or `{ ok, error }`. Errors that nobody
 * planned are logged by kind and reach the page as `internal`, without their text.
 */
export function answerCalls({ port, handlers, log, refuse = () => null }: RouterOptions): void {
  for (const name of Object.keys(calls) as CallName[]) {
    port.handle(name, (sender, payload) => answer(name, handlers, port, sender, payload, log, refuse))
  }
}

async function answer<N extends CallName>(
  name: N,
  handlers: Handlers,
  port: IpcPort,
  sender: Sender,
  payload: unknown,
  log: Log,
  refuse: NonNullable<RouterOptions['refuse']>,
): Promise<Answer<unknown>> {
  try {
    if (!port.trusts(sender)) throw new AppError('forbidden_sender', 'This page may not ask Manydesk anything.')
    const refused = refuse(name)
    if (refused !== null) throw refused
    const args = parseArguments(name, payload)
    const result: unknown = await handlers[name](args)
    return { ok: true, value: parseResult(name, result) }
  } catch (error) {
    report(name, error, log)
    return { ok: false, error: toErrorShape(error) }
  }
}

function parseArguments<N extends CallName>(name: N, payload: unknown): CallArgs<N> {
  const parsed = calls[name].args.safeParse(payload)
  if (parsed.success) return parsed.data as CallArgs<N>
  const issue = parsed.error.issues[0]
  const path = [name, ...(issue?.path ?? [])].map(String).join('.')
  throw new AppError('bad_request', 'The window asked for something Manydesk does not understand.', {
    action: 'Start Manydesk again. If it happens again, send us the log file.',
    detail: `${path}: ${issue?.code ?? 'invalid'}`,
  })
}

/** Strips what the contract does not name, so that nothing else can cross. */
function parseResult(name: CallName, result: unknown): unknown {
  const parsed = calls[name].result.safeParse(result)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new UnfitResult(`${name} answered ${issue?.code ?? 'unfit'} at ${issue?.path.join('.') ?? ''}`)
}

/** A service answered something the contract does not allow: a mistake of ours, with a text that holds no data. */
class UnfitResult extends Error {}

function report(name: CallName, error: unknown, log: Log): void {
  if (isAppError(error)) {
    const level = isAppError(error, 'bad_request', 'forbidden_sender', 'internal') ? 'warn' : 'info'
    log[level]('A call was answered with an error', { call: name, code: error.code, detail: error.detail })
    return
  }
  log.error('A call failed unexpectedly', {
    call: name,
    kind: error instanceof Error ? error.name : typeof error,
    reason: error instanceof UnfitResult ? error.message : undefined,
    stack: error instanceof Error ? error.stack : undefined,
  })
}

/** Events, checked against the contract like results. An event that does not fit is logged and dropped. */
export function createTell(port: IpcPort, log: Log): Tell {
  return (name, value) => {
    const parsed = events[name].safeParse(value)
    if (parsed.success) port.send(name, parsed.data)
    else {
      const issue = parsed.error.issues[0]
      log.error('An event did not fit the contract', { event: name, path: issue?.path.join('.'), code: issue?.code })
    }
  }
}
