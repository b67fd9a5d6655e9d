import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Bridge, CallArgs, Command, DirectoryView, ThreadView } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { asErrorShape, unwrap } from '../bridge.ts'
import { createDrafts, emptyWriting, type ReplyKind, unsent, type Writing } from './drafts.ts'
import { oneAtATime } from './inbox.ts'

interface ThreadState {
  conversationId: string | null
  phase: 'none' | 'loading' | 'ready' | 'missing' | 'failed'
  thread: ThreadView | null
  /** Why the local store could not answer. */
  error: ErrorShape | null
  /** Why the vendor could not be asked for the newest messages; the local copy is shown. */
  refreshError: ErrorShape | null
  refreshing: boolean
  writing: Writing
  /** Grows when the composer must take the focus. */
  composeRequest: number
  /** Agents, groups and statuses per account. */
  directories: Readonly<Record<string, DirectoryView>>
}

interface ThreadActions {
  start(): void
  stop(): void
  open(conversationId: string | null): Promise<void>
  /** Asks the vendor for the newest messages. */
  refresh(): Promise<void>
  write(change: Partial<Writing>): void
  compose(kind: ReplyKind): void
  /** Sends commands in order; resolves when they are durable. Rejects with `BridgeError`. */
  send(conversationId: string, commands: Command[]): Promise<void>
  /** Sends what is written, with the commands that go along, and empties the composer. */
  sendWriting(commands: Command[]): Promise<void>
  /** Sends what is written as a mail through another account, with changes to the conversation that go along. */
  sendByMail(accountId: string, message: CallArgs<'outbox.compose'>['message'], changes: Command[]): Promise<void>
}

export type ThreadStore = StoreApi<ThreadState & ThreadActions>
type Set = ThreadStore['setState']
type Get = ThreadStore['getState']

const initial: ThreadState = {
  conversationId: null,
  phase: 'none',
  thread: null,
  error: null,
  refreshError: null,
  refreshing: false,
  writing: emptyWriting,
  composeRequest: 0,
  directories: {},
}

/** The open conversation: shown at once from the local store, then brought up to date, with the draft in its composer. */
export function createThreadStore(bridge: Bridge): ThreadStore {
  return createStore((set, get) => {
    const reread = oneAtATime(() => read(bridge, set, get))
    const drafts = createDrafts(bridge)
    let unfollow: (() => void) | null = null
    /** Only what was sent leaves the composer, and at once: a note that stays there would go along with the next reply. */
    const emptied = (conversationId: string, sent: Writing) => {
      if (get().conversationId === conversationId) {
        const { bodyText, alongside } = get().writing
        if (bodyText.startsWith(sent.bodyText)) {
          get().write({ bodyText: bodyText.slice(sent.bodyText.length), alongside: unsent(alongside, sent) })
        }
        drafts.flush()
      } else drafts.sent(conversationId, sent)
      void reread()
    }
    return {
      ...initial,
      start: () => {
        unfollow ??= bridge.on('inbox.changed', ({ conversationIds }) => {
          const { conversationId } = get()
          if (conversationId === null) return
          if (conversationIds === null || conversationIds.includes(conversationId)) void reread()
        })
      },
      stop: () => {
        drafts.flush()
        unfollow?.()
        unfollow = null
      },
      open: async (conversationId) => {
        drafts.flush()
        const { directories } = get()
        const phase = conversationId ? 'loading' : 'none'
        set({ ...initial, directories, conversationId, phase, writing: drafts.opened(conversationId) })
        if (conversationId === null) return
        await Promise.all([reread(), readDraft(bridge, set, get, conversationId)])
        if (get().conversationId !== conversationId) return
        await Promise.all([get().refresh(), readDirectory(bridge, set, get)])
      },
      refresh: () => refreshFromVendor(bridge, set, get),
      write: (change) => {
        const { conversationId, writing } = get()
        if (conversationId === null) return
        const next = { ...writing, ...change }
        set({ writing: next })
        drafts.keep(conversationId, next)
      },
      compose: (kind) => {
        get().write({ kind })
        set(({ composeRequest }) => ({ composeRequest: composeRequest + 1 }))
      },
      send: async (conversationId, commands) => {
        await unwrap(bridge.outbox.send({ conversationId, commands }))
        await reread()
      },
      sendWriting: async (commands) => {
        const { conversationId, writing } = get()
        if (conversationId === null) return
        await unwrap(bridge.outbox.send({ conversationId, commands }))
        emptied(conversationId, writing)
      },
      sendByMail: async (accountId, message, changes) => {
        const { conversationId, writing } = get()
        if (conversationId === null) return
        await unwrap(bridge.outbox.compose({ conversationId, accountId, message }))
        // The mail goes out from here on. Its text must not wait in the composer for changes that may fail.
        emptied(conversationId, { ...writing, alongside: [] })
        if (changes.length === 0) return
        await unwrap(bridge.outbox.send({ conversationId, commands: changes }))
        emptied(conversationId, { ...writing, bodyText: '' })
      },
    }
  })
}

async function read(bridge: Bridge, set: Set, get: Get): Promise<void> {
  const { conversationId } = get()
  if (conversationId === null) return
  try {
    const thread = await unwrap(bridge.inbox.thread({ conversationId }))
    if (get().conversationId !== conversationId) return
    set({ thread, phase: thread === null ? 'missing' : 'ready', error: null })
  } catch (thrown) {
    if (get().conversationId === conversationId) set({ phase: 'failed', error: asErrorShape(thrown) })
  }
}

async function refreshFromVendor(bridge: Bridge, set: Set, get: Get): Promise<void> {
  const { conversationId } = get()
  if (conversationId === null) return
  set({ refreshing: true, refreshError: null })
  const answer = await bridge.inbox.refreshThread({ conversationId })
  if (get().conversationId !== conversationId) return
  set({ refreshing: false, refreshError: answer.ok ? null : answer.error })
}

async function readDraft(bridge: Bridge, set: Set, get: Get, conversationId: string): Promise<void> {
  const answer = await bridge.drafts.get({ conversationId })
  if (!answer.ok || answer.value === null) return
  const { kind, bodyText } = answer.value
  // Typing may be quicker than the store; what is typed wins.
  if (get().conversationId === conversationId && get().writing.bodyText === '') {
    set(({ writing }) => ({ writing: { ...writing, kind, bodyText } }))
  }
}

async function readDirectory(bridge: Bridge, set: Set, get: Get): Promise<void> {
  const accountId = get().thread?.conversation.accountId
  if (accountId === undefined) return
  const answer = await bridge.inbox.directory({ accountId })
  if (answer.ok) set(({ directories }) => ({ directories: { ...directories, [accountId]: answer.value } }))
}
