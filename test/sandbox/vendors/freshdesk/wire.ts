import type { Entry, StoredFile } from '../../content/conversations.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { freshdeskSites } from './sites.ts'

/** Where files lie: pre-signed links of a content network, not of the site. */
export const storageHost = 'attachments.files-freshdesk.net'

const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
const priorities = { low: 1, normal: 2, high: 3, urgent: 4 } as const
const sources = { email: 1, web: 2, chat: 7 } as const
const longAgo = '2024-03-01T09:00:00Z'

/** Rows and entries of one site in Freshdesk's wire format. */
export class FreshdeskWire {
  readonly store: SiteStore
  readonly #base: number

  constructor(store: SiteStore) {
    this.store = store
    // Ids are larger than 32 bits can hold.
    this.#base = 43_000_000_000 + freshdeskSites.findIndex((site) => site.id === store.spec.id) * 100_000_000_000
  }

  agentId = (place: number) => this.#base + 8_001 + place
  agentPlace = (id: number) => id - this.#base - 8_001
  groupId = (place: number) => this.#base + 9_001 + place
  groupPlace = (id: number) => id - this.#base - 9_001
  productId = (place: number) => this.#base + 7_001 + place
  contactId = (number: number) => this.#base + 1_000_001 + number
  contactNumber = (id: number) => id - this.#base - 1_000_001
  entryId = (index: number, seq: number) => this.#base + 10_000_000_000 + index * 1000 + seq
  fileId = (index: number, seq: number, place: number) => this.#base * 10 + (index * 1000 + seq) * 10 + place
  filePlace = (id: number) => {
    const rest = id - this.#base * 10
    return { index: Math.floor(rest / 10_000), seq: Math.floor(rest / 10) % 1000, place: rest % 10 }
  }

  /** As in a list: without text, people and stats unless they were asked for. */
  ticket(index: number): Record<string, unknown> {
    const row = this.store.row(index)
    return {
      cc_emails: [],
      fwd_emails: [],
      reply_cc_emails: [],
      ticket_cc_emails: [],
      fr_escalated: false,
      spam: row.spam,
      ...(this.store.hidden.get(index) === 'deleted' ? { deleted: true } : {}),
      email_config_id: null,
      group_id: row.group === null ? null : this.groupId(row.group),
      priority: priorities[row.priority ?? 'low'],
      requester_id: this.contactId(row.customer),
      responder_id: row.assignee === null ? null : this.agentId(row.assignee),
      source: sources[row.channel],
      company_id: null,
      status: Number(row.status),
      subject: row.subject,
      association_type: null,
      support_email: row.channel === 'email' ? this.store.spec.supportEmail : null,
      to_emails: row.channel === 'email' ? [this.store.spec.supportEmail] : null,
      product_id: this.store.spec.brands.length > 1 ? this.productId(row.brand) : null,
      id: index + 1,
      type: row.index % 4 === 0 ? 'Question' : null,
      due_by: iso(row.createdAt + 3 * 86_400_000),
      fr_due_by: iso(row.createdAt + 86_400_000),
      is_escalated: false,
      custom_fields: { cf_reference_number: null },
      created_at: iso(row.createdAt),
      updated_at: iso(row.updatedAt),
      associated_tickets_count: null,
      tags: row.tags,
      sentiment_score: null,
      initial_sentiment_score: null,
      nr_due_by: null,
      nr_escalated: false,
    }
  }

  /** What `include=description` and the view of one ticket add. */
  text(index: number): Record<string, unknown> {
    const first = this.store.entries(index)[0]
    return { description: first ? this.#body(index, first) : '', description_text: first?.text ?? '' }
  }

  /** What `include=requester` adds. */
  requester(index: number): Record<string, unknown> {
    const { customer } = this.store.row(index)
    const { name, email, phone } = this.store.customer(customer)
    return { id: this.contactId(customer), name, email, mobile: null, phone }
  }

  /** What `include=stats` adds. */
  stats(index: number): Record<string, unknown> {
    const row = this.store.row(index)
    const replies = this.store.entries(index).filter((entry) => entry.kind === 'reply')
    const byAgents = replies.filter((entry) => entry.author.kind === 'staff')
    const byCustomer = replies.slice(1).filter((entry) => entry.author.kind === 'customer')
    const at = (entry: Entry | undefined) => (entry ? iso(entry.at) : null)
    const { kind } = this.store.status(row.status)
    return {
      agent_responded_at: at(byAgents.at(-1)),
      requester_responded_at: at(byCustomer.at(-1)),
      first_responded_at: at(byAgents[0]),
      status_updated_at: iso(row.updatedAt),
      reopened_at: null,
      resolved_at: ['solved', 'closed'].includes(kind) ? iso(row.updatedAt) : null,
      closed_at: kind === 'closed' ? iso(row.updatedAt) : null,
      pending_since: kind === 'pending' ? iso(row.updatedAt) : null,
    }
  }

  conversation(index: number, entry: Entry): Record<string, unknown> {
    const row = this.store.row(index)
    const { author } = entry
    const incoming = author.kind === 'customer'
    const note = entry.kind === 'note'
    const customer = this.store.customer(row.customer)
    const support = this.store.spec.supportEmail
    return {
      body: this.#body(index, entry),
      body_text: entry.text,
      id: this.entryId(index, entry.seq),
      incoming,
      private: note,
      user_id: author.kind === 'staff' ? this.agentId(author.staff) : this.contactId(row.customer),
      support_email: note ? null : support,
      source: note ? 2 : 0,
      category: incoming ? 1 : note ? 2 : 3,
      to_emails: note ? [] : incoming ? [support] : [customer.email],
      from_email: note
        ? null
        : incoming
          ? `"${customer.name}" <${customer.email}>`
          : `"${this.store.spec.name}" <${support}>`,
      cc_emails: [],
      bcc_emails: note ? null : [],
      email_failure_count: null,
      outgoing_failures: null,
      thread_id: null,
      thread_message_id: null,
      created_at: iso(entry.at),
      updated_at: iso(entry.at),
      last_edited_at: null,
      last_edited_user_id: null,
      attachments: this.attachments(index, entry),
      automation_id: null,
      automation_type_id: null,
      auto_response: false,
      ticket_id: index + 1,
      threading_type: null,
      delivery_details: { failed_emails: [], pending_emails: [] },
      source_additional_info: null,
    }
  }

  /** What POST reply answers: shorter than an entry of the list. */
  sent(index: number, entry: Entry): Record<string, unknown> {
    const { body, body_text, id, user_id, from_email, cc_emails, bcc_emails, ticket_id, attachments, created_at } =
      this.conversation(index, entry)
    const told = { body, body_text, id, user_id, from_email, cc_emails, bcc_emails, ticket_id, attachments }
    return { ...told, replied_to: [this.store.customer(this.store.row(index).customer).email], created_at }
  }

  attachments(index: number, entry: Entry): Record<string, unknown>[] {
    return entry.files.flatMap((file, place) =>
      file.inline ? [] : [this.#attachment(this.fileId(index, entry.seq, place), file, entry.at)],
    )
  }

  contact(number: number): Record<string, unknown> {
    const { name, first, last, email, phone, language } = this.store.customer(number)
    return {
      ...{ active: true, address: null, description: null, email, id: this.contactId(number), job_title: null },
      ...{ language, mobile: null, name, phone, time_zone: 'Berlin', twitter_id: null, custom_fields: {} },
      ...{ facebook_id: null, created_at: longAgo, updated_at: longAgo, csat_rating: null, preferred_source: null },
      ...{ company_id: null, unique_external_id: null, first_name: first, last_name: last, visitor_id: null },
      ...{ org_contact_id: null, other_phone_numbers: [] },
    }
  }

  agent(place: number): Record<string, unknown> {
    const person = this.store.spec.staff[place]
    if (!person) throw new Error(`no agent ${place}`)
    const { name, email, role } = person
    return {
      ...{ available: true, occasional: false, id: this.agentId(place), ticket_scope: 1 },
      ...{ created_at: longAgo, updated_at: longAgo, last_active_at: null, available_since: null },
      type: role === 'light' ? 'collaborator' : 'support_agent',
      contact: {
        ...{ active: true, email, job_title: role === 'admin' ? 'Head of Support' : null, language: 'en' },
        ...{ last_login_at: null, mobile: null, name, phone: null, time_zone: 'Berlin' },
        ...{ created_at: longAgo, updated_at: longAgo },
      },
      ...{ deactivated: false, signature: null, focus_mode: true },
    }
  }

  group(place: number): Record<string, unknown> {
    const group = this.store.spec.groups[place]
    if (!group) throw new Error(`no group ${place}`)
    return {
      ...{ id: this.groupId(place), name: group.name, description: null, business_hour_id: null, escalate_to: null },
      ...{ unassigned_for: null, auto_ticket_assign: false, created_at: longAgo, updated_at: longAgo },
    }
  }

  product(place: number): Record<string, unknown> {
    const name = this.store.spec.brands[place]
    const primary = this.store.spec.supportEmail
    return {
      id: this.productId(place),
      name,
      description: null,
      primary_email: primary,
      created_at: longAgo,
      updated_at: longAgo,
    }
  }

  #body(index: number, entry: Entry): string {
    const html = entry.html.replace(/cid:[^"'\s>]+/g, () => {
      const place = entry.files.findIndex((file) => file.inline)
      return `https://${this.store.spec.host}/inline/attachment?token=${this.fileId(index, entry.seq, place).toString(36)}`
    })
    return `<div>${html}</div>`
  }

  #attachment(id: number, file: StoredFile, at: number): Record<string, unknown> {
    const path = `/data/helpdesk/attachments/production/${id}/original/${encodeURIComponent(file.name)}`
    return {
      ...{ id, name: file.name, content_type: file.contentType, size: file.bytes.length },
      attachment_url: `https://${storageHost}${path}?Expires=86400&Signature=${id.toString(36)}`,
      ...{ created_at: iso(at), updated_at: iso(at) },
    }
  }
}
