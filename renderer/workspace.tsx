import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { type ExtractState, type StoreApi, useStore } from 'zustand'
import type { Bridge } from '../preload/contract.ts'
import { asErrorShape, unwrap } from './bridge.ts'
import { confirm, createToasts, report, type Toasts } from './design/toast.tsx'
import { type AccountsStore, createAccountsStore } from './state/accounts.ts'
import { type AppStore, createAppStore } from './state/app.ts'
import { type AuditStore, createAuditStore } from './state/audit.ts'
import { type ConnectStore, createConnectStore } from './state/connect.ts'
import { type ConnectorsStore, createConnectorsStore } from './state/connectors.ts'
import { createDoctorStore, type DoctorStore } from './state/doctor.ts'
import { createHealthStore, type HealthStore } from './state/health.ts'
import { createInboxStore, type InboxStore } from './state/inbox.ts'
import { createLockStore, type LockStore } from './state/lock.ts'
import { createPolicyStore, type PolicyStore } from './state/policy.ts'
import { createSignInQueue, type SignInQueueStore } from './state/sign-in-queue.ts'
import { createThreadStore, type ThreadStore } from './state/thread.ts'

/** Everything a screen may use: the bridge to main and the stores of this window. */
export interface Workspace {
  bridge: Bridge
  app: AppStore
  /** Vendors, brands, accounts, handshakes. */
  accounts: AccountsStore
  connect: ConnectStore
  /** Connectors described by data. */
  connectors: ConnectorsStore
  /** The connection test that is shown. */
  doctor: DoctorStore
  health: HealthStore
  /** Several accounts to sign in to, one after another. */
  signIns: SignInQueueStore
  /** Who signed in, what failed and what was changed. */
  audit: AuditStore
  inbox: InboxStore
  thread: ThreadStore
  /** What the organisation allows here. */
  policy: PolicyStore
  /** Whether the app is locked. */
  lock: LockStore
  toasts: Toasts
}

export function createWorkspace(bridge: Bridge): Workspace {
  const thread = createThreadStore(bridge)
  const accounts = createAccountsStore(bridge)
  return {
    bridge,
    app: createAppStore(bridge),
    accounts,
    connect: createConnectStore(bridge),
    connectors: createConnectorsStore(bridge),
    doctor: createDoctorStore(bridge),
    health: createHealthStore(bridge),
    signIns: createSignInQueue(bridge, (accountId) => beginSignIn(accounts, accountId)),
    audit: createAuditStore(bridge),
    inbox: createInboxStore(bridge, (conversationId) => void thread.getState().open(conversationId)),
    thread,
    policy: createPolicyStore(bridge),
    lock: createLockStore(bridge),
    toasts: createToasts(),
  }
}

/** An account with a key in place of a sign-in asks for the key first. */
async function beginSignIn(accounts: AccountsStore, accountId: string) {
  const { accounts: known, askForKey, reconnect } = accounts.getState()
  if (known.find(({ id }) => id === accountId)?.way === 'key') {
    askForKey(accountId)
    return { attemptId: null, error: null }
  }
  const attemptId = await reconnect(accountId)
  return { attemptId, error: attemptId === null ? (accounts.getState().failures[accountId] ?? null) : null }
}

const WorkspaceContext = createContext<Workspace | null>(null)

export function WorkspaceProvider({ workspace, children }: { workspace: Workspace; children: ReactNode }) {
  return <WorkspaceContext value={workspace}>{children}</WorkspaceContext>
}

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext)
  if (workspace === null) throw new Error('useWorkspace is for components inside of WorkspaceProvider')
  return workspace
}

interface States {
  app: ExtractState<AppStore>
  accounts: ExtractState<AccountsStore>
  connect: ExtractState<ConnectStore>
  connectors: ExtractState<ConnectorsStore>
  doctor: ExtractState<DoctorStore>
  health: ExtractState<HealthStore>
  signIns: ExtractState<SignInQueueStore>
  audit: ExtractState<AuditStore>
  inbox: ExtractState<InboxStore>
  thread: ExtractState<ThreadStore>
  policy: ExtractState<PolicyStore>
  lock: ExtractState<LockStore>
}
type Stores = { [N in keyof States]: StoreApi<States[N]> }

/** Reads one store: `useWorkspaceStore('accounts', (state) => state.brands)`. */
export function useWorkspaceStore<N extends keyof States, T>(name: N, select: (state: States[N]) => T): T {
  const stores: Stores = useWorkspace()
  return useStore(stores[name], select)
}

/** `useApp((state) => state.screen)`: phase, theme, screen, outbox. */
export function useApp<T>(select: (state: States['app']) => T): T {
  return useWorkspaceStore('app', select)
}

/** `useAccounts((state) => state.brands)`: vendors, brands, accounts, handshakes. */
export function useAccounts<T>(select: (state: States['accounts']) => T): T {
  return useWorkspaceStore('accounts', select)
}

/** How accounts do, and for how long they will. */
export function useHealth<T>(select: (state: States['health']) => T): T {
  return useWorkspaceStore('health', select)
}

/** Several accounts to sign in to, one after another. */
export function useSignIns<T>(select: (state: States['signIns']) => T): T {
  return useWorkspaceStore('signIns', select)
}

/** The list of conversations, its filters and counts. */
export function useInbox<T>(select: (state: States['inbox']) => T): T {
  return useWorkspaceStore('inbox', select)
}

/** The open conversation and what is being written in it. */
export function useThread<T>(select: (state: States['thread']) => T): T {
  return useWorkspaceStore('thread', select)
}

/** What the organisation allows, in words. */
export function usePolicy<T>(select: (state: States['policy']) => T): T {
  return useWorkspaceStore('policy', select)
}

/** Small things every screen does with main: copy, open a link, confirm, report what failed. */
export function useDesk() {
  const { bridge, toasts } = useWorkspace()
  return useMemo(() => {
    const attempt = async (work: Promise<unknown>): Promise<boolean> => {
      try {
        await work
        return true
      } catch (thrown) {
        report(toasts, asErrorShape(thrown))
        return false
      }
    }
    return {
      /** Waits for the work; a failure becomes a message that stays. True when it went well. */
      attempt,
      copy: (text: string) => unwrap(bridge.app.copy({ text })),
      openLink: (url: string) => void attempt(unwrap(bridge.app.openLink({ url }))),
      confirm: (message: string) => confirm(toasts, message),
    }
  }, [bridge, toasts])
}
