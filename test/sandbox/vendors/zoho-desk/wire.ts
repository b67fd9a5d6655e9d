import type { Entry, StoredFile } from '../../content/conversations.ts'
import type { StatusKind } from '../../content/site.ts'
import { PortalPeople } from './people.ts'

/** Times are ISO 8601 UTC in whole seconds, written with milliseconds. */
export const iso = (ms: number) => new Date(seconds(ms)).toISOString()
export const seconds = (ms: number) => Math.floor(ms / 1000) * 1000

const types: Record<StatusKind, string> = {
  new: 'Open',
  open: 'Open',
  pending: 'On Hold',
  hold: 'On Hold',
  solved: 'Closed',
  closed: 'Closed',
}
export const statusType = (kind: StatusKind) => types[kind]

export const priorities = { low: 'Low', normal: 'Medium', high: 'High', urgent: 'Urgent' } as const
const channels = { email: 'Email', web: 'Web', chat: 'Chat' } as const
const threadChannels = { email: 'EMAIL', web: 'WEB', chat: 'ONLINE_CHAT' } as const

/** Rows and entries of one portal in Zoho Desk's wire format. Ids are texts of 19 digits, counters are texts. */
export class ZohoDeskWire extends PortalPeople {
  /** Number of a tag in the portal, for its id. */
  tag(name: string): Record<string, unknown> {
    return { id: this.id('tag', this.store.spec.tags.indexOf(name) + 1), name, ticketsCount: '1' }
  }

  webUrl(index: number): string {
    return `https://${this.store.spec.host}/support/${this.store.spec.id}/ShowHomePage.do#Cases/dv/${this.ticketId(index)}`
  }

  /** Entries that are threads, oldest first. */
  threadsOf = (index: number) => this.store.entries(index).filter((entry) => entry.kind === 'reply')
  notesOf = (index: number) => this.store.entries(index).filter((entry) => entry.kind === 'note')

  /** An entry of `GET /tickets`: no `modifiedTime`, no description. */
  listItem(index: number): Record<string, unknown> {
    const row = this.store.row(index)
    const status = this.store.status(row.status)
    const threads = this.threadsOf(index)
    const incoming = threads.findLast((entry) => entry.author.kind === 'customer')
    const last = threads.at(-1)
    const closed = statusType(status.kind) === 'Closed'
    return {
      id: this.ticketId(index),
      ticketNumber: String(101 + index),
      layoutId: this.id('department', 900),
      email: row.channel === 'chat' ? null : this.store.customer(row.customer).email,
      phone: null,
      subject: row.subject,
      status: status.label,
      statusType: statusType(status.kind),
      createdTime: iso(row.createdAt),
      category: null,
      language: null,
      subCategory: null,
      priority: row.priority === null ? null : priorities[row.priority],
      channel: channels[row.channel],
      dueDate: iso(row.createdAt + 3 * 86_400_000),
      responseDueDate: null,
      commentCount: String(this.notesOf(index).length),
      sentiment: null,
      threadCount: String(threads.length),
      closedTime: closed ? iso(row.updatedAt) : null,
      onholdTime: null,
      accountId: null,
      departmentId: this.departmentId(row.brand),
      contactId: this.contactId(row.customer),
      productId: null,
      assigneeId: row.assignee === null ? null : this.agentId(row.assignee),
      teamId: row.group === null ? null : this.teamId(row.group),
      relationshipType: 'None',
      lastThread: last
        ? { channel: threadChannels[row.channel], isDraft: false, isForward: false, direction: directionOf(last) }
        : null,
      customerResponseTime: incoming ? iso(incoming.at) : null,
      isArchived: false,
      source: { type: 'SYSTEM', appName: null, extId: null, permalink: null, appPhotoURL: null },
      channelCode: null,
      isSpam: row.spam,
      webUrl: this.webUrl(index),
    }
  }

  /** What `include=contacts,assignee` adds, and what searches have always. */
  included(index: number): Record<string, unknown> {
    const row = this.store.row(index)
    const who = this.store.customer(row.customer)
    const agent = row.assignee === null ? null : this.agent(row.assignee)
    return {
      contact: {
        id: this.contactId(row.customer),
        firstName: who.first,
        lastName: who.last,
        email: who.email,
        phone: who.phone,
        mobile: null,
        type: null,
        account: null,
      },
      assignee: agent
        ? { id: agent.id, firstName: agent.firstName, lastName: agent.lastName, email: agent.emailId, photoURL: null }
        : null,
    }
  }

  ticket(index: number): Record<string, unknown> {
    const { lastThread: _, relationshipType: __, ...item } = this.listItem(index)
    const row = this.store.row(index)
    const deleted = this.store.hidden.get(index) === 'deleted'
    return {
      ...item,
      modifiedTime: iso(row.updatedAt),
      description: this.store.entries(index)[0]?.html ?? null,
      resolution: null,
      classification: null,
      isTrashed: deleted,
      isDeleted: false,
      isOverDue: false,
      isResponseOverdue: false,
      isEscalated: row.status === 'Escalated',
      tagCount: String(row.tags.length),
      attachmentCount: '0',
      followerCount: '0',
      taskCount: '0',
      approvalCount: '0',
      timeEntryCount: '0',
      sharedDepartments: [],
      secondaryContacts: [],
      entitySkills: [],
      customFields: {},
      cf: {},
      modifiedBy: this.agentId(0),
      createdBy: this.agentId(0),
      layoutDetails: { id: this.id('department', 900), layoutName: this.store.spec.name },
    }
  }

  /** An entry of `GET /tickets/{id}/threads`: first words only. */
  threadItem(index: number, entry: Entry): Record<string, unknown> {
    const row = this.store.row(index)
    const who = this.store.customer(row.customer)
    const direction = directionOf(entry)
    const { supportEmail, name } = this.store.spec
    const support = `"${name}"<${supportEmail}>`
    const customer = `"${who.name.replaceAll('"', '')}"<${who.email}>`
    const mail = {
      fromEmailAddress: direction === 'in' ? customer : support,
      to: direction === 'in' ? supportEmail : who.email,
      cc: '',
      bcc: '',
      replyTo: null,
      isForward: false,
    }
    return {
      id: this.entryId(index, entry),
      channel: threadChannels[direction === 'out' ? 'email' : row.channel],
      direction,
      visibility: 'public',
      status: 'SUCCESS',
      summary: Array.from(entry.text.replace(/\s+/g, ' ')).slice(0, 100).join(''),
      contentType: 'text/html',
      author: this.author(entry),
      createdTime: iso(entry.at),
      hasAttach: entry.files.length > 0,
      attachmentCount: String(entry.files.length),
      canReply: true,
      isDescriptionThread: entry.seq === 0,
      respondedIn: null,
      responderId: entry.author.kind === 'staff' ? this.agentId(entry.author.staff) : null,
      sentiment: null,
      source: { type: 'SYSTEM', appName: null, extId: null, permalink: null, appPhotoURL: null },
      actions: [],
      ...(row.channel === 'email' || direction === 'out' ? mail : {}),
    }
  }

  thread(index: number, entry: Entry): Record<string, unknown> {
    return {
      ...this.threadItem(index, entry),
      content: entry.html,
      plainText: entry.text,
      isContentTruncated: false,
      fullContentURL: null,
      attachments: entry.files.map((file, place) => this.#attachment(index, entry, file, place)),
    }
  }

  #attachment(index: number, entry: Entry, file: StoredFile, place: number): Record<string, unknown> {
    const id = this.id('file', (index * 10_000 + entry.seq) * 10 + place)
    const path = `/api/v1/tickets/${this.ticketId(index)}/threads/${this.entryId(index, entry)}/attachments/${id}/content`
    return { id, name: file.name, size: String(file.bytes.length), href: `https://${this.store.spec.host}${path}` }
  }

  file(id: string): StoredFile | undefined {
    const number = this.number('file', id)
    if (number === undefined) return undefined
    const index = Math.floor(number / 100_000)
    const seq = Math.floor(number / 10) % 10_000
    return this.store.has(index) ? this.store.entries(index)[seq]?.files[number % 10] : undefined
  }

  comment(index: number, entry: Entry): Record<string, unknown> {
    const author = this.author(entry)
    return {
      id: this.entryId(index, entry),
      content: entry.html,
      contentType: 'html',
      isPublic: false,
      commenterId: author.id,
      commenter: { ...author, roleName: 'Support Agent' },
      commentedTime: iso(entry.at),
      modifiedTime: null,
      attachments: [],
    }
  }
}

const directionOf = (entry: Entry) => (entry.author.kind === 'customer' ? 'in' : 'out')
