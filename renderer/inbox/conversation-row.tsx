import { clsx } from 'clsx'
import CircleAlert from 'lucide-react/icons/circle-alert'
import PencilLine from 'lucide-react/icons/pencil-line'
import Send from 'lucide-react/icons/send'
import { memo } from 'react'
import type { BrandView, ConversationRow } from '../../preload/contract.ts'
import { useBrandColors } from '../design/theme.tsx'
import styles from './conversation-row.module.css'
import { StatusMark, statusNames } from './status-mark.tsx'
import { dueWords, fullTime, shortTime } from './time-words.ts'

export const rowHeight = 60

export interface RowProps {
  row: ConversationRow
  brand: BrandView | undefined
  isSelected: boolean
  /** Place in the list, from 0. */
  index: number
  /** How many rows are loaded, or -1 while there may be more. */
  total: number
  now: number
  onOpen: (id: string) => void
}

export function rowDomId(id: string): string {
  return `conversation-${id}`
}

/** One conversation in the list: who, when, what, whose, and what it waits for. */
export const Row = memo(function Row({ row, brand, isSelected, index, total, now, onOpen }: RowProps) {
  const colors = useBrandColors(brand?.color ?? '#6e727d')
  const due = row.dueAt === null ? null : dueWords(row.dueAt, now)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the list, which holds the focus
    <div
      role="option"
      id={rowDomId(row.id)}
      tabIndex={-1}
      aria-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={total}
      className={clsx(styles.row, isSelected && styles.selected, row.unread && styles.unread)}
      style={{ top: index * rowHeight }}
      onClick={() => onOpen(row.id)}
    >
      <span
        className={clsx(styles.bar, brand === undefined && styles.noBrand)}
        style={brand === undefined ? {} : { background: colors.fill }}
      />
      {row.unread && <span className={clsx(styles.dot)} />}
      <span className={clsx(styles.line)}>
        <span className={clsx(styles.customer)}>{row.customerName || row.customerEmail || 'Unknown customer'}</span>{' '}
        <Flags row={row} />{' '}
        <time className={clsx(styles.time)} title={fullTime(row.updatedAt)}>
          {shortTime(row.updatedAt, now)}
        </time>{' '}
      </span>
      <span className={clsx(styles.line)}>
        <span className={clsx(styles.text)}>
          <span className={clsx(styles.subject)}>{row.subject || 'No subject'}</span>
          {row.preview !== '' && `  ${row.preview}`}
        </span>{' '}
        {due !== null && row.status !== 'solved' && row.status !== 'closed' && (
          <span className={clsx(styles.due, styles[due.state])}>{due.text}</span>
        )}
        <StatusMark status={row.status} />
      </span>
      <span className={clsx(styles.unseen)}>{unseenWords(row, brand)}</span>
    </div>
  )
})

function Flags({ row }: { row: ConversationRow }) {
  if (row.failed) {
    return (
      <span className={clsx(styles.flag, styles.failed)}>
        <CircleAlert size={12} />
        Not sent
      </span>
    )
  }
  if (row.sending) {
    return (
      <span className={clsx(styles.flag, styles.sending)}>
        <Send size={12} />
        Sending
      </span>
    )
  }
  if (!row.hasDraft) return null
  return (
    <span className={clsx(styles.flag, styles.draft)}>
      <PencilLine size={12} />
      Draft
    </span>
  )
}

/** What colour and shape say, for those who listen: ends the row's name, which begins with customer and subject. */
function unseenWords(row: ConversationRow, brand: BrandView | undefined): string {
  const words = [row.unread ? 'unread' : null, brand?.name ?? 'no brand', statusNames[row.status]]
  return `, ${words.filter((word) => word !== null).join(', ')}`
}
