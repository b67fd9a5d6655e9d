import type { RateRules } from '../connector.ts'

/**
 * `X-RateLimit-Total` and `-Remaining` of every answer: credits of the whole site per minute, written like `200` or `200.0`. Some calls cost more
 * than one (`include`), which the remaining number shows.
 */
export const readLimits: RateRules['read'] = (headers) => {
  const remaining = Number.parseFloat(headers.get('x-ratelimit-remaining') ?? '')
  const limit = Number.parseFloat(headers.get('x-ratelimit-total') ?? '')
  if (!Number.isFinite(remaining)) return null
  return { remaining, limit: Number.isFinite(limit) ? limit : null, resetMs: null }
}
