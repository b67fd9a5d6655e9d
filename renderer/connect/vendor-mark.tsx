import { clsx } from 'clsx'
import styles from './vendor-mark.module.css'

/** A quiet tile with the vendor's first letter. Brand colours belong to brands, so a vendor has none. */
export function VendorMark({ name, size = 32 }: { name: string; size?: number }) {
  return (
    <span aria-hidden="true" className={clsx(styles.mark)} style={{ width: size, height: size, fontSize: size * 0.44 }}>
      {[...name][0]}
    </span>
  )
}
