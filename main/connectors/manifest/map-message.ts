import type { Attachment, Message } from '../model.ts'
import { unknownFields } from '../read-records.ts'
import { htmlToText } from '../text.ts'
import { isRecord, type Mapped, readingOf, toPerson } from './map-conversation.ts'
import { findAll } from './path.ts'
import type { Manifest, MessageFields } from './schema.ts'
import {
  addressValue,
  enumValue,
  fieldPath,
  numberValue,
  type Reading,
  takenMembers,
  textValue,
  timeValue,
  wordValue,
  yesValue,
} from './value.ts'

const kinds = ['reply', 'note', 'event'] as const
const roles = ['customer', 'agent', 'system'] as const

/**
 * A record that is a message, or what is wrong with it. A kind that is not known is a note: what may be private is not shown as sent.
 * Never throws.
 */
export function toMessage(
  manifest: Manifest,
  fields: MessageFields,
  record: unknown,
  from: { path: string; conversationId: string; site: Reading['site'] },
): Mapped<Message> {
  const reading = readingOf(manifest, from.site)
  if (!isRecord(record)) return { bad: { vendorId: null, path: from.path, reason: 'not an object' } }
  const vendorId = wordValue(fields.id, record, reading)
  const bad = (name: 'id' | 'createdAt', reason: string): Mapped<Message> => ({
    bad: { vendorId, path: `${from.path}${fieldPath(name, fields[name])}`, reason },
  })
  if (vendorId === null) return bad('id', 'no id')
  const createdAt = timeValue(fields.createdAt, record, reading)
  if (createdAt === null) return bad('createdAt', 'not a time')
  const kind = enumValue(fields.kind, kinds, record, reading)
  const role = enumValue(fields.role, roles, record, reading)
  const who = role.word ?? (fields.role === undefined ? 'customer' : 'system')
  const html = textValue(fields.html, record, reading)
  const strange = Object.entries({ kind: kind.strange, role: role.strange }).filter(([, value]) => value !== null)
  return {
    value: {
      vendorId,
      conversationVendorId: from.conversationId,
      kind: kind.word ?? (fields.kind === undefined ? 'reply' : 'note'),
      direction: who === 'customer' ? 'in' : 'out',
      author: { ...toPerson(fields.author, record, reading), role: who },
      createdAt,
      bodyHtml: html,
      bodyText: textValue(fields.text, record, reading) ?? htmlToText(html ?? ''),
      attachments: toAttachments(fields, record, reading, vendorId),
      vendor: { ...unknownFields(record, takenMembers(fields)), ...Object.fromEntries(strange) },
    },
  }
}

function toAttachments(
  { attachments }: MessageFields,
  record: unknown,
  reading: Reading,
  messageId: string,
): Attachment[] {
  if (attachments === undefined) return []
  const { fields } = attachments
  return findAll(attachments.records, record)
    .flat(1)
    .flatMap((file, index) => {
      const url = addressValue(fields.url, file, reading)
      if (url === null) return []
      return [
        {
          vendorId: wordValue(fields.id, file, reading) ?? `${messageId}-${index}`,
          name: wordValue(fields.name, file, reading) ?? 'file',
          contentType: wordValue(fields.contentType, file, reading) ?? 'application/octet-stream',
          size: numberValue(fields.size, file, reading),
          url,
          inline: yesValue(fields.inline, file, reading),
          contentId: wordValue(fields.contentId, file, reading),
        },
      ]
    })
}
