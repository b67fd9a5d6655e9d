import type { Conversation, Person, Unified } from '../model.ts'
import { optionalId, optionalTime, unknownFields } from '../read-records.ts'
import { htmlToText, preview } from '../text.ts'
import { lookUp, readPriority, readStatus } from './tickets-codes.ts'
import type { TicketProduct } from './tickets-product.ts'
import type { Customer, Ticket } from './tickets-schema.ts'

/** Everything here is pure: a ticket of API v2 in, a conversation out. */

export interface TicketContext {
  host: string
  /** Names of statuses by number, as the site's form fields tell them. */
  labels: ReadonlyMap<string, string>
}

export function personName(person: Pick<Customer, 'name' | 'first_name' | 'last_name'>): string | null {
  const parts = [person.first_name, person.last_name].filter(Boolean).join(' ')
  return person.name || parts || null
}

const filled = (values: unknown[]): string | null => {
  const found = values.find((value) => value !== null && value !== undefined && value !== '')
  return found === undefined ? null : String(found)
}

export function toPerson(person: Customer): Person {
  const { email, primary_email, other_emails, secondary_emails } = person
  const spare = [...(other_emails ?? []), ...(secondary_emails ?? [])].filter((each) => typeof each === 'string')
  return {
    vendorId: person.id ?? null,
    name: personName(person),
    email: filled([email, primary_email, ...spare]),
    phone: filled([person.phone, person.work_phone_number, person.mobile, person.mobile_phone_number]),
  }
}

export function toCustomer(ticket: Ticket): Person {
  const { requester, requester_id: id } = ticket
  const person = requester ? toPerson(requester) : { vendorId: null, name: null, email: null, phone: null }
  return { ...person, vendorId: id ?? person.vendorId }
}

const ticketFields = [
  ...['id', 'subject', 'description', 'description_text', 'status', 'priority', 'source', 'requester_id', 'requester'],
  ...['responder_id', 'group_id', 'tags', 'attachments', 'due_by', 'created_at', 'updated_at', 'conversations'],
  // Says once more what `description` says.
  'structured_description',
]

/**
 * Who answered last, where `include=stats` tells both sides. `null` there means that this side never answered; then the ticket's own
 * text is the last word.
 */
function lastSpeaker(ticket: Ticket, outbound: boolean): Conversation['lastMessageBy'] {
  const { stats } = ticket
  if (!stats || !('agent_responded_at' in stats) || !('requester_responded_at' in stats)) return null
  const agent = optionalTime.parse(stats.agent_responded_at) ?? null
  const customer = optionalTime.parse(stats.requester_responded_at) ?? null
  if (agent === null && customer === null) return outbound ? 'agent' : 'customer'
  return (customer ?? Number.NEGATIVE_INFINITY) > (agent ?? Number.NEGATIVE_INFINITY) ? 'customer' : 'agent'
}

/** The ticket's own text: what the customer wrote first. */
export const ticketText = (ticket: Ticket): string => ticket.description_text || htmlToText(ticket.description ?? '')

/** A ticket as lists, `GET /tickets/{id}` and `PUT /tickets/{id}` answer it. */
export function toConversation(ticket: Ticket, product: TicketProduct, context: TicketContext): Conversation {
  const label = context.labels.get(ticket.status) ?? lookUp(product.basicStatuses, ticket.status)?.label ?? null
  const priority = readPriority(ticket.priority)
  const source = String(ticket.source ?? '')
  const channel = lookUp(product.channels, source)
  const tags = ticket.tags ?? []
  return {
    vendorId: ticket.id,
    version: ticket.updated_at,
    subject: ticket.subject ?? '',
    preview: preview(ticketText(ticket)),
    status: readStatus(ticket.status, label, product.basicStatuses),
    vendorStatus: { id: ticket.status, label: label ?? `Status ${ticket.status}` },
    priority,
    channel: channel ?? 'other',
    customer: toCustomer(ticket),
    assigneeVendorId: ticket.responder_id ?? null,
    groupVendorId: ticket.group_id ?? null,
    tags: tags.filter((tag) => typeof tag === 'string'),
    brandKey: optionalId.parse(ticket[product.brandField]) ?? null,
    createdAt: ticket.created_at,
    updatedAt: ticket.updated_at,
    lastMessageBy: lastSpeaker(ticket, product.isOutbound(ticket)),
    dueAt: ticket.due_by ?? null,
    url: `https://${context.host}/a/tickets/${encodeURIComponent(ticket.id)}`,
    vendor: {
      ...unknownFields(ticket, [...ticketFields, product.brandField]),
      ...(ticket.priority && priority === null ? { priority: ticket.priority } : {}),
      ...(ticket.source && (channel === null || product.keptSources.includes(source)) ? { source: ticket.source } : {}),
      ...(tags.some((tag) => typeof tag !== 'string') ? { tags } : {}),
    },
  }
}

/** The tickets of a list. Those that are spam or deleted are gone for us. */
export function toListed(
  list: readonly Ticket[],
  product: TicketProduct,
  context: TicketContext,
): Pick<Unified, 'conversations' | 'people' | 'removedVendorIds'> {
  const isGone = (ticket: Ticket) => ticket.deleted === true || ticket.spam === true
  const alive = list.filter((ticket) => !isGone(ticket))
  return {
    conversations: alive.map((ticket) => toConversation(ticket, product, context)),
    people: alive.map(toCustomer).filter((person) => person.vendorId !== null),
    removedVendorIds: list.filter(isGone).map((ticket) => ticket.id),
  }
}
