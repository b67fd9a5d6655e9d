import type { Audit } from '../audit/model.ts'
import type { LockEvents } from '../lock/app-lock.ts'

/** Writes down what the app lock does. Before a cold start is unlocked the log is closed, too, and wrong tries are told by the lock alone. */
export function lockRecord(audit: () => Pick<Audit, 'record'> | null): LockEvents {
  return {
    locked: (by) => audit()?.record({ kind: 'app_locked', facts: { by } }),
    unlocked: () => audit()?.record({ kind: 'app_unlocked' }),
    wrongPassphrase: (tries) => audit()?.record({ kind: 'unlock_failed', facts: { tries } }),
    passphraseChanged: () => audit()?.record({ kind: 'passphrase_changed' }),
  }
}
