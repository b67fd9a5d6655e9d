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

/** One or two letters: first and last word of a name, first letter of an address. */
export function initials(name: string): string {
  const parts = name
    .replace(/@.*$/, '')
    .split(/[\s._-]+/)
    .filter((part) => part !== '')
  const picked = parts.length > 1 ? [parts[0], parts.at(-1)] : parts.slice(0, 1)
  const letters = picked.map((part) => [...words.segment(part ?? '')][0]?.segment ?? '')
  return letters.join('').toUpperCase() || '?'
}
