/** A pause that can be ended early. */
export interface Pause {
  for(ms: number): Promise<void>
  /** Ends the present pause, or the next one if none is running, so that a wake-up is never lost. */
  end(): void
}

/** Longer timers fire at once: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const longestTimerMs = 2 ** 31 - 1

export function createPause(signal: AbortSignal): Pause {
  let endPresent: (() => void) | null = null
  let pending = false
  return {
    for(ms) {
      if (pending || signal.aborted) {
        pending = false
        return Promise.resolve()
      }
      return new Promise((resolve) => {
        const finish = () => {
          clearTimeout(timer)
          endPresent = null
          resolve()
        }
        // Unref: the timer alone must not keep a quitting app alive. An endless pause has none.
        const timer = Number.isFinite(ms) ? setTimeout(finish, Math.min(ms, longestTimerMs)).unref() : undefined
        endPresent = finish
      })
    },
    end() {
      if (endPresent) endPresent()
      else pending = true
    },
  }
}
