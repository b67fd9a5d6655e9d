import type { StoredFile } from '../../content/conversations.ts'
import { ownText, whole } from './bodies.ts'
import type { Address, Mail, Mailbox } from './mailbox.ts'

export const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
const recipient = ({ name, address }: Address) => ({ emailAddress: { name, address } })

/** 22 bytes for a mail that answers nothing, five more for each answer. */
function conversationIndex(mail: Mail): string {
  return Buffer.alloc(22 + mail.depth * 5, mail.conversationId).toString('base64')
}

const textOf = (html: string) =>
  html
    .replace(/<(head|style|script)\b.*?<\/\1>/gis, '')
    .replace(/<br\s*\/?>|<\/p>|<\/div>/gi, '\r\n')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .trim()

/** A message with all its properties, as one answer gives it when nothing is selected. */
export function toWire(mailbox: Mailbox, mail: Mail, lasting: boolean): Record<string, unknown> {
  const changeKey = `CQAAABYAAAB${mail.modifiedAt.toString(36)}`
  const id = lasting ? mail.id : mailbox.ids.mutable(mail.id, mail.folder)
  return {
    '@odata.etag': `W/"${changeKey}"`,
    id,
    createdDateTime: iso(mail.at),
    lastModifiedDateTime: iso(Math.max(mail.at, mail.modifiedAt)),
    changeKey,
    categories: mail.categories,
    receivedDateTime: iso(mail.at),
    sentDateTime: iso(mail.at - (mail.isDraft ? 0 : 2000)),
    // Pictures inside the text do not count.
    hasAttachments: mail.files.some((file) => !file.inline),
    internetMessageId: `<${mail.id.slice(-16)}@mail.example>`,
    subject: mail.subject,
    bodyPreview: (ownText(mail.html) || textOf(mail.html)).slice(0, 255),
    importance: mail.importance,
    parentFolderId: mailbox.ids.folder(mail.folder),
    conversationId: mail.conversationId,
    conversationIndex: conversationIndex(mail),
    isDeliveryReceiptRequested: mail.isDraft ? false : null,
    isReadReceiptRequested: false,
    isRead: mail.isRead,
    isDraft: mail.isDraft,
    webLink: `https://outlook.office365.com/owa/?ItemID=${encodeURIComponent(id)}&exvsurl=1&viewmodel=ReadMessageItem`,
    inferenceClassification: 'focused',
    body: mail.plain
      ? { contentType: 'text', content: textOf(mail.html) }
      : { contentType: 'html', content: whole(mail.html) },
    sender: recipient(mail.sender),
    from: recipient(mail.from),
    toRecipients: mail.to.map(recipient),
    ccRecipients: [],
    bccRecipients: [],
    replyTo: [],
    flag: { flagStatus: mail.flag },
  }
}

export function attachmentWire(mailbox: Mailbox, mail: Mail, file: StoredFile, place: number): Record<string, unknown> {
  return {
    '@odata.type': '#microsoft.graph.fileAttachment',
    '@odata.mediaContentType': file.contentType,
    id: mailbox.ids.attachment(mail.id, place),
    lastModifiedDateTime: iso(mail.at),
    name: file.name,
    contentType: file.contentType,
    size: file.bytes.length,
    isInline: file.inline,
    contentId: file.inline ? `image001@${mailbox.store.spec.id}` : null,
    contentLocation: null,
    contentBytes: file.bytes.toString('base64'),
  }
}

/** Only what was asked for, the id in any case. */
export function select(record: Record<string, unknown>, names: string | null): Record<string, unknown> {
  if (names === null) return record
  const wanted = new Set(names.split(',').map((name) => name.trim().replace(/^microsoft\.graph\.\w+\//, '')))
  return Object.fromEntries(
    Object.entries(record).filter(([key]) => key === 'id' || key.startsWith('@') || wanted.has(key)),
  )
}
