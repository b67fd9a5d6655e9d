import { clsx } from 'clsx'
import styles from './avatar.module.css'

/** Initials of a person; neutral, because colours belong to brands. `accent` marks the agents' side. */
export function Avatar({
  name,
  size = 28,
  tone = 'neutral',
}: {
  name: string
  size?: number
  tone?: 'neutral' | 'accent'
}) {
  return (
    <span
      aria-hidden="true"
      // Drawn by the style sheet: as text it would be read as part of the name of the control around it.
      data-initials={initials(name)}
      className={clsx(styles.avatar, tone === 'accent' && styles.accent)}
      style={{ width: size, height: size, fontSize: Math.round(size * 0.39) }}
    />
  )
}

const words = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** A word without the quotation mark or bracket before it. */
const withoutMark = (word: string) => word.replace(/^[^\p{L}\p{N}]/u, '')

/** One or two letters: first and last word of a name, first letter of an address. */
export function initials(name: string): string {
  const parts = name
    .replace(/@.*$/, '')
    .split(/[\s._-]+/)
    .filter((part) => part !== '')
  // Pictures in a name are no initials as long as there are words enough.
  const lettered = parts.filter((part) => /^[^\p{L}\p{N}]?[\p{L}\p{N}]/u.test(part)).map(withoutMark)
  const named = lettered.length > 1 ? lettered : parts
  const picked = named.length > 1 ? [named[0], named.at(-1)] : named.slice(0, 1)
  const letters = picked.map((part) => [...words.segment(part ?? '')][0]?.segment ?? '')
  return letters.join('').toUpperCase() || '?'
}
