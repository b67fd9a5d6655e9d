import type { AppLock } from '../lock/app-lock.ts'
import type { Log } from '../ports.ts'
import { endSignIns } from './follow-policy.ts'
import type { Services } from './services.ts'
import type { Startup } from './startup.ts'

const lockIntervalMs = 5000

interface Machine {
  idleSeconds(): number
  onScreenLock(listener: () => void): void
  onSuspend(listener: () => void): void
  onResume(listener: () => void): void
  renewWindow(): void
}

interface LockParts {
  lock: AppLock
  machine: Machine
  startup: Pick<Startup<Services>, 'peek'>
  changed(view: ReturnType<AppLock['view']>): void
  /** The icon beside the clock tells nothing while the app is locked. */
  silenceTray(): void
  updateTray(): void
  log: Log
}

/** The lock follows idle time, the system's own lock and sleep. Whenever it closes or opens the window begins anew. */
export function followLock({ lock, machine, startup, changed, silenceTray, updateTray, log }: LockParts): void {
  let closed = lock.isClosed()
  lock.onChange((view) => {
    changed(view)
    if (closed === lock.isClosed()) return
    closed = lock.isClosed()
    const services = startup.peek()
    // A sign-in window shows whose account it is.
    if (closed && services !== null) endSignIns({ handshakes: services.handshakes, log })
    if (closed) silenceTray()
    else updateTray()
    // Before anything was opened there is nothing in it to be taken away.
    if (startup.peek() !== null) machine.renewWindow()
  })
  setInterval(() => lock.noteIdle(machine.idleSeconds()), lockIntervalMs).unref()
  machine.onScreenLock(lock.noteSystemLocked)
  machine.onSuspend(lock.noteSystemLocked)
  machine.onResume(lock.noteSystemLocked)
}
