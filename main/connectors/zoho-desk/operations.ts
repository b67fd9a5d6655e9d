import type { Operation, Site } from '../connector.ts'
import { type Unified, unified } from '../model.ts'
import { dataCentreOf } from './data-centres.ts'
import {
  agentKind,
  deletedKind,
  departmentKind,
  departmentsPart,
  fieldKind,
  isTicket,
  teamKind,
  toAgent,
  toGroups,
  toStatuses,
} from './directory-map.ts'
import { contactKind, isGone, ticketKind, toConversation, toCustomer, toPerson } from './map.ts'
import {
  authorsOf,
  commentKind,
  entryKind,
  type MessageContext,
  threadKind,
  toEntryMessage,
  toMessage,
  toNote,
} from './map-messages.ts'
import { type Kind, readPayload } from './payload.ts'

function tickets(payload: unknown, site: Site): Unified {
  const { values, quarantined } = readPayload(ticketKind, payload)
  const alive = values.filter((ticket) => !isGone(ticket))
  return unified({
    conversations: alive.map((ticket) => toConversation(ticket, dataCentreOf(site).desk)),
    people: alive.map(toCustomer).filter((person) => person.vendorId !== null),
    removedVendorIds: values.filter(isGone).map(({ id }) => id),
    quarantined,
  })
}

/** The payload alone does not say which ticket it belongs to, unless it carries `ticketId`. */
const contextOf = (site: Site): MessageContext => ({ host: dataCentreOf(site).desk, ticketId: null, names: new Map() })

const messages =
  <T>(kind: Kind<T>, map: (value: T, context: MessageContext) => ReturnType<typeof toMessage>) =>
  (payload: unknown, site: Site): Unified => {
    const { values, quarantined } = readPayload(kind, payload)
    const found = values.map((value) => map(value, contextOf(site)))
    return unified({ messages: found, people: authorsOf(found), quarantined })
  }

function people(payload: unknown): Unified {
  const { values, quarantined } = readPayload(contactKind, payload)
  return unified({ people: values.map(toPerson), quarantined })
}

const lists =
  <T>(kind: Kind<T>, part: (values: T[]) => Unified['directory'], envelope?: string) =>
  (payload: unknown): Unified => {
    const { values, quarantined } = readPayload(kind, payload, envelope)
    return unified({ directory: part(values), quarantined })
  }

function bin(payload: unknown): Unified {
  const { values, quarantined } = readPayload(deletedKind, payload)
  return unified({ removedVendorIds: values.filter(isTicket).map(({ id }) => id), quarantined })
}

const threads = messages(threadKind, toMessage)
const comments = messages(commentKind, toNote)
const agentList = lists(agentKind, (values) => ({ agents: values.map(toAgent) }))

const of = (name: string, summary: string, read: Operation['read']): Operation => ({ name, summary, read })

/** Every payload of Zoho Desk that is read here. https://desk.zoho.com/DeskAPIDocument */
export const operations: readonly Operation[] = [
  of('list_tickets', 'GET /tickets', tickets),
  of('search_tickets', 'GET /tickets/search', tickets),
  of('get_ticket', 'GET /tickets/{id}', tickets),
  of('create_ticket', 'POST /tickets', tickets),
  of('update_ticket', 'PATCH /tickets/{id}', tickets),
  of('list_conversations', 'GET /tickets/{id}/conversations', messages(entryKind, toEntryMessage)),
  of('ticket_threads', 'GET /tickets/{id}/threads', threads),
  of('get_thread', 'GET /tickets/{id}/threads/{threadId}', threads),
  of('latest_thread', 'GET /tickets/{id}/latestThread', threads),
  of('send_reply', 'POST /tickets/{id}/sendReply', threads),
  of('list_comments', 'GET /tickets/{id}/comments', comments),
  of('create_comment', 'POST /tickets/{id}/comments', comments),
  of('list_contacts', 'GET /contacts', people),
  of('search_contacts', 'GET /contacts/search', people),
  of('get_contact', 'GET /contacts/{id}', people),
  of('create_contact', 'POST /contacts', people),
  of('list_agents', 'GET /agents', agentList),
  of('my_info', 'GET /myinfo', agentList),
  of('list_departments', 'GET /departments', lists(departmentKind, departmentsPart)),
  of(
    'list_teams',
    'GET /teams',
    lists(teamKind, (values) => ({ groups: toGroups(values) }), 'teams'),
  ),
  of(
    'list_fields',
    'GET /organizationFields',
    lists(fieldKind, (values) => ({ statuses: toStatuses(values) })),
  ),
  of('list_recycle_bin', 'GET /recycleBin', bin),
]
