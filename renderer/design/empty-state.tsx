import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import styles from './empty-state.module.css'

export interface EmptyStateProps {
  icon?: ReactNode
  title: string
  /** Teaches the next step. */
  children?: ReactNode
  actions?: ReactNode
  /** 1 where it stands for the whole screen. */
  level?: 1 | 2
}

export function EmptyState({ icon, title, children, actions, level = 2 }: EmptyStateProps) {
  const Heading = level === 1 ? 'h1' : 'h2'
  return (
    <div className={clsx(styles.empty)}>
      {icon !== undefined && (
        <span className={clsx(styles.icon)} aria-hidden="true">
          {icon}
        </span>
      )}
      <Heading className={clsx(styles.title)}>{title}</Heading>
      {children !== undefined && <div className={clsx(styles.text)}>{children}</div>}
      {actions !== undefined && <div className={clsx(styles.actions)}>{actions}</div>}
    </div>
  )
}
