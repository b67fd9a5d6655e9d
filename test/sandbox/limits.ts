/** How many calls of one kind a site takes per window. */
export interface Limit {
  /** Calls. */
  max: number
  windowMs: number
}

export interface Spent {
  ok: boolean
  max: number
  /** Calls left after this one; never below 0. */
  remaining: number
  /** Until the window starts anew. */
  resetMs: number
}

/** Fixed-window counters per site and kind of call, as vendors keep them per customer account. */
export class RateLimits {
  readonly #defaults: Record<string, Limit>
  readonly #own = new Map<string, Limit>()
  readonly #windows = new Map<string, { startedAt: number; used: number }>()

  /** Limits by kind, for example `{ 'zendesk.api': … }`. */
  constructor(defaults: Record<string, Limit>) {
    this.#defaults = defaults
  }

  /** Overrides one kind at one site; null puts the default back. */
  set(site: string, kind: string, limit: Limit | null): void {
    const key = `${site}\n${kind}`
    if (limit) this.#own.set(key, limit)
    else this.#own.delete(key)
    this.#windows.delete(key)
  }

  /** Takes `cost` calls from the budget. A refused call costs nothing more, and finds an empty budget. */
  spend(site: string, kind: string, cost = 1): Spent {
    const key = `${site}\n${kind}`
    const limit = this.#own.get(key) ?? this.#defaults[kind]
    if (!limit) throw new Error(`no limit is known for ${kind}`)
    const now = Date.now()
    const open = this.#windows.get(key)
    const window = open && now - open.startedAt < limit.windowMs ? open : { startedAt: now, used: 0 }
    this.#windows.set(key, window)
    const ok = window.used + cost <= limit.max
    window.used = ok ? window.used + cost : limit.max
    return { ok, max: limit.max, remaining: limit.max - window.used, resetMs: window.startedAt + limit.windowMs - now }
  }
}
