import type { Operation } from '../connector.ts'
import {
  changedTicket,
  customerList,
  directoryList,
  entryList,
  goneList,
  oneTicket,
  ticketList,
} from '../freshworks/tickets-operations.ts'
import { formFieldSchema, namedSchema } from '../freshworks/tickets-schema.ts'
import { agentKind, agentSchema, fieldKind, groupKind, toAgent, toStatuses, workspaceKind } from './directory.ts'
import { product } from './map.ts'

const requesterKind = { many: 'requesters', one: 'requester' }
const roleKind = { many: 'roles', one: 'role' }

/** Every payload of Freshservice, by the names of https://api.freshservice.com/ in the manner `list_tickets`. */
export const operations: readonly Operation[] = [
  ticketList(product, 'list_tickets', 'A page of tickets'),
  ticketList(product, 'filter_tickets', 'Tickets that fit a query'),
  goneList(product, 'list_deleted_tickets', 'Tickets that were deleted (filter=deleted)'),
  goneList(product, 'list_spam_tickets', 'Tickets that were marked as spam (filter=spam)'),
  oneTicket(product, 'get_ticket', 'One ticket with its own text, and entries where they were included'),
  oneTicket(product, 'create_ticket', 'The ticket that was made'),
  changedTicket(product, 'update_ticket', 'The ticket after a change'),
  entryList(product, 'list_ticket_conversations', 'Replies and notes of a ticket'),
  entryList(product, 'create_reply', 'The reply that was sent'),
  entryList(product, 'create_note', 'The note that was added'),
  customerList(product, requesterKind, 'list_requesters', 'Customers, whom Freshservice calls requesters'),
  customerList(product, requesterKind, 'get_requester', 'One customer'),
  directoryList({
    ...{ product, name: 'list_agents', summary: 'Agents', kind: agentKind, schema: agentSchema },
    toDirectory: (values) => ({ agents: values.map(toAgent) }),
  }),
  directoryList({
    ...{
      product,
      name: 'get_agent',
      summary: 'One agent, also the one signed in',
      kind: agentKind,
      schema: agentSchema,
    },
    toDirectory: (values) => ({ agents: values.map(toAgent) }),
  }),
  directoryList({
    ...{ product, name: 'list_groups', summary: 'Groups of agents', kind: groupKind, schema: namedSchema },
    toDirectory: (values) => ({ groups: values.map(({ id, name }) => ({ vendorId: id, name })) }),
  }),
  directoryList({
    ...{
      product,
      name: 'list_workspaces',
      summary: 'Workspaces, our brands',
      kind: workspaceKind,
      schema: namedSchema,
    },
    toDirectory: (values) => ({ brands: values.map(({ id, name }) => ({ key: id, name })) }),
  }),
  directoryList({
    ...{ product, name: 'list_ticket_form_fields', summary: 'Form fields, for the names of statuses' },
    ...{ kind: fieldKind, schema: formFieldSchema },
    toDirectory: (values) => ({ statuses: toStatuses(values) }),
  }),
  directoryList({
    ...{ product, name: 'list_roles', summary: 'Roles of agents, which have no place in the unified model' },
    ...{ kind: roleKind, schema: namedSchema },
    toDirectory: () => ({}),
  }),
]
