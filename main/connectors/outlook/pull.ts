import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Conversation, Page, Quarantined } from '../model.ts'
import { type Cursor, followed, linkOf, readCursor, restarted, withLink } from './cursor.ts'
import { isLinkGone } from './errors.ts'
import { folderPath, mailboxOf, messagePath, pagesOf, pathOf, read } from './mailbox.ts'
import { byConversation, toConversation, visibleMails } from './map.ts'
import { type Mail, type MailboxContext, partialSchema } from './map-messages.ts'
import { type Envelope, listFields, readEnvelope, readMails, readThread } from './records.ts'

/**
 * The mailbox has no list of conversations, only mails. While filling, a page of mails (of all folders, newest first) gives every
 * conversation that begins on it, without another call: what is newer of it stood on a page before. Only a conversation that begins on an
 * older page is read by a call of its own, whole. When following, every conversation that a page of changes touches is read whole,
 * because a change may tell one field or no more than an id. Pages are small then, so that one page never costs more than two
 * calls a row.
 */
const firstSize = 50
const fillSize = 200
const primeSize = 500
const changesSize = 40
const restartEveryMs = 60 * 60_000

type Found = Pick<Page, 'conversations' | 'removedVendorIds' | 'quarantined'>
const nothing: Found = { conversations: [], removedVendorIds: [], quarantined: [] }

const toPage = (found: Found, cursor: Cursor, more: boolean): Page => ({
  ...found,
  messages: [],
  people: found.conversations.map((one) => one.customer).filter((person) => person.vendorId !== null),
  cursor: JSON.stringify(cursor),
  more,
  total: null,
})

/** The next page: see `Cursor.phase`. */
export async function pull(ctx: ConnectorContext, text: string | null): Promise<Page> {
  const cursor = readCursor(text)
  switch (cursor.phase) {
    case 'first':
      return toPage(await pullFirst(ctx, cursor), { ...cursor, phase: 'prime', currentAt: ctx.now() }, true)
    case 'prime':
      return prime(ctx, cursor)
    case 'fill':
      return fill(ctx, cursor)
    case 'follow':
      return follow(ctx, cursor)
  }
}

const listOf = (size: number, before: string | null): Record<string, string> => ({
  ...(before === null ? {} : { $filter: `receivedDateTime le ${before}` }),
  $orderby: 'receivedDateTime desc',
  $top: String(size),
  $select: listFields,
})

async function pullFirst(ctx: ConnectorContext, cursor: Cursor): Promise<Found> {
  const answer = readEnvelope(await read(ctx, `${pathOf(ctx)}/messages`, listOf(firstSize, null)))
  return conversationsOf(ctx, answer.value, cursor)
}

/**
 * Goes on below the oldest moment read, not at a place of the list: places move when mails are deleted, moments do not. The vendor's link is
 * taken only where a whole page has one and the same moment.
 */
async function fill(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const { before, link } = cursor
  const answer =
    link === null ? await read(ctx, `${pathOf(ctx)}/messages`, listOf(fillSize, before)) : await read(ctx, link)
  const list = readEnvelope(answer)
  const next = list['@odata.nextLink'] ?? null
  const seen = new Set(cursor.seen)
  const found = await conversationsOf(
    ctx,
    list.value.filter((row) => !seen.has(idOf(row) ?? '')),
    cursor,
  )
  if (next === null)
    return toPage(found, { ...cursor, phase: 'follow', turn: 0, before: null, seen: [], link: null }, true)
  const last = momentOf(list.value.at(-1)) ?? before
  const ofLast = list.value.filter((row) => momentOf(row) === last).flatMap((row) => idOf(row) ?? [])
  const stuck = last === before
  const further = {
    ...cursor,
    before: last,
    seen: stuck ? [...cursor.seen, ...ofLast] : ofLast,
    link: stuck ? next : null,
  }
  return toPage(found, further, true)
}

const field = (row: unknown, key: string): string | null => {
  const value: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, key) : null
  return typeof value === 'string' ? value : null
}
const idOf = (row: unknown) => field(row, 'id')
const momentOf = (row: unknown) => field(row, 'receivedDateTime')

/** The conversations that a page of mails shows to an agent. */
async function conversationsOf(ctx: ConnectorContext, rows: readonly unknown[], cursor: Cursor): Promise<Found> {
  const mailbox = await mailboxOf(ctx)
  const { mails, quarantined } = readMails(rows)
  // The fill reads the first page again, and must win where nothing but the moment of reading differs.
  const wanted = { only: isFollowed, wins: cursor.phase !== 'first' }
  const parts = await Promise.all(
    [...byConversation(mails)].map(([id, group]) => {
      const shown = visibleMails(group, mailbox)
      if (shown.length === 0) return goneSince(group, cursor) ? readWhole(ctx, id, mailbox) : nothing
      if (!group.some(isBeginning)) return readWhole(ctx, id, mailbox, wanted)
      return isFollowed(shown, mailbox) ? partOf(group, shown, mailbox) : nothing
    }),
  )
  return merged([{ ...nothing, quarantined }, ...parts])
}

/** This computer's clock may differ from the vendor's. */
const skewMs = 10 * 60_000

/** True for mails that were put away while no link told of it. */
const goneSince = (group: readonly Mail[], { currentAt }: Cursor) =>
  currentAt > 0 && group.some((mail) => (mail.lastModifiedDateTime ?? mail.at) >= currentAt - skewMs)

/** Mail that a rule sorts into folders of its own (newsletters, reports) is not what a team answers. */
function isFollowed(shown: readonly Mail[], mailbox: MailboxContext): boolean {
  const { inbox, sent, archive } = mailbox.folders
  return shown.some(({ parentFolderId }) => [inbox, sent, archive].includes(parentFolderId ?? ''))
}

const replyPrefix = /^\s*(re|aw|antw|sv|vs|odp|ref|rif|回复|答复|返信)\s*(\[\d+\])?\s*[:：]/i
/** Bytes of a conversation index that answers nothing; every answer adds five. https://learn.microsoft.com/office/client-developer/outlook/mapi/tracking-conversations */
const rootIndexBytes = 22

/** True for a mail that opens a conversation. Where it only looks like one, the conversation is read whole as soon as it is touched or opened. */
function isBeginning(mail: Mail): boolean {
  const bytes = mail.conversationIndex ? Buffer.from(mail.conversationIndex, 'base64').length : 0
  return bytes <= rootIndexBytes && !replyPrefix.test(mail.subject ?? '')
}

function partOf(group: readonly Mail[], shown: readonly Mail[], mailbox: MailboxContext): Found {
  const one = toConversation(group, shown, mailbox, false)
  return { ...nothing, conversations: one === null ? [] : [one] }
}

interface Wanted {
  /** False leaves the conversation out, neither shown nor removed. */
  only(shown: readonly Mail[], mailbox: MailboxContext): boolean
  /** Over a part of the conversation of the same age. */
  wins: boolean
}

async function readWhole(
  ctx: ConnectorContext,
  id: string,
  mailbox: MailboxContext,
  { only, wins }: Wanted = { only: () => true, wins: true },
): Promise<Found> {
  const { mails, quarantined } = await readThread(ctx, id, 'list')
  const shown = visibleMails(mails, mailbox)
  const one = toConversation(mails, shown, mailbox, wins)
  if (one !== null) return { ...nothing, conversations: only(shown, mailbox) ? [one] : [], quarantined }
  // What cannot be read is not known to be gone.
  return { ...nothing, removedVendorIds: quarantined.length === 0 ? [id] : [], quarantined }
}

function merged(parts: readonly Found[]): Found {
  const conversations: Conversation[] = parts.flatMap((part) => part.conversations)
  const quarantined: Quarantined[] = parts.flatMap((part) => part.quarantined)
  return { conversations, quarantined, removedVendorIds: parts.flatMap((part) => part.removedVendorIds) }
}

/** One page of a folder's delta query; null where the mailbox does not have the folder. */
async function readChanges(ctx: ConnectorContext, cursor: Cursor, size: number): Promise<Envelope | null> {
  const folder = followed[cursor.turn] ?? 'inbox'
  const link = linkOf(cursor)
  const headers = pagesOf(size)
  try {
    if (link !== null) return readEnvelope(await read(ctx, link, undefined, headers))
    const query = { $select: listFields }
    return readEnvelope(await read(ctx, `${folderPath(ctx, folder)}/messages/delta`, query, headers))
  } catch (error) {
    if (link === null && folder !== 'inbox' && isAppError(error, 'vendor_not_found', 'vendor_forbidden')) return null
    throw error
  }
}

async function prime(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const changes = await orRestart(ctx, cursor, () => readChanges(ctx, cursor, primeSize))
  if (changes === 'restart') return toPage(nothing, restarted(cursor, ctx.now()), true)
  const next = changes?.['@odata.nextLink']
  if (next) return toPage(nothing, withLink(cursor, next), true)
  const done = withLink(cursor, changes?.['@odata.deltaLink'] ?? null)
  const last = cursor.turn === followed.length - 1
  return toPage(nothing, last ? { ...done, phase: 'fill', turn: 0 } : { ...done, turn: done.turn + 1 }, true)
}

async function follow(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const changes = await orRestart(ctx, cursor, () => readChanges(ctx, cursor, changesSize))
  if (changes === 'restart') return toPage(nothing, restarted(cursor, ctx.now()), true)
  const found = changes === null ? nothing : await touched(ctx, changes.value)
  const next = changes?.['@odata.nextLink']
  if (next) return toPage(found, withLink(cursor, next), true)
  const done = withLink(cursor, changes?.['@odata.deltaLink'] ?? null)
  const last = cursor.turn === followed.length - 1
  return toPage(found, last ? { ...done, turn: 0, currentAt: ctx.now() } : { ...done, turn: done.turn + 1 }, !last)
}

/** A link the vendor has forgotten is given up, but not again and again: then something else is wrong, and is told. */
async function orRestart<T>(ctx: ConnectorContext, cursor: Cursor, ask: () => Promise<T>): Promise<T | 'restart'> {
  try {
    return await ask()
  } catch (error) {
    const recent = ctx.now() - cursor.restartedAt < restartEveryMs
    if (linkOf(cursor) === null || recent || !isLinkGone(error)) throw error
    return 'restart'
  }
}

/** Every conversation that rows of a delta answer touch, read whole; what has no mail left is removed. */
async function touched(ctx: ConnectorContext, rows: readonly unknown[]): Promise<Found> {
  const { mails, partial, quarantined } = readMails(rows)
  const known = [...mails, ...partial].flatMap(({ conversationId }) => conversationId ?? [])
  const asked = await Promise.all(
    partial.filter((row) => row.conversationId === null).map((row) => conversationOf(ctx, row.id)),
  )
  const ids = new Set([...known, ...asked.flatMap((id) => id ?? [])])
  const mailbox = await mailboxOf(ctx)
  const parts = await Promise.all([...ids].map((id) => readWhole(ctx, id, mailbox)))
  return merged([{ ...nothing, quarantined }, ...parts])
}

/** The conversation of a mail that moved or changed; null for one that was deleted for good, of which nothing is known any more. */
async function conversationOf(ctx: ConnectorContext, messageId: string): Promise<string | null> {
  try {
    const answer = await read(ctx, messagePath(ctx, messageId), { $select: 'id,conversationId' })
    return partialSchema.safeParse(answer).data?.conversationId ?? null
  } catch (error) {
    if (isAppError(error, 'vendor_not_found')) return null
    throw error
  }
}
