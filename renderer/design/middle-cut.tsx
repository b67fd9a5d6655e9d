import { clsx } from 'clsx'
import styles from './middle-cut.module.css'

/**
 * An address or id that loses its middle when there is no room: both ends tell it apart. In full in its tooltip
 * and for screen readers.
 */
export function MiddleCut({ text, className }: { text: string; className?: string | undefined }) {
  if (text.length <= 24) {
    return (
      <span className={clsx(styles.short, className)} title={text}>
        {text}
      </span>
    )
  }
  const tail = Math.min(Math.floor(text.length / 2), 14)
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
