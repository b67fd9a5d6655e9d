import type { Attachment, Message } from '../../connectors/model.ts'
import type { MessageView } from '../model.ts'
import { plainText } from '../plain-text.ts'
import type { Db } from './driver.ts'

export interface Messages {
  /** Adds or replaces. Answers whether anything changed. */
  put(conversation: number, message: Message, readAt: number): boolean
  /** The whole thread as read: what is not in it any more goes, except what was written here after the read began. */
  replace(conversation: number, messages: Message[], readAt: number): boolean
  list(conversation: number): MessageView[]
  /** When customer and agents last spoke (0: never), and the newest words. */
  spoken(conversation: number): { customer: number; agent: number; newest: string | null }
  attachment(messageId: string, attachmentId: string): { accountId: string; attachment: Attachment } | null
}

interface MessageRow {
  id: number
  vendor_id: string
  kind: Message['kind']
  direction: Message['direction']
  author: string
  created_at: number
  body_html: string | null
  body_text: string
  attachments: string
}

const maxHtmlChars = 1_000_000
const maxTextChars = 400_000
const cut = '\n[This message is too long to be shown in full here. The rest is on the vendor’s page.]'
const previewChars = 200

export function createMessages(db: Db): Messages {
  const columns = 'id, vendor_id, kind, direction, author, created_at, body_html, body_text, attachments'
  const find = db.prepare<[number, string], MessageRow>(
    `SELECT ${columns} FROM messages WHERE conversation = ? AND vendor_id = ?`,
  )
  const put = db.prepare(
    `INSERT INTO messages (conversation, vendor_id, kind, direction, author, created_at, body_html, body_text, attachments, read_at)
     VALUES (@conversation, @vendor_id, @kind, @direction, @author, @created_at, @body_html, @body_text, @attachments, @read_at)
     ON CONFLICT (conversation, vendor_id) DO UPDATE SET kind = excluded.kind, direction = excluded.direction,
       author = excluded.author, created_at = excluded.created_at, body_html = excluded.body_html,
       body_text = excluded.body_text, attachments = excluded.attachments, read_at = excluded.read_at`,
  )
  const keys = db.prepare<[number, number], { id: number; vendor_id: string }>(
    'SELECT id, vendor_id FROM messages WHERE conversation = ? AND read_at <= ?',
  )
  const remove = db.prepare<[number]>('DELETE FROM messages WHERE id = ?')
  const list = db.prepare<[number], MessageRow>(
    `SELECT ${columns} FROM messages WHERE conversation = ? ORDER BY created_at, id`,
  )
  const spoken = db.prepare<[number], { customer: number; agent: number }>(
    `SELECT coalesce(max(CASE WHEN direction = 'in' THEN created_at END), 0) AS customer,
       coalesce(max(CASE WHEN direction = 'out' AND author ->> 'role' = 'agent' THEN created_at END), 0) AS agent
     FROM messages WHERE conversation = ? AND kind = 'reply'`,
  )
  const newest = db
    .prepare<[number, number], string>(
      `SELECT substr(body_text, 1, ?) FROM messages WHERE conversation = ? AND kind <> 'event'
       ORDER BY created_at DESC, id DESC LIMIT 1`,
    )
    .pluck()
  const attachments = db.prepare<[number], { attachments: string; account_id: string }>(
    `SELECT m.attachments, a.account_id FROM messages m
     JOIN conversations c ON c.id = m.conversation JOIN accounts a ON a.id = c.account WHERE m.id = ?`,
  )

  const write = (conversation: number, message: Message, readAt: number) => {
    const row = rowOf(message)
    const known = find.get(conversation, message.vendorId)
    put.run({ ...row, conversation, read_at: readAt })
    return !known || (Object.keys(row) as (keyof typeof row)[]).some((name) => known[name] !== row[name])
  }
  return {
    put: write,
    replace(conversation, messages, readAt) {
      const present = new Set(messages.map((message) => message.vendorId))
      let changed = false
      for (const { id, vendor_id } of keys.all(conversation, readAt)) {
        if (present.has(vendor_id)) continue
        remove.run(id)
        changed = true
      }
      for (const message of messages) changed = write(conversation, message, readAt) || changed
      return changed
    },
    list: (conversation) => list.all(conversation).map(viewOf),
    spoken: (conversation) => ({
      customer: 0,
      agent: 0,
      ...spoken.get(conversation),
      newest: newest.get(previewChars * 2, conversation) ?? null,
    }),
    attachment(messageId, attachmentId) {
      if (!/^\d{1,15}$/.test(messageId)) return null
      const found = attachments.get(Number(messageId))
      if (!found) return null
      const all: Attachment[] = JSON.parse(found.attachments)
      const attachment = all.find((one) => one.vendorId === attachmentId)
      return attachment ? { accountId: found.account_id, attachment } : null
    },
  }
}

/** One line of at most 200 characters for the list. */
export function previewOf(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return [...line].slice(0, previewChars).join('')
}

function rowOf(message: Message): Omit<MessageRow, 'id'> {
  const { bodyHtml } = message
  const text = message.bodyText || (bodyHtml === null ? '' : plainText(bodyHtml.slice(0, maxHtmlChars)))
  const tooLong = text.length > maxTextChars || (bodyHtml?.length ?? 0) > maxHtmlChars
  return {
    vendor_id: message.vendorId,
    kind: message.kind,
    direction: message.direction,
    author: JSON.stringify(message.author),
    created_at: message.createdAt,
    body_html: tooLong ? null : bodyHtml,
    body_text: tooLong ? text.slice(0, maxTextChars) + cut : text,
    attachments: JSON.stringify(message.attachments),
  }
}

function viewOf(row: MessageRow): MessageView {
  const author: Message['author'] = JSON.parse(row.author)
  const attachments: Attachment[] = JSON.parse(row.attachments)
  return {
    id: String(row.id),
    vendorId: row.vendor_id,
    kind: row.kind,
    direction: row.direction,
    authorName: author.name ?? author.email ?? '',
    authorEmail: author.email,
    authorRole: author.role,
    createdAt: row.created_at,
    bodyHtml: row.body_html,
    bodyText: row.body_text,
    attachments: attachments.map(({ vendorId, name, contentType, size, inline }) => ({
      id: vendorId,
      name,
      contentType,
      size,
      inline,
    })),
    delivery: null,
  }
}
