import { clsx } from 'clsx'
import Search from 'lucide-react/icons/search'
import { useState } from 'react'
import { Autocomplete, Input, ListBox, ListBoxItem, SearchField } from 'react-aria-components'
import type { VendorView } from '../../preload/contract.ts'
import { Button } from '../design/button.tsx'
import { Badge } from '../design/chip.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Skeleton, SkeletonGroup } from '../design/skeleton.tsx'
import { ManagedLine, managedWords } from '../policy/managed.tsx'
import { findVendors } from '../state/connect-form.ts'
import { useAccounts, useDesk, useWorkspace } from '../workspace.tsx'
import { StepFrame } from './connect-account.tsx'
import { VendorMark } from './vendor-mark.tsx'
import styles from './vendor-step.module.css'

/** Choosing where customers write: type to narrow down, arrows and Enter to choose, or a click. */
export function VendorStep({ onChoose }: { onChoose: (vendor: VendorView) => void }) {
  const { accounts, app } = useWorkspace()
  const desk = useDesk()
  const phase = useAccounts((state) => state.phase)
  const error = useAccounts((state) => state.error)
  const lead = 'You can connect as many accounts as you like, also several of the same kind.'
  return (
    <StepFrame title="Where do customers write to you?" lead={lead}>
      {phase === 'failed' && error !== null && (
        <div className={clsx(styles.notice)}>
          <ErrorNotice
            error={error}
            onCopy={desk.copy}
            actions={
              <Button size="s" onPress={() => void accounts.getState().load()}>
                Try again
              </Button>
            }
          />
        </div>
      )}
      {phase === 'loading' && <VendorSkeletons />}
      {phase === 'ready' && <VendorGrid onChoose={onChoose} />}
      <Forbidden />
      <p className={clsx(styles.other)}>
        Something else?{' '}
        <Button variant="link" onPress={() => app.getState().show('accounts', 'connectors')}>
          Describe it as a custom connector
        </Button>
      </p>
    </StepFrame>
  )
}

function VendorGrid({ onChoose }: { onChoose: (vendor: VendorView) => void }) {
  const vendors = useAccounts((state) => state.vendors)
  const [query, setQuery] = useState('')
  // Wrapped: the list would take a vendor's own `key` for the one of its row.
  const found = findVendors(vendors, query).map((vendor) => ({ id: vendor.id, vendor }))
  return (
    <Autocomplete inputValue={query} onInputChange={setQuery}>
      <SearchField aria-label="Search helpdesks" autoFocus className={clsx(styles.search)}>
        <Search size={16} aria-hidden="true" />
        <Input placeholder="Search" spellCheck={false} />
      </SearchField>
      <ListBox
        aria-label="Helpdesks"
        layout="grid"
        items={found}
        className={clsx(styles.grid)}
        onAction={(id) => {
          const vendor = vendors.find((candidate) => candidate.id === id)
          if (vendor !== undefined) onChoose(vendor)
        }}
        renderEmptyState={() => <p className={clsx(styles.none)}>Nothing goes by that name here. Try another word.</p>}
      >
        {({ vendor }) => <VendorCard vendor={vendor} />}
      </ListBox>
    </Autocomplete>
  )
}

/** The cards that cannot be chosen are passed over by the arrows: how many there are, and why, can be reached here. */
function Forbidden() {
  const count = useAccounts((state) => state.vendors.filter(({ forbidden }) => forbidden !== null).length)
  if (count === 0) return null
  return (
    <div className={clsx(styles.managed)}>
      <ManagedLine>
        {`Managed by your organisation: ${count === 1 ? 'one helpdesk' : `${count} helpdesks`} cannot be connected here.`}
      </ManagedLine>
    </div>
  )
}

function VendorCard({ vendor }: { vendor: VendorView }) {
  const forbidden = vendor.forbidden !== null
  return (
    <ListBoxItem id={vendor.id} textValue={vendor.name} className={clsx(styles.card)} isDisabled={forbidden}>
      <VendorMark name={vendor.name} size={36} />
      <span className={clsx(styles.words)}>
        <span className={clsx(styles.nameLine)}>
          <span className={clsx(styles.name)}>{vendor.name}</span>
          {!forbidden && vendor.providedClients.length > 0 && <Badge>Set up for you</Badge>}
          {!forbidden && vendor.key !== null && <Badge>By key</Badge>}
        </span>
        {vendor.forbidden === null ? (
          <span className={clsx(styles.description)}>{vendor.description}</span>
        ) : (
          <span className={clsx(styles.forbidden)} title={managedWords(vendor.forbidden)}>
            {managedWords(vendor.forbidden)}
          </span>
        )}
      </span>
    </ListBoxItem>
  )
}

function VendorSkeletons() {
  return (
    <SkeletonGroup label="Loading what can be connected">
      <div className={clsx(styles.notice)}>
        <Skeleton height={36} />
      </div>
      <div className={clsx(styles.grid)}>
        {[1, 2, 3, 4].map((key) => (
          <Skeleton key={key} height={78} />
        ))}
      </div>
    </SkeletonGroup>
  )
}
