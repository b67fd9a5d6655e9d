import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AuditEntryView, AuditGroup, AuditVerification, Bridge, CallResult } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { unwrap } from '../bridge.ts'

export interface AuditFilter {
  group: AuditGroup | 'all'
  accountId: string | null
}

/** What is known of the log as a whole: being read, or what reading it found. */
export type AuditCheck =
  | { kind: 'checking' }
  | { kind: 'checked'; result: AuditVerification }
  | { kind: 'failed'; error: ErrorShape }

interface AuditState {
  phase: 'loading' | 'ready' | 'failed'
  error: ErrorShape | null
  /** Newest first. */
  entries: readonly AuditEntryView[]
  next: string | null
  loadingMore: boolean
  /** There are newer entries than those shown, which wait while the person reads further down. */
  hasNewer: boolean
  filter: AuditFilter
  check: AuditCheck
  exporting: boolean
}

interface AuditActions {
  /** Reads the newest page, checks the log and follows it. Answers a function that stops following. */
  start(): () => void
  load(): Promise<void>
  loadMore(): Promise<void>
  filterBy(change: Partial<AuditFilter>): Promise<void>
  verify(): Promise<void>
  /** Both again, after the list could not be read. */
  retry(): Promise<void>
  /** Whether the list shows its top: new entries then come at once. */
  setAtTop(atTop: boolean): void
  /** Where the file was saved. @throws BridgeError */
  exportLog(): Promise<CallResult<'audit.export'>>
}

export type AuditStore = StoreApi<AuditState & AuditActions>

const pageSize = 100

/** The audit log as one window shows it. */
export function createAuditStore(bridge: Pick<Bridge, 'audit' | 'on'>): AuditStore {
  return createStore((set, get) => {
    let atTop = true
    const query = (before?: string) => {
      const { group, accountId } = get().filter
      return {
        limit: pageSize,
        ...(group === 'all' ? {} : { groups: [group] }),
        ...(accountId === null ? {} : { accountId }),
        ...(before === undefined ? {} : { before }),
      }
    }
    const load = async () => {
      const asked = get().filter
      const answer = await bridge.audit.list(query())
      if (get().filter !== asked) return
      if (!answer.ok) set({ phase: 'failed', error: answer.error })
      else set({ phase: 'ready', error: null, hasNewer: false, ...answer.value })
    }
    const verify = async () => {
      const answer = await bridge.audit.verify()
      set({ check: answer.ok ? { kind: 'checked', result: answer.value } : { kind: 'failed', error: answer.error } })
    }
    return {
      phase: 'loading',
      error: null,
      entries: [],
      next: null,
      loadingMore: false,
      hasNewer: false,
      filter: { group: 'all', accountId: null },
      check: { kind: 'checking' },
      exporting: false,
      start() {
        atTop = true
        void load()
        void verify()
        return bridge.on('audit.changed', () => {
          if (atTop) void load()
          else set({ hasNewer: true })
        })
      },
      load,
      async loadMore() {
        const { next, loadingMore, filter } = get()
        if (next === null || loadingMore) return
        set({ loadingMore: true })
        const answer = await bridge.audit.list(query(next))
        set({ loadingMore: false })
        // A new filter or a newer first page came meanwhile: this page belongs to neither.
        if (get().filter !== filter || get().next !== next) return
        if (!answer.ok) set({ error: answer.error })
        else set(({ entries }) => ({ entries: [...entries, ...answer.value.entries], next: answer.value.next }))
      },
      async filterBy(change) {
        set(({ filter }) => ({ phase: 'loading', entries: [], next: null, filter: { ...filter, ...change } }))
        await load()
      },
      async verify() {
        set({ check: { kind: 'checking' } })
        await verify()
      },
      async retry() {
        await Promise.all([load(), verify()])
      },
      setAtTop(now) {
        atTop = now
      },
      async exportLog() {
        set({ exporting: true })
        try {
          return await unwrap(bridge.audit.export())
        } finally {
          set({ exporting: false })
        }
      },
    }
  })
}
