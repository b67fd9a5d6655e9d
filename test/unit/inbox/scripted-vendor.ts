import { vi } from 'vitest'
import type { Connector, ConnectorContext } from '../../../main/connectors/connector.ts'
import type { Command, Conversation, Page, Receipt, Thread } from '../../../main/connectors/model.ts'
import { AppError } from '../../../main/errors.ts'
import type { Clock, Log } from '../../../main/ports.ts'
import { conversation, message, page, thread } from './open-store.ts'

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }
const quiet = () => undefined
export const quietLog: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet }

/** A vendor in memory that keeps what was written and can be told to fail at a chosen point. */
export interface ScriptedVendor {
  connector: Connector
  /** Bodies of replies and notes as the customer got them, in order. */
  delivered: { conversation: string; text: string }[]
  calls: string[]
  /** Taken one by one: what happens to the next writes. */
  writes: ('ok' | 'lose-answer' | 'lose-request' | AppError)[]
  /** Taken one by one: what happens to the next probes; empty: the truth. */
  probes: ('truth' | 'cannot-tell' | AppError)[]
  /** Taken one by one: answers of `pull`; the last one stays. */
  pages: (Page | AppError | (() => Promise<Page>))[]
  threads: Map<string, Thread | AppError>
}

/** Waits for something that happens by itself, however slow the machine is at the moment. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 25_000, interval: 10 })
}

export const lost = () => new AppError('timeout', 'The vendor did not answer in time.')

export function scriptedVendor(): ScriptedVendor {
  const vendor: Omit<ScriptedVendor, 'connector'> = {
    delivered: [],
    calls: [],
    writes: [],
    probes: [],
    pages: [page([conversation('1')])],
    threads: new Map(),
  }
  const receiptOf = (index: number): Receipt => ({ messageVendorId: `v${index}`, conversation: null, message: null })

  const execute = async (_: ConnectorContext, about: Conversation, command: Command): Promise<Receipt> => {
    vendor.calls.push(`execute ${about.vendorId} ${command.kind}`)
    const fate = vendor.writes.shift() ?? 'ok'
    if (fate instanceof AppError) throw fate
    if (fate === 'lose-request') throw lost()
    const text = 'bodyText' in command ? command.bodyText : command.kind
    vendor.delivered.push({ conversation: about.vendorId, text })
    if (fate === 'lose-answer') throw lost()
    return receiptOf(vendor.delivered.length)
  }
  const probe = async (_: ConnectorContext, about: Conversation, command: Command) => {
    vendor.calls.push(`probe ${about.vendorId} ${command.kind}`)
    const fate = vendor.probes.shift() ?? 'truth'
    if (fate instanceof AppError) throw fate
    if (fate === 'cannot-tell') return null
    const text = 'bodyText' in command ? command.bodyText : command.kind
    const index = vendor.delivered.findIndex((one) => one.conversation === about.vendorId && one.text === text)
    return index < 0 ? ('absent' as const) : receiptOf(index + 1)
  }
  const pull = async (_: ConnectorContext, cursor: string | null) => {
    vendor.calls.push(`pull ${cursor}`)
    const next = vendor.pages.length > 1 ? vendor.pages.shift() : vendor.pages[0]
    if (next instanceof AppError) throw next
    return typeof next === 'function' ? next() : (next ?? page([]))
  }
  const readThread = async (_: ConnectorContext, id: string) => {
    vendor.calls.push(`thread ${id}`)
    const next = vendor.threads.get(id) ?? thread([message(id, `${id}-m1`)])
    if (next instanceof AppError) throw next
    return next
  }
  const unused = () => {
    throw new Error('not part of this test')
  }
  return Object.assign(vendor, {
    connector: {
      id: 'scripted',
      name: 'Scripted',
      description: '',
      get signIn() {
        return unused()
      },
      capabilities: { commands: [], attachments: true },
      rate: { defaultLimit: 1, windowMs: 1, concurrency: 1, read: () => null },
      hosts: unused,
      identify: unused,
      pull,
      thread: readThread,
      operations: [],
      directory: async () => ({ agents: [], groups: [], statuses: [], brands: [] }),
      execute,
      probe,
      download: async () => new Uint8Array([1, 2, 3]),
      readError: unused,
    } satisfies Connector,
  })
}

/** The parts of a context that a scripted vendor never looks at are not there. */
export function contextFor(accountId: string, signal: AbortSignal): ConnectorContext {
  return {
    account: {
      id: accountId,
      site: {},
      identity: { vendorUserId: 'me', siteKey: 'acme', name: 'Me', email: null, role: null },
    },
    get http(): never {
      throw new Error('a scripted vendor needs no network')
    },
    now: Date.now,
    signal,
  }
}
