import { clsx } from 'clsx'
import Archive from 'lucide-react/icons/archive'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleDot from 'lucide-react/icons/circle-dot'
import CirclePause from 'lucide-react/icons/circle-pause'
import CirclePlus from 'lucide-react/icons/circle-plus'
import Clock from 'lucide-react/icons/clock'
import type { ConversationStatus, Priority } from '../../preload/contract.ts'
import styles from './status-mark.module.css'

const marks = {
  new: CirclePlus,
  open: CircleDot,
  pending: Clock,
  on_hold: CirclePause,
  solved: CircleCheck,
  closed: Archive,
} as const

export const statusNames: Record<ConversationStatus, string> = {
  new: 'New',
  open: 'Open',
  pending: 'Pending',
  on_hold: 'On hold',
  solved: 'Solved',
  closed: 'Closed',
}

export const priorityNames: Record<Priority, string> = { low: 'Low', normal: 'Normal', high: 'High', urgent: 'Urgent' }

/** A status by shape and colour. Decoration: its name stands beside it or in the row's name. */
export function StatusMark({ status, size = 14 }: { status: ConversationStatus; size?: number }) {
  const Mark = marks[status]
  return <Mark size={size} aria-hidden="true" className={clsx(styles[status])} />
}
