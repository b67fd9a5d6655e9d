import { z } from 'zod'
import type { Conversation, Identity, Message, Person, Quarantined } from '../model.ts'
import { optionalId, optionalText, readRecord, readRecords, time, unknownFields, vendorId } from '../read-records.ts'
import { htmlToText, preview } from '../text.ts'
import { type Mailbox, MailHeaders, personOf } from './headers.ts'
import { isSystemLabel, type Labels, readStatus, tagsOf } from './labels.ts'
import { readContent } from './parts.ts'

/** Everything here is pure: threads and messages of the Gmail API in, the unified model out. */

/** `internalDate` is when Google took the message, which cannot be forged as `Date` can. */
const messageSchema = z.looseObject({
  id: vendorId,
  threadId: optionalId,
  labelIds: z.array(z.string()).nullish().catch(null),
  snippet: optionalText,
  historyId: optionalId,
  internalDate: time,
  payload: z.unknown().optional(),
})
type MessageRecord = z.infer<typeof messageSchema>

const threadSchema = z.looseObject({
  id: vendorId,
  historyId: optionalId,
  snippet: optionalText,
  messages: z.array(z.unknown()),
})

/** One message with what is looked at more than once. */
export interface Mail {
  record: MessageRecord
  labels: readonly string[]
  headers: MailHeaders
}

export interface MailThread {
  id: string
  /** Only grows. https://developers.google.com/workspace/gmail/api/guides/sync */
  historyId: number
  /** Oldest first; never empty. */
  mails: Mail[]
  fields: Record<string, unknown>
}

/** What is known of the mailbox around a thread. */
export interface World {
  labels: Labels
  /** Its own addresses in lower case: the account's and the aliases it may send as. Null: not known. */
  own: ReadonlySet<string> | null
  self: Pick<Identity, 'vendorUserId' | 'name' | 'email'> | null
}

export const nothingKnown: World = { labels: new Map(), own: null, self: null }

const has = (mail: Mail, label: string) => mail.labels.includes(label)
const isDraft = (mail: Mail) => has(mail, 'DRAFT')
const isGone = (mail: Mail) => has(mail, 'TRASH') || has(mail, 'SPAM')

/** True where nothing of the thread is left: all of it is in the bin or in spam. */
export const isThreadGone = ({ mails }: MailThread): boolean => mails.every(isGone)
/** True where nothing was ever sent or received: Gmail saves each pause in typing as a new draft. */
export const isOnlyDrafts = ({ mails }: MailThread): boolean => mails.every(isDraft)

function toMail(record: MessageRecord): Mail {
  const { headers } = Object(record.payload) as { headers?: unknown }
  return { record, labels: record.labelIds ?? [], headers: new MailHeaders(headers) }
}

/** Reads one thread; a message that cannot be read is set aside, and the thread with it only when none is left. */
export function readThread(record: unknown, path: string): { thread: MailThread | null; quarantined: Quarantined[] } {
  const read = readRecord(threadSchema, record, path)
  if ('bad' in read) return { thread: null, quarantined: [read.bad] }
  const { id, historyId, messages, snippet: _, ...fields } = read.value
  const { values, quarantined } = readRecords(messageSchema, messages, `${path}.messages`)
  if (values.length === 0 && quarantined.length === 0)
    return {
      thread: null,
      quarantined: [{ vendorId: id, path: `${path}.messages`, reason: 'a thread without messages' }],
    }
  return { thread: values.length === 0 ? null : threadOf(id, historyId ?? null, values, fields), quarantined }
}

/** Messages that came on their own, put together by thread: what they tell of it. */
export function readMessages(
  list: readonly unknown[],
  name: string,
): { threads: MailThread[]; quarantined: Quarantined[] } {
  const { values, quarantined } = readRecords(messageSchema, list, name)
  const byThread = Map.groupBy(values, (message) => message.threadId ?? message.id)
  return { threads: [...byThread].map(([id, messages]) => threadOf(id, null, messages, {})), quarantined }
}

function threadOf(
  id: string,
  historyId: string | null,
  messages: MessageRecord[],
  fields: Record<string, unknown>,
): MailThread {
  const marks = [historyId, ...messages.map((each) => each.historyId)].map(Number).filter(Number.isFinite)
  const sorted = messages.toSorted((a, b) => a.internalDate - b.internalDate)
  return { id, historyId: Math.max(0, ...marks), mails: sorted.map(toMail), fields }
}

const sender = (mail: Mail): Mailbox | null => mail.headers.addresses('from')[0] ?? null

/** Sent by this mailbox: Gmail's own mark, or (mail brought along from elsewhere) an own address that asks for no answer elsewhere. */
function isOutgoing(mail: Mail, { own }: World): boolean {
  if (has(mail, 'SENT') || isDraft(mail)) return true
  const from = sender(mail)
  return from !== null && (own?.has(from.address) ?? false) && replyTo(mail, from) === from
}

/** Who an answer goes to. */
function replyTo(mail: Mail, from: Mailbox | null): Mailbox | null {
  const [asked] = mail.headers.addresses('reply-to')
  return asked === undefined || asked.address === from?.address ? from : asked
}

/** Daemons that tell of mail that could not be delivered, and other mail no person wrote (RFC 3834). */
const isAutomatic = (mail: Mail) =>
  /^(mailer-daemon|postmaster)@/.test(sender(mail)?.address ?? '') ||
  /report-type=/i.test(mail.headers.text('content-type') ?? '')

/** Who wrote: a form that sends in the mailbox's own name means the person to answer. */
function authorOf(mail: Mail, world: World): Mailbox | null {
  const from = sender(mail)
  const own = from !== null && (world.own?.has(from.address) ?? false)
  return own && !isOutgoing(mail, world) ? replyTo(mail, from) : from
}

/** The mails that say what a thread is like: drafts never do, unless there is nothing else. */
function told(thread: MailThread): Mail[] {
  const sent = thread.mails.filter((mail) => !isDraft(mail))
  return sent.length > 0 ? sent : thread.mails
}

function customerOf(mails: Mail[], world: World): Person {
  const incoming = mails.filter((mail) => !isOutgoing(mail, world))
  const asked = incoming.find((mail) => !isAutomatic(mail)) ?? null
  const written = asked === null ? undefined : authorOf(asked, world)
  const addressed = mails.find((mail) => isOutgoing(mail, world))?.headers.addresses('to')[0]
  const found = written ?? addressed ?? (incoming[0] === undefined ? null : authorOf(incoming[0], world))
  return found ? personOf(found) : { vendorId: null, name: null, email: null, phone: null }
}

/** The newest mail an answer would go to: of the customer, else our own. Null in a thread of drafts. */
export function mailToAnswer(thread: MailThread, world: World): { mail: Mail; to: Mailbox[] } | null {
  const sent = thread.mails.filter((mail) => !isDraft(mail) && !isGone(mail))
  const incoming = sent.findLast((mail) => !isOutgoing(mail, world) && !isAutomatic(mail))
  if (incoming !== undefined) {
    const to = replyTo(incoming, sender(incoming))
    return to === null ? null : { mail: incoming, to: [to] }
  }
  const own = sent.findLast((mail) => isOutgoing(mail, world))
  const to = own?.headers.addresses('to') ?? []
  return own === undefined || to.length === 0 ? null : { mail: own, to }
}

/** The address of the mailbox that a mail was meant for, or left from. */
export function ownAddressOf(mail: Mail, world: World): string | null {
  const outgoing = isOutgoing(mail, world)
  const names = outgoing ? ['from'] : ['to', 'cc', 'delivered-to', 'x-original-to']
  const found = names.flatMap((name) => mail.headers.addresses(name)).map((each) => each.address)
  if (world.own !== null) return found.find((address) => world.own?.has(address)) ?? null
  return outgoing ? (found[0] ?? null) : (mail.headers.addresses('delivered-to')[0]?.address ?? found[0] ?? null)
}

/** Fillers that senders put behind the first words so that lists show nothing else: an invisible character, a space, and again. */
const fillers = /(?:\p{Default_Ignorable_Code_Point}+\s+){2,}\p{Default_Ignorable_Code_Point}*/gu

/** Gmail's snippet is text with entities. */
export const snippetText = (snippet: string | null | undefined): string =>
  htmlToText(snippet ?? '')
    .replace(fillers, ' ')
    .trim()

export function toConversation(thread: MailThread, world: World): Conversation {
  const mails = told(thread)
  const first = mails[0] as Mail
  const last = mails.at(-1) as Mail
  const incoming = mails.findLast((mail) => !isOutgoing(mail, world))
  const alive = mails.filter((mail) => !isGone(mail))
  const labels = new Set((alive.length > 0 ? alive : mails).flatMap((mail) => mail.labels))
  const { status, ...vendorStatus } = readStatus(labels, (incoming ?? last).labels, world.labels)
  const authuser = world.self?.email ? `?authuser=${encodeURIComponent(world.self.email)}` : ''
  return {
    vendorId: thread.id,
    version: thread.historyId,
    subject: mails.map((mail) => mail.headers.text('subject')).find((subject) => subject !== null) ?? '',
    preview: preview(snippetText(last.record.snippet)),
    status,
    vendorStatus,
    priority: null,
    channel: has(first, 'CHAT') ? 'chat' : 'email',
    customer: customerOf(mails, world),
    assigneeVendorId: null,
    groupVendorId: null,
    tags: tagsOf(labels, world.labels),
    brandKey: [incoming, ...mails].map((mail) => mail && ownAddressOf(mail, world)).find((key) => !!key) ?? null,
    createdAt: first.record.internalDate,
    updatedAt: last.record.internalDate,
    lastMessageBy: isOutgoing(last, world) ? 'agent' : 'customer',
    dueAt: null,
    url: `https://mail.google.com/mail/${authuser}#all/${encodeURIComponent(thread.id)}`,
    vendor: unknownFields(
      { ...thread.fields, labelIds: [...labels].filter((id) => isSystemLabel(id) && id !== 'INBOX' && id !== 'SENT') },
      [],
    ),
  }
}

/** Drafts are left out: they are neither said nor received yet. */
export function toMessages(thread: MailThread, world: World): Message[] {
  return told(thread).map((mail) => toMessage(mail, thread.id, world))
}

const knownOfMessage = ['id', 'threadId', 'snippet', 'historyId', 'internalDate', 'payload', 'labelIds']

export function toMessage(mail: Mail, threadId: string, world: World): Message {
  const { record, headers } = mail
  const content = readContent(record.id, record.payload)
  const text = content.text ?? (content.html === null ? snippetText(record.snippet) : htmlToText(content.html))
  const addresses = (name: string) => headers.addresses(name).map((each) => each.address)
  return {
    vendorId: record.id,
    conversationVendorId: threadId,
    kind: 'reply',
    direction: isOutgoing(mail, world) ? 'out' : 'in',
    author: toAuthor(mail, world),
    createdAt: record.internalDate,
    bodyHtml: content.html,
    bodyText: text,
    attachments: content.attachments,
    vendor: unknownFields(
      {
        ...record,
        subject: headers.text('subject'),
        to: addresses('to'),
        cc: addresses('cc'),
        replyTo: addresses('reply-to'),
        messageId: headers.ids('message-id')[0],
        systemLabels: mail.labels.filter(isSystemLabel),
      },
      knownOfMessage,
    ),
  }
}

function toAuthor(mail: Mail, world: World): Message['author'] {
  const wrote = authorOf(mail, world)
  const person = wrote ? personOf(wrote) : { vendorId: null, name: null, email: null, phone: null }
  if (!isOutgoing(mail, world)) return { ...person, role: isAutomatic(mail) ? 'system' : 'customer' }
  const name = person.name ?? world.self?.name ?? null
  return { ...person, vendorId: world.self?.vendorUserId ?? person.vendorId, name, role: 'agent' }
}

/** Everybody who wrote from outside, and the customer: known by the address. */
export function peopleOf(conversations: Conversation[], messages: Message[]): Person[] {
  const people = new Map<string, Person>()
  const authors = messages.filter((message) => message.author.role === 'customer').map((message) => message.author)
  for (const { vendorId: id, name, email, phone } of [...authors, ...conversations.map((one) => one.customer)]) {
    if (id !== null) people.set(id, { vendorId: id, name: name ?? people.get(id)?.name ?? null, email, phone })
  }
  return [...people.values()]
}
