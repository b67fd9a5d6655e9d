import { clsx } from 'clsx'
import CircleCheck from 'lucide-react/icons/circle-check'
import SearchX from 'lucide-react/icons/search-x'
import WifiOff from 'lucide-react/icons/wifi-off'
import { useMemo, useState } from 'react'
import type { Selection, SortDescriptor } from 'react-aria-components'
import { NoAccounts } from '../accounts/no-accounts.tsx'
import { Button } from '../design/button.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { SegmentedControl } from '../design/segmented-control.tsx'
import { Select } from '../design/select.tsx'
import { Skeleton, SkeletonGroup } from '../design/skeleton.tsx'
import { useNow } from '../inbox/use-now.ts'
import {
  filterRows,
  type HealthFilters,
  type HealthRow,
  type HealthSort,
  needsSomebody,
  sortRows,
} from '../state/health-words.ts'
import { useAccounts, useApp, useDesk, useHealth, useWorkspace } from '../workspace.tsx'
import { HealthDetails } from './health-details.tsx'
import styles from './health-tab.module.css'
import { HealthTable } from './health-table.tsx'

const all = 'all'
const unfiltered: HealthFilters = { show: 'all', vendor: null, brandId: null }

/** How every account does, what will end its work and when, and the way back. */
export function HealthTab({ onConnect }: { onConnect: () => void }) {
  const phase = useHealth((state) => state.phase)
  const rows = useRows()
  if (phase === 'loading') return <Loading />
  if (phase === 'failed') return <Failed />
  if (rows.length === 0) {
    return (
      <NoAccounts onConnect={onConnect}>
        Here you will see how each sign-in does, and what will end it before it does.
      </NoAccounts>
    )
  }
  return <HealthOf rows={rows} />
}

function useRows(): HealthRow[] {
  const accounts = useAccounts((state) => state.accounts)
  const brands = useAccounts((state) => state.brands)
  const byAccount = useHealth((state) => state.byAccount)
  return useMemo(
    () =>
      accounts.map((account) => ({
        account,
        health: byAccount[account.id],
        brand: brands.find(({ id }) => id === account.brandId),
      })),
    [accounts, brands, byAccount],
  )
}

function HealthOf({ rows }: { rows: readonly HealthRow[] }) {
  const now = useNow()
  const online = useApp((state) => state.app?.online ?? true)
  const [filters, setFilters] = useState(unfiltered)
  const [sort, setSort] = useState<SortDescriptor>({ column: 'forecast', direction: 'ascending' })
  const [selected, setSelected] = useState<Selection>(new Set())
  const [openId, setOpenId] = useState<string | null>(null)
  const found = filterRows(rows, filters)
  const shown = sortRows(found, sort.column as HealthSort, sort.direction === 'descending', now)
  const chosen = shown.filter(({ account }) => selected === 'all' || selected.has(account.id))
  const open = rows.find(({ account }) => account.id === openId)
  return (
    <div className={clsx(styles.health)}>
      {!online && (
        <p role="status" className={clsx(styles.offline)}>
          <WifiOff size={14} aria-hidden="true" />
          Dates are as last known. Signing in again needs a network.
        </p>
      )}
      <div className={clsx(styles.tools)}>
        <Filters rows={rows} filters={filters} onChange={setFilters} />
        <BulkReconnect rows={chosen} onDone={() => setSelected(new Set())} />
      </div>
      <p role="status" className={clsx(styles.spoken)}>
        {shown.length === rows.length ? '' : `${shown.length} of ${rows.length} accounts`}
      </p>
      <div className={clsx(styles.split, open && styles.withDetails)}>
        {shown.length === 0 ? (
          <NothingFound calm={filters.show === 'attention'} onClear={() => setFilters(unfiltered)} />
        ) : (
          <HealthTable
            rows={shown}
            now={now}
            sort={sort}
            onSort={setSort}
            selected={selected}
            onSelect={setSelected}
            onOpen={(id) => setOpenId(id === openId ? null : id)}
            isNarrow={open !== undefined}
          />
        )}
        {open !== undefined && (
          <HealthDetails key={open.account.id} row={open} now={now} onClose={() => setOpenId(null)} />
        )}
      </div>
    </div>
  )
}

interface FiltersProps {
  rows: readonly HealthRow[]
  filters: HealthFilters
  onChange: (filters: HealthFilters) => void
}

function Filters({ rows, filters, onChange }: FiltersProps) {
  const vendors = new Map(rows.map(({ account }) => [account.vendor, account.vendorName]))
  const brands = new Map(rows.flatMap(({ brand }) => (brand === undefined ? [] : [[brand.id, brand.name]])))
  const options = (anything: string, names: ReadonlyMap<string, string>) => [
    { id: all, label: anything },
    ...[...names].map(([id, label]) => ({ id, label })),
  ]
  const chosen = (id: string) => (id === all ? null : id)
  return (
    <>
      <SegmentedControl
        label="Show"
        value={filters.show}
        onChange={(show) => onChange({ ...filters, show })}
        options={[
          { id: 'attention', label: 'Need attention', count: rows.filter(needsSomebody).length },
          { id: 'all', label: 'All', count: rows.length },
        ]}
      />
      <Select
        label="Vendor"
        hideLabel
        options={options('All vendors', vendors)}
        value={filters.vendor ?? all}
        onChange={(id) => onChange({ ...filters, vendor: chosen(id) })}
        className={styles.filter}
      />
      <Select
        label="Brand"
        hideLabel
        options={options('All brands', brands)}
        value={filters.brandId ?? all}
        onChange={(id) => onChange({ ...filters, brandId: chosen(id) })}
        className={styles.filter}
      />
    </>
  )
}

function BulkReconnect({ rows, onDone }: { rows: readonly HealthRow[]; onDone: () => void }) {
  const { signIns } = useWorkspace()
  const online = useApp((state) => state.app?.online ?? true)
  const start = () => {
    void signIns.getState().start(rows.map(({ account }) => account.id))
    onDone()
  }
  return (
    <Button
      variant={rows.length === 0 ? 'secondary' : 'primary'}
      isDisabled={rows.length === 0 || !online}
      className={styles.bulk}
      onPress={start}
    >
      {rows.length === 0 ? 'Reconnect selected' : `Reconnect ${rows.length} selected`}
    </Button>
  )
}

function NothingFound({ calm, onClear }: { calm: boolean; onClear: () => void }) {
  return (
    <EmptyState
      icon={calm ? <CircleCheck size={24} /> : <SearchX size={24} />}
      title={calm ? 'Nothing needs your attention' : 'No account matches'}
      actions={<Button onPress={onClear}>Show all accounts</Button>}
    >
      {calm ? 'No sign-in is about to end, and every account is current.' : 'Choose another vendor or brand.'}
    </EmptyState>
  )
}

function Loading() {
  return (
    <SkeletonGroup label="Loading health">
      <div className={clsx(styles.skeletons)}>
        {[1, 2, 3, 4].map((key) => (
          <Skeleton key={key} height={44} />
        ))}
      </div>
    </SkeletonGroup>
  )
}

function Failed() {
  const { health } = useWorkspace()
  const desk = useDesk()
  const error = useHealth((state) => state.error)
  if (error === null) return null
  return (
    <div className={clsx(styles.failed)}>
      <ErrorNotice
        error={error}
        onCopy={desk.copy}
        actions={
          <Button size="s" onPress={() => void health.getState().load()}>
            Try again
          </Button>
        }
      />
    </div>
  )
}
