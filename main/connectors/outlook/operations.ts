import type { Operation, Site } from '../connector.ts'
import { type Message, type Unified, unified } from '../model.ts'
import { readAnswer, readRecords } from '../read-records.ts'
import { directoryOfUser, userSchema } from './directory.ts'
import { vendorName } from './errors.ts'
import { folderSchema, mailboxOfPayload } from './mailbox.ts'
import { byConversation, toConversation } from './map.ts'
import { attachmentSchema, type Mail, type MailboxContext, toAttachment, toMessage } from './map-messages.ts'
import { isNewer, readEnvelope, readMails } from './records.ts'

/** One list of records in a payload: its name for paths, and the context the vendor wrote around it. */
interface Part {
  rows: unknown[]
  name: string
  context: string | null
  /** One record that stands by itself. */
  single: boolean
}

const textIn = (value: unknown, key: string): string | null => {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  return typeof found === 'string' ? found : null
}
const contextOf = (value: unknown) => textIn(value, '@odata.context') ?? textIn(value, '@odata.nextLink')
const isEnvelope = (value: unknown) => typeof value === 'object' && value !== null && 'value' in value

/**
 * The records of an answer, of several answers in a list, or of a bare list.
 * @throws AppError `vendor_bad_answer` for anything else
 */
function partsOf(payload: unknown): Part[] {
  if (!Array.isArray(payload)) return [partOf(payload, 'value')]
  if (payload.some(isEnvelope)) return payload.map((page, index) => partOf(page, `[${index}].value`))
  return [{ rows: payload, name: '', context: contextOf(payload[0]), single: false }]
}

function partOf(payload: unknown, name: string): Part {
  // A single record is a list of one.
  if (textIn(payload, 'id') !== null && !isEnvelope(payload))
    return { rows: [payload], name: 'answer', context: contextOf(payload), single: true }
  return { rows: readEnvelope(payload).value, name, context: contextOf(payload), single: false }
}

/** Mails, and the conversations that they make up as far as the payload goes. No account is known, so that drafts are taken for mail of ours. */
function readMessages(payload: unknown, site: Site): Unified {
  const parts = partsOf(payload).map((part) => ({
    ...readMails(part.rows, (index) => (part.single ? part.name : `${part.name}[${index}]`)),
    context: part.context,
  }))
  const context = parts.find((part) => mailboxOfPayload(site, part.context).address !== null)?.context ?? null
  const mailbox = mailboxOfPayload(site, context)
  const newest = new Map<string, Mail>()
  for (const mail of parts.flatMap((part) => part.mails)) {
    if (isNewer(mail, newest.get(mail.id))) newest.set(mail.id, mail)
  }
  const mails = [...newest.values()]
  const conversations = [...byConversation(mails).values()].flatMap(
    (group) => toConversation(group, group, mailbox, false) ?? [],
  )
  return unified({
    conversations,
    messages: mails.map((mail) => toMessage(mail, mailbox)),
    people: conversations.map((one) => one.customer).filter((person) => person.vendorId !== null),
    quarantined: parts.flatMap((part) => part.quarantined),
  })
}

/** Files come without their mail; the address of the answer names it. They stand in a message that holds nothing else. */
function readAttachments(payload: unknown, site: Site): Unified {
  const parts = partsOf(payload)
  const read = parts.map((part) => ({ ...part, ...readRecords(attachmentSchema, part.rows, part.name) }))
  return unified({
    messages: read
      .filter(({ values }) => values.length > 0)
      .map(({ values, context }) => holder(values, context, site)),
    quarantined: read.flatMap(({ quarantined }) => quarantined),
  })
}

function holder(
  records: { id: string; lastModifiedDateTime?: number | null | undefined }[],
  context: string | null,
  site: Site,
): Message {
  const mailbox: MailboxContext = mailboxOfPayload(site, context)
  const id = /\/messages\('([^']+)'\)/.exec(context ?? '')?.[1] ?? ''
  return {
    vendorId: id,
    conversationVendorId: '',
    kind: 'reply',
    direction: 'in',
    author: { vendorId: null, name: null, email: null, phone: null, role: 'customer' },
    createdAt: Math.min(...records.map((each) => each.lastModifiedDateTime ?? 0)),
    bodyHtml: null,
    bodyText: '',
    attachments: records.flatMap((record) => toAttachment(record, mailbox, id)),
    vendor: {},
  }
}

/** Folders have no place in the model: they say which mails to read, and where a mail lies. */
function readFolders(payload: unknown): Unified {
  return unified({
    quarantined: partsOf(payload).flatMap(({ rows, name }) => readRecords(folderSchema, rows, name).quarantined),
  })
}

const readUser = (payload: unknown): Unified =>
  unified({ directory: directoryOfUser(readAnswer(userSchema, payload, vendorName)) })

const messages: [string, string][] = [
  ['list_messages', 'Mails of the mailbox or of a folder, newest first (GET /users/{id}/messages)'],
  ['thread_messages', 'All mails of one conversation (the same call with a filter)'],
  ['messages_delta', 'What changed in a folder (GET …/mailFolders/{id}/messages/delta)'],
  ['get_message', 'One mail (GET …/messages/{id})'],
  ['create_draft', 'A new mail before it is sent (POST …/messages)'],
  ['create_reply', 'An answer before it is sent (POST …/messages/{id}/createReply)'],
  ['create_reply_all', 'An answer to everybody before it is sent (POST …/messages/{id}/createReplyAll)'],
  ['update_message', 'A mail after a change of flag, categories or text (PATCH …/messages/{id})'],
  ['move_message', 'A mail after it was moved to another folder (POST …/messages/{id}/move)'],
]

export const operations: readonly Operation[] = [
  ...messages.map(([name, summary]) => ({ name, summary, read: readMessages })),
  { name: 'list_attachments', summary: 'Files of a mail (GET …/messages/{id}/attachments)', read: readAttachments },
  { name: 'list_mail_folders', summary: 'Folders of the mailbox (GET /users/{id}/mailFolders)', read: readFolders },
  { name: 'get_mail_folder', summary: 'One folder (GET /users/{id}/mailFolders/{name})', read: readFolders },
  { name: 'get_user', summary: 'The person signed in (GET /me) or a mailbox (GET /users/{id})', read: readUser },
]
