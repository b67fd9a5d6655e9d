import { z } from 'zod'
import type { Attachment, Message, Person } from '../model.ts'
import { optionalId, optionalText, time, unknownFields, vendorId } from '../read-records.ts'
import { htmlToText } from '../text.ts'

/** Messages are made of typed parts, each with exactly one kind. https://developers.freshchat.com/api/#message */
const partSchema = z.record(z.string(), z.unknown())

export const messageSchema = z.looseObject({
  id: vendorId,
  conversation_id: optionalId,
  actor_type: optionalText,
  actor_id: optionalId,
  user_id: optionalId,
  message_type: optionalText,
  message_source: optionalText,
  created_time: time,
  meta_data: z.looseObject({}).nullish().catch(null),
  message_parts: z.array(z.unknown()).nullish().catch(null),
  reply_parts: z.array(z.unknown()).nullish().catch(null),
})
export type ChatMessage = z.infer<typeof messageSchema>

const fields = [
  ...['id', 'conversation_id', 'actor_type', 'actor_id', 'user_id', 'message_type', 'created_time', 'message_parts'],
  ...['app_id', 'channel_id'],
]

/** What the customer may see is said by `message_type`; steps of the conversation come as messages of the source `system`. */
function kindOf(message: ChatMessage): Message['kind'] {
  const type = message.message_type?.toLowerCase() ?? null
  const bySystem = (message.message_source ?? '').toLowerCase() === 'system' || message.actor_type === 'system'
  if (type === 'private') return 'note'
  if (type === 'system' || bySystem || isStep(message)) return 'event'
  // A type we do not know is not taken for something the customer has read.
  return type === 'normal' || type === null ? 'reply' : 'note'
}

/** A note of a bot or a rule that the conversation was resolved or opened again. */
const isStep = ({ meta_data }: ChatMessage) => meta_data?.isResolved === true || meta_data?.isReopen === true

const roles = { user: 'customer', agent: 'agent', bot: 'system', system: 'system' } as const

/** Where a message names no author, the one who is behind the event it came with, or else the customer it belongs to. */
export interface Author {
  type: string
  person: Person
}

function authorOf(message: ChatMessage, people: ReadonlyMap<string, Person>, fallback: Author | null) {
  const type = message.actor_type?.toLowerCase() ?? fallback?.type ?? (message.user_id ? 'user' : 'system')
  const role = Object.hasOwn(roles, type) ? roles[type as keyof typeof roles] : 'system'
  const id = message.actor_id ?? fallback?.person.vendorId ?? (role === 'customer' ? message.user_id : null) ?? null
  const known = people.get(id ?? '') ?? (fallback?.person.vendorId === id ? fallback?.person : undefined)
  return { ...(known ?? { vendorId: id, name: null, email: null, phone: null }), vendorId: id, role }
}

/** One message. `people` holds agents and the customer by id. */
export function toMessage(
  message: ChatMessage,
  conversationId: string,
  people: ReadonlyMap<string, Person>,
  fallback: Author | null = null,
): Message {
  const read = readParts(message.message_parts ?? [], message.id)
  const author = authorOf(message, people, fallback)
  const kind = kindOf(message)
  return {
    vendorId: message.id,
    conversationVendorId: message.conversation_id ?? conversationId,
    kind,
    direction: author.role === 'customer' ? 'in' : 'out',
    author: kind === 'event' && author.role !== 'customer' ? { ...author, role: 'system' } : author,
    createdAt: message.created_time,
    bodyHtml: read.html,
    bodyText: read.text,
    attachments: read.attachments,
    vendor: {
      ...unknownFields(message, fields),
      ...(read.subject === null ? {} : { subject: read.subject }),
      ...(message.message_type && !['normal', 'private', 'system'].includes(message.message_type.toLowerCase())
        ? { message_type: message.message_type }
        : {}),
      ...(author.role === 'system' && message.actor_type ? { actor_type: message.actor_type } : {}),
    },
  }
}

interface Parts {
  text: string
  html: string | null
  subject: string | null
  attachments: Attachment[]
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const field = (part: unknown, name: string): unknown => (Object(part) as Record<string, unknown>)[name]

/** All parts in order: texts as lines, files as attachments, buttons by their labels, and what we do not know by its name. */
function readParts(parts: readonly unknown[], messageId: string): Parts {
  const lines: string[] = []
  const attachments: Attachment[] = []
  let html: string | null = null
  let subject: string | null = null
  const flat = parts.flatMap((part) => {
    const inner = field(field(part, 'collection'), 'sub_parts')
    return Array.isArray(inner) ? inner : [part]
  })
  for (const part of flat) {
    const read = partSchema.safeParse(part)
    const [kind, content] = (read.success ? Object.entries(read.data)[0] : undefined) ?? ['part', null]
    const file = toAttachment(kind, content, `${messageId}-${attachments.length}`)
    if (file !== null) attachments.push(file)
    else if (kind === 'email') {
      subject ??= textOf(field(content, 'subject'))
      const body = textOf(field(content, 'content'))
      html ??= body
      if (body !== null) lines.push(htmlToText(body))
    } else lines.push(lineOf(kind, content))
  }
  return { text: lines.filter((line) => line !== '').join('\n'), html, subject, attachments }
}

/** Labels of what can be pressed. An unknown part is shown as a placeholder, never dropped. */
function lineOf(kind: string, content: unknown): string {
  if (kind === 'text') return String(field(content, 'content') ?? '')
  const label =
    textOf(field(content, 'label')) ?? textOf(field(content, 'payload')) ?? textOf(field(content, 'content'))
  const url = textOf(field(content, 'url'))
  if (kind === 'url_button') return [label, url].filter(Boolean).join(': ')
  return label ?? `[${kind.replaceAll('_', ' ')}]`
}

const kinds: Record<string, string> = { image: 'image/*', video: 'video/*', audio: 'audio/*' }

/** `image{url}`, `file{name,url,file_size_in_bytes,content_type}`, `video{…}`. The url may arrive late: then there is only a line. */
function toAttachment(kind: string, content: unknown, id: string): Attachment | null {
  if (!['image', 'file', 'video', 'audio'].includes(kind)) return null
  const url = textOf(field(content, 'url'))
  if (url === null || !URL.canParse(url) || new URL(url).protocol !== 'https:') return null
  const size = field(content, 'file_size_in_bytes')
  const bytes = typeof size === 'number' ? size : Number.parseInt(String(size), 10)
  const last = new URL(url).pathname.split('/').at(-1) ?? ''
  return {
    vendorId: textOf(field(content, 'id')) ?? textOf(field(content, 'file_hash')) ?? id,
    name: textOf(field(content, 'name')) ?? (decoded(last) || kind),
    contentType: textOf(field(content, 'content_type')) ?? typeOf(last) ?? kinds[kind] ?? 'application/octet-stream',
    size: Number.isFinite(bytes) ? bytes : null,
    url,
    inline: false,
    contentId: null,
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Pictures come as an address alone: its ending says which kind. */
function typeOf(file: string): string | null {
  const [, ending] = /\.(png|jpe?g|gif|webp)$/i.exec(file) ?? []
  if (ending === undefined) return null
  return `image/${ending.toLowerCase().replace('jpg', 'jpeg')}`
}
