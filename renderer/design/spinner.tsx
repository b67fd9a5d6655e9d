import { clsx } from 'clsx'
import { useEffect, useState } from 'react'
import styles from './spinner.module.css'

/** True once `delay` ms have passed, so that what is quick never flickers. */
export function useDelayed(delay: number): boolean {
  const [passed, setPassed] = useState(delay === 0)
  useEffect(() => {
    if (delay === 0) return
    const timer = setTimeout(() => setPassed(true), delay)
    return () => clearTimeout(timer)
  }, [delay])
  return passed
}

export interface SpinnerProps {
  label: string
  /** Milliseconds before it shows; 150 unless told. */
  delay?: number
}

export function Spinner({ label, delay = 150 }: SpinnerProps) {
  const visible = useDelayed(delay)
  return visible ? <span role="img" aria-label={label} className={clsx(styles.spinner)} /> : null
}
