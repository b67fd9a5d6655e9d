import type { Clock } from '../ports.ts'

export interface ClockSkew {
  /** One answer of a server. `sentAt` and `receivedAt` are this computer's epoch milliseconds around the exchange. */
  note(host: string, headers: Headers, sentAt: number, receivedAt: number): void
  /** How far this computer's clock is ahead of the servers', in milliseconds; null while none has told. */
  aheadMs(): number | null
}

/** A slow answer says little about when its date was written. */
const longestExchangeMs = 60_000
/** `Date` counts whole seconds (RFC 9110 6.6.1): it was written within this time after what it says. */
const resolutionMs = 1000
/** A host is believed for this long, and not at all across a jump of the wall clock against the steady one: a sleep, or a clock that was set. */
const believed = { forMs: 6 * 3_600_000, acrossMs: 30_000 }

interface Measured {
  aheadMs: number
  at: number
  /** Wall clock minus steady clock at that time. */
  between: number
}

/**
 * Measures this computer's clock against the `Date` headers of the servers it talks to anyway. One server with a wrong clock is outvoted: the
 * median of the hosts counts.
 */
export function createClockSkew(clock: Clock): ClockSkew {
  const byHost = new Map<string, Measured>()
  const between = () => clock.now() - clock.monotonic()
  const isBelieved = (measured: Measured) =>
    clock.monotonic() - measured.at < believed.forMs && Math.abs(between() - measured.between) < believed.acrossMs

  return {
    note(host, headers, sentAt, receivedAt) {
      const date = Date.parse(headers.get('date') ?? '')
      // A copy from a cache carries the date of when it was made.
      const cached = Number(headers.get('age') ?? 0) > 0
      if (Number.isNaN(date) || cached || receivedAt < sentAt || receivedAt - sentAt > longestExchangeMs) return
      const aheadMs = (sentAt + receivedAt) / 2 - (date + resolutionMs / 2)
      byHost.set(host, { aheadMs, at: clock.monotonic(), between: between() })
    },
    aheadMs() {
      const told = [...byHost.values()].filter(isBelieved).map((measured) => measured.aheadMs)
      if (told.length === 0) return null
      told.sort((a, b) => a - b)
      const lower = told[Math.floor((told.length - 1) / 2)] ?? 0
      const upper = told[Math.floor(told.length / 2)] ?? 0
      return Math.round((lower + upper) / 2)
    },
  }
}
