import { clsx } from 'clsx'
import GripVertical from 'lucide-react/icons/grip-vertical'
import Palette from 'lucide-react/icons/palette'
import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import { Button as DragHandle, GridList, GridListItem, useDragAndDrop } from 'react-aria-components'
import type { BrandView } from '../../preload/contract.ts'
import { BrandTile } from '../design/brand-tile.tsx'
import { Button } from '../design/button.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { brandUse } from '../state/account-words.ts'
import { useAccounts, useDesk, useWorkspace } from '../workspace.tsx'
import { BrandDialog } from './brand-dialog.tsx'
import styles from './brand-list.module.css'
import { BrandMenu } from './brand-menu.tsx'

/** Brands in the order of the rail: edit, reorder by drag, keyboard or menu, remove when unused. */
export function BrandList() {
  const desk = useDesk()
  const brands = useAccounts((state) => state.brands)
  const failures = useAccounts((state) => state.failures)
  const [editing, setEditing] = useState<BrandView | 'new' | null>(null)
  const dragAndDropHooks = useBrandDrag(brands)
  const shownFailures = ['brands', ...brands.map((brand) => brand.id)].flatMap((id) => failures[id] ?? [])
  return (
    <div className={clsx(styles.brands)}>
      <div className={clsx(styles.head)}>
        <p>The order here is the order of the rail. A colour and a name keep brands apart while you work.</p>
        <Button onPress={() => setEditing('new')}>
          <Plus size={16} aria-hidden="true" />
          New brand
        </Button>
      </div>
      {shownFailures.map((failure) => (
        <ErrorNotice key={failure.message} error={failure} onCopy={desk.copy} />
      ))}
      {brands.length === 0 ? (
        <EmptyState icon={<Palette size={24} />} title="No brands yet">
          A brand is what your customers see. You name the first one after connecting an account.
        </EmptyState>
      ) : (
        <GridList
          aria-label="Brands"
          items={brands}
          dragAndDropHooks={dragAndDropHooks}
          onAction={(id) => setEditing(brands.find((brand) => brand.id === id) ?? null)}
          className={clsx(styles.list)}
        >
          {(brand) => <BrandLine brand={brand} onEdit={() => setEditing(brand)} />}
        </GridList>
      )}
      {editing !== null && <BrandDialog brand={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </div>
  )
}

function BrandLine({ brand, onEdit }: { brand: BrandView; onEdit: () => void }) {
  const accounts = useAccounts((state) => state.accounts)
  const use = brandUse(brand.id, accounts)
  return (
    <GridListItem id={brand.id} textValue={brand.name} className={clsx(styles.line)}>
      <DragHandle slot="drag" aria-label={`Move ${brand.name}`} className={clsx(styles.grip)}>
        <GripVertical size={14} aria-hidden="true" />
      </DragHandle>
      <BrandTile brand={brand} size={32} />
      <span className={clsx(styles.words)}>
        <strong>{brand.name}</strong>
        <span className={clsx(styles.meta)}>
          {[brand.replyName, brand.replyAddress].filter((part) => part !== '').join(' · ')}
        </span>
      </span>
      <span className={clsx(styles.use)}>{use === 0 ? 'Not used' : use === 1 ? '1 account' : `${use} accounts`}</span>
      <BrandMenu brand={brand} use={use} onEdit={onEdit} />
    </GridListItem>
  )
}

function useBrandDrag(brands: readonly BrandView[]) {
  const { accounts } = useWorkspace()
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': String(key) })),
    onReorder: ({ keys, target }) => {
      const moving = brands.map((brand) => brand.id).filter((id) => keys.has(id))
      const rest = brands.map((brand) => brand.id).filter((id) => !keys.has(id))
      const at = rest.indexOf(String(target.key)) + (target.dropPosition === 'after' ? 1 : 0)
      void accounts.getState().reorderBrands([...rest.slice(0, at), ...moving, ...rest.slice(at)])
    },
  })
  return dragAndDropHooks
}
