import { clsx } from 'clsx'
import { Label, ProgressBar } from 'react-aria-components'
import styles from './progress.module.css'

export interface ProgressProps {
  label: string
  /** How much is done; with `total` null the bar only says that work goes on. */
  done: number
  total: number | null
  /** Words at the right end, such as "1,204 of 3,000". */
  text?: string
  hideLabel?: boolean
}

export function Progress({ label, done, total, text, hideLabel = false }: ProgressProps) {
  const known = total !== null && total > 0
  return (
    <ProgressBar
      {...(hideLabel && { 'aria-label': label })}
      {...(text !== undefined && { valueLabel: text })}
      isIndeterminate={!known}
      value={known ? Math.min(100, (done / total) * 100) : 0}
      className={clsx(styles.progress)}
    >
      {({ percentage }) => (
        <>
          {(!hideLabel || text !== undefined) && (
            <span className={clsx(styles.words)}>
              {!hideLabel && <Label>{label}</Label>}
              <span>{text}</span>
            </span>
          )}
          <span className={clsx(styles.track)}>
            <span
              className={clsx(styles.bar, !known && styles.unknown)}
              style={{ display: 'block', ...(known && { width: `${percentage ?? 0}%` }) }}
            />
          </span>
        </>
      )}
    </ProgressBar>
  )
}
