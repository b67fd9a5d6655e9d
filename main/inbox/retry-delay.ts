/** Milliseconds to wait before a failed call is tried again. */
const baseMs = 1_000
const capMs = 5 * 60_000
const breakerAfter = 5
const breakerMinMs = 30_000
const breakerMaxMs = 10 * 60_000
const retryAfterCapMs = 60 * 60_000

/**
 * Full-jitter exponential backoff; from the fifth failure in a row the breaker holds at least 30 seconds and at most 10 minutes. What the
 * vendor asked for is obeyed, up to an hour, with a little spread so that many accounts do not come back in the same instant.
 * @param failures how often it failed in a row, from 1
 * @param random a number in [0, 1)
 */
export function retryDelayMs(failures: number, retryAfterMs: number | undefined, random: number): number {
  if (retryAfterMs !== undefined)
    return Math.ceil(Math.min(Math.max(retryAfterMs, 0), retryAfterCapMs) + random * baseMs)
  const ceiling = baseMs * 2 ** Math.min(failures, 20)
  if (failures < breakerAfter) return Math.ceil(random * Math.min(ceiling, capMs))
  const open = Math.min(Math.max(ceiling, breakerMinMs), breakerMaxMs)
  return Math.ceil(breakerMinMs + random * (open - breakerMinMs))
}
