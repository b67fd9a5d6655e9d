import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import styles from './empty-state.module.css'

export interface EmptyStateProps {
  icon?: ReactNode
  title: string
  /** Teaches the next step. */
  children?: ReactNode
  actions?: ReactNode
}

export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className={clsx(styles.empty)}>
      {icon !== undefined && (
        <span className={clsx(styles.icon)} aria-hidden="true">
          {icon}
        </span>
      )}
      <h2>{title}</h2>
      {children !== undefined && <div className={clsx(styles.text)}>{children}</div>}
      {actions !== undefined && <div className={clsx(styles.actions)}>{actions}</div>}
    </div>
  )
}
