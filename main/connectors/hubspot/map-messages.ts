import { z } from 'zod'
import type { Attachment, Message, Person } from '../model.ts'
import { optionalId, optionalText, time, unknownFields, vendorId } from '../read-records.ts'
import { htmlToText } from '../text.ts'
import { ticketKey, userOfActor } from './ids.ts'
import type { Ticket } from './map.ts'

/** Messages of the conversations inbox. Everything here is pure. */

const identifier = z.looseObject({ type: z.string(), value: z.string() })
const party = z.looseObject({
  actorId: optionalText,
  name: optionalText,
  senderField: optionalText,
  recipientField: optionalText,
  deliveryIdentifier: identifier.nullish().catch(null),
  deliveryIdentifiers: z.array(identifier).nullish().catch(null),
})

export const messageSchema = z.looseObject({
  id: vendorId,
  conversationsThreadId: optionalId,
  type: z.string().min(1),
  createdAt: time,
  createdBy: optionalText,
  senders: z.array(party).nullish().catch(null),
  recipients: z.array(party).nullish().catch(null),
  text: optionalText,
  richText: optionalText,
  subject: optionalText,
  attachments: z.array(z.unknown()).nullish().catch(null),
  direction: optionalText,
  channelId: optionalId,
  channelAccountId: optionalId,
  truncationStatus: optionalText,
  newStatus: optionalText,
  assignedTo: optionalText,
  assignedFrom: optionalText,
})
export type InboxMessage = z.infer<typeof messageSchema>

const attachmentSchema = z.looseObject({
  type: optionalText,
  fileId: optionalId,
  name: optionalText,
  url: optionalText,
  fileUsageType: optionalText,
})

/** Types of files by the end of their names: a message tells no more than "image". */
const types: Record<string, string> = {
  ...{
    png: 'image/png',
    jpg: 'image/jpeg',
    jpeg: 'image/jpeg',
    gif: 'image/gif',
    webp: 'image/webp',
    svg: 'image/svg+xml',
  },
  ...{ heic: 'image/heic', pdf: 'application/pdf', txt: 'text/plain', csv: 'text/csv', zip: 'application/zip' },
  ...{ doc: 'application/msword', mp3: 'audio/mpeg', wav: 'audio/wav', mp4: 'video/mp4', mov: 'video/quicktime' },
  ...{ docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' },
  ...{ xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' },
}
const usages: Record<string, string> = { IMAGE: 'image/*', AUDIO: 'audio/*', VIDEO: 'video/*' }

function contentTypeOf(name: string, usage: string): string {
  const end = name.split('.').at(-1)?.toLowerCase() ?? ''
  const known = Object.hasOwn(types, end) ? types[end] : undefined
  return known ?? (Object.hasOwn(usages, usage) ? usages[usage] : undefined) ?? 'application/octet-stream'
}

/** A file; null for the other things HubSpot attaches (a place, quick replies), which stay under `vendor` as they came. */
function toAttachment(record: unknown): Attachment | null {
  const read = attachmentSchema.safeParse(record)
  if (!read.success || !read.data.fileId) return null
  const { fileId, name, url, fileUsageType } = read.data
  return {
    vendorId: fileId,
    name: name ?? 'file',
    contentType: contentTypeOf(name ?? '', fileUsageType ?? ''),
    size: null,
    url: url ?? '',
    inline: false,
    contentId: null,
  }
}

/** Words of the changes HubSpot lists among the messages; null for a type that has its own text or that we do not know. */
function eventText(message: InboxMessage): string | null {
  switch (message.type) {
    case 'ASSIGNMENT':
      return message.assignedTo ? 'The conversation was assigned.' : 'The conversation was unassigned.'
    case 'THREAD_STATUS_CHANGE':
      return message.newStatus === 'CLOSED' ? 'The conversation was closed.' : 'The conversation was opened.'
    case 'THREAD_INBOX_CHANGE':
      return 'The conversation was moved to another inbox.'
    default:
      return null
  }
}

function kindOf(message: InboxMessage): Message['kind'] {
  if (message.type === 'MESSAGE' || message.type === 'WELCOME_MESSAGE') return 'reply'
  return message.type === 'COMMENT' ? 'note' : 'event'
}

const messageFields = [
  ...['id', 'conversationsThreadId', 'createdAt', 'createdBy', 'senders', 'text', 'richText', 'attachments'],
  ...['direction', 'archived', 'updatedAt'],
]
/** What every whole message says. */
const whole = 'NOT_TRUNCATED'
const knownTypes = [
  'MESSAGE',
  'WELCOME_MESSAGE',
  'COMMENT',
  'ASSIGNMENT',
  'THREAD_STATUS_CHANGE',
  'THREAD_INBOX_CHANGE',
]

export type Actors = ReadonlyMap<string, { name: string | null; email: string | null }>

/** Visitors and mail senders are customers, agents and the vendor's helpers are ours. A type we do not know is a neutral line. */
export function toMessage(message: InboxMessage, conversationVendorId: string, actors: Actors): Message {
  const [sender] = message.senders ?? []
  const actorId = sender?.actorId ?? message.createdBy ?? null
  const prefix = actorId?.slice(0, 2) ?? ''
  const incoming = message.direction === 'INCOMING' || (!message.direction && ['V-', 'E-'].includes(prefix))
  const known = actorId === null ? undefined : actors.get(actorId)
  const address = sender?.deliveryIdentifier?.type === 'HS_EMAIL_ADDRESS' ? sender.deliveryIdentifier.value : null
  const kind = kindOf(message)
  const text =
    message.text ?? eventText(message) ?? (knownTypes.includes(message.type) ? null : `HubSpot: ${message.type}`)
  const files = (message.attachments ?? []).map((record) => ({ record, file: toAttachment(record) }))
  const others = files.filter(({ file }) => file === null).map(({ record }) => record)
  return {
    vendorId: message.id,
    conversationVendorId,
    kind,
    direction: incoming ? 'in' : 'out',
    author: {
      vendorId: userOfActor(actorId) ?? actorId,
      name: sender?.name || known?.name || null,
      email: incoming ? (address ?? known?.email ?? null) : (known?.email ?? null),
      phone: null,
      role: incoming ? 'customer' : prefix === 'A-' && kind !== 'event' ? 'agent' : 'system',
    },
    createdAt: message.createdAt,
    bodyHtml: kind === 'event' ? null : (message.richText ?? null),
    bodyText: text ?? htmlToText(message.richText ?? ''),
    attachments: files.flatMap(({ file }) => file ?? []),
    vendor: {
      ...unknownFields(
        message,
        message.truncationStatus === whole ? [...messageFields, 'truncationStatus'] : messageFields,
      ),
      ...(others.length > 0 ? { attachments: others } : {}),
    },
  }
}

/** The text a ticket was made with, shown where no thread holds the talk. */
export function toContentMessage(ticket: Ticket, customer: Person): Message {
  return {
    vendorId: `content-${ticket.id}`,
    conversationVendorId: ticketKey(ticket.id),
    kind: 'reply',
    direction: 'in',
    author: { ...customer, role: 'customer' },
    createdAt: ticket.properties.createdate ?? ticket.createdAt,
    bodyHtml: null,
    bodyText: htmlToText(ticket.properties.content ?? ''),
    attachments: [],
    vendor: {},
  }
}
