import { z } from 'zod'
import type { Attachment, Message, Person } from '../model.ts'
import { optionalText, optionalTime, time, unknownFields } from '../read-records.ts'
import { htmlToText } from '../text.ts'

/** Everything here is pure: a message of Microsoft Graph in, a message of the unified model out. */

const addressSchema = z.looseObject({
  emailAddress: z.looseObject({ name: optionalText, address: optionalText }).nullish().catch(null),
})
const recipient = addressSchema.nullish().catch(null)
const recipients = z.array(z.unknown()).nullish().catch(null)
const flagSchema = z.looseObject({
  flagStatus: optionalText,
  dueDateTime: z.looseObject({ dateTime: optionalText, timeZone: optionalText }).nullish().catch(null),
})

export const messageSchema = z
  .looseObject({
    id: z.string().min(1),
    conversationId: z.string().min(1),
    conversationIndex: optionalText,
    subject: optionalText,
    bodyPreview: optionalText,
    body: z.looseObject({ contentType: optionalText, content: optionalText }).nullish().catch(null),
    from: recipient,
    sender: recipient,
    replyTo: recipients,
    toRecipients: recipients,
    ccRecipients: recipients,
    receivedDateTime: time.nullish(),
    sentDateTime: optionalTime,
    createdDateTime: optionalTime,
    lastModifiedDateTime: optionalTime,
    isRead: z.boolean().nullish().catch(null),
    isDraft: z.boolean().nullish().catch(null),
    hasAttachments: z.boolean().nullish().catch(null),
    flag: flagSchema.nullish().catch(null),
    categories: z.array(z.unknown()).nullish().catch(null),
    importance: optionalText,
    parentFolderId: optionalText,
    webLink: optionalText,
    attachments: z.array(z.unknown()).nullish().catch(null),
  })
  .transform((message, context) => {
    const at = message.receivedDateTime ?? message.sentDateTime ?? message.createdDateTime
    if (typeof at === 'number') return { ...message, at }
    context.addIssue({ code: 'custom', message: 'no time', path: ['receivedDateTime'] })
    return z.NEVER
  })
/** A message, and `at`: when it came or went, epoch milliseconds. */
export type Mail = z.infer<typeof messageSchema>

/** A row of a delta answer that is not (or no longer) a message: what is known is its id. */
export const partialSchema = z.looseObject({
  id: z.string().min(1),
  conversationId: z.string().min(1).nullish().catch(null),
})

/** Whose mail it is. */
export interface MailboxContext {
  /** Address in lower case; null where a payload does not tell. */
  address: string | null
  /** The path of the mailbox, `users/support@contoso.com`. */
  path: string
  folders: Folders
  /** The agent signed in, whose user id stands for the address. */
  agent: { vendorUserId: string; email: string | null } | null
}

/** Ids of the folders that mean something; null where unknown. */
export interface Folders {
  inbox: string | null
  sent: string | null
  archive: string | null
  drafts: string | null
  outbox: string | null
  /** Drafts, deleted, junk and waiting mail: not part of a conversation. */
  hidden: ReadonlySet<string>
}

export const noFolders: Folders = {
  inbox: null,
  sent: null,
  archive: null,
  drafts: null,
  outbox: null,
  hidden: new Set(),
}

const lower = (address: string | null | undefined) => address?.trim().toLowerCase() || null

/** The address is the customer's id: mail knows no other. */
export function toPerson(record: z.infer<typeof recipient>): Person | null {
  const email = record?.emailAddress?.address?.trim() || null
  const name = record?.emailAddress?.name?.trim() || null
  if (email === null && name === null) return null
  return { vendorId: lower(email), name: name === email ? null : name, email, phone: null }
}

export const peopleOf = (list: z.infer<typeof recipients>): Person[] =>
  (list ?? []).flatMap((each) => {
    const person = toPerson(recipient.parse(each))
    return person === null ? [] : [person]
  })

/**
 * True for mail the mailbox sent. A contact form often sends in the name of the mailbox to itself, with the customer to reply to: that came
 * in, unless it lies in Sent Items.
 */
export function isOutgoing(mail: Mail, mailbox: MailboxContext): boolean {
  if (mail.isDraft === true) return true
  const folder = mail.parentFolderId ?? null
  if (folder !== null && folder === mailbox.folders.sent) return true
  const from = lower(mail.from?.emailAddress?.address ?? mail.sender?.emailAddress?.address)
  return from !== null && from === mailbox.address && foreignReplyTo(mail, mailbox) === null
}

function foreignReplyTo(mail: Mail, mailbox: MailboxContext): Person | null {
  return (
    peopleOf(mail.replyTo).find((person) => person.vendorId !== null && person.vendorId !== mailbox.address) ?? null
  )
}

/** Who wrote a mail that came in. */
export function toSender(mail: Mail, mailbox: MailboxContext): Person {
  const from = toPerson(mail.from) ?? toPerson(mail.sender)
  const form = from !== null && from.vendorId === mailbox.address ? foreignReplyTo(mail, mailbox) : null
  return form ?? from ?? { vendorId: null, name: null, email: null, phone: null }
}

/** Who of us wrote: the person behind the mailbox where Microsoft tells (`sender`), else the mailbox. */
function toAgent(mail: Mail, mailbox: MailboxContext): Person {
  const who = toPerson(mail.sender) ?? toPerson(mail.from)
  const self =
    mailbox.address === null ? null : { vendorId: mailbox.address, name: null, email: mailbox.address, phone: null }
  const person = who ?? self ?? { vendorId: null, name: null, email: null, phone: null }
  const isMe = person.vendorId !== null && person.vendorId === lower(mailbox.agent?.email)
  return isMe && mailbox.agent ? { ...person, vendorId: mailbox.agent.vendorUserId } : person
}

const mapped = [
  ...['id', 'conversationId', 'subject', 'bodyPreview', 'body', 'from', 'categories', 'webLink', 'at', 'attachments'],
  ...['receivedDateTime', 'createdDateTime', 'lastModifiedDateTime', 'sentDateTime', 'changeKey'],
  ...['@odata.context', '@odata.etag'],
]

/** What the model has no place for: recipients in copy, read and draft state, flags with dates, ids of the mail itself. */
export function strangeFields(mail: Mail): Record<string, unknown> {
  const { sender, importance, flag, ...rest } = unknownFields(mail, mapped)
  const sameSender = JSON.stringify(sender) === JSON.stringify(mail.from)
  const plainFlag =
    Object.keys(mail.flag ?? {}).length <= 1 &&
    ['notFlagged', 'flagged', 'complete'].includes(mail.flag?.flagStatus ?? 'notFlagged')
  const plainImportance = ['low', 'normal', 'high'].includes(mail.importance ?? 'normal')
  return {
    ...rest,
    ...(sender === undefined || sameSender ? {} : { sender }),
    ...(flag === undefined || plainFlag ? {} : { flag }),
    ...(importance === undefined || plainImportance ? {} : { importance }),
  }
}

const isHtml = (mail: Mail) => mail.body?.contentType?.toLowerCase() === 'html'

export function bodyText(mail: Mail): string {
  const content = mail.body?.content ?? ''
  const text = isHtml(mail) ? htmlToText(content) : content.replaceAll('\r\n', '\n').trim()
  return text || (mail.bodyPreview ?? '').replaceAll('\r\n', '\n').trim()
}

const messagePath = (mailbox: MailboxContext, id: string) => `${mailbox.path}/messages/${encodeURIComponent(id)}`

export function toMessage(mail: Mail, mailbox: MailboxContext, attachments: Attachment[] = []): Message {
  const out = isOutgoing(mail, mailbox)
  const own = (mail.attachments ?? []).flatMap((each) => toAttachment(each, mailbox, mail.id))
  return {
    vendorId: mail.id,
    conversationVendorId: mail.conversationId,
    kind: 'reply',
    direction: out ? 'out' : 'in',
    author: out ? { ...toAgent(mail, mailbox), role: 'agent' } : { ...toSender(mail, mailbox), role: 'customer' },
    createdAt: mail.at,
    bodyHtml: isHtml(mail) ? (mail.body?.content ?? null) : null,
    bodyText: bodyText(mail),
    attachments: [...own, ...attachments],
    vendor: strangeFields(mail),
  }
}

export const attachmentSchema = z.looseObject({
  '@odata.type': optionalText,
  id: z.string().min(1),
  name: optionalText,
  contentType: optionalText,
  size: z.number().nullish().catch(null),
  isInline: z.boolean().nullish().catch(null),
  contentId: optionalText,
  lastModifiedDateTime: optionalTime,
})

/** A file, a mail or other item (given as MIME by the vendor), or a link to a file in OneDrive, which cannot be fetched here. */
export function toAttachment(record: unknown, mailbox: MailboxContext, messageId: string): Attachment[] {
  const read = attachmentSchema.safeParse(record)
  if (!read.success) return []
  const { id, name, contentType, size, isInline, contentId } = read.data
  const isItem = read.data['@odata.type']?.endsWith('itemAttachment') === true
  const type = contentType ?? (isItem ? 'message/rfc822' : 'application/octet-stream')
  return [
    {
      vendorId: id,
      name: isItem ? `${name || 'message'}.eml` : name || 'attachment',
      contentType: type,
      size: size ?? null,
      url: `https://graph.microsoft.com/v1.0/${messagePath(mailbox, messageId)}/attachments/${encodeURIComponent(id)}/$value`,
      inline: isInline === true,
      contentId: contentId?.replace(/^<(.*)>$/, '$1') || null,
    },
  ]
}
