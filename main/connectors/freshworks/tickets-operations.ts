import type { z } from 'zod'
import type { Operation, Site } from '../connector.ts'
import { type Message, type Person, type Quarantined, type Unified, unified } from '../model.ts'
import { vendorId } from '../read-records.ts'
import { type TicketContext, toConversation, toCustomer, toListed, toPerson } from './tickets-map.ts'
import { toFirstMessage, toMessage } from './tickets-messages.ts'
import type { TicketProduct } from './tickets-product.ts'
import { entries, type RecordKind, readRecordsOf, tickets } from './tickets-records.ts'
import { entrySchema, personSchema, type Ticket, ticketSchema } from './tickets-schema.ts'

/** The payloads of both products, each read by the code that sync runs. A payload alone does not tell the site's own status names. */
const alone = (product: TicketProduct, site: Site): TicketContext => ({ host: product.host(site), labels: new Map() })

export function ticketList(product: TicketProduct, name: string, summary: string): Operation {
  return {
    name,
    summary,
    read(payload, site) {
      const { values, quarantined } = readRecordsOf(ticketSchema, payload, tickets, product.name)
      return unified({ ...toListed(values, product, alone(product, site)), quarantined })
    },
  }
}

/** A list of what was deleted or marked as spam. */
export function goneList(product: TicketProduct, name: string, summary: string): Operation {
  return {
    name,
    summary,
    read(payload) {
      const { values, quarantined } = readRecordsOf(ticketSchema, payload, tickets, product.name)
      return unified({ removedVendorIds: values.map((ticket) => ticket.id), quarantined })
    },
  }
}

/** One ticket with its own text as the first message, and the entries that `include=conversations` brings. */
export function oneTicket(product: TicketProduct, name: string, summary: string): Operation {
  return {
    name,
    summary,
    read(payload, site) {
      const { values, quarantined } = readRecordsOf(ticketSchema, payload, tickets, product.name)
      const inside = values.map((ticket) => embedded(ticket, product))
      return unified({
        conversations: values.map((ticket) => toConversation(ticket, product, alone(product, site))),
        messages: inside.flatMap(({ messages }) => messages),
        people: values.map(toCustomer).filter((person) => person.vendorId !== null),
        quarantined: [...quarantined, ...inside.flatMap((each) => each.quarantined)],
      })
    },
  }
}

function embedded(ticket: Ticket, product: TicketProduct): { messages: Message[]; quarantined: Quarantined[] } {
  const first = toFirstMessage(ticket, product)
  if (!Array.isArray(ticket.conversations)) return { messages: [first], quarantined: [] }
  const { values, quarantined } = readRecordsOf(entrySchema, ticket.conversations, entries, product.name)
  const customer = toCustomer(ticket)
  const people = new Map<string, Person>(customer.vendorId === null ? [] : [[customer.vendorId, customer]])
  return { messages: [first, ...values.map((each) => toMessage(each, ticket.id, people, product))], quarantined }
}

/** A change of a ticket is answered with the ticket; its text is known already. */
export function changedTicket(product: TicketProduct, name: string, summary: string): Operation {
  return {
    name,
    summary,
    read(payload, site) {
      const { values, quarantined } = readRecordsOf(ticketSchema, payload, tickets, product.name)
      const conversations = values.map((ticket) => toConversation(ticket, product, alone(product, site)))
      return unified({ conversations, quarantined })
    },
  }
}

/** Entries of a ticket. By themselves they must say which ticket they belong to. */
export function entryList(product: TicketProduct, name: string, summary: string): Operation {
  const schema = entrySchema.extend({ ticket_id: vendorId })
  return {
    name,
    summary,
    read(payload) {
      const { values, quarantined } = readRecordsOf(schema, payload, entries, product.name)
      return unified({
        messages: values.map((entry) => toMessage(entry, entry.ticket_id, new Map(), product)),
        quarantined,
      })
    },
  }
}

export function customerList(product: TicketProduct, kind: RecordKind, name: string, summary: string): Operation {
  const schema = personSchema.extend({ id: vendorId })
  return {
    name,
    summary,
    read(payload) {
      const { values, quarantined } = readRecordsOf(schema, payload, kind, product.name)
      return unified({ people: values.map(toPerson), quarantined })
    },
  }
}

/** A list of records for the directory, each read by `schema`. */
export function directoryList<T>(list: {
  product: TicketProduct
  name: string
  summary: string
  kind: RecordKind
  schema: z.ZodType<T>
  toDirectory(values: T[]): Unified['directory']
}): Operation {
  const { product, name, summary, kind, schema, toDirectory } = list
  return {
    name,
    summary,
    read(payload) {
      const { values, quarantined } = readRecordsOf(schema, payload, kind, product.name)
      return unified({ directory: toDirectory(values), quarantined })
    },
  }
}
