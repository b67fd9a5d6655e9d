import { clsx } from 'clsx'
import styles from './health-dot.module.css'

/** Shape and colour differ, so that neither alone carries the meaning: disc, ring, triangle, diamond, two bars. */
export type Health = 'good' | 'working' | 'waiting' | 'bad' | 'paused'

export function HealthDot({ health, label }: { health: Health; label?: string }) {
  return (
    <span
      className={clsx(styles.dot, styles[health])}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  )
}
