import { clsx } from 'clsx'
import ArrowLeft from 'lucide-react/icons/arrow-left'
import CircleCheck from 'lucide-react/icons/circle-check'
import { useRef, useState } from 'react'
import type { ManifestSummary } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { Button, IconButton } from '../design/button.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { useDesk, useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import styles from './connectors.module.css'
import { DiscoverDialog } from './discover-dialog.tsx'
import { ManifestText, type ManifestTextHandle } from './manifest-text.tsx'
import { TrialView } from './trial-view.tsx'

/** Writing a manifest: the text with its faults on the left, what it allows and a trial on the right. */
export function ConnectorEditor() {
  const { connectors } = useWorkspace()
  const desk = useDesk()
  const editing = useWorkspaceStore('connectors', (state) => state.editing)
  const area = useRef<ManifestTextHandle>(null)
  const [discovering, setDiscovering] = useState(false)
  if (editing === null) return null
  const { saved, text, checked, faults, summary, saving, error } = editing
  const changed = saved === null || saved.text !== text
  return (
    <div className={clsx(styles.editor)}>
      <div className={clsx(styles.bar)}>
        <IconButton
          label="Back to connectors"
          icon={<ArrowLeft size={16} />}
          onPress={() => connectors.getState().leave()}
        />
        <h2>{summary?.name ?? saved?.name ?? 'New connector'}</h2>
        <Button variant="quiet" onPress={() => setDiscovering(true)}>
          Discover
        </Button>
        {saved !== null && <RemoveButton id={saved.id} inUse={saved.accountIds.length > 0} />}
        <Button
          variant="primary"
          isBusy={saving}
          isDisabled={!checked || faults.length > 0 || !changed}
          onPress={() => void connectors.getState().save()}
        >
          {changed ? 'Save' : 'Saved'}
        </Button>
      </div>
      {error !== null && <ErrorNotice error={error} onCopy={desk.copy} />}
      {discovering && <DiscoverDialog onClose={() => setDiscovering(false)} />}
      <div className={clsx(styles.columns)}>
        <section aria-label="Description" className={clsx(styles.left)}>
          <ManifestText
            ref={area}
            text={text}
            faultyLines={new Set(faults.map(({ line }) => line))}
            onChange={(next) => connectors.getState().write(next)}
          />
          <div role="status" className={clsx(styles.faults)}>
            {checked && faults.length === 0 && (
              <p className={clsx(styles.good)}>
                <CircleCheck size={14} aria-hidden="true" />
                No faults
              </p>
            )}
            <ul>
              {faults.map((fault) => (
                <li key={`${fault.line}:${fault.column} ${fault.path} ${fault.message}`}>
                  <Button variant="link" size="s" onPress={() => area.current?.goTo(fault.line, fault.column)}>
                    {`Line ${fault.line}`}
                  </Button>
                  <span>{`${fault.path === '' ? '' : `${fault.path}: `}${fault.message}`}</span>
                </li>
              ))}
            </ul>
          </div>
        </section>
        <aside aria-label="What it does" className={clsx(styles.right)}>
          {summary !== null && <Summary summary={summary} />}
          {summary !== null && <TrialView summary={summary} />}
        </aside>
      </div>
    </div>
  )
}

function RemoveButton({ id, inUse }: { id: string; inUse: boolean }) {
  const { connectors } = useWorkspace()
  const desk = useDesk()
  const [error, setError] = useState<ErrorShape | null>(null)
  return (
    <>
      {error !== null && <ErrorNotice error={error} onCopy={desk.copy} />}
      <Button
        variant="quiet"
        isDisabled={inUse}
        aria-label={inUse ? 'Remove: accounts use it' : 'Remove this connector'}
        onPress={() => void connectors.getState().remove(id).then(setError)}
      >
        Remove
      </Button>
    </>
  )
}

function Summary({ summary }: { summary: ManifestSummary }) {
  return (
    <section className={clsx(styles.card)}>
      <h3>What it may do</h3>
      <dl className={clsx(styles.facts)}>
        <dt>Sends the sign-in to</dt>
        <dd>{summary.hosts.join(', ')}</dd>
        <dt>Asks for</dt>
        <dd>{summary.scopes.map(({ id, reason }) => `${reason} (${id})`).join(', ') || 'no scopes'}</dd>
        <dt>Can change</dt>
        <dd>{summary.commands.join(', ') || 'nothing, it only reads'}</dd>
      </dl>
      {summary.newHosts.length > 0 && (
        <p className={clsx(styles.warning)}>
          {`New since it was saved: the sign-in of its accounts would also go to ${summary.newHosts.join(', ')}.`}
        </p>
      )}
    </section>
  )
}
