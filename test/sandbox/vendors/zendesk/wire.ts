import type { Entry, Row, StoredFile } from '../../content/conversations.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { ZendeskIds } from './ids.ts'

export function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

const channels = { email: 'email', web: 'web', chat: 'chat' } as const

/** Rows and entries of one site in Zendesk's wire format. */
export class ZendeskWire {
  readonly store: SiteStore
  readonly ids: ZendeskIds
  readonly #origin: string

  constructor(store: SiteStore) {
    this.store = store
    this.ids = new ZendeskIds(store.spec)
    this.#origin = `https://${store.spec.host}`
  }

  /** As the plain list shows it: without the second copy of its custom fields that single tickets and exports have. */
  listed(index: number): Record<string, unknown> {
    const { fields: _, ...rest } = this.ticket(index)
    return rest
  }

  ticket(index: number): Record<string, unknown> {
    const row = this.store.row(index)
    const { ids } = this
    const status = this.store.status(row.status)
    const requester = ids.customer(row.customer)
    const description = this.store.entries(index)[0]?.text ?? ''
    return {
      url: `${this.#origin}/api/v2/tickets/${ids.ticket(index)}.json`,
      id: ids.ticket(index),
      external_id: null,
      via: this.#via(row),
      created_at: iso(row.createdAt),
      updated_at: iso(row.updatedAt),
      generated_timestamp: Math.floor(row.updatedAt / 1000),
      type: row.index % 5 === 0 ? 'incident' : row.index % 3 === 0 ? 'question' : null,
      subject: row.subject,
      raw_subject: row.subject,
      description,
      priority: row.priority,
      status: this.store.hidden.has(index) ? 'deleted' : status.kind,
      recipient: row.channel === 'email' ? this.store.spec.supportEmail : null,
      requester_id: requester,
      submitter_id: requester,
      assignee_id: row.assignee === null ? null : ids.staff(row.assignee),
      organization_id: null,
      group_id: row.group === null ? null : ids.group(row.group),
      collaborator_ids: [],
      follower_ids: [],
      email_cc_ids: [],
      forum_topic_id: null,
      problem_id: null,
      has_incidents: false,
      is_public: true,
      due_at: row.priority === 'urgent' ? iso(row.createdAt + 2 * 86_400_000) : null,
      tags: row.tags,
      custom_fields: [{ id: 46_406_130_043_793, value: null }],
      satisfaction_rating: { score: 'unoffered' },
      sharing_agreement_ids: [],
      custom_status_id: this.#customStatus(row),
      encoded_id: `MD${row.index.toString(36).toUpperCase()}-Q`,
      fields: [{ id: 46_406_130_043_793, value: null }],
      followup_ids: [],
      ticket_form_id: null,
      brand_id: ids.brand(row.brand),
      allow_channelback: false,
      allow_attachments: true,
      from_messaging_channel: false,
      support_type: 'agent',
    }
  }

  comment(index: number, entry: Entry, inlineToo: boolean): Record<string, unknown> {
    const row = this.store.row(index)
    const attachments = entry.files.map((file, place) =>
      this.attachment(this.ids.attachment(index, entry.seq, place), file),
    )
    const body = entry.html.replace(/cid:[^"'\s>]+/g, () => {
      const place = entry.files.findIndex((file) => file.inline)
      return String(attachments[place]?.content_url ?? '')
    })
    return {
      id: this.ids.comment(index, entry.seq),
      type: 'Comment',
      author_id: this.ids.author(entry),
      body: entry.text,
      html_body: `<div class="zd-comment" dir="auto">${body}</div>`,
      plain_body: entry.text,
      public: entry.kind === 'reply',
      attachments: attachments.filter((_, place) => inlineToo || !entry.files[place]?.inline),
      audit_id: this.ids.audit(index, entry.seq),
      via:
        entry.author.kind === 'customer' ? this.#via(row) : { channel: 'api', source: { from: {}, to: {}, rel: null } },
      created_at: iso(entry.at),
      metadata: { system: {}, custom: {} },
    }
  }

  audit(index: number, entry: Entry): Record<string, unknown> {
    const id = this.ids.comment(index, entry.seq)
    const event = entry.change
      ? {
          id,
          type: 'Change',
          field_name: entry.change.field === 'assignee' ? 'assignee_id' : 'status',
          value: entry.change.to,
          previous_value: entry.change.from,
        }
      : {
          id,
          type: 'Comment',
          body: entry.text,
          html_body: entry.html,
          plain_body: entry.text,
          public: entry.kind === 'reply',
        }
    return {
      id: this.ids.audit(index, entry.seq),
      ticket_id: this.ids.ticket(index),
      author_id: this.ids.author(entry),
      created_at: iso(entry.at),
      via: { channel: entry.author.kind === 'customer' ? 'email' : 'api', source: { from: {}, to: {}, rel: null } },
      metadata: { system: {}, custom: {} },
      events: [event],
    }
  }

  attachment(id: number, file: StoredFile): Record<string, unknown> {
    const url = `${this.#origin}/attachments/token/${Buffer.from(String(id)).toString('base64url')}/?name=${encodeURIComponent(file.name)}`
    return {
      url: `${this.#origin}/api/v2/attachments/${id}.json`,
      id,
      file_name: file.name,
      content_url: url,
      mapped_content_url: url,
      content_type: file.contentType,
      size: file.bytes.length,
      width: file.width ?? null,
      height: file.height ?? null,
      inline: file.inline,
      deleted: false,
      malware_access_override: false,
      malware_scan_result: 'malware_not_found',
      thumbnails: [],
    }
  }

  staff(place: number): Record<string, unknown> {
    const person = this.store.spec.staff[place]
    if (!person) throw new Error(`no staff ${place}`)
    const light = person.role === 'light'
    const group = this.store.spec.groups.findIndex((known) => known.members.includes(place))
    return {
      ...this.#user(this.ids.staff(place), person.name, person.email, null),
      role: person.role === 'admin' ? 'admin' : 'agent',
      role_type: person.role === 'admin' ? 4 : light ? 1 : 0,
      verified: true,
      ticket_restriction: light ? 'groups' : null,
      only_private_comments: light,
      restricted_agent: light,
      moderator: !light,
      default_group_id: group < 0 ? null : this.ids.group(group),
      last_login_at: '2026-01-05T08:00:00Z',
    }
  }

  customer(number: number): Record<string, unknown> {
    const person = this.store.customer(number)
    return {
      ...this.#user(this.ids.customer(number), person.name, person.email, person.phone),
      role: 'end-user',
      role_type: null,
      verified: false,
      ticket_restriction: 'requested',
      only_private_comments: false,
      restricted_agent: true,
      moderator: false,
      default_group_id: null,
      last_login_at: null,
    }
  }

  /** Any user by id; undefined when there is none. */
  user(id: number): Record<string, unknown> | undefined {
    const place = this.ids.staffPlace(id)
    if (place >= 0 && place < this.store.spec.staff.length) return this.staff(place)
    const number = this.ids.customerNumber(id)
    return Number.isInteger(number) && number >= 0 && number < this.store.customers ? this.customer(number) : undefined
  }

  group(place: number): Record<string, unknown> {
    const group = this.store.spec.groups[place]
    const id = this.ids.group(place)
    return {
      url: `${this.#origin}/api/v2/groups/${id}.json`,
      id,
      is_public: true,
      name: group?.name ?? '',
      description: '',
      default: place === 0,
      deleted: false,
      created_at: '2024-03-01T09:00:00Z',
      updated_at: '2024-03-01T09:00:00Z',
    }
  }

  customStatuses(): Record<string, unknown>[] {
    const seen = new Set<string>()
    return this.store.spec.statuses
      .filter((status) => status.kind !== 'closed')
      .map((status) => {
        const first = !seen.has(status.kind)
        seen.add(status.kind)
        return {
          id: Number(status.id),
          status_category: status.kind,
          agent_label: status.label,
          end_user_label: status.label,
          description: '',
          end_user_description: '',
          active: true,
          default: first,
          created_at: '2024-03-01T09:00:00Z',
          updated_at: '2024-03-01T09:00:00Z',
        }
      })
  }

  #customStatus(row: Row): number {
    const status = this.store.status(row.status)
    return Number((status.kind === 'closed' ? this.store.firstStatus('solved') : status)?.id ?? status.id)
  }

  #via(row: Row): Record<string, unknown> {
    const from = row.channel === 'email' ? this.store.customer(row.customer) : undefined
    return {
      channel: channels[row.channel],
      source: {
        from: from ? { address: from.email, name: from.name } : {},
        to: from ? { address: this.store.spec.supportEmail, name: this.store.spec.name } : {},
        rel: null,
      },
    }
  }

  #user(id: number, name: string, email: string, phone: string | null): Record<string, unknown> {
    return {
      id,
      url: `${this.#origin}/api/v2/users/${id}.json`,
      name,
      email,
      created_at: '2024-03-01T09:00:00Z',
      updated_at: '2025-11-20T10:00:00Z',
      time_zone: 'Europe/Berlin',
      iana_time_zone: 'Europe/Berlin',
      phone,
      shared_phone_number: phone ? false : null,
      photo: null,
      locale_id: 1,
      locale: 'en-US',
      organization_id: null,
      external_id: null,
      tags: [],
      alias: null,
      active: true,
      shared: false,
      shared_agent: false,
      two_factor_auth_enabled: null,
      signature: null,
      details: null,
      notes: null,
      custom_role_id: null,
      is_billing_admin: null,
      suspended: false,
      report_csv: false,
      user_fields: {},
      suspension_details: null,
    }
  }
}
