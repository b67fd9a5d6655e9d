import { clsx } from 'clsx'
import Check from 'lucide-react/icons/check'
import type { VendorView } from '../../preload/contract.ts'
import { ManagedNote } from '../policy/managed.tsx'
import styles from './client-step.module.css'

/** What the person will be asked to allow: plain words first, the vendor's own name of it below. */
export function ScopeList({ scopes, withheld }: { scopes: VendorView['scopes']; withheld: string | null }) {
  if (scopes.length === 0) return null
  return (
    <section className={clsx(styles.card)} aria-labelledby="scopes-title">
      <h3 id="scopes-title">You will be asked to allow</h3>
      <ul className={clsx(styles.scopes)}>
        {scopes.map((scope) => (
          <li key={scope.id}>
            <Check size={16} aria-hidden="true" />
            <span>
              {scope.reason}
              {scope.optional && <span className={clsx(styles.tag)}>optional</span>}
              <code>{scope.id}</code>
            </span>
          </li>
        ))}
      </ul>
      {withheld !== null && <ManagedNote reason={withheld} />}
    </section>
  )
}
