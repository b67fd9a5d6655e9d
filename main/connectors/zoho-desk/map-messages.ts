import { z } from 'zod'
import type { Attachment, Message, Person } from '../model.ts'
import { optionalId, optionalText, time, unknownFields, vendorId } from '../read-records.ts'
import { htmlToText } from '../text.ts'
import { personName, type Ticket, toCustomer } from './map.ts'
import type { Kind } from './payload.ts'

/** Threads (what went between the customer and the portal) and comments (what agents wrote beside it) as messages. Pure. */

const optionalFlag = z.boolean().nullish().catch(null)
const size = z.union([z.string(), z.number()]).nullish().catch(null)

const personSchema = z
  .looseObject({ id: optionalId, name: optionalText, firstName: optionalText, lastName: optionalText })
  .extend({ email: optionalText, emailId: optionalText, type: optionalText })
  .nullish()
  .catch(null)

const attachmentSchema = z.looseObject({ id: vendorId, name: optionalText, size, href: optionalText })

const threadSchema = z.looseObject({
  id: vendorId,
  ticketId: optionalId,
  channel: optionalText,
  direction: optionalText,
  visibility: optionalText,
  status: optionalText,
  summary: optionalText,
  content: optionalText,
  plainText: optionalText,
  contentType: optionalText,
  isContentTruncated: optionalFlag,
  isDescriptionThread: optionalFlag,
  author: personSchema,
  fromEmailAddress: optionalText,
  to: optionalText,
  cc: optionalText,
  replyTo: optionalText,
  responderId: optionalId,
  attachments: z.array(z.unknown()).nullish().catch(null),
  createdTime: time,
})
export type DeskThread = z.infer<typeof threadSchema>
export const threadKind: Kind<DeskThread> = {
  name: 'thread',
  schema: threadSchema,
  signs: ['direction', 'visibility', 'summary', 'canReply'],
}

const commentSchema = z.looseObject({
  id: vendorId,
  ticketId: optionalId,
  content: optionalText,
  plainText: optionalText,
  contentType: optionalText,
  isPublic: optionalFlag,
  commenterId: optionalId,
  commenter: personSchema,
  commentedTime: time,
  attachments: z.array(z.unknown()).nullish().catch(null),
})
export type Comment = z.infer<typeof commentSchema>
export const commentKind: Kind<Comment> = {
  name: 'comment',
  schema: commentSchema,
  signs: ['commentedTime', 'isPublic', 'commenterId'],
}

/** An entry of `GET /tickets/{id}/conversations`, where both are mixed: `type` tells them apart, or else their fields do. */
export type Entry = { thread: DeskThread; comment: null } | { thread: null; comment: Comment }
const isComment = (record: unknown) => {
  const { type } = Object(record) as { type?: unknown }
  return (
    type === 'comment' || (type !== 'thread' && commentKind.signs.some((sign) => Object.hasOwn(Object(record), sign)))
  )
}
export const entryKind: Kind<Entry> = {
  name: 'conversation',
  schema: z.unknown().transform((record, context): Entry => {
    const comment = isComment(record)
    const read = comment ? commentSchema.safeParse(record) : threadSchema.safeParse(record)
    if (read.success)
      return (comment ? { thread: null, comment: read.data } : { thread: read.data, comment: null }) as Entry
    for (const { message, path } of read.error.issues) context.addIssue({ code: 'custom', message, path: [...path] })
    return z.NEVER
  }),
  signs: ['type', ...threadKind.signs, ...commentKind.signs],
}

/** Where messages belong, and whose mentions can be named: agents by their Zoho user id. */
export interface MessageContext {
  host: string
  /** Null where the payload alone must tell. */
  ticketId: string | null
  names: ReadonlyMap<string, string>
}

const types: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
  txt: 'text/plain',
  log: 'text/plain',
  csv: 'text/csv',
  zip: 'application/zip',
}
/** Zoho does not say the type of a file: its name does, for the common ones. */
function typeOf(name: string): string {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  return (Object.hasOwn(types, extension) ? types[extension] : undefined) ?? 'application/octet-stream'
}

function toAttachments(records: unknown[] | null | undefined, place: string): Attachment[] {
  return (records ?? []).flatMap((record) => {
    const read = attachmentSchema.safeParse(record)
    if (!read.success) return []
    const { id, name, size: bytes, href } = read.data
    const length = bytes === null || bytes === undefined || bytes === '' ? Number.NaN : Number(bytes)
    return [
      {
        vendorId: id,
        name: name ?? 'file',
        contentType: typeOf(name ?? ''),
        size: Number.isFinite(length) ? length : null,
        url: href && URL.canParse(href) ? href : `${place}/attachments/${encodeURIComponent(id)}/content`,
        inline: false,
        contentId: null,
      },
    ]
  })
}

/** Mentions are written `zsu[@user:{zuid}]zsu`. https://github.com/zoho/zohodesk-oas, TicketComment.json */
const named = (text: string, names: ReadonlyMap<string, string>) =>
  text.replace(/zsu\[@user:(\d+)\]zsu/g, (_, zuid: string) => `@${names.get(zuid) ?? zuid}`)

const isPlain = (contentType: string | null | undefined) => /plain/i.test(contentType ?? '')

interface Body {
  content?: string | null | undefined
  plainText?: string | null | undefined
  contentType?: string | null | undefined
  summary?: string | null | undefined
}
function bodyOf({ content, plainText, contentType, summary }: Body, names: ReadonlyMap<string, string>) {
  if (content === null || content === undefined) {
    return { bodyHtml: null, bodyText: named(plainText ?? summary ?? '', names) }
  }
  const text = named(content, names)
  if (isPlain(contentType)) return { bodyHtml: null, bodyText: text }
  return { bodyHtml: text, bodyText: plainText ? named(plainText, names) : htmlToText(text) }
}

type Role = Message['author']['role']
const roles: Record<string, Role> = {
  END_USER: 'customer',
  AGENT: 'agent',
  TEAM: 'system',
  TICKET: 'system',
  ACTIVITY: 'system',
}
const roleOf = (type: string | null | undefined): Role | null =>
  type && Object.hasOwn(roles, type) ? (roles[type] ?? null) : null

function toAuthor(person: DeskThread['author'], id: string | null, role: Role): Message['author'] {
  return {
    vendorId: person?.id ?? id,
    name: personName(person),
    email: person?.email ?? person?.emailId ?? null,
    phone: null,
    role,
  }
}

const threadFields = [
  ...['id', 'ticketId', 'type', 'direction', 'summary', 'content', 'plainText', 'contentType', 'author', 'attachments'],
  ...['createdTime', 'visibility', 'hasAttach', 'attachmentCount'],
]

/** A draft has not been sent to anybody: it is the team's own, like a note. */
export function toMessage(thread: DeskThread, context: MessageContext): Message {
  const role = roleOf(thread.author?.type) ?? (thread.direction === 'out' ? 'agent' : 'customer')
  const ticketId = context.ticketId ?? thread.ticketId ?? ''
  const place = `https://${context.host}/api/v1/tickets/${encodeURIComponent(ticketId)}/threads/${encodeURIComponent(thread.id)}`
  const inside = thread.visibility === 'private' || thread.status === 'DRAFT'
  const known = thread.direction === 'in' || thread.direction === 'out'
  return {
    vendorId: thread.id,
    conversationVendorId: ticketId,
    kind: inside ? 'note' : 'reply',
    direction: thread.direction === 'in' || (!known && role === 'customer') ? 'in' : 'out',
    author: toAuthor(thread.author, thread.responderId ?? null, role),
    createdAt: thread.createdTime,
    ...bodyOf(thread, context.names),
    attachments: toAttachments(thread.attachments, place),
    vendor: {
      ...unknownFields(thread, threadFields),
      ...(thread.direction && !known ? { direction: thread.direction } : {}),
      ...(thread.author?.type && roleOf(thread.author.type) === null ? { author: thread.author } : {}),
      ...(thread.visibility && !['public', 'private'].includes(thread.visibility)
        ? { visibility: thread.visibility }
        : {}),
    },
  }
}

const commentFields = [
  ...['id', 'ticketId', 'type', 'content', 'plainText', 'contentType', 'isPublic', 'commenterId', 'commenter'],
  ...['commentedTime', 'attachments'],
]

/** A comment the customer can see is a reply; one that does not say is kept private. */
export function toNote(comment: Comment, context: MessageContext): Message {
  const role = roleOf(comment.commenter?.type) ?? 'agent'
  const ticketId = context.ticketId ?? comment.ticketId ?? ''
  const place = `https://${context.host}/api/v1/tickets/${encodeURIComponent(ticketId)}/comments/${encodeURIComponent(comment.id)}`
  return {
    vendorId: comment.id,
    conversationVendorId: ticketId,
    kind: comment.isPublic === true ? 'reply' : 'note',
    direction: role === 'customer' ? 'in' : 'out',
    author: toAuthor(comment.commenter, comment.commenterId ?? null, role),
    createdAt: comment.commentedTime,
    ...bodyOf(comment, context.names),
    attachments: toAttachments(comment.attachments, place),
    vendor: {
      ...unknownFields(comment, commentFields),
      ...(comment.commenter?.type && roleOf(comment.commenter.type) === null ? { commenter: comment.commenter } : {}),
    },
  }
}

export const toEntryMessage = (entry: Entry, context: MessageContext): Message =>
  entry.comment === null ? toMessage(entry.thread, context) : toNote(entry.comment, context)

/** Tickets made by telephone or API have a description and no thread of it: it is the first message then. */
export function toFirstMessage(ticket: Ticket): Message | null {
  if (!ticket.description) return null
  return {
    vendorId: `description-${ticket.id}`,
    conversationVendorId: ticket.id,
    kind: 'reply',
    direction: 'in',
    author: { ...toCustomer(ticket), role: 'customer' },
    createdAt: ticket.createdTime ?? ticket.modifiedTime ?? 0,
    bodyHtml: ticket.description,
    bodyText: htmlToText(ticket.description),
    attachments: [],
    vendor: {},
  }
}

/** Everybody who wrote, once. */
export function authorsOf(messages: Message[]): Person[] {
  const people = new Map<string, Person>()
  for (const { author } of messages) {
    const { vendorId: id, name, email, phone } = author
    if (id !== null && author.role !== 'system') people.set(id, { vendorId: id, name, email, phone })
  }
  return [...people.values()]
}
