import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Page, Unified } from '../model.ts'
import { readingOf } from './map-conversation.ts'
import { type PageAnswer, readPage } from './pages.ts'
import { readConversations, recordsIn } from './read-payload.ts'
import type { Manifest } from './schema.ts'
import type { Variables } from './template.ts'
import { numberValue } from './value.ts'

/**
 * Two kinds of rounds through the list, each resumable at every page:
 * 1. `full`: everything, at first and then once a day. It finds what slipped between two pages while they were read.
 * 2. `recent`: what changed since the watermark, by the API's filter or, newest first, until a page holds nothing newer.
 * The watermark is the moment a round began, by the vendor's clock (its `Date` header): what changes while a round runs is found by the
 * next one. A long full round lets a recent one go first every minute. A list that can do neither is read in full each time.
 */
const round = z.object({
  at: z.union([z.number(), z.string()]).nullable(),
  /** Vendor's clock at the first page, milliseconds; 0 before it. */
  began: z.number(),
  /** Largest change seen, for vendors that do not tell their clock. */
  seen: z.number(),
  /** First record of the former page: a vendor that does not know page numbers answers the same page for ever. */
  first: z.string().nullable(),
  /** The vendor refused where this round stood, and it began again. */
  again: z.boolean().default(false),
})
type Round = z.infer<typeof round>

const cursorSchema = z.object({
  full: round.nullable(),
  recent: round.nullable(),
  /** All changes before this are read; 0: nothing is. */
  since: z.number(),
  recentAt: z.number(),
  fullAt: z.number(),
})
type Cursor = z.infer<typeof cursorSchema>

const newRound: Round = { at: null, began: 0, seen: 0, first: null, again: false }
const start: Cursor = { full: newRound, recent: null, since: 0, recentAt: 0, fullAt: 0 }
const recentEveryMs = 60_000

function readCursor(text: string | null): Cursor {
  if (text === null) return start
  try {
    const read = cursorSchema.safeParse(JSON.parse(text))
    return read.success ? read.data : start
  } catch {
    return start
  }
}

/** True where a round can be shorter than the whole list. */
const canBeRecent = ({ conversations: { changes } }: Manifest) =>
  changes.since !== undefined || changes.order === 'newest'

/** The next page. A damaged cursor, or one of another form of the manifest, starts over, which is harmless. */
export async function pull(ctx: ConnectorContext, manifest: Manifest, text: string | null): Promise<Page> {
  const cursor = readCursor(text)
  const kind = nextKind(manifest, cursor, ctx.now())
  const current = cursor[kind] ?? newRound
  try {
    return await pullPage(ctx, manifest, { ...cursor, [kind]: current }, kind)
  } catch (error) {
    // The vendor's cursor or link may have died while the app was closed: begin this round again, once. A number is our own and never dies.
    const canDie = typeof current.at === 'string' && !current.again
    if (!canDie || !isAppError(error, 'vendor_rejected', 'vendor_not_found')) throw error
    return pullPage(ctx, manifest, { ...cursor, [kind]: { ...newRound, again: true } }, kind)
  }
}

function nextKind(manifest: Manifest, cursor: Cursor, now: number): 'full' | 'recent' {
  if (cursor.recent !== null) return 'recent'
  if (!canBeRecent(manifest)) return 'full'
  const recentDue = cursor.since > 0 && now - cursor.recentAt >= recentEveryMs
  if (cursor.full !== null) return recentDue ? 'recent' : 'full'
  const fullDue = now - cursor.fullAt >= manifest.conversations.changes.fullReadHours * 3_600_000
  return fullDue ? 'full' : 'recent'
}

async function pullPage(
  ctx: ConnectorContext,
  manifest: Manifest,
  cursor: Cursor,
  kind: 'full' | 'recent',
): Promise<Page> {
  const { conversations } = manifest
  const before = cursor[kind] ?? newRound
  const overlapMs = conversations.changes.overlapSeconds * 1000
  const from = kind === 'recent' ? Math.max(0, cursor.since - overlapMs) : 0
  const count = (payload: unknown) => recordsIn(manifest, conversations.records, payload).length
  const answer = await readPage(ctx, manifest, conversations, before.at, sinceVariable(manifest, from), count)
  const read = readConversations(manifest, answer.payload, ctx.account.site)
  const first = read.conversations[0]?.vendorId ?? null
  const times = read.conversations.map((each) => each.updatedAt)
  const repeated = before.at !== null && first !== null && first === before.first && times.length > 0
  const passed =
    kind === 'recent' && conversations.changes.order === 'newest' && times.length > 0 && Math.max(...times) < from
  const now: Round = {
    at: repeated || passed ? null : answer.next,
    began: before.began === 0 ? vendorTime(answer) : before.began,
    seen: Math.max(before.seen, ...times),
    first,
    again: before.again,
  }
  const next = now.at === null ? endRound(manifest, cursor, kind, now, ctx.now()) : { ...cursor, [kind]: now }
  // During the first round the list may already be read for changes, from the moment it began.
  const known = kind === 'full' && cursor.since === 0 && now.began > 0 && now.at !== null
  return toPage(manifest, read, answer, known ? { ...next, since: now.began, recentAt: ctx.now() } : next, ctx)
}

/** A round is complete: everything that changed before it began is read. */
function endRound(manifest: Manifest, cursor: Cursor, kind: 'full' | 'recent', done: Round, now: number): Cursor {
  const mark = done.began > 0 ? done.began : done.seen
  const since = Math.max(cursor.since, mark)
  const recentAt = kind === 'recent' || !canBeRecent(manifest) ? now : cursor.recentAt
  return { ...cursor, [kind]: null, since, recentAt, fullAt: kind === 'full' ? now : cursor.fullAt }
}

/** More can be read right now while a round is under way; after a full one, what changed meanwhile comes with the next call. */
function toPage(manifest: Manifest, read: Unified, answer: PageAnswer, cursor: Cursor, ctx: ConnectorContext): Page {
  const { total } = manifest.conversations
  const told = total === undefined ? null : numberValue(total, answer.payload, readingOf(manifest, ctx.account.site))
  return {
    conversations: read.conversations,
    messages: read.messages,
    people: read.people,
    removedVendorIds: read.removedVendorIds,
    quarantined: read.quarantined,
    cursor: JSON.stringify(cursor),
    more: cursor.full !== null || cursor.recent !== null,
    total: told,
  }
}

/** The vendor's clock; 0 where it does not tell. */
function vendorTime({ headers }: PageAnswer): number {
  const ms = Date.parse(headers.get('date') ?? '')
  return Number.isFinite(ms) ? ms : 0
}

function sinceVariable({ conversations: { changes } }: Manifest, from: number): Variables {
  if (changes.since === undefined || from <= 0) return {}
  if (changes.since === 'milliseconds') return { since: String(from) }
  if (changes.since === 'seconds') return { since: String(Math.floor(from / 1000)) }
  const iso = new Date(from).toISOString()
  return { since: changes.since === 'date' ? iso.slice(0, 10) : `${iso.slice(0, 19)}Z` }
}
