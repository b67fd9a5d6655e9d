import type { ConversationStatus } from '../../connectors/model.ts'
import type { ListQuery } from '../model.ts'

/** Order is stored: append only. */
export const statusCodes: readonly ConversationStatus[] = ['new', 'open', 'pending', 'on_hold', 'solved', 'closed']

export const assignments = { other: 0, me: 1, none: 2 } as const
export type Assignment = (typeof assignments)[keyof typeof assignments]

/** Status, assignment and unread as one number, as the generated column `facet` computes it. */
export function facetOf(status: number, assignment: number, unread: number): number {
  return status * 6 + assignment * 2 + unread
}

export function partsOf(facet: number): { status: number; assignment: number; unread: boolean } {
  return { status: Math.floor(facet / 6), assignment: Math.floor((facet % 6) / 2), unread: facet % 2 === 1 }
}

const all = Array.from({ length: statusCodes.length * 6 }, (_, facet) => facet)

/** Everything that still needs work: neither solved nor closed. */
export function isOpen(status: number): boolean {
  const name = statusCodes[status]
  return name !== 'solved' && name !== 'closed'
}

/** The facets a query asks for; null when it does not narrow them, so that one plain range will do. */
export function facetsOf(query: Pick<ListQuery, 'statuses' | 'assignee' | 'unreadOnly'>): number[] | null {
  const statuses = query.statuses?.map((status) => statusCodes.indexOf(status)) ?? null
  const assignment = query.assignee === undefined ? null : assignments[query.assignee]
  if (statuses === null && assignment === null && !query.unreadOnly) return null
  return all.filter((facet) => {
    const parts = partsOf(facet)
    return (
      (statuses === null || statuses.includes(parts.status)) &&
      (assignment === null || assignment === parts.assignment) &&
      (!query.unreadOnly || parts.unread)
    )
  })
}
