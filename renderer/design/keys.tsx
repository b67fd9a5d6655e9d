import { clsx } from 'clsx'
import styles from './keys.module.css'

const isMac = typeof navigator !== 'undefined' && /mac/i.test(navigator.userAgent)

const macNames: Record<string, string> = { Mod: '⌘', Alt: '⌥', Shift: '⇧', Enter: '↩' }
const otherNames: Record<string, string> = { Mod: 'Ctrl', Enter: 'Enter' }

/** The word or sign for one key on this platform. */
function keyName(key: string): string {
  return (isMac ? macNames : otherNames)[key] ?? key
}

/** A shortcut such as `Mod+Enter` or `G A` (two keys one after the other), as small key caps. */
export function Keys({ keys }: { keys: string }) {
  const parts = keys.split(/[+ ]/)
  return (
    <span className={clsx(styles.keys)}>
      {parts.map((key) => (
        <kbd key={key} className={clsx(styles.key)}>
          {keyName(key)}
        </kbd>
      ))}
    </span>
  )
}
