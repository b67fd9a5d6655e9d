import { clsx } from 'clsx'
import Building2 from 'lucide-react/icons/building-2'
import { type ReactNode, useId } from 'react'
import { Button } from '../design/button.tsx'
import { usePolicy, useWorkspace } from '../workspace.tsx'
import styles from './managed.module.css'

/** As the reason is said everywhere. */
export const managedWords = (reason: string): string => `Managed by your organisation. ${reason}`

/** Why something is not possible here, to be read where it would have been. */
export function ManagedNote({ id, reason }: { id?: string; reason: string }) {
  return (
    <span id={id} className={clsx(styles.note)}>
      <Building2 size={14} aria-hidden="true" />
      <span>{managedWords(reason)}</span>
    </span>
  )
}

/** Why the app lock is as it is: what holds, and the organisation's own words for it. */
export function ManagedLock({ children }: { children: string }) {
  const reason = usePolicy((state) => state.policy?.appLock?.reason ?? null)
  return <ManagedNote reason={reason === null ? children : `${children} ${reason}`} />
}

/**
 * A button that does nothing, says so, and stays within reach of keyboard and screen reader, which a disabled one is not.
 * @param noteId id of a `ManagedNote` elsewhere; without it the note stands beside the button
 */
export function ManagedButton({ children, reason, noteId }: { children: ReactNode; reason: string; noteId?: string }) {
  const ownId = useId()
  return (
    <span className={clsx(styles.with)}>
      <button
        type="button"
        aria-disabled="true"
        aria-describedby={noteId ?? ownId}
        title={managedWords(reason)}
        className={clsx(styles.button)}
      >
        {children}
      </button>
      {noteId === undefined && <ManagedNote id={ownId} reason={reason} />}
    </span>
  )
}

/** One line that says who decides here, with the way to the rules. */
export function ManagedLine({ children }: { children: ReactNode }) {
  const { policy } = useWorkspace()
  return (
    <p className={clsx(styles.line)}>
      <Building2 size={16} aria-hidden="true" />
      <span>{children}</span>
      <Button variant="link" onPress={() => policy.getState().showRules(true)}>
        Show the rules
      </Button>
    </p>
  )
}
