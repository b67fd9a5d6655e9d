import { clsx } from 'clsx'
import FileJson from 'lucide-react/icons/file-json'
import Import from 'lucide-react/icons/import'
import Plus from 'lucide-react/icons/plus'
import { useState } from 'react'
import type { DescribedConnector } from '../../preload/contract.ts'
import { VendorMark } from '../connect/vendor-mark.tsx'
import { Button } from '../design/button.tsx'
import { Badge } from '../design/chip.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Skeleton, SkeletonGroup } from '../design/skeleton.tsx'
import { useDesk, useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import styles from './connectors.module.css'
import { ImportDialog } from './import-dialog.tsx'

/** Small systems without a connector of their own: each described by a file, no code. */
export function ConnectorList() {
  const { connectors } = useWorkspace()
  const desk = useDesk()
  const phase = useWorkspaceStore('connectors', (state) => state.phase)
  const error = useWorkspaceStore('connectors', (state) => state.error)
  const list = useWorkspaceStore('connectors', (state) => state.connectors)
  const [importing, setImporting] = useState(false)
  const example = list.find(({ origin }) => origin === 'shipped')
  return (
    <div className={clsx(styles.tab)}>
      <div className={clsx(styles.head)}>
        <p>
          Any system with OAuth 2.0 and a JSON API can be connected by a description of it: sign-in, requests, and which
          field is what.
        </p>
        <Button onPress={() => setImporting(true)}>
          <Import size={16} aria-hidden="true" />
          Import Freshworks app
        </Button>
        <Button isDisabled={example === undefined} onPress={() => example && connectors.getState().edit(example)}>
          <Plus size={16} aria-hidden="true" />
          New connector
        </Button>
      </div>
      {error !== null && (
        <ErrorNotice
          error={error}
          onCopy={desk.copy}
          actions={
            <Button size="s" onPress={() => void connectors.getState().load()}>
              Try again
            </Button>
          }
        />
      )}
      {phase === 'loading' && (
        <SkeletonGroup label="Loading connectors">
          <Skeleton height={56} />
        </SkeletonGroup>
      )}
      {phase === 'ready' && list.length === 0 && (
        <EmptyState icon={<FileJson size={24} />} title="No connectors of your own yet">
          Begin with a new one; it starts from a complete example.
        </EmptyState>
      )}
      {list.length > 0 && (
        <ul className={clsx(styles.list)} aria-label="Custom connectors">
          {list.map((connector) => (
            <Line key={connector.id} connector={connector} />
          ))}
        </ul>
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </div>
  )
}

function Line({ connector }: { connector: DescribedConnector }) {
  const { connectors } = useWorkspace()
  const { faults, origin, accountIds } = connector
  return (
    <li className={clsx(styles.line)}>
      <VendorMark name={connector.name || connector.id} size={32} />
      <div className={clsx(styles.words)}>
        <span className={clsx(styles.name)}>
          {connector.name || connector.id}
          {origin === 'shipped' && <Badge>Comes with Manydesk</Badge>}
        </span>
        <span className={clsx(styles.meta)}>
          {faults.length > 0
            ? `Cannot be used: line ${faults[0]?.line}, ${faults[0]?.message}`
            : `${connector.id}, ${accountIds.length === 1 ? '1 account' : `${accountIds.length} accounts`}`}
        </span>
      </div>
      <Button
        size="s"
        aria-label={`${origin === 'shipped' ? 'Copy and change' : 'Edit'} ${connector.name || connector.id}`}
        onPress={() => connectors.getState().edit(connector)}
      >
        {origin === 'shipped' ? 'Copy and change' : 'Edit'}
      </Button>
    </li>
  )
}
