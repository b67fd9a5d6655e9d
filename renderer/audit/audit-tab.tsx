import { clsx } from 'clsx'
import Download from 'lucide-react/icons/download'
import ScrollText from 'lucide-react/icons/scroll-text'
import { useEffect } from 'react'
import { Button } from '../design/button.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Select } from '../design/select.tsx'
import { Skeleton, SkeletonGroup } from '../design/skeleton.tsx'
import { ManagedButton } from '../policy/managed.tsx'
import type { AuditFilter } from '../state/audit.ts'
import { useAccounts, useDesk, usePolicy, useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import { AuditCheck } from './audit-check.tsx'
import { AuditList } from './audit-list.tsx'
import styles from './audit-tab.module.css'

/** Who signed in, what failed, what was changed and exported; and whether the log is still the one that was written. */
export function AuditTab() {
  const { audit } = useWorkspace()
  useEffect(() => audit.getState().start(), [audit])
  return (
    <div className={clsx(styles.tab)}>
      <AuditCheck />
      <Filters />
      <Entries />
    </div>
  )
}

const groups: { id: AuditFilter['group']; label: string }[] = [
  { id: 'all', label: 'Everything' },
  { id: 'sign_in', label: 'Sign-ins and renewals' },
  { id: 'account', label: 'Accounts' },
  { id: 'connector', label: 'Custom connectors' },
  { id: 'export', label: 'Exports' },
  { id: 'policy', label: 'Policy' },
  { id: 'keys', label: 'Keys and lock' },
  { id: 'log', label: 'The log itself' },
]

const everyAccount = 'all'

function Filters() {
  const { audit } = useWorkspace()
  const filter = useWorkspaceStore('audit', (state) => state.filter)
  const accounts = useAccounts((state) => state.accounts)
  return (
    <div className={clsx(styles.filters)}>
      <Select
        label="Show"
        hideLabel
        className={clsx(styles.choice)}
        options={groups}
        value={filter.group}
        onChange={(id) => {
          const chosen = groups.find((group) => group.id === id)
          if (chosen) void audit.getState().filterBy({ group: chosen.id })
        }}
      />
      <Select
        label="Account"
        hideLabel
        className={clsx(styles.choice)}
        options={[
          { id: everyAccount, label: 'All accounts' },
          ...accounts.map(({ id, user, siteLabel }) => ({ id, label: `${user.name}, ${siteLabel}` })),
        ]}
        value={filter.accountId ?? everyAccount}
        onChange={(id) => void audit.getState().filterBy({ accountId: id === everyAccount ? null : id })}
      />
      <span className={clsx(styles.space)} />
      <ExportButton />
    </div>
  )
}

function ExportButton() {
  const { audit } = useWorkspace()
  const desk = useDesk()
  const exporting = useWorkspaceStore('audit', (state) => state.exporting)
  const forbidden = usePolicy((state) => state.policy?.forbids.export ?? null)
  const save = async () => {
    const { fileName, folder } = await audit.getState().exportLog()
    desk.confirm(`Saved ${fileName} in ${folder}`)
  }
  if (forbidden !== null) return <ManagedButton reason={forbidden}>Export</ManagedButton>
  return (
    <Button isBusy={exporting} onPress={() => void desk.attempt(save())}>
      <Download size={16} aria-hidden="true" />
      Export
    </Button>
  )
}

function Entries() {
  const { audit } = useWorkspace()
  const desk = useDesk()
  const phase = useWorkspaceStore('audit', (state) => state.phase)
  const error = useWorkspaceStore('audit', (state) => state.error)
  const isEmpty = useWorkspaceStore('audit', (state) => state.entries.length === 0)
  const isFiltered = useWorkspaceStore('audit', ({ filter }) => filter.group !== 'all' || filter.accountId !== null)
  if (phase === 'loading' && isEmpty) {
    return (
      <SkeletonGroup label="Loading the audit log">
        <div className={clsx(styles.skeletons)}>
          {[1, 2, 3, 4, 5].map((key) => (
            <Skeleton key={key} height={28} />
          ))}
        </div>
      </SkeletonGroup>
    )
  }
  return (
    <>
      {error !== null && (
        <ErrorNotice
          error={error}
          onCopy={desk.copy}
          actions={
            <Button size="s" onPress={() => void audit.getState().retry()}>
              Try again
            </Button>
          }
        />
      )}
      {phase === 'ready' && isEmpty && (
        <EmptyState icon={<ScrollText size={24} />} title={isFiltered ? 'No such entries' : 'Nothing has happened yet'}>
          {isFiltered
            ? 'Choose another kind or account.'
            : 'Every sign-in, failed renewal, removal and export is written down here.'}
        </EmptyState>
      )}
      {!isEmpty && <AuditList />}
    </>
  )
}
