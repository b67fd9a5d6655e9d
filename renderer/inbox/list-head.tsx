import { clsx } from 'clsx'
import ChevronDown from 'lucide-react/icons/chevron-down'
import PanelLeftOpen from 'lucide-react/icons/panel-left-open'
import Search from 'lucide-react/icons/search'
import X from 'lucide-react/icons/x'
import { useEffect, useRef, useState } from 'react'
import { Button, ToggleButton } from 'react-aria-components'
import { BrandTile } from '../design/brand-tile.tsx'
import { IconButton } from '../design/button.tsx'
import { Keys } from '../design/keys.tsx'
import { Menu, MenuItem, MenuLine } from '../design/menu.tsx'
import { type Filters, withAccount, withBrand, withStatus } from '../state/inbox-filters.ts'
import { useAccounts, useInbox, useWorkspace } from '../workspace.tsx'
import styles from './conversation-list.module.css'
import { StatusMark, statusNames } from './status-mark.tsx'
import { useViewsShown } from './use-views-shown.ts'

export function ListHead() {
  const { app } = useWorkspace()
  const viewsShown = useViewsShown()
  return (
    // biome-ignore lint/a11y/useSemanticElements: not every engine the app meets knows the search element
    <div role="search" className={clsx(styles.head)}>
      <div className={clsx(styles.search)}>
        {!viewsShown && (
          <IconButton
            label="Show views"
            shortcut="["
            icon={<PanelLeftOpen size={16} />}
            onPress={() => app.getState().togglePane('views')}
          />
        )}
        <SearchBox />
      </div>
      <div className={clsx(styles.filters)}>
        <StatusFilter />
        <AssigneeFilter />
        <UnreadFilter />
        <BrandFilter />
        <AccountFilter />
      </div>
    </div>
  )
}

const searchAfter = 120

function SearchBox() {
  const { inbox } = useWorkspace()
  const wanted = useInbox((state) => state.filters.text)
  const [text, setText] = useState(wanted)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => setText(wanted), [wanted])
  useEffect(() => {
    if (text === inbox.getState().filters.text) return
    const timer = setTimeout(() => inbox.getState().filter((filters) => ({ ...filters, text })), searchAfter)
    return () => clearTimeout(timer)
  }, [inbox, text])
  return (
    <div className={clsx(styles.box)}>
      <Search size={14} aria-hidden="true" />
      <input
        ref={input}
        type="search"
        aria-label="Search conversations"
        placeholder="Search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text !== '') setText('')
          else if (event.key === 'Escape' || event.key === 'ArrowDown' || event.key === 'Enter') focusList()
          else return
          event.preventDefault()
        }}
      />
      {text === '' ? (
        <Keys keys="/" />
      ) : (
        <IconButton label="Clear search" icon={<X size={14} />} onPress={() => setText('')} />
      )}
    </div>
  )
}

function focusList(): void {
  document.querySelector<HTMLElement>('[role="listbox"][aria-label="Conversations"]')?.focus()
}

function useFilter(): [Filters, (change: (filters: Filters) => Filters) => void] {
  const { inbox } = useWorkspace()
  const filters = useInbox((state) => state.filters)
  return [filters, inbox.getState().filter]
}

function FilterButton({ name, value }: { name: string; value: string | null }) {
  return (
    <Button
      aria-label={value === null ? `Filter by ${name.toLowerCase()}` : `${name}: ${value}`}
      className={clsx(styles.filter, value !== null && styles.on)}
    >
      <span>{value ?? name}</span>
      {value !== null && <ChevronDown size={12} aria-hidden="true" />}
    </Button>
  )
}

const statuses = ['new', 'open', 'pending', 'on_hold', 'solved', 'closed'] as const

function StatusFilter() {
  const [filters, filter] = useFilter()
  const [first, ...others] = filters.statuses
  const value = first === undefined ? null : others.length === 0 ? statusNames[first] : `${others.length + 1} statuses`
  return (
    <Menu label="Status" trigger={<FilterButton name="Status" value={value} />}>
      {statuses.map((status) => (
        <MenuItem
          key={status}
          label={statusNames[status]}
          icon={<StatusMark status={status} />}
          isChosen={filters.statuses.includes(status)}
          onAction={() => filter((now) => withStatus(now, status))}
        />
      ))}
      <MenuLine />
      <MenuItem label="Any status" onAction={() => filter((now) => ({ ...now, statuses: [] }))} />
    </Menu>
  )
}

function AssigneeFilter() {
  const [filters, filter] = useFilter()
  const choose = (assignee: Filters['assignee']) => () => filter((now) => ({ ...now, assignee }))
  const value = filters.assignee === null ? null : filters.assignee === 'me' ? 'Mine' : 'Unassigned'
  return (
    <Menu label="Assignee" trigger={<FilterButton name="Assignee" value={value} />}>
      <MenuItem label="Mine" isChosen={filters.assignee === 'me'} onAction={choose('me')} />
      <MenuItem label="Unassigned" isChosen={filters.assignee === 'none'} onAction={choose('none')} />
      <MenuLine />
      <MenuItem label="Anyone" onAction={choose(null)} />
    </Menu>
  )
}

function UnreadFilter() {
  const [filters, filter] = useFilter()
  return (
    <ToggleButton
      isSelected={filters.unreadOnly}
      onChange={(unreadOnly) => filter((now) => ({ ...now, unreadOnly }))}
      className={clsx(styles.filter, filters.unreadOnly && styles.on)}
    >
      Unread
    </ToggleButton>
  )
}

function BrandFilter() {
  const [filters, filter] = useFilter()
  const brands = useAccounts((state) => state.brands)
  const value = brands.find(({ id }) => id === filters.brandId)?.name ?? null
  return (
    <Menu label="Brand" trigger={<FilterButton name="Brand" value={value} />}>
      {brands.map((brand) => (
        <MenuItem
          key={brand.id}
          label={brand.name}
          icon={<BrandTile brand={brand} size={16} />}
          isChosen={brand.id === filters.brandId}
          onAction={() => filter((now) => withBrand(now, brand.id))}
        />
      ))}
      <MenuLine />
      <MenuItem label="All brands" onAction={() => filter((now) => withBrand(now, null))} />
    </Menu>
  )
}

function AccountFilter() {
  const [filters, filter] = useFilter()
  const accounts = useAccounts((state) => state.accounts)
  const value = accounts.find(({ id }) => id === filters.accountId)?.siteLabel ?? null
  return (
    <Menu label="Account" trigger={<FilterButton name="Account" value={value} />}>
      {accounts.map((account) => (
        <MenuItem
          key={account.id}
          label={`${account.vendorName} ${account.siteLabel}`}
          help={account.user.name}
          isChosen={account.id === filters.accountId}
          onAction={() => filter((now) => withAccount(now, account.id))}
        />
      ))}
      <MenuLine />
      <MenuItem label="All accounts" onAction={() => filter((now) => withAccount(now, null))} />
    </Menu>
  )
}
