import type { FetchPort } from '../../../main/ports.ts'
import { day, hour, minute } from './facts.ts'

/** How a vendor ends sign-ins. Lengths in milliseconds. */
export interface VendorRules {
  accessMs: number
  /** False: it gives no refresh token. */
  refreshes: boolean
  rotates: boolean
  /** How long a refresh token is taken. */
  refreshMs: number
  /** It tells that length in its answers. */
  tells: boolean
  /** The secret of the client is refused from then on. */
  secretEnds?: number
}

export const wellBehaved: VendorRules = {
  accessMs: 4 * hour,
  refreshes: true,
  rotates: true,
  refreshMs: 90 * day,
  tells: true,
}

/**
 * Token endpoints of several vendors on a simulated clock, one account each. A refresh token is `<vendor>/<issued at>`, so that the endpoint
 * itself remembers nothing. The network fails by `isDown`.
 */
export function tokenEndpoints(rules: Record<string, VendorRules>, isDown: (now: number) => boolean): FetchPort {
  return async (url, init) => {
    const now = Date.now()
    if (isDown(now))
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })
    const vendor = new URL(url instanceof Request ? url.url : url).host.split('.')[0] ?? ''
    const its = rules[vendor]
    if (its === undefined) throw new Error(`no rules for ${vendor}`)
    const token = new URLSearchParams(String(init?.body)).get('refresh_token') ?? ''
    const issued = Number(token.split('/')[1])
    const answer = (status: number, body: object) =>
      Response.json(body, { status, headers: { date: new Date(now).toUTCString() } })
    if (its.secretEnds !== undefined && now >= its.secretEnds) return answer(401, { error: 'invalid_client' })
    if (now >= issued + its.refreshMs) return answer(400, { error: 'invalid_grant' })
    return answer(200, {
      access_token: `${vendor} ${now}`,
      token_type: 'bearer',
      expires_in: its.accessMs / 1000,
      ...(its.rotates && { refresh_token: `${vendor}/${now}` }),
      ...(its.rotates && its.tells && { refresh_token_expires_in: its.refreshMs / 1000 }),
    })
  }
}

/** The network fails for 3 to 20 minutes about once a day, on the same minutes in each run. */
export function blips(now: number): boolean {
  const today = Math.floor(now / day)
  const begins = today * day + ((today * 7919) % 1400) * minute
  const lasts = (3 + ((today * 31) % 18)) * minute
  return now >= begins && now < begins + lasts
}
