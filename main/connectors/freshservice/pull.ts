import { z } from 'zod'
import type { ConnectorContext } from '../connector.ts'
import { readCursorText } from '../cursor-text.ts'
import { toListed } from '../freshworks/tickets-map.ts'
import { readRecordsOf, tickets as ticketKind } from '../freshworks/tickets-records.ts'
import { ticketSchema } from '../freshworks/tickets-schema.ts'
import type { Page } from '../model.ts'
import { serverTimeOf } from '../server-time.ts'
import { desk } from './directory.ts'
import { vendorName } from './errors.ts'
import { product } from './map.ts'

/**
 * The list is ordered by creation only and paged by number, so it is read in rounds. A round asks for everything updated since a
 * fixed moment, newest created first, to the last page. What changes during a round stays in the list (pages only shift towards
 * the end, which repeats tickets but never hides one) and is read again by the next round, whose moment is the server's
 * time at the start of this one. Only a deletion moves pages towards the front: each round ends with the lists of deleted and
 * spam tickets, and where one of them changed during the round, the round is read again from the same moment. The first round begins in the
 * year 2000, because without `updated_since` Freshservice tells 30 days only; newest created first is as near to "newest first" as it gets.
 * https://api.freshservice.com/#view_all_ticket
 */
const cursorSchema = z.object({
  phase: z.enum(['tickets', 'deleted', 'spam']),
  page: z.number().int().min(1),
  /** Everything updated before this is known, milliseconds of the server's clock. */
  since: z.number(),
  /** Server's clock when the round began; null before its first page. */
  began: z.number().nullable(),
  removals: z.boolean(),
  repeats: z.number().int(),
})
type Cursor = z.infer<typeof cursorSchema>

const beginning = Date.UTC(2000, 0, 1)
const start: Cursor = { phase: 'tickets', page: 1, since: beginning, began: null, removals: false, repeats: 0 }
/** Times have whole seconds, and the answering servers' clocks differ a little. */
const overlapMs = 120_000
const perPage = 100
/** A site that deletes all the time must not keep a round for ever: what it could still hide is found when it is touched again. */
const mostRepeats = 3

const readCursor = (text: string | null): Cursor => readCursorText(cursorSchema, text, start)

export async function pull(ctx: ConnectorContext, text: string | null): Promise<Page> {
  const cursor = readCursor(text)
  return cursor.phase === 'tickets' ? pullTickets(ctx, cursor) : pullRemoved(ctx, cursor, cursor.phase)
}

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')

async function ask(ctx: ConnectorContext, page: number, query: Record<string, string>) {
  const searchParams = { ...query, workspace_id: 0, page, per_page: perPage }
  const response = await ctx.http.get('tickets', {
    searchParams,
    headers: { accept: 'application/json' },
    signal: ctx.signal,
  })
  const read = readRecordsOf(ticketSchema, await response.json(), ticketKind, vendorName)
  const more = read.count >= perPage || /rel="?next"?/.test(response.headers.get('link') ?? '')
  return { ...read, serverTime: serverTimeOf(response.headers), more: more && read.count > 0 }
}

async function pullTickets(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const query = { updated_since: iso(cursor.since), order_type: 'desc', include: 'requester,tags' }
  const { values, quarantined, serverTime, more } = await ask(ctx, cursor.page, query)
  // Without a Date header: this computer's clock, less what it may be ahead.
  const began = cursor.began ?? serverTime ?? ctx.now() - 10 * 60_000
  const context = { host: product.host(ctx.account.site), labels: await desk.labels(ctx) }
  const next: Cursor = more
    ? { ...cursor, began, page: cursor.page + 1 }
    : { ...cursor, began, phase: 'deleted', page: 1 }
  return {
    ...toListed(values, product, context),
    messages: [],
    quarantined,
    cursor: JSON.stringify(next),
    more: true,
    total: null,
  }
}

async function pullRemoved(ctx: ConnectorContext, cursor: Cursor, filter: 'deleted' | 'spam'): Promise<Page> {
  const { values, quarantined, more } = await ask(ctx, cursor.page, {
    filter,
    updated_since: iso(cursor.since),
    order_type: 'desc',
  })
  const began = cursor.began ?? cursor.since
  const removals = cursor.removals || values.some((ticket) => ticket.updated_at >= began - 5000)
  const next = more ? { ...cursor, removals, page: cursor.page + 1 } : afterRemoved({ ...cursor, removals }, began)
  return {
    conversations: [],
    messages: [],
    people: [],
    removedVendorIds: values.map((ticket) => ticket.id),
    quarantined,
    cursor: JSON.stringify(next),
    more: more || next.phase !== 'tickets' || next.repeats > 0,
    total: null,
  }
}

/** From deleted to spam, and from spam to the next round: again the same one where something was removed meanwhile. */
function afterRemoved(cursor: Cursor, began: number): Cursor {
  if (cursor.phase === 'deleted') return { ...cursor, phase: 'spam', page: 1 }
  if (cursor.removals && cursor.repeats < mostRepeats)
    return { ...start, since: cursor.since, repeats: cursor.repeats + 1 }
  return { ...start, since: Math.max(cursor.since, began - overlapMs) }
}
