const hour = 3_600_000
export const hoursKept = 24

interface Ring {
  /** The newest hour that was written, counted from 1970. */
  hour: number
  calls: number[]
  failed: number[]
  lastSuccessAt: number | null
}

export interface CallCounts {
  note(accountId: string, answer: 'good' | 'failed', now: number): void
  /** Calls of each of the last 24 hours, the present one last. */
  of(accountId: string, now: number): { calls: number[]; failed: number[]; lastSuccessAt: number | null }
  forget(accountId: string): void
}

const empty = () => new Array<number>(hoursKept).fill(0)

/** Calls per hour of each account, for a day. A clock that is set back goes on in the newest hour. */
export function createCallCounts(): CallCounts {
  const rings = new Map<string, Ring>()

  const turned = (ring: Ring, now: number): Ring => {
    const steps = Math.min(hoursKept, Math.max(0, Math.floor(now / hour) - ring.hour))
    if (steps === 0) return ring
    const zeros = new Array<number>(steps).fill(0)
    return {
      ...ring,
      hour: Math.floor(now / hour),
      calls: [...ring.calls.slice(steps), ...zeros],
      failed: [...ring.failed.slice(steps), ...zeros],
    }
  }
  const ringOf = (accountId: string, now: number): Ring =>
    turned(
      rings.get(accountId) ?? { hour: Math.floor(now / hour), calls: empty(), failed: empty(), lastSuccessAt: null },
      now,
    )
  const oneMore = (counts: number[]) => counts.map((count, index) => (index === hoursKept - 1 ? count + 1 : count))

  return {
    note(accountId, answer, now) {
      const ring = ringOf(accountId, now)
      rings.set(accountId, {
        ...ring,
        calls: oneMore(ring.calls),
        failed: answer === 'failed' ? oneMore(ring.failed) : ring.failed,
        lastSuccessAt: answer === 'good' ? now : ring.lastSuccessAt,
      })
    },
    of(accountId, now) {
      const { calls, failed, lastSuccessAt } = ringOf(accountId, now)
      return { calls, failed, lastSuccessAt }
    },
    forget: (accountId) => void rings.delete(accountId),
  }
}
