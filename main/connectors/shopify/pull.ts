import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { readCursorText } from '../cursor-text.ts'
import type { Page, Quarantined } from '../model.ts'
import { readAnswer } from '../read-records.ts'
import { orInstead } from '../where-allowed.ts'
import { readDisputes, withDisputeDetails } from './disputes.ts'
import { documents } from './documents.ts'
import { vendorName } from './errors.ts'
import { ask, type Data } from './graph.ts'
import { isQuery, lateAfterMs, type Order } from './order.ts'
import { findRecords, orderKind, ordersPart, readOrders } from './read.ts'

/**
 * Four ways of reading, because a list by `updated_at` does not tell everything:
 * 1. `newest`: all orders by falling `updated_at`. What changes meanwhile moves to the part already read, and is found again by 2.
 * 2. `recent`: what changed since the watermark, by rising `updated_at`. The watermark is the vendor's own newest time, so that no
 *    clock of ours decides what is skipped.
 * 3. `late`: an order becomes late by time passing, which changes nothing in it. So the orders that have passed the limit since the
 *    last look are read by their creation.
 * 4. `disputes`: a bank opens and decides disputes, and nothing documented says that the order changes with it.
 * Orders that are no queries (any more) are told as removed: the reading itself remembers nothing of them.
 */
const cursorSchema = z.object({
  phase: z.enum(['newest', 'recent', 'late', 'disputes']),
  after: z.string().nullable(),
  /** Newest `updated_at` known to be read completely, milliseconds. */
  since: z.number(),
  /** Largest `updated_at` seen in the running round. */
  seen: z.number(),
  /** Until when (our clock) lateness was judged. */
  judgedAt: z.number(),
  checkedAt: z.number(),
})
type Cursor = z.infer<typeof cursorSchema>

/** Searches are answered from an index that lags by seconds: read this much again every time. */
const overlapMs = 120_000
const checkEveryMs = 15 * 60_000
/** See `documents.ts` for what a page costs. */
const pageSize = 15

const begin = (now: number): Cursor => ({
  phase: 'newest',
  after: null,
  since: 0,
  seen: 0,
  judgedAt: now,
  checkedAt: 0,
})

/** The next page: see the four ways above. A damaged cursor starts over, which is harmless. */
export async function pull(ctx: ConnectorContext, text: string | null): Promise<Page> {
  const cursor = readCursorText(cursorSchema, text, begin(ctx.now()))
  if (cursor.phase === 'disputes') return pullDisputes(ctx, cursor)
  try {
    return await pullOrders(ctx, cursor)
  } catch (error) {
    // A page cursor may have died while the app was closed: begin this round again.
    if (cursor.after === null || !isAppError(error, 'vendor_rejected')) throw error
    return pullOrders(ctx, { ...cursor, after: null })
  }
}

const iso = (ms: number) => new Date(ms).toISOString()

function selection(cursor: Cursor, now: number): Data {
  switch (cursor.phase) {
    case 'recent':
      return {
        query: `updated_at:>='${iso(Math.max(0, cursor.since - overlapMs))}'`,
        sortKey: 'UPDATED_AT',
        reverse: false,
      }
    case 'late': {
      const [from, until] = [cursor.judgedAt - lateAfterMs - overlapMs, now - lateAfterMs].map(iso)
      return {
        query: `status:open created_at:>='${from}' created_at:<='${until}'`,
        sortKey: 'CREATED_AT',
        reverse: false,
      }
    }
    default:
      return { query: null, sortKey: 'UPDATED_AT', reverse: true }
  }
}

const listAnswer = z.looseObject({
  orders: z.looseObject({
    nodes: z.array(z.unknown()),
    pageInfo: z.looseObject({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
  }),
})

async function pullOrders(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const now = ctx.now()
  const data = await ask(ctx, documents.orders, { first: pageSize, after: cursor.after, ...selection(cursor, now) })
  const { pageInfo } = readAnswer(listAnswer, data, vendorName).orders
  const { orders, quarantined } = readOrders(findRecords(data, orderKind))
  const page = toPage(ctx, await withDisputeDetails(ctx, orders), quarantined)
  const seen = Math.max(cursor.seen, ...orders.map((order) => order.updatedAt))
  const after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null
  if (after !== null) return finish(page, { ...cursor, seen, after }, true)
  return endOfRound(page, { ...cursor, seen, after: null }, now)
}

/** A round is complete: move the watermark, and see what is due. The newest orders come before the checks, the checks before the pause. */
function endOfRound(page: Page, cursor: Cursor, now: number): Page {
  if (cursor.phase === 'late') return finish(page, { ...cursor, phase: 'disputes', judgedAt: now }, true)
  const since = Math.max(cursor.since, cursor.seen)
  const next: Cursor = { ...cursor, phase: 'recent', since, seen: since }
  if (cursor.phase === 'newest') return finish(page, next, true)
  const due = Math.abs(now - cursor.checkedAt) >= checkEveryMs
  return due ? finish(page, { ...next, phase: 'late' }, true) : finish(page, next, false)
}

/** The newest disputes with their orders; those of before changed with a look into the order at the latest. */
async function pullDisputes(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const next: Cursor = { ...cursor, phase: 'recent', after: null, checkedAt: ctx.now() }
  const none: Data = { disputes: { nodes: [] } }
  const { orders, quarantined } = readDisputes(
    await orInstead(ask(ctx, documents.disputes, { first: pageSize }), none, 'vendor_forbidden'),
  )
  return finish(toPage(ctx, orders, quarantined), next, false)
}

function toPage(ctx: ConnectorContext, orders: Order[], quarantined: Quarantined[]): Page {
  const now = ctx.now()
  const queries = orders.filter((order) => isQuery(order, now))
  const removedVendorIds = orders.filter((order) => !queries.includes(order)).map((order) => order.id)
  const part = ordersPart(queries, ctx.account.site)
  return { ...part, removedVendorIds, quarantined, cursor: '', more: false, total: null }
}

const finish = (page: Page, cursor: Cursor, more: boolean): Page => ({ ...page, cursor: JSON.stringify(cursor), more })
