import { createStore, type StoreApi } from 'zustand/vanilla'
import type { AppState, Bridge, OutboxItem, Theme } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { asErrorShape, unwrap } from '../bridge.ts'

/** Screens of the window. `welcome` is shown by itself while there is no account. */
type Screen = 'inbox' | 'welcome' | 'connect' | 'accounts'
export type AccountsTab = 'accounts' | 'health' | 'brands' | 'connectors' | 'audit'

interface AppStoreState {
  /** Null until main has answered the first time. */
  app: AppState | null
  /** Why main did not answer at all. */
  fatal: ErrorShape | null
  screen: Screen
  /** What the accounts page shows first. */
  accountsTab: AccountsTab
  shortcutsOpen: boolean
  /** Null until the person chose: then shown where the window is wide enough. */
  viewsShown: boolean | null
  /** As `viewsShown`. */
  detailsShown: boolean | null
  outbox: readonly OutboxItem[]
  /** Notices the person has put away, by their words. */
  dismissedNotices: readonly string[]
}

interface AppActions {
  /** Reads the state of the app and follows it. Answers a function that stops following. */
  start(onConversation: (conversationId: string) => void): () => void
  show(screen: Screen, accountsTab?: AccountsTab): void
  showShortcuts(open: boolean): void
  togglePane(pane: 'views' | 'details'): void
  setTheme(theme: Theme): Promise<void>
  retry(): Promise<void>
  continueForThisSession(): Promise<void>
  rebuildStore(): Promise<void>
  dismissNotice(message: string): void
}

export type AppStore = StoreApi<AppStoreState & AppActions>

type Set = AppStore['setState']

const initial: AppStoreState = {
  app: null,
  fatal: null,
  screen: 'inbox',
  accountsTab: 'accounts',
  shortcutsOpen: false,
  viewsShown: null,
  detailsShown: null,
  outbox: [],
  dismissedNotices: [],
}

/** Where the app stands: phase, theme, which screen is shown, and the outbox. One store per window. */
export function createAppStore(bridge: Bridge): AppStore {
  return createStore((set, get) => ({
    ...initial,
    start: (onConversation) => start(bridge, set, get, onConversation),
    show: (screen, accountsTab = 'accounts') => set({ screen, accountsTab }),
    showShortcuts: (shortcutsOpen) => set({ shortcutsOpen }),
    togglePane: (pane) => set((state) => (pane === 'views' ? toggledViews(state) : toggledDetails(state))),
    setTheme: async (theme) => {
      set(({ app }) => ({ app: app === null ? null : { ...app, theme } }))
      await unwrap(bridge.app.setTheme({ theme }))
    },
    retry: () => unwrap(bridge.app.retry()),
    continueForThisSession: () => unwrap(bridge.app.continueForThisSession()),
    rebuildStore: () => unwrap(bridge.app.rebuildStore()),
    dismissNotice: (message) => set(({ dismissedNotices }) => ({ dismissedNotices: [...dismissedNotices, message] })),
  }))
}

function start(bridge: Bridge, set: Set, get: AppStore['getState'], open: (conversationId: string) => void) {
  const unfollow = [
    // Subscribed before reading: a change between the two is then never missed.
    bridge.on('app.changed', (app) => {
      const wasReady = get().app?.phase === 'ready'
      set({ app })
      if (!wasReady && app.phase === 'ready') void readOutbox(bridge, set)
    }),
    bridge.on('outbox.changed', (outbox) => set({ outbox })),
    bridge.on('app.navigate', (target) => {
      if (target.to === 'shortcuts') set({ shortcutsOpen: true })
      else if (target.to === 'health') set({ screen: 'accounts', accountsTab: 'health' })
      else set({ screen: target.to === 'conversation' ? 'inbox' : target.to })
      if (target.to === 'conversation') open(target.conversationId)
    }),
  ]
  unwrap(bridge.app.state()).then(
    (app) => {
      set((state) => ({ app: state.app ?? app }))
      if (app.phase === 'ready') void readOutbox(bridge, set)
    },
    (thrown: unknown) => set({ fatal: asErrorShape(thrown) }),
  )
  return () => {
    for (const stop of unfollow) stop()
  }
}

/** Below this width the details lie over the thread as a drawer, closed until asked for. */
export const drawerBelow = 1100

/** Below this width (a zoomed window) the views lie over the list as a drawer, closed until asked for. */
export const viewsBelow = 860

/** Below this width there is room for the list or the conversation. The style sheet of the inbox has the same number. */
export const onePaneBelow = 720

function toggledViews({ viewsShown }: AppStoreState) {
  return { viewsShown: !(viewsShown ?? window.innerWidth >= viewsBelow) }
}

function toggledDetails({ detailsShown }: AppStoreState) {
  return { detailsShown: !(detailsShown ?? window.innerWidth >= drawerBelow) }
}

async function readOutbox(bridge: Bridge, set: Set) {
  const answer = await bridge.outbox.list()
  if (answer.ok) set({ outbox: answer.value })
}
