import { z } from 'zod'
import type { Operation, Site } from '../connector.ts'
import { type Person, type Unified, unified } from '../model.ts'
import { vendorId } from '../read-records.ts'
import { threadKey, ticketKey, userOfActor } from './ids.ts'
import { type Portal, type Ticket, toCustomer, toThreadConversation, toTicketConversation } from './map.ts'
import { toMessage } from './map-messages.ts'
import {
  agentsOf,
  goneKeys,
  pipelineBrands,
  type Read,
  readActorList,
  readContactList,
  readInboxes,
  readMessageList,
  readOwners,
  readPipelines,
  readResults,
  readThreadList,
  readTicketList,
} from './read.ts'

/** Nothing is known of the portal but its number, where a ticket's address tells it: `https://app-eu1.hubspot.com/contacts/147893286/record/0-5/9001`. */
function portalOf(site: Site, tickets: readonly Ticket[] = []): Portal {
  const [, id] = /hubspot\.com\/contacts\/(\d+)\//.exec(tickets.map((ticket) => ticket.url ?? '').join(' ')) ?? []
  return { id: site.portal ?? id ?? '0', stages: new Map(), userOfOwner: new Map() }
}

const tickets = (name: string, summary: string): Operation => ({
  name,
  summary,
  read(payload, site) {
    const { values, archived, quarantined } = readTicketList(payload)
    const portal = portalOf(site, values)
    return unified({
      conversations: values.map((ticket) => toTicketConversation(ticket, portal, new Map(), null)),
      removedVendorIds: archived.map(ticketKey),
      quarantined,
    })
  },
})

const threads = (name: string, summary: string): Operation => ({
  name,
  summary,
  read(payload, site) {
    const { values, gone, quarantined } = readThreadList(payload)
    return unified({
      conversations: values.map((thread) => toThreadConversation(thread, portalOf(site), new Map(), null)),
      removedVendorIds: goneKeys(gone),
      quarantined,
    })
  },
})

const messages = (name: string, summary: string): Operation => ({
  name,
  summary,
  read(payload) {
    const { values, quarantined } = readMessageList(payload)
    const keyOf = (thread: string | null | undefined) => (thread ? threadKey(thread) : '')
    return unified({
      messages: values.map((message) => toMessage(message, keyOf(message.conversationsThreadId), new Map())),
      quarantined,
    })
  },
})

const people = <T>(
  name: string,
  summary: string,
  read: (payload: unknown) => Read<T>,
  toPerson: (value: T) => Person,
): Operation => ({
  name,
  summary,
  read(payload) {
    const { values, quarantined } = read(payload)
    return unified({ people: values.map(toPerson), quarantined })
  },
})

const lists = <T>(
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

const pipelines = (name: string, summary: string): Operation =>
  lists(name, summary, readPipelines, (values) => ({
    statuses: values.flatMap((pipeline) => pipeline.stages),
    brands: pipelineBrands(values),
  }))

const contacts = (name: string, summary: string): Operation =>
  people(name, summary, readContactList, (contact) => toCustomer(contact.id, new Map([[contact.id, contact]])))

const known = z.looseObject({ id: vendorId })

/** Every payload of HubSpot, by the name of the call. */
export const operations: readonly Operation[] = [
  tickets('list_tickets', 'GET /crm/v3/objects/tickets: all tickets'),
  tickets('search_tickets', 'POST /crm/v3/objects/tickets/search: what changed'),
  tickets('read_tickets', 'POST /crm/v3/objects/tickets/batch/read: tickets of threads'),
  tickets('get_ticket', 'GET /crm/v3/objects/tickets/{id}: one ticket'),
  tickets('update_ticket', 'PATCH /crm/v3/objects/tickets/{id}: the ticket after a change'),
  threads(
    'conversation_threads',
    'GET /conversations/v3/conversations/threads: threads, with the ticket each belongs to',
  ),
  threads('get_thread', 'GET /conversations/v3/conversations/threads/{id}: one thread'),
  messages('conversation_messages', 'GET /conversations/v3/conversations/threads/{id}/messages'),
  messages(
    'send_message',
    'POST /conversations/v3/conversations/threads/{id}/messages: the reply or comment that was sent',
  ),
  contacts('list_contacts', 'GET /crm/v3/objects/contacts: customers'),
  contacts('read_contacts', 'POST /crm/v3/objects/contacts/batch/read: customers of tickets and threads'),
  people(
    'read_actors',
    'POST /conversations/v3/conversations/actors/batch/read: who spoke',
    readActorList,
    (actor) => ({
      vendorId: userOfActor(actor.id) ?? actor.id,
      name: actor.name ?? null,
      email: actor.email ?? null,
      phone: null,
    }),
  ),
  lists('list_owners', 'GET /crm/v3/owners: agents', readOwners, (owners) => ({ agents: agentsOf(owners) })),
  pipelines('list_ticket_pipelines', 'GET /crm/v3/pipelines/tickets: stages, per pipeline'),
  pipelines(
    'list_deal_pipelines',
    'GET /crm/v3/pipelines/deals: as ticket pipelines, though sync never asks for deals',
  ),
  lists('list_inboxes', 'GET /conversations/v3/conversations/inboxes', readInboxes, (brands) => ({ brands })),
  lists(
    'list_companies',
    'GET /crm/v3/objects/companies: nothing of them belongs into an inbox',
    (payload) => readResults(payload, known),
    () => ({}),
  ),
]
