import { clsx } from 'clsx'
import styles from './vendor-mark.module.css'

/** A quiet tile with the vendor's first letter. Brand colours belong to brands, so a vendor has none. */
export function VendorMark({ name, size = 32 }: { name: string; size?: number }) {
  return (
    // The letter is a picture, not a word of what it stands in: it comes from the style sheet, so that no button is called "Z acme".
    <span
      aria-hidden="true"
      className={clsx(styles.mark)}
      data-letter={[...name][0]}
      style={{ width: size, height: size, fontSize: size * 0.44 }}
    />
  )
}
