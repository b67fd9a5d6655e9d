import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Conversation, Page, Person, Quarantined } from '../model.ts'
import { readAnswer, readRecord, readRecords, vendorId } from '../read-records.ts'
import { serverTimeOf } from '../server-time.ts'
import { chatPath, readMessagePage, readUser, toChat } from './chats.ts'
import {
  advance,
  type Cursor,
  knownUntil,
  newRound,
  readCursor,
  type Span,
  trustedSince,
  watching,
  windowOf,
} from './cursor.ts'
import { goesOn, paged } from './directory.ts'
import { vendorName } from './errors.ts'
import { conversationSchema, readStatus, toPerson, userSchema } from './map.ts'

/**
 * Freshchat has no list of conversations, only of customers, so that is what is read:
 * 1. `fill`: customers by the time they were last updated, from now backwards: the newest chats first. Each customer's conversations follow.
 * 2. `live`: once a minute, also while the fill goes on, the customers updated since the last round.
 * 3. `watch`: what colleagues do to a chat is not known to move its customer, so the open conversations are looked at again in turn.
 * https://developers.freshchat.com/api/#users
 */

/** Each customer costs a call, and two more for each conversation. */
const customersPerPage = 10
const liveEveryMs = 60_000
const watchedPerRound = 10
/** Enough to know who spoke last and what about. */
const newestMessages = 20

const userList = paged.extend({ users: z.array(z.unknown()) })
const conversationIds = z.looseObject({ conversations: z.array(z.unknown()) })
const conversationId = z
  .looseObject({ id: vendorId.nullish(), conversation_id: vendorId.nullish() })
  .transform((one) => one.conversation_id ?? one.id ?? null)

/** The next page: see the three parts above. */
export async function pull(ctx: ConnectorContext, text: string | null): Promise<Page> {
  const now = ctx.now()
  const cursor = readCursor(text, now)
  if (cursor.live !== null) return pullSpan(ctx, cursor, cursor.live, 'live')
  const due = cursor.fill === null || (cursor.since > 0 && now - cursor.liveAt >= liveEveryMs)
  if (cursor.fill !== null && !due) return pullSpan(ctx, cursor, cursor.fill, 'fill')
  return pullSpan(ctx, { ...cursor, begun: 0 }, newRound(cursor, now), 'live')
}

async function pullSpan(ctx: ConnectorContext, cursor: Cursor, span: Span, which: 'fill' | 'live'): Promise<Page> {
  const { users, quarantined, more, serverTime } = await readUsers(ctx, span)
  const now = ctx.now()
  const { next, read } = advance(span, more)
  const until = knownUntil(serverTime, span.to, now)
  const moved: Cursor = {
    ...cursor,
    [which]: next,
    skew: serverTime === null ? cursor.skew : serverTime - now,
    begun: which === 'live' && cursor.begun === 0 ? until : cursor.begun,
    since: cursor.since === 0 ? until : cursor.since,
    filledAt: which === 'fill' && next === null ? (serverTime ?? now) : cursor.filledAt,
  }
  const found = read ? await readCustomers(ctx, users, which === 'live' ? trustedSince(cursor) : null) : nothing
  const page = toPage(ctx, { ...found, quarantined: [...(read ? quarantined : []), ...found.quarantined] }, moved)
  if (which === 'fill' || next !== null) return { ...page, more: true }
  return endRound(ctx, page)
}

/** A round is complete: the watermark moves, and some of the open conversations are looked at again. */
async function endRound(ctx: ConnectorContext, page: Page): Promise<Page> {
  const cursor = readCursor(page.cursor, ctx.now())
  const ended: Cursor = { ...cursor, since: Math.max(cursor.since, cursor.begun), begun: 0, liveAt: ctx.now() }
  const known = new Set(page.conversations.map((one) => one.vendorId))
  const due = ended.watch.filter((one) => !known.has(one.id)).sort((a, b) => a.at - b.at)
  const looked = due.slice(0, watchedPerRound)
  const read = await Promise.all(looked.map((one) => readChat(ctx, one.id, null, null)))
  const before = new Map(looked.map((one) => [one.id, one.version]))
  const all = merge(read)
  const news = all.conversations.filter((one) => one.version !== before.get(one.vendorId))
  const customers = await customersOf(ctx, news)
  const second = toPage(ctx, { ...all, people: customers }, ended)
  const changed = news.map((one) => withCustomer(one, customers))
  return {
    ...page,
    conversations: [...page.conversations, ...changed],
    people: [...page.people, ...customers],
    removedVendorIds: [...page.removedVendorIds, ...all.removed],
    quarantined: [...page.quarantined, ...all.quarantined],
    cursor: second.cursor,
    more: ended.fill !== null,
  }
}

interface Found {
  conversations: Conversation[]
  people: Person[]
  removed: string[]
  quarantined: Quarantined[]
}
const nothing: Found = { conversations: [], people: [], removed: [], quarantined: [] }

const merge = (parts: Found[]): Found => ({
  conversations: parts.flatMap((part) => part.conversations),
  people: parts.flatMap((part) => part.people),
  removed: parts.flatMap((part) => part.removed),
  quarantined: parts.flatMap((part) => part.quarantined),
})

/** A page of what was found, with the list of open conversations kept in step. */
function toPage(ctx: ConnectorContext, found: Found, cursor: Cursor): Page {
  const at = ctx.now()
  const seen = found.conversations.map(({ vendorId: id, version, status }) => {
    return { id, version, at, open: status !== 'solved' && status !== 'closed' }
  })
  const gone = found.removed.map((id) => ({ id, version: 0, at, open: false }))
  return {
    conversations: [...found.conversations].sort((a, b) => b.updatedAt - a.updatedAt),
    messages: [],
    people: found.people,
    removedVendorIds: found.removed,
    quarantined: found.quarantined,
    cursor: JSON.stringify({ ...cursor, watch: watching(cursor.watch, [...seen, ...gone]) } satisfies Cursor),
    more: true,
    total: null,
  }
}

async function readUsers(ctx: ConnectorContext, span: Span) {
  const { from, to } = windowOf(span)
  const searchParams = {
    updated_from: new Date(from).toISOString(),
    updated_to: new Date(to).toISOString(),
    page: span.page,
    items_per_page: customersPerPage,
  }
  const response = await ctx.http.get('users', { searchParams, signal: ctx.signal })
  const answer = readAnswer(userList, await response.json(), vendorName)
  const { values, quarantined } = readRecords(userSchema, answer.users, 'users')
  const more = answer.users.length > 0 && goesOn(answer, span.page, answer.users.length, customersPerPage)
  return { users: values.map(toPerson), quarantined, more, serverTime: serverTimeOf(response.headers) }
}

/** `since` null: everything. Else only what may have changed after it. */
async function readCustomers(ctx: ConnectorContext, users: readonly Person[], since: number | null): Promise<Found> {
  const parts = await Promise.all(users.map((user) => readCustomer(ctx, user, since)))
  return merge(parts)
}

async function readCustomer(ctx: ConnectorContext, user: Person, since: number | null): Promise<Found> {
  const id = encodeURIComponent(user.vendorId ?? '')
  const list = await look<unknown>(ctx.http.get(`users/${id}/conversations`, { signal: ctx.signal }).json())
  if ('missing' in list) return { ...nothing, quarantined: setAside(list, user.vendorId, `users.${id}.conversations`) }
  const { conversations } = readAnswer(conversationIds, list.value, vendorName)
  const { values, quarantined } = readRecords(conversationId, conversations, 'conversations')
  const ids = values.filter((each) => each !== null)
  const parts = await Promise.all(ids.map((each) => readChat(ctx, each, user, since)))
  const found = merge(parts)
  return { ...found, people: ids.length > 0 ? [user] : [], quarantined: [...quarantined, ...found.quarantined] }
}

/** One conversation with its newest messages. A resolved one that has not moved since `since` is left alone. */
async function readChat(ctx: ConnectorContext, id: string, user: Person | null, since: number | null): Promise<Found> {
  const path = `conversations.${id}`
  const answer = await look<unknown>(ctx.http.get(chatPath(id), { signal: ctx.signal }).json())
  if ('missing' in answer) return { ...nothing, removed: [id], quarantined: setAside(answer, id, path) }
  const read = readRecord(conversationSchema, answer.value, path)
  if ('bad' in read) return { ...nothing, quarantined: [{ ...read.bad, vendorId: id }] }
  const { status, updated_time: updated } = read.value
  const quiet = since !== null && updated !== null && updated !== undefined && updated < since - 120_000
  if (quiet && readStatus(status ?? '').status === 'solved') return nothing
  const texts = await look(readMessagePage(ctx, id, { size: newestMessages }))
  const { values, quarantined } =
    'missing' in texts ? { values: [], quarantined: setAside(texts, id, `${path}.messages`) } : texts.value
  const chat = await toChat(ctx, read.value, values, user)
  return { conversations: [chat.conversation], people: [], removed: [], quarantined }
}

type Missing = { missing: 'gone' | 'forbidden' }

/**
 * A question about one record. That it is gone since the list was made, or may not be read (any more), must not hold up the rest; the lists of
 * the account itself still fail where they are refused. The vendor documents 403 without a word on when.
 */
async function look<T>(part: Promise<T>): Promise<{ value: T } | Missing> {
  try {
    return { value: await part }
  } catch (error) {
    if (isAppError(error, 'vendor_not_found')) return { missing: 'gone' }
    if (isAppError(error, 'vendor_forbidden')) return { missing: 'forbidden' }
    throw error
  }
}

/** What is gone needs no words; what may not be read is told, so that a missing permission does not look like an empty inbox. */
const setAside = ({ missing }: Missing, id: string | null, path: string): Quarantined[] =>
  missing === 'gone' ? [] : [{ vendorId: id, path, reason: 'may not be read with the permissions of this sign-in' }]

/** Who wrote the watched conversations that changed: their ids alone are known. */
async function customersOf(ctx: ConnectorContext, conversations: readonly Conversation[]): Promise<Person[]> {
  const ids = [...new Set(conversations.flatMap((one) => one.customer.vendorId ?? []))]
  const people = await Promise.all(ids.map((id) => look(readUser(ctx, id))))
  return people.flatMap((each) => ('missing' in each || each.value === null ? [] : [each.value]))
}

function withCustomer(conversation: Conversation, people: readonly Person[]): Conversation {
  const found = people.find((each) => each.vendorId === conversation.customer.vendorId)
  return found === undefined ? conversation : { ...conversation, customer: found }
}
