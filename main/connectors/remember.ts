import type { KyInstance } from 'ky'
import type { ConnectorContext } from './connector.ts'

/**
 * Keeps a small list of an account (status labels, pipelines, agents) for a while, so that not every page asks for it again.
 * It lives as long as the account's HTTP client. A failed load is not kept.
 */
export function remembered<T, C extends Pick<ConnectorContext, 'http' | 'signal'>>(
  lifeMs: number,
  load: (ctx: C) => Promise<T>,
) {
  const kept = new WeakMap<KyInstance, { until: number; value: T }>()
  return async (ctx: C & Pick<ConnectorContext, 'now'>): Promise<T> => {
    const found = kept.get(ctx.http)
    if (found !== undefined && found.until > ctx.now()) return found.value
    const value = await load(ctx)
    kept.set(ctx.http, { until: ctx.now() + lifeMs, value })
    return value
  }
}
