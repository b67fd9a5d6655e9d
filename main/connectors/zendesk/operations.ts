import { z } from 'zod'
import type { Operation, Site } from '../connector.ts'
import { type Macro, type Unified, unified } from '../model.ts'
import { vendorId } from '../read-records.ts'
import { readApplied } from './apply-macro.ts'
import { readMacros } from './macros.ts'
import { peopleOf } from './map.ts'
import { hostOf, personsOf, readComments, readTickets, ticketsPart } from './read.ts'
import {
  agentsOf,
  type Read,
  readBrands,
  readCustomStatuses,
  readGroups,
  readList,
  readTicketFields,
  readUsers,
} from './read-directory.ts'

/** Without the site's list of statuses a custom one shows the name of its category. */
const worldOf = (site: Site) => ({ host: hostOf(site), labels: new Map<string, string>() })

const tickets = (name: string, summary: string): Operation => ({
  name,
  summary,
  read: (payload, site) => unified(ticketsPart(readTickets(payload, worldOf(site)))),
})

const users = (name: string, summary: string): Operation => ({
  name,
  summary,
  read(payload) {
    const { values, quarantined } = readUsers(payload)
    const agents = agentsOf(values)
    return unified({
      people: personsOf(peopleOf(values)),
      directory: agents.length > 0 ? { agents } : {},
      quarantined,
    })
  },
})

const list = <T>(
  name: string,
  summary: string,
  read: (payload: unknown) => Read<T>,
  part: (values: T[]) => Unified['directory'],
): Operation => ({
  name,
  summary,
  read(payload) {
    const { values, quarantined } = read(payload)
    return unified({ directory: part(values), quarantined })
  },
})

const known = z.looseObject({ id: vendorId })
/** Read record by record like all others, though an inbox has no place for what it tells. */
const outside = (name: string, key: string): Operation =>
  list(
    name,
    `${key.replace('_', ' ')}: nothing of them belongs into an inbox`,
    (payload) => readList(payload, known, { lists: [key] }),
    () => ({}),
  )

const applied = (commands: Macro['commands']): Macro[] => [{ id: 'applied', name: 'Applied macro', commands }]

/** Every payload of Zendesk, by the name of the call. */
export const operations: readonly Operation[] = [
  tickets('list_tickets', 'GET /tickets: the list that sync reads'),
  tickets('incremental_tickets', 'GET /incremental/tickets(/cursor): the export, with deleted tickets'),
  tickets('search_tickets', 'GET /search: tickets, and people found beside them'),
  tickets('show_ticket', 'GET /tickets/{id}: one ticket'),
  tickets('create_ticket', 'POST /tickets: the new ticket, its first comment from the audit'),
  tickets('update_ticket', 'PUT /tickets/{id}: the ticket after a change, a new comment from the audit'),
  {
    name: 'ticket_comments',
    summary: 'GET /tickets/{id}/comments: replies and notes of one ticket',
    read(payload) {
      const { messages, users: found, quarantined } = readComments(payload, null)
      return unified({ messages, people: personsOf(found), quarantined })
    },
  },
  users('list_users', 'GET /users: people, agents among them'),
  users('incremental_users', 'GET /incremental/users/cursor: people, agents among them'),
  users('show_self', 'GET /users/me: who signed in'),
  list('list_groups', 'GET /groups', readGroups, (groups) => ({ groups })),
  list('list_brands', 'GET /brands', readBrands, (brands) => ({ brands })),
  list('list_custom_statuses', 'GET /custom_statuses', readCustomStatuses, (statuses) => ({ statuses })),
  list('list_ticket_fields', 'GET /ticket_fields: the statuses they name', readTicketFields, (statuses) => ({
    statuses,
  })),
  list(
    'list_macros',
    'GET /macros/active: prepared answers',
    (payload) => readMacros(payload, { me: null, statuses: [] }),
    (macros) => ({ macros }),
  ),
  {
    name: 'apply_macro',
    summary: 'GET /tickets/{id}/macros/{id}/apply: what a macro would do',
    read: (payload) => unified({ directory: { macros: applied(readApplied(payload, null, [])) } }),
  },
  outside('list_organizations', 'organizations'),
  outside('list_ticket_forms', 'ticket_forms'),
  outside('list_views', 'views'),
]
