import { z } from 'zod'
import type { Attachment } from '../model.ts'
import { optionalText } from '../read-records.ts'
import { MailHeaders } from './headers.ts'

/** The MIME parts of a message as Gmail tells them, walked without trust in their shape. */

const partSchema = z.looseObject({
  partId: optionalText,
  mimeType: optionalText,
  filename: optionalText,
  headers: z.unknown().optional(),
  body: z
    .looseObject({ attachmentId: optionalText, size: z.number().nullish().catch(null), data: optionalText })
    .nullish()
    .catch(null),
  parts: z.unknown().optional(),
})
type Part = z.infer<typeof partSchema>

/** Forwarded chains nest; nobody writes one this deep. */
const deepest = 40

export interface MailContent {
  text: string | null
  html: string | null
  attachments: Attachment[]
}

/** The leaves of a payload in order, each once. A forwarded message is one leaf: what is inside is not ours to show as said here. */
function leaves(payload: unknown, depth = 0): Part[] {
  const read = partSchema.safeParse(payload)
  if (!read.success || depth > deepest) return []
  const { parts, mimeType } = read.data
  if (!Array.isArray(parts) || parts.length === 0 || mimeType === 'message/rfc822') return [read.data]
  return parts.flatMap((each) => leaves(each, depth + 1))
}

/** Base64, of either alphabet. The charset is Gmail's UTF-8; where the bytes are not, the one the part names. */
function decoded(part: Part): string {
  const bytes = Buffer.from(part.body?.data ?? '', 'base64url')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return decoderOf(new MailHeaders(part.headers).parameter('content-type', 'charset')).decode(bytes)
  }
}

function decoderOf(charset: string | null): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset ?? 'windows-1252')
  } catch {
    return new TextDecoder('windows-1252')
  }
}

const isBody = (part: Part) =>
  (part.mimeType === 'text/plain' || part.mimeType === 'text/html') &&
  !part.filename &&
  !part.body?.attachmentId &&
  !/^\s*attachment/i.test(new MailHeaders(part.headers).text('content-disposition') ?? '')

/** Where an attachment is fetched from. `attachmentId` changes with every read, so the part's own id names it. */
export function attachmentUrl(messageId: string, partId: string): string {
  return `https://gmail.googleapis.com/gmail/v1/users/me/messages/${encodeURIComponent(messageId)}?format=full#${partId}`
}

export function readContent(messageId: string, payload: unknown): MailContent {
  const all = leaves(payload)
  const bodies = all.filter(isBody)
  const joined = (type: string, between: string) => {
    const found = bodies.filter((part) => part.mimeType === type && part.body?.data).map(decoded)
    return found.length === 0 ? null : found.join(between)
  }
  const html = joined('text/html', '<br>\n')
  const files = all.filter((part) => !isBody(part) && (part.body?.attachmentId || part.filename || part.body?.data))
  return {
    text: joined('text/plain', '\n\n')?.replaceAll('\r\n', '\n').trimEnd() ?? null,
    html,
    attachments: files.map((part, place) => toAttachment(messageId, part, place, html)),
  }
}

const names: Record<string, string> = { 'message/rfc822': 'message.eml', 'text/calendar': 'invitation.ics' }

function toAttachment(messageId: string, part: Part, place: number, html: string | null): Attachment {
  const headers = new MailHeaders(part.headers)
  const contentId = headers.text('content-id')?.replace(/^<|>$/g, '') ?? headers.text('x-attachment-id')
  const contentType = part.mimeType || 'application/octet-stream'
  const partId = part.partId || String(place)
  const shown = contentId !== null && (html ?? '').includes(`cid:${contentId}`)
  const meant = contentId !== null && /^\s*inline/i.test(headers.text('content-disposition') ?? '')
  return {
    vendorId: partId,
    name: part.filename || names[contentType] || `attachment-${place + 1}`,
    contentType,
    size: part.body?.size ?? null,
    url: attachmentUrl(messageId, partId),
    inline: shown || meant,
    contentId,
  }
}

/** The body of one part of a message: its bytes where they came along, else the id to fetch them by. Null: there is no such part. */
export function findPart(
  payload: unknown,
  partId: string,
): { data: string | null; attachmentId: string | null } | null {
  const files = leaves(payload).filter((part) => !isBody(part))
  const part = files.find((each, place) => (each.partId || String(place)) === partId)
  return part === undefined ? null : { data: part.body?.data ?? null, attachmentId: part.body?.attachmentId ?? null }
}
