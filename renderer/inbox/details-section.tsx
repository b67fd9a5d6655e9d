import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import styles from './details-pane.module.css'

/** One group of facts beside a conversation. */
export function Section({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <section aria-label={heading} className={clsx(styles.section)}>
      <h2 className={clsx(styles.heading)}>{heading}</h2>
      {children}
    </section>
  )
}
