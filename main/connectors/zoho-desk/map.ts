import { z } from 'zod'
import type { Channel, Conversation, ConversationStatus, Person, Priority } from '../model.ts'
import { optionalId, optionalText, time, unknownFields, vendorId } from '../read-records.ts'
import { htmlToText, preview } from '../text.ts'
import type { Kind } from './payload.ts'

/** Everything here is pure: a payload of Zoho Desk's API v1 in, the unified model out. */

/** Ids, counters and telephone numbers are texts, but not everywhere. */
const looseText = z.union([z.string(), z.number()]).nullish().catch(null)
const optionalFlag = z.boolean().nullish().catch(null)

const contactSchema = z.looseObject({
  id: vendorId,
  name: optionalText,
  firstName: optionalText,
  lastName: optionalText,
  email: optionalText,
  secondaryEmail: optionalText,
  phone: looseText,
  mobile: looseText,
})
export type Contact = z.infer<typeof contactSchema>
export const contactKind: Kind<Contact> = {
  name: 'contact',
  schema: contactSchema,
  signs: ['lastName', 'firstName', 'isEndUser', 'secondaryEmail', 'accountCount'],
}

const referred = z
  .looseObject({ id: optionalId, name: optionalText, firstName: optionalText, lastName: optionalText })
  .extend({ email: optionalText, emailId: optionalText, phone: looseText, mobile: looseText })
  .nullish()
  .catch(null)
const lastThread = z.looseObject({ direction: optionalText, isDraft: optionalFlag }).nullish().catch(null)
const tag = z.union([z.string(), z.looseObject({ name: z.string() }).transform(({ name }) => name)])

/** Fields the agent's profile hides are simply missing: only what a conversation cannot be without is asked for. */
const ticketSchema = z
  .looseObject({
    id: vendorId,
    ticketNumber: looseText,
    subject: optionalText,
    description: optionalText,
    status: optionalText,
    statusType: optionalText,
    priority: optionalText,
    channel: optionalText,
    email: optionalText,
    phone: looseText,
    contactId: optionalId,
    contact: referred,
    assigneeId: optionalId,
    assignee: referred,
    teamId: optionalId,
    team: referred,
    departmentId: optionalId,
    department: referred,
    tags: z.array(tag).nullish().catch(null),
    tagCount: looseText,
    threadCount: looseText,
    commentCount: looseText,
    lastThread,
    dueDate: looseText,
    createdTime: time.nullish(),
    modifiedTime: time.nullish(),
    customerResponseTime: looseText,
    closedTime: looseText,
    webUrl: optionalText,
    isSpam: optionalFlag,
    isTrashed: optionalFlag,
    isDeleted: optionalFlag,
  })
  .superRefine((ticket, context) => {
    if (ticket.createdTime == null && ticket.modifiedTime == null)
      context.addIssue({ code: 'custom', message: 'no time', path: ['createdTime'] })
  })
export type Ticket = z.infer<typeof ticketSchema>
export const ticketKind: Kind<Ticket> = {
  name: 'ticket',
  schema: ticketSchema,
  signs: ['ticketNumber', 'subject', 'statusType', 'threadCount'],
}

const word = (text: string | null | undefined) => (text ?? '').toLowerCase().replace(/[^\p{L}]/gu, '')
const lookUp = <T>(table: Readonly<Record<string, T>>, key: string): T | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null

/** Statuses are texts of the portal; each has one of three types. These four every portal begins with. */
const typesOfNames: Record<string, string> = {
  open: 'open',
  escalated: 'open',
  new: 'open',
  pending: 'onhold',
  onhold: 'onhold',
  closed: 'closed',
  resolved: 'closed',
  solved: 'closed',
}
export const basicStatuses = ['Open', 'On Hold', 'Escalated', 'Closed'] as const

/** Ours for a status: its type decides, the name only refines it. What is not known counts as open, so that nothing is overlooked. */
export function readStatus(name: string | null, type: string | null): ConversationStatus {
  const kind = word(type) || lookUp(typesOfNames, word(name))
  const waits = /pending|await|wait/i.test(name ?? '')
  if (kind === 'closed') return /solved|resolved/i.test(name ?? '') ? 'solved' : 'closed'
  if (kind === 'onhold')
    return word(name) === 'pending' || (waits && /customer|client/i.test(name ?? '')) ? 'pending' : 'on_hold'
  if (word(name) === 'new') return 'new'
  return waits ? 'pending' : 'open'
}

const statusTypes = ['open', 'onhold', 'closed']

const priorities: Record<string, Priority> = {
  low: 'low',
  lowest: 'low',
  medium: 'normal',
  normal: 'normal',
  high: 'high',
  urgent: 'urgent',
  highest: 'urgent',
  critical: 'urgent',
}
/** Ours for a priority of the portal, null where its name is not known here. */
export const readPriority = (name: string | null | undefined): Priority | null => lookUp(priorities, word(name))

const channels: Record<string, Channel> = {
  email: 'email',
  web: 'web',
  webform: 'web',
  customerportal: 'web',
  feedback: 'web',
  feedbackwidget: 'web',
  phone: 'phone',
  sms: 'phone',
  chat: 'chat',
  onlinechat: 'chat',
  offlinechat: 'chat',
  whatsapp: 'chat',
  telegram: 'chat',
  line: 'chat',
  wechat: 'chat',
  instantmessage: 'chat',
  facebook: 'social',
  facebookdm: 'social',
  twitter: 'social',
  twitterdm: 'social',
  instagram: 'social',
  forums: 'social',
  forum: 'social',
  community: 'social',
}

interface Named {
  name?: string | null | undefined
  firstName?: string | null | undefined
  lastName?: string | null | undefined
}
export function personName(person: Named | null | undefined): string | null {
  const parts = [person?.firstName, person?.lastName].filter(Boolean).join(' ')
  return person?.name || parts || null
}

const phoneText = (...values: (string | number | null | undefined)[]) => {
  const found = values.find((value) => value !== null && value !== undefined && value !== '')
  return found === undefined ? null : String(found)
}

export const toPerson = (contact: Contact): Person => ({
  vendorId: contact.id,
  name: personName(contact),
  email: contact.email || contact.secondaryEmail || null,
  phone: phoneText(contact.phone, contact.mobile),
})

export function toCustomer({ contact, contactId, email, phone }: Ticket): Person {
  return {
    vendorId: contactId ?? contact?.id ?? null,
    name: personName(contact),
    email: contact?.email || email || null,
    phone: phoneText(contact?.phone, contact?.mobile, phone),
  }
}

/** What this list of tickets does not show any more. */
export const isGone = ({ isSpam, isTrashed, isDeleted }: Ticket) =>
  isSpam === true || isTrashed === true || isDeleted === true

function timeOf(value: string | number | null | undefined): number | null {
  const read = time.safeParse(value)
  return read.success ? read.data : null
}

/** Whether a new thread always moves `modifiedTime` is not stated, and plain lists do not have it: the newest known time counts. */
export function changedAt(ticket: Ticket): number {
  const times = [ticket.modifiedTime, ticket.createdTime, timeOf(ticket.customerResponseTime)]
  const known = ticket.modifiedTime == null ? [...times, timeOf(ticket.closedTime)] : times
  return Math.max(...known.map((each) => each ?? 0))
}

const ticketFields = [
  ...['id', 'subject', 'description', 'status', 'priority', 'contact', 'contactId', 'assigneeId', 'assignee'],
  ...['teamId', 'departmentId', 'tags', 'createdTime', 'modifiedTime', 'dueDate', 'webUrl', 'phone', 'email'],
]

function lastSpeaker({ lastThread: last }: Ticket): Conversation['lastMessageBy'] {
  if (!last || last.isDraft === true) return null
  return last.direction === 'in' ? 'customer' : last.direction === 'out' ? 'agent' : null
}

const isHttps = (text: string | null | undefined): text is string =>
  !!text && URL.canParse(text) && /^https:/i.test(text)

/**
 * A ticket as lists, searches, `GET /tickets/{id}` and every write answer it. Tags are asked for apart: `tags` are those, or null where they
 * are not known.
 * @param host the Desk host of the portal's data centre
 */
export function toConversation(ticket: Ticket, host: string, tags: string[] | null = null): Conversation {
  const { status = null, statusType = null } = ticket
  const customer = toCustomer(ticket)
  const priority = readPriority(ticket.priority)
  const version = changedAt(ticket)
  const dueAt = timeOf(ticket.dueDate)
  return {
    vendorId: ticket.id,
    version,
    subject: ticket.subject ?? '',
    preview: preview(htmlToText(ticket.description ?? '')),
    status: readStatus(status, statusType),
    vendorStatus: { id: status ?? '', label: status ?? statusType ?? 'Unknown' },
    priority,
    channel: lookUp(channels, word(ticket.channel)) ?? 'other',
    customer,
    assigneeVendorId: ticket.assigneeId ?? ticket.assignee?.id ?? null,
    // With whom in the house it lies: the team, or else the department, which every ticket has.
    groupVendorId: ticket.teamId ?? ticket.team?.id ?? ticket.departmentId ?? ticket.department?.id ?? null,
    tags: tags ?? ticket.tags ?? [],
    brandKey: ticket.departmentId ?? ticket.department?.id ?? null,
    createdAt: ticket.createdTime ?? ticket.modifiedTime ?? version,
    updatedAt: version,
    lastMessageBy: lastSpeaker(ticket),
    dueAt,
    url: isHttps(ticket.webUrl)
      ? ticket.webUrl
      : `https://${host}/support/ShowHomePage.do#Cases/dv/${encodeURIComponent(ticket.id)}`,
    vendor: {
      ...unknownFields(ticket, statusTypes.includes(word(statusType)) ? [...ticketFields, 'statusType'] : ticketFields),
      ...(ticket.priority && priority === null ? { priority: ticket.priority } : {}),
      ...(ticket.dueDate && dueAt === null ? { dueDate: ticket.dueDate } : {}),
      ...(ticket.email && ticket.email !== customer.email ? { email: ticket.email } : {}),
    },
  }
}
