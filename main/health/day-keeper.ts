import type { Clock } from '../ports.ts'
import type { AccountDay, DayFile } from './day-file.ts'

/** What is counted is kept this often, and at the end: an app that is killed loses at most so much of it. */
const keepEveryMs = 10 * 60_000

interface DayKeeper {
  /** Something was counted: kept now where the last time is long ago. */
  changed(): void
  keep(): void
}

/** Decides when what the day showed is written. A write that fails is tried again with the next; nothing else depends on it. */
export function createDayKeeper(
  file: Pick<DayFile, 'save'>,
  clock: Pick<Clock, 'monotonic'>,
  days: () => (readonly [string, AccountDay])[],
): DayKeeper {
  let keptAt = clock.monotonic()
  const keep = () => {
    keptAt = clock.monotonic()
    try {
      file.save(new Map(days().filter(([, { ring, lastError }]) => ring !== null || lastError !== null)))
    } catch {
      // A full disk is told by what matters more than a count.
    }
  }
  return {
    keep,
    changed() {
      if (clock.monotonic() - keptAt >= keepEveryMs) keep()
    },
  }
}
