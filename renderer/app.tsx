import { clsx } from 'clsx'
import { useEffect } from 'react'
import { AccountsPage } from './accounts/accounts-page.tsx'
import { ClientDialog } from './accounts/client-dialog.tsx'
import { KeyDialog } from './accounts/key-dialog.tsx'
import styles from './app.module.css'
import { ConnectAccount } from './connect/connect-account.tsx'
import { HandshakeDock } from './connect/handshake-dock.tsx'
import { Welcome } from './connect/welcome.tsx'
import { Spinner } from './design/spinner.tsx'
import { ThemeProvider } from './design/theme.tsx'
import { Toaster } from './design/toast.tsx'
import { DoctorDialog } from './doctor/doctor-dialog.tsx'
import { SignInQueueBar } from './health/sign-in-queue-bar.tsx'
import { Inbox } from './inbox/inbox.tsx'
import { LockDialog } from './lock/lock-dialog.tsx'
import { LockScreen } from './lock/lock-screen.tsx'
import { LockRequired } from './lock/lock-setup.tsx'
import { PolicyBroken } from './policy/policy-broken.tsx'
import { PolicyDialog } from './policy/policy-dialog.tsx'
import { ShortcutsHelp } from './shortcuts/shortcuts-help.tsx'
import { useGlobalShortcuts } from './shortcuts/use-global-shortcuts.ts'
import { NoticeBar } from './trouble/notice-bar.tsx'
import { TroubleScreen } from './trouble/trouble-screen.tsx'
import {
  useAccounts,
  useApp,
  useInbox,
  usePolicy,
  useWorkspace,
  useWorkspaceStore,
  type Workspace,
  WorkspaceProvider,
} from './workspace.tsx'

/** The window: follows main, picks the screen, and carries what lies over every screen. */
export function App({ workspace }: { workspace: Workspace }) {
  useEffect(() => {
    const stopPolicy = workspace.policy.getState().start()
    const stop = workspace.app.getState().start((id) => workspace.inbox.getState().open(id))
    const stopLock = workspace.lock.getState().start()
    return () => {
      stop()
      stopPolicy()
      stopLock()
      workspace.accounts.getState().stop()
      workspace.health.getState().stop()
      workspace.inbox.getState().stop()
      workspace.thread.getState().stop()
      workspace.doctor.getState().stop()
    }
  }, [workspace])
  return (
    <WorkspaceProvider workspace={workspace}>
      <Window />
    </WorkspaceProvider>
  )
}

function Window() {
  const theme = useApp((state) => state.app?.theme ?? 'system')
  const broken = usePolicy((state) => state.policy?.broken ?? null)
  const known = useApp((state) => (state.fatal === null ? (state.app?.phase ?? 'starting') : 'fatal'))
  const asked = useWorkspaceStore('lock', (state) => state.lock !== null)
  // Nothing is asked for or shown before it is known whether it may be.
  const reached = asked || known === 'fatal' ? known : 'starting'
  const phase = broken === null ? reached : 'policy'
  const { toasts } = useWorkspace()
  const lock = useWorkspaceStore('lock', (state) => state.lock)
  const closed = lock?.phase === 'locked' || lock?.phase === 'required'
  const waiting = useBusy(phase)
  const busy = !closed && (lock === null || waiting)
  return (
    <ThemeProvider theme={theme}>
      <div className={clsx(styles.app)} aria-busy={busy} data-testid="app">
        {broken !== null && <PolicyBroken faults={broken} />}
        {broken === null && lock?.phase === 'locked' && <LockScreen lock={lock} />}
        {broken === null && lock?.phase === 'required' && <LockRequired lock={lock} />}
        {!closed && phase === 'starting' && <Starting />}
        {!closed && phase === 'ready' && <Ready />}
        {!closed && (phase === 'keyring' || phase === 'store' || phase === 'fatal') && <TroubleScreen />}
      </div>
      <Toaster toasts={toasts} />
    </ThemeProvider>
  )
}

/** Busy until the first list, an empty state or a screen that needs the person can be used. */
function useBusy(phase: string): boolean {
  const listed = useInbox((state) => state.phase !== 'loading')
  const accounts = useAccounts((state) => state.phase)
  const none = useAccounts((state) => state.accounts.length === 0)
  if (phase === 'starting') return true
  if (phase !== 'ready') return false
  return accounts === 'loading' || (!listed && !none)
}

function Starting() {
  return (
    <div className={clsx(styles.center)} role="status" aria-label="Manydesk is starting">
      <Spinner label="Starting" delay={400} />
    </div>
  )
}

function Ready() {
  const { accounts, health, inbox, thread } = useWorkspace()
  useEffect(() => {
    void accounts.getState().load()
    void health.getState().load()
    inbox.getState().start()
    thread.getState().start()
  }, [accounts, health, inbox, thread])
  useGlobalShortcuts()
  return (
    <>
      <NoticeBar />
      <SignInQueueBar />
      <HandshakeDock />
      <div className={clsx(styles.screen)}>
        <CurrentScreen />
      </div>
      <KeyDialog />
      <DoctorDialog />
      <PolicyDialog />
      <ClientDialog />
      <LockDialog />
      <ShortcutsHelp />
    </>
  )
}

function CurrentScreen() {
  const screen = useApp((state) => state.screen)
  const phase = useAccounts((state) => state.phase)
  const none = useAccounts((state) => state.phase === 'ready' && state.accounts.length === 0)
  if (screen === 'connect') return <ConnectAccount />
  if (screen === 'welcome' || (screen === 'inbox' && none)) return <Welcome />
  if (screen === 'accounts') return <AccountsPage />
  return phase === 'loading' ? null : <Inbox />
}
