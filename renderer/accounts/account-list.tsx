import { clsx } from 'clsx'
import CircleCheck from 'lucide-react/icons/circle-check'
import Search from 'lucide-react/icons/search'
import SearchX from 'lucide-react/icons/search-x'
import { useEffect, useState } from 'react'
import { BrandTile } from '../design/brand-tile.tsx'
import { Button } from '../design/button.tsx'
import { Count } from '../design/chip.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { TextField } from '../design/field.tsx'
import { SegmentedControl } from '../design/segmented-control.tsx'
import {
  type AccountFilter,
  type AccountGroup,
  findAccounts,
  groupAccounts,
  needsAttention,
} from '../state/account-words.ts'
import { useAccounts } from '../workspace.tsx'
import styles from './account-list.module.css'
import { AccountRow } from './account-row.tsx'
import { NoAccounts } from './no-accounts.tsx'
import { SignOutEverywhere } from './sign-out-everywhere.tsx'

/** From this many accounts on there is something to search in. */
const searchFrom = 6

/** The accounts under their brands, searchable when they are many. */
export function AccountList({ onConnect }: { onConnect: () => void }) {
  const accounts = useAccounts((state) => state.accounts)
  const brands = useAccounts((state) => state.brands)
  const [query, setQuery] = useState('')
  const [filter, setFilter] = useState<AccountFilter>('all')
  const now = useMinute()
  if (accounts.length === 0) {
    return (
      <NoAccounts onConnect={onConnect}>
        An account is your access to one helpdesk, mailbox or shop. Connect one, and its conversations appear in the
        inbox.
      </NoAccounts>
    )
  }
  const found = findAccounts(accounts, brands, filter, query)
  const clear = () => {
    setQuery('')
    setFilter('all')
  }
  return (
    <div className={clsx(styles.list)}>
      {accounts.length >= searchFrom && (
        <div className={clsx(styles.tools)}>
          <TextField
            className={styles.search}
            label="Search accounts"
            type="search"
            placeholder="Site, user or brand"
            value={query}
            onChange={setQuery}
            prefix={<Search size={14} aria-hidden="true" />}
          />
          <SegmentedControl
            label="Show"
            value={filter}
            onChange={setFilter}
            options={[
              { id: 'all', label: 'All', count: accounts.length },
              { id: 'attention', label: 'Need attention', count: accounts.filter(needsAttention).length },
              { id: 'paused', label: 'Paused', count: accounts.filter((account) => account.state === 'paused').length },
            ]}
          />
        </div>
      )}
      <p role="status" className={clsx(styles.spoken)}>
        {found.length === accounts.length ? '' : `${found.length} accounts match`}
      </p>
      {groupAccounts(found, brands).map((group) => (
        <Group key={group.brand?.id ?? 'none'} group={group} now={now} />
      ))}
      {found.length === 0 && <NothingFound filter={filter} query={query} onClear={clear} />}
      <SignOutEverywhere />
    </div>
  )
}

function Group({ group, now }: { group: AccountGroup; now: number }) {
  const name = group.brand?.name ?? 'No brand yet'
  const titleId = `group-${group.brand?.id ?? 'none'}`
  return (
    <section className={clsx(styles.group)} aria-labelledby={titleId}>
      <div className={clsx(styles.groupHead)}>
        <BrandTile brand={group.brand} size={20} />
        <h2 id={titleId}>{name}</h2>
        <Count value={group.accounts.length} />
      </div>
      <ul className={clsx(styles.rows)} aria-labelledby={titleId}>
        {group.accounts.map((account) => (
          <AccountRow key={account.id} account={account} now={now} />
        ))}
      </ul>
    </section>
  )
}

function NothingFound({ filter, query, onClear }: { filter: AccountFilter; query: string; onClear: () => void }) {
  const calm = filter === 'attention' && query === ''
  return (
    <EmptyState
      icon={calm ? <CircleCheck size={24} /> : <SearchX size={24} />}
      title={calm ? 'Nothing needs your attention' : 'No account matches'}
      actions={<Button onPress={onClear}>Show all accounts</Button>}
    >
      {calm ? 'All accounts are connected and up to date.' : 'Try a part of the site, the user’s name or the brand.'}
    </EmptyState>
  )
}

/** The time, renewed once a minute: what is said in minutes need not be renewed more often. */
function useMinute(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
