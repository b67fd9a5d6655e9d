import { z } from 'zod'
import { AppError } from '../../errors.ts'
import type { ConnectorContext } from '../connector.ts'
import type { Thread, Unified } from '../model.ts'
import { readAnswer } from '../read-records.ts'
import { peopleOf, settingOf } from './directory.ts'
import { vendorName } from './errors.ts'
import { type Key, readKey } from './ids.ts'
import { taskSchema } from './map.ts'
import { toTaskNote } from './map-messages.ts'
import { readPayload } from './payload.ts'
import { readOne, recordPath } from './records.ts'

const perPage = 100
const mostPages = 20
const noteList = z.looseObject({ notes: z.array(z.unknown()) })

/** All notes of a deal or contact. Whether the list has pages is not documented: a full page is followed by another. */
export async function readNotes(ctx: ConnectorContext, key: Key, conversation: string): Promise<Unified> {
  const setting = await settingOf(ctx, conversation)
  const seen = new Map<unknown, unknown>()
  const users: unknown[] = []
  for (let page = 1; page <= mostPages; page += 1) {
    const searchParams = { include: 'creater', page, per_page: perPage }
    const answer: unknown = await ctx.http.get(`${recordPath(key)}/notes`, { searchParams, signal: ctx.signal }).json()
    const { notes, ...beside } = readAnswer(noteList, answer, vendorName)
    const before = seen.size
    for (const note of notes) seen.set((Object(note) as { id?: unknown }).id ?? note, note)
    users.push(...(Array.isArray(beside.users) ? beside.users : []))
    if (notes.length < perPage || seen.size === before) break
  }
  return readPayload({ notes: [...seen.values()], users }, ['note'], setting)
}

/** The record, and what was noted and logged about it, oldest first. Mail of the customer is not told by the API. */
export async function thread(ctx: ConnectorContext, conversationVendorId: string): Promise<Thread> {
  const key = readKey(conversationVendorId)
  const { read, raw } = await readOne(ctx, key)
  if (read.removedVendorIds.length > 0) throw deleted()
  const [conversation = null] = read.conversations
  const notes = key.kind === 'task' ? null : await readNotes(ctx, key, conversationVendorId)
  const own = key.kind === 'task' ? await taskText(ctx, raw) : []
  const logged = read.messages.filter((message) => message.conversationVendorId === conversationVendorId)
  return {
    conversation,
    messages: [...own, ...logged, ...(notes?.messages ?? [])].sort((a, b) => a.createdAt - b.createdAt),
    people: [...read.people, ...(await peopleOf(ctx)).values()],
    quarantined: [...read.quarantined, ...(notes?.quarantined ?? [])],
  }
}

async function taskText(ctx: ConnectorContext, raw: unknown) {
  const read = z.looseObject({ task: taskSchema }).safeParse(raw)
  return read.success ? [toTaskNote(read.data.task, await peopleOf(ctx))] : []
}

const deleted = () =>
  new AppError('vendor_not_found', 'This was deleted in Freshsales.', {
    action: 'An administrator can bring it back from the recycle bin.',
    outcome: 'refused',
  })
