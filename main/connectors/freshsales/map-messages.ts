import { z } from 'zod'
import type { Message, Person } from '../model.ts'
import { optionalId, optionalText, time, unknownFields, vendorId } from '../read-records.ts'
import { htmlToText } from '../text.ts'
import { keyOf, keyOfTarget } from './ids.ts'
import { type Task, targetOf } from './map.ts'

/** What stands in the thread of a deal, contact or task. There are no messages of the customer: the API tells no mail. */

const about = { targetable_id: optionalId, targetable_type: optionalText }
/** Lists write `creater_id`, events `creator_id`. */
const by = { creater_id: optionalId, creator_id: optionalId, owner_id: optionalId }

export const noteSchema = z.looseObject({ id: vendorId, description: optionalText, ...about, ...by, created_at: time })
export type Note = z.infer<typeof noteSchema>

export const activitySchema = z.looseObject({
  id: vendorId,
  title: optionalText,
  notes: optionalText,
  start_date: optionalText,
  ...about,
  ...by,
  created_at: time,
})
export const appointmentSchema = z.looseObject({
  id: vendorId,
  title: optionalText,
  description: optionalText,
  from_date: optionalText,
  end_date: optionalText,
  location: optionalText,
  ...about,
  ...by,
  created_at: time,
})

type Entry = { targetable_id?: string | null | undefined; targetable_type?: string | null | undefined } & {
  creater_id?: string | null | undefined
  creator_id?: string | null | undefined
  owner_id?: string | null | undefined
  created_at: number
}

function entry(
  kind: Message['kind'],
  id: string,
  record: Entry,
  text: string,
  context: { conversation: string | null; people: ReadonlyMap<string, Person> },
): Omit<Message, 'vendor'> {
  const author = record.creater_id ?? record.creator_id ?? record.owner_id ?? null
  const person = context.people.get(author ?? '') ?? { vendorId: author, name: null, email: null, phone: null }
  const isHtml = /<[a-z][^>]*>/i.test(text)
  return {
    vendorId: id,
    conversationVendorId: keyOfTarget(record.targetable_type, record.targetable_id) ?? context.conversation ?? '',
    kind,
    direction: 'out',
    author: { ...person, role: kind === 'event' ? 'system' : 'agent' },
    createdAt: record.created_at,
    bodyHtml: isHtml ? text : null,
    bodyText: isHtml ? htmlToText(text) : text,
    attachments: [],
  }
}

type Context = Parameters<typeof entry>[4]
const lines = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join('\n')
const shared = ['id', 'targetable_id', 'targetable_type', 'creater_id', 'creator_id', 'created_at', 'links']

export const toNote = (note: Note, context: Context): Message => ({
  ...entry('note', `note:${note.id}`, note, note.description ?? '', context),
  vendor: unknownFields(note, [...shared, 'description']),
})

/** A call, a mail or a visit that somebody logged. */
export const toActivity = (activity: z.infer<typeof activitySchema>, context: Context): Message => ({
  ...entry('event', `activity:${activity.id}`, activity, lines(activity.title, activity.notes), context),
  vendor: unknownFields(activity, [...shared, 'title', 'notes']),
})

export function toAppointment(appointment: z.infer<typeof appointmentSchema>, context: Context): Message {
  const { title, description, from_date: from, end_date: end, location } = appointment
  const when = [from, end].filter(Boolean).join(' – ')
  return {
    ...entry('event', `appointment:${appointment.id}`, appointment, lines(title, description, when, location), context),
    vendor: unknownFields(appointment, [...shared, 'title', 'description']),
  }
}

/** A task's own text is the first and only entry of its thread. */
export function toTaskNote(task: Task, people: ReadonlyMap<string, Person>): Message {
  const target = targetOf(task)
  const text = lines(task.description) || (task.title ?? '')
  const written = { ...task, targetable_id: null, targetable_type: null }
  return {
    ...entry('note', `task:${task.id}`, written, text, { conversation: keyOf('task', task.id), people }),
    vendor: target === null ? {} : { about: `${target.type} ${target.id}` },
  }
}
