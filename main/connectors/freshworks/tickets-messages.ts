import type { Attachment, Message, Person } from '../model.ts'
import { unknownFields } from '../read-records.ts'
import { htmlToText } from '../text.ts'
import { ticketText, toCustomer } from './tickets-map.ts'
import type { TicketProduct } from './tickets-product.ts'
import { attachmentSchema, type Entry, type Ticket } from './tickets-schema.ts'

/** Files of a ticket or an entry. What cannot be read as a file is kept as it came. */
function toAttachments(records: unknown[] | null | undefined): { files: Attachment[]; strange: unknown[] } {
  const files: Attachment[] = []
  const strange: unknown[] = []
  for (const record of records ?? []) {
    const read = attachmentSchema.safeParse(record)
    if (!read.success) strange.push(record)
    else {
      const { id, name, content_type, size, file_size, attachment_url } = read.data
      files.push({
        vendorId: id,
        name: name ?? 'file',
        contentType: content_type ?? 'application/octet-stream',
        size: size ?? file_size ?? null,
        url: attachment_url,
        inline: false,
        contentId: null,
      })
    }
  }
  return { files, strange }
}

const keep = (strange: unknown[]) => (strange.length === 0 ? {} : { attachments: strange })

/** The ticket's own text: the first message, which the list of conversations does not repeat. */
export function toFirstMessage(ticket: Ticket, product: TicketProduct): Message {
  const outbound = product.isOutbound(ticket)
  const { files, strange } = toAttachments(ticket.attachments)
  const nobody: Person = { vendorId: null, name: null, email: null, phone: null }
  return {
    vendorId: `description-${ticket.id}`,
    conversationVendorId: ticket.id,
    kind: 'reply',
    direction: outbound ? 'out' : 'in',
    // Which agent began an outbound ticket is not told.
    author: outbound ? { ...nobody, role: 'agent' } : { ...toCustomer(ticket), role: 'customer' },
    createdAt: ticket.created_at,
    bodyHtml: ticket.description ?? null,
    bodyText: ticketText(ticket),
    attachments: files,
    vendor: keep(strange),
  }
}

const entryFields = [
  ...['id', 'user_id', 'ticket_id', 'incoming', 'private', 'body', 'body_text', 'attachments', 'created_at'],
  // Says once more what `body` says.
  'structured_body',
]

/** `"Rita" <rita@example.com>` or a bare address. */
function readAddress(text: string | null | undefined): { name: string | null; email: string | null } {
  if (!text?.includes('@')) return { name: null, email: null }
  const open = text.lastIndexOf('<')
  const close = text.lastIndexOf('>')
  if (open === -1 || close < open) return { name: null, email: text.trim() }
  const name = text.slice(0, open).replaceAll('"', '').trim()
  return { name: name || null, email: text.slice(open + 1, close).trim() || null }
}

/** `source` 2 is a note in both products, and a note is private where nothing else is said. A public note is read by the customer. */
function kindOf(entry: Entry, product: TicketProduct): Message['kind'] {
  if (product.isEvent(entry)) return 'event'
  return (entry.private ?? String(entry.source) === '2') ? 'note' : 'reply'
}

/** One entry of a ticket. `people` holds agents and the requester by id. */
export function toMessage(
  entry: Entry,
  ticketId: string,
  people: ReadonlyMap<string, Person>,
  product: TicketProduct,
): Message {
  const incoming = entry.incoming === true
  const kind = kindOf(entry, product)
  const known = entry.user_id ? people.get(entry.user_id) : undefined
  // An agent's mail leaves from the support address, which is not the agent's own.
  const written = incoming ? readAddress(entry.from_email) : { name: null, email: null }
  const { files, strange } = toAttachments(entry.attachments)
  return {
    vendorId: entry.id,
    conversationVendorId: ticketId,
    kind,
    direction: incoming ? 'in' : 'out',
    author: {
      vendorId: entry.user_id ?? null,
      name: known?.name ?? written.name,
      email: known?.email ?? written.email,
      phone: known?.phone ?? null,
      role: incoming ? 'customer' : kind === 'event' ? 'system' : 'agent',
    },
    createdAt: entry.created_at,
    bodyHtml: entry.body ?? null,
    bodyText: entry.body_text || htmlToText(entry.body ?? ''),
    attachments: files,
    vendor: { ...unknownFields(entry, entryFields), ...keep(strange) },
  }
}
