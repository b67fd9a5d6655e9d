import type { Audit } from '../audit/model.ts'
import type { LockEvents } from '../lock/app-lock.ts'
import type { Clock, DocumentFile, Log } from '../ports.ts'
import { openUnlockTries } from './unlock-tries.ts'

interface LockRecordOptions {
  /** The log, or null while it is closed. */
  audit(): Pick<Audit, 'record'> | null
  /** Remembers tries while the log is closed. */
  file: DocumentFile
  clock: Pick<Clock, 'now'>
  log: Log
}

export interface LockRecord {
  events: LockEvents
  /** The log was opened: what happened before is written into it, unless it is one that does not last. */
  auditOpened(audit: Pick<Audit, 'record'>, lasting: boolean): void
}

/**
 * Writes down what the app lock does. Before a cold start is unlocked the log is closed, too, because its key is behind the same
 * passphrase: a try is then remembered before it is made, taken back when it was right, and written once the log is open.
 */
export function createLockRecord({ audit, file, clock, log }: LockRecordOptions): LockRecord {
  const tries = openUnlockTries(file, log)
  let unlockedBefore = false
  return {
    events: {
      locked: (by) => audit()?.record({ kind: 'app_locked', facts: { by } }),
      trying(count) {
        if (audit() === null) tries.remember({ at: clock.now(), tries: count })
      },
      unlocked() {
        const open = audit()
        if (open !== null) return open.record({ kind: 'app_unlocked' })
        tries.takeBackLast()
        unlockedBefore = true
      },
      wrongPassphrase: (count) => audit()?.record({ kind: 'unlock_failed', facts: { tries: count } }),
      passphraseChanged: () => audit()?.record({ kind: 'passphrase_changed' }),
    },
    auditOpened(open, lasting) {
      if (!lasting) return
      const { isDamaged, remembered } = tries
      if (isDamaged()) open.record({ kind: 'log_gap', facts: { missed: 1 } })
      for (const { at, tries: count } of remembered()) {
        open.record({ kind: 'unlock_failed_at_start', facts: { tries: count, at: new Date(at).toISOString() } })
      }
      // Forgotten after they are written: a crash in between tells them twice, never not at all.
      tries.forget()
      if (unlockedBefore) open.record({ kind: 'app_unlocked' })
      unlockedBefore = false
    },
  }
}
