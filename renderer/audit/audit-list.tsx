import { clsx } from 'clsx'
import ArrowUp from 'lucide-react/icons/arrow-up'
import Download from 'lucide-react/icons/download'
import FileJson from 'lucide-react/icons/file-json'
import KeyRound from 'lucide-react/icons/key-round'
import LogIn from 'lucide-react/icons/log-in'
import ScrollText from 'lucide-react/icons/scroll-text'
import ShieldCheck from 'lucide-react/icons/shield-check'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import UserRound from 'lucide-react/icons/user-round'
import { useEffect, useRef } from 'react'
import { Button } from 'react-aria-components'
import type { AuditEntryView, AuditGroup } from '../../preload/contract.ts'
import { Badge } from '../design/chip.tsx'
import { fullTime, messageTime } from '../inbox/time-words.ts'
import { useNow } from '../inbox/use-now.ts'
import { useRowWindow } from '../inbox/use-window.ts'
import { useWorkspace, useWorkspaceStore } from '../workspace.tsx'
import styles from './audit-tab.module.css'

const rowHeight = 44

/** Entries newest first; only those in view are drawn, and older ones are read when the end comes into view. */
export function AuditList() {
  const { audit } = useWorkspace()
  const entries = useWorkspaceStore('audit', (state) => state.entries)
  const next = useWorkspaceStore('audit', (state) => state.next)
  const hasNewer = useWorkspaceStore('audit', (state) => state.hasNewer)
  const scroller = useRef<HTMLDivElement>(null)
  const shown = useRowWindow(scroller, rowHeight, entries.length)
  const now = useNow()
  const atTop = shown.scrollTop === 0
  useEffect(() => {
    audit.getState().setAtTop(atTop)
    if (atTop && audit.getState().hasNewer) void audit.getState().load()
  }, [audit, atTop])
  const nearEnd = shown.lastVisible > entries.length - 20
  // biome-ignore lint/correctness/useExhaustiveDependencies: a page that came makes it look again
  useEffect(() => {
    if (nearEnd) void audit.getState().loadMore()
  }, [audit, nearEnd, entries.length])
  return (
    <div className={clsx(styles.frame)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section ref={scroller} className={clsx(styles.scroller)} aria-label="Entries of the audit log" tabIndex={0}>
        <ul className={clsx(styles.rows)} style={{ height: entries.length * rowHeight }}>
          {entries.slice(shown.first, shown.end).map((entry, offset) => (
            <Row
              key={entry.id}
              entry={entry}
              index={shown.first + offset}
              total={next === null ? entries.length : -1}
              now={now}
            />
          ))}
        </ul>
      </section>
      <div aria-live="polite">
        {hasNewer && !atTop && (
          <Button
            className={clsx(styles.newer)}
            onPress={() => {
              if (scroller.current !== null) scroller.current.scrollTop = 0
              void audit.getState().load()
            }}
          >
            <ArrowUp size={14} aria-hidden="true" />
            New entries
          </Button>
        )}
      </div>
    </div>
  )
}

const icons: Record<AuditGroup, typeof LogIn> = {
  sign_in: LogIn,
  account: UserRound,
  connector: FileJson,
  export: Download,
  policy: ShieldCheck,
  keys: KeyRound,
  log: ScrollText,
}

const actors: Record<AuditEntryView['actor'], string | null> = {
  agent: null,
  workstation: 'by itself',
  policy: 'by policy',
}

interface RowProps {
  entry: AuditEntryView
  index: number
  /** -1 while not all are read. */
  total: number
  now: number
}

function Row({ entry, index, total, now }: RowProps) {
  const { tone, summary, seq, at, sound, actor } = entry
  const Mark = tone === 'bad' ? TriangleAlert : icons[entry.group]
  return (
    <li
      className={clsx(styles.row, styles[tone])}
      style={{ top: index * rowHeight, height: rowHeight }}
      aria-setsize={total}
      aria-posinset={index + 1}
    >
      <span className={clsx(styles.mark)}>
        <Mark size={16} aria-hidden="true" />
      </span>
      <span className={clsx(styles.summary)} title={summary}>
        {summary}.
      </span>
      {sound === false && <Badge tone="red">Not as written</Badge>}
      {sound === null && <Badge>Cannot be verified any more</Badge>}
      {actors[actor] !== null && <span className={clsx(styles.actor)}>{actors[actor]}</span>}
      <span className={clsx(styles.number)} title={`Entry ${seq}`}>
        {seq}
      </span>
      <time className={clsx(styles.time)} dateTime={new Date(at).toISOString()} title={fullTime(at)}>
        {messageTime(at, now)}
      </time>
    </li>
  )
}
