import { clsx } from 'clsx'
import ArrowLeft from 'lucide-react/icons/arrow-left'
import Plus from 'lucide-react/icons/plus'
import { AuditTab } from '../audit/audit-tab.tsx'
import { ConnectorsTab } from '../connectors/connectors-tab.tsx'
import { Button, IconButton } from '../design/button.tsx'
import { Count } from '../design/chip.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Skeleton, SkeletonGroup } from '../design/skeleton.tsx'
import { Tabs } from '../design/tabs.tsx'
import { HealthTab } from '../health/health-tab.tsx'
import { ManagedLine } from '../policy/managed.tsx'
import type { AccountsTab } from '../state/app.ts'
import { needsSomebody } from '../state/health-words.ts'
import { useAccounts, useApp, useDesk, useHealth, usePolicy, useWorkspace } from '../workspace.tsx'
import { AccountList } from './account-list.tsx'
import styles from './accounts-page.module.css'
import { BrandList } from './brand-list.tsx'
import { HandshakeList } from './handshake-list.tsx'
import { MovingMenu } from './moving-menu.tsx'
import { RemovedNotices } from './removed-notices.tsx'

/** All accounts and brands of this workstation: how each is doing, and everything that can be done about it. */
export function AccountsPage() {
  const { app, connect } = useWorkspace()
  const phase = useAccounts((state) => state.phase)
  const accounts = useAccounts((state) => state.accounts.length)
  const brands = useAccounts((state) => state.brands.length)
  const managed = usePolicy((state) => state.policy?.managed ?? false)
  const tab = useApp((state) => state.accountsTab)
  const begin = () => {
    connect.getState().begin()
    app.getState().show('connect')
  }
  return (
    <main className={clsx(styles.page)} aria-labelledby="accounts-title">
      <div className={clsx(styles.inner, tab === 'health' && styles.wide)}>
        <header className={clsx(styles.head)}>
          <IconButton
            label="Back to inbox"
            size="m"
            icon={<ArrowLeft size={18} />}
            onPress={() => app.getState().show('inbox')}
          />
          <h1 id="accounts-title">Accounts</h1>
          <Button variant={phase === 'ready' && accounts === 0 ? 'secondary' : 'primary'} onPress={begin}>
            <Plus size={16} aria-hidden="true" />
            Connect account
          </Button>
          {phase === 'ready' ? <MovingMenu /> : <span className={clsx(styles.menuSpace)} />}
        </header>
        {managed && <ManagedLine>This workstation is managed by your organisation.</ManagedLine>}
        <RemovedNotices />
        <HandshakeList />
        {phase === 'failed' && <LoadFailed />}
        {phase === 'loading' && <ListSkeleton />}
        {phase === 'ready' && (
          <Tabs
            label="Accounts and brands"
            selected={tab}
            onSelect={(id) => app.getState().show('accounts', id as AccountsTab)}
            tabs={[
              {
                id: 'accounts',
                title: <TabTitle text="Accounts" value={accounts} />,
                content: <AccountList onConnect={begin} />,
              },
              { id: 'health', title: <HealthTitle />, content: <HealthTab onConnect={begin} /> },
              { id: 'brands', title: <TabTitle text="Brands" value={brands} />, content: <BrandList /> },
              { id: 'connectors', title: 'Custom connectors', content: <ConnectorsTab /> },
              { id: 'audit', title: 'Audit log', content: <AuditTab /> },
            ]}
          />
        )}
      </div>
    </main>
  )
}

/** The number is of those that need somebody, not of all. */
function HealthTitle() {
  const accounts = useAccounts((state) => state.accounts)
  const byAccount = useHealth((state) => state.byAccount)
  const count = accounts.filter((account) => needsSomebody({ account, health: byAccount[account.id] })).length
  return count === 0 ? 'Health' : <TabTitle text="Health" value={count} />
}

function TabTitle({ text, value }: { text: string; value: number }) {
  return (
    <span className={clsx(styles.tabTitle)}>
      {text}
      <Count value={value} />
    </span>
  )
}

function LoadFailed() {
  const { accounts } = useWorkspace()
  const desk = useDesk()
  const error = useAccounts((state) => state.error)
  if (error === null) return null
  return (
    <ErrorNotice
      error={error}
      onCopy={desk.copy}
      actions={
        <Button size="s" onPress={() => void accounts.getState().load()}>
          Try again
        </Button>
      }
    />
  )
}

function ListSkeleton() {
  return (
    <SkeletonGroup label="Loading accounts">
      <div className={clsx(styles.skeletons)}>
        <Skeleton width={180} height={20} />
        {[1, 2, 3].map((key) => (
          <Skeleton key={key} height={60} />
        ))}
      </div>
    </SkeletonGroup>
  )
}
