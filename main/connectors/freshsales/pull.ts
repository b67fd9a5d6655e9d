import { z } from 'zod'
import { isAppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import { readByPost } from '../http.ts'
import { type Page, type Unified, unified } from '../model.ts'
import { optionalTime, readAnswer, vendorId } from '../read-records.ts'
import {
  beginStep,
  type Cursor,
  endStep,
  othersEveryMs,
  othersOverlapMs,
  reachedKnown,
  readCursor,
  type Step,
  takePage,
  type Whole,
} from './cursor.ts'
import { otherPipelines, settingOf, viewOf } from './directory.ts'
import { vendorName } from './errors.ts'
import { readKey } from './ids.ts'
import { readPayload } from './payload.ts'
import { readOne } from './records.ts'

/**
 * A round reads, one page a call:
 * 1. `deals`: the saved view by falling change time, to what is known; once a day to its end.
 * 2. `contacts`: those of the view that was named, if one was.
 * 3. `tasks`: all that are open. A completed one is in no list that says so.
 * 4. `others`: deals of the other pipelines, which no system view shows, through the search, every half hour.
 * 5. `missing`: what was open and is in its list no longer: completed, answered, moved or deleted. Looked at one by one.
 * The lists are paged by number. By falling change time a change moves a record to the part already read, which repeats others but hides
 * none; only a deletion can push one over the edge of a page. The daily reading to the end finds it, and the search, which tells how many
 * records it has, is asked again.
 * There is no "updated since". https://developers.freshworks.com/crm/api/
 */
const perPage = 100
/** The search tells thin records, which may have to be read one by one. */
const perSearch = 25
const missingPerPage = 15

/** `total_pages` is missing on some lists: then a short page is the last. */
const meta = z
  .looseObject({ total_pages: z.number().nullish().catch(null), total: z.number().nullish().catch(null) })
  .nullish()
  .catch(null)

/** A list by its name, and how far it goes. @throws AppError `vendor_bad_answer` */
function readList(answer: unknown, key: 'deals' | 'contacts' | 'tasks') {
  const read = readAnswer(z.looseObject({ meta, [key]: z.unknown() }), answer, vendorName)
  const { [key]: records } = readAnswer(z.looseObject({ [key]: z.array(z.unknown()) }), answer, vendorName)
  const told = meta.parse(read.meta)
  return { records: records ?? [], pages: told?.total_pages ?? null, total: told?.total ?? null }
}

/** A list without a number of pages ends with a page that is not full. */
const isLast = (list: { records: unknown[]; pages: number | null }, page: number, size: number) =>
  list.records.length === 0 || (list.pages === null ? list.records.length < size : page >= list.pages)

export async function pull(ctx: ConnectorContext, text: string | null): Promise<Page> {
  const cursor = readCursor(text)
  switch (cursor.step) {
    case 'deals':
      return pullList(ctx, cursor, 'deals', 'contacts')
    case 'contacts':
      return whereGranted(pullList(ctx, cursor, 'contacts', 'tasks'), {
        ...cursor,
        step: 'tasks',
        page: 1,
        unmet: null,
      })
    case 'tasks':
      return whereGranted(pullTasks(ctx, cursor), { ...cursor, step: 'others', page: 1, unmet: null })
    case 'others':
      return whereGranted(pullOthers(ctx, cursor), { ...cursor, step: 'missing', page: 1 })
    case 'missing':
      return pullMissing(ctx, cursor)
  }
}

/** A module that was not granted, or that the account does not have, must not hold back the others. */
async function whereGranted(part: Promise<Page>, next: Cursor): Promise<Page> {
  try {
    return await part
  } catch (error) {
    if (isAppError(error, 'vendor_forbidden', 'vendor_not_found')) return toPage(unified({}), next, true)
    throw error
  }
}

function toPage(read: Unified, cursor: Cursor, more: boolean, total: number | null = null): Page {
  const { conversations, messages, people, removedVendorIds, quarantined } = read
  return { conversations, messages, people, removedVendorIds, quarantined, cursor: JSON.stringify(cursor), more, total }
}

/** What a page of a list says for the cursor. */
const summary = (read: Unified) =>
  read.conversations.map((one) => ({
    id: readKey(one.vendorId).id,
    open: one.status !== 'solved' && one.status !== 'closed',
    at: one.updatedAt,
  }))

async function pullList(ctx: ConnectorContext, before: Cursor, step: 'deals' | 'contacts', next: Step): Promise<Page> {
  const view = await viewOf(ctx, step)
  const kind = step === 'deals' ? 'deal' : 'contact'
  const cursor = before.page === 1 ? beginStep(before, step, view, ctx.now()) : before
  // No view is wanted, or not there any more: what came from it is looked for one by one.
  if (view === null)
    return toPage(unified({}), endStep({ ...cursor, unmet: cursor[step].open }, step, kind, next, ctx.now()), true)
  const include = step === 'deals' ? 'owner,contacts,sales_account,deal_reason' : 'owner,sales_accounts'
  const searchParams = { page: cursor.page, per_page: perPage, sort: 'updated_at', sort_type: 'desc', include }
  const path = `${step}/view/${encodeURIComponent(view)}`
  const answer: unknown = await ctx.http.get(path, { searchParams, signal: ctx.signal }).json()
  const list = readList(answer, step)
  const read = readPayload(answer, [kind], await settingOf(ctx))
  const taken = takePage(cursor, step, summary(read))
  const end = isLast(list, cursor.page, perPage) || (cursor.unmet === null && reachedKnown(cursor[step], summary(read)))
  if (!end) return toPage(read, { ...taken, page: cursor.page + 1 }, true, list.total)
  return toPage(read, endStep(taken, step, kind, next, ctx.now()), true)
}

async function pullTasks(ctx: ConnectorContext, before: Cursor): Promise<Page> {
  const step: Whole = 'tasks'
  const cursor = before.page === 1 ? beginStep(before, step, 'open', ctx.now()) : before
  const searchParams = { filter: 'open', include: 'owner,targetable', page: cursor.page, per_page: perPage }
  const answer: unknown = await ctx.http.get('tasks', { searchParams, signal: ctx.signal }).json()
  const list = readList(answer, 'tasks')
  const read = readPayload(answer, ['task'], await settingOf(ctx))
  const taken = takePage(cursor, step, summary(read))
  if (!isLast(list, cursor.page, perPage)) return toPage(read, { ...taken, page: cursor.page + 1 }, true)
  const ended = endStep(taken, step, 'task', 'others', ctx.now())
  const due = ctx.now() - ended.others.wholeAt >= othersEveryMs
  return toPage(read, due ? ended : { ...ended, step: 'missing' }, true)
}

const thin = z.looseObject({ id: vendorId, updated_at: optionalTime })

async function pullOthers(ctx: ConnectorContext, before: Cursor): Promise<Page> {
  const pipelines = await otherPipelines(ctx)
  const begun = { ...before.others, seen: before.others.since, total: 0, shrank: false }
  const cursor = before.page === 1 ? { ...before, others: begun } : before
  if (pipelines.length === 0) return toPage(unified({}), endOthers(cursor, ctx.now()), true)
  const value = pipelines.map((id) => (/^\d{1,15}$/.test(id) ? Number(id) : id))
  const answer: unknown = await ctx.http
    .post('filtered_search/deal', {
      searchParams: { page: cursor.page, per_page: perSearch },
      json: { filter_rule: [{ attribute: 'deal_pipeline_id', operator: 'is_in', value }] },
      signal: ctx.signal,
      ...readByPost,
    })
    .json()
  const list = readList(answer, 'deals')
  const read = await readThin(ctx, list.records, cursor.others.since)
  const taken = takeOthers(cursor, list.total ?? 0, read)
  const pages = list.pages ?? (list.total === null ? null : Math.ceil(list.total / perSearch))
  const last = isLast({ ...list, pages }, cursor.page, perSearch)
  return toPage(read, last ? endOthers(taken, ctx.now()) : { ...taken, page: cursor.page + 1 }, true)
}

/** Takes a page of the search into the state: how far it reaches, and whether records left it since its first page. */
function takeOthers(cursor: Cursor, total: number, read: Unified): Cursor {
  const { others } = cursor
  const seen = Math.max(others.seen, ...read.conversations.map((one) => one.updatedAt))
  const shrank = others.shrank || total < others.total
  return { ...cursor, others: { ...others, seen, shrank, total: Math.max(others.total, total) } }
}

/** The search was read to its end. Where records left it meanwhile the next round asks for the same changes again. */
function endOthers(cursor: Cursor, now: number): Cursor {
  const { others } = cursor
  const since = others.shrank ? others.since : Math.max(others.since, others.seen)
  return { ...cursor, others: { ...others, since, wholeAt: now }, step: 'missing', page: 1 }
}

/** Records of the search as they are where they are whole, else read one by one; the ones that did not change are left alone. */
async function readThin(ctx: ConnectorContext, records: readonly unknown[], since: number): Promise<Unified> {
  const changed = records.filter((record) => {
    const at = thin.safeParse(record).data?.updated_at
    return at === null || at === undefined || at >= since - othersOverlapMs
  })
  const isWhole = (record: unknown) =>
    Object.hasOwn(Object(record), 'owner_id') && Boolean(thin.safeParse(record).data?.updated_at)
  const whole = readPayload({ deals: changed.filter(isWhole) }, ['deal'], await settingOf(ctx))
  const ids = changed.filter((record) => !isWhole(record)).flatMap((record) => thin.safeParse(record).data?.id ?? [])
  const single = await Promise.all(ids.map((id) => readIfThere(ctx, `deal:${id}`)))
  return join([whole, ...single])
}

const join = (all: Unified[]): Unified =>
  unified({
    conversations: all.flatMap((each) => each.conversations),
    people: all.flatMap((each) => each.people),
    removedVendorIds: all.flatMap((each) => each.removedVendorIds),
    quarantined: all.flatMap((each) => each.quarantined),
  })

/** One conversation as it stands; gone where it is not there, or not for this agent, any more. A contact looked for like this has left its view. */
async function readIfThere(ctx: ConnectorContext, key: string): Promise<Unified> {
  try {
    const { read } = await readOne(ctx, readKey(key), { contactsWait: false })
    return { ...read, messages: [] }
  } catch (error) {
    if (isAppError(error, 'vendor_not_found', 'vendor_forbidden')) return unified({ removedVendorIds: [key] })
    throw error
  }
}

async function pullMissing(ctx: ConnectorContext, cursor: Cursor): Promise<Page> {
  const now = cursor.missing.slice(0, missingPerPage)
  const missing = cursor.missing.slice(missingPerPage)
  const read = join(await Promise.all(now.map((key) => readIfThere(ctx, key))))
  const next: Cursor = missing.length > 0 ? { ...cursor, missing } : { ...cursor, missing, step: 'deals', page: 1 }
  return toPage(read, next, missing.length > 0)
}
