import { setTimeout as sleep } from 'node:timers/promises'
import type { KyInstance } from 'ky'
import { z } from 'zod'
import { AppError, isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { readByPost } from '../http.ts'
import { readAnswer } from '../read-records.ts'
import type { Document } from './documents.ts'
import { graphFault, vendorName } from './errors.ts'

/** Quarterly; each lives about a year, then calls run on the oldest one that is still supported. https://shopify.dev/docs/api/usage/versioning */
export const apiVersion = '2026-04'

export type Asker = Pick<ConnectorContext, 'http' | 'signal' | 'now'>
export type Data = Record<string, unknown>

const throttle = z.object({
  maximumAvailable: z.number(),
  currentlyAvailable: z.number(),
  restoreRate: z.number().positive(),
})
const answerSchema = z.looseObject({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.unknown()).nullish().catch(null),
  extensions: z
    .looseObject({
      cost: z
        .looseObject({ requestedQueryCost: z.number().nullish(), throttleStatus: throttle.nullish().catch(null) })
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
})
type Answer = z.infer<typeof answerSchema>

/** The leaky bucket of points that an app has at one shop, as the last answer told it, and what each document cost. */
interface Meter {
  status: z.infer<typeof throttle> | null
  at: number
  costs: Map<string, number>
}

const meters = new WeakMap<KyInstance, Meter>()
/** A longer wait is given back as `rate_limited`, so that others can plan with it. */
const longestWaitMs = 5_000

function meterOf(http: KyInstance): Meter {
  const meter = meters.get(http) ?? { status: null, at: 0, costs: new Map() }
  meters.set(http, meter)
  return meter
}

/** Milliseconds until the bucket holds enough for this document; 0 where nothing is known yet. */
function waitFor(meter: Meter, name: string, now: number): number {
  const cost = meter.costs.get(name)
  if (meter.status === null || cost === undefined) return 0
  const { maximumAvailable, currentlyAvailable, restoreRate } = meter.status
  const filled = Math.min(maximumAvailable, currentlyAvailable + (Math.max(0, now - meter.at) / 1000) * restoreRate)
  return Math.max(0, ((Math.min(cost, maximumAvailable) - filled) / restoreRate) * 1000)
}

function observe(meter: Meter, name: string, answer: Answer, now: number): void {
  const { requestedQueryCost: cost, throttleStatus: status } = answer.extensions?.cost ?? {}
  if (typeof cost === 'number') meter.costs.set(name, cost)
  if (status) Object.assign(meter, { status, at: now })
}

/**
 * Sends one document and answers its `data`. Errors come with HTTP 200: where the part that was asked for is there, it is kept; where it
 * is not, the first error is thrown. A read that is throttled for moments only is asked once more.
 * @throws AppError with `outcome`; `rate_limited` with the wait that the points need
 */
export async function ask(ctx: Asker, document: Document, variables: Data): Promise<Data> {
  try {
    return await askOnce(ctx, document, variables)
  } catch (error) {
    const soon = isAppError(error, 'rate_limited') && (error.retryAfterMs ?? longestWaitMs) < longestWaitMs
    if (document.kind === 'mutation' || !soon) throw error
    await sleep(error.retryAfterMs, undefined, { signal: ctx.signal })
    return askOnce(ctx, document, variables)
  }
}

async function askOnce(ctx: Asker, document: Document, variables: Data): Promise<Data> {
  const meter = meterOf(ctx.http)
  const wait = waitFor(meter, document.name, ctx.now())
  if (wait > longestWaitMs) throw throttled(wait)
  if (wait > 0) await sleep(wait, undefined, { signal: ctx.signal })
  const body: unknown = await ctx.http
    .post('graphql.json', {
      json: { query: document.text, operationName: document.name, variables },
      signal: ctx.signal,
      ...(document.kind === 'query' ? readByPost : {}),
    })
    .json()
  const answer = readAnswer(answerSchema, body, vendorName)
  observe(meter, document.name, answer, ctx.now())
  return dataOf(answer, waitFor(meter, document.name, ctx.now()))
}

function dataOf({ data, errors }: Answer, waitMs: number): Data {
  const faults = errors ?? []
  const present = data && Object.values(data).some((part) => part !== null)
  if (faults.length > 0 && !present) throw graphFault(faults, Math.max(1000, waitMs))
  return readAnswer(z.record(z.string(), z.unknown()), data, vendorName)
}

function throttled(waitMs: number): AppError {
  return new AppError('rate_limited', 'Shopify allows no further requests at the moment.', {
    action: 'Manydesk goes on by itself.',
    detail: `waiting ${Math.ceil(waitMs / 1000)} s for points`,
    retryAfterMs: Math.ceil(waitMs),
    outcome: 'not_sent',
  })
}
