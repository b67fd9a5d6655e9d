import { clsx } from 'clsx'
import ArrowLeft from 'lucide-react/icons/arrow-left'
import CircleCheck from 'lucide-react/icons/circle-check'
import { useRef, useState } from 'react'
import type { ManifestFault, ManifestSummary } from '../../preload/contract.ts'
import { Button, IconButton } from '../design/button.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { type Editing, hasUnsaved } from '../state/connectors.ts'
import { useDesk, useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import styles from './connectors.module.css'
import { DiscoverDialog } from './discover-dialog.tsx'
import { LeaveDialog, RemoveConnector } from './editor-dialogs.tsx'
import { ManifestText, type ManifestTextHandle } from './manifest-text.tsx'
import { TrialView } from './trial-view.tsx'

/** Writing a manifest: the text with its faults on the left, what it allows and a trial on the right. */
export function ConnectorEditor() {
  const editing = useWorkspaceStore('connectors', (state) => state.editing)
  const area = useRef<ManifestTextHandle>(null)
  const { connectors } = useWorkspace()
  if (editing === null) return null
  const { opening, text, checked, faults, summary } = editing
  return (
    <div key={opening} className={clsx(styles.editor)}>
      <EditorBar editing={editing} />
      <EditorError editing={editing} />
      <div className={clsx(styles.columns)}>
        <section aria-label="Description" className={clsx(styles.left)}>
          <ManifestText
            ref={area}
            text={text}
            faultyLines={new Set(faults.map(({ line }) => line))}
            onChange={(next) => connectors.getState().write(next)}
          />
          <Faults checked={checked} faults={faults} onGoTo={(line, column) => area.current?.goTo(line, column)} />
        </section>
        <aside aria-label="What it does" className={clsx(styles.right)}>
          {summary !== null && <Summary summary={summary} isCurrent={faults.length === 0} />}
          {summary !== null && <TrialView summary={summary} canRun={checked && faults.length === 0} />}
        </aside>
      </div>
    </div>
  )
}

function EditorBar({ editing }: { editing: Editing }) {
  const { connectors } = useWorkspace()
  const [leaving, setLeaving] = useState(false)
  const [discovering, setDiscovering] = useState(false)
  const { saved, text, checked, faults, summary, saving } = editing
  const changed = saved === null || saved.text !== text
  const leave = () => connectors.getState().leave()
  return (
    <div className={clsx(styles.bar)}>
      <IconButton
        label="Back to connectors"
        icon={<ArrowLeft size={16} />}
        onPress={() => (hasUnsaved(editing) ? setLeaving(true) : leave())}
      />
      <h2>{summary?.name ?? saved?.name ?? 'New connector'}</h2>
      <Button variant="quiet" onPress={() => setDiscovering(true)}>
        Discover
      </Button>
      {saved !== null && <RemoveConnector connector={saved} />}
      <Button
        variant="primary"
        isBusy={saving}
        isDisabled={!checked || faults.length > 0 || !changed}
        onPress={() => void connectors.getState().save()}
      >
        {changed ? 'Save' : 'Saved'}
      </Button>
      {discovering && <DiscoverDialog onClose={() => setDiscovering(false)} />}
      <LeaveDialog isOpen={leaving} onStay={() => setLeaving(false)} onLeave={leave} />
    </div>
  )
}

/** A check that could not be made can be made again; a save that failed has its button. */
function EditorError({ editing: { error, checked } }: { editing: Editing }) {
  const { connectors } = useWorkspace()
  const desk = useDesk()
  if (error === null) return null
  const again = (
    <Button size="s" onPress={() => void connectors.getState().recheck()}>
      Check again
    </Button>
  )
  return <ErrorNotice error={error} onCopy={desk.copy} actions={checked ? null : again} />
}

interface FaultsProps {
  checked: boolean
  faults: readonly ManifestFault[]
  onGoTo: (line: number, column: number) => void
}

function Faults({ checked, faults, onGoTo }: FaultsProps) {
  return (
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
            <Button variant="link" size="s" onPress={() => onGoTo(fault.line, fault.column)}>
              {`Line ${fault.line}`}
            </Button>
            <span>{`${fault.path === '' ? '' : `${fault.path}: `}${fault.message}`}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Summary({ summary, isCurrent }: { summary: ManifestSummary; isCurrent: boolean }) {
  return (
    <section className={clsx(styles.card)}>
      <h3>What it may do</h3>
      {!isCurrent && <p className={clsx(styles.meta)}>As of the last text without faults.</p>}
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
