import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Bridge, ConversationRow, Counts } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { asErrorShape, unwrap } from '../bridge.ts'
import { type Filters, noFilters, toQuery } from './inbox-filters.ts'
import {
  emptyList,
  type ListModel,
  type ListPart,
  newCount,
  nextPosition,
  partsInView,
  rowsOf,
  stepFrom,
  toPart,
  withHead,
  withHeldHead,
  withMore,
} from './inbox-list.ts'

interface InboxState {
  filters: Filters
  list: ListModel
  /** The loaded rows in order; the same array until one of them changes. */
  rows: readonly ConversationRow[]
  /** Rows that wait above the list while it is scrolled. */
  newRows: number
  phase: 'loading' | 'ready' | 'failed'
  error: ErrorShape | null
  loadingMore: boolean
  counts: Counts | null
  /** The conversation the thread pane shows. */
  openId: string | null
  /** Grows when the list must show its top: other filters, or "3 new" was pressed. */
  topRequest: number
}

interface InboxActions {
  start(): void
  stop(): void
  filter(change: Filters | ((filters: Filters) => Filters)): void
  reload(): Promise<void>
  loadMore(): Promise<void>
  showNew(): void
  /** Told by the list while it scrolls: indices of the rows in view, and whether its top is shown. */
  setViewport(first: number, last: number, atTop: boolean): void
  open(conversationId: string | null): void
  step(by: number): void
  setRead(conversationId: string, read: boolean): Promise<void>
}

export type InboxStore = StoreApi<InboxState & InboxActions>
type Set = InboxStore['setState']
type Get = InboxStore['getState']

const pageSize = 50
const initial: InboxState = {
  filters: noFilters,
  list: emptyList,
  rows: [],
  newRows: 0,
  phase: 'loading',
  error: null,
  loadingMore: false,
  counts: null,
  openId: null,
  topRequest: 0,
}

/** What the list looks at; not state, because no screen draws it. */
interface Viewport {
  first: number
  last: number
  atTop: boolean
}

/**
 * The unified list. It reads page by page from the local store and, when something changed there, again only the head and
 * the pages in view. `onOpen` is told which conversation is opened.
 */
export function createInboxStore(bridge: Bridge, onOpen: (conversationId: string | null) => void): InboxStore {
  return createStore((set, get) => {
    const viewport: Viewport = { first: 0, last: 0, atTop: true }
    const refresh = oneAtATime(() => reread(bridge, set, get, viewport))
    let unfollow: (() => void) | null = null
    return {
      ...initial,
      start: () => {
        unfollow ??= bridge.on('inbox.changed', () => void refresh())
        void get().reload()
      },
      stop: () => {
        unfollow?.()
        unfollow = null
      },
      filter: (change) => {
        const filters = typeof change === 'function' ? change(get().filters) : change
        Object.assign(viewport, { first: 0, last: 0, atTop: true })
        set(({ topRequest }) => ({ filters, topRequest: topRequest + 1 }))
        void get().reload()
      },
      reload: () => readHead(bridge, set, get),
      loadMore: () => readMore(bridge, set, get),
      showNew: () => {
        const { waiting } = get().list
        if (waiting === null) return
        set(({ topRequest }) => ({ ...shown(withHead(waiting)), topRequest: topRequest + 1 }))
      },
      setViewport: (first, last, atTop) => {
        const cameBack = atTop && !viewport.atTop && get().list.waiting !== null
        Object.assign(viewport, { first, last, atTop })
        if (cameBack) get().showNew()
      },
      open: (openId) => {
        if (openId === get().openId) return
        set({ openId })
        onOpen(openId)
      },
      step: (by) => {
        const { rows, openId } = get()
        const id = stepFrom(rows, openId, by)
        if (id !== null) get().open(id)
        if (rows.findIndex((row) => row.id === id) > rows.length - 10) void get().loadMore()
      },
      setRead: async (conversationId, read) => {
        set(({ list }) => shown(withRead(list, conversationId, read)))
        await unwrap(bridge.inbox.setRead({ conversationIds: [conversationId], read }))
      },
    }
  })
}

function shown(list: ListModel): Pick<InboxState, 'list' | 'rows' | 'newRows'> {
  return { list, rows: rowsOf(list), newRows: newCount(list) }
}

function withRead(list: ListModel, id: string, read: boolean): ListModel {
  const mark = (row: ConversationRow) => (row.id === id ? { ...row, unread: !read } : row)
  return { ...list, parts: list.parts.map((part) => ({ ...part, rows: part.rows.map(mark) })) }
}

async function readPart(bridge: Bridge, filters: Filters, after: string | null, limit = pageSize): Promise<ListPart> {
  const page = await unwrap(bridge.inbox.list(toQuery(filters, limit, after ?? undefined)))
  return toPart(page, after)
}

async function readCounts(bridge: Bridge, set: Set): Promise<void> {
  const answer = await bridge.inbox.counts()
  if (answer.ok) set({ counts: answer.value })
}

async function readHead(bridge: Bridge, set: Set, get: Get): Promise<void> {
  const { filters } = get()
  try {
    const [head] = await Promise.all([readPart(bridge, filters, null), readCounts(bridge, set)])
    if (get().filters === filters) set({ ...shown(withHead(head)), phase: 'ready', error: null })
  } catch (thrown) {
    if (get().filters === filters) set({ phase: 'failed', error: asErrorShape(thrown) })
  }
}

/** Reads on at the end. A change that came in between may have moved the end: then what was read does not fit, and it is read anew. */
async function readMore(bridge: Bridge, set: Set, get: Get): Promise<void> {
  const { filters, loadingMore } = get()
  if (loadingMore) return
  set({ loadingMore: true })
  try {
    for (let fits = false; !fits; ) {
      const after = nextPosition(get().list)
      if (after === null || after === undefined) return
      const part = await readPart(bridge, filters, after)
      if (get().filters !== filters) return
      const { list } = get()
      const longer = withMore(list, part)
      fits = longer !== list
      if (fits) set(shown(longer))
    }
  } catch (thrown) {
    set({ error: asErrorShape(thrown) })
  } finally {
    set({ loadingMore: false })
  }
}

/** Reads again what is on screen after a change: the head, and while scrolled the pages in view. */
async function reread(bridge: Bridge, set: Set, get: Get, viewport: Viewport): Promise<void> {
  const { filters, list } = get()
  try {
    const limit = Math.min(200, Math.max(pageSize, viewport.atTop ? viewport.last + 20 : pageSize))
    const inView = viewport.atTop ? [] : partsInView(list, viewport.first, viewport.last)
    const [head, , ...again] = await Promise.all([
      readPart(bridge, filters, null, limit),
      readCounts(bridge, set),
      ...inView.map((index) => {
        const part = list.parts[index]
        return readPart(bridge, filters, part?.after ?? null, Math.min(200, Math.max(pageSize, part?.rows.length ?? 0)))
      }),
    ])
    // Other filters, or more pages, came in between: their own read shows the newer state.
    if (get().filters !== filters) return
    if (viewport.atTop) return set({ ...shown(withHead(head)), phase: 'ready', error: null })
    const known = new Map(inView.map((index, at) => [index, again[at]] as const))
    const reread = new Map([...known].flatMap(([index, part]) => (part === undefined ? [] : [[index, part] as const])))
    set({ ...shown(withHeldHead(get().list, head, reread)), error: null })
  } catch (thrown) {
    set({ error: asErrorShape(thrown) })
  }
}

/** Runs the work now; calls that come meanwhile make one more run after it, however many they are. */
export function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  let again = false
  const run = async () => {
    do {
      again = false
      await work()
    } while (again)
    running = null
  }
  return () => {
    if (running !== null) again = true
    else running = run()
    return running ?? Promise.resolve()
  }
}
