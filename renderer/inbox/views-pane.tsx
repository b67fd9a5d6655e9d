import { clsx } from 'clsx'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleDot from 'lucide-react/icons/circle-dot'
import Clock from 'lucide-react/icons/clock'
import Inbox from 'lucide-react/icons/inbox'
import Mail from 'lucide-react/icons/mail'
import PanelLeftClose from 'lucide-react/icons/panel-left-close'
import User from 'lucide-react/icons/user'
import UserX from 'lucide-react/icons/user-x'
import { useEffect, useMemo, useRef } from 'react'
import { Button } from 'react-aria-components'
import type { AccountView } from '../../preload/contract.ts'
import { IconButton } from '../design/button.tsx'
import { Tooltip } from '../design/tooltip.tsx'
import { viewsBelow } from '../state/app.ts'
import { type View, type ViewId, viewCount, viewOf, views, withView } from '../state/inbox-filters.ts'
import { useAccounts, useInbox, useWorkspace } from '../workspace.tsx'
import { AccountItem } from './account-item.tsx'
import { type ShortName, shortNames } from './account-name.ts'
import styles from './views-pane.module.css'

const icons: Record<ViewId, typeof Inbox> = {
  all: Inbox,
  unread: Mail,
  mine: User,
  unassigned: UserX,
  open: CircleDot,
  pending: Clock,
  solved: CircleCheck,
}

const numbers = new Intl.NumberFormat('en')

export function ViewsPane() {
  const { app } = useWorkspace()
  const brandId = useInbox((state) => state.filters.brandId)
  const brands = useAccounts((state) => state.brands)
  const accounts = useAccounts((state) => state.accounts)
  const names = useShortNames(accounts)
  useClosedByChoice()
  const brand = brands.find(({ id }) => id === brandId)
  const shown = accounts.filter((account) => brandId === null || account.brandId === brandId)
  return (
    <nav aria-label="Views" className={clsx(styles.views)}>
      <div className={clsx(styles.head)}>
        <h2 title={brand?.name}>{brand?.name ?? 'All brands'}</h2>
        <IconButton
          label="Hide views"
          shortcut="["
          icon={<PanelLeftClose size={16} />}
          onPress={() => app.getState().togglePane('views')}
        />
      </div>
      {views.slice(0, 4).map((view) => (
        <ViewItem key={view.id} view={view} />
      ))}
      <h3 className={clsx(styles.heading)}>Status</h3>
      {views.slice(4).map((view) => (
        <ViewItem key={view.id} view={view} />
      ))}
      {shown.length > 0 && <h3 className={clsx(styles.heading)}>Accounts</h3>}
      {shown.map((account) => (
        <AccountItem
          key={account.id}
          account={account}
          short={names.get(account.id) ?? { name: account.siteLabel, more: null }}
        />
      ))}
    </nav>
  )
}

/** As a drawer over the list, the views go away with the choice. */
function useClosedByChoice(): void {
  const { app } = useWorkspace()
  const filters = useInbox((state) => state.filters)
  const shownWith = useRef(filters)
  useEffect(() => {
    if (shownWith.current === filters) return
    shownWith.current = filters
    if (window.innerWidth < viewsBelow) app.getState().togglePane('views')
  }, [app, filters])
}

function useShortNames(accounts: readonly AccountView[]): Map<string, ShortName> {
  const vendors = useAccounts((state) => state.vendors)
  return useMemo(() => {
    const own = new Set(vendors.filter(({ siteFields }) => siteFields.length > 0).map(({ id }) => id))
    return shortNames(accounts, (vendor) => own.has(vendor))
  }, [accounts, vendors])
}

function ViewItem({ view }: { view: View }) {
  const { inbox } = useWorkspace()
  const current = useInbox((state) => viewOf(state.filters) === view.id)
  const count = useInbox((state) => viewCount(view.id, state.filters, state.counts))
  const Icon = icons[view.id]
  return (
    <Tooltip text={view.name} shortcut={`G ${view.key}`} placement="right">
      <Button
        className={clsx(styles.item)}
        aria-current={current}
        onPress={() => inbox.getState().filter((filters) => withView(filters, view.id))}
      >
        <Icon size={16} aria-hidden="true" />
        <span className={clsx(styles.name)}>{view.name}</span>
        {count !== null && count > 0 && ' '}
        {count !== null && count > 0 && <span className={clsx(styles.count)}>{numbers.format(count)}</span>}
      </Button>
    </Tooltip>
  )
}
