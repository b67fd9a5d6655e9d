import type { ConversationStatus, Counts, ListQuery } from '../../preload/contract.ts'

/** What narrows the list. A view is nothing but a named set of the first three. */
export interface Filters {
  statuses: readonly ConversationStatus[]
  assignee: 'me' | 'none' | null
  unreadOnly: boolean
  brandId: string | null
  accountId: string | null
  text: string
}

export const noFilters: Filters = {
  statuses: [],
  assignee: null,
  unreadOnly: false,
  brandId: null,
  accountId: null,
  text: '',
}

export type ViewId = 'all' | 'unread' | 'mine' | 'unassigned' | 'open' | 'pending' | 'solved'

type ViewFilters = Pick<Filters, 'statuses' | 'assignee' | 'unreadOnly'>

export interface View {
  id: ViewId
  name: string
  filters: ViewFilters
  /** Second key of the "go to" shortcut: `G A`. */
  key: string
}

/** Everything that is not finished: what "mine" and "unassigned" mean, and what their counts count. */
const active: readonly ConversationStatus[] = ['new', 'open', 'pending', 'on_hold']

const preset = (change: Partial<ViewFilters>): ViewFilters => ({
  statuses: [],
  assignee: null,
  unreadOnly: false,
  ...change,
})

export const views: readonly View[] = [
  { id: 'all', name: 'All', key: 'A', filters: preset({}) },
  { id: 'unread', name: 'Unread', key: 'U', filters: preset({ unreadOnly: true }) },
  { id: 'mine', name: 'Mine', key: 'M', filters: preset({ assignee: 'me', statuses: active }) },
  { id: 'unassigned', name: 'Unassigned', key: 'N', filters: preset({ assignee: 'none', statuses: active }) },
  { id: 'open', name: 'Open', key: 'O', filters: preset({ statuses: ['new', 'open'] }) },
  { id: 'pending', name: 'Pending', key: 'P', filters: preset({ statuses: ['pending', 'on_hold'] }) },
  { id: 'solved', name: 'Solved', key: 'S', filters: preset({ statuses: ['solved', 'closed'] }) },
]

/** The view these filters are, or null for a mix of one's own. */
export function viewOf(filters: Filters): ViewId | null {
  const same = views.find(
    (view) =>
      view.filters.assignee === filters.assignee &&
      view.filters.unreadOnly === filters.unreadOnly &&
      view.filters.statuses.length === filters.statuses.length &&
      view.filters.statuses.every((status) => filters.statuses.includes(status)),
  )
  return same?.id ?? null
}

export function withView(filters: Filters, id: ViewId): Filters {
  const view = views.find((candidate) => candidate.id === id)
  return view === undefined ? filters : { ...filters, ...view.filters }
}

/** A brand and an account narrow one another away, so choosing one lets go of the other. */
export function withBrand(filters: Filters, brandId: string | null): Filters {
  return { ...filters, brandId, accountId: null }
}

export function withAccount(filters: Filters, accountId: string | null): Filters {
  return { ...filters, accountId, brandId: accountId === null ? filters.brandId : null }
}

export function withStatus(filters: Filters, status: ConversationStatus): Filters {
  const has = filters.statuses.includes(status)
  const statuses = has ? filters.statuses.filter((other) => other !== status) : [...filters.statuses, status]
  return { ...filters, statuses }
}

/** True when something beside the view, brand and account narrows the list. */
export function isNarrowed(filters: Filters): boolean {
  return filters.text.trim() !== '' || viewOf(filters) === null
}

/** The call's arguments: only what is set. */
export function toQuery(filters: Filters, limit: number, after?: string): ListQuery {
  const text = filters.text.trim()
  return {
    limit,
    ...(after !== undefined && { after }),
    ...(filters.brandId !== null && { brandId: filters.brandId }),
    ...(filters.accountId !== null && { accountId: filters.accountId }),
    ...(filters.statuses.length > 0 && { statuses: [...filters.statuses] }),
    ...(filters.assignee !== null && { assignee: filters.assignee }),
    ...(filters.unreadOnly && { unreadOnly: true }),
    ...(text !== '' && { text }),
  }
}

/** How many conversations a view holds, where the counts say so for the chosen brand or account; null otherwise. */
export function viewCount(view: ViewId, filters: Filters, counts: Counts | null): number | null {
  if (counts === null) return null
  if (filters.accountId !== null) {
    const account = counts.byAccount[filters.accountId]
    return view === 'all' ? (account?.all ?? 0) : view === 'unread' ? (account?.unread ?? 0) : null
  }
  if (filters.brandId !== null) return view === 'unread' ? (counts.byBrand[filters.brandId]?.unread ?? 0) : null
  if (view === 'all' || view === 'unread' || view === 'mine' || view === 'unassigned') return counts.total[view]
  return null
}
