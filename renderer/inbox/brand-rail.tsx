import { clsx } from 'clsx'
import Inbox from 'lucide-react/icons/inbox'
import Keyboard from 'lucide-react/icons/keyboard'
import Moon from 'lucide-react/icons/moon'
import Plus from 'lucide-react/icons/plus'
import Sun from 'lucide-react/icons/sun'
import Users from 'lucide-react/icons/users'
import { DropIndicator, ListBox, ListBoxItem, useDragAndDrop } from 'react-aria-components'
import type { BrandView } from '../../preload/contract.ts'
import { BrandTile } from '../design/brand-tile.tsx'
import { IconButton } from '../design/button.tsx'
import { shortCount } from '../design/chip.tsx'
import { HealthDot } from '../design/health-dot.tsx'
import { useShownTheme } from '../design/theme.tsx'
import { withBrand } from '../state/inbox-filters.ts'
import { useAccounts, useDesk, useHealth, useInbox, useWorkspace } from '../workspace.tsx'
import { brandHealth } from './brand-health.ts'
import styles from './brand-rail.module.css'
import { useNow } from './use-now.ts'

const allBrands = 'all'

/** The brands, the strongest signal on screen. One tile is chosen; dragging (or Enter on the drag handle) reorders. */
export function BrandRail() {
  const { app, inbox } = useWorkspace()
  const chosen = useInbox((state) => state.filters.brandId)
  const unread = useInbox((state) => state.counts?.total.unread ?? 0)
  return (
    <nav aria-label="Brands" className={clsx(styles.rail)}>
      <ListBox
        aria-label="All brands"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={chosen === null ? [allBrands] : []}
        onSelectionChange={() => inbox.getState().filter((filters) => withBrand(filters, null))}
      >
        <ListBoxItem
          id={allBrands}
          aria-label={unread === 0 ? 'All brands' : `All brands, ${unread} unread`}
          textValue="All brands"
          className={clsx(styles.item)}
        >
          <span className={clsx(styles.face)} title="All brands (Alt+0)">
            <span className={clsx(styles.all)}>
              <Inbox size={18} aria-hidden="true" />
            </span>
            <Unread count={unread} />
          </span>
        </ListBoxItem>
      </ListBox>
      <Brands chosen={chosen} />
      <div className={clsx(styles.foot)}>
        <IconButton label="Connect account" icon={<Plus size={18} />} onPress={() => app.getState().show('connect')} />
        <IconButton
          label="Accounts"
          shortcut="G C"
          icon={<Users size={18} />}
          onPress={() => app.getState().show('accounts')}
        />
        <ThemeButton />
        <IconButton
          label="Keyboard shortcuts"
          shortcut="?"
          icon={<Keyboard size={18} />}
          onPress={() => app.getState().showShortcuts(true)}
        />
      </div>
    </nav>
  )
}

function Brands({ chosen }: { chosen: string | null }) {
  const { accounts, inbox } = useWorkspace()
  const brands = useAccounts((state) => state.brands)
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': String(key) })),
    onReorder: ({ keys, target }) => {
      const order = moved(
        brands.map(({ id }) => id),
        [...keys].map(String),
        String(target.key),
        target.dropPosition === 'after',
      )
      void accounts.getState().reorderBrands(order)
    },
    renderDropIndicator: (target) => <DropIndicator target={target} className={clsx(styles.drop)} />,
  })
  return (
    <ListBox
      aria-label="Brands"
      items={brands.map((brand, index) => ({ ...brand, index }))}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={chosen === null ? [] : [chosen]}
      onSelectionChange={(keys) => {
        const id = keys === 'all' ? undefined : [...keys][0]
        if (id !== undefined) inbox.getState().filter((filters) => withBrand(filters, String(id)))
      }}
      dragAndDropHooks={dragAndDropHooks}
      className={clsx(styles.brands)}
    >
      {(brand) => <BrandItem brand={brand} index={brand.index} />}
    </ListBox>
  )
}

function BrandItem({ brand, index }: { brand: BrandView; index: number }) {
  const unread = useInbox((state) => state.counts?.byBrand[brand.id]?.unread ?? 0)
  const accounts = useAccounts((state) => state.accounts)
  const byAccount = useHealth((state) => state.byAccount)
  const now = useNow()
  const state = brandHealth(accounts, byAccount, brand.id, now)
  const shortcut = index < 9 ? ` (Alt+${index + 1})` : ''
  return (
    <ListBoxItem
      id={brand.id}
      textValue={brand.name}
      aria-label={[brand.name, ...(unread === 0 ? [] : [`${unread} unread`]), ...(state?.lines ?? [])].join(', ')}
      className={clsx(styles.item)}
    >
      <span className={clsx(styles.face)} title={[`${brand.name}${shortcut}`, ...(state?.lines ?? [])].join('\n')}>
        <BrandTile brand={brand} size={36} />
        <Unread count={unread} />
        {state !== null && state.health !== 'good' && (
          <span className={clsx(styles.health)}>
            <HealthDot health={state.health} />
          </span>
        )}
      </span>
    </ListBoxItem>
  )
}

function Unread({ count }: { count: number }) {
  return count === 0 ? null : <span className={clsx(styles.unread)}>{count > 99 ? '99+' : shortCount(count)}</span>
}

function ThemeButton() {
  const { app } = useWorkspace()
  const { attempt } = useDesk()
  const dark = useShownTheme() === 'dark'
  return (
    <IconButton
      label={dark ? 'Light theme' : 'Dark theme'}
      icon={dark ? <Sun size={18} /> : <Moon size={18} />}
      onPress={() => void attempt(app.getState().setTheme(dark ? 'light' : 'dark'))}
    />
  )
}

/** `ids` with the dragged ones put before or after `target`. */
export function moved(ids: readonly string[], dragged: readonly string[], target: string, after: boolean): string[] {
  const rest = ids.filter((id) => !dragged.includes(id))
  const at = rest.indexOf(target) + (after ? 1 : 0)
  return [...rest.slice(0, at), ...dragged, ...rest.slice(at)]
}
