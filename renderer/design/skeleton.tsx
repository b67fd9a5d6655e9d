import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import styles from './skeleton.module.css'
import { useDelayed } from './spinner.tsx'

/** One grey bar in the shape of what comes. Put several inside of `SkeletonGroup`. */
export function Skeleton({ width = '100%', height = 12 }: { width?: number | string; height?: number }) {
  return <span aria-hidden="true" className={clsx(styles.skeleton)} style={{ width, height }} />
}

/** Shows its shapes only after 150 ms and names the wait for screen readers. */
export function SkeletonGroup({ label, children }: { label: string; children: ReactNode }) {
  const visible = useDelayed(150)
  return (
    <div role="status" aria-label={label}>
      {visible && children}
    </div>
  )
}
