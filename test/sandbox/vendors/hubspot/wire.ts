import { createHash } from 'node:crypto'
import type { Entry, Row, StoredFile } from '../../content/conversations.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { apiHost, hubspotSites, pipelinesOf } from './sites.ts'

export const fileHost = 'f.hubspotusercontent-eu1.net'

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

const channels = { email: '1002', web: '1003', chat: '1000' } as const
export const priorities = { low: 'LOW', normal: 'MEDIUM', high: 'HIGH', urgent: 'URGENT' } as const

/** Longer messages are cut in lists; the rest is at `original-content`. */
const cutAt = 6000

/** Rows and entries of one portal in HubSpot's wire format. Ids are numbers in strings. */
export class HubspotWire {
  readonly store: SiteStore
  readonly #base: number

  constructor(store: SiteStore) {
    this.store = store
    this.#base = hubspotSites.findIndex((site) => site.id === store.spec.id) + 1
  }

  threadId = (index: number) => String(6_100_000_000 + this.#base * 10_000_000 + index)
  threadIndex = (id: string) => Number(id) - 6_100_000_000 - this.#base * 10_000_000
  ticketId = (index: number) => String(394_400_000_000 + this.#base * 10_000_000 + index)
  ticketIndex = (id: string) => Number(id) - 394_400_000_000 - this.#base * 10_000_000
  contactId = (number: number) => String(70_000_000 + this.#base * 10_000_000 + number)
  contactNumber = (id: string) => Number(id) - 70_000_000 - this.#base * 10_000_000
  /** Owner, user and actor are three different ids of one person. */
  ownerId = (place: number) => String(41_629_000 + this.#base * 100 + place)
  ownerPlace = (id: string) => Number(id) - 41_629_000 - this.#base * 100
  userId = (place: number) => 29_319_000 + this.#base * 100 + place
  actorPlace = (actor: string) => (actor.startsWith('A-') ? Number(actor.slice(2)) - this.userId(0) : -1)
  inboxId = () => String(430 + this.#base)
  channelAccountId = (row: Row) => String(this.#base * 100 + Number(channels[row.channel].slice(-1)))
  messageId = (index: number, seq: number) =>
    createHash('md5').update(`${this.store.spec.id}/${index}/${seq}`).digest('hex')
  fileId = (index: number, seq: number, place: number) =>
    String((this.#base * 10_000_000_000 + index * 1000 + seq) * 10 + place)
  filePlace = (id: string) => {
    const rest = Number(id) - this.#base * 100_000_000_000
    return { index: Math.floor(rest / 10_000), seq: Math.floor(rest / 10) % 1000, place: rest % 10 }
  }

  /** Two of every 64 seeded conversations are plain chats that nobody made a ticket of. */
  hasTicket = (index: number) => {
    const chat = this.store.isSeeded(index) && (index % 64 === 5 || index % 64 === 38)
    return !chat && !this.store.hidden.has(index)
  }

  /** Tickets that a program made: nobody has written, so there is no thread. */
  readonly madeByHand = new Set<number>()
  hasThread = (index: number) => !this.madeByHand.has(index)

  thread(index: number, withTicket: boolean): Record<string, unknown> {
    const row = this.store.row(index)
    const entries = this.store.entries(index)
    const received = entries.findLast((entry) => entry.author.kind === 'customer')
    const sent = entries.findLast((entry) => entry.kind === 'reply' && entry.author.kind === 'staff')
    const closed = this.isClosed(row)
    return {
      id: this.threadId(index),
      status: closed ? 'CLOSED' : 'OPEN',
      inboxId: this.inboxId(),
      originalChannelId: channels[row.channel],
      originalChannelAccountId: this.channelAccountId(row),
      associatedContactId: this.contactId(row.customer),
      ...(row.assignee === null ? {} : { assignedTo: `A-${this.userId(row.assignee)}` }),
      spam: row.spam,
      archived: this.store.hidden.get(index) === 'deleted',
      createdAt: iso(row.createdAt),
      ...(closed ? { closedAt: iso(row.updatedAt) } : {}),
      latestMessageTimestamp: iso(this.store.messages.changedAt(index)),
      ...(received ? { latestMessageReceivedTimestamp: iso(received.at) } : {}),
      ...(sent ? { latestMessageSentTimestamp: iso(sent.at) } : {}),
      ...(withTicket && this.hasTicket(index)
        ? { threadAssociations: { associatedTicketId: this.ticketId(index) } }
        : {}),
    }
  }

  isClosed(row: Row): boolean {
    return ['solved', 'closed'].includes(this.store.status(row.status).kind)
  }

  message(index: number, entry: Entry): Record<string, unknown> {
    const row = this.store.row(index)
    const common = {
      id: this.messageId(index, entry.seq),
      conversationsThreadId: this.threadId(index),
      createdAt: iso(entry.at),
      updatedAt: iso(entry.at),
      createdBy: this.actor(entry),
      client: { clientType: entry.author.kind === 'system' ? 'SYSTEM' : 'HUBSPOT' },
      archived: false,
    }
    if (entry.kind === 'event')
      return { ...common, ...this.#event(entry), senders: [{ actorId: this.actor(entry) }], recipients: [] }
    const cut = entry.text.length > cutAt
    const body = {
      text: cut ? entry.text.slice(0, cutAt) : entry.text,
      richText: cut ? `<p>${entry.text.slice(0, cutAt)}</p>` : this.#rich(index, entry),
      attachments: entry.files.map((file, place) => this.#attachment(this.fileId(index, entry.seq, place), file)),
    }
    if (entry.kind === 'note') {
      return {
        ...common,
        type: 'COMMENT',
        senders: [{ actorId: this.actor(entry), name: this.#name(entry) }],
        recipients: [],
        ...body,
      }
    }
    return { ...common, ...this.#talk(row, entry), ...body, truncationStatus: cut ? 'TRUNCATED' : 'NOT_TRUNCATED' }
  }

  actor(entry: Entry): string {
    if (entry.author.kind === 'staff') return `A-${this.userId(entry.author.staff)}`
    return entry.author.kind === 'customer' ? `V-${this.contactId(entry.author.customer)}` : 'S-hubspot'
  }

  /** An actor by id; undefined when there is none. */
  actorRecord(id: string): Record<string, unknown> | undefined {
    if (id === 'S-hubspot') return { id, type: 'SYSTEM', name: 'HubSpot' }
    const person = this.store.spec.staff[this.actorPlace(id)]
    if (person) return { id, type: 'AGENT', name: person.name, email: person.email, avatar: '' }
    const number = id.startsWith('V-') ? this.contactNumber(id.slice(2)) : -1
    if (!(Number.isInteger(number) && number >= 0 && number < this.store.customers)) return undefined
    const customer = this.store.customer(number)
    return { id, type: 'VISITOR', name: customer.name, email: customer.email, avatar: '' }
  }

  ticketProperties(index: number): Record<string, string | null> {
    const row = this.store.row(index)
    const pipeline = pipelinesOf(this.store.spec).find((known) => known.stages.some((stage) => stage.id === row.status))
    return {
      subject: row.subject,
      content: this.store.entries(index)[0]?.text ?? null,
      hs_pipeline: pipeline?.id ?? '0',
      hs_pipeline_stage: row.status,
      hs_ticket_category: null,
      hs_ticket_priority: row.priority === null ? null : priorities[row.priority],
      hubspot_owner_id: row.assignee === null ? null : this.ownerId(row.assignee),
      hs_is_closed: String(this.isClosed(row)),
      source_type: row.channel === 'email' ? 'EMAIL' : row.channel === 'chat' ? 'CHAT' : 'FORM',
      hs_conversations_originating_thread_id: this.hasThread(index) ? this.threadId(index) : null,
      hs_tag_ids: null,
      createdate: iso(row.createdAt),
      hs_lastmodifieddate: iso(row.updatedAt),
      hs_object_id: this.ticketId(index),
    }
  }

  contactProperties(number: number): Record<string, string | null> {
    const person = this.store.customer(number)
    return {
      email: person.email,
      firstname: person.first,
      lastname: person.last,
      phone: person.phone,
      company: person.company,
      jobtitle: null,
      createdate: '2024-03-01T09:00:00.000Z',
      lastmodifieddate: '2025-11-20T10:00:00.000Z',
      hs_object_id: this.contactId(number),
    }
  }

  owner(place: number): Record<string, unknown> {
    const person = this.store.spec.staff[place]
    const [first = '', ...rest] = person?.name.split(' ') ?? []
    const teams = this.store.spec.groups.flatMap((group, at) =>
      group.members.includes(place)
        ? [{ id: String(800 + this.#base * 10 + at), name: group.name, primary: at === 0 }]
        : [],
    )
    return {
      id: this.ownerId(place),
      email: person?.email ?? '',
      type: 'PERSON',
      firstName: first,
      lastName: rest.join(' '),
      userId: this.userId(place),
      userIdIncludingInactive: this.userId(place),
      createdAt: '2024-03-01T09:00:00.000Z',
      updatedAt: '2025-11-20T10:00:00.000Z',
      archived: false,
      ...(teams.length > 0 ? { teams } : {}),
    }
  }

  url(kind: 'ticket' | 'contact', id: string): string {
    return `https://app-eu1.hubspot.com/contacts/${this.store.spec.id}/record/${kind === 'ticket' ? '0-5' : '0-1'}/${id}`
  }

  fileUrl(id: string, name: string): string {
    return `https://${fileHost}/hubfs/${this.store.spec.id}/${id}/${encodeURIComponent(name)}?Signature=${Number(id).toString(36)}`
  }

  #event(entry: Entry): Record<string, unknown> {
    if (entry.change?.field === 'assignee') {
      return {
        type: 'ASSIGNMENT',
        ...(entry.change.to === null ? {} : { assignedTo: entry.change.to }),
        ...(entry.change.from === null ? {} : { assignedFrom: entry.change.from }),
      }
    }
    const stage = this.store.spec.statuses.find((status) => status.id === entry.change?.to)
    return {
      type: 'THREAD_STATUS_CHANGE',
      newStatus: stage && ['solved', 'closed'].includes(stage.kind) ? 'CLOSED' : 'OPEN',
    }
  }

  #talk(row: Row, entry: Entry): Record<string, unknown> {
    const customer = this.store.customer(row.customer)
    const visitor = `V-${this.contactId(row.customer)}`
    const email = row.channel === 'email'
    const theirs = email
      ? { type: 'HS_EMAIL_ADDRESS', value: customer.email }
      : { type: 'CHANNEL_SPECIFIC_OPAQUE_ID', value: createHash('md5').update(customer.email).digest('hex') }
    const ours = { type: 'HS_EMAIL_ADDRESS', value: this.store.spec.supportEmail }
    const incoming = entry.author.kind === 'customer'
    const from = incoming
      ? { actorId: visitor, name: customer.name, ...(email ? { senderField: 'FROM' } : {}), deliveryIdentifier: theirs }
      : {
          actorId: this.actor(entry),
          name: this.#name(entry),
          ...(email ? { senderField: 'FROM', deliveryIdentifier: ours } : {}),
        }
    const to = incoming
      ? email
        ? [{ recipientField: 'TO', deliveryIdentifier: ours }]
        : []
      : [{ actorId: visitor, ...(email ? { recipientField: 'TO' } : {}), deliveryIdentifier: theirs }]
    return {
      type: 'MESSAGE',
      senders: [from],
      recipients: to,
      ...(email ? { subject: entry.seq === 0 ? row.subject : `Re: ${row.subject}` } : {}),
      status: { statusType: incoming ? 'RECEIVED' : 'SENT' },
      direction: incoming ? 'INCOMING' : 'OUTGOING',
      channelId: channels[row.channel],
      channelAccountId: this.channelAccountId(row),
    }
  }

  #name(entry: Entry): string {
    return entry.author.kind === 'staff' ? (this.store.spec.staff[entry.author.staff]?.name ?? '') : ''
  }

  #rich(index: number, entry: Entry): string {
    return entry.html.replace(/cid:[^"'\s>]+/g, () => {
      const place = entry.files.findIndex((file) => file.inline)
      return this.fileUrl(this.fileId(index, entry.seq, place), entry.files[place]?.name ?? '')
    })
  }

  #attachment(id: string, file: StoredFile): Record<string, unknown> {
    const usage = file.contentType.startsWith('image/') ? 'IMAGE' : 'OTHER'
    return {
      type: 'FILE',
      fileId: id,
      name: file.name,
      url: `https://${apiHost}/filemanager/api/v2/files/${id}`,
      fileUsageType: usage,
    }
  }
}
