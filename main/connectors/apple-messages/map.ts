import type { Site } from '../connector.ts'
import { isObject } from '../envelopes.ts'
import type { Attachment, Conversation, ConversationStatus, Message, Person, Unified } from '../model.ts'
import { unknownFields } from '../read-records.ts'
import { preview } from '../text.ts'
import { customerOf, isOurs, isPassing, type MessageRecord } from './records.ts'

/** Pure: the messages of one customer in, a conversation of the unified model out. */

/** An opaque id that differs for each business: no name, no number, no address is ever told. */
const personOf = (record: MessageRecord): Person => ({
  vendorId: customerOf(record),
  name: null,
  email: null,
  phone: null,
})
const nobody: Person = { vendorId: null, name: null, email: null, phone: null }

const labels: Record<string, string> = {
  new: 'New',
  open: 'Waiting for an answer',
  pending: 'Answered',
  closed: 'Ended by the customer',
}

function statusOf(records: MessageRecord[]): ConversationStatus {
  const last = records.at(-1)
  if (last === undefined || last.body.type === 'close') return 'closed'
  if (isOurs(last)) return 'pending'
  return records.some(isOurs) ? 'open' : 'new'
}

const newest = (records: MessageRecord[], field: 'intent' | 'group' | 'locale') =>
  records.map(({ body }) => body[field]).findLast((value) => value?.trim()) ?? null

function subjectOf(records: MessageRecord[]): string {
  const words = records.filter((each) => !isOurs(each)).map(textOf)
  const first = words.find((text) => text !== '')
  return first === undefined ? 'Messages conversation' : Array.from(preview(first)).slice(0, 80).join('')
}

/** @param records of one customer, oldest first, at least one that is not a sign of typing */
function toConversation(records: MessageRecord[], site: Site): Conversation | null {
  const [first] = records
  const last = records.at(-1)
  if (first === undefined || last === undefined) return null
  const status = statusOf(records)
  const spoken = records.filter((each) => each.body.type !== 'close')
  const speaker = spoken.at(-1)
  const capabilities = records.map(({ headers }) => headers['capability-list']).findLast((each) => each !== undefined)
  return {
    vendorId: customerOf(first),
    version: last.at,
    subject: subjectOf(records),
    preview: preview(speaker === undefined ? '' : textOf(speaker)),
    status,
    vendorStatus: { id: status, label: labels[status] ?? status },
    // Sending after the customer ended the conversation is not allowed until the customer writes again.
    commands: status === 'closed' ? [] : ['reply'],
    priority: null,
    channel: 'chat',
    customer: personOf(first),
    assigneeVendorId: null,
    groupVendorId: null,
    tags: [],
    brandKey: site.businessId ?? null,
    createdAt: first.at,
    updatedAt: last.at,
    lastMessageBy: speaker === undefined ? null : isOurs(speaker) ? 'agent' : 'customer',
    dueAt: null,
    // Apple has no page for a conversation; the gateway is where it is kept.
    url: `https://${site.gateway ?? 'register.apple.com'}/`,
    vendor: unknownFields(
      {
        intent: newest(records, 'intent'),
        group: newest(records, 'group'),
        locale: newest(records, 'locale'),
        capabilities,
      },
      [],
    ),
  }
}

/** The place where an attachment stood in the text. */
const objectMark = /\uFFFC/g

/** Titles of what was shown or chosen in a list, time or quick reply picker. */
function interactiveText(value: unknown): string {
  const data = isObject(value) && isObject(value.data) ? value.data : {}
  const quick = isObject(data['quick-reply']) ? data['quick-reply'] : {}
  const parts = [data.replyMessage, data.receivedMessage]
    .filter(isObject)
    .flatMap((each) => [each.title, each.subtitle])
    .concat([quick.summaryText])
  const texts = parts.filter((each): each is string => typeof each === 'string' && each.trim() !== '')
  return [...new Set(texts)].join('\n')
}

export function textOf({ body }: MessageRecord): string {
  const text = (body.body ?? '').replace(objectMark, '').trim()
  if (text !== '') return text
  const link = [body.richLinkData?.title, body.richLinkData?.url].filter(Boolean).join('\n')
  return link !== '' ? link : interactiveText(body.interactiveData)
}

function toAttachments({ body, files }: MessageRecord): Attachment[] {
  return files.map((file, index) => ({
    vendorId: `${body.id}/${index}`,
    name: file.name ?? 'file',
    contentType: file.mimeType ?? 'application/octet-stream',
    size: file.size ?? null,
    url: file.url,
    inline: false,
    contentId: null,
  }))
}

const eventTexts: Record<string, string> = { close: 'The customer ended the conversation' }
/** What people say to each other; everything else is an event that names its type. */
const spokenTypes = new Set(['text', 'richLink', 'interactive'])

const known = ['id', 'sourceId', 'destinationId', 'body', 'attachments', 'v']

export function toMessage(record: MessageRecord): Message {
  const { body, headers } = record
  const ours = isOurs(record)
  const spoken = spokenTypes.has(body.type)
  const automatic = String(headers['auto-reply']) === 'true'
  const event = Object.hasOwn(eventTexts, body.type) ? eventTexts[body.type] : undefined
  const text = textOf(record)
  return {
    vendorId: body.id,
    conversationVendorId: customerOf(record),
    kind: spoken ? 'reply' : 'event',
    direction: ours ? 'out' : 'in',
    author: ours ? { ...nobody, role: automatic ? 'system' : 'agent' } : { ...personOf(record), role: 'customer' },
    createdAt: record.at,
    bodyHtml: null,
    bodyText: spoken
      ? text || (body.type === 'interactive' ? 'Interactive message' : '')
      : (event ?? (text || body.type)),
    attachments: toAttachments(record),
    // The keys of files stay with the gateway: they are asked for when a file is opened.
    vendor: {
      ...unknownFields(body, known),
      ...(headers['device-agent'] === undefined ? {} : { device: headers['device-agent'] }),
    },
  }
}

/** Conversations and messages of any records, in any order. */
export function recordsPart(
  records: MessageRecord[],
  site: Site,
): Pick<Unified, 'conversations' | 'messages' | 'people'> {
  const lasting = records.filter((each) => !isPassing(each)).sort((a, b) => a.at - b.at)
  const byCustomer = Map.groupBy(lasting, customerOf)
  const conversations = [...byCustomer.values()].flatMap((each) => toConversation(each, site) ?? [])
  return {
    conversations,
    messages: lasting.map(toMessage),
    people: conversations.map(({ customer }) => customer),
  }
}
