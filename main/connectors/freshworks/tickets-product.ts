import type { KyInstance } from 'ky'
import type { ConnectorContext, Site } from '../connector.ts'
import type { Channel, ConversationStatus, Person } from '../model.ts'
import type { Entry, Ticket } from './tickets-schema.ts'

/** A status every site of a product begins with. The others are the site's own. */
export interface BasicStatus {
  label: string
  status: ConversationStatus
}

/** What one product with tickets of API v2 does its own way. The rest is the same in the family. */
export interface TicketProduct {
  name: string
  host(site: Site): string
  basicStatuses: Readonly<Record<string, BasicStatus>>
  /** By the number in `source` of a ticket. What is not here is `other`, and the number is kept. */
  channels: Readonly<Record<string, Channel>>
  /** Numbers of `source` that are kept beside the channel, because something depends on them. */
  keptSources: readonly string[]
  /** The field of a ticket that says which of the site's brands it belongs to. */
  brandField: string
  /** The ticket's own text was written by an agent, not by the customer. */
  isOutbound(ticket: Ticket): boolean
  /** An entry that nobody wrote to anybody: a change of status, a line of the machine. */
  isEvent(entry: Entry): boolean
}

/** What the shared reading and writing asks of a product's own directory. */
export interface TicketDesk {
  product: TicketProduct
  /** Names of statuses by number. */
  labels(ctx: Remembering): Promise<ReadonlyMap<string, string>>
  /** Number of one of the site's statuses that means this, the vendor's own choice first. */
  statusNumber(ctx: Remembering, status: ConversationStatus): Promise<number>
  /** Agents with their names, as far as the account may list them. */
  colleagues(ctx: Remembering): Promise<Person[]>
}

type Remembering = Pick<ConnectorContext, 'signal' | 'now'> & { http: KyInstance }
