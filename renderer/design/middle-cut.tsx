import { clsx } from 'clsx'
import styles from './middle-cut.module.css'

interface MiddleCutProps {
  text: string
  className?: string | undefined
  /** Up to so many characters the end may go: both halves would be too short to say anything. */
  longerThan?: number
}

/**
 * An address or id that loses its middle when there is no room: both ends tell it apart. In full in its tooltip
 * and for screen readers.
 */
export function MiddleCut({ text, className, longerThan = 24 }: MiddleCutProps) {
  if (text.length <= longerThan) {
    return (
      <span className={clsx(styles.short, className)} title={text}>
        {text}
      </span>
    )
  }
  const tail = Math.min(Math.floor(text.length / 2), Math.round(longerThan * 0.6))
  return (
    <span className={clsx(styles.cut, className)} title={text}>
      <span className={clsx(styles.whole)}>{text}</span>
      <span className={clsx(styles.start)} aria-hidden="true">
        {text.slice(0, text.length - tail)}
      </span>
      <span aria-hidden="true">{text.slice(text.length - tail)}</span>
    </span>
  )
}
