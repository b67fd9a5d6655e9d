import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { readCursorText } from '../cursor-text.ts'
import type { Page, Unified } from '../model.ts'
import { readAnswer } from '../read-records.ts'
import { readMany } from './batch.ts'
import { vendorName } from './errors.ts'
import { changedThreads, historyList, listedThreads, threadList } from './lists.ts'
import { readProfile, worldOf } from './mailbox.ts'
import { type ReadThreads, readThreads, threadPath } from './threads.ts'

/**
 * 1. `inbox`, then `rest`: lists of threads, newest first. The mailbox's history id is kept before the first list, so that whatever
 *    changes or moves between two pages is found again by 2. (A page token stands for the row the page ended with, not for a place:
 *    what leaves the list meanwhile does not push others past the reader. Not documented, but so assumed.)
 * 2. `history`: what happened since that id. It names threads, which are then read whole, so that a change is never half seen and
 *    reading one twice is harmless. The next id is that of the round's first page: what happens while pages are read is read again.
 * 3. Google forgets history after a week or so (404). Then the lists are read again, with those of `trash` and `spam`, but only threads
 *    whose own history id is later than the last one known.
 */
const cursorSchema = z.object({
  phase: z.enum(['inbox', 'rest', 'trash', 'spam', 'history']),
  page: z.string().nullable(),
  /** Where history is read from, once the lists are done. Google's numbers have 64 bits: text. */
  history: z.string().regex(/^\d+$/),
  /** The id of the running round's first page of history. */
  next: z.string().regex(/^\d+$/).nullable(),
  /** While the lists are read again: threads that did not change after this id are known. */
  since: z.string().regex(/^\d+$/).nullable(),
  total: z.number().nullable(),
})
type Cursor = z.infer<typeof cursorSchema>
type ListPhase = Exclude<Cursor['phase'], 'history'>

/** `-in:inbox` looks at single messages: a thread that has both is listed twice, and none is left out. */
const listParams: Record<ListPhase, Record<string, string>> = {
  inbox: { labelIds: 'INBOX' },
  rest: { q: '-in:inbox' },
  trash: { labelIds: 'TRASH', includeSpamTrash: 'true' },
  spam: { labelIds: 'SPAM', includeSpamTrash: 'true' },
}
const firstPage = 50
/** When most rows are known and need no further reading. */
const againPage = 200
const historyPage = 100

const readCursor = (text: string | null): Cursor | null => readCursorText(cursorSchema, text, null)

/** The next page: see the three steps above. A damaged cursor starts over, which is harmless. */
export async function pull(ctx: ConnectorContext, text: string | null): Promise<Page> {
  const cursor = readCursor(text) ?? (await start(ctx, null))
  try {
    return await pullFrom(ctx, cursor)
  } catch (error) {
    // A page token may have died while the app was closed: begin this list again.
    if (cursor.page === null || !isAppError(error, 'vendor_rejected')) throw error
    return pullFrom(ctx, { ...cursor, page: null })
  }
}

async function start(ctx: ConnectorContext, since: string | null): Promise<Cursor> {
  const { historyId, threadsTotal } = await readProfile(ctx)
  return { phase: 'inbox', page: null, history: historyId ?? '1', next: null, since, total: threadsTotal ?? null }
}

const pullFrom = (ctx: ConnectorContext, cursor: Cursor): Promise<Page> =>
  cursor.phase === 'history' ? pullHistory(ctx, cursor) : pullList(ctx, cursor, cursor.phase)

async function pullList(ctx: ConnectorContext, cursor: Cursor, phase: ListPhase): Promise<Page> {
  const searchParams = {
    ...listParams[phase],
    maxResults: cursor.since === null ? firstPage : againPage,
    ...(cursor.page === null ? {} : { pageToken: cursor.page }),
  }
  const answer: unknown = await ctx.http.get('threads', { searchParams, signal: ctx.signal }).json()
  const list = readAnswer(threadList, answer, vendorName)
  const { values, quarantined } = listedThreads(list)
  const ids = values.filter((row) => isLater(row.historyId, cursor.since)).map((row) => row.id)
  const page = await readPage(ctx, ids)
  const next = list.nextPageToken ? { ...cursor, page: list.nextPageToken } : afterList(cursor, phase)
  const all = { ...page, quarantined: [...quarantined, ...page.quarantined] }
  return finish(all, next, true)
}

function afterList(cursor: Cursor, phase: ListPhase): Cursor {
  const order: Cursor['phase'][] = [
    'inbox',
    'rest',
    ...(cursor.since === null ? [] : (['trash', 'spam'] as const)),
    'history',
  ]
  const following = order[order.indexOf(phase) + 1] ?? 'history'
  const done = following === 'history'
  return {
    ...cursor,
    phase: following,
    page: null,
    since: done ? null : cursor.since,
    total: done ? null : cursor.total,
  }
}

function isLater(historyId: string | null | undefined, since: string | null): boolean {
  if (since === null || !historyId || !/^\d+$/.test(historyId)) return true
  return BigInt(historyId) > BigInt(since)
}

async function pullHistory(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const searchParams: [string, string | number][] = [
    ['startHistoryId', cursor.history],
    ['maxResults', historyPage],
    ...['messageAdded', 'messageDeleted', 'labelAdded', 'labelRemoved'].map((type): [string, string] => [
      'historyTypes',
      type,
    ]),
  ]
  if (cursor.page !== null) searchParams.push(['pageToken', cursor.page])
  let answer: unknown
  try {
    answer = await ctx.http.get('history', { searchParams, signal: ctx.signal }).json()
  } catch (error) {
    if (!isAppError(error, 'vendor_not_found')) throw error
    return pullFrom(ctx, await start(ctx, cursor.history))
  }
  const list = readAnswer(historyList, answer, vendorName)
  const page = await readPage(ctx, changedThreads(list))
  const next = cursor.next ?? list.historyId ?? cursor.history
  if (list.nextPageToken) return finish(page, { ...cursor, page: list.nextPageToken, next }, true)
  return finish(page, { ...cursor, history: next, page: null, next: null }, false)
}

async function readPage(ctx: ConnectorContext, ids: readonly string[]): Promise<Unified> {
  const world = await worldOf(ctx)
  const answers = await readMany(
    ctx,
    ids.map((id) => threadPath(id)),
  )
  const gone = ids.filter((_, place) => answers[place] === null)
  const records = answers.filter((answer) => answer !== null)
  const read: ReadThreads = readThreads(records, 'threads', world)
  // A thread that is only drafts any more is no conversation (any more).
  return { ...read.all, ...read.spoken, removedVendorIds: [...read.all.removedVendorIds, ...read.drafts, ...gone] }
}

const finish = (read: Unified, cursor: Cursor, more: boolean): Page => {
  const { directory: _, ...page } = read
  return { ...page, cursor: JSON.stringify(cursor), more, total: cursor.total }
}
