import { z } from 'zod'
import type { ConversationStatus, StatusOption } from '../model.ts'
import { optionalText, vendorId } from '../read-records.ts'

/**
 * Gmail has no status. Said plainly: a thread with mail in the inbox is open, a label such as "Waiting" makes it pending, and one that
 * was archived is solved. Everything here is pure.
 */

export const labelSchema = z.looseObject({ id: vendorId, name: z.string().min(1), type: optionalText })
export type Label = z.infer<typeof labelSchema>

/** Labels of a mailbox by id, as far as they are known. */
export type Labels = ReadonlyMap<string, Label>

export const inbox: StatusOption = { id: 'INBOX', label: 'Inbox', status: 'open' }
export const archived: StatusOption = { id: 'ARCHIVED', label: 'Archived', status: 'solved' }
/** The label Manydesk makes when a conversation first becomes pending and the mailbox has none for it. */
export const waiting: StatusOption = { id: 'WAITING', label: 'Waiting', status: 'pending' }

/** Gmail's own labels are written in capitals (`INBOX`, `CATEGORY_UPDATES`, `YELLOW_STAR`), those of people like `Label_12`. */
export const isSystemLabel = (id: string) => /^[A-Z][A-Z_]*$/.test(id)

/** What a label of the mailbox says of the status, by the last part of its name; null where it is a tag like any other. */
function statusOfName(name: string): ConversationStatus | null {
  const word = (name.split('/').at(-1) ?? '').trim()
  if (/^on[ -]?hold$/i.test(word)) return 'on_hold'
  return /^(waiting|pending|awaiting)( .*)?$/i.test(word) ? 'pending' : null
}

export function statusOfLabel(id: string, labels: Labels): StatusOption | null {
  const label = labels.get(id)
  if (label === undefined || isSystemLabel(id)) return null
  const status = statusOfName(label.name)
  return status === null ? null : { id, label: label.name, status }
}

/** The statuses of a mailbox: its waiting labels between inbox and archive. */
export function statusOptions(labels: Labels): StatusOption[] {
  const own = [...labels.keys()].flatMap((id) => statusOfLabel(id, labels) ?? [])
  const pending = own.some((option) => option.status === 'pending') ? own : [waiting, ...own]
  return [inbox, ...pending, archived]
}

/**
 * Labels belong to messages, and a new mail of the customer has none of the old: a waiting label counts while the newest incoming
 * message has it, so that an answer opens the conversation again.
 */
export function readStatus(
  all: ReadonlySet<string>,
  ofNewestIncoming: readonly string[],
  labels: Labels,
): StatusOption {
  for (const id of ofNewestIncoming) {
    const option = statusOfLabel(id, labels)
    if (option !== null) return option
  }
  return all.has(inbox.id) ? inbox : archived
}

/** Names of the labels people gave, without those that are statuses; the id stands for a name that is not known. */
export function tagsOf(ids: Iterable<string>, labels: Labels): string[] {
  return [...ids]
    .filter((id) => !isSystemLabel(id) && statusOfLabel(id, labels) === null)
    .map((id) => labels.get(id)?.name ?? id)
}
