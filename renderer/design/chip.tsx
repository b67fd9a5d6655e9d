import { clsx } from 'clsx'
import X from 'lucide-react/icons/x'
import type { ReactNode } from 'react'
import { Button } from 'react-aria-components'
import styles from './chip.module.css'

export type Tone = 'neutral' | 'red' | 'amber' | 'green' | 'blue'

/** A state in words, tinted. Give it an icon too where the tone carries meaning. */
export function Badge({ tone = 'neutral', icon, children }: { tone?: Tone; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={clsx(styles.badge, styles[tone])}>
      {icon}
      {children}
    </span>
  )
}

export interface ChipProps {
  label: string
  /** With it the chip has a button named "Remove <label>". */
  onRemove?: (() => void) | undefined
}

/** A tag or an active filter. */
export function Chip({ label, onRemove }: ChipProps) {
  return (
    <span className={clsx(styles.chip, onRemove && styles.removable)}>
      <span className={clsx(styles.chipText)} title={label}>
        {label}
      </span>
      {onRemove && (
        <Button aria-label={`Remove ${label}`} className={clsx(styles.remove)} onPress={onRemove}>
          <X size={12} />
        </Button>
      )}
    </span>
  )
}

/** A number in a pill; above 999 it says "999+". */
export function Count({ value }: { value: number }) {
  return <span className={clsx(styles.count)}>{shortCount(value)}</span>
}

export function shortCount(value: number): string {
  return value > 999 ? '999+' : String(value)
}
