import { z } from 'zod'
import type { Site } from '../connector.ts'
import { type Envelope, listed, openEnvelopes, readEach, under } from '../envelopes.ts'
import type { Conversation, Message, Person, Quarantined, Unified } from '../model.ts'
import { optionalId, time } from '../read-records.ts'
import { vendorName } from './errors.ts'
import {
  type Comment,
  commentSchema,
  firstSpeaker,
  peopleOf,
  type Talk,
  type Ticket,
  ticketSchema,
  toConversation,
  toMessage,
  toPerson,
  type User,
  userSchema,
} from './map.ts'

/** Answers about tickets and comments, read whole: what pull, thread and write read, and what every operation reads. */

export const hostOf = ({ subdomain }: Site): string => `${subdomain}.zendesk.com`

/** What is known beside an answer: the site, the labels of its statuses, people read before. */
export interface World {
  host: string
  labels: ReadonlyMap<string, string>
  people?: ReadonlyMap<string, User>
}

export interface TicketsRead {
  /** As the vendor has them, deleted ones too. */
  tickets: Ticket[]
  conversations: Conversation[]
  /** The comment that a write has made, from its audit. */
  messages: Message[]
  users: ReadonlyMap<string, User>
  removed: string[]
  quarantined: Quarantined[]
}

const deletedSchema = z.looseObject({ id: optionalId, status: z.literal('deleted') })
const otherResult = z.looseObject({ result_type: z.string() })

const ticketShape = { lists: ['tickets', 'results'], ones: ['ticket'] }

/** Tickets of a list, an export, a search, a single one or a write, with the people that came along. @throws AppError `vendor_bad_answer` */
export function readTickets(payload: unknown, world: World): TicketsRead {
  const read = openEnvelopes(payload, ticketShape, vendorName).map((envelope) => readTicketAnswer(envelope, world))
  return {
    tickets: read.flatMap((each) => each.tickets),
    conversations: read.flatMap((each) => each.conversations),
    messages: read.flatMap((each) => each.messages),
    users: new Map(read.flatMap((each) => [...each.users])),
    removed: read.flatMap((each) => each.removed),
    quarantined: read.flatMap((each) => each.quarantined),
  }
}

function readTicketAnswer(envelope: Envelope, world: World): TicketsRead {
  const found = sortResults(envelope)
  const removed = found.tickets.flatMap(({ record }) => {
    const read = deletedSchema.safeParse(record)
    return read.success && read.data.id ? [read.data.id] : []
  })
  const tickets = readEach(ticketSchema, found.tickets)
  const users = readSideload(envelope, found.users)
  const people = new Map([...(world.people ?? []), ...users.people])
  const alive = tickets.values.filter((ticket) => ticket.status !== 'deleted')
  const written = readAudit(envelope, tickets.values[0], people)
  const gone = (each: Quarantined) => each.vendorId !== null && removed.includes(each.vendorId)
  return {
    tickets: tickets.values,
    conversations: alive.map((ticket) => toConversation(ticket, { ...world, people })),
    messages: written.messages,
    users: users.people,
    removed,
    quarantined: [...tickets.quarantined.filter((each) => !gone(each)), ...users.quarantined, ...written.quarantined],
  }
}

/** A search finds people and organisations too. */
function sortResults({ records }: Envelope) {
  const kindOf = (record: unknown) => otherResult.safeParse(record).data?.result_type ?? 'ticket'
  return {
    tickets: records.filter(({ record }) => kindOf(record) === 'ticket'),
    users: records.filter(({ record }) => kindOf(record) === 'user'),
  }
}

function readSideload({ members, path }: Envelope, more: Envelope['records'] = []) {
  const list: unknown[] = Array.isArray(members.users) ? members.users : []
  const { values, quarantined } = readEach(userSchema, [...listed(list, under(path, 'users')), ...more])
  return { people: peopleOf(values), quarantined }
}

const auditSchema = z.looseObject({ created_at: time, author_id: optionalId, events: z.array(z.unknown()) })
const commentEvent = z.looseObject({ type: z.literal('Comment') })

/** The new comment stands in the audit's event of type Comment, which has no time and may have no author of its own. */
function readAudit({ members, path }: Envelope, ticket: Ticket | undefined, people: ReadonlyMap<string, User>) {
  const nothing = { messages: [] as Message[], quarantined: [] as Quarantined[] }
  if (ticket === undefined || typeof members.audit !== 'object' || members.audit === null) return nothing
  const at = under(path, 'audit')
  const audit = readEach(auditSchema, [{ record: members.audit, path: at }])
  const [found] = audit.values
  if (found === undefined) return { ...nothing, quarantined: audit.quarantined }
  const events = found.events.flatMap((event, index) =>
    commentEvent.safeParse(event).success
      ? [
          {
            record: { author_id: found.author_id, ...Object(event), created_at: found.created_at },
            path: `${at}.events[${index}]`,
          },
        ]
      : [],
  )
  const comments = readEach(commentSchema, events)
  const talk = { ticketId: ticket.id, requesterId: ticket.requester_id ?? null, people }
  return { messages: comments.values.map((comment) => toMessage(comment, talk)), quarantined: comments.quarantined }
}

export interface CommentsRead {
  /** In the order of the answer, as messages and as the vendor has them. */
  messages: Message[]
  comments: Comment[]
  users: ReadonlyMap<string, User>
  quarantined: Quarantined[]
}

/** Ticket of a list of comments, from the addresses of its neighbouring pages: nothing else in the answer tells it. */
function ticketOf(members: Record<string, unknown>): string {
  const addresses = [members.next_page, members.previous_page, ...Object.values(Object(members.links) as object)]
  const [, id] = /\/tickets\/(\d+)\/comments/.exec(addresses.filter((each) => typeof each === 'string').join(' ')) ?? []
  return id ?? ''
}

/** Comments of one ticket, or of several answers one after the other. @throws AppError `vendor_bad_answer` */
export function readComments(payload: unknown, known: Talk | null): CommentsRead {
  const read = openEnvelopes(payload, { lists: ['comments'], ones: ['comment'] }, vendorName).map((envelope) => {
    const { values, quarantined } = readEach(commentSchema, envelope.records)
    const users = readSideload(envelope)
    const talk = known ?? {
      ticketId: ticketOf(envelope.members),
      requesterId: firstSpeaker(values),
      people: new Map<string, User>(),
    }
    const people = new Map([...talk.people, ...users.people])
    return {
      messages: values.map((comment) => toMessage(comment, { ...talk, people })),
      comments: values,
      users: users.people,
      quarantined: [...quarantined, ...users.quarantined],
    }
  })
  return {
    messages: read.flatMap((each) => each.messages),
    comments: read.flatMap((each) => each.comments),
    users: new Map(read.flatMap((each) => [...each.users])),
    quarantined: read.flatMap((each) => each.quarantined),
  }
}

export const personsOf = (users: ReadonlyMap<string, User>): Person[] =>
  [...users.keys()].map((id) => toPerson(id, users))

/** The model's part of tickets. */
export const ticketsPart = (read: TicketsRead): Partial<Unified> => ({
  conversations: read.conversations,
  messages: read.messages,
  people: personsOf(read.users),
  removedVendorIds: read.removed,
  quarantined: read.quarantined,
})
