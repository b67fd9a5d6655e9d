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
import { agentKind, agentSchema, fieldKind, groupKind, productKind, toAgent, toStatuses } from './directory.ts'
import { product } from './map.ts'

const contactKind = { many: 'contacts', one: 'contact', others: ['results'] }
const companyKind = { many: 'companies', one: 'company', others: ['results'] }

/** Every payload of Freshdesk, by the names of https://developers.freshdesk.com/api/ in the manner `list_tickets`. */
export const operations: readonly Operation[] = [
  ticketList(product, 'list_tickets', 'A page of tickets'),
  ticketList(product, 'search_tickets', 'Tickets that fit a query'),
  goneList(product, 'list_deleted_tickets', 'Tickets that were deleted (filter=deleted)'),
  goneList(product, 'list_spam_tickets', 'Tickets that were marked as spam (filter=spam)'),
  oneTicket(product, 'get_ticket', 'One ticket with its own text, and entries where they were included'),
  oneTicket(product, 'create_ticket', 'The ticket that was made'),
  oneTicket(product, 'create_outbound_email', 'The ticket that an agent began by mail'),
  changedTicket(product, 'update_ticket', 'The ticket after a change'),
  entryList(product, 'list_conversations', 'Replies and notes of a ticket'),
  entryList(product, 'create_reply', 'The reply that was sent'),
  entryList(product, 'create_note', 'The note that was added'),
  customerList(product, contactKind, 'list_contacts', 'Customers, whom Freshdesk calls contacts'),
  customerList(product, contactKind, 'search_contacts', 'Customers that fit a query'),
  customerList(product, contactKind, 'get_contact', 'One customer'),
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
    ...{ product, name: 'list_products', summary: 'Products, our brands', kind: productKind, schema: namedSchema },
    toDirectory: (values) => ({ brands: values.map(({ id, name }) => ({ key: id, name })) }),
  }),
  directoryList({
    ...{ product, name: 'list_ticket_fields', summary: 'Form fields, for the names of statuses' },
    ...{ kind: fieldKind, schema: formFieldSchema },
    toDirectory: (values) => ({ statuses: toStatuses(values) }),
  }),
  directoryList({
    ...{ product, name: 'list_companies', summary: 'Companies, which have no place in the unified model' },
    ...{ kind: companyKind, schema: namedSchema },
    toDirectory: () => ({}),
  }),
]
