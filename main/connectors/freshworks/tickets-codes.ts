import { z } from 'zod'
import type { ConversationStatus, Priority, StatusOption } from '../model.ts'
import { readRecords, vendorId } from '../read-records.ts'
import type { BasicStatus } from './tickets-product.ts'

/** Numbers that mean the same in both products. https://developers.freshdesk.com/api/#ticket_attributes, https://api.freshservice.com/#ticket_attributes */
export const fourStatuses: Readonly<Record<string, BasicStatus>> = {
  '2': { label: 'Open', status: 'open' },
  '3': { label: 'Pending', status: 'pending' },
  '4': { label: 'Resolved', status: 'solved' },
  '5': { label: 'Closed', status: 'closed' },
}
const basicStatusNumbers: Record<ConversationStatus, number> = {
  new: 2,
  open: 2,
  pending: 3,
  on_hold: 3,
  solved: 4,
  closed: 5,
}

/** The number for one of ours at a site with these statuses: the usual one, or the first that means it (a site's own "On hold"). */
export function statusNumberFor(status: ConversationStatus, options: readonly StatusOption[]): number {
  const usual = basicStatusNumbers[status]
  const meaning = options.filter((option) => option.status === status)
  if (meaning.length === 0 || meaning.some((option) => option.id === String(usual))) return usual
  return Number(meaning[0]?.id ?? usual)
}

const priorities: Readonly<Record<string, Priority>> = { '1': 'low', '2': 'normal', '3': 'high', '4': 'urgent' }
export const priorityNumbers: Record<Priority, number> = { low: 1, normal: 2, high: 3, urgent: 4 }
export const readPriority = (value: unknown): Priority | null => lookUp(priorities, String(value ?? ''))

export const lookUp = <T>(table: Readonly<Record<string, T>>, key: string): T | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null

/**
 * Ours for a status number. Of the site's own statuses (6 and up) only the name is known: one that says it waits is taken at its word,
 * any other counts as open, so that nothing is overlooked.
 */
export function readStatus(
  id: string,
  label: string | null,
  basic: Readonly<Record<string, BasicStatus>> = fourStatuses,
): ConversationStatus {
  const known = lookUp(basic, id)
  // A number past the four may have been renamed by the site, and then its name says more.
  if (known !== null && (label === null || label === known.label || lookUp(fourStatuses, id) !== null))
    return known.status
  if (/hold|third party|vendor|supplier/i.test(label ?? '')) return 'on_hold'
  return /waiting|pending|await/i.test(label ?? '') ? 'pending' : 'open'
}

const choice = z.looseObject({ id: vendorId, value: z.string() })

/** Choices of the status field: a map `{"2": ["Open", "Being processed"]}` (agents' name, customers' name), or a list of `{id, value}`. */
export function readStatusChoices(choices: unknown): [string, string][] {
  if (Array.isArray(choices)) return readRecords(choice, choices, 'choices').values.map(({ id, value }) => [id, value])
  return Object.entries(Object(choices)).flatMap(([id, names]): [string, string][] => {
    const name: unknown = Array.isArray(names) ? names[0] : names
    return typeof name === 'string' && /^\d+$/.test(id) ? [[id, name]] : []
  })
}
