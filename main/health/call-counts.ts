const hour = 3_600_000
export const hoursKept = 24

/** Calls per hour of one account. */
export interface CallRing {
  /** The newest hour that was written, counted from 1970. */
  hour: number
  /** Calls of each of the last 24 hours, `hour` last. */
  calls: readonly number[]
  failed: readonly number[]
  lastSuccessAt: number | null
}

export interface CallCounts {
  note(accountId: string, answer: 'good' | 'failed', now: number): void
  /** Calls of each of the last 24 hours, the present one last. */
  of(accountId: string, now: number): { calls: number[]; failed: number[]; lastSuccessAt: number | null }
  /** What there is to keep of an account; null where it never called. */
  ring(accountId: string): CallRing | null
  forget(accountId: string): void
}

const empty = () => new Array<number>(hoursKept).fill(0)

/**
 * Calls per hour of each account, for a day. A clock that is set back goes on in the newest hour.
 * @param kept what an earlier run counted, by account
 */
export function createCallCounts(kept: Iterable<readonly [string, CallRing]> = []): CallCounts {
  const rings = new Map<string, CallRing>(kept)

  const turned = (ring: CallRing, now: number): CallRing => {
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
  const ringOf = (accountId: string, now: number): CallRing =>
    turned(
      rings.get(accountId) ?? { hour: Math.floor(now / hour), calls: empty(), failed: empty(), lastSuccessAt: null },
      now,
    )
  const oneMore = (counts: readonly number[]) =>
    counts.map((count, index) => (index === hoursKept - 1 ? count + 1 : count))

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
      return { calls: [...calls], failed: [...failed], lastSuccessAt }
    },
    ring: (accountId) => rings.get(accountId) ?? null,
    forget: (accountId) => void rings.delete(accountId),
  }
}
