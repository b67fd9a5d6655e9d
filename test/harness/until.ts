import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks `read` until it answers something other than null, undefined or false.
 * @throws Error that names what was waited for, after `limitMs`
 */
export async function until<T>(
  what: string,
  read: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  limitMs = 30_000,
): Promise<T> {
  const end = performance.now() + limitMs
  for (;;) {
    const answer = await read()
    if (answer !== null && answer !== undefined && answer !== false) return answer
    if (performance.now() > end) throw new Error(`Waited ${limitMs} ms for ${what}`)
    await sleep(50)
  }
}

/** The same promise, but it rejects after `limitMs` when nothing came, naming what was waited for. */
export async function within<T>(what: string, limitMs: number, promise: Promise<T>): Promise<T> {
  const timer = new AbortController()
  const tooLate = sleep(limitMs, undefined, { signal: timer.signal }).then(
    () => Promise.reject(new Error(`Waited ${limitMs} ms for ${what}`)),
    // Stopped in time: the race is over and nobody looks at this end of it.
    () => new Promise<never>(() => undefined),
  )
  try {
    return await Promise.race([promise, tooLate])
  } finally {
    timer.abort()
  }
}
