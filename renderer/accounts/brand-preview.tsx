import { clsx } from 'clsx'
import { BrandTile } from '../design/brand-tile.tsx'
import { useBrandColors } from '../design/theme.tsx'
import type { BrandForm } from '../state/brand-form.ts'
import styles from './brand-preview.module.css'

/** The brand where agents will see it: on the rail, in the list, and around the answer they write. */
export function BrandPreview({ form }: { form: BrandForm }) {
  const { fill, text } = useBrandColors(form.color)
  const name = form.name.trim() === '' ? 'Your brand' : form.name.trim()
  const replyName = form.replyName.trim() === '' ? name : form.replyName.trim()
  const brand = { color: form.color, monogram: form.monogram.trim() === '' ? '?' : form.monogram.trim() }
  return (
    <aside className={clsx(styles.preview)} aria-label="Preview">
      <div className={clsx(styles.rail)}>
        <BrandTile brand={brand} size={36} />
        <span className={clsx(styles.name)}>{name}</span>
      </div>
      <div className={clsx(styles.row)}>
        <span className={clsx(styles.bar)} style={{ background: fill }} />
        <span className={clsx(styles.who)}>Sofia Marek</span>
        <time className={clsx(styles.time)}>2 min</time>
        <span className={clsx(styles.subject)}>Where is my parcel?</span>
      </div>
      <div className={clsx(styles.answer)} style={{ borderColor: fill }}>
        <p className={clsx(styles.as)} style={{ color: text }}>
          {`Replying as ${replyName}`}
        </p>
        {form.replyAddress.trim() !== '' && <p className={clsx(styles.from)}>{form.replyAddress}</p>}
        <p className={clsx(styles.typed)}>Hi Sofia, it is on its way and should reach you tomorrow.</p>
        {form.signature.trim() !== '' && <p className={clsx(styles.signature)}>{form.signature}</p>}
      </div>
      <p className={clsx(styles.note)}>The shade is adjusted a little for each theme so that it stays readable.</p>
    </aside>
  )
}
